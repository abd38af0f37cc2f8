"""What is deployed, beside what is to be: outputs of the AWS CLI and of AWS Config, joined with templates."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.runs import run
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.role import Role
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings

FIXTURE = Path(__file__).parent / "fixtures" / "estates" / "aws-cli"
SOURCE, CENTRAL, REGION = "111122223333", "444455556666", "eu-west-1"
ROLE = f"arn:aws:iam::{SOURCE}:role/backup"
VAULT = f"arn:aws:backup:{REGION}:{CENTRAL}:backup-vault:central"
KEY = f"arn:aws:kms:{REGION}:{CENTRAL}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ORGANIZATION, MANAGEMENT = "o-a1b2c3d4e5", "999988887777"
PLAN = "production/111122223333/eu-west-1/plan.yaml"
Json = dict[str, Any]


def policy(*actions: str, **more: object) -> Json:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement | more]}


TRUST = policy("sts:AssumeRole", Principal={"Service": "backup.amazonaws.com"})
COPIES = policy("backup:CopyIntoBackupVault", "backup:CopyFromBackupVault")
KEY_POLICY = policy("kms:*", Principal={"AWS": f"arn:aws:iam::{CENTRAL}:root"})
VAULT_POLICY = policy("backup:CopyIntoBackupVault", Principal={"AWS": ROLE})


def read(documents: Mapping[str, object]) -> Readings:
    """Every document under its path; a list is one of JSON lines, a text is as it stands."""
    inputs = []
    for path, document in sorted(documents.items()):
        text = json.dumps(document)
        if isinstance(document, list):
            text = "\n".join(map(json.dumps, document))
        inputs.append(Input(path, path, True, document if isinstance(document, str) else text))
    return read_inputs(inputs, Assignments((), ()))


def report(folder: Path, *arguments: str) -> Json:
    document: Json = json.loads(run(".", "--format", "json", *arguments, cwd=folder).out)
    return document


# The whole of it: vaults of another account, as calls and AWS Config print them, and a plan in a template


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "estate"))


def verdicts(document: Json) -> dict[str, str]:
    return {copy["destination"]["vault"]: copy["verdict"] for copy in document["copies"]}


def rows(document: Json, vault: str) -> dict[str, tuple[str, str]]:
    (copy,) = (one for one in document["copies"] if one["destination"]["vault"] == vault)
    return {row["name"]: (row["verdict"], row["because"]) for row in copy["requirements"]}


def test_copies_into_deployed_vaults(estate: Path) -> None:
    document = report(estate)

    assert verdicts(document) == {
        "central": "lands",
        "archive": "fails",
        "described": "unsure",
        "recorded": "lands",
    }
    lands = rows(document, "central")
    assert {name: verdict for name, (verdict, _) in lands.items() if verdict != "holds"} == {}
    assert lands["organization"][1].startswith(f"both accounts are in `{ORGANIZATION}`")
    assert rows(document, "described")["vault-policy"][0] == "unsure"
    assert {one["rule"] for one in document["findings"] if one["severity"] != "info"} == {
        "copy-refused-by-vault"
    }


def without(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def edited(path: str, before: str, after: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / path).read_text()
        assert before in text
        (folder / path).write_text(text.replace(before, after))

    return edit


def declared(folder: Path) -> None:
    """A template that is to lock the source account out of the vault that lets it in today."""
    (folder / CENTRAL / REGION).mkdir(parents=True)
    (folder / CENTRAL / REGION / "central.json").write_text(
        json.dumps(
            {
                "Resources": {
                    "Central": {
                        "Type": "AWS::Backup::BackupVault",
                        "Properties": {
                            "BackupVaultName": "central",
                            "EncryptionKeyArn": KEY,
                            "AccessPolicy": policy(
                                "backup:CopyIntoBackupVault",
                                Principal={"AWS": "arn:aws:iam::222233334444:root"},
                            ),
                        },
                    }
                }
            }
        )
    )


def declared_role(folder: Path) -> None:
    """A template that is to take from the role what it may do today."""
    template = folder / PLAN
    template.write_text(
        template.read_text()
        + "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: backup\n"
        + f"      AssumeRolePolicyDocument: {json.dumps(TRUST)}\n"
    )


def narrowed(folder: Path) -> None:
    """A role that may list backups, and nothing that the policy attached to it does not let it."""
    edited("production/authorization.json", "backup:Copy", "backup:List")(folder)
    edited("production/authorization.json", "PolicyForBackup", "PolicyForRestores")(folder)


CHANGES = [
    pytest.param(declared, "vault-policy", "fails", id="a template is what will be"),
    pytest.param(declared_role, "role", "fails", id="and so it is of a role"),
    pytest.param(narrowed, "role", "fails", id="a deployed role that may not copy"),
    pytest.param(without("production/authorization.json"), "role", "assumed", id="a role that nobody tells of"),
    pytest.param(
        edited("organization.jsonl", '"true"', '"false"'), "organization", "fails", id="cross-account backup is off"
    ),
    pytest.param(
        edited("organization.jsonl", f'"Id": "{CENTRAL}", ', ""), "organization", "holds", id="an id stands in the ARN too"
    ),
    pytest.param(
        edited("organization.jsonl", f"/{CENTRAL}", "/000011112222"), "organization", "assumed", id="no member"
    ),
    pytest.param(
        edited("organization.jsonl", "backup:DeleteBackupVault", "backup:CopyIntoBackupVault"),
        "service-control",
        "fails",
        id="a control policy of the root, as its targets say",
    ),
    pytest.param(
        edited("organization.jsonl", '"TargetId": "r-ab12"', f'"TargetId": "{CENTRAL}"'),
        "service-control",
        "assumed",
        id="one of another account",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "row", "verdict"), CHANGES)
def test_what_the_documents_decide(
    estate: Path, change: Callable[[Path], None], row: str, verdict: str
) -> None:
    change(estate)

    assert rows(report(estate), "central")[row][0] == verdict


def test_the_configuration_goes_before_what_was_printed(estate: Path) -> None:
    (estate / ".xbackup-lint.yaml").write_text("organization: o-zzzzzzzzzz\n")

    assert rows(report(estate), "central")["organization"][0] == "assumed"


# Roles


def role_detail(**more: object) -> Json:
    detail = {
        "Path": "/",
        "RoleName": "backup",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": TRUST,
        "RolePolicyList": [{"PolicyName": "copies", "PolicyDocument": COPIES}],
        "AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": "arn:aws:iam::111122223333:policy/x"}],
    }
    return detail | more


GET_ROLE = {
    "Role": {name: value for name, value in role_detail().items() if "Polic" not in name or "Assume" in name}
}
ATTACHED = {"AttachedPolicies": role_detail()["AttachedManagedPolicies"], "IsTruncated": False}
NAMES = {"PolicyNames": ["copies"], "IsTruncated": False}
ROLE_POLICY = {"RoleName": "backup", "PolicyName": "copies", "PolicyDocument": COPIES}
GET_POLICY = {
    "Policy": {
        "PolicyName": "x",
        "Arn": f"arn:aws:iam::{SOURCE}:policy/x",
        "Path": "/",
        "DefaultVersionId": "v2",
    }
}
VERSION = {"PolicyVersion": {"Document": policy("kms:Decrypt"), "VersionId": "v2", "IsDefaultVersion": True}}


def encoded(document: object) -> str:
    return quote(json.dumps(document))


def said(readings: Readings) -> tuple[Role, list[str]]:
    """The one role, and the actions of all its policies; `?` of one that is not known."""
    (role,) = readings.estate.roles
    held = readings.estate.known_roles.held(role)
    return role, [action.known or "?" for one in held.identity for _, action in one.actions]


def test_account_authorization_details() -> None:
    details = {
        "RoleDetailList": [role_detail()],
        "Policies": [
            {
                "PolicyName": "x",
                "Arn": f"arn:aws:iam::{SOURCE}:policy/x",
                "DefaultVersionId": "v2",
                "PolicyVersionList": [
                    {"Document": policy("kms:Encrypt"), "VersionId": "v1", "IsDefaultVersion": False},
                    {"Document": policy("kms:Decrypt"), "VersionId": "v2", "IsDefaultVersion": True},
                ],
            }
        ],
    }
    role, actions = said(read({"iam.json": details}))

    assert (role.label, role.deployment.account.known, role.is_printed) == ("backup", SOURCE, True)
    assert role.trust is not None
    assert [str(one.text) for one in role.trust.statements[0].principals] == ["backup.amazonaws.com"]
    assert actions == ["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault", "kms:Decrypt"]


def test_what_was_printed_of_a_policy_of_aws_goes_before_what_is_known_of_it() -> None:
    name = "AWSBackupServiceRolePolicyForRestores"
    arn = f"arn:aws:iam::aws:policy/service-role/{name}"
    version = {"Document": policy("kms:Decrypt"), "VersionId": "v1", "IsDefaultVersion": True}
    details = {
        "RoleDetailList": [role_detail(RolePolicyList=[], AttachedManagedPolicies=[{"PolicyArn": arn}])],
        "Policies": [{"PolicyName": name, "Arn": arn, "PolicyVersionList": [version]}],
    }

    assert said(read({"iam.json": details}))[1] == ["kms:Decrypt"]


def test_documents_may_be_url_encoded() -> None:
    details = role_detail(
        AssumeRolePolicyDocument=encoded(TRUST),
        RolePolicyList=[{"PolicyName": "copies", "PolicyDocument": encoded(COPIES)}],
        AttachedManagedPolicies=[],
    )
    role, actions = said(read({"iam.json": {"RoleDetailList": [details]}}))

    assert role.trust is not None
    assert role.trust.statements[0].actions[0][1].known == "sts:AssumeRole"
    assert actions == ["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"]


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param(
            {"iam.jsonl": [GET_ROLE, ATTACHED, NAMES, ROLE_POLICY, GET_POLICY, VERSION]}, id="lines"
        ),
        pytest.param(
            {
                "backup/role.json": GET_ROLE,
                "backup/attached.json": ATTACHED,
                "backup/names.json": NAMES,
                "copies.json": ROLE_POLICY,
                "x/policy.json": GET_POLICY,
                "x/version.json": VERSION,
            },
            id="files of a folder",
        ),
    ],
)
def test_calls_that_speak_of_one_role(documents: dict[str, object]) -> None:
    readings = read(documents)
    role, actions = said(readings)

    assert role.shows_policies
    assert sorted(actions) == ["backup:CopyFromBackupVault", "backup:CopyIntoBackupVault", "kms:Decrypt"]
    assert readings.notes == []


def test_a_policy_of_a_role_that_no_call_printed_may_say_anything() -> None:
    _, actions = said(read({"iam.jsonl": [GET_ROLE, {"AttachedPolicies": []}, NAMES]}))

    assert actions == ["*"]


def test_get_role_alone_tells_nothing_of_what_it_may(estate: Path) -> None:
    (estate / "production" / "authorization.json").write_text(json.dumps(GET_ROLE))

    assert rows(report(estate), "central")["role"][0] == "assumed"


@pytest.mark.parametrize(
    ("documents", "notes"),
    [
        ({"a.json": ATTACHED}, ["a.json: no file beside it tells which role has these policies"]),
        ({"a.json": NAMES, "b/role.json": GET_ROLE}, ["a.json: no file beside it tells which role has these policies"]),
        ({"a.json": VERSION}, ["a.json: no file beside it tells which policy this is a version of"]),
        (
            {"a.json": {"Targets": [{"TargetId": "r-ab12", "Type": "ROOT"}]}},
            ["a.json: no file beside it tells which policy is attached to these targets"],
        ),
        ({"a.jsonl": [GET_ROLE, ATTACHED, ATTACHED]}, ["a.jsonl: no file beside it tells which role has these policies"]),
    ],
)  # fmt: skip
def test_what_belongs_to_nothing_is_noted(documents: dict[str, object], notes: list[str]) -> None:
    assert read(documents).notes == notes


# Keys


def described_key(arn: str = KEY) -> Json:
    return {"KeyMetadata": {"Arn": arn, "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT"}}


PRINTED = {"Policy": json.dumps(KEY_POLICY), "PolicyName": "default"}
OTHER_KEY = KEY.replace("1234abcd", "abcd1234")


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        pytest.param({"a.jsonl": [described_key(), PRINTED]}, [KEY], id="lines"),
        pytest.param({"k/a.json": described_key(), "k/b.json": PRINTED}, [KEY], id="a folder"),
        pytest.param(
            {"a.jsonl": [described_key(), PRINTED, described_key(OTHER_KEY), PRINTED]}, [KEY, OTHER_KEY], id="two of each"
        ),
        pytest.param({"a.jsonl": [PRINTED, described_key(), PRINTED, described_key(OTHER_KEY)]}, [], id="the wrong way"),
        pytest.param({"k/a.json": described_key(), "b.json": PRINTED}, [], id="another folder"),
        pytest.param(
            {"k/a.json": described_key(), "k/b.json": described_key(OTHER_KEY), "k/c.json": PRINTED}, [], id="which of two"
        ),
    ],
)  # fmt: skip
def test_a_key_policy_is_of_the_key_described_beside_it(
    documents: dict[str, object], found: list[str]
) -> None:
    readings = read(documents)

    assert [str(key.arn) for key in readings.estate.keys if key.shows_policy] == found
    assert [str(s.kms_key.arn) for s in readings.estate.statements if s.kms_key is not None] == found
    assert bool(readings.notes) is not bool(found)


# The organization


def organization(name: str = ORGANIZATION) -> Json:
    return {"Organization": {"Id": name, "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT}}


def accounts(*ids: str, name: str = ORGANIZATION) -> Json:
    return {
        "Accounts": [
            {"Id": one, "Arn": f"arn:aws:organizations::{MANAGEMENT}:account/{name}/{one}"} for one in ids
        ]
    }


def test_the_organization_and_its_accounts() -> None:
    estate = read({"a.json": organization(), "b.json": accounts(SOURCE, CENTRAL)}).estate

    assert estate.organization == ORGANIZATION
    assert estate.members == {MANAGEMENT, SOURCE, CENTRAL}


def test_two_organizations_are_noted() -> None:
    readings = read({"a.json": organization(), "b.json": accounts(SOURCE, name="o-zzzzzzzzzz")})

    assert (readings.estate.organization, readings.estate.members) == (None, frozenset())
    assert readings.notes == [
        "a.json and b.json tell of several organizations; `organization` in a configuration can say which is meant"
    ]


# AWS Config


def item(kind: str, configuration: object, name: str = "central", **more: object) -> Json:
    members = {
        "accountId": CENTRAL,
        "awsRegion": REGION,
        "resourceType": f"AWS::{kind}",
        "resourceId": name,
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-10-04T12:00:00.000Z",
        "configuration": configuration,
    }
    return members | more


RECORDED = {
    "BackupVaultName": "central",
    "BackupVaultArn": VAULT,
    "EncryptionKeyArn": KEY,
    "AccessPolicy": VAULT_POLICY,
    "LockConfiguration": {"MinRetentionDays": 7, "ChangeableForDays": 3},
}
VAULT_ITEM = item("Backup::BackupVault", RECORDED)
FORMS = [
    pytest.param({"configurationItems": [VAULT_ITEM]}, id="get-resource-config-history"),
    pytest.param({"configurationItems": [VAULT_ITEM | {"configuration": json.dumps(RECORDED)}]}, id="as text"),
    pytest.param({"baseConfigurationItems": [VAULT_ITEM], "unprocessedResourceKeys": []}, id="batch-get-resource-config"),
    pytest.param({"Results": [json.dumps(VAULT_ITEM)], "QueryInfo": {}}, id="select-resource-config"),
    pytest.param(
        {
            "fileVersion": "1.0",
            "configurationItems": [{**VAULT_ITEM, "awsAccountId": CENTRAL, "accountId": None}],
        },
        id="a snapshot",
    ),
    pytest.param(VAULT_ITEM, id="an item by itself"),
]  # fmt: skip


@pytest.mark.parametrize("document", FORMS)
def test_a_vault_that_aws_config_records(document: Json) -> None:
    readings = read({"items.json": document})
    (vault,) = readings.estate.vaults

    assert (vault.label, vault.account.known, vault.region.known) == ("central", CENTRAL, REGION)
    assert (str(vault.encryption_key.only), str(vault.min_retention_days.only)) == (KEY, "7")
    assert (vault.is_printed, str(vault.changeable_for_days.only)) == (True, "3")
    assert [str(s.statement.principals[0].text) for s in readings.estate.statements] == [ROLE]
    assert readings.estate.statements[0].vault is vault


def test_what_aws_config_does_not_record_is_not_absent() -> None:
    bare = {"BackupVaultName": "central", "BackupVaultArn": VAULT}
    (vault,) = read({"items.json": item("Backup::BackupVault", bare)}).estate.vaults

    assert vault.policy is not None
    assert [hole.why for _, hole in vault.policy.unknown] == ["AWS Config does not show it"]
    assert (vault.encryption_key.options, vault.locked.options, vault.min_retention_days.options) == (
        (),
        (),
        (),
    )


def test_an_item_and_a_call_that_tell_of_one_vault() -> None:
    bare = {"BackupVaultName": "central", "BackupVaultArn": VAULT, "EncryptionKeyArn": KEY}
    printed = {"BackupVaultName": "central", "BackupVaultArn": VAULT, "Policy": json.dumps(VAULT_POLICY)}
    (vault,) = read({"a.json": item("Backup::BackupVault", bare), "b.json": printed}).estate.vaults

    assert (str(vault.encryption_key.only), len(list(vault.policy or ()))) == (KEY, 1)


@pytest.mark.parametrize(
    ("later", "keys"),
    [
        ({"configuration": RECORDED | {"EncryptionKeyArn": OTHER_KEY}}, [OTHER_KEY]),
        ({"configurationItemStatus": "ResourceDeleted"}, []),
    ],
)
def test_of_a_history_the_latest_counts(later: Json, keys: list[str]) -> None:
    latest = VAULT_ITEM | later | {"configurationItemCaptureTime": "2026-11-01T12:00:00.000Z"}
    for history in ([latest, VAULT_ITEM], [VAULT_ITEM, latest]):
        vaults = read({"history.json": {"configurationItems": history}}).estate.vaults

        assert [str(vault.encryption_key.only) for vault in vaults] == keys


def test_a_plan_and_its_selection() -> None:
    rule = {
        "RuleName": "daily",
        "TargetBackupVault": "local",
        "CopyActions": [{"DestinationBackupVaultArn": VAULT, "Lifecycle": {"DeleteAfterDays": 35}}],
    }
    plan = {"BackupPlanId": "4b2c", "BackupPlan": {"BackupPlanName": "daily", "BackupPlanRule": [rule]}}
    selection = {
        "BackupPlanId": "4b2c",
        "BackupSelection": {"SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["*"]},
    }
    items = [item("Backup::BackupPlan", plan, "4b2c"), item("Backup::BackupSelection", selection, "4b2c|1")]
    estate = read({"items.jsonl": items}).estate

    (read_plan,), (found,) = estate.plans, estate.selections
    assert (read_plan.label, [str(copy.destination_arn.only) for copy in estate.copies]) == ("daily", [VAULT])
    assert estate.problems == []
    assert found.belongs_to(read_plan)
    assert str(found.role.only) == ROLE


@pytest.mark.parametrize(
    "written",
    [KEY_POLICY, json.dumps(KEY_POLICY), json.dumps(json.dumps(KEY_POLICY))],
    ids=["object", "text", "text of a text"],
)
def test_a_key(written: object) -> None:
    configuration = {"arn": KEY, "keyState": "PendingDeletion", "customerMasterKeySpec": "SYMMETRIC_DEFAULT"}
    more = {"supplementaryConfiguration": {"Policy": written, "KeyRotationStatus": "false"}}
    readings = read({"key.json": item("KMS::Key", configuration) | more})
    (key,) = readings.estate.keys

    assert (str(key.arn), key.shows_policy, str(key.state.only)) == (KEY, True, "PendingDeletion")
    assert str(key.rotation.only) == "false"
    assert [s.kms_key for s in readings.estate.statements] == [key]
    assert [action.known for _, action in readings.estate.statements[0].statement.actions] == ["kms:*"]


def test_a_key_without_its_policy() -> None:
    (key,) = read({"key.json": item("KMS::Key", {"arn": KEY})}).estate.keys

    assert (key.shows_policy, key.policy, key.rotation.options) == (False, None, ())


def test_a_role() -> None:
    configuration = {
        "arn": ROLE,
        "roleName": "backup",
        "path": "/",
        "assumeRolePolicyDocument": encoded(TRUST),
        "rolePolicyList": [
            {"policyName": "copies", "policyDocument": encoded(COPIES)},
            {"policyName": "not shown"},
        ],
        "attachedManagedPolicies": [{"policyName": "x", "policyArn": f"arn:aws:iam::{SOURCE}:policy/x"}],
    }
    versions = [{"versionId": "v1", "isDefaultVersion": True, "document": encoded(policy("kms:Decrypt"))}]
    managed = {"arn": f"arn:aws:iam::{SOURCE}:policy/x", "policyName": "x", "policyVersionList": versions}
    place = {"awsRegion": "global", "accountId": SOURCE}
    items = [item("IAM::Role", configuration, "a", **place), item("IAM::Policy", managed, "b", **place)]
    role, actions = said(read({"items.json": {"configurationItems": items}}))

    assert (role.deployment.account.known, role.deployment.region.known) == (SOURCE, None)
    assert role.trust is not None
    assert actions == ["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault", "*", "kms:Decrypt"]


@pytest.mark.parametrize(
    "document",
    [
        {"configurationItems": []},
        {"Results": ["BackupVault"]},
        {"resourceType": "AWS::Backup::BackupVault"},
        {"Accounts": ["111122223333"]},
        {"Organization": "BackupVault"},
        {"Role": {"RoleName": "backup"}},
        {"Targets": ["r-ab12"]},
    ],
)
def test_what_is_none_of_these_is_passed_over(document: Json) -> None:
    assert read({"other.json": document}).read == []
