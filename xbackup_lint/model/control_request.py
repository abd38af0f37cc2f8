"""The requests that the role of a copy's source makes, as control policies of its organization meet them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xbackup_lint.model.context import COPY_FROM, COPY_INTO, organization, organization_of
from xbackup_lint.model.route import Route
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.recovery_points import recovery_points
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Record
from xbackup_lint.values.verdict import YES

ACTIONS = (COPY_FROM, COPY_INTO)
NO_RESOURCE = Text(NOWHERE, ())
_TAG = "aws:resourcetag/"


def caller_of(route: Route, role: Text | None) -> Caller:
    """The role of the source. Of one that is not known the ARN is, as far as it must be."""
    account = route.copy.deployment.account
    if role is not None:
        return Caller(account, role, name=f"the role {role}")
    untold = Hole(("request", "role"), "no selection tells as which role the plan works")
    head = (
        Text.unwritten("arn:"),
        _partition(route),
        Text.unwritten(":iam::"),
        account,
        Text.unwritten(":role/"),
    )
    arn = Text.join([*head, Text.unknown(untold, NOWHERE)], NOWHERE)
    return Caller(account, arn, name=f"the role that copies in account {account}")


def is_service_linked(caller: Caller) -> bool:
    """Whether a role is one that AWS made for a service."""
    arn = Arn.of(caller.arn) if caller.arn is not None else None
    return arn is not None and arn.resource.starts_with("role/aws-service-role/")


def resources(route: Route, action: str, statements: Iterable[Statement]) -> list[Text]:
    """What a request may be about.

    AWS: to copy from a vault is to ask for the backup, to copy into one for the vault (SAR; F1.21).
    """
    if action == COPY_INTO:
        return [route.arn]
    here = route.copy.deployment
    found = list(recovery_points(_partition(route), here.region, here.account))
    limited = any(text.known != "*" for one in statements for _, text in (*one.resources, *one.not_resources))
    return found if limited else found[:1]


def contexts(route: Route, action: str, statements: Sequence[Statement]) -> list[dict[str, KeyValue]]:
    """The condition keys that the request carries, once for each region in which it may be made.

    AWS: copying from a vault is asked for in the region of that vault; of copying into another it does not say.
    """
    here, destination = route.copy.deployment.region, route.destination
    context = _context(route, action, statements)
    regions = [here]
    if action == COPY_INTO and destination is not None and destination.region.identity != here.identity:
        regions.append(destination.region)
    return [context | {"aws:requestedregion": (region,)} for region in regions]


def _context(route: Route, action: str, statements: Sequence[Statement]) -> dict[str, KeyValue]:
    """The keys that are the same in all regions; of tags those that the statements ask for."""
    here, destination = route.copy.deployment, route.destination
    context = organization(route, statements)
    if destination is None:
        return context
    path = organization_of(route.estate, destination.account, statements)["aws:principalorgpaths"]
    if action == COPY_FROM:
        return context | {
            "aws:resourceaccount": (here.account,),
            "aws:resourceorgpaths": context["aws:principalorgpaths"],
            "backup:copytargets": (route.arn,),
            "backup:copytargetorgpaths": path,
        }
    context |= {"aws:resourceaccount": (destination.account,), "aws:resourceorgpaths": path}
    vault = route.vault.vault if route.vault is not None and route.vault.verdict is YES else None
    for name in {clause.name for one in statements for clause in one.clauses if clause.name.startswith(_TAG)}:
        if vault is not None:
            context[name] = _tag(route, vault, name.removeprefix(_TAG))
    return context


def _tag(route: Route, vault: Vault, name: str) -> KeyValue:
    """A tag of the destination vault. AWS: the names of condition keys have no case (IAM: Condition)."""
    why = f"tag `{name}` of vault `{vault.label}` is not known"
    unknown = Hole(("request", f"tag {name} of {vault.label}"), why, place=vault.span)
    found: list[KeyValue] = []
    for guard, tags in vault.tags or ():
        if guard & route.guard is None:
            continue
        if tags is not None and not isinstance(tags, Record):
            return unknown
        entries = tags.entries if tags is not None else ()
        named = next((one for one in entries if (one.key.known or "").lower() == name), None)
        if named is not None:
            texts = named.value.texts().values
            found.extend((text,) if text is not None else ABSENT for text in texts)
        elif tags is not None and tags.hole is not None:
            return unknown
        else:
            found.append(ABSENT)
    return found[0] if len(found) == 1 else unknown


def _partition(route: Route) -> Text:
    """AWS: copies stay within a partition (F1.27)."""
    return route.destination.arn.partition if route.destination is not None else Text.unwritten("aws")
