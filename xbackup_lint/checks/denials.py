"""Denials in a vault's policy that keep fewer from its backups than they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.checks.grants import COPY_INTO, by_guard, further, listed
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.access import DELETE
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Form
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

# AWS: the control BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED asks for a denial of these too, to everyone and for
# every resource (F10.2).
_BESIDE = ("backup:UpdateRecoveryPointLifecycle", "backup:PutBackupVaultAccessPolicy")

_FEW = 4
"""How many actions a message names."""
_MOST_DENIALS = 64
"""Denials of one policy that are weighed against each other: far more than anybody writes."""


@check
def denial_is_incomplete(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Denies deletion of backups, and leaves a way. Fact: `missing`: the actions, or all that it is limited to.

    What other statements of the policy deny counts.
    """
    statement = subject.statement
    too_many = len(subject.policy.denials) > _MOST_DENIALS
    if subject.policy_kind != "vault" or statement.denies is not YES or too_many:
        return
    deleting = [(guard, text) for guard, text in statement.actions if _matches(DELETE, text)]
    for guard, texts in by_guard(deleting):
        yield from _left_open(subject, guard, texts[0])


def _left_open(subject: PolicyStatement, guard: Guard, action: Text) -> Iterator[Hit]:
    denials = [one.seen(guard) for one in subject.policy.denials if guard & one.guard is not None]
    missing = [name for name in _BESIDE if not any(_denies(one, name) for one in denials)]
    if missing:
        yield Hit(action.span, YES, guard, "actions", {"missing": ", ".join(f"`{name}`" for name in missing)})
    of_deletion = [one for one in denials if _denies(one, DELETE)]
    own = subject.statement.seen(guard)
    if not any(_takes_all(_resources(one)) for one in of_deletion):
        yield _limited(guard, "resources", _resources(own))
    if own.principals and not any(one.not_principals or _takes_all(_principals(one)) for one in of_deletion):
        yield _limited(guard, "principals", _principals(own))


def _matches(name: str, action: Text) -> bool:
    return like(Text.literal(name, action.span), action, ignore_case=True) is not NO


def _denies(denial: Statement, name: str) -> bool:
    """Whether a statement denies an action; a doubt is no reason for advice."""
    return any(_matches(name, action) for _, action in denial.actions) or bool(denial.not_actions)


def _resources(denial: Statement) -> list[Text]:
    return [text for _, text in denial.resources]


def _principals(denial: Statement) -> list[Text]:
    return [principal.text for principal in denial.principals]


def _takes_all(texts: Sequence[Text]) -> bool:
    return not texts or any(text.known == "*" or text.hole is not None for text in texts)


def _limited(guard: Guard, reason: str, texts: Sequence[Text]) -> Hit:
    return Hit(texts[0].span, YES, guard, reason, {"missing": listed(texts)}, underline=further(texts))


@check
def denial_exempts_everyone(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Denies, and lets every identity of the vault's account through. Facts: `exception`, `account`, `actions`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.denies is NO:
        return
    for principal in statement.not_principals:
        if principal.form is Form.ANYONE:
            yield _exempting(subject, principal.guard, principal.text, Text.literal("*", principal.span))
    denied = statement.actions
    may_copy = not denied or any(like(COPY_INTO, text, ignore_case=True) is not NO for _, text in denied)
    for clause in statement.clauses:
        for guard, value in clause.values if clause.is_negated else ():
            account = clause.spares(value)
            if account is not None and not (may_copy and _is_for_copying(clause, account)):
                yield _exempting(subject, guard & clause.guard or guard, value, account)


def _is_for_copying(clause: Clause, account: Text) -> bool:
    """Whether it lets an account or the organization through: to copy in, for which such exceptions are made.

    Of all else AWS Backup lets identities of the vault's own account only (F1.4).
    """
    return clause.name == "aws:principalorgid" or account.known != "*"


def _exempting(subject: PolicyStatement, guard: Guard, exception: Text, account: Text) -> Hit:
    statement, here = subject.statement, subject.deployment.account
    denied = [text for _, text in (*statement.actions, *statement.not_actions)]
    more = ", …" if len(denied) > _FEW else ""
    verdict = statement.denies & like(here, account)
    return Hit(
        exception.span,
        verdict,
        guard,
        "not-action" if statement.not_actions else "",
        facts={"exception": str(exception), "account": str(here), "actions": listed(denied[:_FEW]) + more},
        holes=holes_of(statement.effect, account, here) if verdict is UNKNOWN else (),
        assumptions=assumptions_of(exception),
    )
