"""Retention arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Lifecycle
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


@check
def cold_storage_is_too_short(lifecycle: Lifecycle, _: Estate, *, least: int) -> Iterator[Hit]:
    """A backup is deleted before its move to cold storage, or fewer than `least` days after it.

    Facts: `delete` and `move` (days after creation), `between` (days), `earliest` (days for deletion).
    """
    for guard, (delete, move) in lifecycle.both_days:
        deleted, moved = _days(delete), _days(move)
        if delete is None or move is None or deleted is None or moved is None or deleted - moved >= least:
            continue
        yield Hit(
            delete.span,
            YES,
            guard,
            reason="before-the-move" if deleted < moved else "too-short",
            facts={
                "delete": str(deleted),
                "move": str(moved),
                "between": str(deleted - moved),
                "earliest": str(moved + least),
            },
            also=(("move", move.span),),
            assumptions=assumptions_of(delete, move),
        )


def _days(text: Text | None) -> int | None:
    """A number of days; None of what is none: -1 is never, and of 0 other rules speak, or nobody knows."""
    number = text.number if text is not None else None
    return number if number is not None and number >= 1 else None


@check
def retention_is_out_of_range(lifecycle: Lifecycle, _: Estate, *, most: int, forever: int) -> Iterator[Hit]:
    """`DeleteAfterDays` is outside 1 to `most` days, and is not `forever`. Facts: `days`."""
    for guard, days in lifecycle.delete_after_days:
        number = days.number if days is not None else None
        if days is not None and number is not None and number != forever and not 1 <= number <= most:
            yield Hit(days.span, YES, guard, facts={"days": str(number)}, assumptions=assumptions_of(days))
