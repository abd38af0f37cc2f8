"""The command line: what it takes, what it says of bad input, how it ends."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.runs import run
from xbackup_lint import __version__

GOOD = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: central
"""
BAD = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: central
            Lifecycle:
              MoveToColdStorageAfterDays: 30
              DeleteAfterDays: 90
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path


def test_nothing_wrong_is_0_and_a_summary(folder: Path) -> None:
    ran = run("good.yaml", cwd=folder)

    assert ran.status == 0
    assert ran.out == "no errors; 1 file, 1 account\n"
    assert ran.err == ""


def test_a_finding_is_1_with_its_place(folder: Path) -> None:
    ran = run("bad.yaml", "--format", "concise", cwd=folder)

    assert ran.status == 1
    assert ran.out.startswith("bad.yaml:12:32: error[cold-storage-under-90-days] ")


def test_check_may_be_written_out(folder: Path) -> None:
    assert run("check", "bad.yaml", cwd=folder) == run("bad.yaml", cwd=folder)


def test_paths_in_any_order_give_the_same_bytes(folder: Path) -> None:
    assert run("good.yaml", "bad.yaml", cwd=folder).out == run("bad.yaml", "good.yaml", cwd=folder).out
    assert run(".", cwd=folder).out == run("good.yaml", "bad.yaml", cwd=folder).out


def test_a_folder_from_outside_is_shown_as_it_was_named(folder: Path) -> None:
    ran = run(folder.name, "--format", "concise", cwd=folder.parent)

    assert ran.out.startswith(f"{folder.name}/bad.yaml:12:32: ")


def test_json_is_one_document(folder: Path) -> None:
    document = json.loads(run(".", "--format", "json", cwd=folder).out)

    wrong = [finding["rule"] for finding in document["findings"] if finding["severity"] != "info"]
    assert wrong == ["cold-storage-under-90-days"]
    assert document["summary"]["files"] == {"read": 2, "passed_over": 0, "unreadable": 0}


def test_standard_input(folder: Path) -> None:
    ran = run("-", "--stdin-filename", "x/plan.yaml", "--format", "concise", stdin=BAD.encode(), cwd=folder)

    assert ran.status == 1
    assert ran.out.startswith("x/plan.yaml:12:32: ")


def test_output_goes_to_a_file(folder: Path) -> None:
    ran = run("bad.yaml", "--format", "json", "--output", "report.json", cwd=folder)

    assert (ran.status, ran.out) == (1, "")
    assert json.loads((folder / "report.json").read_text())["version"] == 1
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "good.yaml", "report.json"]


def test_quiet_says_nothing_where_nothing_is_wrong(folder: Path) -> None:
    assert run("good.yaml", "--quiet", cwd=folder).out == ""
    assert "error[" in run("bad.yaml", "--quiet", cwd=folder).out


def test_exit_zero(folder: Path) -> None:
    assert run("bad.yaml", "--exit-zero", cwd=folder).status == 0


def test_select_and_ignore_take_rules_and_families(folder: Path) -> None:
    assert run(".", "--select", "copy", cwd=folder).status == 0
    assert run(".", "--select", "copy,cold-storage-under-90-days", cwd=folder).status == 1
    assert run(".", "--select", "retention", "--ignore", "cold-storage-under-90-days", cwd=folder).status == 0


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", 1), ("warning", 1), ("info", 1), ("unsure", 0), ("error,unsure", 1)]
)
def test_fail_on(folder: Path, fail_on: str, status: int) -> None:
    assert run("bad.yaml", "--fail-on", fail_on, cwd=folder).status == status


def test_a_parameter_settles_what_is_open(folder: Path) -> None:
    (folder / "open.yaml").write_text(
        "Parameters:\n  Days:\n    Type: Number\n"
        + BAD.replace("DeleteAfterDays: 90", "DeleteAfterDays: !Ref Days")
    )

    assert run("open.yaml", cwd=folder).status == 0
    assert run("open.yaml", "--parameter", "Days=119", cwd=folder).status == 1
    assert run("open.yaml", "--parameter", "Days=120", cwd=folder).status == 0


