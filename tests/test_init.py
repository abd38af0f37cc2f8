"""`init`: from a repository to a configuration that says what is still to be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import run
from xbackup_lint.config.configuration import load

PLAN = """\
Parameters:
  BackupAccount:
    Type: String
  Vault:
    Type: String
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            CopyActions:
              - DestinationBackupVaultArn: !Sub arn:aws:backup:eu-west-1:${BackupAccount}:backup-vault:${Vault}
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: tagged
        IamRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/backup
        ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]
"""
VAULT = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      EncryptionKeyArn: arn:aws:kms:eu-west-1:444455556666:key/11111111-2222-3333-4444-555555555555
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: arn:aws:iam::111122223333:role/backup
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "vault.yaml").write_text(VAULT)
    return tmp_path


def test_it_writes_what_is_open_and_says_what_matters_most(repository: Path) -> None:
    ran = run("init", ".", cwd=repository)

    assert ran.status == 0
    assert ran.out.startswith(
        "wrote .xbackup-lint.yaml\nmost verdicts depend on:\n  BackupAccount (plan.yaml:2:3): "
    )
    written = (repository / ".xbackup-lint.yaml").read_text()
    assert "#     BackupAccount: ..." in written
    assert "#     Vault: ..." in written


def test_what_it_writes_is_a_configuration_that_changes_nothing(repository: Path) -> None:
    before = run("copies", ".", cwd=repository)
    run("init", ".", cwd=repository)

    load(repository / ".xbackup-lint.yaml")
    assert run("copies", ".", cwd=repository) == before


def test_three_values_turn_doubts_into_verdicts(repository: Path) -> None:
    assert "1 copy (1 unsure)" in run("copies", ".", cwd=repository).out

    (repository / ".xbackup-lint.yaml").write_text(
        "accounts: {production: '111122223333', backup: '444455556666'}\n"
        "deployments:\n"
        "  - {templates: plan.yaml, accounts: [production], regions: [eu-west-1],\n"
        "     parameters: {BackupAccount: '444455556666', Vault: central}}\n"
        "  - {templates: vault.yaml, accounts: [backup], regions: [eu-west-1]}\n"
    )
    ran = run("copies", ".", cwd=repository)

    assert ran.status == 0
    assert ran.out.startswith("lands   daily/daily  plan.yaml:16:44\n")
    assert "111122223333/eu-west-1 → 444455556666/eu-west-1 central, kept for ever" in ran.out


def test_it_does_not_replace_what_is_there(repository: Path) -> None:
    (repository / ".xbackup-lint.yaml").write_text("ignore: [copy]\n")

    ran = run("init", ".", cwd=repository)

    assert ran.status == 2
    assert "`--force` replaces it" in ran.err
    assert run("init", ".", "--force", cwd=repository).status == 0
