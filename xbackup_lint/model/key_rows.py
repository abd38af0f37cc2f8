"""The keys on a copy's way: those that the backups are encrypted with, and that of the destination vault."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.dataclass import replace
from xbackup_lint.model.key_asking import using_key
from xbackup_lint.model.picked import Picked, by_management, picked, way_of
from xbackup_lint.model.protected import Encryption
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.resource_types import Types, names
from xbackup_lint.model.route import Route
from xbackup_lint.model.selection import Pick
from xbackup_lint.model.vault_key import keeping
from xbackup_lint.values.verdict import NO, YES

FAILS, UNSURE, ASSUMED, HOLDS = Standing.FAILS, Standing.UNSURE, Standing.ASSUMED, Standing.HOLDS
_SOURCE, _DESTINATION = "source-key", "destination-key"


def source_keys(route: Route) -> tuple[Requirement, ...]:
    """The keys that the backups are encrypted with let the destination account use them (F3.14, F3.16).

    Of fully managed types it is that of the vault, of others the resource's own: a row for each that is known.
    """
    if route.crosses_accounts is NO:
        return (Requirement(_SOURCE, HOLDS, "same-account"),)
    chosen = picked(route)
    managed, own = by_management(way_of(route), chosen.types)
    vaults = _vault_key(route, managed) if managed else None
    rows = list(_of_resources(route, chosen, own))
    left = _own_keys(chosen, own)
    told = [row for row in (vaults, *rows) if row is not None]
    if left is None or any(row.standing in (FAILS, UNSURE) for row in told):
        return tuple(told) or (_nothing(chosen.types),)
    if vaults is not None and vaults.reason == "vault-not-described":
        told[0], left = Requirement(_SOURCE, ASSUMED, "keys-not-described"), None
    return (*told, left) if left is not None else tuple(told)


def _nothing(types: Types) -> Requirement:
    return Requirement(_SOURCE, HOLDS, "nothing-to-copy", facts={"types": names(types)})


def _vault_key(route: Route, types: Types) -> Requirement:
    """The key of the vault that is copied from."""
    facts = {"types": names(types)}
    if route.target is None or route.target.verdict is not YES:
        return Requirement(_SOURCE, ASSUMED, "vault-not-described", facts=facts)
    vault = route.target.vault
    text, key = route.key_of(vault)
    if text is None:
        told = bool(vault.encryption_key.options)
        return Requirement(_SOURCE, HOLDS, "service-key", vault.span, facts) if told else _unknown_key(facts)
    if key is None:
        return Requirement(_SOURCE, ASSUMED, "key-not-described", text.span, facts | {"key": str(text)})
    return _with(using_key(route, key), facts)


def _with(row: Requirement, facts: dict[str, str]) -> Requirement:
    besides = tuple(_with(one, facts) for one in row.besides)
    return replace(row, facts=facts | row.facts, besides=besides)


def _unknown_key(facts: dict[str, str]) -> Requirement:
    return Requirement(_SOURCE, ASSUMED, "vault-not-described", facts=facts)


def _of_resources(route: Route, chosen: Picked, own: Types) -> Iterator[Requirement]:
    """The keys of resources that templates declare."""
    told = set[object]()
    for pick in chosen.picks:
        if pick.resource is None or not pick.types & own or pick.resource in told:
            continue
        told.add(pick.resource)
        for guard, encryption in pick.resource.encryption:
            if guard & route.guard is not None:
                yield from _own_key(route, pick, encryption)


def _own_key(route: Route, pick: Pick, encryption: Encryption) -> Iterator[Requirement]:
    """What a resource is encrypted with: a key that is shared, or nothing. AWS managed keys are not (F3.10)."""
    resource = pick.resource
    facts = {"resource": resource.span.unquoted if resource is not None else "", "types": names(pick.types)}
    match encryption.kind:
        case "service":
            yield Requirement(_SOURCE, FAILS, "resource-service-key", encryption.span, facts)
        case "default":
            yield Requirement(
                _SOURCE, UNSURE, "resource-default-key", encryption.span, facts, encryption.holes
            )
        case "unknown":
            yield Requirement(_SOURCE, ASSUMED, "resource-key-unknown", encryption.span, facts)
        case "own" if encryption.key is not None and resource is not None:
            key = route.estate.key_meant(encryption.key, resource.deployment)
            if key is None:
                facts |= {"key": str(encryption.key)}
                yield Requirement(_SOURCE, ASSUMED, "key-not-described", encryption.span, facts)
            else:
                services = sorted({one.service for one in pick.types if one.service})
                yield _with(using_key(route, key, services), facts)


def _own_keys(chosen: Picked, own: Types) -> Requirement | None:
    """That resources which no template declares share their keys."""
    others = frozenset().union(*(pick.types for pick in chosen.picks if pick.resource is None)) & own
    types = others if chosen.told else own
    return Requirement(_SOURCE, ASSUMED, "own-keys", facts={"types": names(types)}) if types else None


def destination_key(route: Route) -> Requirement:
    """The destination vault is encrypted with a key that the copy can be encrypted with (F3.9, F3.11, F3.28)."""
    if route.crosses_accounts is NO:
        return Requirement(_DESTINATION, HOLDS, "same-account")
    if route.vault is None:
        return Requirement(_DESTINATION, ASSUMED, "vault-not-described")
    vault = route.vault.vault
    text, key = route.key_of(vault)
    wrong = keeping(route, vault, key) if key is not None else None
    if wrong is not None:
        return wrong
    if vault.kind == "air-gapped":
        return Requirement(_DESTINATION, HOLDS, "air-gapped", vault.span)
    given = [text for own, text in vault.encryption_key if own & route.guard is not None]
    if not given:
        return Requirement(_DESTINATION, ASSUMED, "not-shown", vault.span)
    if None in given:
        return _service_key(route, certain=len(given) == 1)
    if text is None:
        return Requirement(_DESTINATION, HOLDS, "own-key", vault.span)
    if text.holes and key is None:
        return Requirement(_DESTINATION, ASSUMED, "key-not-described", text.span, {"key": str(text)})
    return Requirement(_DESTINATION, HOLDS, "own-key", text.span)


def _service_key(route: Route, *, certain: bool) -> Requirement:
    """The destination vault has no key of its own: it takes no copies of types that are not fully managed."""
    vault = route.vault.vault if route.vault is not None else None
    place = vault.span if vault is not None else None
    chosen = picked(route)
    refused = refused_without_key(route, chosen)
    if certain and refused:
        types = frozenset().union(*(pick.types for pick in refused))
        return Requirement(_DESTINATION, FAILS, "unfit", place, {"types": names(types)})
    own = by_management(way_of(route), chosen.types)[1]
    facts = {"types": names(own)}
    return Requirement(_DESTINATION, UNSURE, "service-key" if own else "service-key-managed", place, facts)


def refused_without_key(route: Route, chosen: Picked) -> tuple[Pick, ...]:
    """The entries of `Resources` that certainly pick what a vault without a key of its own does not take (F3.9)."""
    own = by_management(way_of(route), chosen.types)[1]
    return tuple(
        pick for pick in chosen.picks if pick.types & own and all(one.managed is NO for one in pick.types)
    )
