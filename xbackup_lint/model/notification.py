"""What vaults tell of jobs, to which topics; and what else watches for copies that fail.

`data/vault-events.json` is read once, when the first question is asked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.statement import Guarded, Policy
from xbackup_lint.text.near import most_like
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO

Texts = Alternatives[Text | None]
COPY_FAILED = "COPY_JOB_FAILED"
_LONGEST_NAME = 100
"""Characters of what is no event that are compared with those that are."""


class _Events(TypedDict):
    events: list[str]
    deprecated: dict[str, str | None]


@cache
def _events() -> _Events:
    data: _Events = json.loads(Path(__file__).with_name("data").joinpath("vault-events.json").read_bytes())
    return data


@dataclass(frozen=True, eq=False)
class Notification:
    """`Notifications` of a vault: which events it tells to which topic."""

    span: Span
    """The vault's logical id, or its name in a document."""
    deployment: Deployment
    vault: str
    """What the vault is called, for messages."""
    vault_arn: Text
    """The ARN of the vault."""
    topic: Texts
    """`SNSTopicArn` as given."""
    events: tuple[Guarded, ...]
    guard: Guard

    @property
    def key(self) -> Span:
        return self.span

    @property
    def tells_of_failed_copies(self) -> bool:
        """Whether it may tell of copies that fail: what is not known is taken to."""
        return any(text.known in (None, COPY_FAILED) for _, text in self.events)


@dataclass(frozen=True, eq=False)
class VaultEvent:
    """One event that a vault is to tell."""

    text: Text
    """The name of the event, as given."""
    guard: Guard
    notification: Notification

    @property
    def key(self) -> Span:
        return self.text.span

    @property
    def span(self) -> Span:
        return self.text.span

    @property
    def deployment(self) -> Deployment:
        return self.notification.deployment

    @cached_property
    def standing(self) -> Literal["sent", "deprecated", "unknown", "not known"]:
        """Whether AWS Backup sends such an event, once did, or has none of this name."""
        known = self.text.known
        if known is None or "{" in known:
            return "not known"
        if known in _events()["events"]:
            return "sent"
        return "deprecated" if known in _events()["deprecated"] else "unknown"

    @cached_property
    def meant(self) -> str:
        """The event that tells of the same, or that was probably meant; empty where there is none."""
        known = self.text.known or ""
        instead = _events()["deprecated"].get(known)
        if instead is not None or self.standing == "deprecated":
            return instead or ""
        spelled = known[:_LONGEST_NAME].strip().upper().replace("-", "_")
        return most_like(spelled, _events()["events"], 0.75) or ""

    @property
    def reason(self) -> str:
        """`meant` where there is an event to name instead, and empty where there is none."""
        return "meant" if self.meant else ""


@dataclass(frozen=True, eq=False)
class Topic:
    """An SNS topic that a template declares."""

    span: Span
    name: str
    """The logical id."""
    arns: Texts
    fifo: Texts
    """`FifoTopic` as written."""
    guard: Guard


@dataclass(frozen=True, eq=False)
class TopicPolicy:
    """A policy, and the ARNs of the topics that have it."""

    span: Span
    topics: tuple[Guarded, ...]
    policy: Policy


@dataclass(frozen=True, eq=False)
class Watcher:
    """An EventBridge rule or a CloudWatch alarm that may notice copies that fail."""

    span: Span
    deployment: Deployment


class Topics:
    """The topics that templates declare, and the policies of each."""

    def __init__(self, topics: Iterable[Topic], policies: Iterable[TopicPolicy]) -> None:
        self._topics = {
            _identity(arn): topic for topic in topics for arn in topic.arns.values if arn is not None
        }
        self._policies: dict[object, list[TopicPolicy]] = defaultdict(list)
        self._loose = list[Text]()
        for policy in policies:
            for _, arn in policy.topics:
                self._policies[_identity(arn)].append(policy)
                if _identity(arn) not in self._topics:
                    self._loose.append(arn)

    def named(self, arn: Text) -> Topic | None:
        """The topic that an ARN certainly names."""
        return self._topics.get(_identity(arn))

    def policies_of(self, arn: Text) -> Sequence[TopicPolicy]:
        """The policies of a topic."""
        return self._policies.get(_identity(arn), ())

    def doubts(self, arn: Text) -> tuple[Hole, ...]:
        """Why a topic may have a policy that names another ARN; empty where it certainly has none."""
        may_be = (other for other in self._loose if equals(other, arn) is not NO)
        return tuple(dict.fromkeys(hole for other in may_be for hole in (*other.holes, *arn.holes)))


def _identity(text: Text) -> tuple[object, ...]:
    """The same for ARNs that certainly name one topic, however their partition is written."""
    arn = Arn.of(text)
    return (
        text.identity if arn is None else (arn.region.identity, arn.account.identity, arn.resource.identity)
    )


class Watchers:
    """What may notice failed copies, to be asked for by account and region."""

    def __init__(self, notifications: Iterable[Notification], watchers: Iterable[Watcher]) -> None:
        told = (one.deployment for one in notifications if one.tells_of_failed_copies)
        self._places = tuple(dict.fromkeys((*told, *(watcher.deployment for watcher in watchers))))
        self._by_account: dict[str | None, list[Deployment]] = defaultdict(list)
        for place in self._places:
            self._by_account[place.account.known].append(place)

    def may_watch(self, here: Deployment) -> bool:
        """Whether one of them may be in an account and region. Those of unknown accounts may be anywhere."""
        own = here.account.known
        of_account = (*self._by_account.get(own, ()), *self._by_account.get(None, ()))
        places = self._places if own is None else of_account
        return any(place.is_region(here.region) is not NO for place in places)


@dataclass(eq=False)
class Notices:
    """What all files say of who hears of what happens in vaults."""

    notifications: list[Notification] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    topic_policies: list[TopicPolicy] = field(default_factory=list)
    watchers: list[Watcher] = field(default_factory=list)
    """EventBridge rules and alarms that may notice copies that fail."""

    @cached_property
    def events(self) -> list[VaultEvent]:
        """The events that vaults are to tell."""
        return [
            VaultEvent(text, both, notification)
            for notification in self.notifications
            for guard, text in notification.events
            if (both := guard & notification.guard) is not None
        ]

    @cached_property
    def known_topics(self) -> Topics:
        """The topics, to be searched by ARN, and their policies."""
        return Topics(self.topics, self.topic_policies)

    @cached_property
    def copy_watchers(self) -> Watchers:
        """What may notice copies that fail, to be asked for by place."""
        return Watchers(self.notifications, self.watchers)
