"""What vaults tell to topics, what the policies of topics say to that, and what else watches for failed copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.notification import VaultEvent
from xbackup_lint.model.publishing import published
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


def read(**texts: str) -> Estate:
    """An estate of files: `vault_yaml` is vault.yaml."""
    inputs = [
        Input(name.replace("_", "."), Path(name), named=True, text=text) for name, text in texts.items()
    ]
    return read_inputs(inputs, Assignments()).estate


VAULT = """\
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: production
      Notifications:
        SNSTopicArn: !Ref Topic
        BackupVaultEvents: [BACKUP_JOB_COMPLETED, COPY_JOB_FAILED]
"""
TOPIC = """\
Parameters:
  Organization: {Type: String}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: alerts}
"""


def policy(statements: str) -> str:
    """A policy of the topic: statements in YAML's flow style."""
    head = "  Policy:\n    Type: AWS::SNS::TopicPolicy\n    Properties:\n      Topics: [!Ref Topic]\n"
    return f"{head}      PolicyDocument: {{Version: 2012-10-17, Statement: [{statements}]}}\n"


def test_notifications_of_a_template() -> None:
    (found,) = read(vault_yaml=TOPIC + VAULT).notifications

    assert found.vault == "production"
    assert str(found.vault_arn).endswith(":backup-vault:production")
    assert [str(text) for _, text in found.events] == ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED"]
    assert found.tells_of_failed_copies


def test_air_gapped_vaults_notify_too() -> None:
    vault = VAULT.replace("BackupVault\n", "LogicallyAirGappedBackupVault\n")

    assert len(read(vault_yaml=TOPIC + vault).notifications) == 1


def test_a_vault_without_notifications() -> None:
    vault = (
        "Resources:\n  Vault:\n    Type: AWS::Backup::BackupVault\n    Properties: {BackupVaultName: quiet}\n"
    )

    assert read(vault_yaml=vault).notifications == []


def test_what_the_cli_prints_and_takes() -> None:
    events = (
        '"SNSTopicArn": "arn:aws:sns:eu-west-1:111122223333:alerts", "BackupVaultEvents": ["COPY_JOB_FAILED"]'
    )
    arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:printed"
    estate = read(
        printed_json=f'{{"BackupVaultName": "printed", "BackupVaultArn": "{arn}", {events}}}',
        taken_json=f'{{"BackupVaultName": "taken", {events}}}',
        nameless_json=f"{{{events}}}",
    )

    assert [one.vault for one in estate.notices.notifications] == ["printed", "taken", "vault"]
    assert str(estate.notices.notifications[0].vault_arn) == arn
    assert estate.notices.notifications[0].deployment.account.known == "111122223333"
    assert str(estate.notices.notifications[1].vault_arn).endswith(":backup-vault:taken")
    assert [vault.label for vault in estate.vaults] == ["printed"], (
        "the other call tells of no vault that is there"
    )


TO_BACKUP = "{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: sns:Publish, Resource: '*'"
DENIED = "{Effect: Deny, Principal: '*', Action: sns:Publish, Resource: '*'"
POLICIES = [
    # the service, on its own or among others, with wildcards
    (f"{TO_BACKUP}}}", YES, "allowed"),
    ("{Effect: Allow, Principal: {Service: [events.amazonaws.com, backup.amazonaws.com]}, Action: [SNS:Publish]}",
     YES, "allowed"),
    ("{Effect: Allow, Principal: '*', Action: 'sns:*', Resource: '*'}", YES, "allowed"),
    # others
    ("{Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sns:Publish, Resource: '*'}", NO, "refused"),
    ("{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sns:Publish, Resource: '*'}", NO, "refused"),
    ("{Effect: Allow, Principal: {Service: backup.amazonaws.com}, Action: sns:Subscribe, Resource: '*'}",
     NO, "refused"),
    # conditions: on whose behalf
    (f"{TO_BACKUP}, Condition: {{StringEquals: {{aws:SourceAccount: !Ref AWS::AccountId}}}}}}", YES, "allowed"),
    (f"{TO_BACKUP}, Condition: {{ArnLike: {{aws:SourceArn: 'arn:aws:backup:*:*:backup-vault:*'}}}}}}",
     YES, "allowed"),
    (f"{TO_BACKUP}, Condition: {{ArnLike: {{aws:SourceArn: 'arn:*:backup:*:*:backup-plan:*'}}}}}}", NO, "refused"),
    (f"{TO_BACKUP}, Condition: {{StringEquals: {{AWS:SourceOwner: !Ref AWS::AccountId}}}}}}", NO, "refused"),
    (f"{TO_BACKUP}, Condition: {{StringEquals: {{aws:SourceOrgID: !Ref Organization}}}}}}", UNKNOWN, "undecided"),
    # denials: of plain HTTP, of all services
    (f"{TO_BACKUP}}}, {DENIED}, Condition: {{Bool: {{aws:SecureTransport: false}}}}}}", YES, "allowed"),
    (f"{TO_BACKUP}}}, {DENIED}, Condition: {{Bool: {{aws:PrincipalIsAWSService: true}}}}}}", NO, "denied"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "verdict", "reason"), POLICIES)
def test_whether_a_topic_takes_it(statements: str, verdict: Verdict, reason: str) -> None:
    estate = read(vault_yaml=TOPIC + policy(statements) + VAULT)
    (notification,) = estate.notices.notifications
    ((guard, arn),) = notification.topic

    assert arn is not None
    found = published(notification, arn, guard, estate.notices.known_topics)
    assert (found.decision.verdict, found.reason) == (verdict, reason)


