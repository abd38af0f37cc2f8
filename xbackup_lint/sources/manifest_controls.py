"""Policies in files of their own that a manifest attaches to the organization as control policies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import replace
from xbackup_lint.model.control_policy import Attachment, ControlPolicy
from xbackup_lint.model.estate import Estate
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.manifests import Controlled, placed_accounts, unit_names
from xbackup_lint.text.node import Scalar
from xbackup_lint.values.text import Text

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration


def attach_manifest_controls(
    estate: Estate, controls: Iterable[Controlled], configuration: Configuration | None
) -> None:
    """Make control policies of what was read as the policies of nobody, where a manifest attaches them."""
    meant = {one.file: one for one in controls}
    found: dict[Policy, Controlled] = {}
    for statement in estate.statements:
        path = statement.span.source.path
        if path in meant and statement.policy_kind in ("identity", "service-control"):
            found.setdefault(statement.policy, meant[path])
    known = {control.policy for control in estate.control_policies}
    for policy, control in found.items():
        targets = tuple(_attachment(target, configuration) for target in control.targets)
        if policy not in known:
            estate.control_policies.append(
                ControlPolicy(policy.span, control.name, policy, "service", targets)
            )
    estate.statements = [
        replace(one, policy_kind="service-control") if one.policy in found else one
        for one in estate.statements
    ]


def _attachment(target: Scalar, configuration: Configuration | None) -> Attachment:
    placed = placed_accounts(configuration)
    known = configuration.account_id(target.text) if configuration is not None else None
    if known is not None:
        return Attachment(Text.literal(known, target.span))
    if target.text == "Root":
        return Attachment(Text.of(target), everywhere=True)
    wanted = unit_names(target.text)
    below = frozenset(account for account, names in placed.items() if names[: len(wanted)] == wanted)
    return Attachment(Text.of(target), accounts=below, others=frozenset(placed) - below)
