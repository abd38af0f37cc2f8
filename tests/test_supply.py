"""What the program is made of: the bounds of its dependencies, those that are locked, and those that nobody declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OF_THE_PACKAGE = [Requirement(text) for text in PROJECT["dependencies"]]
OF_DEVELOPMENT = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]
LOCK = (ROOT / "requirements-dev.txt").read_text("utf-8")
ENTRY = re.compile(
    r"^(?P<pin>[a-z0-9.-]+==[^ ;]+)(?P<marker> ; [^\\\n]+)? \\\n(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def pinned(lines: Iterator[str]) -> dict[str, Version]:
    """The versions of `name==version`, by name."""
    pairs = (line.split("==") for line in lines)
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def test_the_lowest_versions_are_those_that_the_package_promises() -> None:
    """With which `make lowest` runs."""
    written = (ROOT / "tests/lowest.txt").read_text("utf-8").splitlines()
    bounds = {
        canonicalize_name(one.name): Version(specifier.version)
        for one in OF_THE_PACKAGE
        for specifier in one.specifier
        if specifier.operator == ">="
    }

    assert pinned(line for line in written if not line.startswith("#")) == bounds
    assert len(bounds) == len(OF_THE_PACKAGE)


def test_the_lock_has_what_the_project_asks_for() -> None:
    """`make lock` writes it anew."""
    locked = pinned(found["pin"] for found in ENTRY.finditer(LOCK))

    assert [
        str(one)
        for one in (*OF_THE_PACKAGE, *OF_DEVELOPMENT)
        if (version := locked.get(canonicalize_name(one.name))) is None or version not in one.specifier
    ] == []


def test_the_lock_names_versions_and_hashes_and_nothing_else() -> None:
    """No index, no folder, no option: where packages come from is for who installs them to say."""
    rest = ENTRY.sub("", LOCK)

    assert [line for line in rest.splitlines() if not re.fullmatch(r" *#.*", line)] == []
    assert "://" not in LOCK


def imported(path: Path) -> Iterator[str]:
    """The packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


OF_ALL = [
    *OF_THE_PACKAGE,
    *(Requirement(text) for texts in PROJECT["optional-dependencies"].values() for text in texts),
]
PLACES = [("xbackup_lint", OF_THE_PACKAGE), ("tests", OF_ALL), ("tools", OF_ALL)]
ASKED_FOR = {"atheris"}
"""What is used where somebody has it, and is built for few systems (docs/reliability.md)."""


@pytest.mark.parametrize(("folder", "declared"), PLACES, ids=[folder for folder, _ in PLACES])
def test_what_is_imported_is_declared(folder: str, declared: list[Requirement]) -> None:
    """And does not come with another package, for as long as that wants it. What is not installed is not needed here."""
    names = {canonicalize_name(one.name) for one in declared}
    installed = packages_distributions()
    modules = {
        name
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        for name in imported(path)
    }
    others = modules - sys.stdlib_module_names - {"bench", "tests", "tools", "xbackup_lint"} - ASKED_FOR

    assert {
        module
        for module in others & installed.keys()
        if not names & {canonicalize_name(one) for one in installed[module]}
    } == set()
