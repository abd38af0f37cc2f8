"""What the AWS CLI prints, and how several documents and a template that speak of one vault become one noun."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from xbackup_lint.config.deployments import Assignments, parse_assignment
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.sources import attach
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import Verdict

ACCOUNT, REGION = "444455556666", "eu-west-1"
ARN = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:central"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NOT_SHOWN = "not shown"


def allow(principal: str = "arn:aws:iam::111122223333:role/backup", **more: Any) -> dict[str, Any]:
    statement = {
        "Sid": "Copies",
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement | more]}


POLICY = allow()
DESCRIBED: dict[str, Any] = {
    "BackupVaultName": "central",
    "BackupVaultArn": ARN,
    "VaultType": "BACKUP_VAULT",
    "EncryptionKeyArn": KEY,
    "CreationDate": "2026-10-01T12:00:00+00:00",
    "NumberOfRecoveryPoints": 0,
    "Locked": True,
    "MinRetentionDays": 30,
}
POLICY_OF_VAULT: dict[str, Any] = {
    "BackupVaultName": "central",
    "BackupVaultArn": ARN,
    "Policy": json.dumps(POLICY),
}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Owner", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}],
}  # fmt: skip
PLAN = {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "central"}]}


def template(body: str = "", name: str = "central", kind: str = "BackupVault") -> str:
    return f"Resources:\n  Vault:\n    Type: AWS::Backup::{kind}\n    Properties:\n      BackupVaultName: {name}\n{body}"


OWN_POLICY = (
    "      AccessPolicy:\n        Version: '2012-10-17'\n        Statement: [{Sid: Own, Effect: Deny}]\n"
)


def read(documents: Mapping[str, Any], *accounts: str) -> Readings:
    """Every document under its path; what is no text is written as JSON."""
    inputs = [
        Input(path, path, True, document if isinstance(document, str) else json.dumps(document))
        for path, document in sorted(documents.items())
    ]
    regions = (parse_assignment(REGION, "region"),)
    given = tuple(parse_assignment(account, "account") for account in accounts)
    return read_inputs(inputs, Assignments(given, regions if accounts else ()))


def only(texts: Texts) -> str | None:
    """The one value of a property."""
    if not texts.options:
        return NOT_SHOWN
    [value] = texts.values
    return str(value) if value is not None else None


def place(vault: Vault) -> tuple[str | None, str | None]:
    return vault.account.known, vault.region.known


def policy(vault: Vault) -> list[str] | str | None:
    """The statements of a vault's policy by their Sids; None where it has none."""
    if vault.policy is None:
        return None
    return NOT_SHOWN if vault.policy.unknown else [str(statement.sid) for statement in vault.policy]


def vaults(readings: Readings) -> list[tuple[str | None, str | None, list[str] | str | None]]:
    """Account, key and policy of every vault."""
    return [
        (vault.account.known, only(vault.encryption_key), policy(vault)) for vault in readings.estate.vaults
    ]


def statements(readings: Readings) -> list[tuple[str, str, str | None]]:
    """Every statement: its Sid, what it is attached to, and the account of that."""

    def attached(statement: PolicyStatement) -> str:
        return statement.vault.label if statement.vault is not None else statement.policy_kind

    return [
        (str(s.statement.sid), attached(s), s.deployment.account.known) for s in readings.estate.statements
    ]


# What each call prints


def test_describe_backup_vault() -> None:
    [vault] = read({"vault.json": DESCRIBED}).estate.vaults

    assert (vault.label, vault.kind, vault.names) == ("central", "standard", frozenset({"central"}))
    assert place(vault) == (ACCOUNT, REGION)
    assert only(vault.encryption_key) == KEY
    assert (only(vault.min_retention_days), only(vault.max_retention_days)) == ("30", None)
    assert policy(vault) == NOT_SHOWN, "the call does not print it"
    assert vault.span.text == '"central"'


