"""Policies before and after a repair, in whole runs: what becomes of the copy, and which requirement decides it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import pytest

from tests.runs import run

SOURCE, DESTINATION = "111122223333", "444455556666"
CENTRAL = f"arn:aws:backup:eu-west-1:{DESTINATION}:backup-vault:central"
LOCAL_KEY = f"arn:aws:kms:eu-west-1:{SOURCE}:key/11111111-2222-3333-4444-555555555555"
CENTRAL_KEY = f"arn:aws:kms:eu-west-1:{DESTINATION}:key/99999999-8888-7777-6666-555555555555"

PLAN = f"""\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: production
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            Lifecycle: {{DeleteAfterDays: 35}}
            CopyActions:
              - DestinationBackupVaultArn: {CENTRAL}
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: files
        IamRoleArn: arn:aws:iam::{SOURCE}:role/backup
        Resources: ["arn:aws:elasticfilesystem:*:*:file-system/*"]
"""


def vault(policy: str, parameters: str = "") -> str:
    """A template of the destination, its vault's policy given as YAML."""
    return (
        dedent(parameters)
        + f"""\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      EncryptionKeyArn: {CENTRAL_KEY}
      LockConfiguration: {{MinRetentionDays: 7}}
      AccessPolicy:
"""
        + indent(dedent(policy), " " * 8)
    )


def statement(principal: str, resource: str = '"*"', condition: str = "") -> str:
    """A policy of one statement that allows copying in."""
    return f"""\
Version: "2012-10-17"
Statement:
  - Effect: Allow
    Principal: {principal}
    Action: backup:CopyIntoBackupVault
    Resource: {resource}
""" + (f"    Condition: {condition}\n" if condition else "")


@dataclass(frozen=True)
class Outcome:
    """What a run says: of the copy, of its requirements by name, and the rules that report, with their certainty."""

    verdict: str
    rows: Mapping[str, str]
    rules: set[str]


def outcome(folder: Path, files: Mapping[str, str], *arguments: str) -> Outcome:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    report = json.loads(run("check", ".", "--format", "json", *arguments, cwd=folder).out)
    (copy,) = report["copies"]
    told = {
        f"{finding['certainty']} {finding['rule']}"
        for finding in report["findings"]
        if finding["severity"] != "info"
    }
    return Outcome(copy["verdict"], {row["name"]: row["verdict"] for row in copy["requirements"]}, told)


def of_vault(folder: Path, text: str, *arguments: str) -> Outcome:
    files = {f"{SOURCE}/eu-west-1/plan.yaml": PLAN, f"{DESTINATION}/eu-west-1/vault.yaml": text}
    return outcome(folder, files, *arguments)


ROLE = f'{{AWS: "arn:aws:iam::{SOURCE}:role/backup"}}'
ORGANIZATION = "{StringEquals: {aws:PrincipalOrgID: !Ref Organization}}"
PARAMETERS = """\
Parameters:
  Organization: {Type: String}
  Stage: {Type: String, Default: production}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
"""


def test_the_role_that_copies_is_named(tmp_path: Path) -> None:
    before = of_vault(tmp_path, vault(statement('{AWS: "arn:aws:iam::777788889999:role/backup"}')))
    after = of_vault(tmp_path, vault(statement(ROLE)))

    assert (before.verdict, before.rows["vault-policy"]) == ("fails", "fails")
    assert before.rules == {"certain copy-refused-by-vault"}
    assert (after.verdict, after.rows["vault-policy"], after.rules) == ("lands", "holds", set())


