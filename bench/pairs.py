"""Pairs of templates: an account that copies its backups, and the account that keeps the copies.

Nothing is wrong in them but what most estates have: whole accounts are trusted, and nobody watches the copies.
"""

from __future__ import annotations

from pathlib import Path

COPIES = 3
"""Copies that one pair makes."""

REGION = "eu-central-1"
ORGANIZATION = "o-9f8e7d6c5b"

_RULES = (("hourly", "cron(0 * ? * * *)", 14), ("nightly", "cron(30 2 ? * * *)", 60),
          ("quarterly", "cron(0 4 1 1/3 ? *)", 400))  # fmt: skip

_SOURCE_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Backups of workload <NUMBER>, with a copy in the central account
Parameters:
  Stage:
    Type: String
    Default: live
    AllowedValues: [live, trial]
  CentralAccountId:
    Type: String
    Default: "<CENTRAL>"
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  BackupKey:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Description: Encrypts the vault, and is read by whoever copies out of it
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: Administration
            Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
            Action: "kms:*"
            Resource: "*"
          - Sid: CentralAccountReads
            Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${CentralAccountId}:root"
            Action:
              - kms:DescribeKey
              - kms:Decrypt
              - kms:ReEncrypt*
              - kms:GenerateDataKey*
            Resource: "*"
          - Sid: CentralAccountGrants
            Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${CentralAccountId}:root"
            Action: kms:CreateGrant
            Resource: "*"
            Condition:
              Bool:
                kms:GrantIsForAWSResource: "true"
  WorkloadVault:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: workload-<NUMBER>
      EncryptionKeyArn: !GetAtt BackupKey.Arn
      BackupVaultTags:
        workload: "<NUMBER>"
  BackupRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Service: backup.amazonaws.com
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
  BackupPlan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: !Sub "${Stage}-workload-<NUMBER>"
        BackupPlanRule:
"""
_SOURCE_RULE = """\
          - RuleName: <RULE>
            TargetBackupVault: !Ref WorkloadVault
            ScheduleExpression: <SCHEDULE>
            StartWindowMinutes: 60
            CompletionWindowMinutes: 300
            Lifecycle:
              DeleteAfterDays: <KEPT>
            RecoveryPointTags:
              rule: <RULE>
              stage: !Ref Stage
            CopyActions:
              - DestinationBackupVaultArn: !Sub "arn:aws:backup:<REGION>:${CentralAccountId}:backup-vault:keep-<NUMBER>"
                Lifecycle:
                  DeleteAfterDays: !If [IsLive, <COPY-KEPT>, <KEPT>]
"""
_SOURCE_FOOT = """\
  EverythingTagged:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref BackupPlan
      BackupSelection:
        SelectionName: everything-tagged
        IamRoleArn: !GetAtt BackupRole.Arn
        ListOfTags:
          - ConditionType: STRINGEQUALS
            ConditionKey: backup
            ConditionValue: "yes"
  Alarms:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub "${AWS::StackName}-alarms"
      KmsMasterKeyId: alias/aws/sns
Outputs:
  WorkloadVaultArn:
    Value: !GetAtt WorkloadVault.BackupVaultArn
    Export:
      Name: !Sub "${AWS::StackName}-vault"
  BackupKeyArn:
    Value: !GetAtt BackupKey.Arn
    Export:
      Name: !Sub "${AWS::StackName}-key"
"""

_CENTRAL_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: Where the copies of workload <NUMBER> are kept
Parameters:
  OrganizationId:
    Type: String
    Default: <ORGANIZATION>
  KeptAtMost:
    Type: Number
    Default: 2555
Resources:
"""
_CENTRAL_VAULT = """\
  Key<N>:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: Administration
            Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
            Action: "kms:*"
            Resource: "*"
  Vault<N>:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: <NAME>
      EncryptionKeyArn: !GetAtt Key<N>.Arn
      LockConfiguration:
        MinRetentionDays: 14
        MaxRetentionDays: !Ref KeptAtMost
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: WorkloadCopies
            Effect: Allow
            Principal:
              AWS: "arn:aws:iam::<SOURCE>:root"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
          - Sid: OrganizationCopies
            Effect: Allow
            Principal: "*"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
            Condition:
              StringEquals:
                aws:PrincipalOrgID: !Ref OrganizationId
"""
_CENTRAL_OUTPUT = """\
  Vault<N>Arn:
    Value: !GetAtt Vault<N>.BackupVaultArn
    Export:
      Name: !Sub "${AWS::StackName}-vault-<N>"
"""


def source_account(number: int) -> str:
    return f"{200000000000 + number * 11:012d}"


def central_account(number: int) -> str:
    return f"{600000000000 + number * 11:012d}"


def filled(text: str, **values: object) -> str:
    """A text with `<NAME>` in it, filled in."""
    for name, value in values.items():
        text = text.replace(f"<{name.replace('_', '-').upper()}>", str(value))
    return text


def source(number: int) -> str:
    """The template of an account that copies: key, vault, role, plan of three rules, selection, topic."""
    rules = (
        filled(_SOURCE_RULE, rule=rule, schedule=schedule, kept=kept, copy_kept=kept * 2)
        for rule, schedule, kept in _RULES
    )
    text = _SOURCE_HEAD + "".join(rules) + _SOURCE_FOOT
    return filled(text, number=number, central=central_account(number), region=REGION)


def central(number: int) -> str:
    """The template of an account that is copied into: three vaults with locks and policies, a key for each."""
    names = (f"keep-{number}", f"keep-{number}-archive", f"keep-{number}-drill")
    vaults = (filled(_CENTRAL_VAULT, n=index, name=name) for index, name in enumerate(names))
    outputs = (filled(_CENTRAL_OUTPUT, n=index) for index in range(len(names)))
    text = _CENTRAL_HEAD + "".join(vaults) + "Outputs:\n" + "".join(outputs)
    return filled(text, number=number, organization=ORGANIZATION, source=source_account(number))


def write_pairs(folder: Path, templates: int) -> None:
    """Write so many templates, half of them of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(templates // 2):
        (folder / f"workload-{number:05d}.yaml").write_text(source(number), "utf-8")
        (folder / f"central-{number:05d}.yaml").write_text(central(number), "utf-8")