def test_topics_are_known_by_their_arn() -> None:
    """By `Ref`, by an ARN that is put together from the same account and region, and by no other."""
    estate = read(vault_yaml=TOPIC + VAULT)
    ((_, arn),) = estate.notices.notifications[0].topic

    assert arn is not None
    assert estate.notices.known_topics.named(arn) is estate.notices.topics[0]
    other = read(other_yaml=TOPIC.replace("alerts", "others") + VAULT).notifications[0].topic.values[0]
    assert other is not None
    assert estate.notices.known_topics.named(other) is None


DOUBTS = [
    # another topic, one that may be it, and one that certainly is in another account
    ("[arn:aws:sns:eu-west-1:111122223333:others]", "no-policy"),
    ("[arn:aws:sns:eu-west-1:111122223333:alerts]", "unattached"),
    ("[!Ref Organization]", "unattached"),
    ("[!Sub 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Organization}']", "unattached"),
    ("[!Sub 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:others']", "no-policy"),
]


@pytest.mark.parametrize(("topics", "reason"), DOUBTS)
def test_policies_that_may_be_of_the_topic(topics: str, reason: str) -> None:
    """A policy in a template of which no account is known may be for any topic that its ARN fits."""
    other = TOPIC.replace("Topic:", "Other:").replace("alerts", "others") + policy(f"{TO_BACKUP}}}")
    estate = read(
        vault_yaml=TOPIC + VAULT, other_yaml=other.replace("Topics: [!Ref Topic]", f"Topics: {topics}")
    )
    (notification,) = estate.notices.notifications
    ((guard, arn),) = notification.topic

    assert arn is not None
    assert published(notification, arn, guard, estate.notices.known_topics).reason == reason


EVENTS = [
    ("COPY_JOB_FAILED", "sent", ""),
    ("ACCESS_POINT_EXPIRED", "sent", ""),
    ("BACKUP_JOB_FAILED", "deprecated", "BACKUP_JOB_COMPLETED"),
    ("BACKUP_PLAN_CREATED", "deprecated", ""),
    ("COPY_JOB_SUCCEEDED", "unknown", "COPY_JOB_SUCCESSFUL"),
    ("copy-job-failed", "unknown", "COPY_JOB_FAILED"),
    ("EVERYTHING", "unknown", ""),
    ("'{{ event }}'", "not known", ""),
    ("!Ref Organization", "not known", ""),
]


@pytest.mark.parametrize(("written", "standing", "meant"), EVENTS)
def test_events(written: str, standing: str, meant: str) -> None:
    vault = VAULT.replace("[BACKUP_JOB_COMPLETED, COPY_JOB_FAILED]", f"[{written}]")
    (event,) = read(vault_yaml=TOPIC + vault).vault_events

    assert isinstance(event, VaultEvent)
    assert event.standing == standing
    if standing != "sent" and standing != "not known":
        assert event.meant == meant


PATTERNS = [
    # failed copies, or all copies, or all that AWS Backup tells
    (
        "{source: [aws.backup], detail-type: [Copy Job State Change], detail: {state: [FAILED, EXPIRED]}}",
        True,
    ),
    ("{source: [aws.backup], detail-type: [Copy Job State Change]}", True),
    ("{source: [aws.backup]}", True),
    ("{source: [aws.s3, aws.backup]}", True),
    # filters and parameters may match anything
    ("{source: [{prefix: aws.}], detail: {state: [{anything-but: COMPLETED}]}}", True),
    ("{source: [aws.backup], detail-type: [!Ref Organization]}", True),
    ("!Ref Organization", True),
    # something else
    ("{source: [aws.backup], detail-type: [Backup Job State Change]}", False),
    ("{source: [aws.backup], detail: {state: [COMPLETED]}}", False),
    ("{source: [aws.ec2]}", False),
    ("!Ref AWS::NoValue", False),
]


@pytest.mark.parametrize(("pattern", "watches"), PATTERNS)
def test_event_rules_that_may_watch(pattern: str, watches: bool) -> None:
    rule = f"  Rule:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: {pattern}\n"
    estate = read(vault_yaml=TOPIC + VAULT + rule)

    assert bool(estate.notices.watchers) is watches


ALARMS = [("NumberOfCopyJobsFailed", True), ("NumberOfBackupJobsFailed", False), ("!Ref AWS::NoValue", False)]


@pytest.mark.parametrize(("metric", "watches"), ALARMS)
def test_alarms_that_watch(metric: str, watches: bool) -> None:
    alarm = f"  Alarm:\n    Type: AWS::CloudWatch::Alarm\n    Properties: {{MetricName: {metric}}}\n"

    assert bool(read(vault_yaml=TOPIC + VAULT + alarm).notices.watchers) is watches


def test_templates_that_say_nothing_of_backups_are_left_alone() -> None:
    rule = "  Rule:\n    Type: AWS::Events::Rule\n    Properties: {EventPattern: {source: [aws.ec2]}}\n"
    estate = read(topics_yaml=TOPIC + policy("") + rule)

    assert (estate.notices.topics, estate.notices.topic_policies, estate.notices.watchers) == ([], [], [])


def test_a_policy_without_a_document() -> None:
    nothing = "  Policy:\n    Type: AWS::SNS::TopicPolicy\n    Properties: {Topics: [!Ref Topic]}\n"

    assert read(vault_yaml=TOPIC + nothing + VAULT).notices.topic_policies == []
