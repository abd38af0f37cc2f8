"""Keys on a copy's way, as `xbackup-lint copies` tells them, and the statements that findings suggest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rule_examples import RULES
from xbackup_lint.config.configuration import read as read_configuration
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.check import check
from xbackup_lint.engine.result import Result
from xbackup_lint.sources.files import Input
from xbackup_lint.text.source import Source

OWN = '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}'
USE = '"kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"'
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CENTRAL = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"

PLAN = f"""\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: local
      EncryptionKeyArn: {KEY}
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
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: files
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        Resources: ["arn:aws:elasticfilesystem:*:*:file-system/*"]
"""
VAULT = f"""\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      EncryptionKeyArn: {CENTRAL}
"""


def run(files: dict[str, str], documents: dict[str, str]) -> Result:
    """All rules on some files, of which some are the policies of keys."""
    attached = "".join(f'  "{path}": {{key: "{arn}"}}\n' for path, arn in documents.items())
    text = f"documents:\n{attached}" if documents else "{}"
    configuration = read_configuration(Source(".xbackup-lint.yaml", text), Path())
    inputs = [Input(path, Path(path), text=text) for path, text in sorted(files.items())]
    return check(inputs, RULES, Assignments((), (), {}, configuration)).result


def policy(*statements: str) -> str:
    return f'{{"Version": "2012-10-17", "Statement": [{", ".join(statements)}]}}'


def allow(actions: str, condition: str = "") -> str:
    bound = f', "Condition": {condition}' if condition else ""
    return (
        '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Resource": "*", '
        f'"Action": [{actions}]{bound}}}'
    )


def deny(principal: str, condition: str) -> str:
    return (
        f'{{"Sid": "No", "Effect": "Deny", "Principal": {principal}, "Action": "kms:CreateGrant", "Resource": "*", '
        f'"Condition": {condition}}}'
    )


BOUND = '{"Bool": {"kms:GrantIsForAWSResource": "true"}}'
GRANTS = allow('"kms:CreateGrant"', BOUND)
SHARED = policy(OWN, allow(USE), GRANTS)


@pytest.mark.parametrize(
    ("key_policy", "verdict", "because"),
    [
        (SHARED, "holds", "is shared with account 444455556666"),
        (policy(OWN), "fails", "is not shared with account 444455556666"),
        (policy(OWN, allow(USE)), "fails", "fail without `kms:CreateGrant`"),
        (
            policy(OWN, GRANTS, allow('"kms:DescribeKey"')),
            "holds",
            "but for `kms:Decrypt`, `kms:ReEncryptFrom`",
        ),
        # A Deny for the destination, for the role of the source, and for those whose network is not known.
        (
            policy(
                OWN,
                allow(USE),
                GRANTS,
                deny('"*"', '{"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}'),
            ),
            "fails",
            "denies account 444455556666 `kms:CreateGrant` (No)",
        ),
        (
            policy(
                OWN,
                allow(USE),
                GRANTS,
                deny(
                    '{"AWS": "arn:aws:iam::111122223333:role/backup"}',
                    '{"Null": {"aws:PrincipalArn": "false"}}',
                ),
            ),
            "fails",
            "denies role `arn:aws:iam::111122223333:role/backup` `kms:CreateGrant` (No)",
        ),
        (
            policy(
                OWN,
                allow(USE),
                GRANTS,
                deny('"*"', '{"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}'),
            ),
            "unsure",
            "depends on the condition of No",
        ),
        # Through another service than AWS Backup, and through AWS Backup in this region.
        (
            policy(OWN, allow(f'{USE}, "kms:CreateGrant"', '{"StringLike": {"kms:ViaService": "rds.*"}}')),
            "fails",
            "is not shared",
        ),
        (
            policy(
                OWN,
                allow(
                    f'{USE}, "kms:CreateGrant"',
                    '{"StringEquals": {"kms:ViaService": "backup.eu-west-1.amazonaws.com"}}',
                ),
            ),
            "holds",
            "is shared",
        ),
    ],
)
def test_source_key(key_policy: str, verdict: str, because: str) -> None:
    files = {"111122223333/eu-west-1/plan.yaml": PLAN, "key.json": key_policy}

    (copy,) = run(files, {"key.json": KEY}).copies
    (row,) = (row for row in copy.requirements if row.name == "source-key")

    assert (row.verdict, because in row.because) == (verdict, True), row.because


def test_more_conditions_than_are_followed() -> None:
    """Five conditions that are left open turn out in 32 ways."""
    names = "ABCDE"
    conditions = "".join(f"  {name}: !Equals [!Ref P{name}, x]\n" for name in names)
    statements = "".join(
        f"          - !If [{name}, {{Effect: Allow, Principal: {{AWS: '444455556666'}}, Action: 'kms:CreateGrant', "
        "Resource: '*'}, !Ref AWS::NoValue]\n"
        for name in names
    )
    key = (
        "  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n"
        "        Version: '2012-10-17'\n        Statement:\n" + statements
    )
    parameters = "".join(f"  P{name}: {{Type: String}}\n" for name in names)
    plan = PLAN.replace(KEY, "!GetAtt Key.Arn").replace("Resources:\n", f"Resources:\n{key}", 1)
    template = f"Parameters:\n{parameters}Conditions:\n{conditions}{plan}"

    (copy,) = run({"111122223333/eu-west-1/plan.yaml": template}, {}).copies
    (row,) = (row for row in copy.requirements if row.name == "source-key")

    assert (row.verdict, "left open by the files" in row.because) == ("unsure", True), row.because


METADATA = (
    """{"KeyMetadata": {"Arn": "%s", "KeyState": "%s", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "%s"}}"""
)


@pytest.mark.parametrize(
    ("state", "usage", "verdict", "because"),
    [
        ("Enabled", "ENCRYPT_DECRYPT", "holds", "the vault has a key of its own"),
        ("Disabled", "ENCRYPT_DECRYPT", "fails", "cannot be used: `Disabled`"),
        ("PendingDeletion", "ENCRYPT_DECRYPT", "fails", "cannot be used: `PendingDeletion`"),
    ],
)
def test_key_of_the_destination_vault_can_be_used(state: str, usage: str, verdict: str, because: str) -> None:
    """`describe-key` prints no policy: nothing is made of that."""
    files = {
        "111122223333/eu-west-1/plan.yaml": PLAN,
        "444455556666/eu-west-1/vault.yaml": VAULT,
        "key.json": METADATA % (CENTRAL, state, usage),
        "source-key.json": METADATA % (KEY, "Enabled", usage),
    }

    (copy,) = run(files, {}).copies
    rows = {row.name: row for row in copy.requirements}

    assert (rows["destination-key"].verdict, because in rows["destination-key"].because) == (verdict, True)
    assert rows["source-key"].verdict == "assumed"


def test_what_shows_the_policy_of_a_key_comes_first() -> None:
    """Whether `describe-key` or the policy is read first."""
    for name in ("a-key.json", "z-key.json"):
        files = {
            "111122223333/eu-west-1/plan.yaml": PLAN,
            name: METADATA % (KEY, "Enabled", "ENCRYPT_DECRYPT"),
        }

        result = run(files | {"policy.json": policy(OWN)}, {"policy.json": KEY})

        assert "source-key-not-shared" in {finding.rule for finding in result.findings}


TOO_LONG = "x" * 33_000


@pytest.mark.parametrize(
    ("written", "is_too_large"),
    [
        (json.dumps(policy(OWN)), False),
        (json.dumps(policy(OWN).replace("{", "{" + " " * 10_000)), False),
        (json.dumps(policy(OWN).replace('"Effect"', f'"Sid": "{TOO_LONG}", "Effect"')), True),
        (policy(OWN).replace('"Effect"', f'"Sid": "{TOO_LONG}", "Effect"'), True),
    ],
    ids=["as text", "as text with spaces that may not count", "as text, too long", "as an object, too long"],
)
def test_size_of_a_key_policy(written: str, is_too_large: bool) -> None:
    template = (
        f'{{"Resources": {{"Key": {{"Type": "AWS::KMS::Key", "Properties": {{"KeyPolicy": {written}}}}}}}}}'
    )

    result = run({"111122223333/key.json": template}, {})

    assert ("key-policy-too-large" in {finding.rule for finding in result.findings}) == is_too_large


def test_the_service_linked_role_is_of_the_partition_of_the_key() -> None:
    role = (
        "arn:aws-us-gov:iam::444455556666:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    )
    there = SHARED.replace("arn:aws:iam::444455556666:root", role)
    plan = PLAN.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-west-1", "us-gov-west-1")
    key = KEY.replace("arn:aws:", "arn:aws-us-gov:").replace("eu-west-1", "us-gov-west-1")

    (copy,) = run({"111122223333/us-gov-west-1/plan.yaml": plan, "key.json": there}, {"key.json": key}).copies
    (row,) = (row for row in copy.requirements if row.name == "source-key")

    assert row.verdict == "holds", row.because
