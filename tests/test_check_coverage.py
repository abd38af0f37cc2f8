"""The examples in the rule files take every branch of the checks: what no example needs is not written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUN = "from tests.rule_examples import RULES, examples_of, run\nfor rule in RULES:\n    for example in examples_of(rule): run(example, [rule])"


def test_examples_take_every_branch_of_the_checks(tmp_path: Path) -> None:
    environment = os.environ | {"COVERAGE_FILE": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}

    def coverage(*arguments: str) -> None:
        command = [sys.executable, "-m", "coverage", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    (tmp_path / "examples.py").write_text(RUN)
    coverage("run", "--branch", "--source=xbackup_lint.checks", str(tmp_path / "examples.py"))
    coverage("json", "-o", str(tmp_path / "report.json"))

    files = json.loads((tmp_path / "report.json").read_text())["files"]
    missing = {name: found["missing_lines"] + found["missing_branches"] for name, found in files.items()}
    assert len(files) >= 8
    assert {name: lines for name, lines in missing.items() if lines} == {}
