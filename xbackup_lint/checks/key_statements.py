"""Statements of key policies: grants of a key to other accounts, and conditions that are never met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from xbackup_lint.checks.callers import has_wildcard
from xbackup_lint.checks.grants import by_guard, further, ids, is_foreign, listed
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy import actions
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.statement import Statement
from xbackup_lint.regex import regex
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_CREATE_GRANT = "kms:creategrant"
_FOR_RESOURCE = "kms:GrantIsForAWSResource"
_VIA_SERVICE = "kms:viaservice"
_MISSPELT = "kms:resourcesaliases"
# AWS: keys that leave grants to AWS services, or to certain grantees (KMS: condition keys).
_BOUNDS = ("kms:viaservice", "kms:granteeprincipal", "kms:granteeserviceprincipal")
_LINKED = "role/aws-service-role/"

# AWS: `SERVICE.REGION.amazonaws.com`, in China with `.cn` behind it (F3.20).
_SERVICE = regex(r"[a-z0-9.-]+\.[a-z]{2,4}(-[a-z]{2,5})?-[a-z]{4,10}-[0-9]{1,2}\.amazonaws\.com(\.cn)?")
_NO_REGION = regex(r"[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_WITH_WILDCARDS = ("stringlike", "stringnotlike")


@check
def grant_is_unrestricted(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Lets another account make grants, for whomever it likes. Facts: `action`, `accounts`.

    What is granted by `kms:*` is told as such.
    """
    statement = subject.statement
    if subject.policy_kind != "key" or statement.allows is NO:
        return
    grants = [(guard, text) for guard, text in statement.actions if _makes_grants(text.known or "")]
    for own, texts in by_guard(grants):
        for guard, there in _ways(own, statement):
            others = [one for one in there.principals if _makes_grants_freely(one, subject)]
            verdict = statement.allows & Verdict.any(is_foreign(one, subject) for one in others)
            verdict &= ~Verdict.any(_bounds(clause) for clause in there.clauses)
            accounts = [other.account or other.text for other in others]
            unknown = holes_of(statement.effect, *accounts, subject.deployment.account)
            yield Hit(
                texts[0].span,
                verdict,
                guard,
                facts={"action": str(texts[0]), "accounts": ids(accounts)},
                underline=further(texts),
                holes=(*unknown, *_unread(there.clauses)) if verdict is UNKNOWN else (),
                assumptions=assumptions_of(*accounts),
            )


def _makes_grants(action: str) -> bool:
    return action not in ("*", "kms:*") and like(_CREATE_GRANT, action, ignore_case=True) is YES


def _ways(own: Guard, statement: Statement) -> Iterator[tuple[Guard, Statement]]:
    """The statement as it is for its principals, once under each guard."""
    guards = (both for one in statement.principals if (both := own & one.guard) is not None)
    for guard in islice(dict.fromkeys(guards), MOST):
        yield guard, statement.seen(guard)


def _makes_grants_freely(principal: Principal, subject: PolicyStatement) -> bool:
    """AWS: a service-linked role makes grants for AWS resources only: its own policy says so (F3.18)."""
    arn = principal.arn
    linked = arn is not None and arn.resource.starts_with(_LINKED)
    return not linked and is_foreign(principal, subject) is not NO


def _bounds(clause: Clause) -> Verdict:
    """Whether a condition leaves only grants for AWS resources, or for certain grantees."""
    if not clause.is_known:
        return UNKNOWN
    if clause.name == _FOR_RESOURCE.lower():
        return Verdict.of(clause.operator == "bool")
    return Verdict.of(clause.name in _BOUNDS and "not" not in clause.operator)


def _unread(clauses: Sequence[Clause]) -> tuple[Hole, ...]:
    return tuple(hole for clause in clauses for hole in holes_of(clause.written, clause.key))


@check
def grant_condition_is_misplaced(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Asks of actions that make no grants that the grant be for an AWS resource. Fact: `actions`."""
    statement = subject.statement
    if subject.policy_kind != "key" or statement.allows is not YES:
        return
    asking = [clause for clause in statement.clauses if _asks_for_grant(clause)]
    found = [(guard, text) for guard, text in statement.actions if _carries_no_grant(text.known or "")]
    for own, texts in by_guard(found):
        for clause in asking[:1]:
            guard = own & clause.guard
            if guard is not None:
                yield Hit(
                    texts[0].span,
                    YES,
                    guard,
                    facts={"actions": listed(texts)},
                    also=(("condition", clause.span),),
                    underline=further(texts),
                    assumptions=assumptions_of(*texts),
                )


def _asks_for_grant(clause: Clause) -> bool:
    """AWS: a `Bool` is not met where its key is missing, whatever it asks for (IAM: Bool)."""
    return clause.name == _FOR_RESOURCE.lower() and clause.operator == "bool" and not clause.if_exists


def _carries_no_grant(action: str) -> bool:
    """Whether an action, or some that a pattern stands for, never has the key (F3.27). Patterns for grants do."""
    carriers = actions.condition_key_carriers(_FOR_RESOURCE) or ()
    if "grant" in action.lower():
        return False
    return any(name.startswith("kms:") and name not in carriers for name in actions.expand(action))


@check
def via_service_never_matches(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """`kms:ViaService` is compared with what it never is, or a key is meant that there is not. Fact: `value`."""
    if subject.policy_kind != "key":
        return
    for clause in subject.statement.clauses:
        if clause.name == _MISSPELT:
            yield Hit(clause.key.span, YES, clause.guard, "no-such-key", {"value": str(clause.key)})
        if clause.name == _VIA_SERVICE:
            for guard, value in clause.values:
                reason = _why_never(value, clause)
                if reason:
                    facts = {"value": str(value)}
                    yield Hit(value.span, YES, guard, reason, facts, assumptions=assumptions_of(value))


def _why_never(value: Text, clause: Clause) -> str:
    """A word for why no service has this name; empty where one may."""
    known = value.known
    if known is None or clause.operator not in ("stringequals", "stringnotequals", *_WITH_WILDCARDS):
        return ""
    if has_wildcard(value):
        return "" if clause.operator in _WITH_WILDCARDS else "wildcard"
    if _SERVICE.fullmatch(known):
        return ""
    return "no-region" if _NO_REGION.fullmatch(known) else "no-service"
