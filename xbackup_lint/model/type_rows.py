"""Whether the types of resources that a plan selects can be copied where it copies them."""

from __future__ import annotations

from xbackup_lint.model.picked import picked, stuck, way_of
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.resource_types import names
from xbackup_lint.model.route import Route
from xbackup_lint.values.verdict import YES

_NAME = "resource-types"


def resource_types(route: Route) -> Requirement:
    """The selected types can be copied. It fails only where none of what is selected can (F1.27, F6.4)."""
    chosen = picked(route)
    if not chosen.selections:
        return Requirement(_NAME, Standing.ASSUMED, "not-told")
    way = way_of(route)
    unfit = [pick for pick in chosen.picks if stuck(way, pick.types) is YES]
    facts = {"types": names(frozenset().union(*(pick.types for pick in unfit)))}
    if unfit and chosen.told and len(unfit) == len(chosen.picks):
        return Requirement(_NAME, Standing.FAILS, "unsupported", unfit[0].text.span, facts)
    if unfit:
        return Requirement(_NAME, Standing.HOLDS, "some-unsupported", unfit[0].text.span, facts)
    if not chosen.told:
        return Requirement(_NAME, Standing.ASSUMED, "any-type")
    return Requirement(_NAME, Standing.HOLDS, "supported", facts={"types": names(chosen.types)})
