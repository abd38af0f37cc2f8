"""The requests that a copy makes, put to the policies that decide on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.model.key import Key
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Found, Route
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.principal import SERVICE_LINKED_ROLE
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.policy.worlds import worlds
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Guard, TooMany
from xbackup_lint.values.hole import ORGANIZATION, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

COPY_INTO = "backup:CopyIntoBackupVault"

# AWS: without these the destination cannot use the key at all; what else the documentation lists may be missing
# (F3.15, F3.18, F3.21).
NEEDED = ("kms:DescribeKey", "kms:CreateGrant")
_GRANTS = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")

_STANDING = {YES: Standing.HOLDS, NO: Standing.FAILS, UNKNOWN: Standing.UNSURE}


def copying_in(route: Route, found: Found) -> Requirement:
    """Whether the vault's access policy lets the roles of the source copy in (F1.3, F1.7)."""
    vault = found.vault
    if vault.policy is None:
        return Requirement("vault-policy", Standing.FAILS, "no-policy", vault.span, {"vault": vault.label})
    arn = route.arn
    callers = [_role(route, role) for role in route.roles] or [_role(route, None)]
    requests = [Request(caller, COPY_INTO, arn, _organization(route, vault.policy)) for caller in callers]
    decisions = [
        (request, decision)
        for request in requests
        for decision in _in_every_world(request, vault.policy, route.guard, wildcard_actions=False)
    ]
    request, decision = min(decisions, key=lambda pair: _order(pair[1]))
    return _told("vault-policy", decision, {"vault": vault.label, "caller": request.caller.name}, vault.span)


def using_key(route: Route, key: Key) -> Requirement:
    """Whether a source key's policy lets the service-linked role of the destination use it (F1.8, F3.15)."""
    if key.policy is None or route.destination is None:
        return Requirement("source-key", Standing.ASSUMED, "key-not-described", key.span)
    account = route.destination.account
    pieces = (_text("arn:aws:iam::"), account, _text(f":role/{SERVICE_LINKED_ROLE}"))
    caller = Caller(account, Text.join(pieces, NOWHERE), name=f"account {account}")
    missing: list[str] = []
    worst: Decision | None = None
    for action in NEEDED:
        request = Request(caller, action, key.arn, _through_backup(route, key, action))
        for decision in _in_every_world(request, key.policy, route.guard):
            if decision.verdict is NO:
                missing.append(action)
            if worst is None or _order(decision) < _order(worst):
                worst = decision
    if worst is None:
        return Requirement("source-key", Standing.UNSURE, "undecided", key.span)
    facts = {"key": key.span.text, "account": str(account), "actions": ", ".join(dict.fromkeys(missing))}
    return _told("source-key", worst, facts, key.span)


def _told(name: str, decision: Decision, facts: dict[str, str], place: Span) -> Requirement:
    because = decision.because
    span = because.element.span if because is not None else place
    reason = {YES: "allowed", UNKNOWN: "undecided"}.get(
        decision.verdict, "denied" if decision.denied else "refused"
    )
    element = because.element.name if because is not None else "statement"
    facts = facts | {
        "element": element,
        "statement": _label(because.statement) if because is not None else "",
    }
    return Requirement(name, _STANDING[decision.verdict], reason, span, facts, decision.holes)


def _label(statement: Statement) -> str:
    """The Sid, or the line where there is none."""
    known = statement.sid.known if statement.sid is not None else None
    return known or f"line {statement.span.begin[0]}"


def _order(decision: Decision) -> int:
    """Refusals first, then what is not known."""
    return decision.verdict.value


def _in_every_world(
    request: Request, policy: Policy, guard: Guard, *, wildcard_actions: bool = True
) -> Iterator[Decision]:
    """The decisions of a policy in every way for the conditions that it depends on to turn out."""
    if policy.unknown:
        yield Decision(UNKNOWN)
        return
    guards = [*policy.present, *(own for statement in policy for own in _guards(statement))]
    try:
        ways = worlds(guard, guards)
    except TooMany:
        ways = ()
        yield Decision(UNKNOWN)
    for way in ways:
        there = [statement.seen(way) for statement in policy if way & statement.guard is not None]
        yield decide(request, there, wildcard_actions=wildcard_actions)


def _guards(statement: Statement) -> Iterable[Guard]:
    yield from statement.guards_of_callers()
    for texts in (statement.actions, statement.not_actions, statement.resources, statement.not_resources):
        yield from (guard for guard, _ in texts)


def _role(route: Route, role: Text | None) -> Caller:
    account = route.copy.deployment.account
    name = f"the role {role}" if role is not None else f"the role that copies in account {account}"
    return Caller(account, role, name=name)


def _organization(route: Route, policy: Policy) -> dict[str, KeyValue]:
    """What a request says of the organization: all accounts of a run are in one, and a policy means it.

    A parameter in the place of its id is taken to be it.
    """
    named = list(_organizations(policy))
    configured = route.estate.organization
    unknown = Text.unknown(
        Hole(("run", "organization"), "the organization is not known", ORGANIZATION), NOWHERE
    )
    told = _text(configured) if configured is not None else next(iter(named), unknown)
    organization = next((value for value in named if value.hole is not None), told)
    return {
        "aws:principalorgid": (organization,),
        "aws:principalorgpaths": (Text.join([organization, _text("/"), _unit(route)], NOWHERE),),
    }


def _unit(route: Route) -> Text:
    """Where the source account stands in the organization: `r-…/ou-…/`."""
    known = route.estate.units.get(route.copy.deployment.account.known or "")
    if known is not None:
        return _text(known)
    below = Hole(("run", "organizational unit"), "the organizational unit of the source account is not known")
    return Text.join([Text.unknown(below, NOWHERE), _text("/")], NOWHERE)


def _organizations(policy: Policy) -> Iterator[Text]:
    """The organizations that a policy names, by their id or at the head of a path (F1.13)."""
    for statement in policy:
        for clause in statement.clauses:
            key = (clause.key.known or "").lower()
            for _, value in clause.values:
                if key == "aws:principalorgid":
                    yield value
                elif key == "aws:principalorgpaths":
                    yield (value.split("/", 1, trusting=True) or [value])[0]


def _through_backup(route: Route, key: Key, action: str) -> dict[str, KeyValue]:
    """A copy's use of a key: through AWS Backup in the key's region, for an AWS resource (F3.19, F3.20, F3.27)."""
    region = key.deployment.region
    via = Text.join([_text("backup."), region, _text(".amazonaws.com")], NOWHERE)
    grants: KeyValue = (_text("true"),) if action in _GRANTS else ABSENT
    policy = key.policy.statements if key.policy is not None else ()
    return {
        "kms:viaservice": (via,),
        "kms:grantisforawsresource": grants,
        **(_organization(route, key.policy) if key.policy is not None and policy else {}),
    }


def _text(text: str) -> Text:
    return Text.literal(text, NOWHERE)
