"""Borders that no copy crosses: of partitions, of China, of an organization."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.route import Found, Route
from xbackup_lint.policy.statement import Policy
from xbackup_lint.template.scope import partition_of
from xbackup_lint.text.source import Span
from xbackup_lint.values.verdict import NO, YES

_CHINA = "aws-cn"


def partition_and_region(route: Route) -> Requirement:
    """Copies stay within a partition, in GovCloud within its two regions, and China knows none across accounts (F1.27).

    The partition of GovCloud has no other regions than those two.
    """
    name, destination, here = "partition-and-region", route.destination, route.copy.deployment
    if destination is None:
        return Requirement(name, Standing.HOLDS, "same-partition", route.arn.span)
    written, region = destination.arn.partition, destination.region.known
    own = partition_of(region) if region is not None else written.known
    source = partition_of(here.region.known) if here.region.known is not None else None
    facts = {
        "partition": str(written),
        "region": str(destination.region),
        "own": own or "",
        "source-region": str(here.region),
        "source-partition": source or "",
    }
    if own is not None and written.known is not None and written.known != own:
        return Requirement(name, Standing.FAILS, "not-of-region", written.span, facts)
    if own is not None and source is not None and own != source:
        return Requirement(name, Standing.FAILS, "other-partition", route.arn.span, facts)
    if (own or source) == _CHINA and route.crosses_accounts is not NO:
        if route.crosses_accounts is YES:
            return Requirement(name, Standing.FAILS, "china", route.arn.span, facts)
        holes = (*destination.account.holes, *here.account.holes)
        return Requirement(name, Standing.UNSURE, "china", route.arn.span, facts, holes)
    told = source is not None or written.known is None
    standing = Standing.HOLDS if told else Standing.ASSUMED
    return Requirement(name, standing, "same-partition", route.arn.span, facts)


def organization(route: Route) -> Requirement:
    """Both accounts are members of one organization, which has cross-account backup switched on (F1.1, F1.2)."""
    name = "organization"
    settings = route.estate.organization_settings
    on = [one for one in settings if one.enabled is YES]
    off = [one for one in settings if one.enabled is NO]
    if off and not on:
        return Requirement(name, Standing.FAILS, "disabled", off[0].span, {"path": off[0].span.source.path})
    apart = _apart(route) if route.crosses_accounts is YES else None
    if apart is not None:
        ours, theirs, place = apart
        return Requirement(
            name, Standing.FAILS, "another-organization", place, {"ours": ours, "theirs": theirs}
        )
    facts = {"organization": route.estate.organization or "", "path": on[0].span.source.path if on else ""}
    if on and not off:
        told = route.estate.organization is not None and _are_members(route)
        standing = Standing.HOLDS if told else Standing.ASSUMED
        return Requirement(name, standing, "told" if told else "enabled", on[0].span, facts)
    return Requirement(name, Standing.ASSUMED, "same-organization")


def _are_members(route: Route) -> bool:
    """Whether the configuration has both accounts among those of the organization."""
    members = route.estate.members
    destination = route.destination.account.known if route.destination is not None else None
    return route.copy.deployment.account.known in members and destination in members


def _apart(route: Route) -> tuple[str, str, Span] | None:
    """The organizations of source and destination, as their policies name them, and where they differ.

    AWS: a vault takes copies of its own organization only, so that the one that its policy names is its own (F1.1).
    """
    policy = _policy(route.vault)
    theirs = policy.organizations if policy is not None else {}
    if not theirs:
        return None
    configured = route.estate.organization
    ours = {configured} if configured is not None else set(_ours(route))
    if not ours or ours & theirs.keys():
        return None
    other, text = next(iter(theirs.items()))
    return " or ".join(f"`{one}`" for one in sorted(ours)), f"`{other}`", text.span


def _ours(route: Route) -> Iterator[str]:
    """The organizations that the policies of the source's vault and key name."""
    if route.target is None or route.target.verdict is not YES:
        return
    _, key = route.key_of(route.target.vault)
    for policy in (_policy(route.target), key.policy if key is not None else None):
        yield from policy.organizations if policy is not None else ()


def _policy(found: Found | None) -> Policy | None:
    return found.vault.policy if found is not None and found.verdict is YES else None
