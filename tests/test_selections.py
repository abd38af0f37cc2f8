"""What selections pick, of which types it is, with which keys it is encrypted, and what becomes of its copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import run
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.resource_types import by_name, every_type, names, types_of
from xbackup_lint.model.selection import Selection
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO


def read(**files: str) -> Estate:
    inputs = [Input(name.replace("__", "."), Path(name), text=text) for name, text in files.items()]
    return read_inputs(inputs, Assignments()).estate


def only_selection(estate: Estate) -> Selection:
    (selection,) = estate.selections
    return selection


def template(body: str, resources: str = "") -> str:
    indented = "".join(f"        {line}\n" for line in body.splitlines())
    declared = "".join(f"  {line}\n" for line in resources.splitlines())
    return (
        "Parameters:\n  Anything: {Type: String}\n  Arns: {Type: CommaDelimitedList}\n"
        f"Resources:\n{declared}  Selection:\n    Type: AWS::Backup::BackupSelection\n    Properties:\n"
        f"      BackupPlanId: plan\n      BackupSelection:\n        IamRoleArn: role\n{indented}"
    )


def types(selection: Selection) -> set[str]:
    return {one.name for one in selection.types}


# Types of what entries pick

CLUSTERS = {"Aurora", "DocumentDB", "Neptune", "RDS Multi-AZ cluster"}
EVERY = {one.name for one in every_type()}
ENTRIES = [
    ("arn:aws:ec2:*:*:volume/*", {"EBS"}),
    ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0", {"EBS"}),
    ("arn:aws:ec2:*:*:instance/*", {"EC2"}),
    ("arn:aws:s3:::*", {"S3"}),
    ("arn:aws:s3:::a-bucket", {"S3"}),
    ("arn:aws:elasticfilesystem:*:*:file-system/*", {"EFS"}),
    ("arn:aws:rds:*:*:db:*", {"RDS"}),
    ("arn:aws:rds:*:*:cluster:*", CLUSTERS),
    ("arn:aws:dynamodb:*:*:table/*", {"DynamoDB"}),
    ("arn:aws:fsx:*:*:file-system/*", {"FSx"}),
    ("arn:aws:fsx:*:*:volume/*", {"FSx", "FSx for ONTAP"}),
    ("arn:aws:storagegateway:*:*:gateway/*", {"Storage Gateway"}),
    ("arn:aws:redshift:*:*:cluster:*", {"Redshift"}),
    ("arn:aws:redshift-serverless:*:*:namespace/*", {"Redshift Serverless"}),
    ("arn:aws:timestream:*:*:database/*", {"Timestream"}),
    ("arn:aws:ssm-sap:*:*:HANA/*", {"SAP HANA"}),
    ("arn:aws:backup-gateway:*:*:vm/*", {"VMware"}),
    ("arn:aws:cloudformation:*:*:stack/*", {"CloudFormation"}),
    ("arn:aws:eks:*:*:cluster/*", {"EKS"}),
    ("arn:aws:dsql:*:*:cluster/*", {"Aurora DSQL"}),
    ("arn:aws-us-gov:ec2:*:*:volume/*", {"EBS"}),
    ("!Sub arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:volume/${Anything}", {"EBS"}),
    # wider
    ("arn:aws:ec2:*", {"EC2", "EBS"}),
    ("arn:aws:ec2:*:*:*", {"EC2", "EBS"}),
    ("arn:aws:ec2:*:*:v*", {"EBS"}),
    ("arn:aws:rds:*:*:?b:*", {"RDS", *CLUSTERS}),
    ("arn:aws:rds*", {"RDS", *CLUSTERS}),
    ("!Sub arn:aws:rds:eu-west-1:111122223333:${Anything}", {"RDS", *CLUSTERS}),
    ("arn:aws:*:*:*:cluster:*", {"Redshift", "S3", "SAP HANA", "Redshift Serverless", *CLUSTERS}),
    ("'*'", EVERY),
    ("arn:aws:*", EVERY),
    # what tells nothing
    ("!Ref Anything", EVERY),
    ("!ImportValue database", EVERY),
    ("arn:aws:quantum:*:*:state/*", EVERY),
    ("''", EVERY),
]


@pytest.mark.parametrize(("entry", "wanted"), ENTRIES)
def test_the_types_that_an_entry_may_pick(entry: str, wanted: set[str]) -> None:
    assert types(only_selection(read(plan__yaml=template(f"Resources:\n  - {entry}")))) == wanted


DECLARED = [
    ("AWS::EC2::Volume", "", "!Ref It", {"EBS"}),
    ("AWS::EC2::Volume", "", "!Sub arn:aws:ec2:eu-west-1:111122223333:volume/${It}", {"EBS"}),
    ("AWS::S3::Bucket", "", "!GetAtt It.Arn", {"S3"}),
    ("AWS::EFS::FileSystem", "", "!GetAtt It.Arn", {"EFS"}),
    ("AWS::DynamoDB::Table", "", "!GetAtt It.Arn", {"DynamoDB"}),
    ("AWS::RDS::DBInstance", "Engine: postgres", "!GetAtt It.DBInstanceArn", {"RDS"}),
    ("AWS::RDS::DBInstance", "Engine: aurora-mysql", "!GetAtt It.DBInstanceArn", {"Aurora"}),
    ("AWS::RDS::DBCluster", "Engine: aurora-mysql", "!GetAtt It.DBClusterArn", {"Aurora"}),
    ("AWS::RDS::DBCluster", "DBClusterInstanceClass: db.m6gd.large", "!Ref It", {"RDS Multi-AZ cluster"}),
    ("AWS::Neptune::DBCluster", "", "!Sub arn:aws:rds:eu-west-1:111122223333:cluster:${It}", {"Neptune"}),
    ("AWS::DocDB::DBCluster", "", "!Ref It", {"DocumentDB"}),
    ("AWS::FSx::Volume", "VolumeType: ONTAP", "!Ref It", {"FSx for ONTAP"}),
    ("AWS::FSx::Volume", "VolumeType: OPENZFS", "!Ref It", {"FSx", "FSx for ONTAP"}),
    # of no type that is known
    ("AWS::SNS::Topic", "", "!Ref It", EVERY),
    ("AWS::EC2::Volume", "", "!Ref Another", EVERY),
]


@pytest.mark.parametrize(("kind", "properties", "entry", "wanted"), DECLARED)
def test_the_types_of_resources_in_the_template(
    kind: str, properties: str, entry: str, wanted: set[str]
) -> None:
    declared = f"It:\n  Type: {kind}\n  Properties: {{{properties}}}"

    assert types(only_selection(read(plan__yaml=template(f"Resources:\n  - {entry}", declared)))) == wanted


def test_the_types_of_resources_in_a_template_that_exports_them() -> None:
    exporting = (
        "Resources:\n  It: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, StorageEncrypted: true}}\n"
        "  Key: {Type: AWS::KMS::Key}\n"
        "Outputs:\n  Arn: {Value: !GetAtt It.DBInstanceArn, Export: {Name: database}}\n"
    )

    selection = only_selection(
        read(base__yaml=exporting, plan__yaml=template("Resources: [!ImportValue database]"))
    )

    assert types(selection) == {"RDS"}
    assert [pick.resource.encryption.values[0].kind for pick in selection.picks if pick.resource] == [
        "service"
    ]


SELECTED = [
    ("ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]", EVERY),
    ("Resources: ['arn:aws:s3:::*']", {"S3"}),
    ("Resources: ['arn:aws:s3:::*', 'arn:aws:ec2:*:*:volume/*']", {"S3", "EBS"}),
    (
        "Resources: ['arn:aws:s3:::*']\nListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup}]",
        EVERY,
    ),
    ("Resources: ['arn:aws:s3:::*']\nListOfTags: []", {"S3"}),
    ("Resources: !Ref Arns", EVERY),
    ("Resources: ['arn:aws:s3:::*']\nListOfTags: !Ref Anything", EVERY),
    ("Resources: ['arn:aws:ec2:*']\nNotResources: ['arn:aws:ec2:*:*:instance/*']", {"EBS"}),
    ("Resources: ['*']\nNotResources: ['arn:aws:s3:::*']", EVERY - {"S3"}),
    ("Resources: ['*']\nNotResources: ['arn:aws:s3:::a-*', !Ref Anything]", EVERY),
    ("Resources: ['arn:aws:s3:::*']\nConditions: {StringEquals: []}", {"S3"}),
    ("", EVERY),
]


@pytest.mark.parametrize(("body", "wanted"), SELECTED)
def test_the_types_that_a_selection_may_pick(body: str, wanted: set[str]) -> None:
    assert types(only_selection(read(plan__yaml=template(body)))) == wanted


@given(st.text(alphabet="arn:aws3e*?/-$ ", max_size=30))
def test_no_entry_picks_nothing(entry: str) -> None:
    """Of what is not understood anything may be picked: nothing is told of it that might be wrong."""
    assert types_of(Text.literal(entry, NOWHERE))


def test_types_in_words() -> None:
    found = [by_name()[name] for name in ("EBS", "EC2", "S3", "EFS", "RDS", "Aurora")]

    assert [names(frozenset(found[:count])) for count in (0, 1, 2, 4, 6)] == [
        "",
        "EBS",
        "EC2 and EBS",
        "EC2, EBS, S3 and EFS",
        "EC2, EBS, S3 and 3 more types",
    ]


# Documents

API_PLAN = json.dumps(
    {
        "BackupPlanId": "8f81f553",
        "BackupPlan": {
            "BackupPlanName": "daily",
            "Rules": [{"RuleName": "a", "TargetBackupVaultName": "daily"}],
        },
    }
)
BODY = {
    "SelectionName": "files",
    "IamRoleArn": "arn:aws:iam::111122223333:role/backup",
    "Resources": ["arn:aws:s3:::*"],
}
DOCUMENTS = [
    pytest.param({"BackupSelection": BODY, "BackupPlanId": "8f81f553", "SelectionId": "1a2b"}, 1, id="get-backup-selection"),
    pytest.param({"BackupPlanId": "8f81f553", "BackupSelection": BODY}, 1, id="create-backup-selection"),
    pytest.param({"BackupPlanId": "another", "BackupSelection": BODY}, 0, id="of another plan"),
    pytest.param({"BackupSelection": BODY}, 0, id="of a plan that is not told"),
    pytest.param(BODY, 0, id="--backup-selection"),
    pytest.param({**BODY, "BackupPlanId": "8f81f553"}, 1, id="a flat one"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "of_plan"), DOCUMENTS)
def test_selections_in_documents(document: dict[str, object], of_plan: int) -> None:
    estate = read(plan__json=API_PLAN, selection__json=json.dumps(document))

    selection = only_selection(estate)
    assert (str(selection.name.only), selection.label, types(selection)) == ("files", "files", {"S3"})
    assert len(estate.selections_for(estate.plans[0])) == of_plan
    assert [selection.belongs_to(plan) for plan in estate.plans] == [bool(of_plan)]


def test_a_policy_that_selects_by_tags() -> None:
    policy = {
        "plans": {
            "daily": {
                "regions": {"@@assign": ["eu-west-1"]},
                "rules": {"daily": {"target_backup_vault_name": {"@@assign": "daily"}}},
                "selections": {
                    "tags": {"tagged": {"tag_key": {"@@assign": "backup"}, "tag_value": {"@@assign": ["a", "b"]}}}
                },
            }
        }
    }  # fmt: skip

    selection = only_selection(read(policy__json=json.dumps(policy)))

    told = [(tag.where, str(tag.operator), str(tag.key), str(tag.value)) for tag in selection.tags]
    assert told == [("ListOfTags", "STRINGEQUALS", "backup", value) for value in ("a", "b")]
    assert selection.span.text.strip('"') == "tagged"
    assert types(selection) == EVERY


# What becomes of copies

DESTINATION = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
CENTRAL = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      LockConfiguration: {MinRetentionDays: 1}
      AccessPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/backup"}
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""
OWN = "      EncryptionKeyArn: arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab\n"
TAGS = "ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]"


def key(principal: str, via: str = "") -> str:
    condition = f"\n        Condition: {{StringLike: {{kms:ViaService: {via}}}}}" if via else ""
    return f"""\
