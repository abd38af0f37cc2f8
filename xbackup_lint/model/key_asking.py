"""Whether the key that backups are encrypted with is shared with the account that they are copied to (F3.14, F3.15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xbackup_lint.dataclass import replace
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.key_requests import (
    NEEDED,
    Answer,
    Asking,
    asked_in_all_ways,
    asking_of,
    denials_of,
    linked_role,
    listed,
    missing_of,
    worst_of,
)
from xbackup_lint.model.remedy import sharing_remedy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Route
from xbackup_lint.policy.decide import Decision
from xbackup_lint.policy.request import Caller
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_SOURCE = "source-key"
# AWS: what the documentation lists beside what is needed, and the service-linked role asks for (F3.15, F3.18).
_USED = ("kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKeyWithoutPlaintext")
_LISTED = (*NEEDED, *_USED)


def using_key(route: Route, key: Key, services: Iterable[str] = ()) -> Requirement:
    """Whether a source key's policy lets the service-linked role of the destination use it (F1.8, F3.15).

    `services` are those that reach the key beside AWS Backup: the owners of what it encrypts.
    """
    if route.destination is None:
        return Requirement(_SOURCE, Standing.ASSUMED, "key-not-described", key.span, {"key": key.label})
    own = route.copy.deployment.account
    callers = tuple(Caller(own, role, name=f"role `{role}`") for role in route.roles)
    account = route.destination.account
    return sharing(route.estate, key, account, route.guard, ("backup", *services), callers)


def sharing(
    estate: Estate,
    key: Key,
    account: Text,
    guard: Guard,
    services: tuple[str, ...] = ("backup",),
    callers: tuple[Caller, ...] = (),
) -> Requirement:
    """Whether a key's policy lets the service-linked role of another account copy what the key encrypts.

    `callers` of the key's own account must not be denied it.
    """
    facts = {"key": key.label, "account": str(account), "who": f"account {account}"}
    policy = key.policy
    if not key.shows_policy:
        return Requirement(_SOURCE, Standing.ASSUMED, "key-not-described", key.span, facts)
    if policy is None:
        # AWS: the key policy that a key has by default knows its own account only (F8.4).
        remedy = sharing_remedy(key.span, key.arn, account, _LISTED, has_policy=False)
        facts |= {"actions": listed(_LISTED)}
        return Requirement(_SOURCE, Standing.FAILS, "no-policy", key.span, facts, remedy=remedy)
    arns = tuple(caller.arn.identity for caller in callers if caller.arn is not None)
    about = (account.identity, guard, services, arns)
    known: dict[object, Requirement] = key.decided  # type: ignore[assignment]
    if about not in known:
        asking = asking_of(estate, key, policy, services)
        known[about] = asked_in_all_ways(asking, guard, lambda one: _sharing(one, account, callers, facts))
    return known[about]


def _sharing(asking: Asking, account: Text, callers: Iterable[Caller], facts: dict[str, str]) -> Requirement:
    found = asking.answers(linked_role(asking.key, account), _LISTED)
    denied = denials_of(found)
    if denied:
        return asking.requirement(_SOURCE, denied[0], facts, *(one.action for one in denied))
    shared = _shared(asking, found, facts, account)
    return shared if shared.standing is Standing.FAILS else _denied_to(callers, asking, facts) or shared


def _denied_to(callers: Iterable[Caller], asking: Asking, facts: dict[str, str]) -> Requirement | None:
    """A denial of what the roles of the source ask for. Whether they are allowed, their own policies tell too."""
    if not any(statement.denies is YES for statement in asking.statements):
        return None
    for caller in callers:
        denied = denials_of(map(_opposed, asking.answers(caller, NEEDED)))
        if denied:
            actions = (one.action for one in denied)
            return asking.requirement(_SOURCE, denied[0], facts | {"who": caller.name}, *actions)
    return None


def _opposed(answer: Answer) -> Answer:
    """An answer in which a Deny that may apply counts, whoever allows it."""
    opposed = answer.decision.opposed
    if answer.decision.denied or opposed is None:
        return answer
    return Answer(answer.action, Decision(UNKNOWN, opposed, denied=True))


def _shared(asking: Asking, found: Sequence[Answer], facts: dict[str, str], account: Text) -> Requirement:
    """Whether nothing that is needed is missing, and nothing else that is listed."""
    missing = missing_of(found)
    needed, used = found[: len(NEEDED)], found[len(NEEDED) :]
    worst, least = worst_of(needed), worst_of(used)
    remedy = sharing_remedy(asking.policy.span, asking.key.arn, account, missing, has_policy=True)
    if worst.verdict is YES and least.verdict is not YES:
        said = asking.requirement(_SOURCE, least, facts, *missing)
        reason = "share-incomplete" if least.verdict is NO else "perhaps-incomplete"
        return replace(said, standing=Standing.HOLDS, reason=reason, remedy=remedy)
    said = replace(asking.requirement(_SOURCE, worst, facts, *missing), remedy=remedy)
    return said if asking.statements else replace(said, reason="no-policy", place=asking.key.span)