def test_verbose_says_what_was_passed_over_and_why(folder: Path) -> None:
    (folder / "workflow.yml").write_text("on: push\njobs: {}\n")

    ran = run(".", "--verbose", cwd=folder)

    assert "read good.yaml\n" in ran.err
    assert "passed over workflow.yml: says nothing of backups\n" in ran.err


def test_version() -> None:
    assert run("--version").out == f"xbackup-lint {__version__}\n"


def test_help_is_complete() -> None:
    ran = run("--help")

    assert ran.status == 0
    for option in ("--format", "--account", "--parameter", "--fail-on", "exit status", "explain"):
        assert option in ran.out


def test_explain_tells_a_rule() -> None:
    ran = run("explain", "cold-storage-under-90-days")

    assert ran.status == 0
    assert "90 days" in ran.out
    assert "https://docs.aws.amazon.com/" in ran.out


def test_explain_alone_lists_all() -> None:
    assert "cold-storage-under-90-days" in run("explain").out


UNUSABLE = [
    ((), "name a file or a folder"),
    (("nowhere.yaml",), "`nowhere.yaml`: no such file or folder"),
    (("good.yaml", "good.yaml"), "`good.yaml` is named twice"),
    (("good.yaml", "./good.yaml"), "`good.yaml` is named twice"),
    (("empty",), "nothing to check"),
    (("-",), "standard input is empty"),
    (("good.yaml", "--select", "cold-storage-under-90-day"), "did you mean `cold-storage-under-90-days`?"),
    (("good.yaml", "--ignore", "no-such-thing-at-all"), "there is no rule `no-such-thing-at-all`"),
    (("good.yaml", "--fail-on", "fatal"), "`fatal` is none of error, warning, info, unsure"),
    (("good.yaml", "--account", "12345"), "`12345` is not an account id of 12 digits"),
    (("good.yaml", "--account", "111122223333", "--account", "444455556666"), "only one `--account`"),
    (("good.yaml", "--region", "nowhere"), "`nowhere` is not the name of a region"),
    (("good.yaml", "--parameter", "Days"), "write NAME=VALUE"),
    (("good.yaml", "--parameter", "Days=1"), "no template declares it"),
    (("good.yaml", "--output", "no/such/folder/report.txt"), "cannot be written"),
    (("explain", "copy-to-itsself"), "did you mean `copy-to-itself`?"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), UNUSABLE, ids=lambda value: " ".join(value) if value else "none"
)
def test_what_cannot_be_done_is_2_and_says_why(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "empty").mkdir()

    ran = run(*arguments, cwd=folder)

    assert ran.status == 2
    assert said in ran.err
    assert ran.out == ""


def test_a_contradiction_of_folder_and_account_is_2(folder: Path) -> None:
    (folder / "444455556666").mkdir()
    (folder / "444455556666" / "vault.yaml").write_text(GOOD)

    ran = run(".", "--account", "111122223333=444455556666/*", cwd=folder)

    assert ran.status == 2
    assert (
        "444455556666/vault.yaml: `--account` says 111122223333, but its folder says 444455556666" in ran.err
    )


def test_an_unknown_option_is_2(folder: Path) -> None:
    assert run("good.yaml", "--formt", "json", cwd=folder).status == 2


def test_a_broken_file_loses_nothing_else(folder: Path) -> None:
    (folder / "broken.yaml").write_text(
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  V: {Type: AWS::Backup::\n"
    )

    ran = run(".", "--format", "concise", cwd=folder)

    assert ran.status == 1
    assert "broken.yaml:" in ran.out
    assert "error[input-unreadable]" in ran.out
    assert "error[cold-storage-under-90-days]" in ran.out
    assert "1 file unreadable" in ran.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_2(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        ran = run("closed", cwd=folder)
    finally:
        closed.chmod(stat.S_IRWXU)

    assert ran.status == 2
    assert "permission denied" in ran.err
