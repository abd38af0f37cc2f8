"""What copies need: the rows of `Copy.requirements` that fail, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.checks.hit import Hit, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.route import Route
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.text.source import Span
from xbackup_lint.values.verdict import UNKNOWN, YES, Verdict

_VERDICTS = {Standing.FAILS: YES, Standing.UNSURE: UNKNOWN}


@check
def requirement_is_not_met(
    copy: Copy, estate: Estate, *, requirement: str, reasons: list[str]
) -> Iterator[Hit]:
    """A requirement of a copy fails or is not known, for one of some reasons.

    Facts: those of the requirement, `destination`, `source` (the account that copies), `vault-account`.
    """
    for route, rows in judged(copy, estate):
        for row in unfolded(rows):
            if row.name == requirement and row.reason in reasons and row.standing in _VERDICTS:
                yield hit_of(route, row, _VERDICTS[row.standing])


def unfolded(rows: Iterable[Requirement]) -> Iterator[Requirement]:
    """Requirements, and how each stands under other conditions."""
    return (one for row in rows for one in (row, *row.besides))


def hit_of(route: Route, row: Requirement, verdict: Verdict) -> Hit:
    """A requirement of a copy as a hit on its destination."""
    return Hit(
        route.arn.span,
        verdict,
        route.guard & row.guard or route.guard,
        row.reason,
        facts=row.facts | _facts(route),
        also=_places(route, row),
        holes=row.holes,
        assumptions=row.assumptions,
        because=row.place if row.place != route.arn.span else None,
        remedy=row.remedy,
    )


def _places(route: Route, row: Requirement) -> tuple[tuple[str, Span], ...]:
    place = row.place if row.place != route.arn.span else None
    return (((row.reason, place),) if place is not None else ()) + row.others


def _facts(route: Route) -> dict[str, str]:
    destination: VaultArn | None = route.destination
    return {
        "destination": str(destination.name) if destination is not None else str(route.arn),
        "source": str(route.copy.deployment.account),
        "vault-account": str(destination.account) if destination is not None else "",
    }
