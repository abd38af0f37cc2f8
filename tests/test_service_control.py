"""What control policies and settings of the organization make of a copy: the rows of `copies`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.runs import run

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
              - DestinationBackupVaultArn: arn:aws:backup:REGION:444455556666:backup-vault:central
"""
SELECTION = """\
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: orders
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        Resources: ["arn:aws:dynamodb:*:*:table/orders"]
"""
VAULT = """\
Parameters:
  Tags: {Type: String}
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      BackupVaultTags: TAGS
"""
TREE = """\
organization: o-a1b2c3d4e5
organization-tree:
  id: r-ab12
  ous:
    Workloads:
      id: ou-ab12-11111111
      accounts: ["111122223333"]
    Archive:
      id: ou-ab12-22222222
      accounts: ["444455556666"]
"""
ALL: Mapping[str, object] = {"Effect": "Deny", "Action": "backup:Copy*", "Resource": "*"}


def policy(*statements: Mapping[str, object], **properties: object) -> str:
    """A template with one control policy."""
    content = {"Version": "2012-10-17", "Statement": list(statements)}
    own = {"Name": "copies", "Type": "SERVICE_CONTROL_POLICY", "Content": content} | properties
    return json.dumps({"Resources": {"Policy": {"Type": "AWS::Organizations::Policy", "Properties": own}}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def rows(folder: Path, files: dict[str, str], plan: str = PLAN, region: str = "eu-west-1") -> dict[str, str]:
    """The requirements of the one copy, each with how it stands and why."""
    for name, text in {"111122223333/eu-west-1/plan.yaml": plan.replace("REGION", region), **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (copy,) = json.loads(run("copies", ".", "--format", "json", cwd=folder).out)["copies"]
    return {row["name"]: f"{row['verdict']}: {row['because']}" for row in copy["requirements"]}


def controlled(folder: Path, files: dict[str, str], plan: str = PLAN, region: str = "eu-west-1") -> str:
    return rows(folder, files, plan, region)["service-control"]


OVER = [
    (["r-ab12"], "", "fails"),
    (["111122223333"], "", "fails"),
    (["444455556666"], "", "holds nothing of it"),
    (["444455556666", "r-ab12"], "", "fails"),
    (["ou-ab12-11111111"], TREE, "fails"),
    (["ou-ab12-22222222"], TREE, "holds nothing of it"),
    (["ou-ab12-11111111"], "", "unsure"),
    ([], "", "unsure"),
]


@pytest.mark.parametrize(("targets", "configuration", "verdict"), OVER)
def test_a_policy_binds_the_accounts_below_what_it_is_attached_to(
    folder: Path, targets: list[str], configuration: str, verdict: str
) -> None:
    """The role that copies is of the source account: what stands over the destination alone does not bind it."""
    found = controlled(
        folder, {".xbackup-lint.yaml": configuration, "scp.json": policy(ALL, TargetIds=targets)}
    )

    if verdict == "holds nothing of it":
        assert found == "assumed: no service control policy denies it"
    else:
        assert found.startswith(f"{verdict}: SCP `copies` ")


ATTACHED = [
    ("organization-tree: {policies: [scp.json], accounts: ['111122223333']}", "fails"),
    ("organization-tree: {ous: {A: {policies: [scp.json], accounts: ['111122223333']}}}", "fails"),
    (
        "organization-tree: {ous: {A: {policies: [scp.json], ous: {B: {accounts: ['111122223333']}}}}}",
        "fails",
    ),
    ("organization-tree: {ous: {A: {policies: [scp.json]}, B: {accounts: ['111122223333']}}}", "assumed"),
    ("organization-tree: {ous: {A: {policies: [scp.json], accounts: ['444455556666']}}}", "unsure"),
    ("organization-tree: {accounts: {'111122223333': {policies: [scp.json]}}}", "fails"),
    ("organization-tree: {accounts: {'444455556666': {policies: [scp.json]}}}", "assumed"),
    ("documents: {'*.json': {scp: copies}}", "fails"),
    ("documents: {'*.json': {scp: copies, account: '111122223333'}}", "fails"),
    ("documents: {'*.json': {scp: copies, account: '444455556666'}}", "assumed"),
    ("", "assumed"),
]


@pytest.mark.parametrize(("configuration", "verdict"), ATTACHED)
def test_the_configuration_says_what_a_bare_document_is_attached_to(
    folder: Path, configuration: str, verdict: str
) -> None:
    """Without it a document that only denies is the policy of an identity. It holds no word of backups either."""
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    )

    found = controlled(folder, {".xbackup-lint.yaml": configuration + "\n", "scp.json": document})

    assert found.startswith(verdict)
    assert "no policy of organizations is in it" not in run(".", cwd=folder).out


def test_a_file_of_the_tree_that_holds_no_policy_is_told(folder: Path) -> None:
    configuration = "organization-tree: {policies: [scp.json], accounts: ['111122223333']}\n"

    rows(folder, {".xbackup-lint.yaml": configuration, "scp.json": "{}"})

    out = " ".join(run(".", cwd=folder).out.split())
    assert "scp.json: the configuration attaches it, and no policy of organizations is in it" in out


def test_a_policy_that_may_deny_wherever_it_may_be_attached_is_no_doubt(folder: Path) -> None:
    condition = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}

    assert controlled(folder, {"scp.json": policy({**ALL, "Condition": condition})}) == (
        "assumed: SCP `copies` does not deny `backup:CopyFromBackupVault` (line 1), or not in account 111122223333"
    )


def test_a_policy_for_resources_binds_no_copy(folder: Path) -> None:
    own = {**ALL, "Principal": "*"}

    assert controlled(
        folder, {"rcp.json": policy(own, Type="RESOURCE_CONTROL_POLICY", TargetIds=["r-ab12"])}
    ) == ("assumed: no service control policy denies it")


REGIONS = [
    (["eu-west-1"], "eu-west-1", "holds"),
    (["eu-west-1", "eu-north-1"], "eu-north-1", "holds"),
    (["eu-west-1"], "eu-north-1", "unsure"),
    (["eu-north-1"], "eu-north-1", "fails"),
    (["us-east-1"], "eu-north-1", "fails"),
]


@pytest.mark.parametrize(("allowed", "region", "verdict"), REGIONS)
def test_a_policy_that_closes_regions(folder: Path, allowed: list[str], region: str, verdict: str) -> None:
    """Copies are made in the region of the source; whether AWS asks in that of the destination it does not say."""
    condition = {"StringNotEquals": {"aws:RequestedRegion": allowed}}
    closed = {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Condition": condition}

    found = controlled(folder, {"scp.json": policy(closed, TargetIds=["r-ab12"])}, region=region)

    assert found.startswith(verdict)
    assert verdict != "unsure" or "AWS does not say in which of the two regions" in found


TAGGED = [
    ("{DestinationBackupVault: x}", "holds"),
    ("{destinationbackupvault: !Ref Tags}", "holds"),
    ("{Other: x}", "fails"),
    ("!Ref AWS::NoValue", "fails"),
    ("!Ref Tags", "unsure"),
    ("{Fn::Transform: {Name: Tags}}", "unsure"),
]


@pytest.mark.parametrize(("tags", "verdict"), TAGGED)
def test_a_policy_that_asks_for_a_tag(folder: Path, tags: str, verdict: str) -> None:
    condition = {"Null": {"aws:ResourceTag/DestinationBackupVault": "true"}}
    untagged = {**ALL, "Action": "backup:CopyIntoBackupVault", "Condition": condition}
    vault = {"444455556666/eu-west-1/vault.yaml": VAULT.replace("TAGS", tags)}

    assert controlled(folder, {**vault, "scp.json": policy(untagged, TargetIds=["r-ab12"])}).startswith(
        verdict
    )


def test_the_tags_of_a_vault_that_no_file_describes(folder: Path) -> None:
    condition = {"Null": {"aws:ResourceTag/DestinationBackupVault": "true"}}

    found = controlled(folder, {"scp.json": policy({**ALL, "Condition": condition}, TargetIds=["r-ab12"])})

    assert found.startswith("unsure")


RESOURCES = [
    ("arn:aws:backup:*:*:recovery-point:*", "unsure"),
    ("arn:aws:backup:eu-west-1:111122223333:backup-vault:local", "holds"),
    ("arn:aws:rds:us-east-1:*:snapshot:*", "holds"),
    ("arn:aws:*:*:*:*", "fails"),
    ("*", "fails"),
]


@pytest.mark.parametrize(("resource", "verdict"), RESOURCES)
def test_what_is_copied_is_the_backup(folder: Path, resource: str, verdict: str) -> None:
    """The resource of CopyFrom is the recovery point, and never the vault."""
    denied = {**ALL, "Action": "backup:CopyFromBackupVault", "Resource": resource}

    assert controlled(folder, {"scp.json": policy(denied, TargetIds=["r-ab12"])}).startswith(verdict)


CALLERS = [
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}, "", "holds"),
    ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/backup"}}, SELECTION, "holds"),
    ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, SELECTION, "fails"),
    ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, "", "unsure"),
    ({"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}, "", "holds"),
    ({"StringNotEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}, "", "holds"),
    ({"StringEquals": {"aws:ResourceAccount": "444455556666"}}, "", "fails"),
]


@pytest.mark.parametrize(("condition", "selection", "verdict"), CALLERS)
def test_conditions_on_who_copies_and_whose_the_vault_is(
    folder: Path, condition: Mapping[str, object], selection: str, verdict: str
) -> None:
    files = {"scp.json": policy({**ALL, "Condition": condition}, TargetIds=["r-ab12"])}

    assert controlled(folder, files, PLAN + selection).startswith(verdict)


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
LIST = {"Effect": "Allow", "Action": ["ec2:*", "s3:*"], "Resource": "*"}
COPIES = {"Effect": "Allow", "Action": ["backup:*", "ec2:*"], "Resource": "*"}
ALLOWED = [
    ([EVERYTHING], "holds"),
    ([LIST, EVERYTHING], "holds"),
    ([LIST, COPIES], "holds"),
    ([LIST], "unsure"),
]


@pytest.mark.parametrize(("statements", "verdict"), ALLOWED)
def test_a_list_of_what_is_allowed(
    folder: Path, statements: list[Mapping[str, object]], verdict: str
) -> None:
    """`FullAWSAccess`, which AWS attaches, stands in no file: a list that lacks the copies is a doubt, no fault."""
    found = controlled(folder, {"scp.json": policy(*statements, TargetIds=["r-ab12"])})

    assert found.startswith(verdict)
    assert verdict != "unsure" or "whether `FullAWSAccess` is attached beside it" in found
    assert verdict != "holds" or "`FullAWSAccess` is taken to allow it" in found


def test_a_document_that_is_longer_than_a_policy_may_be(folder: Path) -> None:
    keys = {f"arn:aws:backup:*:{number}:backup-vault:*": "" for number in range(100000000000, 100000000150)}
    content = json.dumps({"Version": "2012-10-17", "Statement": {**ALL, "Resource": list(keys)}})
    (folder / "create-policy.json").write_text(
        json.dumps({"Type": "SERVICE_CONTROL_POLICY", "Content": content})
    )

    out = run(".", "--format", "concise", cwd=folder).out

    assert "organization-policy-too-large" in out
    assert "and 5,120 are allowed" in out


PARTITIONS = [
    ("aws", "eu-central-1", "holds"),
    ("aws-iso", "us-iso-east-1", "fails: the plan is in partition `aws`, the destination in `aws-iso`"),
    (
        "aws",
        "us-isob-east-1",
        "fails: region us-isob-east-1 is in partition `aws-iso-b`, and the ARN says `aws`",
    ),
    ("aws-cn", "cn-north-1", "fails: the plan is in partition `aws`"),
]


@pytest.mark.parametrize(("partition", "region", "row"), PARTITIONS)
def test_partitions(folder: Path, partition: str, region: str, row: str) -> None:
    plan = PLAN.replace("arn:aws:", f"arn:{partition}:")

    assert rows(folder, {}, plan, region)["partition-and-region"].startswith(row)


ON, OFF = (
    json.dumps({"GlobalSettings": {"isCrossAccountBackupEnabled": value}}) for value in ("true", "false")
)
SETTINGS = [
    ({}, "assumed: both accounts are in one organization that has cross-account backup on"),
    (
        {"on.json": ON},
        "assumed: both accounts are in one organization; on.json says that it has cross-account backup on",
    ),
    ({"off.json": OFF}, "fails: off.json says that the organization has cross-account backup off"),
    (
        {"on.json": ON, "off.json": OFF},
        "assumed: both accounts are in one organization that has cross-account backup on",
    ),
    (
        {"on.json": ON, ".xbackup-lint.yaml": TREE},
        "holds: both accounts are in `o-a1b2c3d4e5`, which has cross-account backup on (on.json)",
    ),
]


@pytest.mark.parametrize(("files", "row"), SETTINGS)
def test_the_settings_of_the_organization(folder: Path, files: dict[str, str], row: str) -> None:
    """Settings that contradict each other were printed at two times, or in two organizations."""
    assert rows(folder, files)["organization"] == row


def test_many_accounts_under_one_policy_are_one_finding(folder: Path) -> None:
    accounts = [f"{100000000000 + number}" for number in range(30)]
    configuration = f"deployments: [{{templates: cfn/plan.yaml, regions: [eu-west-1], accounts: {json.dumps(accounts)}}}]\n"
    (folder / "cfn").mkdir()
    (folder / "cfn" / "plan.yaml").write_text(PLAN.replace("REGION", "eu-west-1"))
    (folder / "scp.json").write_text(policy(ALL, TargetIds=["r-ab12"]))
    (folder / ".xbackup-lint.yaml").write_text(configuration)

    found = json.loads(run(".", "--format", "json", "--select", "copy-denied-by-scp", cwd=folder).out)

    assert [finding["rule"] for finding in found["findings"]] == ["copy-denied-by-scp"]
    assert found["summary"]["copies"]["fails"] == 30
