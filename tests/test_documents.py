"""Policies in files of their own that the configuration attaches (`documents`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runs import run

PLAN = """\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}, Action: "kms:*", Resource: "*"}
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::444455556666:root"}
            Action: [kms:DescribeKey, kms:CreateGrant, kms:Decrypt, "kms:ReEncrypt*", "kms:GenerateDataKey*"]
            Resource: "*"
  Local:
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: local, EncryptionKeyArn: !GetAtt Key.Arn}
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
PLACED = "deployments: [{templates: plan.yaml, accounts: ['111122223333'], regions: eu-west-1}]\n"
VAULT = (
    PLACED + "documents: {policies/*.json: {vault: central, account: '444455556666', region: eu-west-1}}\n"
)


def vault_policy(account: str, resource: str = "*") -> dict[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:role/backup"},
                "Action": "backup:CopyIntoBackupVault",
                "Resource": resource,
            }
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path


def rows(folder: Path, document: object, configuration: str) -> dict[str, tuple[str, str]]:
    """The requirements of the one copy by name."""
    (folder / "policies" / "central.json").write_text(json.dumps(document))
    (folder / ".xbackup-lint.yaml").write_text(configuration)
    (copy,) = json.loads(run("copies", ".", "--format", "json", cwd=folder).out)["copies"]
    return {row["name"]: (row["verdict"], row["because"]) for row in copy["requirements"]}


def test_without_configuration_the_vault_is_not_described(folder: Path) -> None:
    assert rows(folder, vault_policy("111122223333"), PLACED)["vault-policy"][0] == "unsure"


@pytest.mark.parametrize(("account", "verdict"), [("111122223333", "unsure"), ("222233334444", "fails")])
def test_the_attached_policy_decides(folder: Path, account: str, verdict: str) -> None:
    """No selection tells the role: of the right account it may be the one that is named."""
    assert rows(folder, vault_policy(account), VAULT)["vault-policy"][0] == verdict


def test_what_get_key_policy_prints_is_attached_to_a_key_by_its_arn(folder: Path) -> None:
    """The key of the source vault is made elsewhere: its policy does not name the destination."""
    arn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    (folder / "plan.yaml").write_text(PLAN.replace("!GetAtt Key.Arn", arn))
    own = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    printed = {"Policy": json.dumps({"Statement": [own]}), "PolicyName": "default"}

    for documents in (
        f"{{key: '{arn}'}}",
        "{key: 11111111-2222-3333-4444-555555555555, account: '111122223333', region: eu-west-1}",
    ):
        found = rows(folder, printed, PLACED + f"documents: {{policies/central.json: {documents}}}\n")
        assert found["source-key"][0] == "fails", documents
        assert "kms:CreateGrant" in found["source-key"][1]


def test_the_vault_that_is_named_has_the_policy_though_it_speaks_of_another(folder: Path) -> None:
    """The user's word goes first: that the policy speaks of another vault is its fault, and is told."""
    other = "arn:aws:backup:eu-west-1:444455556666:backup-vault:archive"
    rows(folder, vault_policy("111122223333", other), VAULT)

    assert "vault-policy-resource-never-matches" in run(".", "--format", "concise", cwd=folder).out


def test_a_template_that_declares_the_vault_learns_its_policy(folder: Path) -> None:
    (folder / "vault.yaml").write_text(
        "Resources:\n  Central:\n    Type: AWS::Backup::BackupVault\n"
        "    Properties: {BackupVaultName: central}\n"
    )
    configuration = VAULT.replace(
        "deployments: [",
        "deployments: [{templates: vault.yaml, accounts: ['444455556666'], regions: eu-west-1}, ",
    )

    found = rows(folder, vault_policy("222233334444"), configuration)

    assert found["destination"] == ("holds", "vault.yaml describes it")
    assert found["vault-policy"][0] == "fails"


def test_a_policy_of_nothing_is_told(folder: Path) -> None:
    rows(folder, vault_policy("111122223333"), PLACED)

    out = run(".", cwd=folder).out
    assert "policies/central.json: no file tells which vault has this policy" in " ".join(out.split())


ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: backup
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: sts:AssumeRole}]
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: files
        IamRoleArn: !GetAtt Role.Arn
        Resources: ["arn:aws:elasticfilesystem:*:*:file-system/*"]
"""


@pytest.mark.parametrize(
    ("actions", "verdict"),
    [(["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"], "holds"), (["backup:ListTags"], "fails")],
)
def test_a_policy_of_a_role(folder: Path, actions: list[str], verdict: str) -> None:
    (folder / "plan.yaml").write_text(PLAN + ROLE)
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}],
    }
    configuration = PLACED + "documents: {policies/*.json: {role: backup, account: '111122223333'}}\n"

    assert rows(folder, document, configuration)["role"][0] == verdict
