"""What a copy needs: each requirement with its standing, computed once (design: "a copy is a list of things")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xbackup_lint.dataclass import replace
from xbackup_lint.model.asking import copying_in
from xbackup_lint.model.borders import organization, partition_and_region
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key_rows import destination_key, source_keys
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.retention import within_lock
from xbackup_lint.model.role_access import copying_as
from xbackup_lint.model.route import Route, routes
from xbackup_lint.model.service_control import controlled
from xbackup_lint.model.type_rows import resource_types
from xbackup_lint.policy.arn import vault_arn_fault
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

FAILS, UNSURE, ASSUMED, HOLDS = Standing.FAILS, Standing.UNSURE, Standing.ASSUMED, Standing.HOLDS


Judged = tuple[tuple[Route, tuple[Requirement, ...]], ...]
"""The destinations that a copy may have, each with its requirements."""


def judged(copy: Copy, estate: Estate) -> Judged:
    """The requirements of a copy, computed once for all rules and reports."""
    known: dict[Copy, Judged] = estate.judged  # type: ignore[assignment]
    if copy not in known:
        known[copy] = tuple((route, requirements(route)) for route in routes(copy, estate))
    return known[copy]


def requirements(route: Route) -> tuple[Requirement, ...]:
    """The requirements of one destination of a copy, in the order in which they are met."""
    destination = _destination(route)
    if destination.standing is FAILS or route.destination is None or destination.reason == "declared-twice":
        return (destination,)
    borders: Sequence[Callable[[Route], Requirement]] = (
        partition_and_region,
        *((organization,) if _crosses(route) else ()),
    )
    first = (*borders, _vault_policy, copying_as, controlled)
    last = (destination_key, _retention, resource_types)
    rows = (*(row(route) for row in first), *source_keys(route), *(row(route) for row in last))
    return (destination, *(_if_it_is(row, destination) for row in rows))


_OF_DESTINATION = frozenset({"vault-policy", "destination-key", "retention"})
"""The requirements that the destination vault meets, or does not."""


def _if_it_is(row: Requirement, destination: Requirement) -> Requirement:
    """What a vault fails that only may be the destination is not certain to fail."""
    if destination.reason != "may-be" or row.name not in _OF_DESTINATION:
        return row
    besides = tuple(_if_it_is(one, destination) for one in row.besides)
    if row.standing is not FAILS:
        return replace(row, besides=besides)
    holes = tuple(dict.fromkeys((*row.holes, *destination.holes)))
    return replace(row, standing=UNSURE, holes=holes, besides=besides)


def _crosses(route: Route) -> bool:
    return route.crosses_accounts is not NO


def _destination(route: Route) -> Requirement:
    """The destination is a vault that is there, and no default vault of another account (F1.5)."""
    verdict, _, part = vault_arn_fault(route.arn)
    facts = {"destination": str(route.arn), "part": str(part)}
    if verdict is YES:
        return Requirement("destination", FAILS, "malformed", part.span, facts)
    joined = route.vault is not None and route.vault.verdict is YES
    if route.destination is None or (verdict is UNKNOWN and not joined):
        return Requirement("destination", UNSURE, "unknown", route.arn.span, facts, route.arn.holes)
    if route.destination.name.known == "Default" and route.crosses_accounts is YES:
        return Requirement("destination", FAILS, "default-vault", route.destination.name.span, facts)
    found = route.vault
    if found is None:
        holes = route.arn.holes
        return Requirement(
            "destination", UNSURE, "unknown" if holes else "not-described", route.arn.span, facts, holes
        )
    place = found.vault.span
    if found.verdict is not YES:
        holes = (*route.arn.holes, *found.vault.account.holes, *found.vault.region.holes)
        return Requirement("destination", UNSURE, "may-be", place, facts, holes)
    facts |= {"path": place.source.path, "account": found.taken_to_be}
    if found.rival is not None:
        facts["other"] = found.rival.span.source.path
        return Requirement("destination", UNSURE, "declared-twice", place, facts)
    return Requirement("destination", HOLDS, "taken-for" if found.taken_to_be else "described", place, facts)


def _vault_policy(route: Route) -> Requirement:
    """The destination vault's access policy lets the caller copy in (F1.3); within one account it need not."""
    if not _crosses(route):
        return Requirement("vault-policy", HOLDS, "same-account")
    if route.vault is None:
        return Requirement("vault-policy", UNSURE, "not-described", route.arn.span, holes=route.arn.holes)
    return copying_in(route, route.vault)


def _retention(route: Route) -> Requirement:
    """The copy is kept as long as the destination's lock asks, and no longer (F4.13, F4.14)."""
    if route.vault is None:
        return Requirement("retention", ASSUMED, "vault-not-described")
    return within_lock(route, route.vault)
