"""All policies that a request meets, taken together: of the resource, of the identity, of the organization."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.principal import Form
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

Statements = Sequence[Statement]


@dataclass(frozen=True, slots=True, eq=False)
class Policies:
    """The policies that stand between a caller and a resource. None: nothing tells what such a policy says.

    `control` holds service and resource control policies, one list of statements for each level and kind: each
    level must allow.
    """

    owner: Text
    """The account that the resource belongs to."""
    resource: Statements | None = None
    identity: Statements | None = None
    boundary: Statements | None = None
    control: tuple[Statements, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Authorization:
    """Whether a request goes through, and the decision that settles it, by the kind of policy that made it."""

    verdict: Verdict
    by: str
    """`resource`, `identity`, `boundary` or `control`."""
    decision: Decision


def authorize(request: Request, policies: Policies) -> Authorization:
    """The combination of policies (AWS: IAM, policy evaluation logic). What no policy tells is UNKNOWN."""
    made = _decisions(request, policies)
    denied = next((one for one in made if one.decision.denied and one.decision.verdict is NO), None)
    if denied is not None:
        return denied
    limits = [one for one in made if one.by in ("boundary", "control")]
    grant = _granted(request, policies, {one.by: one for one in made})
    verdict = Verdict.all([grant.verdict, *(one.verdict for one in limits)])
    return next(one for one in (grant, *limits) if one.verdict is verdict)


def _decisions(request: Request, policies: Policies) -> list[Authorization]:
    given: Iterable[tuple[str, Statements | None]] = (
        ("resource", policies.resource),
        ("identity", policies.identity),
        ("boundary", policies.boundary),
        *(("control", level) for level in policies.control),
    )
    made = [(by, decide(request, statements)) for by, statements in given if statements is not None]
    return [Authorization(decision.verdict, by, decision) for by, decision in made]


def _granted(request: Request, policies: Policies, made: dict[str, Authorization]) -> Authorization:
    """Who has to say yes: in one account either policy, across accounts both; a KMS key's policy always."""
    unknown = Decision(UNKNOWN)
    resource = made.get("resource", Authorization(UNKNOWN, "resource", unknown))
    identity = made.get("identity", Authorization(UNKNOWN, "identity", unknown))
    both = _all(resource, identity)
    same = equals(policies.owner, request.caller.account)
    if same is NO:
        return both
    direct = _direct(request, policies)
    # AWS: an identity's policy opens a key only where the key's policy leaves that to the account (F3.24, KMS).
    either = _any(direct, both if request.action.lower().startswith("kms:") else identity)
    if same is YES:
        return either
    return either if either.verdict is both.verdict else Authorization(UNKNOWN, both.by, both.decision)


def _direct(request: Request, policies: Policies) -> Authorization:
    """Whether the resource's policy lets the caller in by itself, not by leaving it to the caller's account."""
    statements = policies.resource
    if statements is None:
        return Authorization(UNKNOWN, "resource", Decision(UNKNOWN))
    decision = decide(request, [_without_accounts(statement) for statement in statements])
    return Authorization(decision.verdict, "resource", decision)


def _without_accounts(statement: Statement) -> Statement:
    if statement.allows is NO:
        return statement
    named = tuple(principal for principal in statement.principals if principal.form is not Form.ACCOUNT)
    if statement.principals and not named:
        return replace(statement, effect=None)
    return replace(statement, principals=named)


def _all(*parts: Authorization) -> Authorization:
    verdict = Verdict.all(part.verdict for part in parts)
    return next(part for part in parts if part.verdict is verdict)


def _any(*parts: Authorization) -> Authorization:
    verdict = Verdict.any(part.verdict for part in parts)
    return next(part for part in parts if part.verdict is verdict)
