"""The copies of an estate as rows, with what is known of each requirement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xbackup_lint.engine.finding import location
from xbackup_lint.engine.requirement_words import because
from xbackup_lint.engine.result import CopyRow
from xbackup_lint.engine.result import Requirement as Row
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.mishap import survived
from xbackup_lint.model.requirement import Requirement, Standing, overall
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.retention import is_for_ever, kept_by_copy
from xbackup_lint.model.route import Route

_VERDICTS = {Standing.HOLDS: "lands", Standing.FAILS: "fails", Standing.UNSURE: "unsure"}


def copy_rows(estate: Estate) -> Iterator[CopyRow]:
    """Every copy action, once for each destination that it may have, in each stack."""
    return (row for row, _ in rows_and_routes(estate))


def rows_and_routes(estate: Estate) -> Iterator[tuple[CopyRow, Route]]:
    """The rows, each with what it is made of."""
    return ((_row(route, rows), route) for route, rows in _judged(estate))


def verdicts(estate: Estate) -> Counter[str]:
    """How many copies land, how many fail, and of how many it cannot be told."""
    return Counter(_VERDICTS[overall(rows)] for _, rows in _judged(estate))


def _judged(estate: Estate) -> Iterator[tuple[Route, tuple[Requirement, ...]]]:
    for copy in estate.copies:
        with survived(estate.mishaps, f"copies, {copy.deployment.path}"):
            yield from judged(copy, estate)


def _row(route: Route, rows: tuple[Requirement, ...]) -> CopyRow:
    destination = route.destination
    copy = route.copy
    return CopyRow(
        source_account=str(copy.deployment.account),
        source_region=str(copy.deployment.region),
        plan=copy.rule.plan.label,
        rule=copy.rule.label,
        location=location(route.arn.span),
        destination_arn=str(route.arn),
        destination_account=str(destination.account) if destination is not None else "",
        destination_region=str(destination.region) if destination is not None else "",
        vault=str(destination.name) if destination is not None else "",
        retention=_kept(route),
        when=str(route.guard),
        verdict=_VERDICTS[overall(rows)],  # type: ignore[arg-type]
        requirements=tuple(_requirement(row) for row in rows),
    )


def _kept(route: Route) -> str:
    """How long a copy is kept, under all conditions that are open."""
    kept = kept_by_copy(route.copy).under(route.guard)
    return " or ".join(dict.fromkeys("for ever" if is_for_ever(days) else f"{days} days" for _, days in kept))


def _requirement(row: Requirement) -> Row:
    place = location(row.place) if row.place is not None else None
    return Row(row.name, row.standing.value, because(row), place)
