"""Retention arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Lifecycle
from xbackup_lint.values.verdict import YES


@check
def retention_is_out_of_range(
    lifecycle: Lifecycle, estate: Estate, *, most: int, forever: int
) -> Iterator[Hit]:
    """`DeleteAfterDays` is outside 1 to `most` days, and is not `forever`. Facts: `days`."""
    for guard, days in lifecycle.delete_after_days:
        number = days.number if days is not None else None
        if days is not None and number is not None and number != forever and not 1 <= number <= most:
            yield Hit(days.span, YES, guard, facts={"days": str(number)}, assumptions=assumptions_of(days))
