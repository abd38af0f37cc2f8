"""What copies need: the rows of `Copy.requirements` that fail, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.route import Route
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.values.verdict import UNKNOWN, YES

_VERDICTS = {Standing.FAILS: YES, Standing.UNSURE: UNKNOWN}


@check
def requirement_is_not_met(
    copy: Copy, estate: Estate, *, requirement: str, reasons: list[str]
) -> Iterator[Hit]:
    """A requirement of a copy fails or is not known, for one of some reasons.

    Facts: those of the requirement, `destination`, `source` (the account that copies), `vault-account`.
    """
    for route, rows in judged(copy, estate):
        for row in rows:
            verdict = _VERDICTS.get(row.standing)
            if row.name == requirement and row.reason in reasons and verdict is not None:
                yield Hit(
                    route.arn.span,
                    verdict,
                    route.guard,
                    row.reason,
                    facts=row.facts | _facts(route),
                    also=((row.reason, row.place),) if row.place not in (None, route.arn.span) else (),
                    holes=row.holes,
                )


def _facts(route: Route) -> dict[str, str]:
    destination: VaultArn | None = route.destination
    return {
        "destination": str(destination.name) if destination is not None else str(route.arn),
        "source": str(route.copy.deployment.account),
        "vault-account": str(destination.account) if destination is not None else "",
    }
