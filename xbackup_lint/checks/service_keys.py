"""AWS managed keys on a copy's way: of destination vaults, and of the resources that are copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.checks.hit import Hit, check, holes_of
from xbackup_lint.checks.picks import ends, picks_of, routes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key_rows import refused_without_key
from xbackup_lint.model.picked import Picked, by_management, picked, travels, way_of
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.protected import Encryption, Protected
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.resource_types import names
from xbackup_lint.model.route import Found, Route
from xbackup_lint.model.selection import Pick, Selection
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import NO, UNKNOWN, YES


@check
def destination_has_service_key(copy: Copy, estate: Estate, *, unfit: bool) -> Iterator[Hit]:
    """A standard vault of another account has no key of its own. `unfit`: of what is picked some needs one.

    Facts: `vault`, `destination`, `account`, `types` (those that need one), `resource` (an entry that picks some).
    """
    for route, _ in judged(copy, estate):
        found = route.vault
        if found is None or found.vault.kind != "standard" or route.crosses_accounts is NO:
            continue
        for guard, key in found.vault.encryption_key:
            both = guard & route.guard
            if key is None and both is not None:
                chosen = picked(route)
                refused = refused_without_key(route, chosen)
                if bool(refused) is unfit:
                    yield _without_key(route, found, both, chosen, refused)


def _without_key(route: Route, found: Found, guard: Guard, chosen: Picked, refused: Sequence[Pick]) -> Hit:
    types = (
        frozenset().union(*(pick.types for pick in refused)) or by_management(way_of(route), chosen.types)[1]
    )
    verdict = found.verdict & route.crosses_accounts
    return Hit(
        route.arn.span,
        verdict,
        guard,
        "unfit" if refused else "unknown-types" if types else "managed-types",
        {
            "vault": found.vault.label,
            "destination": str(route.destination.name) if route.destination is not None else "",
            "account": str(route.destination.account) if route.destination is not None else "",
            "types": names(types),
        },
        also=(("vault", found.vault.span), *(("selected", pick.text.span) for pick in refused[:1])),
        holes=holes_of(*ends(route), found.vault.account, found.vault.region) if verdict is UNKNOWN else (),
        # What needs a key differs from plan to plan.
        because=None if refused else found.vault.span,
    )


@check
def resource_has_service_key(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """A resource that is copied to another account is encrypted with an AWS managed key.

    Facts: `resource`, `types`, `account` (the destination's).
    """
    told = set[Protected]()
    for route in routes_of(selection, estate):
        for pick in picks_of(selection, route):
            resource = pick.resource
            if resource is not None and resource not in told and _is_copied(route, pick):
                told.add(resource)
                yield from _managed_by_aws(route, pick, resource)


def _is_copied(route: Route, pick: Pick) -> bool:
    """Whether it goes to another account, and is encrypted with the resource's own key there."""
    own = all(one.managed is NO and travels(way_of(route), one) is not NO for one in pick.types)
    return own and route.crosses_accounts is not NO


def _managed_by_aws(route: Route, pick: Pick, resource: Protected) -> Iterator[Hit]:
    for guard, encryption in resource.encryption:
        both = guard & pick.guard
        if encryption.kind in ("service", "default") and both is not None:
            yield _hit(route, pick, resource, encryption, both)


def _hit(route: Route, pick: Pick, resource: Protected, encryption: Encryption, guard: Guard) -> Hit:
    account = route.destination.account if route.destination is not None else None
    verdict = route.crosses_accounts & (YES if encryption.kind == "service" else UNKNOWN)
    unknown = encryption.holes or holes_of(*ends(route))
    return Hit(
        pick.text.span,
        verdict,
        guard,
        encryption.kind,
        {"resource": resource.span.unquoted, "types": names(pick.types), "account": str(account)},
        also=(("encrypted", encryption.span), ("destination", route.arn.span)),
        holes=unknown if verdict is UNKNOWN else (),
    )
