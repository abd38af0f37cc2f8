"""Organizations backup policies against what the files have for them in the accounts."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization import is_root
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.role import Role
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.vault_names import similar
from xbackup_lint.policy.arn import Arn
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES

_VARIABLE_IN_COPY = "organization-copy-arn-has-variable"
_OF_AWS = "AWSBackupDefaultServiceRole"
"""AWS: the console makes it, and no template."""


@check
def copies_go_to_variable(problem: Problem, estate: Estate) -> Iterator[Hit]:
    """`$region` in the ARN of a copy, or `$account` where the vault is in one account only.

    Facts: `destination`, `name`, and of the vault `account`.
    """
    if problem.kind != _VARIABLE_IN_COPY:
        return
    if problem.reason == "region":
        yield Hit(problem.span, YES, problem.guard, "region", problem.facts)
        return
    vaults = estate.vaults_named(problem.facts["name"])
    accounts = {vault.account.known for vault in vaults}
    account = next(iter(accounts)) if len(accounts) == 1 else None
    if account is not None:
        facts = problem.facts | {"account": account}
        also = tuple(("vault", vault.span) for vault in vaults[:1])
        yield Hit(problem.span, YES, problem.guard, "account", facts, also)


@check
def copies_to_own_targets(copy: Copy, _: Estate) -> Iterator[Hit]:
    """A policy is in force in the account that its copies go to. Facts: `account`.

    A destination in `$account` is meant to be in the account that the backup is in.
    """
    if copy.rule.plan.form != "organizations":
        return
    own = copy.deployment
    for guard, destination in copy.destination:
        if destination is None or destination.account.known is None:
            continue
        account, where = destination.account, destination.arn.text.span
        if account.span.text == "$account":
            continue
        facts, assumed = {"account": str(account)}, assumptions_of(account)
        if own.is_account(account) is YES:
            also = (("evidence", own.evidence),) if own.evidence is not None else ()
            yield Hit(where, YES, guard, "account", facts, also, assumptions=assumed)
        elif not own.is_account_known:
            for root in filter(is_root, copy.rule.plan.attached_to):
                yield Hit(where, YES, guard, "root", facts, (("root", root.span),), assumptions=assumed)


@check
def role_is_missing(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """The role of a policy's selection is not declared, and one of nearly that name is. Facts: `role`, `near`."""
    if selection.form != "organizations":
        return
    for guard, role in selection.role:
        named = _name_and_path(role) if role is not None else None
        if role is None or named is None or named[0] == _OF_AWS:
            continue
        there = [
            one
            for one in estate.roles
            if equals(one.deployment.account, selection.deployment.account) is not NO
        ]
        found = _missing(*named, there)
        if found is not None:
            reason, meant, near = found
            facts = {"role": named[0], "near": near}
            yield Hit(
                role.span,
                YES,
                guard,
                reason,
                facts,
                ((reason, meant.span),),
                assumptions=assumptions_of(role),
            )


def _name_and_path(role: Text) -> tuple[str, str] | None:
    """Name and path (`/` or `/a/`) in the ARN of a role, where both are known."""
    arn = Arn.of(role)
    known = arn.resource.known if arn is not None and arn.service.known == "iam" else None
    if known is None or not known.startswith("role/"):
        return None
    path, _, name = known.removeprefix("role").rpartition("/")
    return name, f"{path}/"


def _missing(name: str, path: str, there: list[Role]) -> tuple[str, Role, str] | None:
    """The role that was probably meant. None: the role is there, may be there, or nobody knows."""
    close: tuple[str, Role, str] | None = None
    for role in there:
        names = [text for text in role.name.values if text is not None]
        paths = [text.known if text is not None else "/" for text in role.path.values]
        if any(text.known is None for text in names) or None in paths:
            return None
        if any(text.known == name for text in names):
            if path in paths:
                return None
            close = ("other-path", role, f"{paths[0]}{name}".lstrip("/"))
        near = next((text.known for text in names if similar(name, text.known or "")), None)
        if close is None and near is not None:
            close = ("near-miss", role, near)
    return close
