"""The policy language decides: does a policy allow a request, deny it, or can that not be told?

Statements come as they are in one way for open conditions to turn out (`Statement.seen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.operators import compares
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.request import MULTIVALUED, Absent, KeyValue, Request
from xbackup_lint.policy.statement import Guarded, Statement
from xbackup_lint.policy.variables import filled
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element of a statement against a request: what it says, where it stands, what is not known."""

    name: str
    """`principal`, `action`, `resource`, `condition`, or `effect`."""
    verdict: Verdict
    span: Span
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """A statement against a request. `element` is the one that decides: the first that fails, or is not known."""

    statement: Statement
    verdict: Verdict
    element: Element
    holding: int
    """How many elements hold: of statements that do not match, the one with most is the nearest."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What a policy says. `because` is the statement that decides, or the nearest one that fails; None of no statement.

    `denied` says that an explicit Deny decides.
    """

    verdict: Verdict
    because: Matched | None = None
    denied: bool = False

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Why it cannot be told."""
        return self.because.element.holes if self.because is not None and self.verdict is UNKNOWN else ()


def decide(request: Request, statements: Sequence[Statement], *, wildcard_actions: bool = True) -> Decision:
    """Allowed and not denied. An undecidable Deny makes YES unknown and leaves NO.

    Without `wildcard_actions` a wildcard in an action neither allows nor denies for certain: in a vault's access
    policy AWS does not support it (F9.3).
    """
    judged = [(statement, matched(request, statement, wildcard_actions)) for statement in statements]
    denials = [found for statement, found in judged if statement.denies is YES]
    allowances = [found for statement, found in judged if statement.allows is YES]
    doubtful = [found for statement, found in judged if UNKNOWN in (statement.allows, statement.denies)]
    denial = _strongest(denials)
    if denial is not None and denial.verdict is YES:
        return Decision(NO, denial, denied=True)
    allowance = _strongest([*allowances, *(_doubted(found) for found in doubtful)])
    if allowance is None or allowance.verdict is NO:
        return Decision(NO, allowance)
    doubt = _strongest([*([denial] if denial is not None else []), *(_doubted(found) for found in doubtful)])
    if doubt is not None and doubt.verdict is UNKNOWN and allowance.verdict is YES:
        return Decision(UNKNOWN, doubt, denied=True)
    return Decision(allowance.verdict, allowance)


def _doubted(found: Matched) -> Matched:
    """A statement whose effect is not known: it neither allows nor denies for certain."""
    effect = found.statement.effect
    if found.verdict is NO or effect is None:
        return found
    element = Element("effect", UNKNOWN, effect.span, effect.holes)
    return Matched(found.statement, UNKNOWN, element, found.holding)


def _strongest(found: Iterable[Matched]) -> Matched | None:
    """The statement that comes nearest to matching; of equals the first."""
    return max(found, key=lambda one: (one.verdict.value, one.holding), default=None)


def matched(request: Request, statement: Statement, wildcard_actions: bool = True) -> Matched:
    """Whether a statement speaks of a request, by all its elements."""
    elements = [
        *_principal(request, statement),
        _action(request, statement, wildcard_actions),
        *_resource(request, statement),
        *(_condition(request, clause) for clause in statement.clauses),
    ]
    verdict = Verdict.all(element.verdict for element in elements)
    deciding = next(element for element in elements if element.verdict is verdict)
    return Matched(statement, verdict, deciding, sum(element.verdict is YES for element in elements))


def _principal(request: Request, statement: Statement) -> list[Element]:
    """The principals of a statement; an identity's policy has none."""
    if statement.principals:
        return [_one_of("principal", statement.principals, request)]
    if statement.not_principals:
        found = _one_of("principal", statement.not_principals, request)
        return [Element(found.name, ~found.verdict, found.span, found.holes)]
    return []


def _one_of(name: str, principals: Sequence[Principal], request: Request) -> Element:
    verdicts = [(principal, _names(principal, request)) for principal in principals]
    verdict = Verdict.any(found for _, found in verdicts)
    deciding = next(principal for principal, found in verdicts if found is verdict)
    holes = tuple(
        hole for principal, found in verdicts if found is UNKNOWN for hole in _why(principal, request)
    )
    return Element(name, verdict, deciding.span if verdict is not NO else principals[0].span, holes)


def _why(principal: Principal, request: Request) -> tuple[Hole, ...]:
    caller = request.caller
    own = (*caller.account.holes, *(caller.arn.holes if caller.arn is not None else ()))
    return principal.text.holes or own or (_unknown_caller(request),)


def _unknown_caller(request: Request) -> Hole:
    return Hole(("request", "caller"), f"{request.caller.name or 'the role that calls'} is not known")


def _names(principal: Principal, request: Request) -> Verdict:
    """Whether a principal of a policy is the caller, or the account that the caller belongs to."""
    caller = request.caller
    match principal.form:
        case Form.ANYONE:
            return YES
        case Form.SERVICE:
            return like(caller.service, principal.text) if caller.service else NO
        case Form.ACCOUNT if principal.account is not None:
            return NO if caller.service else equals(principal.account, caller.account)
        case Form.ROLE | Form.UNKNOWN:
            if caller.service:
                return NO
            if caller.arn is not None:
                return _same_arn(principal.text, caller.arn)
            return (
                equals(principal.account, caller.account) & UNKNOWN
                if principal.account is not None
                else UNKNOWN
            )
        case Form.SESSION | Form.UNIQUE_ID:
            # A session's name, and which role an id is of, are not in any file.
            same = equals(principal.account, caller.account) if principal.account is not None else UNKNOWN
            return NO if caller.service else same & UNKNOWN
        case _:
            return NO


