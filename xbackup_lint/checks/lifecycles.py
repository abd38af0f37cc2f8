"""Retention arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.keeping import backups_of, copies_of
from xbackup_lint.model.plan import Copy, Lifecycle, Rule
from xbackup_lint.model.retention import FOR_EVER, is_for_ever
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import UNKNOWN, YES


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


@check
def retention_is_outside_lock(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """A rule's own backups go to a vault whose limits refuse their retention. Labels: `least` and `most`.

    Facts: `vault`, `days`, `least`, `most`.
    """
    for keeping in backups_of(rule, estate):
        for fit in keeping.fits:
            limits = (("least", fit.least), ("most", fit.most))
            yield Hit(
                fit.days.span if fit.days is not None else keeping.target.span,
                fit.verdict if keeping.is_certain else fit.verdict & UNKNOWN,
                fit.guard,
                fit.reason,
                facts=fit.facts | {"vault": keeping.found.vault.label},
                also=tuple((label, limit.span) for label, limit in limits if limit is not None),
                holes=(*fit.holes, *keeping.doubts),
                assumptions=assumptions_of(*fit.texts),
            )


@check
def is_never_let_go(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """Backups of a rule, or copies of them, are kept for ever in a vault whose lock is in compliance mode.

    Reasons: `backup`, `copy`. Fact: `vault`. Label: `vault`.
    """
    for keeping in (*backups_of(rule, estate), *copies_of(rule, estate)):
        vault = keeping.found.vault
        for guard, days, permanent in keeping.without_end:
            own = days.span if days is not None and keeping.kind == "backup" else None
            yield Hit(
                own or keeping.target.span,
                permanent.verdict if keeping.is_certain else permanent.verdict & UNKNOWN,
                guard,
                keeping.kind,
                facts={"vault": vault.label},
                also=(("vault", vault.span),),
                holes=(*permanent.holes, *keeping.doubts),
                assumptions=assumptions_of(keeping.target),
            )


@check
def copy_goes_first(copy: Copy, _: Estate) -> Iterator[Hit]:
    """A copy is deleted before the backup that it was made of. Facts: `days`, `source`. Label: `source`."""
    for guard, days in copy.lifecycle.delete_after_days if copy.lifecycle is not None else ():
        for other, source in copy.rule.delete_after_days:
            both, own = guard & other, _days(days)
            longer = _days(source) or (FOR_EVER if is_for_ever(source) else 0)
            if days is None or own is None or both is None or own >= longer:
                continue
            yield Hit(
                days.span,
                YES,
                both,
                "for-ever" if longer == FOR_EVER else "longer",
                facts={"days": str(own), "source": str(longer)},
                also=(("source", source.span),) if source is not None else (),
                assumptions=assumptions_of(days, source),
            )
