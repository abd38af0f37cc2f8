"""The faults that `make mutants` puts into the code."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from coverage import CoverageData

from tools.mutants import DRAWN, ROOT, functions_in, justified, own_tests, row
from tools.mutations import mutations

FAULTS = [
    ("a == b", ["a != b"]),
    ("a != b", ["a == b"]),
    ("a < b <= c", ["a <= b <= c", "a < b < c"]),
    ("a > b", ["a >= b"]),
    ("a in b", ["a not in b"]),
    ("a not in b", ["a in b"]),
    ("a is None", ["a is not None"]),
    ("a and b and c", ["a and b or c", "a or b and c"]),
    ("a or b", ["a and b"]),
    ("not a", ["a"]),
    ("~a", ["a"]),
    ("a + b", ["a - b"]),
    ("a & b", ["a | b"]),
    ("a * b", []),
    ("7", ["8"]),
    ("True", ["False"]),
    ('"text"', ['"text~"']),
    ("YES", ["NO"]),
    ("UNKNOWN", ["NO"]),
    ("any(a)", ["all(a)"]),
    ("Verdict.any(a)", ["Verdict.all(a)"]),
    ("a.startswith(b)", ["a.endswith(b)"]),
    ("b if a else c", ["b if not a else c"]),
    ("b if f(a) else c", ["b if not f(a) else c"]),
    ("b if a == c else d", ["b if a != c else d"]),
    # characters of several bytes before it
    ('f("…", a == b)', ['f("…", a != b)', 'f("…~", a == b)']),
]


@pytest.mark.parametrize(("expression", "faults"), FAULTS)
def test_faults_of_an_expression(expression: str, faults: list[str]) -> None:
    source = f"def function():\n    return {expression}\n"

    found = mutations("m.py", source)

    assert sorted(mutation.after for mutation in found) == sorted(f"return {fault}" for fault in faults)
    assert {(mutation.function, mutation.line) for mutation in found} <= {("function", 2)}


LEFT_ALONE = [
    "LIMIT = 7\n",
    "def f():\n    'Documented.'\n",
    "def f(a: 'str' = None) -> 'int': ...\n",
    "def f():\n    raise ValueError('a' + 'b')\n",
    "class A:\n    x: int = 7\n",
]


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_data_words_and_types_are_left_alone(source: str) -> None:
    assert mutations("m.py", source) == []


def test_methods_loops_and_several_lines() -> None:
    source = "class A:\n    def f(self):\n        for x in y:\n            if x:\n                continue\n"

    assert [(m.function, m.line, m.before, m.after) for m in mutations("m.py", source)] == [
        ("A.f", 4, "if x:", "if not x:"),
        ("A.f", 5, "continue", "break"),
    ]


def test_a_fault_changes_one_line_and_is_a_module() -> None:
    path = "xbackup_lint/policy/decide.py"
    source = (ROOT / path).read_text("utf-8")

    for mutation in mutations(path, source):
        ast.parse(mutation.source)
        old, new = source.splitlines(), mutation.source.splitlines()
        changed = [
            number for number, (one, other) in enumerate(zip(old, new, strict=True), 1) if one != other
        ]
        assert changed == [mutation.line]


def test_a_fault_is_known_by_its_row_in_the_document() -> None:
    fault, *others = mutations("m.py", "def f(a):\n    return a == 1 and a != `|`\n".replace("`|`", '"|"'))

    text = f"# Mutants\n\n{row(fault).replace('TODO', 'equivalent: a reason')}\n"

    assert fault.key in justified(text)
    assert not {other.key for other in others} & justified(text)


def test_the_document_knows_only_faults_that_there_are() -> None:
    """A reason for code that is gone goes too."""
    text = (ROOT / "docs" / "mutants.md").read_text("utf-8")
    known = justified(text)
    paths = {path for path, *_ in known}
    there = {m.key for path in paths for m in mutations(path, (ROOT / path).read_text("utf-8"))}

    assert known <= there
    assert "TODO" not in text


def test_the_tests_of_a_package_are_those_that_import_from_it() -> None:
    assert "tests/test_decide.py" in own_tests("xbackup_lint/policy/decide.py")
    assert "tests/test_cli.py" not in own_tests("xbackup_lint/policy/decide.py")
    assert "tests/test_rules.py" not in own_tests("xbackup_lint/engine/rule.py")


def test_tests_whose_examples_are_drawn_are_known() -> None:
    found = functions_in("tests/test_arn.py")

    assert found["test_is_arn"] is False
    assert True in found.values()


def test_coverage_tells_of_drawn_tests_by_the_name_that_is_expected(tmp_path: Path) -> None:
    """A name inside hypothesis, which may change: the faults that such tests notice would be lost."""
    settings = tmp_path / "settings"
    settings.write_text(f"[run]\ndynamic_context = test_function\ndata_file = {tmp_path / 'data'}\n")
    (tmp_path / "test_drawn.py").write_text(
        "from hypothesis import given, strategies as st\n"
        "@given(st.integers())\ndef test_drawn(n: int) -> None:\n    assert n == n\n"
    )
    command = ["coverage", "run", f"--rcfile={settings}", f"--source={tmp_path}", "-m", "pytest", "-q"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path / "test_drawn.py")]
    subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, check=True, capture_output=True)

    told = CoverageData(str(tmp_path / "data"))
    told.read()

    assert DRAWN in told.contexts_by_lineno(str(tmp_path / "test_drawn.py"))[4]
