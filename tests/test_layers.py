"""The order of the layers, and the other laws on how code may lie and how long it may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "xbackup_lint"

LAYERS = (
    "text",
    "values",
    "template",
    "policy",
    "model",
    "config",
    "sources",
    "checks",
    "engine",
    "report",
)
"""Each imports only from itself and from those before it."""

UNDER_ALL = ("cached", "dataclass", "regex")
"""Stand for parts of the standard library, and import nothing."""

ON_TOP = (
    "notices",
    "output",
    "parsers",
    "progress",
    "terminal",
    "arguments",
    "discover",
    "explain",
    "init",
    "new_rule",
    "vocabulary",
    "cli",
    "__main__",
)
"""Modules that may import everything, and that no layer may import."""

ALL_THAT_REPORTS_SEE = f"{PACKAGE}.engine.result"
LAZY = {"cfn_flip", "jsonschema", "policyuniverse", "rich"}
LEFTOVERS = {"base", "common", "helper", "helpers", "util", "utils"}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 60


def violations(path: str, source: str) -> list[str]:
    """What is wrong with one module. `path` is relative to the root, as in `xbackup_lint/policy/arn.py`."""
    tree = ast.parse(source)
    return [*_names(path), *_lengths(source, tree), *_lazy_ones(tree), *_directions(path, tree)]


def _names(path: str) -> Iterator[str]:
    for part in Path(path).with_suffix("").parts:
        if part.strip("_").lower() in LEFTOVERS:
            yield f"`{part}` is a name for leftovers"


def _lengths(source: str, tree: ast.Module) -> Iterator[str]:
    lines = len(source.splitlines())
    if lines > LONGEST_MODULE:
        yield f"module of {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"function `{node.name}` of {length} lines"


def _lazy_ones(tree: ast.Module) -> Iterator[str]:
    for node in _run_at_import(tree):
        for target in _targets(node):
            if target.split(".")[0] in LAZY:
                yield f"imports {target} when it is itself imported"


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those inside functions, and those that only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for otherwise in child.orelse:
                yield otherwise
                yield from _run_at_import(otherwise)
            continue
        yield child
        yield from _run_at_import(child)


def _targets(node: ast.AST) -> Iterator[str]:
    """The dotted names that an import binds or reads: `from a.b import c` gives `a.b.c`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _directions(path: str, tree: ast.Module) -> Iterator[str]:
    layer = Path(path).with_suffix("").parts[1]
    known = (*UNDER_ALL, *LAYERS, *ON_TOP, "__init__")
    if layer not in known:
        yield f"`{layer}` is no layer"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"relative import on line {node.lineno}"
        for target in _targets(node):
            if target.split(".")[0] == PACKAGE and not _may_import(layer, target):
                yield f"{layer} imports {target}"


def _may_import(layer: str, target: str) -> bool:
    if layer in ON_TOP or target == f"{PACKAGE}.__version__":
        return True
    part = target.split(".")[1] if "." in target else ""
    if part in UNDER_ALL:
        return True
    if layer not in LAYERS or part not in LAYERS:
        return False
    if layer == "report":
        return part == "report" or f"{target}.".startswith(f"{ALL_THAT_REPORTS_SEE}.")
    return LAYERS.index(part) <= LAYERS.index(layer)


MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / PACKAGE).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES)
def test_module_keeps_the_laws(path: str) -> None:
    assert violations(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_every_layer_is_there() -> None:
    assert {Path(path).parts[1] for path in MODULES} >= set(LAYERS)


# The checker itself


@pytest.mark.parametrize(
    ("path", "source"),
    [
        # to its left
        ("policy/arn.py", "from xbackup_lint.text.source import Span"),
        ("values/text.py", "from xbackup_lint.text import node, source"),
        ("engine/run.py", "import xbackup_lint.checks.copy"),
        # inside itself
        ("policy/decide.py", "from xbackup_lint.policy.arn import Arn"),
        ("report/json_report.py", "from xbackup_lint.report.wording import plural"),
        # the door between program and reports
        ("report/text.py", "from xbackup_lint.engine.result import Finding, Result"),
        ("report/text.py", "import xbackup_lint.engine.result"),
        ("report/text.py", "from xbackup_lint.engine import result"),
        # on top
        (
            "cli.py",
            "from xbackup_lint.report.text import render\nfrom xbackup_lint.text.source import Source",
        ),
        ("discover.py", "from xbackup_lint.engine.run import run"),
        ("__main__.py", "from xbackup_lint.cli import main"),
        # the version belongs to nobody
        ("report/sarif.py", "from xbackup_lint import __version__"),
        # others' modules
        ("text/source.py", "import re\nfrom yaml import CParser"),
        ("policy/arn.py", "import text.source, report"),
        # lazily
        ("report/text.py", "def render():\n    from rich.console import Console"),
        ("config/schema.py", "class Schema:\n    def check(self):\n        import jsonschema"),
        (
            "report/text.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from rich.console import Console",
        ),
        ("report/text.py", "import typing\nif typing.TYPE_CHECKING:\n    from rich.console import Console"),
        # names that only hold such a word
        ("model/baseline.py", ""),
        ("engine/base_of_comparison.py", ""),
        # just short enough
        ("policy/arn.py", "x = 1\n" * 300),
        ("policy/arn.py", "def long():\n" + "    x = 1\n" * 59),
    ],
)
def test_allowed(path: str, source: str) -> None:
    assert violations(f"{PACKAGE}/{path}", source) == []


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        # to its right
        (
            "text/source.py",
            "from xbackup_lint.values.text import Text",
            "text imports xbackup_lint.values.text.Text",
        ),
        (
            "policy/arn.py",
            "from xbackup_lint.model import vault",
            "policy imports xbackup_lint.model.vault",
        ),
        ("checks/copy.py", "import xbackup_lint.engine.run", "checks imports xbackup_lint.engine.run"),
        # wherever the import stands
        (
            "values/text.py",
            "def f():\n    from xbackup_lint.policy.arn import Arn",
            "values imports xbackup_lint.policy.arn.Arn",
        ),
        (
            "values/text.py",
            "if TYPE_CHECKING:\n    from xbackup_lint.policy.arn import Arn",
            "values imports xbackup_lint.policy.arn.Arn",
        ),
        ("text/source.py", "from xbackup_lint import report", "text imports xbackup_lint.report"),
        ("text/source.py", "import xbackup_lint", "text imports xbackup_lint"),
        ("text/source.py", "from xbackup_lint import *", "text imports xbackup_lint.*"),
        # nobody below looks up
        (
            "engine/run.py",
            "from xbackup_lint.report.text import render",
            "engine imports xbackup_lint.report.text.render",
        ),
        ("engine/run.py", "from xbackup_lint import cli", "engine imports xbackup_lint.cli"),
        (
            "sources/cdk.py",
            "from xbackup_lint.discover import walk",
            "sources imports xbackup_lint.discover.walk",
        ),
        ("__init__.py", "from xbackup_lint.cli import main", "__init__ imports xbackup_lint.cli.main"),
        # reports see results, and nothing else
        (
            "report/text.py",
            "from xbackup_lint.model.vault import Vault",
            "report imports xbackup_lint.model.vault.Vault",
        ),
        (
            "report/text.py",
            "from xbackup_lint.engine.run import run",
            "report imports xbackup_lint.engine.run.run",
        ),
        ("report/text.py", "from xbackup_lint.engine import run", "report imports xbackup_lint.engine.run"),
        ("report/text.py", "import xbackup_lint.engine", "report imports xbackup_lint.engine"),
        (
            "report/text.py",
            "import xbackup_lint.engine.results",
            "report imports xbackup_lint.engine.results",
        ),
        ("report/text.py", "import xbackup_lint.text.source", "report imports xbackup_lint.text.source"),
        ("policy/arn.py", "from . import principal", "relative import on line 1"),
        ("policy/arn.py", "x = 1\nfrom ..text.source import Span", "relative import on line 2"),
        # a layer that the order does not know
        ("plugins/one.py", "", "`plugins` is no layer"),
        ("helpful.py", "", "`helpful` is no layer"),
        # leftovers
        ("policy/utils.py", "", "`utils` is a name for leftovers"),
        ("policy/_helpers.py", "", "`_helpers` is a name for leftovers"),
        ("model/common/__init__.py", "", "`common` is a name for leftovers"),
        # slow to import
        ("report/text.py", "import rich", "imports rich when it is itself imported"),
        (
            "cli.py",
            "from rich.console import Console",
            "imports rich.console.Console when it is itself imported",
        ),
        ("config/schema.py", "import json, jsonschema", "imports jsonschema when it is itself imported"),
        (
            "policy/statement.py",
            "try:\n    import policyuniverse\nexcept ImportError:\n    pass",
            "imports policyuniverse when it is itself imported",
        ),
        ("text/a.py", "class A:\n    import cfn_flip", "imports cfn_flip when it is itself imported"),
        (
            "text/a.py",
            "if TYPE_CHECKING:\n    pass\nelse:\n    import cfn_flip",
            "imports cfn_flip when it is itself imported",
        ),
        # too long
        ("policy/arn.py", "x = 1\n" * 301, "module of 301 lines"),
        ("policy/arn.py", "def long():\n" + "    x = 1\n" * 60, "function `long` of 61 lines"),
        (
            "policy/arn.py",
            "class A:\n    async def long(self):\n" + "        x = 1\n" * 60,
            "function `long` of 61 lines",
        ),
    ],
)
def test_forbidden(path: str, source: str, message: str) -> None:
    assert violations(f"{PACKAGE}/{path}", source) == [message]