def _same_arn(principal: Text, arn: Text) -> Verdict:
    """Whether two ARNs name one role. A partition that is not known says nothing of whom they name."""
    left, right = principal.split(":", 2, trusting=True), arn.split(":", 2, trusting=True)
    if left is None or right is None or len(left) < 3 or len(right) < 3:
        return equals(principal, arn)
    partitions = equals(left[1], right[1])
    return NO if partitions is NO else equals(left[2], right[2])


def _action(request: Request, statement: Statement, wildcards: bool) -> Element:
    listed = statement.actions or statement.not_actions
    if not listed:
        return Element("action", NO, statement.span)

    def speaks(action: Text) -> Verdict:
        verdict = like(request.action, action, ignore_case=True)
        wild = not wildcards and action.known is not None and ("*" in action.known or "?" in action.known)
        return verdict & UNKNOWN if wild else verdict

    found = _any("action", listed, speaks)
    return found if statement.actions else Element("action", ~found.verdict, found.span, found.holes)


def _resource(request: Request, statement: Statement) -> list[Element]:
    listed = statement.resources or statement.not_resources
    if not listed:
        return []

    def speaks(resource: Text) -> Verdict:
        pattern = filled(resource, request)
        return NO if pattern is None else _like_arn(request.resource, pattern)

    found = _any("resource", listed, speaks)
    holes = found.holes or (request.resource.holes if found.verdict is UNKNOWN else ())
    negated = not statement.resources
    return [Element("resource", ~found.verdict if negated else found.verdict, found.span, holes)]


def _like_arn(resource: Text, pattern: Text) -> Verdict:
    """Whether a resource fits a pattern; a partition that one side does not know says nothing."""
    verdict = like(resource, pattern)
    if verdict is not UNKNOWN:
        return verdict
    left, right = resource.split(":", 2, trusting=True), pattern.split(":", 2, trusting=True)
    if left is None or right is None or len(left) < 3 or len(right) < 3:
        return verdict
    same = like(left[1], right[1])
    return verdict if same is YES else NO if same is NO else like(left[2], right[2])


def _any(name: str, listed: Sequence[Guarded], speaks: Callable[[Text], Verdict]) -> Element:
    """The first of a list that decides."""
    verdicts = [(text, speaks(text)) for _, text in listed]
    verdict = Verdict.any(found for _, found in verdicts)
    deciding = next(text for text, found in verdicts if found is verdict)
    holes = tuple(hole for text, found in verdicts if found is UNKNOWN for hole in text.holes)
    return Element(name, verdict, deciding.span, holes if verdict is UNKNOWN else ())


def _condition(request: Request, clause: Clause) -> Element:
    """One key under one operator."""
    key = clause.key.known
    if key is None or clause.written.known is None:
        return Element("condition", UNKNOWN, clause.span, (*clause.key.holes, *clause.written.holes))
    value = request.key(key)
    verdict = _holds(request, clause, key.lower(), value)
    return Element("condition", verdict, clause.span, _doubts(clause, value) if verdict is UNKNOWN else ())


def _doubts(clause: Clause, value: KeyValue) -> tuple[Hole, ...]:
    own = tuple(hole for _, text in clause.values for hole in text.holes)
    if isinstance(value, Hole):
        return (*own, value)
    return own if isinstance(value, Absent) else (*own, *(hole for text in value for hole in text.holes))


def _holds(request: Request, clause: Clause, key: str, value: KeyValue) -> Verdict:
    if clause.operator == "null":
        return _null(clause, value)
    found = compares(clause.operator)
    if found is None:
        return UNKNOWN
    comparison, negated = found
    if isinstance(value, Hole):
        return UNKNOWN
    wanted = [filled(text, request) for _, text in clause.values]

    def fits(one: Text) -> Verdict:
        verdict = Verdict.any(comparison(one, text) for text in wanted if text is not None)
        return ~verdict if negated else verdict

    absent = isinstance(value, Absent) or not value
    match clause.qualifier:
        case "forallvalues":
            # AWS: `ForAllValues` holds where the key is not there (IAM: set operators; F1.13).
            return YES if isinstance(value, Absent) else Verdict.all(fits(one) for one in value)
        case "foranyvalue":
            return NO if isinstance(value, Absent) else Verdict.any(fits(one) for one in value)
        case "" if absent:
            # AWS: a key that is not there meets negated operators and `…IfExists` (IAM: condition operators).
            return Verdict.of(negated or clause.if_exists)
        case "":
            values = value if not isinstance(value, Absent) else ()
            verdict = Verdict.any(fits(one) for one in values)
            # What a single-valued operator makes of several values AWS does not say.
            return verdict & UNKNOWN if key in MULTIVALUED and len(values) > 1 else verdict
    return UNKNOWN


def _null(clause: Clause, value: KeyValue) -> Verdict:
    """AWS: `Null` asks whether the key is missing: `true` for yes."""
    wanted = Verdict.any(equals(text, "true", ignore_case=True) for _, text in clause.values)
    if isinstance(value, Hole):
        return UNKNOWN
    return wanted if isinstance(value, Absent) else ~wanted
