"""Statements of vault and key policies: whom they let in, and to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy import actions
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.statement import Guarded, Statement
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

COPY_INTO = "backup:copyintobackupvault"


@check
def statement_is_open(subject: PolicyStatement, estate: Estate, *, policy: str) -> Iterator[Hit]:
    """Allows `*`, and no condition pins the caller. Of a vault: CopyInto, or actions that cannot be decided."""
    statement = subject.statement
    if subject.policy_kind != policy or (policy == "vault" and not _lets_copy_in(statement)):
        return
    verdict = statement.allows & statement.open_to_anyone & ~_narrowed(subject)
    for principal in statement.principals:
        if verdict is not NO and principal.form is Form.ANYONE:
            holes = _doubts(statement) if verdict is UNKNOWN else ()
            yield Hit(principal.span, verdict, principal.guard, facts=_actions_fact(statement), holes=holes)
            return


def _lets_copy_in(statement: Statement) -> bool:
    """Whether it may speak of CopyInto: by name, by a wildcard, by a hole, or by all that it does not name."""
    known = [action.known for _, action in statement.actions]
    return bool(statement.not_actions) or any(
        action is None or action.lower() == COPY_INTO or "*" in action or "?" in action for action in known
    )


def _narrowed(subject: PolicyStatement) -> Verdict:
    """Whether another statement denies all but certain callers: `Deny * StringNotEquals aws:PrincipalOrgID`."""
    return Verdict.any(
        Verdict.of(other.effect is not None and other.effect.known == "Deny")
        & Verdict.any(Verdict.of(principal.form is Form.ANYONE) for principal in other.principals)
        & Verdict.any(clause.pins_by_denial for clause in other.clauses)
        & Verdict.of(len(other.clauses) == 1)
        & Verdict.of(_covers(other, subject.statement))
        for other in subject.policy.statements
    )


def _covers(deny: Statement, allow: Statement) -> bool:
    """Whether a denial speaks of every action that another statement allows."""
    denied = {(action.known or "").lower() for _, action in deny.actions}
    if denied & {"*", "backup:*", "kms:*"}:
        return True
    return all((action.known or "*").lower() in denied for _, action in allow.actions) and bool(allow.actions)


def _doubts(statement: Statement) -> tuple[Hole, ...]:
    """Why it cannot be told whether conditions pin the caller."""
    keys = tuple(hole for clause in statement.clauses for hole in clause.key.holes)
    effect = statement.effect.holes if statement.effect is not None else ()
    return tuple(dict.fromkeys((*statement.unknown, *effect, *keys)))


def _actions_fact(statement: Statement) -> dict[str, str]:
    return {"actions": _listed([action for _, action in statement.actions])}


def _listed(texts: Sequence[Text]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _at(found: Sequence[Guarded], guard: Guard, verdict: Verdict, facts: dict[str, str]) -> Hit:
    """One hit for several places: the first is it, the others are underlined."""
    texts = [text for _, text in found]
    return Hit(
        texts[0].span,
        verdict,
        guard,
        facts={"actions": _listed(texts), **facts},
        underline=tuple(text.span for text in texts[1:]),
        assumptions=assumptions_of(*texts),
    )


@check
def trusts_whole_account(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows the root of another account without saying which of its identities. Facts: `accounts`, `role`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is NO or statement.pinned is YES:
        return
    roots = [p for p in statement.principals if p.form is Form.ACCOUNT and p.account is not None]
    for wanted in (YES, UNKNOWN):
        found = [p for p in roots if ~subject.deployment.is_account(p.account or p.text) is wanted]
        if not found:
            continue
        verdict = wanted & statement.allows & ~statement.pinned
        accounts = [principal.account for principal in found if principal.account is not None]
        role = next((str(text) for text in _selection_roles(accounts, estate)), "")
        yield Hit(
            found[0].span,
            verdict,
            found[0].guard,
            reason="role-known" if role else "",
            facts={"accounts": ", ".join(str(account) for account in accounts), "role": role},
            underline=tuple(principal.span for principal in found[1:]),
            holes=(*holes_of(*accounts, subject.deployment.account), *_doubts(statement))
            if verdict is not YES
            else (),
            assumptions=assumptions_of(*accounts),
        )


def _selection_roles(accounts: Sequence[Text], estate: Estate) -> Iterator[Text]:
    """The roles that selections of plans in some accounts work as."""
    known = {account.known for account in accounts} - {None}
    for selection in estate.selections:
        if selection.deployment.account.known in known:
            yield from (role for role in selection.role.values if role is not None and role.known)


@check
def names_unknown_actions(subject: PolicyStatement, estate: Estate, *, policies: list[str]) -> Iterator[Hit]:
    """`backup:` actions that do not exist. Facts: `actions`, `nearest` (what was probably meant)."""
    if subject.policy_kind not in policies:
        return
    named = (*subject.statement.actions, *subject.statement.not_actions)
    found = [(guard, action) for guard, action in named if _is_unknown(action.known)]
    if found:
        near = {str(action): actions.nearest(action.known or "") for _, action in found}
        meant = ", ".join(f"`{name}` → `{right}`" for name, right in near.items() if right is not None)
        yield _at(found, found[0][0], YES, {"nearest": meant, "count": str(len(found))})


def _is_unknown(action: str | None) -> bool:
    if action is None or "*" in action or "?" in action:
        return False
    return action.lower().startswith("backup:") and not actions.exists(action)


@check
def action_has_wildcard(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A wildcard in an action of a vault policy."""
    if subject.policy_kind != "vault":
        return
    named = (*subject.statement.actions, *subject.statement.not_actions)
    found = [
        (guard, action)
        for guard, action in named
        if action.known and ("*" in action.known or "?" in action.known)
    ]
    if found:
        yield _at(found, found[0][0], YES, {})


