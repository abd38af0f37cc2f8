"""How long a copy is kept, and whether the lock of its vault takes that."""

from __future__ import annotations

from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Route
from xbackup_lint.model.vault import Vault
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text


def effective_days(route: Route) -> Text | None:
    """Days that the copy is kept: its own, else those of the backup that it is a copy of (F1.25, F4.10).

    None keeps it for ever. AWS: -1 on a copy keeps the source's expiry (corrections to F4.3, F4.14).
    """
    copy = route.copy
    own = (
        _under(copy.lifecycle.delete_after_days.options, route.guard) if copy.lifecycle is not None else None
    )
    if own is not None and own.number != -1:
        return own
    source = _under(copy.rule.delete_after_days.options, route.guard)
    return source if source is None or source.number != -1 else None


def _under(options: tuple[tuple[Guard, Text | None], ...], guard: Guard) -> Text | None:
    left = [text for own, text in options if own & guard is not None]
    return left[0] if left else None


def within_lock(route: Route, vault: Vault) -> Requirement:
    """Whether the retention of a copy is within the lock of its vault; the limits themselves are within it."""
    least = _under(vault.min_retention_days.options, route.guard)
    most = _under(vault.max_retention_days.options, route.guard)
    if not vault.min_retention_days.options:
        return Requirement("retention", Standing.ASSUMED, "not-shown", vault.span)
    if least is None and most is None:
        return Requirement("retention", Standing.HOLDS, "no-lock", vault.span)
    days = effective_days(route)
    limits = tuple(limit for limit in (least, most) if limit is not None)
    holes = tuple(hole for text in (*limits, *([days] if days is not None else [])) for hole in text.holes)
    facts = {
        "days": str(days) if days is not None else "for ever",
        "least": str(least or ""),
        "most": str(most or ""),
    }
    place = days.span if days is not None else route.copy.span
    if holes:
        return Requirement("retention", Standing.UNSURE, "unknown", place, facts, holes)
    kept = days.number if days is not None else None
    too_short = kept is not None and least is not None and least.number is not None and kept < least.number
    too_long = most is not None and most.number is not None and (kept is None or kept > most.number)
    if too_short or too_long:
        return Requirement(
            "retention", Standing.FAILS, "too-short" if too_short else "too-long", place, facts
        )
    return Requirement("retention", Standing.HOLDS, "within-lock", place, facts)