def test_a_members_vault_whose_policy_speaks_of_the_central_one(tmp_path: Path) -> None:
    """As in aws-samples/backup-recovery-with-aws-backup: copies back are refused, and nobody else is let in either."""
    back = PLAN.replace(CENTRAL, f"arn:aws:backup:eu-west-1:{SOURCE}:backup-vault:local")
    back = back.replace(f"iam::{SOURCE}", f"iam::{DESTINATION}").replace(
        "TargetBackupVault: local", "TargetBackupVault: central"
    )

    def member(resource: str) -> dict[str, str]:
        policy = statement(f'{{AWS: "arn:aws:iam::{DESTINATION}:role/backup"}}', resource)
        text = vault(policy, f"Parameters:\n  Central: {{Type: String, Default: '{CENTRAL}'}}\n")
        text = text.replace("BackupVaultName: central", "BackupVaultName: local").replace(
            CENTRAL_KEY, LOCAL_KEY
        )
        return {f"{SOURCE}/eu-west-1/member.yaml": text, f"{DESTINATION}/eu-west-1/plan.yaml": back}

    before = outcome(tmp_path, member("!Ref Central"))
    after = outcome(
        tmp_path, member("!Sub arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:local")
    )

    assert (before.verdict, before.rows["vault-policy"]) == ("fails", "fails")
    assert before.rules == {"certain vault-policy-resource-never-matches"}
    assert (after.verdict, after.rows["vault-policy"], after.rules) == ("lands", "holds", set())


def test_an_organization_that_a_parameter_gives_is_a_limit(tmp_path: Path) -> None:
    before = of_vault(tmp_path, vault(statement('"*"'), PARAMETERS))
    after = of_vault(tmp_path, vault(statement('"*"', condition=ORGANIZATION), PARAMETERS))

    assert (before.verdict, before.rules) == ("lands", {"certain vault-policy-open-to-anyone"})
    assert (after.verdict, after.rows["vault-policy"], after.rules) == ("lands", "holds", set())


def whole(under_true: str, under_false: str) -> str:
    """A policy that is chosen as a whole."""
    first, second = (indent(policy, "    ")[4:] for policy in (under_true, under_false))
    return f"Fn::If:\n  - IsProduction\n  - {first}  - {second}"


@pytest.mark.parametrize(
    ("policy", "given", "verdict", "row"),
    [
        # the condition is open: either policy may be the one
        (whole(statement(ROLE), statement(ROLE)), (), "lands", "holds"),
        (
            whole(statement(ROLE), statement('{AWS: "arn:aws:iam::777788889999:role/backup"}')),
            (),
            "fails",
            "fails",
        ),
        # it is settled, and one of them is
        (
            whole(statement(ROLE), statement('{AWS: "arn:aws:iam::777788889999:role/backup"}')),
            ("--parameter", "Stage=production"),
            "lands",
            "holds",
        ),
        (
            whole(statement(ROLE), statement('{AWS: "arn:aws:iam::777788889999:role/backup"}')),
            ("--parameter", "Stage=test"),
            "fails",
            "fails",
        ),
        # no policy at all
        (whole(statement(ROLE), "!Ref AWS::NoValue\n"), ("--parameter", "Stage=test"), "fails", "fails"),
        (
            whole(statement(ROLE), "!Ref AWS::NoValue\n"),
            ("--parameter", "Stage=production"),
            "lands",
            "holds",
        ),
    ],
)
def test_whole_policies_under_a_condition(
    tmp_path: Path, policy: str, given: tuple[str, ...], verdict: str, row: str
) -> None:
    found = of_vault(tmp_path, vault(policy, PARAMETERS), *given)

    assert (found.verdict, found.rows["vault-policy"]) == (verdict, row)


@pytest.mark.parametrize(
    ("accounts", "verdict", "row"),
    [
        (
            f"Default: 'arn:aws:iam::777788889999:role/backup,arn:aws:iam::{SOURCE}:role/backup'",
            "lands",
            "holds",
        ),
        (f"Default: 'arn:aws:iam::{SOURCE}:role/backup'", "lands", "holds"),
        (
            "Default: 'arn:aws:iam::777788889999:role/backup,arn:aws:iam::555566667777:role/backup'",
            "fails",
            "fails",
        ),
        ("Description: who may copy", "unsure", "unsure"),
    ],
)
def test_principals_in_a_list_that_a_parameter_gives(
    tmp_path: Path, accounts: str, verdict: str, row: str
) -> None:
    parameters = f"Parameters:\n  Roles:\n    Type: CommaDelimitedList\n    {accounts}\n"
    found = of_vault(tmp_path, vault(statement("{AWS: !Ref Roles}"), parameters))

    assert (found.verdict, found.rows["vault-policy"]) == (verdict, row)


