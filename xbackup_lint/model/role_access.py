"""Whether the roles that a plan works as may copy, by their own policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.context import COPY_FROM, COPY_INTO
from xbackup_lint.model.control_request import contexts
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.roles import FoundRole, Held
from xbackup_lint.model.route import Route
from xbackup_lint.model.told import in_all_ways, of_all_roles, order, requirement, worst_first
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.everywhere import guards_of, seen, too_many
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.policy.worlds import worlds
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Guard, TooMany
from xbackup_lint.values.hole import ARN, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES

# AWS: the resource of CopyFrom is the recovery point, that of CopyInto the destination vault (F1.14). Policies for
# CopyFrom often name the vault that is copied from; whether that does AWS does not say.
_RECOVERY_POINT = Text.unknown(
    Hole(
        ("request", "recovery point"), "the ARN of a recovery point depends on the type of the resource", ARN
    ),
    NOWHERE,
)
_REGION = Hole(("request", "region"), "AWS does not say in which of the two regions the copy is asked for")


def copying_as(route: Route) -> Requirement:
    """The role of the plan's selection may copy into the destination; of several roles the worst counts."""
    if route.crosses_accounts is NO:
        return Requirement("role", Standing.ASSUMED, "same-account")
    if not route.roles:
        return Requirement("role", Standing.ASSUMED, "no-selection")
    return of_all_roles([_row(route, role) for role in route.roles])


def _row(route: Route, arn: Text) -> Requirement:
    """The row of one role, worked out once for all copies to one destination."""
    rows = route.estate.known_roles.rows
    here, vault = route.copy.deployment, route.vault.vault if route.vault is not None else None
    key = (arn.identity, route.arn.identity, here.account.identity, here.region.identity, vault, route.guard)
    if key not in rows:
        rows[key] = _of_role(route, arn)
    return rows[key]


def _of_role(route: Route, arn: Text) -> Requirement:
    named = route.estate.known_roles.named(arn)
    found = [one for one in named if one.role.shows_policies and one.guard & route.guard is not None]
    if not found:
        return Requirement("role", Standing.ASSUMED, "not-described", facts={"role": str(arn)})
    rows = [_of_found(route, arn, one) for one in found]
    if all(one.verdict is YES for one in found):
        return min(rows, key=worst_first)
    # Which of them it is, if any, is not known: what all of them may is likely what it may.
    facts = {"role": str(arn), "path": found[0].role.span.source.path}
    if all(row.standing is Standing.HOLDS for row in rows):
        return Requirement("role", Standing.ASSUMED, "may-be", found[0].role.span, facts)
    holes = (*arn.holes, *found[0].role.deployment.account.holes)
    return Requirement("role", Standing.UNSURE, "may-be-refused", found[0].role.span, facts, holes)


def _of_found(route: Route, arn: Text, found: FoundRole) -> Requirement:
    held = route.estate.known_roles.held(found.role)
    guard = found.guard & route.guard or route.guard
    facts = {
        "role": str(arn),
        "name": found.role.label,
        "destination": str(route.arn),
    }
    requests = [_request(route, arn, held, action) for action in (COPY_INTO, COPY_FROM)]
    rows = [
        (way, _told(made, held, facts, found.role.span)) for way, made in _in_all_ways(requests, held, guard)
    ]
    row = replace(in_all_ways(rows), assumptions=_assumed(found))
    return row if row.guard.assigned else replace(row, guard=guard)


def _assumed(found: FoundRole) -> tuple[str, ...]:
    """What is taken for granted of a role that is found, in words to print."""
    if not found.taken_to_be:
        return ()
    path = found.role.span.source.path
    return (f"the role that {path} declares is taken to be in account {found.taken_to_be}",)


def _told(made: Sequence[_Asked], held: Held, facts: dict[str, str], place: Span) -> Requirement:
    """The row for the worst of several answers, naming all actions that fare as badly."""
    worst = min(made, key=_order)
    alike = [asked.action for asked in made if asked.decision.verdict is worst.decision.verdict]
    actions = " and ".join(f"`{action}`" for action in dict.fromkeys(alike))
    row = requirement("role", worst.decision, facts | {"actions": actions}, place)
    if row.reason != "refused":
        return row
    return replace(row, reason=_why(row, held) if worst.by == "identity" else "bounded")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the policies of a role say, and which: `identity` or `boundary`."""

    action: str
    by: str
    decision: Decision


def _why(row: Requirement, held: Held) -> str:
    """What is missing: the action as a whole, or that a statement which has it speaks of the copy."""
    match row.facts["element"]:
        case "statement":
            only_s3 = "AWSBackupServiceRolePolicyForS3Backup" in held.of_aws
            return "only-s3" if only_s3 else "not-granted"
        case "resource":
            return "other-resource"
    return "refused"


def _in_all_ways(
    requests: Sequence[Request], held: Held, guard: Guard
) -> Iterator[tuple[Guard, tuple[_Asked, ...]]]:
    """The answers to requests, in every way for the template's open conditions to turn out."""
    guards = [own for own, _ in held.boundaries]
    guards += guards_of((*held.identity, *(s for _, statements in held.boundaries for s in statements)))
    try:
        ways = worlds(guard, guards)
    except TooMany:
        unknown = too_many(held.identity, guard)
        yield guard, tuple(_Asked(request.action, "identity", unknown) for request in requests)
        return
    for way in ways:
        yield way, tuple(asked for request in requests for asked in _in_one(request, held, way))


def _in_one(request: Request, held: Held, way: Guard) -> Iterator[_Asked]:
    """What has to allow: the role's policies, and its boundary, where it has one."""
    yield _Asked(request.action, "identity", _decided(request, held.identity, way))
    for guard, statements in held.boundaries:
        if way & guard is not None:
            yield _Asked(request.action, "boundary", _decided(request, statements, way))


def _decided(request: Request, statements: Iterable[Statement], way: Guard) -> Decision:
    """What statements say in one way. Those of other actions say nothing, and are not the nearest either."""
    there = [one for one in seen(statements, way) if one.speaks_of(request.action) is not NO]
    return decide(request, there, of_resource=False)


def _order(asked: _Asked) -> int:
    return order(asked.decision)


def _request(route: Route, arn: Text, held: Held, action: str) -> Request:
    made = contexts(route, action, held.identity)
    # Of two regions it is not known in which it is asked for.
    context = made[0] if len(made) == 1 else {**made[0], "aws:requestedregion": _REGION}
    resource = route.arn if action == COPY_INTO else _RECOVERY_POINT
    return Request(
        Caller(route.copy.deployment.account, arn, name=f"the role {arn}"), action, resource, context
    )
