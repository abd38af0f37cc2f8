"""What is worth a word and is no finding: files that contradict each other, or that belong to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import run

VAULT = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: central}
"""
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
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
"""
TWO_KEYS = """\
Resources:
  One:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "kms:*", Resource: "*"}]}
  Other:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "kms:*", Resource: "*"}]}
"""
EITHER = """\
Conditions:
  Locked: !Equals [!Ref AWS::StackName, locked]
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Condition: Locked
    Properties: {BackupVaultName: central, LockConfiguration: {MinRetentionDays: 7}}
  Unlocked:
    Type: AWS::Backup::BackupVault
    Condition: NotLocked
    Properties: {BackupVaultName: central}
""".replace("Resources:", "  NotLocked: !Not [!Condition Locked]\nResources:", 1)

STACK_SET = """\
Resources:
  Vaults:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: vaults
      PermissionModel: SELF_MANAGED
      TemplateBody: !Sub |
        Resources:
          Central:
            Type: AWS::Backup::BackupVault
            Properties: {BackupVaultName: "central-${AWS::Region}"}
"""

NOTES = [
    pytest.param(
        {"444455556666/eu-west-1/a.yaml": VAULT, "444455556666/eu-west-1/b.yaml": VAULT},
        [
            (
                "vault `central` of 444455556666/eu-west-1 is declared in 444455556666/eu-west-1/a.yaml and "
                "444455556666/eu-west-1/b.yaml: only one of them can be"
            )
        ],
        id="two templates claim one vault",
    ),
    pytest.param(
        {
            "444455556666/eu-west-1/a.yaml": VAULT
            + VAULT.removeprefix("Resources:\n").replace("Central", "Again")
        },
        [
            (
                "vault `central` of 444455556666/eu-west-1 is declared in 444455556666/eu-west-1/a.yaml twice: "
                "only one of them can be"
            )
        ],
        id="one template claims it twice",
    ),
    pytest.param(
        {"444455556666/eu-west-1/a.yaml": VAULT, "444455556666/eu-central-1/b.yaml": VAULT},
        [],
        id="two regions",
    ),
    pytest.param({"444455556666/eu-west-1/a.yaml": EITHER}, [], id="conditions that exclude each other"),
    pytest.param({"a.yaml": VAULT, "b.yaml": VAULT}, [], id="accounts that are not known"),
    pytest.param(
        {"keys.yaml": TWO_KEYS},
        ["keys.yaml: it speaks of 111122223333 and 444455556666 as its own account: neither is taken"],
        id="evidence of two accounts",
    ),
    pytest.param(
        {"vault.yaml": VAULT, "others.json": '[{"ParameterKey": "VaultName", "ParameterValue": "backup"}]'},
        ["others.json: parameters of no template among the files"],
        id="parameters of no template",
    ),
    pytest.param(
        {"sets.yaml": STACK_SET},
        ["sets.yaml: the template of StackSet `Vaults` is made by a function, and is not read"],
        id="a template that Fn::Sub makes",
    ),
    pytest.param(
        {"sets.yaml": STACK_SET.replace("${AWS::Region}", "vault")},
        [],
        id="a template that Fn::Sub leaves as it is",
    ),
]


@pytest.mark.parametrize(("files", "notes"), NOTES)
def test_notes(tmp_path: Path, files: dict[str, str], notes: list[str]) -> None:
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    out = run(".", cwd=tmp_path).out

    said = [line.removeprefix("note: ") for line in out.splitlines() if line.startswith("note: ")]
    assert said == notes


def test_a_copy_into_a_vault_that_two_templates_declare_is_unsure(tmp_path: Path) -> None:
    """Whether it lands depends on which of them is deployed."""
    for name, text in (("444455556666/eu-west-1/a.yaml", VAULT), ("444455556666/eu-west-1/b.yaml", VAULT)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "111122223333").mkdir()
    (tmp_path / "111122223333" / "plan.yaml").write_text(PLAN)

    out = run("copies", ".", cwd=tmp_path).out

    assert out.startswith("unsure  daily/daily")
    assert "a.yaml and 444455556666/eu-west-1/b.yaml declare this vault" in out