@pytest.mark.parametrize(
    ("changes", "kind", "key"),
    [
        ({"VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "EncryptionKeyType": "CUSTOMER_MANAGED_KMS_KEY"}, "air-gapped", KEY),
        ({"VaultType": "RESTORE_ACCESS_BACKUP_VAULT"}, "air-gapped", KEY),
        ({"EncryptionKeyArn": None, "EncryptionKeyType": "AWS_OWNED_KMS_KEY"}, "standard", None),
        ({"EncryptionKeyArn": None}, "standard", NOT_SHOWN),
    ],
)  # fmt: skip
def test_the_kind_of_a_vault_and_of_its_key(changes: dict[str, Any], kind: str, key: str | None) -> None:
    [vault] = read({"vault.json": DESCRIBED | changes}).estate.vaults

    assert (vault.kind, only(vault.encryption_key)) == (kind, key)


def test_get_backup_vault_access_policy() -> None:
    readings = read({"policy.json": POLICY_OF_VAULT})
    [vault] = readings.estate.vaults

    assert (vault.label, place(vault), policy(vault)) == ("central", (ACCOUNT, REGION), ["Copies"])
    assert (only(vault.encryption_key), only(vault.min_retention_days)) == (NOT_SHOWN, NOT_SHOWN)
    assert statements(readings) == [("Copies", "central", ACCOUNT)]
    assert (
        readings.estate.statements[0].statement.actions[0][1].span.text == r"\"backup:CopyIntoBackupVault\""
    )


def test_a_policy_that_is_none_is_told() -> None:
    readings = read({"policy.json": POLICY_OF_VAULT | {"Policy": json.dumps(POLICY)[:-1]}})

    assert [problem.kind for problem in readings.estate.problems] == ["vault-policy-invalid"]


def test_the_input_of_put_backup_vault_access_policy() -> None:
    """It has no ARN: the account is that of the file."""
    given = {"BackupVaultName": "central", "Policy": json.dumps(POLICY)}

    assert place(read({"policy.json": given}).estate.vaults[0]) == (None, None)
    assert place(read({f"{ACCOUNT}/{REGION}/policy.json": given}).estate.vaults[0]) == (ACCOUNT, REGION)


def test_list_backup_vaults() -> None:
    other = DESCRIBED | {"BackupVaultName": "second", "BackupVaultArn": ARN.replace("central", "second")}
    estate = read({"list.json": {"BackupVaultList": [DESCRIBED, other]}}).estate

    assert [(vault.label, place(vault)) for vault in estate.vaults] == [
        ("central", (ACCOUNT, REGION)),
        ("second", (ACCOUNT, REGION)),
    ]
    [listing] = estate.listings
    assert (listing.deployment.account.known, listing.deployment.region.known) == (ACCOUNT, REGION)


def test_an_empty_list_says_that_there_is_none() -> None:
    [listing] = read({f"{ACCOUNT}/{REGION}/list.json": {"BackupVaultList": []}}).estate.listings

    assert (listing.deployment.account.known, listing.deployment.region.known) == (ACCOUNT, REGION)


@pytest.mark.parametrize(
    "members",
    [
        {"BackupVaultList": [DESCRIBED], "NextToken": "eyJ0"},
        {
            "BackupVaultList": [
                DESCRIBED,
                DESCRIBED | {"BackupVaultArn": ARN.replace(ACCOUNT, "111122223333")},
            ]
        },
    ],
)
def test_a_list_that_is_not_whole_is_no_listing(members: dict[str, Any]) -> None:
    """A page of it, or the vaults that others share: a name that is not there may be there."""
    estate = read({"list.json": members}).estate

    assert estate.vaults != []
    assert estate.listings == []


def test_get_backup_plan() -> None:
    arn = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-plan:4b2c"
    for document in (
        PLAN,
        {"BackupPlan": PLAN},
        {"BackupPlan": PLAN, "BackupPlanArn": arn, "VersionId": "Zt"},
    ):
        estate = read({"plan.json": document}).estate

        assert [(plan.label, plan.form, plan.span.text) for plan in estate.plans] == [
            ("daily", "api", '"daily"')
        ]
        assert [rule.target_vault.only for rule in estate.rules] == [
            _text("central", estate.rules[0].target_vault)
        ]
        known = ACCOUNT if "BackupPlanArn" in document else None
        assert estate.deployments[0].account.known == known


def _text(known: str, like: Texts) -> Text | None:
    found = like.only
    return found if found is not None and found.known == known else None


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"Policy": json.dumps(KEY_POLICY), "PolicyName": "default"}, "key"),
        ({"Policy": json.dumps(KEY_POLICY)}, "key"),
        ({"Policy": json.dumps(KEY_POLICY).replace("kms:*", "*"), "PolicyName": "default"}, "key"),
        # `s3api get-bucket-policy` prints the same member
        ({"Policy": json.dumps(KEY_POLICY).replace("kms:*", "s3:*")}, "identity"),
    ],
)
def test_get_key_policy(document: dict[str, Any], kind: str) -> None:
    readings = read({f"{ACCOUNT}/{REGION}/key.json": document})

    assert [(s.policy_kind, s.deployment.account.known) for s in readings.estate.statements] == [
        (kind, ACCOUNT)
    ]


