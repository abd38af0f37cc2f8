"""One fault, one finding: what one place decides for many copies is told once, at the first of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.runs import run

HEAD = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
"""
RULE = """\
          - RuleName: rule-{number}
            TargetBackupVault: local
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:{vault}
"""
VAULTS = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: central}
  Archive:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: archive}
"""


def folder_of(folder: Path, vaults: list[str]) -> Path:
    rules = (RULE.format(number=number, vault=vault) for number, vault in enumerate(vaults))
    for place, text in (
        ("111122223333/eu-west-1/plan.yaml", HEAD + "".join(rules)),
        ("444455556666/eu-west-1/vaults.yaml", VAULTS),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text)
    return folder


def refusals(folder: Path, *arguments: str) -> list[dict[str, object]]:
    out = run(".", "--select", "copy-refused-by-vault", "--format", "json", *arguments, cwd=folder).out
    found: list[dict[str, object]] = json.loads(out)["findings"]
    return found


def test_a_vault_that_refuses_1200_copies_is_one_finding(tmp_path: Path) -> None:
    (finding,) = refusals(folder_of(tmp_path, ["central"] * 1200))

    related = finding["related"]
    assert isinstance(related, list)
    assert [
        place["location"]["start"]["line"] for place in related if place["message"] == "the same here"
    ] == [11 + 4 * number for number in range(1, 1200)]


def test_two_vaults_are_two_findings(tmp_path: Path) -> None:
    assert len(refusals(folder_of(tmp_path, ["central", "archive", "central"]))) == 2


def test_people_are_told_the_first_places(tmp_path: Path) -> None:
    out = run(".", "--select", "copy-refused-by-vault", cwd=folder_of(tmp_path, ["central"] * 6)).out

    path = "111122223333/eu-west-1/plan.yaml"
    assert f"= also at {path}:15, {path}:19, {path}:23 and 2 more\n" in out
    assert "1 error;" in out


def test_a_copy_that_is_accepted_leaves_the_others(tmp_path: Path) -> None:
    folder_of(tmp_path, ["central"] * 3)
    plan = tmp_path / "111122223333" / "eu-west-1" / "plan.yaml"
    lines = plan.read_text().splitlines()
    lines[10] += "  # xbackup-lint: ignore[copy-refused-by-vault] the vault is being made"
    plan.write_text("\n".join(lines) + "\n")

    accepted, other = refusals(tmp_path)

    assert accepted["suppressed"] == {"kind": "comment", "reason": "the vault is being made"}
    assert other["suppressed"] is None
