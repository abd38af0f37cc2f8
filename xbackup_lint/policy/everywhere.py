"""A request put to policies in every way for the template's open conditions to turn out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xbackup_lint.policy.decide import Decision, Element, Matched, decide
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions, worlds
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard, TooMany
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import UNKNOWN


def in_every_world(
    request: Request,
    statements: Sequence[Statement],
    guard: Guard,
    present: Iterable[Guard] = (),
    *,
    wildcard_actions: bool = True,
    of_resource: bool = True,
) -> Iterator[Decision]:
    """The decisions on a request in every way for the conditions that statements depend on to turn out.

    `present` are guards beside the statements' own under which there is a policy at all.
    """
    made = by_world(
        request, statements, guard, present, wildcard_actions=wildcard_actions, of_resource=of_resource
    )
    return (decision for _, decision in made)


def by_world(
    request: Request,
    statements: Sequence[Statement],
    guard: Guard,
    present: Iterable[Guard] = (),
    *,
    wildcard_actions: bool = True,
    of_resource: bool = True,
) -> Iterator[tuple[Guard, Decision]]:
    """The same, with the way in which each is made."""
    guards = [*present, *guards_of(statements)]
    try:
        ways = worlds(guard, guards)
    except TooMany:
        yield guard, too_many(statements, guard)
        return
    for way in ways:
        there = seen(statements, way)
        yield way, decide(request, there, wildcard_actions=wildcard_actions, of_resource=of_resource)


def seen(statements: Iterable[Statement], way: Guard) -> list[Statement]:
    """What is left of statements in one way."""
    return [statement.seen(way) for statement in statements if way & statement.guard is not None]


def guards_of(statements: Iterable[Statement]) -> Iterator[Guard]:
    """The guards on which it depends what statements say."""
    for statement in statements:
        yield from statement.guards


def too_many(statements: Sequence[Statement], guard: Guard) -> Decision:
    """That more conditions decide than are followed."""
    if not statements:
        return Decision(UNKNOWN)
    first = statements[0]
    holes = tuple(map(condition_hole, open_conditions(guard, guards_of(statements))))
    return Decision(
        UNKNOWN, Matched(first, UNKNOWN, Element("condition", UNKNOWN, first.span, holes), 0, True)
    )


def told(policy: Policy) -> tuple[Statement, ...]:
    """The statements of a policy; for each part of it that cannot be read one of which nothing is known."""
    return (*policy.statements, *(untold(policy.span, hole, guard) for guard, hole in policy.unknown))


def untold(place: Span, hole: Hole, guard: Guard = ALWAYS, *, may_deny: bool = True) -> Statement:
    """A statement of which nothing is known: it may allow anything to anyone, and, if it `may_deny`, deny it."""
    unknown = Text.unknown(hole, place)
    everything = Text.literal("*", place)
    return Statement(
        span=place,
        guard=guard,
        sid=None,
        effect=unknown if may_deny else Text.literal("Allow", place),
        principals=(Principal(everything, "AWS", ALWAYS),),
        actions=((ALWAYS, everything if may_deny else unknown),),
    )