Key:
  Type: AWS::KMS::Key
  Properties:
    KeyPolicy:
      Statement:
      - Effect: Allow
        Principal: {{AWS: "arn:aws:iam::{principal}:root"}}
        Action: kms:*
        Resource: "*"{condition}
"""


SHARED, ALONE = key("444455556666"), key("111122223333")
VAULT = "Daily:\n  Type: AWS::Backup::BackupVault\n  Properties: {BackupVaultName: daily, EncryptionKeyArn: !GetAtt Key.Arn}\n"
PLAIN_VAULT = "Daily:\n  Type: AWS::Backup::BackupVault\n  Properties: {BackupVaultName: daily}\n"
DATABASE = (
    "Database:\n  Type: AWS::RDS::DBInstance\n  Properties: {Engine: postgres, StorageEncrypted: true%s}\n"
)
OWN_KEY = DATABASE % ", KmsKeyId: !GetAtt Key.Arn"
OF_KEY_ID = DATABASE % ", KmsKeyId: !Ref Key"
NAMED = "Resources: [!GetAtt Database.DBInstanceArn]"


def plan(selection: str, declared: str) -> str:
    body = "".join(f"        {line}\n" for line in selection.splitlines())
    before = "".join(f"  {line}\n" for line in declared.splitlines())
    return (
        f"Resources:\n{before}  Plan:\n    Type: AWS::Backup::BackupPlan\n    Properties:\n      BackupPlan:\n"
        "        BackupPlanName: production\n        BackupPlanRule:\n          - RuleName: daily\n"
        "            TargetBackupVault: daily\n            Lifecycle: {DeleteAfterDays: 35}\n"
        f"            CopyActions: [{{DestinationBackupVaultArn: '{DESTINATION}'}}]\n"
        "  Selection:\n    Type: AWS::Backup::BackupSelection\n    Properties:\n      BackupPlanId: !Ref Plan\n"
        "      BackupSelection:\n        SelectionName: selected\n"
        f"        IamRoleArn: arn:aws:iam::111122223333:role/backup\n{body}"
    )


def rows(folder: Path, name: str, selection: str, declared: str, vault: str) -> list[str]:
    for account, file, text in (
        ("111122223333", "plan", plan(selection, declared)),
        ("444455556666", "vault", vault),
    ):
        place = folder / account / "eu-west-1"
        place.mkdir(parents=True)
        (place / f"{file}.yaml").write_text(text)
    (copy,) = json.loads(run("copies", ".", "--format", "json", cwd=folder).out)["copies"]
    return [f"{row['verdict']}: {row['because']}" for row in copy["requirements"] if row["name"] == name]


SOURCE_KEYS = [
    ("tags, and nothing is described", TAGS, "", [
        "assumed: the keys of the vault and of the resources are shared with the destination account"]),
    ("tags, the vault's key is shared", TAGS, SHARED + VAULT, [
        "holds: key `Key` is shared with account 444455556666 (line 7)",
        "assumed: the own keys of EC2, EBS, RDS and 6 more types are shared with the destination account"]),
    ("tags, the vault has no key of its own", TAGS, PLAIN_VAULT, [
        "holds: backups of S3, EFS, Aurora DSQL and 6 more types are encrypted with the AWS managed key of AWS Backup",
        "assumed: the own keys of EC2, EBS, RDS and 6 more types are shared with the destination account"]),
    ("files", "Resources: ['arn:aws:elasticfilesystem:*:*:file-system/*']", SHARED + VAULT, [
        "holds: key `Key` is shared with account 444455556666 (line 7)"]),
    ("disks: the vault's key does not matter", "Resources: ['arn:aws:ec2:*:*:volume/*']", ALONE + VAULT, [
        "assumed: the own keys of EBS are shared with the destination account"]),
    ("a database and its key", NAMED, SHARED + OWN_KEY, [
        "holds: key `Key` is shared with account 444455556666 (line 7)"]),
    ("a key that is named by its id", NAMED, SHARED + OF_KEY_ID, [
        "holds: key `Key` is shared with account 444455556666 (line 7)"]),
    ("a key that is shared for use through RDS", NAMED, key("444455556666", "rds.*.amazonaws.com") + OWN_KEY, [
        "holds: key `Key` is shared with account 444455556666 (line 7)"]),
    ("a key that no file describes", NAMED, DATABASE % ", KmsKeyId: some-key", [
        "assumed: the key policy of `some-key` lets the destination account use it"]),
    ("a database with the key of RDS", NAMED, DATABASE % "", [
        "fails: `Database` is encrypted with an AWS managed key: its copies will fail"]),
    ("a database that is not encrypted", NAMED, (DATABASE % "").replace("true", "false"), [
        "holds: no key matters: RDS is not encrypted, or cannot be copied"]),
    ("a database that is made of a snapshot", NAMED, DATABASE % ", DBSnapshotIdentifier: before", [
        "assumed: `Database` is not encrypted, or with a key that is shared"]),
    ("what cannot be copied", "Resources: ['arn:aws:redshift:*:*:cluster:*']", ALONE + VAULT, [
        "holds: no key matters: Redshift is not encrypted, or cannot be copied"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "declared", "wanted"), [pytest.param(*row[1:], id=row[0]) for row in SOURCE_KEYS]
)
def test_the_keys_of_what_is_copied(tmp_path: Path, selection: str, declared: str, wanted: list[str]) -> None:
    assert rows(tmp_path, "source-key", selection, declared, CENTRAL + OWN) == wanted


def test_a_key_that_is_not_shared_says_what_fails(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "source-key", NAMED, ALONE + OWN_KEY, CENTRAL + OWN)

    assert row.startswith("fails: key `Key` is not shared with account 444455556666: ")
    assert ": copies of RDS fail without `kms:DescribeKey`, `kms:CreateGrant`" in row


DESTINATION_KEYS = [
    ("a key of its own", TAGS, CENTRAL + OWN, "holds: the vault has a key of its own"),
    ("none, and disks", "Resources: ['arn:aws:ec2:*:*:volume/*']", CENTRAL,
     "fails: the vault has no key of its own: copies of EBS will fail"),
    ("none, and files", "Resources: ['arn:aws:elasticfilesystem:*:*:file-system/*']", CENTRAL,
     "unsure: the vault has no key of its own: AWS's pages disagree on whether that will do"),
    ("none, and tags", TAGS, CENTRAL,
     "unsure: the vault has no key of its own: copies of EC2, EBS, RDS and 6 more types would fail"),
    ("not described", TAGS, "Resources: {}", "assumed: the destination vault has a key of its own"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "vault", "wanted"), [pytest.param(*row[1:], id=row[0]) for row in DESTINATION_KEYS]
)
def test_the_key_of_the_destination(tmp_path: Path, selection: str, vault: str, wanted: str) -> None:
    assert rows(tmp_path, "destination-key", selection, "", vault) == [wanted]


TYPES = [
    (TAGS, "assumed: what the tags select can be copied to another account"),
    ("Resources: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:s3:::*']", "holds: EBS and S3 can be copied"),
    ("Resources: ['arn:aws:redshift:*:*:cluster:*']", "fails: Redshift cannot be copied to this destination"),
    (
        "Resources: ['arn:aws:redshift:*:*:cluster:*', 'arn:aws:s3:::*']",
        "holds: all can be copied but Redshift",
    ),
    (
        "Resources: ['arn:aws:rds:*:*:cluster:*']",
        "holds: RDS Multi-AZ cluster, Aurora, DocumentDB and Neptune can be copied",
    ),
]


@pytest.mark.parametrize(("selection", "wanted"), TYPES)
def test_the_types_of_what_is_copied(tmp_path: Path, selection: str, wanted: str) -> None:
    assert rows(tmp_path, "resource-types", selection, "", CENTRAL + OWN) == [wanted]


# The table of types


def test_what_the_table_says_of_a_type_fits_together() -> None:
    """A type whose own key matters says through which service a copy reaches it; one that is turned off is another."""
    for one in by_name().values():
        is_copied = one.cross_account is not NO or one.cross_region is not NO
        assert bool(one.service) <= (one.managed is NO and is_copied), one.name
        assert one.off == "" or by_name()[one.off].managed is NO, one.name
        assert set(one.not_in_opt_in_regions) <= {"cross-account", "cross-region"}, one.name
        assert bool(one.arns) or one.name in {other.off for other in by_name().values()}, one.name


@pytest.mark.parametrize(
    ("region", "destination", "wanted"),
    [
        ("eu-west-1", "eu-west-1", "can be copied"),
        ("eu-west-1", "eu-south-1", "can be copied"),
        ("eu-south-1", "eu-south-1", "cannot be copied to this destination"),
    ],
)
def test_what_cannot_be_copied_from_a_region(
    tmp_path: Path, region: str, destination: str, wanted: str
) -> None:
    text = plan("Resources: ['arn:aws:timestream:*:*:database/*']", "")
    place = tmp_path / "111122223333" / region
    place.mkdir(parents=True)
    (place / "plan.yaml").write_text(text.replace(DESTINATION, DESTINATION.replace("eu-west-1", destination)))

    (copy,) = json.loads(run("copies", ".", "--format", "json", cwd=tmp_path).out)["copies"]

    (row,) = (row for row in copy["requirements"] if row["name"] == "resource-types")
    assert row["because"] == f"Timestream {wanted}"
