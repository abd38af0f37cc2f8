"""What policies decided, as a requirement of a copy."""

from __future__ import annotations

from collections.abc import Sequence

from xbackup_lint.dataclass import replace
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.policy.decide import Decision
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_WORST_FIRST = (Standing.FAILS, Standing.UNSURE, Standing.ASSUMED, Standing.HOLDS)
_STANDING = {YES: Standing.HOLDS, NO: Standing.FAILS, UNKNOWN: Standing.UNSURE}


def requirement(name: str, decision: Decision, facts: dict[str, str], place: Span) -> Requirement:
    """A requirement that stands as a decision has it: `allowed`, `denied`, `refused` or `undecided`.

    `place` is where it stands if no statement decides. Facts: `element` and `statement` that decide.
    """
    because = decision.because
    span = because.element.span if because is not None else place
    reason = {YES: "allowed", UNKNOWN: "undecided"}.get(
        decision.verdict, "denied" if decision.denied else "refused"
    )
    facts = facts | {
        "element": because.element.name if because is not None else "statement",
        "statement": because.statement.label if because is not None else "",
    }
    return Requirement(name, _STANDING[decision.verdict], reason, span, facts, decision.holes)


def in_all_ways(rows: Sequence[tuple[Guard, Requirement]]) -> Requirement:
    """How a requirement stands that stands so in each way for open conditions to turn out: the worst of them.

    Where the ways differ it says in which it stands so, and tells of others in which it is not met either.
    """
    guard, worst = min(rows, key=lambda one: worst_first(one[1]))
    alike = {(row.standing, row.reason, row.place) for _, row in rows}
    if len(alike) == 1:
        return worst
    others = (replace(row, guard=way) for way, row in rows if row is not worst and _is_unmet(row))
    return replace(worst, guard=guard, besides=tuple(others))


def of_all_roles(rows: Sequence[Requirement]) -> Requirement:
    """How a requirement stands for all roles of a plan: the worst, with the roles that it stands so for.

    Fact: `roles`, in backquotes.
    """
    worst = min(rows, key=worst_first)
    alike = [row for row in rows if (row.standing, row.reason) == (worst.standing, worst.reason)]
    roles = ", ".join(dict.fromkeys(f"`{role}`" for row in alike if (role := row.facts.get("role"))))
    places = dict.fromkeys(row.place for row in alike if row.place is not None and row.place != worst.place)
    others = (*worst.others, *((worst.reason, place) for place in places))
    return replace(worst, facts=worst.facts | {"roles": roles}, others=others)


def worst_first(row: Requirement) -> int:
    """What fails before what is unsure, before what is assumed."""
    return _WORST_FIRST.index(row.standing)


def _is_unmet(row: Requirement) -> bool:
    return row.standing in (Standing.FAILS, Standing.UNSURE)


def order(decision: Decision) -> int:
    """Refusals first, then what is not known."""
    return decision.verdict.value