YAML_OF_CLI = f"""\
BackupVaultArn: {ARN}
BackupVaultName: central
Policy: '{json.dumps(POLICY)}'
"""


def test_output_as_yaml() -> None:
    assert statements(read({"policy.yaml": YAML_OF_CLI})) == [("Copies", "central", ACCOUNT)]


@pytest.mark.parametrize(
    "document",
    [
        # what is in a vault carries its name and ARN as well
        {"BackupVaultName": "central", "BackupVaultArn": ARN, "RecoveryPointArn": "a", "ResourceArn": "b", "EncryptionKeyArn": KEY},
        {"BackupVaultName": "central", "BackupVaultArn": ARN, "BackupJobId": "1", "ResourceArn": "b"},
        {"BackupVaultName": "central"},
        {"BackupVaultName": "central", "EncryptionKeyArn": KEY},
        {"BackupPlansList": [{"BackupPlanArn": "a", "BackupPlanName": "daily"}]},
        {"BackupPlan": "daily"},
        {"BackupPlan": {"enabled": True}},
        {"BackupPlanName": "daily", "Rules": "none"},
        {"Rules": [{"RuleName": "daily", "TargetBackupVaultName": "central"}]},
        {"Policy": {"PolicySummary": {"Type": "BACKUP_POLICY"}, "Content": "BackupPlan"}},
        {"Policy": "BackupVault", "RoleName": "backup"},
        {"status_code": 200, "data": {"BackupVaultList": []}},
        ["BackupVaultName", "BackupVaultArn"],
    ],
)  # fmt: skip
def test_what_no_call_of_ours_prints_is_passed_over(document: object) -> None:
    readings = read({"other.json": document})

    assert readings.read == []
    assert [path for path, _ in readings.passed_over] == ["other.json"]


# Documents of one vault


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_description_and_policy_are_one_vault(names: tuple[str, str]) -> None:
    readings = read({names[0]: DESCRIBED, names[1]: POLICY_OF_VAULT})
    [vault] = readings.estate.vaults

    assert vaults(readings) == [(ACCOUNT, KEY, ["Copies"])]
    assert only(vault.min_retention_days) == "30"
    assert statements(readings) == [("Copies", "central", ACCOUNT)]
    assert readings.estate.statements[0].vault is vault
    assert readings.estate.vaults_named("central") == [vault]
    assert [one.account.known for one in readings.estate.deployments] == [ACCOUNT]


def test_list_description_and_policy_are_one_vault() -> None:
    air_gapped = DESCRIBED | {"VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"}
    readings = read(
        {"a.json": POLICY_OF_VAULT, "b.json": {"BackupVaultList": [air_gapped]}, "c.json": DESCRIBED}
    )

    assert vaults(readings) == [(ACCOUNT, KEY, ["Copies"])]
    assert readings.estate.vaults[0].kind == "air-gapped"
    assert len(readings.estate.listings) == 1


def test_of_two_policies_of_one_vault_the_first_counts_and_both_are_checked() -> None:
    later = POLICY_OF_VAULT | {"Policy": json.dumps(allow(Sid="Later"))}
    readings = read({"a.json": POLICY_OF_VAULT, "b.json": later})

    assert vaults(readings) == [(ACCOUNT, NOT_SHOWN, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT), ("Later", "central", ACCOUNT)]


