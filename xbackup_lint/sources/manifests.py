"""Manifests that say where templates are deployed: of the CDK, and of Customizations for AWS Control Tower."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xbackup_lint.config.deployed import Deployed
from xbackup_lint.config.word import member
from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.template.template import entries, text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Source, Span

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

_ENVIRONMENT = regex(r"aws://([0-9]{12}|unknown-account)/([a-z0-9-]+)")
_STACK = "aws:cloudformation:stack"
_ACCOUNT = regex(r"[0-9]{12}")
# AWS: `$[alfred_ssm_/path]` is filled in from the Parameter Store when the pipeline runs (CfCT: manifest file).
_FILLED_IN = regex(r"\$\[[^\]]*\]")


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """One deployment of a template, as a manifest tells it."""

    template: str
    """Its path, as far as the manifest tells; of a file elsewhere (`s3://…`) empty."""
    deployed: Deployed
    how: str
    """Which manifest tells it."""
    written: str = ""
    """The template as the manifest names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Controlled:
    """A control policy that a manifest attaches: to accounts, to units by their names."""

    file: str
    name: str
    targets: tuple[Scalar, ...]
    """Names of units, ids or names of accounts."""


def controls_in(source: Source, root: Node) -> Iterator[Controlled]:
    """The control policies that a manifest of Customizations for AWS Control Tower attaches."""
    resources = root.get("resources") if isinstance(root, Mapping) else None
    for item in resources.items if isinstance(resources, Sequence) else ():
        if isinstance(item, Mapping) and text(item.get("deploy_method")) in ("scp", "rcp"):
            file, targets = text(item.get("resource_file")), item.get("deployment_targets")
            if file and isinstance(targets, Mapping):
                named = (*_scalars(targets.get("organizational_units")), *_scalars(targets.get("accounts")))
                yield Controlled(_beside(source.path, file), text(item.get("name")) or file, tuple(named))


def placements_in(source: Source, root: Node, configuration: Configuration | None) -> list[Placement] | None:
    """The deployments that a manifest tells; None of a document that is none."""
    if not isinstance(root, Mapping):
        return None
    if isinstance(root.get("artifacts"), Mapping) and root.get("version") is not None:
        return list(_of_assembly(source, root))
    resources = root.get("resources")
    if isinstance(resources, Sequence) and any(_is_cfct(item) for item in resources.items):
        return list(_of_cfct(source, root, resources.items, configuration))
    return None


def _of_assembly(source: Source, root: Mapping) -> Iterator[Placement]:
    """A cloud assembly. Those within it have manifests of their own."""
    for name, artifact in entries(root.get("artifacts")):
        properties = member(artifact, "properties")
        file, environment = member(properties, "templateFile"), member(artifact, "environment")
        if text(member(artifact, "type")) != _STACK or not isinstance(file, Scalar):
            continue
        known = _ENVIRONMENT.fullmatch(text(environment) or "")
        account = known[1] if known and known[1] != "unknown-account" else None
        region = known[2] if known and known[2] != "unknown-region" else None
        span = (environment or name).span
        parameters = dict(_texts(member(properties, "parameters")))
        yield Placement(
            _beside(source.path, file.text),
            Deployed(account, region, parameters, span),
            f"the CDK's {source.path}",
            file.text,
        )


def _texts(node: Node | None) -> Iterator[tuple[str, str]]:
    for key, value in entries(node):
        if isinstance(value, Scalar):
            yield key.text, value.text


def _is_cfct(item: Node) -> bool:
    return member(item, "resource_file") is not None


def _of_cfct(
    source: Source, root: Mapping, items: Iterable[Node], configuration: Configuration | None
) -> Iterator[Placement]:
    """AWS: without regions of its own a resource is deployed into the home region (CfCT: manifest file)."""
    home = text(root.get("region"))
    for item in items:
        if not isinstance(item, Mapping) or text(item.get("deploy_method")) not in ("stack_set", None):
            continue
        file = item.get("resource_file")
        if not isinstance(file, Scalar):
            continue
        # A region or account that is listed again is no other deployment.
        listed: list[str | None] = [one.text for one in _scalars(item.get("regions"))]
        regions = list(dict.fromkeys(listed or [home]))
        parameters = dict(_parameters(item.get("parameters")))
        for account, span in _targets(item.get("deployment_targets"), file.span, configuration):
            for region in regions:
                yield Placement(
                    _beside(source.path, file.text),
                    Deployed(account, region, parameters, span),
                    source.path,
                    file.text,
                )


def _parameters(node: Node | None) -> Iterator[tuple[str, str]]:
    """Those whose values stand in the manifest. What is filled in later is not known."""
    for item in node.items if isinstance(node, Sequence) else ():
        key, value = text(member(item, "parameter_key")), member(item, "parameter_value")
        told = text(value) or ",".join(one.text for one in _scalars(value))
        if key and told and not _FILLED_IN.search(told):
            yield key, told


def _targets(
    node: Node | None, span: Span, configuration: Configuration | None
) -> list[tuple[str | None, Span]]:
    """The accounts that are meant: ids, names that the configuration knows, all of an organizational unit."""
    found: dict[str | None, Span] = {}
    for name in _scalars(member(node, "accounts")):
        known = configuration.account_id(name.text) if configuration is not None else None
        found.setdefault(name.text if _ACCOUNT.fullmatch(name.text) else known, name.span)
    for unit in _scalars(member(node, "organizational_units")):
        for account in _accounts_of(unit.text, configuration) or [None]:
            found.setdefault(account, unit.span)
    return list(found.items()) or [(None, span)]


def _scalars(node: Node | None) -> list[Scalar]:
    return [item for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []


def _accounts_of(unit: str, configuration: Configuration | None) -> list[str | None]:
    """The accounts that stand directly in a unit. AWS: `Parent:Child` is a nested one (CfCT: manifest file)."""
    wanted = unit_names(unit)
    placed = placed_accounts(configuration)
    return [account for account, names in placed.items() if names == wanted]


def unit_names(unit: str) -> tuple[str, ...]:
    """The names of a unit from below the root, as a manifest writes them."""
    return () if unit == "Root" else tuple(unit.split(":"))


def placed_accounts(configuration: Configuration | None) -> dict[str, tuple[str, ...]]:
    """Where the configuration has accounts: by id, the names of units from below the root."""
    accounts = configuration.accounts if configuration is not None else ()
    return {
        account.id: tuple(one.name for one in account.unit.path[1:])
        for account in accounts
        if account.unit is not None
    }


def _beside(manifest: str, written: str) -> str:
    """The path of a file that a manifest names, as paths are shown."""
    if "://" in written:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(manifest), written))
