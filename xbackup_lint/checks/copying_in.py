"""Who is let copy into a vault without need, or in vain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from xbackup_lint.checks.grants import COPY_INTO, by_guard, further, listed
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: service-linked roles lie under this path, that of AWS Backup has this name (F1.8).
_LINKED = ("role/aws-service-role/*", "role/AWSServiceRoleForBackup", "role/*/AWSServiceRoleForBackup")


@check
def principal_cannot_copy(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Lets services or service-linked roles copy in, and nobody else in the whole policy. Fact: `principals`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is NO:
        return
    for guard, action in _ways(statement):
        if any(guard & other is not None for other in _copying(subject.policy)):
            continue
        named = statement.seen(guard).principals
        texts = [principal.text for principal in named]
        verdict = statement.allows & _may_copy(action)
        yield Hit(
            texts[0].span,
            verdict,
            guard,
            "service" if any(principal.form is Form.SERVICE for principal in named) else "role",
            facts={"principals": listed(texts)},
            underline=further(texts),
            holes=holes_of(statement.effect, action) if verdict is UNKNOWN else (),
            assumptions=assumptions_of(*texts, action),
        )


def _ways(statement: Statement) -> Iterator[tuple[Guard, Text]]:
    """The actions of a statement that may be copying in, once for each guard that its principals have."""
    guards = dict.fromkeys(principal.guard for principal in statement.principals)
    found = {
        both: texts[0]
        for own, texts in by_guard(list(_grants(statement)))
        for guard in islice(guards, MOST)
        if (both := own & guard) is not None
    }
    return iter(found.items())


def _grants(statement: Statement) -> Iterator[tuple[Guard, Text]]:
    """The actions of a statement that are, or may be, copying in."""
    return ((guard, text) for guard, text in statement.actions if _may_copy(text) is not NO)


def _may_copy(action: Text) -> Verdict:
    return like(COPY_INTO, action, ignore_case=True)


@lru_cache(maxsize=1)
def _copying(policy: Policy) -> tuple[Guard, ...]:
    """The guards under which a policy may let in somebody who makes copies (F1.9)."""
    granting = (one for one in policy if one.allows is not NO and any(_grants(one)))
    return tuple(dict.fromkeys(guard for one in granting for guard in _guards_of_copying(one)))


def _guards_of_copying(statement: Statement) -> Iterator[Guard]:
    for principal in (*statement.principals, *statement.not_principals):
        both = statement.guard & principal.guard
        if not _never_copies(principal) and both is not None:
            yield both


def _never_copies(principal: Principal) -> bool:
    if principal.form is Form.SERVICE:
        return True
    arn = principal.arn
    return arn is not None and any(like(arn.resource, pattern) is YES for pattern in _LINKED)


@check
def own_account_is_granted(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """Lets identities of the vault's own account copy in. Facts: `principals`, `account`."""
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.allows is not YES:
        return
    certain = [(guard, text) for guard, text in _grants(statement) if _may_copy(text) is YES]
    for guard, _ in by_guard(certain):
        own = [one.text for one in statement.seen(guard).principals if _is_own(one, subject)]
        if own:
            facts = {"principals": listed(own), "account": str(subject.deployment.account)}
            yield Hit(
                own[0].span, YES, guard, facts=facts, underline=further(own), assumptions=assumptions_of(*own)
            )


def _is_own(principal: Principal, subject: PolicyStatement) -> bool:
    account: Text | None = principal.account
    return account is not None and subject.deployment.is_account(account) is YES