@pytest.mark.parametrize(
    "arn",
    [
        ARN.replace(ACCOUNT, "111122223333"),
        ARN.replace(REGION, "eu-central-1"),
        ARN.replace("central", "other"),
    ],
)
def test_vaults_that_differ_in_account_region_or_name_stay_apart(arn: str) -> None:
    other = POLICY_OF_VAULT | {"BackupVaultArn": arn, "BackupVaultName": arn.rsplit(":", 1)[1]}
    readings = read({"a.json": DESCRIBED, "b.json": other})

    assert [policy(vault) for vault in readings.estate.vaults] == [NOT_SHOWN, ["Copies"]]


def test_a_document_without_arn_is_of_the_only_vault_of_its_name() -> None:
    given = {"BackupVaultName": "central", "Policy": json.dumps(POLICY)}

    assert vaults(read({"a.json": DESCRIBED, "b.json": given})) == [(ACCOUNT, KEY, ["Copies"])]
    elsewhere = DESCRIBED | {"BackupVaultArn": ARN.replace(REGION, "eu-central-1")}
    assert len(vaults(read({"a.json": DESCRIBED, "b.json": given, "c.json": elsewhere}))) == 3


# A document and a template


def test_a_policy_is_attached_to_the_vault_that_a_template_declares_without_one() -> None:
    readings = read({"policy.json": POLICY_OF_VAULT, "vault.yaml": template()}, f"{ACCOUNT}=vault.yaml")
    [vault] = readings.estate.vaults

    assert (vault.is_printed, vault.span.text) == (False, "Vault")
    assert vaults(readings) == [(ACCOUNT, None, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT)]
    assert readings.estate.statements[0].vault is vault
    assert len(readings.estate.deployments) == 1


