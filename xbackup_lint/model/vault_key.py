"""Whether the key of a vault can be used, and by those who have to (F3.22, F3.31, F3.33)."""

from __future__ import annotations

from xbackup_lint.dataclass import replace
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.key_requests import (
    NEEDED,
    Asking,
    asked_in_all_ways,
    asking_of,
    denials_of,
    linked_role,
    missing_of,
    somebody,
    worst_of,
)
from xbackup_lint.model.remedy import role_sharing_remedy, sharing_remedy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Route
from xbackup_lint.model.told import order, worst_first
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.request import Caller
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.verdict import NO, YES

_DESTINATION = "destination-key"
# AWS: what a role that copies asks of the key of an air-gapped vault (F3.33).
_COPYING = (
    "kms:DescribeKey", "kms:CreateGrant", "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom",
    "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
)  # fmt: skip
# AWS: what a vault's account asks of the vault's key (F3.22; BDG: access-control); of an air-gapped vault's key it
# asks for what is needed to make the vault, and no more (F3.33).
_KEEPING = ("kms:DescribeKey", "kms:CreateGrant", "kms:GenerateDataKey", "kms:Decrypt")


def keeping(route: Route, vault: Vault, key: Key) -> Requirement | None:
    """What is wrong with the key of a destination vault; None where nothing is, as far as the files tell."""
    for guard, verdict, _, text in key.faults():
        if guard & route.guard is not None:
            standing = Standing.FAILS if verdict is YES else Standing.UNSURE
            facts = {"key": key.label, "value": str(text)}
            word = "key-unusable" if verdict is YES else "key-perhaps-unusable"
            return Requirement(_DESTINATION, standing, word, text.span, facts, text.holes)
    judge = _copying_with(route, key) if vault.kind == "air-gapped" else None
    found = judge or vault_and_key(route.estate, vault, key, route.guard)
    return found if found is not None and found.standing is not Standing.HOLDS else None


def vault_and_key(estate: Estate, vault: Vault, key: Key, guard: Guard) -> Requirement | None:
    """Whether the key of a vault lets the vault's account use it; None where its policy has no say in it.

    A key of the vault's own account is asked for denials only: the account's own policies give leave (F3.28).
    """
    if key.policy is None:
        return None
    is_foreign = equals(key.account, vault.account) is NO
    if not is_foreign and not key.policy.denials:
        return None
    asking = asking_of(estate, key, key.policy)
    return asked_in_all_ways(asking, guard, lambda one: _kept(one, vault, is_foreign=is_foreign))


def _kept(asking: Asking, vault: Vault, *, is_foreign: bool) -> Requirement:
    account = vault.account
    facts = {"account": str(account), "who": f"account {account}"}
    asked = NEEDED if vault.kind == "air-gapped" else _KEEPING
    found = asking.answers(linked_role(asking.key, account), asked)
    denied = denials_of(found)
    if denied:
        return asking.requirement(_DESTINATION, denied[0], facts, *(one.action for one in denied))
    if not is_foreign:
        return Requirement(_DESTINATION, Standing.HOLDS, "own-key", asking.key.span)
    # A statement may be for a role of the account that no file tells to work on its backups.
    others = asking.answers(somebody(account), asked)
    best = [max(pair, key=lambda one: order(one.decision)) for pair in zip(found, others, strict=True)]
    missing = missing_of(best)
    said = asking.requirement(_DESTINATION, worst_of(best), facts, *missing)
    reasons = {"refused": "key-not-shared", "undecided": "key-perhaps-shared"}
    remedy = sharing_remedy(asking.policy.span, asking.key.arn, account, missing, has_policy=True)
    return replace(said, reason=reasons.get(said.reason, said.reason), remedy=remedy)


def _copying_with(route: Route, key: Key) -> Requirement | None:
    """Whether the roles of the source may use the key of an air-gapped vault, as they must (F3.33)."""
    if key.policy is None:
        return None
    account = route.copy.deployment.account
    callers = [Caller(account, role, name=f"role `{role}`") for role in route.roles] or [somebody(account)]
    asking = asking_of(route.estate, key, key.policy)
    return min((_of_caller(asking, route.guard, caller) for caller in callers), key=worst_first)


def _of_caller(asking: Asking, guard: Guard, caller: Caller) -> Requirement:
    return asked_in_all_ways(asking, guard, lambda one: _copied_with(one, caller))


def _copied_with(asking: Asking, caller: Caller) -> Requirement:
    found = asking.answers(caller, _COPYING)
    facts = {"account": str(caller.account), "who": caller.name}
    missing = missing_of(found)
    said = asking.requirement(_DESTINATION, worst_of(found), facts, *missing)
    reasons = {"refused": "copies-refused", "undecided": "copies-perhaps-refused"}
    remedy = role_sharing_remedy(asking.policy.span, caller.arn, caller.account, missing)
    return replace(said, reason=reasons.get(said.reason, said.reason), remedy=remedy)
