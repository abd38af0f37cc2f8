"""Whether a topic takes what a vault tells: the request of AWS Backup, put to the topic's policies."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.notification import Notification, Topics
from xbackup_lint.model.told import order
from xbackup_lint.policy.decide import Decision
from xbackup_lint.policy.everywhere import in_every_world, told
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

SERVICE = "backup.amazonaws.com"


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """What the policies of a topic say.

    `reason` is `no-policy`, `unattached`, `refused`, `denied`, `undecided` or `allowed`.
    """

    reason: str
    decision: Decision
    holes: tuple[Hole, ...] = ()


def published(notification: Notification, topic: Text, guard: Guard, topics: Topics) -> Published:
    """Whether AWS Backup may publish to a topic that a template declares (F8.6, F10.7)."""
    policies = topics.policies_of(topic)
    if not policies:
        # AWS: the policy that SNS gives a topic by itself lets its own account publish, and no service.
        holes = topics.doubts(topic)
        if holes:
            return Published("unattached", Decision(UNKNOWN), holes)
        return Published("no-policy", Decision(NO))
    statements = [statement for one in policies for statement in told(one.policy)]
    present = [one for policy in policies for one in policy.policy.present]
    decision = min(in_every_world(_request(notification, topic), statements, guard, present), key=order)
    refused = "denied" if decision.denied else "refused"
    reason = {YES: "allowed", UNKNOWN: "undecided"}.get(decision.verdict, refused)
    return Published(reason, decision, decision.holes)


def _request(notification: Notification, topic: Text) -> Request:
    """AWS: `aws:SourceArn` is the vault's (BDG: confused deputy); services call over TLS.

    `aws:SourceOwner`, which the policy that SNS gives a topic by itself asks for, is taken not to be there: the
    guide demands a statement for the service (F8.6).
    """
    account = notification.deployment.account
    caller = Caller(account, service=SERVICE, name="AWS Backup")
    context: dict[str, KeyValue] = {
        "aws:sourcearn": (notification.vault_arn,),
        "aws:sourceaccount": (account,),
        "aws:securetransport": (Text.literal("true", NOWHERE),),
        "aws:sourceowner": ABSENT,
    }
    return Request(caller, "sns:Publish", topic, context)
