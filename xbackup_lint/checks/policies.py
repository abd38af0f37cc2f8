"""Statements of vault and key policies: whom they let in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from xbackup_lint.checks.callers import closed, has_wildcard, keys_there
from xbackup_lint.checks.grants import (
    COPY_INTO,
    by_guard,
    further,
    ids,
    is_foreign,
    listed,
    most_dangerous_first,
)
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy import actions
from xbackup_lint.policy.condition import OWNER, Tie
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.statement import Guarded
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import ARN, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_SERVICES = {"vault": "backup", "key": "kms"}


@check
def statement_is_open(subject: PolicyStatement, estate: Estate, *, policy: str) -> Iterator[Hit]:
    """Allows `*`, and no condition says whose callers. Of a vault: CopyInto, or what cannot be decided.

    Fact: `actions`. Labels: how everyone meets its conditions, in the words of `Clause.gap`.
    """
    statement = subject.statement
    if subject.policy_kind != policy or statement.allows is NO:
        return
    reason, found = _opened(subject)
    for own, texts in by_guard(found):
        for guard, principal in _everyone(subject, own):
            answer = closed(subject, guard, _granted(subject, texts), OWNER)
            verdict = statement.allows & ~answer.verdict
            yield Hit(
                principal.span,
                verdict,
                guard,
                "not-principal" if principal in statement.not_principals else reason,
                facts={"actions": listed(texts)},
                also=_gaps(subject, guard, OWNER, verdict),
                holes=_doubts(subject, answer) if verdict is UNKNOWN else (),
                assumptions=(*assumptions_of(principal.text), *answer.assumptions),
            )


def _everyone(subject: PolicyStatement, guard: Guard) -> Iterator[tuple[Guard, Principal]]:
    """`*`, once under each guard. All but the principals of a `NotPrincipal` are as many as `*`.

    A principal that is not known is taken to be somebody.
    """
    statement = subject.statement
    stars = (principal for principal in statement.principals if principal.form is Form.ANYONE)
    found: dict[Guard, Principal] = {}
    for principal in (*stars, *statement.not_principals):
        both = guard & principal.guard
        if both is not None:
            found.setdefault(both, principal)
    return iter(found.items())


def _opened(subject: PolicyStatement) -> tuple[str, Sequence[Guarded]]:
    """The actions that must not be open to anyone, and a word for what they are."""
    statement = subject.statement
    if statement.not_actions:
        return "not-action", statement.not_actions
    if subject.policy_kind == "key":
        return "", statement.actions
    found = [(guard, text) for guard, text in statement.actions if _may_copy_in(text)]
    certain = any((text.known or "").lower() == COPY_INTO for _, text in found)
    return "copy-into" if certain else "undecided", found


def _may_copy_in(action: Text) -> bool:
    """Whether it is CopyInto, or AWS Backup may take it for that: a wildcard is not decided (F9.3)."""
    if action.known is not None and has_wildcard(action):
        return any(name.startswith("backup:") for name in actions.expand(action.known))
    return like(action, COPY_INTO, ignore_case=True) is not NO


def _granted(subject: PolicyStatement, texts: Sequence[Text]) -> Sequence[Text]:
    """What a denial must cover; of a statement with `NotAction` everything."""
    if not subject.statement.not_actions:
        return texts
    return [Text.literal(f"{_SERVICES[subject.policy_kind]}:*", subject.span)]


def _doubts(subject: PolicyStatement, answer: Answer) -> tuple[Hole, ...]:
    return tuple(dict.fromkeys((*holes_of(subject.statement.effect), *answer.holes)))


def _gaps(
    subject: PolicyStatement, guard: Guard, wanted: Tie, verdict: Verdict
) -> tuple[tuple[str, Span], ...]:
    """The conditions that keep nobody out, each under a word for why, where it is certain that none does."""
    clauses = subject.statement.seen(guard).clauses if verdict is YES else ()
    keys = keys_there(subject, clauses)
    return tuple((clause.gap(wanted, keys), clause.span) for clause in clauses)


@check
def allows_by_leaving_out(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows with `NotAction` or `NotPrincipal`. Reasons: `action`, `principal`. Fact: `named`, what is left out."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is NO:
        return
    principals = [(principal.guard, principal.text) for principal in statement.not_principals]
    for reason, found in (("action", statement.not_actions), ("principal", principals)):
        for guard, texts in by_guard(found):
            yield Hit(
                texts[0].span,
                statement.allows,
                guard,
                reason,
                facts={"named": listed(texts)},
                underline=further(texts),
                holes=holes_of(statement.effect) if statement.allows is UNKNOWN else (),
                assumptions=assumptions_of(*texts),
            )


@check
def trusts_whole_account(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows the root of another account without saying which of its identities. Facts: `accounts`, `role`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is NO:
        return
    texts = [text for _, text in statement.actions]
    for (guard, wanted), roots in _foreign_roots(subject):
        answer = closed(subject, guard, _granted(subject, texts), Tie.IDENTITY | Tie.ORGANIZATION)
        verdict = wanted & statement.allows & ~answer.verdict
        if verdict is NO:
            continue
        accounts = [principal.account or principal.text for principal in roots]
        roles = list(
            dict.fromkeys(role for account in accounts for role in _selection_roles(account, estate))
        )
        unknown = holes_of(*accounts, subject.deployment.account) if wanted is UNKNOWN else ()
        yield Hit(
            roots[0].span,
            verdict,
            guard,
            reason="role-known" if roles else "",
            facts={"accounts": ids(accounts), "role": listed(roles)},
            also=(
                *(("role", role.span) for role in roles),
                *_gaps(subject, guard, Tie.IDENTITY | Tie.ORGANIZATION, verdict),
            ),
            underline=further([root.text for root in roots]),
            holes=(*unknown, *_doubts(subject, answer)) if verdict is UNKNOWN else (),
            assumptions=(*assumptions_of(*accounts), *answer.assumptions),
        )


def _foreign_roots(subject: PolicyStatement) -> Iterator[tuple[tuple[Guard, Verdict], list[Principal]]]:
    """The principals that are, or may be, other accounts as a whole: those of one guard and verdict together."""
    groups: dict[tuple[Guard, Verdict], list[Principal]] = {}
    for principal in subject.statement.principals:
        verdict = _is_foreign_root(principal, subject)
        if verdict is not NO:
            groups.setdefault((principal.guard, verdict), []).append(principal)
    return islice(groups.items(), MOST)


def _is_foreign_root(principal: Principal, subject: PolicyStatement) -> Verdict:
    """Whether a principal is another account as a whole. What is a resource's ARN is none."""
    hole = principal.text.hole
    if principal.form is Form.ACCOUNT:
        return is_foreign(principal, subject)
    is_one = principal.form is Form.UNKNOWN and (hole is None or hole.shape is not ARN)
    return UNKNOWN & is_foreign(principal, subject) if is_one else NO


