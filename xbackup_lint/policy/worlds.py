"""The ways in which conditions that a template leaves open can turn out."""

from __future__ import annotations

from collections.abc import Iterable

from xbackup_lint.values.alternatives import MOST, Condition, Guard, TooMany
from xbackup_lint.values.hole import Hole


def worlds(base: Guard, guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """Every way for the conditions that `guards` read, where `base` holds: in each, a guard holds or fails.

    Raises TooMany.
    """
    found = [base]
    for condition in open_conditions(base, guards):
        taken = (world.assume(condition, value) for world in found for value in (True, False))
        found = [world for world in taken if world is not None]
        if len(found) > MOST:
            raise TooMany
    return tuple(found)


def open_conditions(base: Guard, guards: Iterable[Guard]) -> list[Condition]:
    """The conditions that `guards` read and `base` does not settle, by name."""
    settled = {condition for condition, _ in base.assigned}
    read = {condition for guard in guards for condition, _ in guard.assigned}
    return sorted(read - settled, key=lambda condition: (condition.template, condition.name))


def condition_hole(condition: Condition) -> Hole:
    """An open condition as the reason why something cannot be told."""
    return Hole(
        (condition.template, f"condition {condition.name}"),
        f"condition `{condition.name}` is left open by the files",
        place=condition.span,
        remedy="give the parameters that it reads with `--parameter NAME=…`",
    )
