"""What requests of a copy carry beside who asks for what: the organization, and where the source stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from xbackup_lint.model.estate import Estate
from xbackup_lint.model.route import Route
from xbackup_lint.policy.request import KeyValue
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.hole import ORGANIZATION, Hole
from xbackup_lint.values.text import Text

# AWS: what the role of the selection needs for a copy to another account (F1.14).
COPY_INTO, COPY_FROM = "backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"


def organization(route: Route, statements: Iterable[Statement]) -> dict[str, KeyValue]:
    """What a request of the source account says of the organization."""
    return organization_of(route.estate, route.copy.deployment.account, statements)


def organization_of(estate: Estate, account: Text, statements: Iterable[Statement]) -> dict[str, KeyValue]:
    """What a request of an account says of the organization: all accounts of a run are in one, and a policy means it.

    A parameter in the place of its id is taken to be it.
    """
    named = [text for statement in statements for text in statement.organizations]
    configured = estate.organization
    unknown = Text.unknown(
        Hole(("run", "organization"), "the organization is not known", ORGANIZATION), NOWHERE
    )
    told = Text.unwritten(configured) if configured is not None else next(iter(named), unknown)
    found = next((value for value in named if value.hole is not None), told)
    return {
        "aws:principalorgid": (found,),
        "aws:resourceorgid": (found,),
        "aws:principalorgpaths": (Text.join([found, Text.unwritten("/"), _unit(estate, account)], NOWHERE),),
    }


def _unit(estate: Estate, account: Text) -> Text:
    """Where an account stands in the organization: `r-…/ou-…/`."""
    known = estate.units.get(account.known or "")
    if known is not None:
        return Text.unwritten(known)
    why = f"the organizational unit of account {account} is not known"
    below = Hole(("run", f"organizational unit of {account}"), why)
    return Text.join([Text.unknown(below, NOWHERE), Text.unwritten("/")], NOWHERE)
