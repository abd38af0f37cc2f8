"""How long backups and copies are kept, and whether the locks of their vaults take that."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Found, Route
from xbackup_lint.model.vault import Vault
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Guard, TooMany, all_of
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

LONGEST = 36_500
"""Days. AWS: nothing is kept longer, but for what is kept for ever (F4.3)."""
FOR_EVER = math.inf
_NEVER = -1
_ANY: tuple[float, ...] = (1, FOR_EVER)
"""The bounds of a number that nobody knows. A limit decides nothing between them that it does not at them."""

Texts = Alternatives[Text | None]


def refused(days: float, least: float, most: float) -> str:
    """Why a vault refuses what is to be kept for `days`: `too-short`, `too-long` or `for-ever`; empty if it does not.

    AWS: both limits are allowed; for ever is longer than any maximum, and than any minimum (F4.13, F4.14).
    """
    if days < least:
        return "too-short"
    if days > most:
        return "for-ever" if days == FOR_EVER else "too-long"
    return ""


def kept_by_copy(copy: Copy) -> Texts:
    """The days for which a copy is kept, as they are written: its own, else those of the backup (F1.25, F4.10).

    None and -1 are for ever. AWS: -1 on a copy keeps the expiry of its source (F4.3).
    """
    source = copy.rule.delete_after_days
    if copy.lifecycle is None:
        return source
    own = copy.lifecycle.delete_after_days
    try:
        return own.then(lambda days: source if is_for_ever(days) else Alternatives.of(days))
    except TooMany:
        return Alternatives.of(_too_many(copy.lifecycle.span), copy.guard)


def _too_many(place: Span) -> Text:
    why = "retention and lock depend on too many conditions at once"
    return Text.unknown(Hole((place.source.path, f"days@{place.start}"), why, place=place), place)


def is_for_ever(days: Text | None) -> bool:
    """Whether days as they are written are for ever."""
    return days is None or days.number == _NEVER


def is_retention(days: Text | None) -> bool:
    """Whether days can be what they should be: unknown, for ever or a number in range."""
    number = days.number if days is not None else None
    return is_for_ever(days) or bool(days and days.holes) or (number is not None and 1 <= number <= LONGEST)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Whether the limits of a vault refuse a retention (`verdict`), where a guard holds, and why (`reason`).

    The reason is one of `refused`, or `unknown`; `within` where the vault takes it, `no-lock` where it has no limits,
    and `no-days` where what is written is no retention at all, which AWS refuses before any vault does.
    """

    guard: Guard
    verdict: Verdict
    reason: str
    days: Text | None
    least: Text | None
    most: Text | None

    @property
    def is_for_ever(self) -> bool:
        return is_for_ever(self.days)

    @property
    def texts(self) -> tuple[Text, ...]:
        return tuple(text for text in (self.days, self.least, self.most) if text is not None)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What the answer waits for."""
        return _once(self.texts) if self.verdict is UNKNOWN else ()

    @property
    def facts(self) -> dict[str, str]:
        """`days`, `least` and `most` as far as they are there."""
        return {"days": str(self.days or ""), "least": str(self.least or ""), "most": str(self.most or "")}


def _once(texts: tuple[Text, ...]) -> tuple[Hole, ...]:
    return tuple(dict.fromkeys(hole for text in texts for hole in text.holes))


def fits(kept: Texts, vault: Vault, guard: Guard) -> list[Fit]:
    """What a vault says to a retention, under every guard that is left open; nothing if no input shows limits."""
    limited = vault.min_retention_days.under(guard), vault.max_retention_days.under(guard)
    try:
        joined = all_of((kept.under(guard), *limited))
    except TooMany:
        unknown = _too_many(vault.span)
        return [Fit(guard, UNKNOWN, "unknown", unknown, unknown, None)]
    return [_fit(under, *texts) for under, texts in joined]


def _fit(guard: Guard, days: Text | None, least: Text | None, most: Text | None) -> Fit:
    if not is_retention(days):
        return Fit(guard, NO, "no-days", days, least, most)
    if least is None and most is None:
        return Fit(guard, NO, "no-lock", days, least, most)
    asked = _numbers(days, FOR_EVER)
    limits = _limits(_numbers(least, 1), _numbers(most, FOR_EVER))
    ways = [(kept, low, high) for low, high in limits for kept in ((*asked, low) if asked is _ANY else asked)]
    reasons = list(dict.fromkeys(refused(*way) for way in ways))
    if not any(reasons):
        return Fit(guard, NO, "within", days, least, most)
    certain = all(reasons)
    return Fit(guard, YES if certain else UNKNOWN, reasons[0] if certain else "unknown", days, least, most)


def _limits(least: tuple[float, ...], most: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """The limits that a lock may have. That they contradict each other is another rule's fault."""
    for high in most:
        for low in least:
            if low <= high:
                yield low, high
            elif most is _ANY:
                yield low, low
            elif least is _ANY:
                yield high, high


def _numbers(text: Text | None, otherwise: float) -> tuple[float, ...]:
    """The numbers that a text may be. What is no number of days is another rule's fault, and as if not there."""
    if text is None:
        return (otherwise,)
    if not text.holes:
        return (_number(text, otherwise),)
    options = text.holes[0].shape.options if text.hole is not None else ()
    return tuple(_number(Text.literal(option, text.span), otherwise) for option in options) or _ANY


def _number(text: Text, otherwise: float) -> float:
    number = text.number
    return number if number is not None and 1 <= number <= LONGEST else otherwise


_STANDINGS = {NO: Standing.HOLDS, UNKNOWN: Standing.UNSURE, YES: Standing.FAILS}
_WORST_FIRST = (Standing.FAILS, Standing.UNSURE, Standing.HOLDS)


def within_lock(route: Route, found: Found) -> Requirement:
    """Whether the vault that a copy goes to takes its retention; of several alternatives the worst first."""
    vault = found.vault
    if not vault.min_retention_days.options:
        return Requirement("retention", Standing.ASSUMED, "not-shown", vault.span)
    judged = fits(kept_by_copy(route.copy), vault, route.guard)
    rows = [_row(fit, route, found) for fit in judged]
    rows.sort(key=lambda row: _WORST_FIRST.index(row.standing))
    if len({row.reason for row in rows}) == 1 and rows[0].standing is Standing.HOLDS:
        days = " or ".join(dict.fromkeys(row.facts["days"] for row in rows))
        return replace(rows[0], facts=rows[0].facts | {"days": days}, guard=ALWAYS)
    besides = tuple(row for row in rows[1:] if row.standing is not Standing.HOLDS)
    return replace(rows[0], besides=besides)


def _row(fit: Fit, route: Route, found: Found) -> Requirement:
    standing = Standing.FAILS if fit.reason == "no-days" else _STANDINGS[fit.verdict]
    holes = fit.holes
    if fit.verdict is YES and found.verdict is not YES:
        standing = Standing.UNSURE
        holes = (*route.arn.holes, *found.vault.account.holes, *found.vault.region.holes)
    reason = "within-for-ever" if fit.reason == "within" and fit.is_for_ever else fit.reason
    place = fit.days.span if fit.days is not None else None
    narrower = Guard(fit.guard.assigned - route.guard.assigned)
    limits = (("least", fit.least), ("most", fit.most))
    return Requirement(
        "retention",
        standing,
        reason,
        place,
        fit.facts,
        holes,
        tuple(dict.fromkeys(what for text in fit.texts for what in text.assumptions)),
        tuple((label, text.span) for label, text in limits if text is not None),
        narrower,
    )
