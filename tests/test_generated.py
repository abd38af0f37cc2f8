"""What documents show is what the tool prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.runs import run
from tools.generate import ROOT, with_runs

FOLDER = "examples/own-rules"


def shown(what: str) -> str:
    """A document of one block, made anew; between its marks."""
    text = with_runs(f"Before.\n\n<!-- {what} -->\nstale\n<!-- end -->\n\nAfter.\n")
    match = re.fullmatch(r"Before\.\n\n<!-- [^\n]* -->\n(.*)<!-- end -->\n\nAfter\.\n", text, re.DOTALL)
    assert match
    return match[1]


def test_a_run() -> None:
    assert shown("run: xbackup-lint --version") == (
        f"```text\n$ xbackup-lint --version\n{run('--version').out}```\n"
    )


def test_a_run_in_a_copy_of_a_folder() -> None:
    """What commands write is there for those behind them, and nowhere else."""
    before = sorted(path for path in (ROOT / FOLDER).rglob("*"))

    text = shown(
        f"run in {FOLDER}: xbackup-lint new-rule ours/one && xbackup-lint new-rule --check lint/ours/one.yaml"
    )

    assert "$ xbackup-lint new-rule ours/one\nwrote lint/ours/one.yaml\n" in text
    assert "\n\n$ xbackup-lint new-rule --check lint/ours/one.yaml\nxbackup-lint: broken rule: " in text
    assert sorted(path for path in (ROOT / FOLDER).rglob("*")) == before


def test_a_file() -> None:
    path = f"{FOLDER}/.xbackup-lint.yaml"

    assert shown(f"file: {path}") == f"```yaml\n{(ROOT / path).read_text()}```\n"


def test_only_the_tool_is_run() -> None:
    with pytest.raises(SystemExit, match="only runs of xbackup-lint"):
        shown("run: rm -r x")


def test_the_example_of_rules_of_ones_own_holds() -> None:
    ran = run("new-rule", "--check", "lint", cwd=ROOT / FOLDER)

    assert (ran.status, ran.err) == (0, "")


def test_the_document_about_rules_names_every_key_of_an_example() -> None:
    from xbackup_lint.engine.examples import KEYS as EXAMPLE_KEYS
    from xbackup_lint.engine.prose import KEYS

    document = Path(ROOT / "docs/writing-rules.md").read_text("utf-8")

    assert [key for key in (*KEYS, *EXAMPLE_KEYS) if f"`{key}`" not in document and key != "id"] == []
