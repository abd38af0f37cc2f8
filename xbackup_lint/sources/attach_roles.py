"""Documents that speak of one role become one noun, and give way to the template that declares it."""

from __future__ import annotations

from collections import defaultdict

from xbackup_lint.dataclass import replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.role import IdentityPolicy, Role

_Who = tuple[str, str]
"""The account of a role and its name."""


def attach_roles(estate: Estate) -> None:
    """Keep one description of each role: what a template declares, else what shows its policies."""
    if not any(role.is_printed for role in estate.roles):
        return
    known: dict[_Who, Role] = {}
    for role in sorted(estate.roles, key=_order):
        who = _who(role)
        if who is not None:
            known.setdefault(who, role)
    estate.roles = [
        role for role in estate.roles if not role.is_printed or known.get(_who(role) or ("", "")) is role
    ]
    homes = defaultdict[str, set[Deployment]](set)
    for role in estate.roles:
        if role.is_printed:
            homes[role.label].add(role.deployment)
    estate.identity_policies = [_at_home(one, homes) for one in estate.identity_policies]


def _order(role: Role) -> tuple[bool, bool]:
    return role.is_printed, not role.shows_policies


def _who(role: Role) -> _Who | None:
    """Who a role certainly is: its path is no matter, for names are unique without it (IAM: identifiers)."""
    arns = {text.known if text is not None else None for text in role.arns.values}
    known = arns.pop() if len(arns) == 1 else None
    if known is None:
        return None
    fields = known.split(":", 5)
    return (fields[4], fields[5].rpartition("/")[2]) if len(fields) == 6 else None


def _at_home(policy: IdentityPolicy, homes: dict[str, set[Deployment]]) -> IdentityPolicy:
    """A policy of a role that was printed without its account: it is of the only role of this name."""
    if not (policy.is_printed and policy.name) or policy.deployment.is_account_known:
        return policy
    found = {home for _, name in policy.roles for home in homes.get(str(name), set())}
    return replace(policy, deployment=found.pop()) if len(found) == 1 else policy
