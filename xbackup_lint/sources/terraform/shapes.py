"""What Terraform's AWS provider calls what CloudFormation calls otherwise (AWS provider, resource pages)."""

from __future__ import annotations

from collections.abc import Mapping

from xbackup_lint.dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of a name: a list of them, or at most one."""

    property: str
    attributes: Mapping[str, str | Blocks]
    many: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """A resource: its type, and its attributes and blocks. `within` is the property that holds them all."""

    type: str
    attributes: Mapping[str, str | Blocks]
    within: str = ""
    outside: tuple[str, ...] = ()
    """Properties that stand beside `within`."""
    lists: frozenset[str] = field(default=frozenset())
    """Properties to which resources of their own add elements."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A resource that says something of another: of which kind, named by which attribute, as which property."""

    owner: str
    by: str
    property: str
    shape: Mapping[str, str | Blocks]
    whole: bool = False
    """Whether all that it says is the property, or only the one of that name."""


_LIFECYCLE = Blocks(
    "Lifecycle",
    {
        "cold_storage_after": "MoveToColdStorageAfterDays",
        "delete_after": "DeleteAfterDays",
        "opt_in_to_archive_for_supported_resources": "OptInToArchiveForSupportedResources",
    },
    many=False,
)
_RULE: dict[str, str | Blocks] = {
    "rule_name": "RuleName",
    "target_vault_name": "TargetBackupVault",
    "target_logically_air_gapped_backup_vault_arn": "TargetLogicallyAirGappedBackupVaultArn",
    "schedule": "ScheduleExpression",
    "schedule_expression_timezone": "ScheduleExpressionTimezone",
    "start_window": "StartWindowMinutes",
    "completion_window": "CompletionWindowMinutes",
    "enable_continuous_backup": "EnableContinuousBackup",
    "recovery_point_tags": "RecoveryPointTags",
    "lifecycle": _LIFECYCLE,
    "copy_action": Blocks(
        "CopyActions", {"destination_vault_arn": "DestinationBackupVaultArn", "lifecycle": _LIFECYCLE}
    ),
}
_CONDITION: dict[str, str | Blocks] = {"key": "ConditionKey", "value": "ConditionValue"}
_KEY: dict[str, str | Blocks] = {
    "policy": "KeyPolicy",
    "is_enabled": "Enabled",
    "enabled": "Enabled",
    "enable_key_rotation": "EnableKeyRotation",
    "customer_master_key_spec": "KeySpec",
    "key_usage": "KeyUsage",
    "multi_region": "MultiRegion",
    "primary_key_arn": "PrimaryKeyArn",
}

SHAPES: dict[str, Shape] = {
    "aws_backup_vault": Shape(
        "AWS::Backup::BackupVault", {"name": "BackupVaultName", "kms_key_arn": "EncryptionKeyArn"}
    ),
    "aws_backup_logically_air_gapped_vault": Shape(
        "AWS::Backup::LogicallyAirGappedBackupVault",
        {
            "name": "BackupVaultName",
            "min_retention_days": "MinRetentionDays",
            "max_retention_days": "MaxRetentionDays",
            "encryption_key_arn": "EncryptionKeyArn",
        },
    ),
    "aws_backup_plan": Shape(
        "AWS::Backup::BackupPlan",
        {
            "name": "BackupPlanName",
            "rule": Blocks("BackupPlanRule", _RULE),
            "advanced_backup_setting": Blocks(
                "AdvancedBackupSettings", {"backup_options": "BackupOptions", "resource_type": "ResourceType"}
            ),
        },
        within="BackupPlan",
    ),
    "aws_backup_selection": Shape(
        "AWS::Backup::BackupSelection",
        {
            "plan_id": "BackupPlanId",
            "name": "SelectionName",
            "iam_role_arn": "IamRoleArn",
            "resources": "Resources",
            "not_resources": "NotResources",
            "selection_tag": Blocks(
                "ListOfTags", {"type": "ConditionType", "key": "ConditionKey", "value": "ConditionValue"}
            ),
            "condition": Blocks(
                "Conditions",
                {
                    "string_equals": Blocks("StringEquals", _CONDITION),
                    "string_not_equals": Blocks("StringNotEquals", _CONDITION),
                    "string_like": Blocks("StringLike", _CONDITION),
                    "string_not_like": Blocks("StringNotLike", _CONDITION),
                },
                many=False,
            ),
        },
        within="BackupSelection",
        outside=("BackupPlanId",),
    ),
    "aws_kms_key": Shape("AWS::KMS::Key", _KEY),
    "aws_kms_replica_key": Shape("AWS::KMS::ReplicaKey", _KEY),
    "aws_iam_role": Shape(
        "AWS::IAM::Role",
        {
            "name": "RoleName",
            "path": "Path",
            "assume_role_policy": "AssumeRolePolicyDocument",
            "permissions_boundary": "PermissionsBoundary",
            "managed_policy_arns": "ManagedPolicyArns",
            "inline_policy": Blocks("Policies", {"name": "PolicyName", "policy": "PolicyDocument"}),
        },
        lists=frozenset({"ManagedPolicyArns", "Policies"}),
    ),
    "aws_iam_policy": Shape(
        "AWS::IAM::ManagedPolicy", {"name": "ManagedPolicyName", "policy": "PolicyDocument"}
    ),
    "aws_sns_topic": Shape("AWS::SNS::Topic", {"name": "TopicName"}),
    "aws_organizations_policy": Shape(
        "AWS::Organizations::Policy",
        {"name": "Name", "type": "Type", "content": "Content"},
        lists=frozenset({"TargetIds"}),
    ),
    "aws_efs_file_system": Shape(
        "AWS::EFS::FileSystem", {"encrypted": "Encrypted", "kms_key_id": "KmsKeyId"}
    ),
    "aws_db_instance": Shape(
        "AWS::RDS::DBInstance",
        {"storage_encrypted": "StorageEncrypted", "kms_key_id": "KmsKeyId", "engine": "Engine"},
    ),
    "aws_rds_cluster": Shape(
        "AWS::RDS::DBCluster",
        {"storage_encrypted": "StorageEncrypted", "kms_key_id": "KmsKeyId", "engine": "Engine"},
    ),
    "aws_ebs_volume": Shape("AWS::EC2::Volume", {"encrypted": "Encrypted", "kms_key_id": "KmsKeyId"}),
    "aws_dynamodb_table": Shape("AWS::DynamoDB::Table", {"name": "TableName"}),
    "aws_s3_bucket": Shape("AWS::S3::Bucket", {"bucket": "BucketName"}),
}

