"""Who hears of what happens in a vault: topics that cannot be told, and failed copies that nobody watches."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.notification import Notification, Topic
from xbackup_lint.model.plan import Plan
from xbackup_lint.model.publishing import published
from xbackup_lint.policy.arn import Arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, YES


@check
def topic_is_elsewhere(notification: Notification, estate: Estate) -> Iterator[Hit]:
    """A vault is to tell a topic of another account, or a FIFO topic. Facts: `topic`, `account` (the topic's)."""
    for guard, text in notification.topic:
        arn = Arn.of(text) if text is not None else None
        if text is None or arn is None:
            continue
        topic = estate.notices.known_topics.named(text)
        facts = {
            "topic": topic.name if topic is not None else str(arn.resource),
            "account": str(arn.account),
            "own": str(notification.deployment.account),
        }
        if notification.deployment.is_account(arn.account) is NO:
            yield Hit(arn.account.span, YES, guard, "account", facts, assumptions=assumptions_of(text))
        fifo = _fifo(text, topic)
        if fifo is not None:
            also = (("topic", fifo),) if fifo != text.span else ()
            yield Hit(text.span, YES, guard, "fifo", facts, also, assumptions=assumptions_of(text))


def _fifo(text: Text, topic: Topic | None) -> Span | None:
    """What makes a topic a FIFO topic: its name, or what its template says."""
    last = text.parts[-1] if text.parts else None
    if isinstance(last, Fragment) and last.text.endswith(".fifo"):
        return text.span
    said = [one for one in topic.fifo.values if one is not None] if topic is not None else []
    return said[0].span if said and equals(said[0], "true", ignore_case=True) is YES else None


@check
def topic_refuses_backup(notification: Notification, estate: Estate) -> Iterator[Hit]:
    """A topic that a template declares does not let AWS Backup publish. Facts: `topic`, `vault`, `element`."""
    for guard, text in notification.topic:
        topic = estate.notices.known_topics.named(text) if text is not None else None
        if text is None or topic is None:
            continue
        found = published(notification, text, guard, estate.notices.known_topics)
        because = found.decision.because
        place = because.element.span if because is not None else topic.span
        yield Hit(
            text.span,
            ~found.decision.verdict,
            guard,
            found.reason,
            facts={
                "topic": topic.name,
                "vault": notification.vault,
                "element": because.element.name if because is not None else "",
            },
            also=((found.reason, place),),
            holes=found.holes,
            assumptions=assumptions_of(text),
        )


@check
def failures_are_unwatched(plan: Plan, estate: Estate) -> Iterator[Hit]:
    """A plan copies to another account, and nothing in the files tells anybody if that fails. Facts: `destination`."""
    if estate.notices.copy_watchers.may_watch(plan.deployment):
        return
    for rule in estate.rules_of.get(plan, ()):
        for copy in estate.copies_of.get(rule, ()):
            for guard, answer in copy.crosses_accounts:
                if answer.verdict is not YES:
                    continue
                arn = next(text for own, text in copy.destination_arn if own == guard and text is not None)
                facts = {"destination": str(arn), "plan": plan.label}
                yield Hit(
                    plan.span, YES, guard, "", facts, (("copy", arn.span),), assumptions=answer.assumptions
                )
                return