def _selection_roles(account: Text, estate: Estate) -> Iterator[Text]:
    """The roles that selections of plans in an account work as."""
    for selection in estate.selections_of(account):
        yield from (role for role in selection.role.values if role is not None and _can_be_named(role))


def _can_be_named(role: Text) -> bool:
    return all(hole.name == "AWS::Partition" for hole in role.holes)


@check
def grants_dangerous_action(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows `*` what rewrites the policy or lock, or deletes or moves backups. Fact: `actions`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is NO:
        return
    names = {name.lower() for name in actions.dangerous()}
    found = [(guard, text) for guard, text in statement.actions if (text.known or "").lower() in names]
    for own, unsorted in by_guard(found):
        texts = most_dangerous_first(unsorted)
        for guard, principal in _everyone(subject, own):
            answer = closed(subject, guard, texts, Tie.IDENTITY)
            label = "all-but" if principal in statement.not_principals else "everyone"
            away = _keeps_own_account_out(subject, guard)
            verdict = statement.allows & ~answer.verdict & ~away.verdict
            yield Hit(
                texts[0].span,
                verdict,
                guard,
                facts={"actions": listed(texts)},
                also=((label, principal.span), *_gaps(subject, guard, Tie.IDENTITY, verdict)),
                underline=further(texts),
                holes=(*_doubts(subject, answer), *away.holes) if verdict is UNKNOWN else (),
                assumptions=(*assumptions_of(*texts, principal.text), *answer.assumptions),
            )


def _keeps_own_account_out(subject: PolicyStatement, guard: Guard) -> Answer:
    """Whether a condition leaves only other accounts, of which AWS Backup refuses such actions (F1.4)."""
    here = subject.deployment
    for clause in subject.statement.clauses:
        if guard.implies(clause.guard) and clause.accounts and clause.pins(Tie.ACCOUNT) is YES:
            verdict = Verdict.all(~here.is_account(account) for account in clause.accounts)
            return Answer(verdict, holes_of(*clause.accounts, here.account) if verdict is UNKNOWN else ())
    return Answer(NO)
