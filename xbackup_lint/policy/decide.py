"""The policy language decides: does a policy allow a request, deny it, or can that not be told?

Statements come as they are in one way for open conditions to turn out (`Statement.seen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from xbackup_lint.dataclass import dataclass
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.matching import fits_resource
from xbackup_lint.policy.meeting import doubts, meets
from xbackup_lint.policy.naming import names, spares, why
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Guarded, Statement
from xbackup_lint.policy.variables import filled, precede_resource
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

Nearness = tuple[int, int, bool]
"""How near a statement comes to matching: its verdict, minus how many elements do not hold, if it names the caller."""
_FARTHEST: Nearness = (-1, 0, False)
_UNMATCHED: Nearness = (NO.value, 0, True)
"""No statement that does not match comes nearer than that."""


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
    missing: int
    """How many elements do not hold: of statements that do not match, one with fewest is the nearest."""
    names_caller: bool
    """Whether it speaks of the caller: among equally near statements, such a one is the nearest."""

    @property
    def nearness(self) -> Nearness:
        """By which the nearest of several is found."""
        return self.verdict.value, -self.missing, self.names_caller


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What a policy says. `because` is the statement that decides, or the nearest that allows; None without any.

    `denied` says that an explicit Deny decides. `opposed` is a Deny of which it cannot be told whether it does:
    it counts where another policy allows.
    """

    verdict: Verdict
    because: Matched | None = None
    denied: bool = False
    opposed: Matched | None = None

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Why it cannot be told."""
        return self.because.element.holes if self.because is not None and self.verdict is UNKNOWN else ()


def decide(
    request: Request,
    statements: Sequence[Statement],
    *,
    wildcard_actions: bool = True,
    of_resource: bool = True,
) -> Decision:
    """Allowed and not denied. An undecidable Deny makes YES unknown and leaves NO.

    Without `wildcard_actions` a wildcard in an action neither allows nor denies for certain: in a vault's access
    policy AWS does not support it (F9.3). In a policy `of_resource` a statement without principals is for nobody.
    """
    ask = partial(matched, request, wildcard_actions=wildcard_actions, for_someone=of_resource)
    denials = [ask(statement, than=_UNMATCHED) for statement in statements if statement.denies is YES]
    denial = _nearest(denials)
    if denial is not None and denial.verdict is YES:
        return Decision(NO, denial, denied=True)
    doubtful = [_doubted(ask(statement)) for statement in statements if statement.denies is UNKNOWN]
    doubt = _nearest(found for found in (*denials, *doubtful) if found.verdict is UNKNOWN)
    allowance = _nearest([*_allowance(statements, ask), *doubtful])
    if allowance is None or allowance.verdict is NO:
        return Decision(NO, allowance, opposed=doubt)
    if doubt is not None and allowance.verdict is YES:
        return Decision(UNKNOWN, doubt, denied=True, opposed=doubt)
    return Decision(allowance.verdict, allowance, opposed=doubt)


def _allowance(statements: Sequence[Statement], ask: Callable[..., Matched]) -> list[Matched]:
    """The nearest of the statements that allow, if any does."""
    nearest, than = list[Matched](), _FARTHEST
    for statement in (one for one in statements if one.allows is YES):
        found = ask(statement, than=than)
        if found.nearness > than:
            nearest, than = [found], found.nearness
        if found.verdict is YES:
            break
    return nearest


def _doubted(found: Matched) -> Matched:
    """A statement whose effect is not known: it neither allows nor denies for certain."""
    effect = found.statement.effect
    if found.verdict is NO or effect is None:
        return found
    element = Element("effect", UNKNOWN, effect.span, effect.holes)
    return Matched(found.statement, UNKNOWN, element, found.missing, found.names_caller)


def _nearest(found: Iterable[Matched]) -> Matched | None:
    """The statement that comes nearest to matching; of equals the first."""
    return max(found, key=lambda one: one.nearness, default=None)


def matched(
    request: Request,
    statement: Statement,
    *,
    wildcard_actions: bool = True,
    for_someone: bool = False,
    than: Nearness = _FARTHEST,
) -> Matched:
    """Whether a statement speaks of a request, by all its elements. `for_someone` asks for principals.

    One that does not match, and comes no nearer `than` another, is not looked at to the end: it comes no nearer.
    """
    looked_at = list[Element]()
    missing, fails, names_caller = 0, False, True
    for element in _elements(request, statement, wildcard_actions, for_someone):
        looked_at.append(element)
        if element.verdict is not YES:
            missing += 1
            fails |= element.verdict is NO
            names_caller &= element.name != "principal"
        if fails and (NO.value, -missing, names_caller) <= than:
            break
    deciding = min(looked_at, key=lambda element: element.verdict.value)
    return Matched(statement, deciding.verdict, deciding, missing, names_caller)


def _elements(
    request: Request, statement: Statement, wildcard_actions: bool, for_someone: bool
) -> Iterator[Element]:
    """The elements of a statement, in the order in which one that fails is told."""
    principal = _principal(request, statement, for_someone)
    if principal is not None:
        yield principal
    yield _action(request, statement, wildcard_actions)
    yield from _resource(request, statement)
    for clause in statement.clauses:
        yield _condition(request, clause, statement.has_variables)


def _principal(request: Request, statement: Statement, for_someone: bool) -> Element | None:
    """The principals of a statement; an identity's policy has none."""
    if statement.principals:
        return _one_of_principals(request, statement)
    if statement.not_principals:
        return _not_principals(request, statement)
    return Element("principal", NO, statement.span) if for_someone else None


