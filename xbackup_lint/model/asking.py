"""The requests that a copy makes, put to the policies that decide on them."""

from __future__ import annotations

from xbackup_lint.dataclass import replace
from xbackup_lint.model.context import COPY_INTO, organization, organization_of
from xbackup_lint.model.refusal import why_refused
from xbackup_lint.model.remedy import Remedy, copying_in_remedy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Found, Route
from xbackup_lint.model.told import in_all_ways, of_all_roles, order, requirement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import is_arn
from xbackup_lint.policy.decide import Decision
from xbackup_lint.policy.everywhere import by_world, in_every_world, told
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO

_Decisions = tuple[tuple[Guard, Decision], ...]


def copying_in(route: Route, found: Found) -> Requirement:
    """Whether the vault's access policy lets the roles of the source copy in (F1.3, F1.7)."""
    vault = found.vault
    if vault.policy is None:
        facts = {"vault": vault.label}
        remedy = _remedy(route, vault.span, has_policy=False)
        alone = Requirement("vault-policy", Standing.FAILS, "no-policy", vault.span, facts, remedy=remedy)
        return why_refused(route, vault, alone)
    # What is no ARN is told of the selection: here it is a role that is not known.
    roles = [role for role in route.roles if is_arn(role) is not NO]
    callers = [_role(route, role) for role in roles] or [_role(route, None)]
    return of_all_roles([_of_caller(route, vault, vault.policy, caller) for caller in callers])


def _of_caller(route: Route, vault: Vault, policy: Policy, caller: Caller) -> Requirement:
    """What the policy of a vault says to one role."""
    made = _decisions(route, vault, policy, caller)
    remedy = _remedy(route, policy.span, has_policy=True, role=caller.arn)
    facts = {"vault": vault.label, "caller": caller.name, "role": str(caller.arn or "")}
    rows = []
    for way, decision in made:
        found = replace(requirement("vault-policy", decision, facts, vault.span), remedy=remedy)
        if all(way & own is None for own in policy.present):
            found = replace(found, reason="no-policy")
        rows.append((way, why_refused(route, vault, found, decision, caller)))
    return in_all_ways(rows)


def _decisions(route: Route, vault: Vault, policy: Policy, caller: Caller) -> _Decisions:
    """What the policy decides in each way for open conditions to turn out, once for all copies of a role."""
    known: dict[object, _Decisions] = vault.decided  # type: ignore[assignment]
    role = caller.arn.identity if caller.arn is not None else None
    about = (caller.account.identity, role, route.arn.identity, route.guard)
    if about not in known:
        statements = told(policy)
        request = Request(caller, COPY_INTO, route.arn, organization(route, statements))
        made = by_world(request, statements, route.guard, policy.present, wildcard_actions=False)
        known[about] = tuple(made)
    return known[about]


def _remedy(route: Route, place: Span, *, has_policy: bool, role: Text | None = None) -> Remedy:
    role = role or next(iter(route.roles), None)
    return copying_in_remedy(place, role, route.copy.deployment.account, has_policy=has_policy)


def _role(route: Route, role: Text | None) -> Caller:
    account = route.copy.deployment.account
    name = f"the role {role}" if role is not None else f"the role that copies in account {account}"
    return Caller(account, role, name=name)


def copying_back(route: Route) -> Requirement | None:
    """Whether the vault that is copied from lets somebody of the destination account copy in (F1.19)."""
    vault = route.target.vault if route.target is not None else None
    if vault is None or route.destination is None:
        return None
    account = route.destination.account
    facts = {"vault": vault.label}
    if vault.policy is None:
        remedy = copying_in_remedy(vault.span, None, account, has_policy=False)
        return Requirement("vault-policy", Standing.FAILS, "no-policy", vault.span, facts, remedy=remedy)
    statements = told(vault.policy)
    context = organization_of(route.estate, account, statements)
    arn = Text.unknown(
        Hole((vault.span.source.path, f"ARN of {vault.label}"), "its ARN is not asked for"), vault.span
    )
    request = Request(Caller(account, None), COPY_INTO, arn, context)
    ways = in_every_world(request, statements, route.guard, vault.policy.present, wildcard_actions=False)
    found = requirement("vault-policy", min(ways, key=order), facts, vault.span)
    remedy = copying_in_remedy(vault.policy.span, None, account, has_policy=True)
    return replace(found, remedy=remedy)
