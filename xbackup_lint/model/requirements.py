"""What a copy needs: each requirement with its standing, computed once (design: "a copy is a list of things")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xbackup_lint.model.asking import copying_in, using_key
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.retention import within_lock
from xbackup_lint.model.route import Route, routes
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
    if destination.standing is FAILS or route.destination is None:
        return (destination,)
    rows: Sequence[Callable[[Route], Requirement]] = (_region, *((_organization,) if _crosses(route) else ()))
    rest = (_vault_policy, _role, _source_key, _destination_key, _retention, _resource_types)
    return (destination, *(row(route) for row in (*rows, *rest)))


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
    return Requirement("destination", HOLDS, "taken-for" if found.taken_to_be else "described", place, facts)


def _region(route: Route) -> Requirement:
    """Partition and region allow it: copies stay within a partition, and China knows none across accounts (F1.27)."""
    arn = route.destination.arn if route.destination is not None else None
    partition = arn.partition.known if arn is not None else None
    if partition == "aws-cn" and route.crosses_accounts is YES:
        return Requirement("partition-and-region", FAILS, "china", route.arn.span)
    return Requirement("partition-and-region", HOLDS, "same-partition", route.arn.span)


def _organization(_: Route) -> Requirement:
    return Requirement("organization", ASSUMED, "same-organization")


def _vault_policy(route: Route) -> Requirement:
    """The destination vault's access policy lets the caller copy in (F1.3); within one account it need not."""
    if not _crosses(route):
        return Requirement("vault-policy", HOLDS, "same-account")
    if route.vault is None:
        return Requirement("vault-policy", UNSURE, "not-described", route.arn.span, holes=route.arn.holes)
    return copying_in(route, route.vault)


def _role(route: Route) -> Requirement:
    if route.roles:
        return Requirement("role", ASSUMED, "role-not-read", facts={"role": ", ".join(map(str, route.roles))})
    return Requirement("role", ASSUMED, "no-selection")


def _source_key(route: Route) -> Requirement:
    """The key that the backup is encrypted with lets the destination account use it (F3.14, F3.16)."""
    if not _crosses(route):
        return Requirement("source-key", HOLDS, "same-account")
    if route.target is None or route.target.verdict is not YES:
        return Requirement("source-key", ASSUMED, "vault-not-described")
    text, key = route.key_of(route.target.vault)
    if text is None:
        return Requirement("source-key", ASSUMED, "service-key", route.target.vault.span)
    if key is None or key.policy is None:
        return Requirement("source-key", ASSUMED, "key-not-described", text.span, {"key": str(text)})
    return using_key(route, key)


def _destination_key(route: Route) -> Requirement:
    """The destination vault is encrypted with a key that the copy can be encrypted with (F3.9, F3.11, F3.28)."""
    if route.vault is None:
        return Requirement("destination-key", ASSUMED, "vault-not-described")
    vault = route.vault.vault
    text, key = route.key_of(vault)
    if vault.kind == "air-gapped":
        return Requirement("destination-key", HOLDS, "air-gapped", vault.span)
    if text is None:
        known = bool(vault.encryption_key.options)
        standing, reason = (UNSURE, "service-key") if known else (ASSUMED, "not-shown")
        return Requirement("destination-key", standing, reason, vault.span)
    if text.holes and key is None:
        return Requirement("destination-key", ASSUMED, "key-not-described", text.span, {"key": str(text)})
    return Requirement("destination-key", HOLDS, "own-key", text.span)


def _retention(route: Route) -> Requirement:
    """The copy is kept as long as the destination's lock asks, and no longer (F4.13, F4.14)."""
    if route.vault is None:
        return Requirement("retention", ASSUMED, "vault-not-described")
    return within_lock(route, route.vault.vault)


def _resource_types(_: Route) -> Requirement:
    return Requirement("resource-types", ASSUMED, "not-told")
