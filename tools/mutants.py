"""Puts small faults into the code, one at a time, and tells which of them no test notices. By hand: it takes long."""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

from tools.mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "mutants.md"
DEFAULT = ["xbackup_lint/policy", "xbackup_lint/model/retention.py", "xbackup_lint/checks/lifecycles.py"]
_ROW = re.compile(
    r"^\| `(?P<path>\S+)` (?P<function>\S+) \| `` (?P<before>.*?) `` \| `` (?P<after>.*?) `` \|", re.MULTILINE
)
EXAMPLES = "tests/test_rules.py"
DRAWN = "hypothesis.internal.conjecture.engine.ConjectureRunner.test_function"
"""What coverage takes for the test where hypothesis calls one."""
_LONGEST = 60
"""Seconds until a run of tests is taken not to end, which is noticed."""


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Loads one module from a text in place of its file."""

    def __init__(self, mutation: Mutation) -> None:
        self.mutation = mutation
        self.module = mutation.path.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        # The place of the file is kept: modules find their data beside it.
        return importlib.util.spec_from_file_location(fullname, ROOT / self.mutation.path, loader=self)

    def get_source(self, _fullname: str) -> str:
        return self.mutation.source


def noticed(mutation: Mutation, tests: Sequence[str]) -> bool:
    """Whether tests fail with a fault, in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.alarm(_LONGEST)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, _Mutated(mutation))
        os._exit(_run(tests))
    _, status = os.waitpid(child, 0)
    return status != 0


def _run(tests: Sequence[str]) -> int:
    import hypothesis
    import pytest

    # Always the same inputs, and few of them: what they do not find is looked at by a person.
    hypothesis.settings.register_profile(
        "mutants", max_examples=20, derandomize=True, database=None, deadline=None
    )
    hypothesis.settings.load_profile("mutants")
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))


class Reach:
    """Which tests run which lines: those of a package's own tests by function, those of the rules' examples all."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Runs them all once, without any fault. Raises SystemExit where one fails."""
        self.by_line: dict[str, dict[int, list[str]]] = {}
        self.tests = {
            path: functions_in(path) for path in sorted({file for path in paths for file in own_tests(path)})
        }
        with tempfile.TemporaryDirectory() as scratch:
            data, settings = Path(scratch) / "data", Path(scratch) / "settings"
            settings.write_text(f"[run]\ndynamic_context = test_function\ndata_file = {data}\n")
            command = ["coverage", "run", f"--rcfile={settings}", "--source=xbackup_lint"]
            command += ["-m", "tools.mutants", "--tests", *self.tests, EXAMPLES]
            ran = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False, capture_output=True)
            if ran.returncode:
                raise SystemExit(f"without any fault tests fail:\n{ran.stdout.decode()}")
            self._read(data)

    def _read(self, data: Path) -> None:
        from coverage import CoverageData

        told = CoverageData(str(data))
        told.read()
        for name in told.measured_files():
            path = Path(name).relative_to(ROOT).as_posix()
            self.by_line[path] = told.contexts_by_lineno(name)

    def stages(self, fault: Mutation) -> list[list[str]]:
        """The tests that reach a fault, the quick ones first."""
        reaching = set(self.by_line.get(fault.path, {}).get(fault.line, ()))
        single, drawn = [], []
        for path, tests in self.tests.items():
            for test, is_drawn in tests.items():
                if is_drawn and DRAWN in reaching:
                    drawn.append(f"{path}::{test}")
                elif f"{Path(path).stem}.{test}" in reaching:
                    single.append(f"{path}::{test}")
        return [stage for stage in (single, drawn, [EXAMPLES]) if stage]


def functions_in(path: str) -> dict[str, bool]:
    """The tests of a file, and whether hypothesis draws their examples: coverage cannot tell these apart."""
    return {
        node.name: any("given" in ast.unparse(decorator) for decorator in node.decorator_list)
        for node in ast.parse((ROOT / path).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    }


def own_tests(path: str) -> list[str]:
    """The tests that import from the package of a module."""
    package = re.escape(".".join(path.split("/")[:2]))
    imports = re.compile(rf"^from {package}\b", re.MULTILINE)
    files = sorted((ROOT / "tests").glob("test_*.py"))
    found = [file for file in files if imports.search(file.read_text("utf-8"))]
    return [name for file in found if (name := file.relative_to(ROOT).as_posix()) != EXAMPLES]


def all_mutations(paths: Iterable[str]) -> list[Mutation]:
    """The faults of modules and of all modules of folders, in their order."""
    files = [
        file
        for path in paths
        for file in (sorted((ROOT / path).glob("*.py")) if (ROOT / path).is_dir() else [ROOT / path])
    ]
    return [
        mutation
        for file in files
        for mutation in mutations(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
    ]


def justified(text: str) -> set[tuple[str, str, str, str]]:
    """The keys of the faults that docs/mutants.md says why no test notices."""
    return {(m["path"], m["function"], m["before"], m["after"]) for m in _ROW.finditer(text)}


def row(mutation: Mutation) -> str:
    """A fault as a line of the table in docs/mutants.md, its reason still to be written."""
    return (
        f"| `{mutation.path}` {mutation.function} | `` {mutation.before} `` | `` {mutation.after} `` | TODO |"
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m tools.mutants", description=__doc__)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="modules and folders (default: policy, retention)"
    )
    parser.add_argument(
        "--minutes", type=float, default=15, help="begin nothing after this long (default: 15)"
    )
    parser.add_argument("--seed", type=int, default=1, help="which sample is taken first (default: 1)")
    parser.add_argument("--tests", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.tests:
        return _run(asked.paths)
    # Here, so that each child need not: it only imports the tests and what they test.
    import hypothesis  # noqa: F401
    import pytest  # noqa: F401

    faults = all_mutations(asked.paths or DEFAULT)
    # In an order that depends on the seed alone, so that whatever time there is looks at a fair sample.
    random.Random(asked.seed).shuffle(faults)
    known = justified(LIST.read_text("utf-8")) if LIST.exists() else set()
    reach = Reach({fault.path for fault in faults})
    end = time.monotonic() + asked.minutes * 60
    survivors: list[Mutation] = []
    looked_at = 0
    for fault in faults:
        if time.monotonic() > end:
            break
        looked_at += 1
        if not any(noticed(fault, stage) for stage in reach.stages(fault)):
            survivors.append(fault)
            if fault.key not in known:
                print(row(fault), f"<!-- line {fault.line} -->", flush=True)
    new = sum(fault.key not in known for fault in survivors)
    print(
        f"{looked_at} of {len(faults)} faults tried: {looked_at - len(survivors)} noticed, "
        f"{len(survivors) - new} justified in docs/mutants.md, {new} not"
    )
    return 1 if new else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