def test_a_template_is_what_will_be() -> None:
    """Its policy, key and kind stand against those that are deployed today; what is deployed is checked too."""
    body = f"      EncryptionKeyArn: {KEY.replace('1234abcd', 'abcd1234')}\n{OWN_POLICY}"
    readings = read(
        {"a.json": DESCRIBED, "b.json": POLICY_OF_VAULT, "vault.yaml": template(body)},
        f"{ACCOUNT}=vault.yaml",
    )

    assert vaults(readings) == [(ACCOUNT, KEY.replace("1234abcd", "abcd1234"), ["Own"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT), ("Own", "central", ACCOUNT)]
    assert {s.vault for s in readings.estate.statements} == {readings.estate.vaults[0]}


def test_a_description_says_nothing_of_the_policy_that_a_template_leaves_out() -> None:
    readings = read({"a.json": DESCRIBED, "vault.yaml": template()}, f"{ACCOUNT}=vault.yaml")

    assert vaults(readings) == [(ACCOUNT, None, None)]


def test_a_template_whose_account_is_not_known() -> None:
    """It gets the policy, and the document stays: only that knows of a vault in this account."""
    readings = read({"policy.json": POLICY_OF_VAULT, "vault.yaml": template()})

    assert vaults(readings) == [(ACCOUNT, NOT_SHOWN, ["Copies"]), (None, None, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT)]


def test_a_template_in_another_account_is_not_meant() -> None:
    readings = read({"policy.json": POLICY_OF_VAULT, "vault.yaml": template()}, "111122223333=vault.yaml")

    assert vaults(readings) == [(ACCOUNT, NOT_SHOWN, ["Copies"]), ("111122223333", None, None)]


def test_two_templates_that_may_be_meant_are_left_alone() -> None:
    readings = read({"policy.json": POLICY_OF_VAULT, "a.yaml": template(), "b.yaml": template()})

    assert vaults(readings) == [(ACCOUNT, NOT_SHOWN, ["Copies"]), (None, None, None), (None, None, None)]


@pytest.mark.parametrize("name", ["other", "!Ref AWS::StackName", "!Sub central-${AWS::Region}"])
def test_a_template_s_vault_of_another_name_is_not_meant(name: str) -> None:
    readings = read(
        {"policy.json": POLICY_OF_VAULT, "vault.yaml": template(name=name)}, f"{ACCOUNT}=vault.yaml"
    )

    assert vaults(readings) == [(ACCOUNT, NOT_SHOWN, ["Copies"]), (ACCOUNT, None, None)]


def test_in_which_order_documents_are_read_is_of_no_account() -> None:
    documents = (DESCRIBED, POLICY_OF_VAULT, {"BackupVaultList": [DESCRIBED]}, template())

    outcomes = set()
    for order in permutations(documents):
        files = {f"{at}.yaml" if isinstance(one, str) else f"{at}.json": one for at, one in enumerate(order)}
        readings = read(files, f"{ACCOUNT}=*.yaml")
        outcomes.add((str(vaults(readings)), str(statements(readings))))

    assert outcomes == {(str([(ACCOUNT, None, ["Copies"])]), str([("Copies", "central", ACCOUNT)]))}


def test_one_name_in_many_accounts_costs_no_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault of the same name in each of 60 accounts, printed and declared: each finds its own at once."""
    asked: list[object] = []

    def counted(left: Text, right: Text | str) -> Verdict:
        asked.append(left)
        return equals(left, right)

    monkeypatch.setattr(attach, "equals", counted)
    accounts = [f"{at:012d}" for at in range(100, 160)]
    documents = {
        f"{one}.json": POLICY_OF_VAULT | {"BackupVaultArn": ARN.replace(ACCOUNT, one)} for one in accounts
    }
    templates = {f"{one}/{REGION}/vault.yaml": template() for one in accounts}
    readings = read(documents | templates)

    assert vaults(readings) == [(one, None, ["Copies"]) for one in accounts]
    assert len(asked) < 10 * len(accounts)


# A policy in a file of its own


def bare(resource: object) -> dict[str, Any]:
    return allow(Resource=resource)


def test_a_policy_is_attached_to_the_vault_that_it_names() -> None:
    readings = read({"policy.json": bare(ARN), "vault.yaml": template()}, f"{ACCOUNT}=vault.yaml")

    assert vaults(readings) == [(ACCOUNT, None, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT)]
    assert len(readings.estate.deployments) == 1, "a document that found its vault is no account of its own"


def test_a_policy_description_and_template_of_one_vault() -> None:
    readings = read(
        {"a.json": bare([ARN, f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:*"]), "b.json": DESCRIBED, "vault.yaml": template()},
        f"{ACCOUNT}=vault.yaml",
    )  # fmt: skip

    assert vaults(readings) == [(ACCOUNT, None, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT)]


def test_a_policy_is_attached_to_a_vault_that_was_printed() -> None:
    readings = read({"a.json": bare(ARN), "b.json": DESCRIBED})

    assert vaults(readings) == [(ACCOUNT, KEY, ["Copies"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT)]


def test_a_policy_that_names_a_vault_with_a_policy_does_not_replace_it() -> None:
    readings = read({"policy.json": bare(ARN), "vault.yaml": template(OWN_POLICY)}, f"{ACCOUNT}=vault.yaml")

    assert vaults(readings) == [(ACCOUNT, None, ["Own"])]
    assert statements(readings) == [("Copies", "central", ACCOUNT), ("Own", "central", ACCOUNT)]


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        ARN.replace("central", "*"),
        ARN.replace("central", "other"),
        ARN.replace(ACCOUNT, "111122223333"),
        [ARN, ARN.replace("central", "other")],
        f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:*",
    ],
)
def test_a_policy_that_names_no_vault_of_the_files_stands_alone(resource: object) -> None:
    readings = read({"policy.json": bare(resource), "vault.yaml": template()}, f"{ACCOUNT}=vault.yaml")

    assert vaults(readings) == [(ACCOUNT, None, None)]
    assert statements(readings) == [("Copies", "vault", None)]


def test_key_and_identity_policies_belong_to_no_vault() -> None:
    identity = {"Statement": {"Sid": "Use", "Effect": "Allow", "Action": "backup:*", "Resource": ARN}}
    readings = read(
        {"a.json": identity, "b.json": KEY_POLICY, "vault.yaml": template()}, f"{ACCOUNT}=vault.yaml"
    )

    assert vaults(readings) == [(ACCOUNT, None, None)]
    assert statements(readings) == [("Use", "identity", None), ("Owner", "key", None)]
