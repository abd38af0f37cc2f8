"""How much work a run is: counted, not timed, so that a change which makes runs dearer fails on every machine alike.

`make bench` tells what it comes to in seconds (docs/performance.md).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.growing import GROWTHS, Growth
from bench.irrelevant import write_irrelevant
from bench.pairs import write_pairs
from tests.runs import run
from tests.test_decision_work import calls
from xbackup_lint.model import requirements
from xbackup_lint.sources import files
from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.text import json_reader, yaml_reader

ROOT = Path(__file__).parent.parent

SEEN = """
import sys
from xbackup_lint.cli import main
main(["."])
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
"""

NOT_NEEDED = {
    "cfn_flip": "only where a policy is written out for somebody",
    "dataclasses": "with `inspect`, which it imports: `xbackup_lint.dataclass` stands for it",
    "difflib": "only where a word is misspelt",
    "inspect": "it loads the compiler of Python",
    "jsonschema": "only where there is a configuration",
    "policyuniverse": "in tests only",
    "rich": "only where a progress bar is drawn",
    "shutil": "it loads three compressors",
    "traceback": "only where something went wrong",
    "xbackup_lint.config.configuration": "only where there is a configuration",
    "xbackup_lint.report.sarif": "only the report that is asked for",
    "xbackup_lint.sources.aws_cli": "only where there is what the AWS CLI prints",
    "xbackup_lint.sources.documents": "only where a file is no template",
    "xbackup_lint.sources.organization": "only where there is a policy of an organization",
    "xbackup_lint.sources.terraform": "only where there is a plan of Terraform",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules that are loaded by a run over two templates that has nothing to report."""
    folder = tmp_path_factory.mktemp("pair")
    write_pairs(folder, 2)
    ran = subprocess.run(
        [sys.executable, "-c", SEEN],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.split())


@pytest.mark.parametrize("module", NOT_NEEDED)
def test_a_run_over_templates_does_not_load(module: str, loaded: set[str]) -> None:
    assert module not in loaded


def test_it_loads_few_modules(loaded: set[str]) -> None:
    assert "xbackup_lint.engine.check" in loaded
    assert len([name for name in loaded if name.startswith("xbackup_lint")]) <= 222


def counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[int]:
    """Counts the calls of a function of a module or class from now on."""
    work: Callable[..., Any] = getattr(owner, name)
    count = [0]

    def counting(*given: Any, **named: Any) -> Any:
        count[0] += 1
        return work(*given, **named)

    monkeypatch.setattr(owner, name, counting)
    return count


def test_what_says_nothing_of_backups_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_irrelevant(tmp_path / "others", 300)
    write_pairs(tmp_path / "backups", 10)
    ours = [path for path in tmp_path.rglob("*.*") if files.may_be_ours(path.read_bytes())]
    assert 10 <= len(ours) < 100
    yaml, json = (
        counted(monkeypatch, yaml_reader, "read"),
        counted(monkeypatch, json_reader, "read"),
    )

    run(".", cwd=tmp_path)

    assert yaml[0] + json[0] == len(ours)


OTHERS = """\
  Work{number}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub "${{AWS::StackName}}-work-{number}"
      Environment:
        Variables: {{TABLE: !Ref Table{number}, QUEUE: !GetAtt Queue.Arn}}
  Table{number}:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Join ["-", [work, "{number}"]]
"""
VAULT = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
"""


def test_only_resources_that_matter_are_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = counted(monkeypatch, Evaluator, "field")
    spent = []
    for others in (5, 50):
        (tmp_path / "t.yaml").write_text(VAULT + "".join(OTHERS.format(number=n) for n in range(others)))
        before = worked_out[0]
        run("t.yaml", cwd=tmp_path)
        spent.append(worked_out[0] - before)

    assert 0 < spent[0] == spent[1]


def test_each_copy_is_judged_once_whatever_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules, `copies` and reports look at the same answers."""
    write_pairs(tmp_path, 10)
    judged = counted(monkeypatch, requirements, "requirements")

    run(".", "--format", "json", cwd=tmp_path)

    assert judged[0] == 15


SIZES = {"other files": (100, 200, 400), "statements": (200, 400, 800)}


@pytest.mark.parametrize("growth", GROWTHS, ids=lambda growth: growth.thing)
def test_work_grows_no_faster_than_what_it_is_for(growth: Growth, tmp_path: Path) -> None:
    sizes = SIZES.get(growth.thing, (10, 20, 40))
    spent = []
    for size in sizes:
        folder = tmp_path / str(size)
        folder.mkdir()
        growth.write(folder, size)
        run(".", cwd=folder)  # what is loaded and remembered once is not counted
        spent.append(calls(lambda folder=folder: run(".", cwd=folder)))  # type: ignore[misc]

    assert spent[2] - spent[1] <= 2.2 * (spent[1] - spent[0]) + 500


def test_what_a_template_costs(tmp_path: Path) -> None:
    """In calls of functions. A change that saves some lowers the bound."""
    spent = []
    for templates in (10, 20):
        folder = tmp_path / str(templates)
        folder.mkdir()
        write_pairs(folder, templates)
        run(".", cwd=folder)
        spent.append(calls(lambda folder=folder: run(".", cwd=folder)))  # type: ignore[misc]

    assert (spent[1] - spent[0]) / 10 < 35_000