def test_principals_in_a_list_that_the_command_line_gives(tmp_path: Path) -> None:
    parameters = "Parameters:\n  Accounts: {Type: CommaDelimitedList}\n"
    text = vault(statement("{AWS: !Ref Accounts}"), parameters)

    before = of_vault(tmp_path, text, "--parameter", "Accounts=777788889999,555566667777")
    after = of_vault(tmp_path, text, "--parameter", f"Accounts=777788889999,{SOURCE}")

    assert (before.verdict, before.rows["vault-policy"]) == ("fails", "fails")
    assert (after.verdict, after.rows["vault-policy"]) == ("lands", "holds")


# The key that encrypts the backups in the source account

OWN = f"""\
- Sid: Own
  Effect: Allow
  Principal: {{AWS: ["arn:aws:iam::{SOURCE}:root", "arn:aws:iam::{SOURCE}:role/backup"]}}
  Action: kms:*
  Resource: "*"
"""
USE = f"""\
- Sid: Use
  Effect: Allow
  Principal: {{AWS: "arn:aws:iam::{DESTINATION}:root"}}
  Action: [kms:DescribeKey, kms:Decrypt, "kms:ReEncrypt*", "kms:GenerateDataKey*"]
  Resource: "*"
"""
GRANT = f"""\
- Sid: Grant
  Effect: Allow
  Principal: {{AWS: "arn:aws:iam::{DESTINATION}:root"}}
  Action: kms:CreateGrant
  Resource: "*"
  Condition: {{Bool: {{kms:GrantIsForAWSResource: "true"}}}}
"""


def via(service: str) -> str:
    """What lets the destination use the key through one service only."""
    condition = f"  Condition: {{StringEquals: {{kms:ViaService: {service}}}}}\n"
    grant = GRANT.replace("Condition: {", f"Condition: {{StringEquals: {{kms:ViaService: {service}}}, ")
    return USE + condition + grant


def with_key(folder: Path, statements: str) -> Outcome:
    """A run in which the vault that is copied from has a key with these statements in its policy."""
    source = f"""\
Resources:
  Local:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: local
      EncryptionKeyArn: !GetAtt Key.Arn
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
{indent(statements, " " * 10)}"""
    files = {
        f"{SOURCE}/eu-west-1/plan.yaml": PLAN,
        f"{SOURCE}/eu-west-1/vault.yaml": source,
        f"{DESTINATION}/eu-west-1/vault.yaml": vault(statement(ROLE)),
    }
    return outcome(folder, files)


def test_a_source_key_that_the_destination_may_use(tmp_path: Path) -> None:
    before = with_key(tmp_path, OWN)
    after = with_key(tmp_path, OWN + USE + GRANT)

    assert (before.verdict, before.rows["source-key"]) == ("fails", "fails")
    assert before.rules == {"certain source-key-not-shared"}
    assert (after.verdict, after.rows["source-key"], after.rules) == ("lands", "holds", set())


def test_a_source_key_shared_through_a_service_that_does_not_exist(tmp_path: Path) -> None:
    """Without a region the value is no service's, and the statements are dead."""
    before = with_key(tmp_path, OWN + via("backup.amazonaws.com"))
    after = with_key(tmp_path, OWN + via("backup.eu-west-1.amazonaws.com"))

    assert (before.verdict, before.rows["source-key"]) == ("fails", "fails")
    assert (after.verdict, after.rows["source-key"]) == ("lands", "holds")
    assert "certain source-key-not-shared" not in after.rules


@pytest.mark.parametrize("missing", ["kms:DescribeKey", "kms:CreateGrant"])
def test_a_source_key_shared_without_what_a_copy_cannot_do_without(tmp_path: Path, missing: str) -> None:
    shared = (USE + GRANT).replace(missing, "kms:GetPublicKey")
    found = with_key(tmp_path, OWN + shared)

    assert (found.verdict, found.rows["source-key"]) == ("fails", "fails")
    assert "certain source-key-not-shared" in found.rules
