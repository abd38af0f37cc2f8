"""Findings that are accepted: by a comment, in the metadata of a resource, in the configuration, by a baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runs import run

PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            Lifecycle:
              MoveToColdStorageAfterDays: 30
              DeleteAfterDays: 60
"""
POLICY = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      AccessPolicy:
        Fn::Sub: |
          {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVaults",
            "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}
"""
RULE = "cold-storage-under-90-days"
SELECT = ("--select", "retention,input,vault-policy-unknown-action", "--ignore", "vault-not-retained")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def findings(folder: Path, text: str, *arguments: str, name: str = "plan.yaml") -> tuple[int, list[Any]]:
    (folder / name).write_text(text)
    ran = run(".", "--format", "json", *SELECT, *arguments, cwd=folder)
    return ran.status, json.loads(ran.out)["findings"]


COMMENTS = [
    pytest.param(
        PLAN.replace("Days: 60", f"Days: 60  # xbackup-lint: ignore[{RULE}] asked for"),
        True,
        id="on the line",
    ),
    pytest.param(
        PLAN.replace(
            "              DeleteAfter",
            f"              # xbackup-lint: ignore[{RULE}] why\n              DeleteAfter",
        ),
        True,
        id="above it",
    ),
    pytest.param(
        PLAN.replace(
            "              DeleteAfter",
            f"              # xbackup-lint: ignore[{RULE}, copy-to-itself] why\n\n              # more\n              DeleteAfter",
        ),
        True,
        id="above it, with other comments and rules",
    ),
    pytest.param(f"# xbackup-lint: ignore[{RULE}] why\n" + PLAN, False, id="at the top of the file"),
    pytest.param(
        PLAN.replace("Days: 60", f"Days: 60  # xbackup-lint: ignore[{RULE}]"), False, id="no reason"
    ),
    pytest.param(
        PLAN.replace("Days: 60", "Days: 60  # xbackup-lint: ignore[copy] why"), False, id="another rule"
    ),
    pytest.param(
        PLAN.replace("    Type", f"    Metadata: {{xbackup-lint: {{ignore: {{{RULE}: why}}}}}}\n    Type"),
        True,
        id="metadata",
    ),
    pytest.param(
        PLAN.replace("    Type", f"    Metadata: {{xbackup-lint: {{ignore: {{{RULE}: ''}}}}}}\n    Type"),
        False,
        id="metadata without a reason",
    ),
    pytest.param(
        "Metadata: {xbackup-lint: {ignore: {" + RULE + ": why}}}\n" + PLAN,
        False,
        id="metadata of the template",
    ),
]


@pytest.mark.parametrize(("text", "is_suppressed"), COMMENTS)
def test_in_the_file(folder: Path, text: str, is_suppressed: bool) -> None:
    status, found = findings(folder, text, "--ignore", "suppression-unused")

    assert [one["rule"] for one in found] == [RULE]
    assert (found[0]["suppressed"] is not None) is is_suppressed
    assert status == (0 if is_suppressed else 1)


def test_the_reason_is_told_to_programs_and_the_count_to_people(folder: Path) -> None:
    _, (found,) = findings(
        folder, PLAN.replace("Days: 60", f"Days: 60 # xbackup-lint: ignore[{RULE}] for audit")
    )

    assert found["suppressed"] == {"kind": "comment", "reason": "for audit"}
    assert run(".", *SELECT, cwd=folder).out == "no errors, 1 ignored; 1 file, 1 account\n"


def test_of_a_text_of_several_lines_the_key_counts(folder: Path) -> None:
    """A comment cannot stand within JSON in a block."""
    above = POLICY.replace(
        "        Fn::Sub", "        # xbackup-lint: ignore[vault-policy-unknown-action] soon\n        Fn::Sub"
    )

    _, found = findings(folder, above)

    assert [one["suppressed"]["reason"] for one in found if one["rule"] == "vault-policy-unknown-action"] == [
        "soon"
    ]


def test_a_rule_that_does_not_run_makes_no_suppression_unused(folder: Path) -> None:
    text = PLAN.replace("Days: 60", f"Days: 120  # xbackup-lint: ignore[{RULE}] asked for")

    assert [one["rule"] for one in findings(folder, text)[1]] == ["suppression-unused"]
    assert findings(folder, text, "--ignore", RULE)[1] == []


def test_the_configuration(folder: Path) -> None:
    (folder / ".xbackup-lint.yaml").write_text(f"per-file-ignores: {{plan.yaml: [{RULE}]}}\n")

    _, (found,) = findings(folder, PLAN)

    assert found["suppressed"] == {"kind": "per-file-ignores", "reason": ""}


BASELINE = """\
{
  "version": 1,
  "findings": [
    {"rule": "cold-storage-under-90-days", "path": "plan.yaml", "resource": "Plan", "target": "60", "certainty": "certain"}
  ]
}
"""


def test_a_baseline_accepts_what_is_there(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN)

    ran = run(".", *SELECT, "--write-baseline", cwd=folder)

    assert (ran.status, ran.out) == (0, "wrote .xbackup-lint-baseline.json: 1 finding accepted\n")
    assert (folder / ".xbackup-lint-baseline.json").read_text() == BASELINE
    assert run(".", *SELECT, "--baseline", ".xbackup-lint-baseline.json", cwd=folder).out == (
        "no errors, 1 ignored; 1 file, 1 account\n"
    )


MOVED = [
    pytest.param("# a comment\n\n" + PLAN, 0, id="lines that moved"),
    pytest.param(PLAN.replace("  Plan:", "  Other:"), 1, id="the same fault in another resource"),
    pytest.param(PLAN.replace("60", "61"), 1, id="another value"),
    pytest.param(
        PLAN + PLAN[PLAN.index("          - RuleName") :].replace("daily", "weekly", 1),
        1,
        id="a second of the kind",
    ),
]


@pytest.mark.parametrize(("text", "status"), MOVED)
def test_what_a_baseline_matches(folder: Path, text: str, status: int) -> None:
    (folder / "baseline.json").write_text(BASELINE)

    assert findings(folder, text, "--baseline", "baseline.json")[0] == status


def test_a_baseline_that_is_out_of_date_is_told(folder: Path) -> None:
    (folder / "baseline.json").write_text(BASELINE)
    (folder / "plan.yaml").write_text(PLAN.replace("60", "365"))

    out = run(".", *SELECT, "--baseline", "baseline.json", cwd=folder).out

    assert (
        "note: baseline.json: `cold-storage-under-90-days` in plan.yaml, Plan is not found any more\n" in out
    )


def test_paths_are_those_from_the_folder_of_the_baseline(folder: Path) -> None:
    (folder / "baseline.json").write_text(BASELINE)
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "cfn").mkdir()

    assert run("../plan.yaml", *SELECT, "--baseline", "../baseline.json", cwd=folder / "cfn").status == 0


def test_the_configuration_names_it(folder: Path) -> None:
    (folder / ".xbackup-lint.yaml").write_text("baseline: accepted.json\n")
    (folder / "plan.yaml").write_text(PLAN)

    assert (
        run(".", *SELECT, "--write-baseline", cwd=folder).out == "wrote accepted.json: 1 finding accepted\n"
    )
    assert run(".", *SELECT, cwd=folder).status == 0


BROKEN = [
    ("[]", 'a baseline says `"version": 1`'),
    ('{"version": 2, "findings": []}', 'a baseline says `"version": 1`'),
    ('{"version": 1, "findings": {}}', "`findings` is a list"),
    ('{"version": 1, "findings": [{"rule": "x"}]}', "a finding has the text `path`"),
    ("{", "broken baseline"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_baseline_is_2_with_a_caret(folder: Path, text: str, said: str) -> None:
    (folder / "baseline.json").write_text(text)
    (folder / "plan.yaml").write_text(PLAN)

    ran = run(".", *SELECT, "--baseline", "baseline.json", cwd=folder)

    assert ran.status == 2
    assert said in ran.err
    assert "--> baseline.json:1:" in ran.err


def test_no_baseline_is_2(folder: Path) -> None:
    (folder / "plan.yaml").write_text(PLAN)

    ran = run(".", *SELECT, "--baseline", "none.json", cwd=folder)

    assert (ran.status, "`--write-baseline` writes one" in ran.err) == (2, True)