MERGED: dict[str, Merged] = {
    "aws_backup_vault_policy": Merged(
        "aws_backup_vault", "backup_vault_name", "AccessPolicy", {"policy": "AccessPolicy"}
    ),
    "aws_backup_vault_lock_configuration": Merged(
        "aws_backup_vault",
        "backup_vault_name",
        "LockConfiguration",
        {
            "min_retention_days": "MinRetentionDays",
            "max_retention_days": "MaxRetentionDays",
            "changeable_for_days": "ChangeableForDays",
        },
        whole=True,
    ),
    "aws_backup_vault_notifications": Merged(
        "aws_backup_vault",
        "backup_vault_name",
        "Notifications",
        {"sns_topic_arn": "SNSTopicArn", "backup_vault_events": "BackupVaultEvents"},
        whole=True,
    ),
    "aws_kms_key_policy": Merged("aws_kms_key", "key_id", "KeyPolicy", {"policy": "KeyPolicy"}),
    "aws_iam_role_policy": Merged(
        "aws_iam_role", "role", "Policies", {"name": "PolicyName", "policy": "PolicyDocument"}, whole=True
    ),
    "aws_iam_role_policy_attachment": Merged(
        "aws_iam_role", "role", "ManagedPolicyArns", {"policy_arn": "ManagedPolicyArns"}
    ),
    "aws_organizations_policy_attachment": Merged(
        "aws_organizations_policy", "policy_id", "TargetIds", {"target_id": "TargetIds"}
    ),
}

ARN_OF_VAULT = frozenset({"aws_backup_vault", "aws_backup_logically_air_gapped_vault"})

RETURNED: dict[tuple[str, str], str] = {
    ("aws_backup_vault", "arn"): "BackupVaultArn",
    ("aws_backup_vault", "name"): "Ref",
    ("aws_backup_vault", "id"): "Ref",
    ("aws_backup_logically_air_gapped_vault", "arn"): "BackupVaultArn",
    ("aws_backup_plan", "id"): "Ref",
    ("aws_kms_key", "arn"): "Arn",
    ("aws_kms_key", "key_id"): "Ref",
    ("aws_kms_key", "id"): "Ref",
    ("aws_kms_replica_key", "arn"): "Arn",
    ("aws_iam_role", "arn"): "Arn",
    ("aws_iam_role", "name"): "Ref",
    ("aws_iam_role", "id"): "Ref",
    ("aws_iam_policy", "arn"): "Ref",
    ("aws_sns_topic", "arn"): "Ref",
    ("aws_sns_topic", "id"): "Ref",
    ("aws_efs_file_system", "arn"): "Arn",
    ("aws_db_instance", "arn"): "DBInstanceArn",
    ("aws_rds_cluster", "arn"): "DBClusterArn",
    ("aws_dynamodb_table", "arn"): "Arn",
    ("aws_s3_bucket", "arn"): "Arn",
    ("aws_organizations_policy", "id"): "Ref",
}
"""What a template writes for an attribute of a resource: `Ref`, or the attribute of `Fn::GetAtt`."""
