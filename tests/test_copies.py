"""`xbackup-lint copies`: each copy, what becomes of it, and what decides that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runs import run

PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: production
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            Lifecycle: {DeleteAfterDays: 35}
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
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
      LockConfiguration: {MinRetentionDays: 30}
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: TheRoleThatCopies
            Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/backup"}
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""


def copies(folder: Path, plan: str, vault: str, *arguments: str) -> tuple[int, str]:
    for account, name, text in (("111122223333", "plan.yaml", plan), ("444455556666", "vault.yaml", vault)):
        place = folder / account / "eu-west-1"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    ran = run("copies", ".", *arguments, cwd=folder)
    return ran.status, ran.out


def test_a_copy_that_lands_and_what_it_rests_on(tmp_path: Path) -> None:
    assert copies(tmp_path, PLAN, VAULT) == (
        0,
        """\
lands   production/daily  111122223333/eu-west-1/plan.yaml:12:44
        111122223333/eu-west-1 → 444455556666/eu-west-1 central, kept 35 days
        if organization: both accounts are in one organization that has cross-account backup on
        if role: arn:aws:iam::111122223333:role/backup may copy
        if service-control: no service control policy denies it
        if source-key: the keys of the vault and of the resources are shared with the destination account
        if resource-types: what the tags select can be copied to another account

vault   444455556666/eu-west-1 central  444455556666/eu-west-1/vault.yaml:2:3
        copy in: arn:aws:iam::111122223333:role/backup (TheRoleThatCopies)
        delete: identities of account 444455556666 that IAM lets

no errors, 2 notes (--show info); 2 files, 2 accounts, 1 copy (1 lands)
""",
    )


FAILS = [
    pytest.param(
        PLAN,
        VAULT.replace("role/backup", "role/service-role/backup"),
        "vault-policy: the policy of `central` names `arn:aws:iam::111122223333:role/service-role/backup`: the path of "
        "the role arn:aws:iam::111122223333:role/backup is another (TheRoleThatCopies) "
        "(444455556666/eu-west-1/vault.yaml:13:30)",
        id="the path of the role differs",
    ),
    pytest.param(
        PLAN,
        VAULT[: VAULT.index("      AccessPolicy")],
        "vault-policy: vault `central` has no access policy: it refuses every other account "
        "(444455556666/eu-west-1/vault.yaml:2:3)",
        id="no access policy",
    ),
    pytest.param(
        PLAN,
        VAULT.replace("MinRetentionDays: 30", "MinRetentionDays: 36"),
        "retention: kept 35 days, and the vault's lock asks for at least 36 (111122223333/eu-west-1/plan.yaml:10:42)",
        id="the lock asks for more",
    ),
    pytest.param(
        PLAN.replace("backup-vault:central", "vault:central"),
        VAULT,
        "destination: `arn:aws:backup:eu-west-1:444455556666:vault:central` is not the ARN of a vault "
        "(111122223333/eu-west-1/plan.yaml:12:82)",
        id="no ARN of a vault",
    ),
    pytest.param(
        PLAN.replace("backup-vault:central", "backup-vault:Default"),
        VAULT,
        "destination: the default vault of another account takes no copies (111122223333/eu-west-1/plan.yaml:12:95)",
        id="the default vault",
    ),
]


@pytest.mark.parametrize(("plan", "vault", "why"), FAILS)
def test_a_copy_that_fails_and_why(tmp_path: Path, plan: str, vault: str, why: str) -> None:
    status, out = copies(tmp_path, plan, vault)

    assert status == 1
    assert out.startswith("fails   production/daily  ")
    assert [line.strip() for line in out.splitlines() if line.startswith("        fails")] == [f"fails {why}"]


def test_a_copy_to_a_vault_that_no_file_describes_is_unsure(tmp_path: Path) -> None:
    status, out = copies(
        tmp_path, PLAN, VAULT.replace("BackupVaultName: central", "BackupVaultName: elsewhere")
    )

    assert status == 0
    assert out.startswith("unsure  production/daily  ")
    assert (
        "unsure destination: no file describes `arn:aws:backup:eu-west-1:444455556666:backup-vault:central`"
        in out
    )


def test_a_copy_is_shown_once_where_all_stacks_say_the_same(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "vault.yaml").write_text(
        VAULT.replace('{AWS: "arn:aws:iam::111122223333:role/backup"}', '"*"')
        + "            Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}\n"
    )
    accounts = [f"{100000000000 + number}" for number in range(5)]
    (tmp_path / ".xbackup-lint.yaml").write_text(
        f"deployments:\n  - {{templates: plan.yaml, regions: [eu-west-1], accounts: {json.dumps(accounts)}}}\n"
        "  - {templates: vault.yaml, regions: [eu-west-1], accounts: ['444455556666']}\n"
    )

    out = run("copies", ".", cwd=tmp_path).out

    assert out.count("kept 35 days") == 1
    assert (
        "100000000000/eu-west-1, 100000000001/eu-west-1, 100000000002/eu-west-1 and 2 more → 444455556666"
        in out
    )
    assert "5 copies (5 land)" in out


def test_json_holds_every_requirement(tmp_path: Path) -> None:
    _, out = copies(tmp_path, PLAN, VAULT, "--format", "json")

    (copy,) = json.loads(out)["copies"]
    assert copy["verdict"] == "lands"
    assert [(row["name"], row["verdict"]) for row in copy["requirements"]] == [
        ("destination", "holds"),
        ("partition-and-region", "holds"),
        ("organization", "assumed"),
        ("vault-policy", "holds"),
        ("role", "assumed"),
        ("service-control", "assumed"),
        ("source-key", "assumed"),
        ("destination-key", "holds"),
        ("retention", "holds"),
        ("resource-types", "assumed"),
    ]


PATHS = VAULT.replace('{AWS: "arn:aws:iam::111122223333:role/backup"}', '"*"') + (
    "            Condition:\n              ForAnyValue:StringLike:\n"
    "                aws:PrincipalOrgPaths: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*\n"
)
TREE = """\
organization: o-a1b2c3d4e5
accounts: {production: {id: "111122223333"}}
organization-tree:
  id: r-ab12
  ous:
    UNIT: {accounts: [production]}
