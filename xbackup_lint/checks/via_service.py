"""Keys that are shared for use through AWS Backup alone, where other services use them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.checks.picks import ends
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.picked import Picked, picked, travels, way_of
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.resource_types import ResourceType, Types, names
from xbackup_lint.model.route import Route
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_VIA = "kms:viaservice"
_Uses = dict[Key, list[tuple[Route, Types]]]
_KNOWN: WeakKeyDictionary[Estate, _Uses] = WeakKeyDictionary()


@check
def via_service_is_too_narrow(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A key is shared with the destination for use through AWS Backup, and copies use it through another service.

    Facts: `account` (the destination's), `service` (one that is missing), `types`, `region`.
    """
    clause = _limit(subject.statement) if subject.policy_kind == "key" else None
    if clause is None or subject.kms_key is None:
        return
    for route, types in _uses(estate).get(subject.kms_key, ()):
        missing = [one for one in types if not _permits(clause, one, subject.kms_key)]
        if (
            not missing
            or not _speaks_to(subject.statement, route)
            or _is_given_otherwise(subject, route, missing[0])
        ):
            continue
        verdict = route.crosses_accounts
        account = route.destination.account if route.destination is not None else None
        values = [text for _, text in clause.values]
        yield Hit(
            values[0].span,
            verdict,
            clause.guard,
            facts={
                "account": str(account),
                "service": min(one.service for one in missing),
                "types": names(frozenset(missing)),
                "region": str(subject.kms_key.deployment.region),
            },
            also=(("destination", route.arn.span),),
            underline=tuple(value.span for value in values[1:]),
            holes=holes_of(*ends(route)) if verdict is UNKNOWN else (),
            assumptions=assumptions_of(*values),
        )
        return


def _limit(statement: Statement) -> Clause | None:
    """The condition that lets a key be used through some services only."""
    if statement.allows is not YES:
        return None
    found = (clause for clause in statement.clauses if clause.name == _VIA)
    return next((clause for clause in found if clause.operator in ("stringequals", "stringlike")), None)


def _permits(clause: Clause, one: ResourceType, key: Key) -> bool:
    """Whether a type's own service may be among those of a condition."""
    service = Text.join(
        (
            Text.literal(f"{one.service}.", clause.span),
            key.deployment.region,
            Text.literal(".amazonaws.com", clause.span),
        ),
        clause.span,
    )
    return any(like(service, value) is not NO for _, value in clause.values)


def _speaks_to(statement: Statement, route: Route) -> bool:
    """Whether a statement is certainly for the destination's account or a role in it."""
    account = route.destination.account if route.destination is not None else None
    theirs = (principal.account for principal in statement.principals)
    return account is not None and any(one is not None and equals(one, account) is YES for one in theirs)


def _is_given_otherwise(subject: PolicyStatement, route: Route, one: ResourceType) -> bool:
    """Whether another statement gives the destination all that this one does, for use through a type's service."""
    key = subject.kms_key
    given = [
        action
        for other in subject.policy
        if other is not subject.statement and other.allows is not NO and _speaks_to(other, route)
        for limit in [_limit(other)]
        if key is not None and (limit is None or _permits(limit, one, key))
        for _, action in other.actions
    ]
    wanted = [action for _, action in subject.statement.actions]
    return all(any(like(action, other) is not NO for other in given) for action in wanted)


def _uses(estate: Estate) -> _Uses:
    """The copies for which each key is used through the services of some types."""
    if estate not in _KNOWN:
        found: _Uses = defaultdict(list)
        for copy in estate.copies:
            for route, _ in judged(copy, estate):
                if route.crosses_accounts is not NO:
                    for key, types in _keys(route):
                        found[key].append((route, types))
        _KNOWN[estate] = dict(found)
    return _KNOWN[estate]


def _keys(route: Route) -> Iterator[tuple[Key, Types]]:
    """The keys of resources, and the vault's: where one key is in the files, it often encrypts both."""
    chosen = picked(route)
    for pick in chosen.picks:
        types = _through_services(route, pick.types)
        if pick.resource is None or not types:
            continue
        own = (one.key for one in pick.resource.encryption.values if one.key is not None)
        keys = (route.estate.key_meant(text, pick.resource.deployment) for text in own)
        yield from ((key, types) for key in keys if key is not None)
    yield from _vaults(route, chosen)


def _vaults(route: Route, chosen: Picked) -> Iterator[tuple[Key, Types]]:
    found = route.target
    key = route.key_of(found.vault)[1] if found is not None and found.verdict is YES else None
    others = [_through_services(route, pick.types) for pick in chosen.picks if pick.resource is None]
    if key is not None and any(others):
        yield key, frozenset().union(*others)


def _through_services(route: Route, types: Types) -> Types:
    """Some types, if all of them are copied through services of their own (F3.18, F3.19)."""
    fits = all(one.service and travels(way_of(route), one) is not NO for one in types)
    return types if fits else frozenset()