@check
def grants_in_vain(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows other accounts, and nobody else, what AWS Backup honours for none. Facts: `actions`, `accounts`."""
    statement = subject.statement
    others = [principal for principal in statement.principals if principal.account is not None]
    if subject.policy_kind != "vault" or statement.allows is NO or len(others) != len(statement.principals):
        return
    verdict = statement.allows & Verdict.all(_is_foreign(subject, principal) for principal in others)
    found = [
        (guard, action)
        for guard, action in statement.actions
        if action.known and actions.exists(action.known) and action.known.lower() != COPY_INTO
    ]
    if not found or not others or verdict is NO:
        return
    found.sort(key=lambda guarded: _danger(guarded[1]))
    accounts = list(dict.fromkeys(str(principal.account) for principal in others))
    hit = _at(found, statement.guard, verdict, {"accounts": ", ".join(accounts), "count": str(len(found))})
    if verdict is YES:
        yield hit
    else:
        holes = holes_of(*(principal.account for principal in others), subject.deployment.account)
        yield Hit(hit.at, verdict, hit.guard, facts=hit.facts, underline=hit.underline, holes=holes)


def _is_foreign(subject: PolicyStatement, principal: Principal) -> Verdict:
    return ~subject.deployment.is_account(principal.account or principal.text)


def _danger(action: Text) -> int:
    """Dangerous actions first, in the order of the facts (F9.10)."""
    order = {name.lower(): index for index, name in enumerate(actions.dangerous())}
    return order.get((action.known or "").lower(), len(order))


@check
def grants_dangerous_action(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Allows `*` what rewrites the policy or lock, or deletes or moves backups. Facts: `actions`."""
    statement = subject.statement
    if subject.policy_kind != "vault":
        return
    dangerous = {name.lower() for name in actions.dangerous()}
    found = [
        (guard, action) for guard, action in statement.actions if (action.known or "").lower() in dangerous
    ]
    verdict = statement.allows & statement.open_to_anyone & ~_narrowed(subject)
    if not found or verdict is NO:
        return
    found.sort(key=lambda guarded: _danger(guarded[1]))
    hit = _at(found, found[0][0], verdict, {})
    holes = _doubts(statement) if verdict is UNKNOWN else ()
    yield Hit(hit.at, verdict, hit.guard, facts=hit.facts, underline=hit.underline, holes=holes)