"""


@pytest.mark.parametrize(
    ("unit", "verdict"), [("ou-ab12-11111111", "lands"), ("ou-ab12-22222222", "fails"), (None, "unsure")]
)
def test_the_place_in_the_organization_decides(tmp_path: Path, unit: str | None, verdict: str) -> None:
    """The vault lets one organizational unit in: whether the source is in it, only the configuration can tell."""
    (tmp_path / ".git").mkdir()
    if unit is not None:
        (tmp_path / ".xbackup-lint.yaml").write_text(TREE.replace("UNIT", unit))

    _, out = copies(tmp_path, PLAN, PATHS)

    assert out.startswith(f"{verdict:<6}  production/daily")
    assert verdict != "unsure" or "the organizational unit of account 111122223333 is not known" in out


def test_a_vault_that_only_may_be_the_destination_refuses_nothing_for_certain(tmp_path: Path) -> None:
    """The vault's region is not known: if it is another, it says nothing of this copy."""
    (tmp_path / "111122223333" / "eu-west-1").mkdir(parents=True)
    (tmp_path / "111122223333" / "eu-west-1" / "plan.yaml").write_text(PLAN)
    (tmp_path / "444455556666").mkdir()
    for name in ("one", "two"):  # of two of a name neither is taken to be it
        (tmp_path / "444455556666" / f"{name}.yaml").write_text(VAULT[: VAULT.index("      AccessPolicy")])

    ran = run("copies", ".", "--format", "json", cwd=tmp_path)

    (copy,) = json.loads(ran.out)["copies"]
    assert copy["verdict"] == "unsure"
    assert {row["name"]: row["verdict"] for row in copy["requirements"]}["vault-policy"] == "unsure"
