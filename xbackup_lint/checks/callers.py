"""Who gets past the conditions of a statement and past the denials beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xbackup_lint.checks.hit import holes_of
from xbackup_lint.checks.resources import speaks_of
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy.condition import IN_ORGANIZATION, SIGNED, TO_KMS, Clause, Tie, present
from xbackup_lint.policy.principal import Form
from xbackup_lint.policy.statement import Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions, worlds
from xbackup_lint.values.alternatives import MOST, Guard, TooMany
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_MOST_COMPARISONS = 20_000
"""Actions that are allowed, times those that are denied: far more than a policy that AWS takes can hold."""


def closed(subject: PolicyStatement, guard: Guard, actions: Sequence[Text], wanted: Tie) -> Answer:
    """Whether conditions or denials keep all but certain callers from some actions of a statement.

    `wanted` says in what callers must be certain; `guard` is where the question is asked. An answer that
    depends on conditions of the template is UNKNOWN, and names them.
    """
    denials = subject.policy.denials
    comparisons = sum(len(denial.actions) for denial in denials[:MOST]) * len(actions)
    if len(denials) > MOST or comparisons > _MOST_COMPARISONS:
        return Answer(UNKNOWN, (_too_much(subject),))
    guards = [clause_guard for clause in subject.statement.clauses for clause_guard in _guards(clause)]
    guards += [own for denial in denials for own in denial.guards_of_callers()]
    conditions = tuple(condition_hole(condition) for condition in open_conditions(guard, guards))
    try:
        ways = worlds(guard, guards)
    except TooMany:
        return Answer(UNKNOWN, conditions)
    answers = [_closed_in(way, subject, denials, actions, wanted) for way in ways]
    if len({answer.verdict for answer in answers}) == 1:
        return _together(answers[0].verdict, answers)
    return _together(UNKNOWN, [Answer(UNKNOWN, conditions), *answers])


def _too_much(subject: PolicyStatement) -> Hole:
    span = subject.policy.span
    return Hole(
        (span.source.path, f"policy@{span.start}"), "the policy has more denials than are weighed", place=span
    )


def _guards(clause: Clause) -> tuple[Guard, ...]:
    return (clause.guard, *(guard for guard, _ in clause.values))


def _closed_in(
    way: Guard, subject: PolicyStatement, denials: Sequence[Statement], actions: Sequence[Text], wanted: Tie
) -> Answer:
    """The answer in one way for the template's conditions to turn out."""
    clauses = subject.statement.seen(way).clauses
    keys = keys_there(subject, clauses)
    pinned = Verdict.any(clause.pins(wanted, keys) for clause in clauses)
    own = Answer(pinned, _unread(clauses), _assumed(clauses, wanted))
    there = (denial.seen(way) for denial in denials if way & denial.guard is not None)
    answers = [own, *(_denies_others(denial, subject, actions, wanted) for denial in there)]
    return _together(Verdict.any(answer.verdict for answer in answers), answers)


def keys_there(subject: PolicyStatement, clauses: Iterable[Clause]) -> frozenset[str]:
    """The condition keys that every request carries of which there is anything to fear."""
    always = IN_ORGANIZATION if subject.policy_kind == "vault" else TO_KMS
    return present(clauses, SIGNED | always)


def _unread(clauses: Iterable[Clause]) -> tuple[Hole, ...]:
    return tuple(hole for clause in clauses for hole in holes_of(clause.written, clause.key))


def _assumed(clauses: Iterable[Clause], wanted: Tie) -> tuple[str, ...]:
    """The defaults of parameters that let everybody in."""
    open_ones = (clause for clause in clauses if clause.gap(wanted) == "anybody")
    return tuple(what for clause in open_ones for _, value in clause.values for what in value.assumptions)


def _together(verdict: Verdict, answers: Iterable[Answer]) -> Answer:
    """One answer, with the reasons of those that are as uncertain as it is."""
    alike = [answer for answer in answers if answer.verdict is verdict]
    holes = dict.fromkeys(hole for answer in alike for hole in answer.holes)
    assumptions = dict.fromkeys(what for answer in alike for what in answer.assumptions)
    return Answer(verdict, tuple(holes), tuple(assumptions))


def _denies_others(
    denial: Statement, subject: PolicyStatement, actions: Sequence[Text], wanted: Tie
) -> Answer:
    """Whether a denial leaves some actions to certain callers only. One with `NotAction` is not understood."""
    exempts = _exempts(denial, wanted)
    if exempts.verdict is NO:
        return exempts
    answers = [
        Answer(denial.denies, holes_of(denial.effect)),
        exempts,
        _reaches_vault(denial, subject),
        *(_covers(denial, action, subject) for action in actions),
    ]
    return _together(Verdict.all(answer.verdict for answer in answers), answers)


def _exempts(denial: Statement, wanted: Tie) -> Answer:
    """Whether a denial is for everyone but certain callers, and AWS services at most."""
    clauses = [clause for clause in denial.clauses if not clause.exempts_services]
    named = denial.not_principals
    for_all = any(p.form is Form.ANYONE for p in denial.principals) or bool(named)
    but_some = not any(p.form is Form.ANYONE for p in named)
    verdict = Verdict.of(for_all and but_some) & Verdict.all(clause.exempts(wanted) for clause in clauses)
    return Answer(verdict, _unread(clauses))


def _reaches_vault(denial: Statement, subject: PolicyStatement) -> Answer:
    """Whether a denial's resources are the vault. Those of a key's policy always are the key."""
    if subject.policy_kind != "vault" or not denial.resources:
        return Answer(YES)
    answers = [Answer(speaks_of(text, subject)[0], text.holes) for _, text in denial.resources]
    return _together(Verdict.any(answer.verdict for answer in answers), answers)


def _covers(denial: Statement, action: Text, subject: PolicyStatement) -> Answer:
    answers = [_covered_by(pattern, action, subject.policy_kind) for _, pattern in denial.actions]
    return _together(Verdict.any(answer.verdict for answer in answers), answers)


def _covered_by(pattern: Text, action: Text, policy_kind: str) -> Answer:
    """Whether a pattern of a denial matches all that an action of an Allow does."""
    verdict = like(action, pattern, ignore_case=True)
    if verdict is YES and policy_kind == "vault" and has_wildcard(pattern):
        # AWS: whether a wildcard in a vault's policy is refused or has no effect is not documented (F9.3).
        why = "AWS Backup does not say what a wildcard in `Action` does"
        return Answer(
            UNKNOWN, (Hole((pattern.span.source.path, f"wildcard {pattern}"), why, place=pattern.span),)
        )
    return Answer(verdict, holes_of(action, pattern))


def has_wildcard(text: Text) -> bool:
    known = (part.text for part in text.parts if isinstance(part, Fragment))
    return any("*" in piece or "?" in piece for piece in known)
