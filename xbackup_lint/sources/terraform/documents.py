"""`terraform show -json`: plans and states, read as the templates that would make the same resources.

One template for each provider and region that resources are made by: what is said of templates then holds for
Terraform too, and findings stand in the JSON. Not known: what is known after apply, unless the configuration says
which resource it comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xbackup_lint.config.deployed import Deployed
from xbackup_lint.dataclass import dataclass
from xbackup_lint.policy.arn import Arn
from xbackup_lint.sources.manifests import Placement
from xbackup_lint.sources.terraform import root_module
from xbackup_lint.sources.terraform.configuration import Configuration, Provider
from xbackup_lint.sources.terraform.planned import Planned, children_of, mapping, scalar
from xbackup_lint.sources.terraform.resources import Translation, without_index
from xbackup_lint.template.parameters import AFTER_APPLY
from xbackup_lint.template.template import Template, text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.text import Text


def templates_of(source: Source, root: Mapping) -> list[tuple[Template, Placement]]:
    """The templates that stand for a plan or state, and where each is deployed."""
    module = root_module(root)
    if module is None:
        return []
    configuration = Configuration(root)
    later = _known_after_apply(root)
    groups: dict[_Place, list[Planned]] = defaultdict(list)
    for resource in _resources(module):
        address = text(resource.get("address")) or ""
        provider = configuration.provider_of(address)
        planned = Planned.of(resource, later.get(address), configuration, provider)
        if planned is not None:
            groups[_place(planned, provider)].append(planned)
    everything = {planned.address: planned for group in groups.values() for planned in group}
    by_name: dict[str, list[Planned]] = defaultdict(list)
    for planned in everything.values():
        by_name[without_index(planned.address)].append(planned)
    arns = _arns(groups)
    made = []
    for place, group in groups.items():
        name = f"{source.path} ({place.label})" if len(groups) > 1 else source.path
        translation = Translation(group, everything, arns, by_name)
        template = Template(source, _template(root, translation), name, is_written=False)
        deployed = Deployed(place.account, place.region, {}, root.span)
        made.append((template, Placement(name, deployed, place.how, source.path)))
    return made


@dataclass(frozen=True, slots=True)
class _Place:
    """The account and region of resources, as far as the plan tells, and what tells the account."""

    provider: str
    account: str | None
    region: str | None
    how: str

    @property
    def label(self) -> str:
        known = "/".join(part for part in (self.account, self.region) if part)
        return known or f"provider {self.provider}"


def _place(planned: Planned, provider: Provider) -> _Place:
    """Of what exists its ARN tells; else its own `region`, and its provider."""
    arn = Arn.of(Text.of(planned.arn)) if planned.arn is not None else None
    account = (arn.account.known or None) if arn is not None else None
    region = (arn.region.known or None) if arn is not None else None
    how = "the ARN in its state" if account else f"provider `{provider.name}`"
    return _Place(
        provider.name, account or provider.account, region or planned.region or provider.region, how
    )


def _resources(module: Mapping) -> Iterator[Mapping]:
    """Every resource of a module and of those below it; data sources are none."""
    resources = module.get("resources")
    for resource in resources.items if isinstance(resources, Sequence) else ():
        if isinstance(resource, Mapping) and text(resource.get("mode")) != "data":
            yield resource
    for child in children_of(module, "child_modules"):
        yield from _resources(child)


def _known_after_apply(root: Mapping) -> dict[str, Node]:
    """What is known after apply, by the address of its resource."""
    found: dict[str, Node] = {}
    for change in children_of(root, "resource_changes"):
        what = change.get("change")
        later = what.get("after_unknown") if isinstance(what, Mapping) else None
        if later is not None:
            found[text(change.get("address")) or ""] = later
    return found


def _arns(groups: dict[_Place, list[Planned]]) -> dict[str, str]:
    """The ARNs of vaults, where account, region and name are known."""
    found = {}
    for place, group in groups.items():
        for planned in group if place.account and place.region else ():
            arn = planned.arn_in(place.account or "", place.region or "")
            if arn:
                found[planned.address] = arn
    return found


def _template(root: Mapping, translation: Translation) -> Mapping:
    resources = tuple((key, node) for key, node in translation.resources())
    parameters = tuple(
        (scalar(name, span), mapping(span, {"Type": scalar(AFTER_APPLY, span)}))
        for name, span in translation.unknown.items()
    )
    span = Span(root.span.source, root.span.start, root.span.end)
    sections: tuple[tuple[Scalar, Node], ...] = (
        (scalar("Parameters", span), Mapping(span, parameters)),
        (scalar("Resources", span), Mapping(span, resources)),
    )
    return Mapping(span, sections)
