"""The organization and its accounts, as the AWS CLI prints them."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization import Membership
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence

_ORGANIZATION = regex(r"o-[a-z0-9]{10,32}")
# AWS: `arn:aws:organizations::MANAGEMENT:account/ORGANIZATION/ACCOUNT` (ORG API: Account).
_ACCOUNT = regex(r"arn:aws[a-z-]*:organizations::[0-9]{12}:account/(o-[a-z0-9]{10,32})/([0-9]{12})")


def is_organization(root: Mapping) -> bool:
    """Whether a document is what `describe-organization` prints."""
    return _ORGANIZATION.fullmatch(_text(root.get("Organization"), "Id")) is not None


def is_accounts(root: Mapping) -> bool:
    """Whether a document is what `list-accounts` or `list-accounts-for-parent` prints."""
    return any(True for _ in _accounts(root))


def read_organization(root: Mapping, _: Deployment, estate: Estate) -> None:
    """`describe-organization`: its id, and its management account."""
    told = root.get("Organization")
    account = _text(told, "MasterAccountId")
    estate.memberships.append(Membership(root.span, _text(told, "Id"), frozenset({account} - {""})))


def read_accounts(root: Mapping, _: Deployment, estate: Estate) -> None:
    """`list-accounts`: accounts of an organization. Whether it is a page of a longer list is no matter."""
    for organization in dict.fromkeys(organization for organization, _ in _accounts(root)):
        members = frozenset(account for of, account in _accounts(root) if of == organization)
        estate.memberships.append(Membership(root.span, organization, members))


def _accounts(root: Mapping) -> list[tuple[str, str]]:
    listed = root.get("Accounts")
    found = (
        _ACCOUNT.fullmatch(_text(one, "Arn"))
        for one in (listed.items if isinstance(listed, Sequence) else ())
    )
    return [(match[1], match[2]) for match in found if match is not None]


def _text(node: Node | None, member: str) -> str:
    value = node.get(member) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) else ""


def settle_organization(estate: Estate) -> list[str]:
    """Take the organization that documents tell for that of all accounts. What a configuration tells goes first.

    Returns notes: where documents tell several, none is taken.
    """
    told = dict.fromkeys(one.organization for one in estate.memberships)
    if estate.organization is None and len(told) > 1:
        paths = " and ".join(sorted({one.span.source.path for one in estate.memberships}))
        return [
            f"{paths} tell of several organizations; `organization` in a configuration can say which is meant"
        ]
    estate.organization = estate.organization or next(iter(told), None)
    for one in estate.memberships:
        if one.organization == estate.organization:
            estate.members |= one.accounts
    return []
