"""What is right, however often it is called wrong: nothing above info is said of it, and no doubt raised."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from textwrap import indent

import pytest

from tests.runs import run

WHOLE = Path(__file__).parent / "fixtures" / "clean" / "whole"

PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: production
{rule}
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: some
        IamRoleArn: !Sub arn:aws:iam::${{AWS::AccountId}}:role/backup
        Resources: ["{resources}"]
"""
VAULT = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: production
      LockConfiguration: {{MinRetentionDays: 1}}
{more}
"""
FILES = "arn:aws:elasticfilesystem:*:*:file-system/*"


def plan(rule: str, resources: str = FILES) -> str:
    return PLAN.format(rule=indent(rule, " " * 12).rstrip(), resources=resources)


def vault(more: str) -> str:
    return VAULT.format(more=indent(more, " " * 6).rstrip())


def policy(statement: str) -> str:
    return vault(f"AccessPolicy:\n  Version: '2012-10-17'\n  Statement:\n{indent(statement, '    ')}")


FROM_THE_ORGANIZATION = """\
- Effect: Allow
  Principal: "*"
  Action: backup:CopyIntoBackupVault
  Resource: "*"
  Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
"""
MANY_ROLES = "\n".join(
    f'- {{Effect: Allow, Principal: {{AWS: "arn:aws:iam::111122223333:role/backup-{number:04}"}}, '
    'Action: backup:CopyIntoBackupVault, Resource: "*"}'
    for number in range(400)
)
ROLE = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]
      Policies:
        - PolicyName: more
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action:
                  - backup:ListBackupAccessPoints
                  - backup:ListBackupAccessPointsByRecoveryPoint
                  - backup:GetPITRMalwareScanResults
                Resource: "*"
"""
AIR_GAPPED = """\
  Isolated:
    Type: AWS::Backup::LogicallyAirGappedBackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {BackupVaultName: isolated, MinRetentionDays: 7, MaxRetentionDays: 365}
"""
COPY_TO_ANOTHER_REGION = """\
Lifecycle: {DeleteAfterDays: 35}
CopyActions:
  - DestinationBackupVaultArn: arn:aws:backup:us-west-2:444455556666:backup-vault:central
    Lifecycle: {DeleteAfterDays: 35}
"""
CENTRAL = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: central
      EncryptionKeyArn: arn:aws:kms:us-west-2:444455556666:key/11111111-2222-3333-4444-555555555555
      LockConfiguration: {MinRetentionDays: 7}
      AccessPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/backup"}
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""

RIGHT = [
    pytest.param(
        {
            "plan.yaml": plan(COPY_TO_ANOTHER_REGION, "arn:aws:rds:*:*:db:*"),
            "444455556666/us-west-2/vault.yaml": CENTRAL,
        },
        id="RDS to another account and region in one action (F6.1)",
    ),
    pytest.param(
        {"plan.yaml": plan("Lifecycle: {MoveToColdStorageAfterDays: 1, DeleteAfterDays: 91}")},
        id="cold storage after one day (F4.4)",
    ),
    pytest.param(
        {"plan.yaml": plan("Lifecycle: {MoveToColdStorageAfterDays: 30, DeleteAfterDays: 120}")},
        id="exactly 90 days in cold storage (F4.1)",
    ),
    pytest.param(
        {"plan.yaml": plan("Lifecycle: {MoveToColdStorageAfterDays: -1, DeleteAfterDays: -1}")},
        id="never (F4.3)",
    ),
    pytest.param(
        {
            "vault.yaml": vault(
                "EncryptionKeyArn: arn:aws:kms:eu-west-1:777788889999:key/11111111-2222-3333-4444-555555555555"
            ),
            ".xbackup-lint.yaml": 'trusted-key-accounts: ["777788889999"]\n',
        },
        id="a key of an account that keeps keys (F3.3)",
    ),
    pytest.param({"vault.yaml": policy(FROM_THE_ORGANIZATION)}, id="everyone of the organization (F1.11)"),
    pytest.param({"vault.yaml": policy(MANY_ROLES)}, id="a vault policy of 50,000 characters (F5.9)"),
    pytest.param(
        {"role.yaml": ROLE},
        id="a role that any account's AWS Backup may take, and actions that few know (F10.7, F9.1)",
    ),
    pytest.param(
        {
            "plan.yaml": plan(
                "Lifecycle: {MoveToColdStorageAfterDays: 30, DeleteAfterDays: 365}", "arn:aws:rds:*:*:db:*"
            )
        },
        id="cold storage for RDS, which ignores it (F4.5)",
    ),
]


@pytest.mark.parametrize("files", RIGHT)
def test_not_written(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = tmp_path / (name if "/" in name or name.startswith(".") else f"111122223333/eu-west-1/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    assert said(tmp_path) == []


def test_the_ref_of_an_air_gapped_vault_is_only_doubted(tmp_path: Path) -> None:
    """AWS's documentation and its schema disagree on what it is."""
    rule = "Lifecycle: {DeleteAfterDays: 35}\nTargetLogicallyAirGappedBackupVaultArn: !Ref Isolated"
    (tmp_path / "plan.yaml").write_text(plan(rule) + AIR_GAPPED)

    assert [line for line in said(tmp_path) if "(certain)" in line] == []


def said(folder: Path) -> list[str]:
    found = json.loads(run(".", "--format", "json", cwd=folder).out)["findings"]
    return [
        f"{one['location']['path']}:{one['location']['start']['line']} {one['rule']} ({one['certainty']}): {one['message']}"
        for one in found
        if one["severity"] != "info" or one["certainty"] == "unsure"
    ]


def test_a_whole_estate_is_silent(tmp_path: Path) -> None:
    """Plans, selections, roles, keys, locks, notifications, an Organizations policy, SCPs, an air-gapped vault."""
    shutil.copytree(WHOLE, tmp_path / "whole")

    assert said(tmp_path / "whole") == []


def test_all_copies_of_a_whole_estate_land(tmp_path: Path) -> None:
    shutil.copytree(WHOLE, tmp_path / "whole")

    copies = json.loads(run("copies", ".", "--format", "json", cwd=tmp_path / "whole").out)["copies"]

    assert [copy["verdict"] for copy in copies] == ["lands"] * 4
    assumed = {row["name"] for copy in copies for row in copy["requirements"] if row["verdict"] == "assumed"}
    assert assumed == {"organization"}
