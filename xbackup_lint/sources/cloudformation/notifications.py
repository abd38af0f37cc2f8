"""What vaults tell to SNS topics, these topics with their policies, and EventBridge rules and alarms beside them.

Of templates that say nothing of backups none of these is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.notification import Notification, Topic, TopicPolicy, Watcher
from xbackup_lint.policy.statement import Guarded
from xbackup_lint.regex import regex
from xbackup_lint.sources.cloudformation.declared import Declared, Reader
from xbackup_lint.template.references import of_resource
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

_OF_BACKUPS = regex(r"AWS::Backup::Backup(?:Vault|Plan)|backup\.amazonaws\.com|aws\.backup|AWS/Backup")
_FAILED_COPIES = "NumberOfCopyJobsFailed"
_EVENTS = 64
"""Events of one vault that are looked at. AWS has fewer."""


@lru_cache(maxsize=64)
def _is_of_backups(source: Source) -> bool:
    return _OF_BACKUPS.search(source.text) is not None


def _of_backups(read: Reader) -> Reader:
    """A reader of resources that matter only where a template speaks of backups."""

    def reader(declared: Declared) -> None:
        if _is_of_backups(declared.span.source):
            read(declared)

    return reader


def read_notifications(declared: Declared, vault: str) -> None:
    """`Notifications` of a vault that a template declares."""
    given = declared.properties.get("Notifications")
    arn = of_resource(
        declared.resource.evaluator,
        declared.resource.logical_id,
        "BackupVaultArn",
        declared.span,
        declared.guard,
    )
    vault_arn = next((text for text in arn.texts().values if text is not None), Text(declared.span, ()))
    for guard, record in given.records():
        here = Field.of(record, record.span, guard)
        add_notification(declared.estate, declared.deployment, declared.span, vault, vault_arn, here, guard)


def is_notification(members: set[str]) -> bool:
    """Whether a document is what `get-backup-vault-notifications` prints, or `put-…` takes."""
    return {"SNSTopicArn", "BackupVaultEvents"} <= members


def read_document(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-vault-notifications`, and the input of `put-…`."""
    document = literal(root)
    name = next((text for text in document.get("BackupVaultName").texts().values if text is not None), None)
    given = next((text for text in document.get("BackupVaultArn").texts().values if text is not None), None)
    span = (root.get("BackupVaultName") or root).span
    label = str(name) if name is not None else "vault"
    arn = given if given is not None else _arn(here, name, span)
    estate.deployments.append(here)
    add_notification(estate, here, span, label, arn, document, ALWAYS)


def _arn(here: Deployment, name: Text | None, span: Span) -> Text:
    pieces = ("arn:aws:backup:", here.region, ":", here.account, ":backup-vault:", name or "")
    return Text.join(
        [Text.literal(piece, span) if isinstance(piece, str) else piece for piece in pieces], span
    )


def add_notification(
    estate: Estate, here: Deployment, span: Span, vault: str, vault_arn: Text, given: Field, guard: Guard
) -> None:
    """Add what a vault tells a topic."""
    topic = given.get("SNSTopicArn").texts()
    events = tuple(_texts(given.get("BackupVaultEvents")))[:_EVENTS]
    estate.notices.notifications.append(Notification(span, here, vault, vault_arn, topic, events, guard))


def _texts(listed: Field) -> Iterator[Guarded]:
    for element in listed.elements():
        yield from ((guard, text) for guard, text in element.texts() if text is not None)


def _topic(declared: Declared) -> None:
    evaluator, name = declared.resource.evaluator, declared.resource.logical_id
    arns = of_resource(evaluator, name, None, declared.span, declared.guard).texts()
    declared.estate.notices.topics.append(
        Topic(declared.span, name, arns, declared.texts("FifoTopic"), declared.guard)
    )


def _topic_policy(declared: Declared) -> None:
    policy = declared.policy("PolicyDocument")
    named = declared.properties.get("TopicArn" if "Inline" in declared.resource.type else "Topics")
    if policy is not None:
        declared.estate.notices.topic_policies.append(
            TopicPolicy(declared.span, tuple(_texts(named)), policy)
        )


def _event_rule(declared: Declared) -> None:
    """A rule that failed copies may match. What is not known, and filters of EventBridge, may match anything."""
    pattern = declared.properties.get("EventPattern")
    if declared.texts("State").only is not None and str(declared.texts("State").only) == "DISABLED":
        return
    # AWS: `source`, `detail-type` and `detail.state` of a failed copy (BDG: eventbridge).
    wanted = {"source": "aws.backup", "detail-type": "Copy Job State Change", "detail.state": "FAILED"}
    if not pattern.is_absent and all(
        _may_match(pattern.path(*path.split(".")), value) for path, value in wanted.items()
    ):
        declared.estate.notices.watchers.append(Watcher(declared.span, declared.deployment))


def _may_match(listed: Field, value: str) -> bool:
    """Whether a list of an event pattern may hold a value; one that is not there holds all."""
    if listed.is_absent:
        return True
    for element in listed.elements():
        for _, one in element:
            if not isinstance(one, Text) or one.known in (None, value):
                return True
    return False


def _alarm(declared: Declared) -> None:
    """An alarm on the number of copies that failed. AWS: metrics of AWS Backup (BDG: cloudwatch)."""
    metric = declared.texts("MetricName").values
    if any(text is not None and text.known == _FAILED_COPIES for text in metric):
        declared.estate.notices.watchers.append(Watcher(declared.span, declared.deployment))


READERS: dict[str, Reader] = {
    "AWS::SNS::Topic": _of_backups(_topic),
    "AWS::SNS::TopicPolicy": _of_backups(_topic_policy),
    "AWS::SNS::TopicInlinePolicy": _of_backups(_topic_policy),
    "AWS::Events::Rule": _of_backups(_event_rule),
    "AWS::CloudWatch::Alarm": _of_backups(_alarm),
}
