"""Why a vault's policy refuses a copy, as nearly as the files tell: another role, or the wrong vault's policy."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.dataclass import replace
from xbackup_lint.model.context import COPY_INTO
from xbackup_lint.model.requirement import Requirement
from xbackup_lint.model.route import Route
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.decide import Decision
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.request import Caller
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES

_ROLES = (Form.ROLE, Form.SESSION)
_LINKED = "AWSServiceRoleForBackup"


def why_refused(
    route: Route,
    vault: Vault,
    found: Requirement,
    decision: Decision | None = None,
    caller: Caller | None = None,
) -> Requirement:
    """The requirement with a nearer reason, where it fails for one.

    `role-not-named`, `role-path-differs`, `granted-on-the-wrong-vault`.
    """
    if found.reason not in ("no-policy", "refused"):
        return found
    named = _other_roles(decision, caller) if decision is not None and caller is not None else []
    if named:
        roles = ", ".join(dict.fromkeys(f"`{role}`" for role in named))
        own = _name(caller.arn) if caller is not None and caller.arn is not None else None
        by_path = own is not None and any(_name(text) == own for text in named)
        reason = "role-path-differs" if by_path else "role-not-named"
        return replace(found, reason=reason, place=named[0].span, facts=found.facts | {"named": roles})
    granted = _granted_on_source(route) if next(_grants(vault.policy), None) is None else None
    if granted is not None:
        other, place = granted
        facts = found.facts | {"source-vault": other.label}
        others = (("destination", vault.span),)
        return replace(found, reason="granted-on-the-wrong-vault", place=place, facts=facts, others=others)
    return found


def _other_roles(decision: Decision, caller: Caller) -> list[Text]:
    """The roles of the caller's account that the nearest statement names, its principals being all that does not fit.

    AWS: a role is compared by its whole ARN, path included (F1.10).
    """
    because = decision.because
    if because is None or caller.arn is None or because.missing != 1:
        return []
    statement, element = because.statement, because.element
    if element.name == "principal":
        return [one.text for one in statement.principals if _is_role_of(one, caller.account)]
    clauses = [clause for clause in statement.clauses if clause.span == element.span and _names_roles(clause)]
    return [text for clause in clauses for _, text in clause.values if _may_be_of(text, caller.account)]


def _names_roles(clause: Clause) -> bool:
    """Whether a condition asks for certain roles, and for no others."""
    return (clause.key.known or "").lower() == "aws:principalarn" and "not" not in clause.operator.lower()


def _may_be_of(role: Text, account: Text) -> bool:
    arn = Arn.of(role)
    return arn is not None and (arn.account.known == "*" or equals(arn.account, account) is not NO)


def _is_role_of(principal: Principal, account: Text) -> bool:
    """Whether it is a role of an account that may be meant to copy: the service-linked one never is (F1.9)."""
    if principal.form not in _ROLES or _name(principal.text) == _LINKED:
        return False
    return principal.account is not None and equals(principal.account, account) is not NO


def _name(arn: Text) -> str | None:
    pieces = arn.split("/", trusting=True) or [arn]
    return pieces[-1].known if len(pieces) > 1 else None


def _granted_on_source(route: Route) -> tuple[Vault, Span] | None:
    """The vault that is copied from, and where its policy grants what the destination's should (F1.3)."""
    target = route.target
    if target is None or target.verdict is not YES or route.destination is None:
        return None
    accounts = (route.destination.account, route.copy.deployment.account)
    for action, statement in _grants(target.vault.policy):
        if any(_lets_in(principal, accounts) for principal in statement.principals):
            return target.vault, action.span
    return None


def _grants(policy: Policy | None) -> Iterator[tuple[Text, Statement]]:
    """The actions that allow copying in, to whomever, and their statements."""
    for statement in policy or ():
        for _, action in statement.actions if statement.allows is not NO else ():
            if like(COPY_INTO, action, ignore_case=True) is not NO:
                yield action, statement


def _lets_in(principal: Principal, accounts: tuple[Text, ...]) -> bool:
    if principal.form is Form.ANYONE:
        return True
    own = principal.account
    return own is not None and any(equals(own, account) is YES for account in accounts)
