"""All policies that a request meets, taken together: of the resource, of the identity, of the organization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xbackup_lint.dataclass import dataclass, replace
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

    `service_control` and `resource_control` hold one list of statements for each level, from the root of the
    organization to the account of the caller, or of the resource: each level must allow. A level of resource
    control includes what AWS attaches by itself, RCPFullAWSAccess.
    """

    owner: Text
    """The account that the resource belongs to."""
    resource: Statements | None = None
    identity: Statements | None = None
    boundary: Statements | None = None
    """None of a caller without one."""
    service_control: tuple[Statements, ...] = ()
    resource_control: tuple[Statements, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Authorization:
    """Whether a request goes through, and the decision that settles it, by the kind of policy that made it."""

    verdict: Verdict
    by: str
    """`resource`, `identity`, `boundary`, `service control` or `resource control`."""
    decision: Decision


def authorize(request: Request, policies: Policies) -> Authorization:
    """The combination of policies (AWS: IAM, policy evaluation logic). What no policy tells is UNKNOWN."""
    if policies.boundary is not None:
        request = replace(request, caller=replace(request.caller, bounded=True))
    made = _decisions(request, policies)
    denied = next((one for one in made if one.decision.denied and one.decision.verdict is NO), None)
    if denied is not None:
        return denied
    grant = _granted(request, policies, {one.by: one for one in made})
    settled = _all(grant, *_limits(request, policies, made))
    if settled.verdict is not YES:
        return settled
    if policies.resource is None:
        return _untold("resource")
    if policies.identity is None and not request.caller.service:
        return _untold("identity")
    opposed = next((one for one in made if one.decision.opposed is not None), None)
    if opposed is None:
        return settled
    doubt = Decision(UNKNOWN, opposed.decision.opposed, denied=True, opposed=opposed.decision.opposed)
    return Authorization(UNKNOWN, opposed.by, doubt)


def _decisions(request: Request, policies: Policies) -> list[Authorization]:
    made = []
    for by, statements in _that_apply(request, policies):
        if statements is not None:
            decision = decide(request, statements, of_resource=by in ("resource", "resource control"))
            made.append(Authorization(decision.verdict, by, decision))
    return made


def _that_apply(request: Request, policies: Policies) -> Iterable[tuple[str, Statements | None]]:
    """AWS: a service has no policies of its own, and service-linked roles are under no control policy."""
    yield "resource", policies.resource
    if not request.caller.service:
        yield "identity", policies.identity
        yield "boundary", policies.boundary
    if _is_service_linked(request):
        return
    if not request.caller.service:
        yield from (("service control", level) for level in policies.service_control)
    yield from (("resource control", level) for level in policies.resource_control)


def _is_service_linked(request: Request) -> bool:
    arn = request.caller.arn
    fields = arn.split(":", 5, trusting=True) if arn is not None else None
    return fields is not None and len(fields) == 6 and fields[5].starts_with("role/aws-service-role/")


def _granted(request: Request, policies: Policies, made: dict[str, Authorization]) -> Authorization:
    """Who has to say yes: in one account either policy, across accounts both; a KMS key's policy always."""
    resource = made.get("resource", _untold("resource"))
    if request.caller.service:
        return resource
    identity = made.get("identity", _untold("identity"))
    both = _all(resource, identity)
    same = equals(policies.owner, request.caller.account)
    if same is NO:
        return both
    direct = _from_resource(request, policies, lambda form: form is not Form.ACCOUNT)
    # AWS: an identity's policy opens a key only where the key's policy leaves that to the account (F3.24, KMS).
    either = _any(direct, both if request.action.lower().startswith("kms:") else identity)
    if same is YES:
        return either
    return either if either.verdict is both.verdict else Authorization(UNKNOWN, both.by, both.decision)


def _limits(request: Request, policies: Policies, made: list[Authorization]) -> list[Authorization]:
    """Policies that each have to allow, besides those that grant."""
    limits = [one for one in made if one.by not in ("resource", "identity")]
    if policies.boundary is None:
        return limits
    escape = _past_boundary(request, policies)
    return [replace(one, verdict=one.verdict | escape) if one.by == "boundary" else one for one in limits]


def _past_boundary(request: Request, policies: Policies) -> Verdict:
    """Whether the resource's policy lets the caller in without its boundary.

    AWS: within one account a grant to the role's session does, one to the role does not (IAM: permissions
    boundaries); of a grant to everyone it does not say.
    """
    session = _from_resource(request, policies, lambda form: form is Form.SESSION).verdict
    anyone = _from_resource(request, policies, lambda form: form is Form.ANYONE).verdict
    return equals(policies.owner, request.caller.account) & (session | (anyone & UNKNOWN))


def _from_resource(request: Request, policies: Policies, forms: Callable[[Form], bool]) -> Authorization:
    """Whether the resource's policy lets the caller in by principals of certain forms alone."""
    if policies.resource is None:
        return _untold("resource")
    decision = decide(request, [_with_principals(statement, forms) for statement in policies.resource])
    return Authorization(decision.verdict, "resource", decision)


def _with_principals(statement: Statement, forms: Callable[[Form], bool]) -> Statement:
    if statement.allows is NO or not statement.principals:
        return statement
    kept = tuple(principal for principal in statement.principals if forms(principal.form))
    return statement if len(kept) == len(statement.principals) else replace(statement, principals=kept)


def _untold(by: str) -> Authorization:
    return Authorization(UNKNOWN, by, Decision(UNKNOWN))


def _all(*parts: Authorization) -> Authorization:
    verdict = Verdict.all(part.verdict for part in parts)
    return next(part for part in parts if part.verdict is verdict)


def _any(*parts: Authorization) -> Authorization:
    verdict = Verdict.any(part.verdict for part in parts)
    return next(part for part in parts if part.verdict is verdict)