def _one_of_principals(request: Request, statement: Statement) -> Element:
    verdicts = [(principal, names(principal, request.caller)) for principal in statement.principals]
    verdict = Verdict.any(found for _, found in verdicts)
    deciding = next(principal for principal, found in verdicts if found is verdict)
    holes = (
        tuple(hole for one, found in verdicts if found is UNKNOWN for hole in why(one, request.caller))
        if verdict is UNKNOWN
        else ()
    )
    return Element("principal", verdict, deciding.span, holes)


def _not_principals(request: Request, statement: Statement) -> Element:
    listed = statement.not_principals
    verdict = ~spares(listed, request.caller)
    if statement.allows is not NO:
        # AWS: `NotPrincipal` with Allow is not supported (IAM: NotPrincipal).
        verdict &= UNKNOWN
    named = next((one for one in listed if names(one, request.caller) is not NO), listed[0])
    if verdict is not UNKNOWN:
        return Element("principal", verdict, named.span)
    unclear = Hole(("request", "NotPrincipal"), "AWS does not say whom `NotPrincipal` leaves out here")
    holes = tuple(
        hole for one in listed if names(one, request.caller) is UNKNOWN for hole in why(one, request.caller)
    )
    return Element("principal", verdict, named.span, holes or (unclear,))


def _action(request: Request, statement: Statement, wildcards: bool) -> Element:
    listed = statement.actions or statement.not_actions
    if not listed:
        return Element("action", NO, statement.span)

    def speaks(action: Text) -> Verdict:
        verdict = like(request.action, action, ignore_case=True)
        wild = not wildcards and action.known is not None and ("*" in action.known or "?" in action.known)
        return verdict & UNKNOWN if wild else verdict

    return _any("action", listed, speaks, negated=not statement.actions)


def _resource(request: Request, statement: Statement) -> list[Element]:
    """Whether AWS asks for a resource in every policy of a resource is not documented: none is all."""
    listed = statement.resources or statement.not_resources
    if not listed:
        return []

    def speaks(resource: Text) -> Verdict:
        pattern: Text | None = resource
        if statement.has_variables:
            pattern = None if precede_resource(resource) else filled(resource, request, wildcards=True)
        return NO if pattern is None else fits_resource(request.resource, pattern)

    found = _any("resource", listed, speaks, negated=not statement.resources)
    if found.verdict is not UNKNOWN or found.holes:
        return [found]
    return [Element("resource", UNKNOWN, found.span, request.resource.holes)]


def _any(
    name: str, listed: Sequence[Guarded], speaks: Callable[[Text], Verdict], *, negated: bool
) -> Element:
    """The first of a list that decides."""
    verdicts = [(text, speaks(text)) for _, text in listed]
    verdict = Verdict.any(found for _, found in verdicts)
    deciding = next(text for text, found in verdicts if found is verdict)
    holes = tuple(hole for text, found in verdicts if found is UNKNOWN for hole in text.holes)
    return Element(name, ~verdict if negated else verdict, deciding.span, holes if verdict is UNKNOWN else ())


def _condition(request: Request, clause: Clause, variables: bool) -> Element:
    """One key under one operator."""
    verdict = meets(request, clause, variables=variables)
    holes = doubts(request, clause, variables=variables) if verdict is UNKNOWN else ()
    return Element("condition", verdict, clause.span, holes)
