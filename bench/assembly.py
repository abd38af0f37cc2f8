"""A cloud assembly as the CDK leaves it in `cdk.out`: one huge template with some backups in it, and a small one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bench.pairs import ORGANIZATION, REGION, central_account, source_account

JSON = dict[str, object]


def write_assembly(folder: Path, services: int) -> None:
    """Write the assembly: so many services (about 7 kB of template each), whose backups a second account keeps."""
    folder.mkdir(parents=True, exist_ok=True)
    stacks = {
        "Services": (source_account(0), {**_services(services), **_backups()}),
        "Central": (central_account(0), _central()),
    }
    artifacts = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{account}/{REGION}",
            "properties": {"templateFile": f"{name}.template.json", "stackName": name},
        }
        for name, (account, _) in stacks.items()
    }
    (folder / "cdk.out").write_text('{"version":"39.0.0"}', "utf-8")
    _write(folder / "manifest.json", {"version": "39.0.0", "artifacts": artifacts})
    for name, (_, resources) in stacks.items():
        _write(folder / f"{name}.template.json", {"Resources": resources})


def _write(path: Path, body: JSON) -> None:
    path.write_text(json.dumps(body, indent=1), "utf-8")


def _resource(path: str, kind: str, properties: JSON) -> JSON:
    return {"Type": kind, "Properties": properties, "Metadata": {"aws:cdk:path": path}}


def _arn(resource: str) -> JSON:
    return {"Fn::GetAtt": [resource, "Arn"]}


def _policy(*statements: Mapping[str, object]) -> JSON:
    return {"Statement": list(statements), "Version": "2012-10-17"}


def _allow(principal: object, action: object, **more: object) -> JSON:
    return {"Action": action, "Effect": "Allow", "Principal": principal, "Resource": "*", **more}


def _root(account: object) -> JSON:
    return {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", account, ":root"]]}}


def _services(count: int) -> JSON:
    made: JSON = {}
    for number in range(count):
        made |= _service(f"Service{number:04d}")
    return made


def _service(name: str) -> JSON:
    """A function with its role, log, queue, table and alarms."""
    path = f"Services/{name}"
    statements = [
        {
            "Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            "Effect": "Allow",
            "Resource": [_arn(f"{name}Table"), {"Fn::Join": ["", [_arn(f"{name}Table"), f"/index/{index}"]]}],
        }
        for index in ("ByDate", "ByOwner", "ByState")
    ]
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    variables = {
        f"SETTING_{index:02d}": {"Fn::Sub": f"${{AWS::StackName}}-{name}-{index}"} for index in range(12)
    }
    made: JSON = {
        f"{name}Role": _resource(f"{path}/Role/Resource", "AWS::IAM::Role", {
            "AssumeRolePolicyDocument": _policy(trust), "Description": f"What {name} may do",
        }),
        f"{name}RolePolicy": _resource(f"{path}/Role/DefaultPolicy/Resource", "AWS::IAM::Policy", {
            "PolicyDocument": _policy(*statements),
            "PolicyName": f"{name}RolePolicy",
            "Roles": [{"Ref": f"{name}Role"}],
        }),
        f"{name}Function": _resource(f"{path}/Resource", "AWS::Lambda::Function", {
            "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": f"{name}.zip"},
            "Environment": {"Variables": variables},
            "Handler": "index.handler",
            "MemorySize": 512,
            "Role": _arn(f"{name}Role"),
            "Runtime": "nodejs22.x",
            "Timeout": 30,
        }),
        f"{name}Log": _resource(f"{path}/Log/Resource", "AWS::Logs::LogGroup", {
            "LogGroupName": {"Fn::Join": ["", ["/aws/lambda/", {"Ref": f"{name}Function"}]]},
            "RetentionInDays": 30,
        }),
        f"{name}Table": _resource(f"{path}/Table/Resource", "AWS::DynamoDB::Table", {
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "Tags": [{"Key": "backup", "Value": "yes"}],
        }),
    }  # fmt: skip
    for metric in ("Errors", "Throttles", "Duration"):
        made[f"{name}{metric}"] = _resource(f"{path}/{metric}/Resource", "AWS::CloudWatch::Alarm", {
            "ComparisonOperator": "GreaterThanThreshold",
            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": f"{name}Function"}}],
            "EvaluationPeriods": 3,
            "MetricName": metric,
            "Namespace": "AWS/Lambda",
            "Period": 60,
            "Statistic": "Sum",
            "Threshold": 1,
        })  # fmt: skip
    return made


def _backups() -> JSON:
    """The plan of the services: everything tagged, each night, with a copy in the central account."""
    central = central_account(0)
    grants = {"Bool": {"kms:GrantIsForAWSResource": True}}
    copy = {
        "DestinationBackupVaultArn": f"arn:aws:backup:{REGION}:{central}:backup-vault:keep",
        "Lifecycle": {"DeleteAfterDays": 90},
    }
    rule = {
        "CopyActions": [copy],
        "Lifecycle": {"DeleteAfterDays": 35},
        "RuleName": "nightly",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "TargetBackupVault": {"Ref": "BackupVault"},
    }
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}}
    managed = ":iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
    return {
        "BackupKey": _resource("Services/Backup/Key/Resource", "AWS::KMS::Key", {
            "EnableKeyRotation": True,
            "KeyPolicy": _policy(
                _allow(_root({"Ref": "AWS::AccountId"}), "kms:*"),
                _allow(_root(central), ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*"]),
                _allow(_root(central), "kms:CreateGrant", Condition=grants),
            ),
        }),
        "BackupVault": _resource("Services/Backup/Vault/Resource", "AWS::Backup::BackupVault", {
            "BackupVaultName": "services", "EncryptionKeyArn": _arn("BackupKey"),
        }),
        "BackupPlan": _resource("Services/Backup/Plan/Resource", "AWS::Backup::BackupPlan", {
            "BackupPlan": {"BackupPlanName": "services", "BackupPlanRule": [rule]},
        }),
        "BackupRole": _resource("Services/Backup/Role/Resource", "AWS::IAM::Role", {
            "AssumeRolePolicyDocument": _policy(trust),
            "ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, managed]]}],
        }),
        "BackupSelection": _resource("Services/Backup/Selection/Resource", "AWS::Backup::BackupSelection", {
            "BackupPlanId": {"Fn::GetAtt": ["BackupPlan", "BackupPlanId"]},
            "BackupSelection": {
                "IamRoleArn": _arn("BackupRole"),
                "ListOfTags": [
                    {"ConditionKey": "backup", "ConditionType": "STRINGEQUALS", "ConditionValue": "yes"},
                ],
                "SelectionName": "tagged",
            },
        }),
    }  # fmt: skip


def _central() -> JSON:
    members = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}
    return {
        "Key": _resource("Central/Key/Resource", "AWS::KMS::Key", {
            "EnableKeyRotation": True, "KeyPolicy": _policy(_allow(_root({"Ref": "AWS::AccountId"}), "kms:*")),
        }),
        "Vault": _resource("Central/Vault/Resource", "AWS::Backup::BackupVault", {
            "AccessPolicy": _policy(
                _allow({"AWS": source_account(0)}, "backup:CopyIntoBackupVault"),
                _allow("*", "backup:CopyIntoBackupVault", Condition=members),
            ),
            "BackupVaultName": "keep",
            "EncryptionKeyArn": _arn("Key"),
        }),
    }  # fmt: skip
