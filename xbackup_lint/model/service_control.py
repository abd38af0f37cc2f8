"""Service control policies on the way of a copy: what the role of the source asks for, and who may deny it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.control_policy import ControlPolicy, InForce
from xbackup_lint.model.control_request import (
    ACTIONS,
    NO_RESOURCE,
    caller_of,
    contexts,
    is_service_linked,
    resources,
)
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Route
from xbackup_lint.policy.decide import Decision, Matched
from xbackup_lint.policy.everywhere import guards_of, in_every_world
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_NAME = "service-control"
_WORST_FIRST = (Standing.FAILS, Standing.UNSURE, Standing.ASSUMED)


def controlled(route: Route) -> Requirement:
    """Whether service control policies let the role of the source copy from its vault into the destination.

    AWS: they bind the identities of the accounts that they stand over: the copying role of the source, and no
    service-linked role, as which the destination works (F1.8, ORG: SCPs). Of resource control policies AWS Backup
    knows none.
    """
    controls = route.estate.controls
    over = controls.over(route.copy.deployment.account) if controls.policies else ()
    if not any(_speaks_of_copies(one.policy) for one in over):
        return _undenied(over)
    key = _key(route)
    if key not in controls.decided:
        controls.decided[key] = _decided(route, over)
    found: Requirement = controls.decided[key]  # type: ignore[assignment]
    return found


def _speaks_of_copies(policy: ControlPolicy) -> bool:
    return bool(policy.allowances) or any(policy.denying(action) for action in ACTIONS)


def _undenied(over: Sequence[InForce]) -> Requirement:
    """No policy of the files denies it: what the files do not show is assumed, `FullAWSAccess` beside it too."""
    certain = next((one.policy for one in over if one.verdict is YES), None)
    if certain is None:
        return Requirement(_NAME, Standing.ASSUMED, "no-policy")
    return Requirement(_NAME, Standing.HOLDS, "not-denied", certain.span)


def _key(route: Route) -> tuple[object, ...]:
    """What the answer depends on."""
    here = route.copy.deployment
    vault = route.vault.vault if route.vault is not None else None
    roles = tuple(role.identity for role in route.roles)
    return here.account.identity, here.region.identity, roles, route.arn.identity, vault, route.guard


def _decided(route: Route, over: Sequence[InForce]) -> Requirement:
    callers = [caller_of(route, role) for role in route.roles] or [caller_of(route, None)]
    bound = [caller for caller in callers if not is_service_linked(caller)]
    if not bound:
        return Requirement(_NAME, Standing.HOLDS, "service-linked", facts={"caller": callers[0].name})
    rows = _denials(route, over, bound)
    worst = min(rows, key=lambda row: _WORST_FIRST.index(row.standing), default=None)
    return worst or _not_allowed(route, bound) or _undenied(over)


def _denials(route: Route, over: Sequence[InForce], callers: Sequence[Caller]) -> Iterator[Requirement]:
    """A row for each request of each caller that a policy denies, or may deny."""
    for caller in callers:
        for action in ACTIONS:
            for one in over:
                statements = one.policy.denying(action)
                denial = _anywhere(route, caller, action, statements) if statements else None
                if denial is not None:
                    yield _told(route, one, denial, caller, action)


@dataclass(frozen=True, slots=True, eq=False)
class _Denial:
    """That statements deny a request, or may: `reason` is a word for how."""

    reason: str
    because: Matched
    holes: tuple[Hole, ...] = ()


def _anywhere(route: Route, caller: Caller, action: str, statements: Sequence[Statement]) -> _Denial | None:
    """What the denials of one policy make of a request, in whichever region it is made."""
    found = [
        _denial(route, Request(caller, action, NO_RESOURCE, context), statements)
        for context in contexts(route, action, statements)
    ]
    there = [one for one in found if one is not None]
    if not there or all(one is not None and one.reason == "denied" for one in found):
        return there[0] if there else None
    return there[0] if len(found) == 1 else _Denial("undecided", there[0].because, (_REGION, *there[0].holes))


_REGION = Hole(("request", "region"), "AWS does not say in which of the two regions the copy is asked for")


def _denial(route: Route, asked: Request, statements: Sequence[Statement]) -> _Denial | None:
    """What the denials of one policy make of a request, for all that it may be about."""
    about = resources(route, asked.action, statements)
    if len(about) > 1 and not _may_deny(route, asked, statements):
        return None
    answers = [list(_ways(route, replace(asked, resource=resource), statements)) for resource in about]
    decisions = [decision for ways in answers for decision in ways]
    denied = [found for one in decisions if (found := _denied_by(one)) is not None]
    if len(denied) == len(decisions):
        return _Denial("denied", denied[0])
    if denied:
        if all(len({_denied_by(one) is None for one in ways}) == 1 for ways in answers):
            return _Denial("some-types", denied[0], (_TYPES,))
        openly = open_conditions(route.guard, guards_of(statements))
        return _Denial("condition", denied[0], tuple(map(condition_hole, openly)))
    doubt = next((found for one in decisions if (found := _doubt(one)) is not None), None)
    return _Denial("undecided", doubt, doubt.element.holes) if doubt is not None else None


_TYPES = Hole(("request", "resource types"), "it denies it for backups of some resource types only")


def _ways(route: Route, request: Request, statements: Sequence[Statement]) -> Iterator[Decision]:
    return in_every_world(request, statements, route.guard, of_resource=False)


def _may_deny(route: Route, request: Request, statements: Sequence[Statement]) -> bool:
    """Whether they may deny a request, whatever it is about: most do not, and need not be asked for each resource."""
    anywhere = [replace(one, resources=(), not_resources=()) for one in statements]
    return any(_denied_by(one) or _doubt(one) for one in _ways(route, request, anywhere))


def _denied_by(decision: Decision) -> Matched | None:
    """The statement that certainly denies."""
    return decision.because if decision.denied and decision.verdict is NO else None


def _doubt(decision: Decision) -> Matched | None:
    """The statement that may deny."""
    return decision.opposed or (decision.because if decision.verdict is UNKNOWN else None)


def _told(route: Route, one: InForce, denial: _Denial, caller: Caller, action: str) -> Requirement:
    because = denial.because
    facts = {
        "policy": one.policy.name,
        "action": action,
        "caller": caller.name,
        "account": str(route.copy.deployment.account),
        "statement": because.statement.label,
        "element": because.element.name,
    }
    place = because.element.span
    if denial.reason == "denied" and one.verdict is YES:
        return Requirement(_NAME, Standing.FAILS, "denied", place, facts)
    if denial.reason == "denied":
        return Requirement(_NAME, Standing.UNSURE, "attachment", place, facts, one.policy.why_unclear)
    if one.verdict is UNKNOWN:
        # It is not known whether it would deny, and not where it would: that is no more than a guess.
        return Requirement(_NAME, Standing.ASSUMED, "may-deny", place, facts)
    return Requirement(_NAME, Standing.UNSURE, denial.reason, place, facts, denial.holes)


def _not_allowed(route: Route, callers: Sequence[Caller]) -> Requirement | None:
    """That what is attached to one root, unit or account allows other things only.

    AWS: at each level a policy must allow; `FullAWSAccess` does, unless somebody detached it (ORG: SCP evaluation).
    """
    for policies in route.estate.controls.levels(route.copy.deployment.account):
        allowances = [one for policy in policies for one in policy.allowances]
        if not allowances or any(policy.allows_everything for policy in policies):
            continue
        for caller in callers:
            for action in ACTIONS:
                if not any(_allows(route, caller, action, allowances)):
                    policy = next(one for one in policies if one.allowances)
                    facts = {"policy": policy.name, "action": action, "caller": caller.name}
                    place = allowances[0].span
                    return Requirement(_NAME, Standing.UNSURE, "not-allowed", place, facts, (_FULL_ACCESS,))
    return None


_FULL_ACCESS = Hole(
    ("organization", "FullAWSAccess"), "the files do not tell whether `FullAWSAccess` is attached beside it"
)


def _allows(route: Route, caller: Caller, action: str, allowances: Sequence[Statement]) -> Iterator[bool]:
    """Whether something in the allowances fits the request, or may."""
    statements = [one for one in allowances if one.speaks_of(action) is not NO]
    for context in contexts(route, action, statements):
        for resource in resources(route, action, statements):
            request = Request(caller, action, resource, context)
            yield from (decision.verdict is not NO for decision in _ways(route, request, statements))
