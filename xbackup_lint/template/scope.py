"""What names mean inside one deployment of a template."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from typing import Protocol

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.template.conditions import ConditionSet, Literal, Operand, Variable
from xbackup_lint.template.parameters import Parameter
from xbackup_lint.template.place import Place
from xbackup_lint.template.template import Template, call_of, text
from xbackup_lint.text.node import Node, Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.hole import ACCOUNT, NAME, PARTITION, REGION, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Items, Value

_PSEUDO: dict[str, tuple[Shape, str]] = {
    "AWS::AccountId": (ACCOUNT, "the account that this template is deployed into is not known"),
    "AWS::Region": (REGION, "the region that this template is deployed into is not known"),
    "AWS::Partition": (PARTITION, "the partition of this template is not known"),
    "AWS::StackName": (NAME, "the name of the stack is not known"),
}
_REMEDY = {
    "AWS::AccountId": "give it with `--account ID={path}`",
    "AWS::Region": "give it with `--region`",
}


class LinkReader(Protocol):
    """Follows what one template says to another: see `link.Links`."""

    def parameter(self, scope: Scope, parameter: Parameter, span: Span, guard: Guard) -> Field | None: ...

    def export(self, scope: Scope, name: str, span: Span, guard: Guard) -> Field | None: ...

    def output(
        self, scope: Scope, logical_id: str, output: str, span: Span, guard: Guard
    ) -> Field | None: ...


class Reader(Protocol):
    """Works out what nodes of a template are: see `intrinsics.Evaluator`."""

    @property
    def scope(self) -> Scope: ...

    def field(self, node: Node, guard: Guard = ALWAYS) -> Field: ...

    def resource_property(self, logical_id: str, name: str, guard: Guard) -> Field | None: ...


@dataclass(frozen=True, eq=False)
class Scope:
    """One deployment of a template: its account and region, as far as they are known, and its parameters."""

    template: Template
    account: str | None = None
    region: str | None = None
    given: Dict[str, str] = field(default_factory=dict)
    """Values of parameters that the user told."""
    links: LinkReader | None = None
    own_place: Place | None = None
    """The account and region, where links to other templates may tell them; else made of `account` and `region`."""
    name: str = ""
    """Tells one deployment of a template from another; empty for the only one."""

    @cached_property
    def place(self) -> Place:
        """Where the stack stands."""
        if self.own_place is not None:
            return self.own_place
        place = Place(self.owner)
        place.tell(self.account, self.region, "", None)
        return place

    @property
    def owner(self) -> str:
        """What the symbols of this deployment belong to."""
        return f"{self.template.path} {self.name}".rstrip()

    @property
    def path(self) -> str:
        return self.template.path

    @cached_property
    def conditions(self) -> ConditionSet:
        return ConditionSet(self.template, self._operand, self.owner)

    def account_text(self, span: Span) -> Text:
        return self.pseudo("AWS::AccountId", span)

    def region_text(self, span: Span) -> Text:
        return self.pseudo("AWS::Region", span)

    def pseudo(self, name: str, span: Span) -> Text:
        """The value of a pseudo parameter; one that is not known is a symbol of this deployment."""
        told = {"AWS::AccountId": self.place.account, "AWS::Region": self.place.region}.get(name)
        if told is not None:
            return told.at(span)
        known = self._known_pseudo(name)
        if known is not None:
            return Text.literal(known, span)
        return Text.unknown(self.pseudo_hole(name), span)

    def pseudo_hole(self, name: str) -> Hole:
        shape, why = _PSEUDO.get(name, (NAME, f"`{name}` is known only once deployed"))
        owner = self.place.owner if name in _REMEDY else self.owner
        return Hole((owner, name), why, shape, None, _REMEDY.get(name, "").format(path=self.path))

    @property
    def _region(self) -> str | None:
        return self.place.region.known if self.place.region is not None else None

    def _known_pseudo(self, name: str) -> str | None:
        match name:
            case "AWS::AccountId":
                return self.place.account.known if self.place.account is not None else None
            case "AWS::Region":
                return self._region
            case "AWS::Partition" if self._region is not None:
                return partition_of(self._region)
            case "AWS::URLSuffix":
                return "amazonaws.com.cn" if (self._region or "").startswith("cn-") else "amazonaws.com"
        return None

    def parameter(self, parameter: Parameter, span: Span, guard: Guard) -> Value:
        """What a parameter is under a guard: given, settled, its default, or a hole."""
        value, assumed, denied = self._choose(parameter, guard)
        if value is None:
            return Text.unknown(parameter.hole(self.owner, str(guard) if denied else ""), span)
        taken_from = f"the default of parameter `{parameter.name}`" if assumed else ""
        born = parameter.default_span if assumed else None
        if not parameter.is_list:
            return Text.literal(value, span, taken_from, born)
        # AWS: a list has one string more than commas, each without the spaces around it (CloudFormation:
        # CommaDelimitedList). Of a text with nothing in it we make no element: whoever tells it means none.
        pieces = [piece.strip() for piece in value.split(",")] if value.strip() else []
        return Items(span, tuple(Field.of(Text.literal(p, span, taken_from, born), span) for p in pieces))

    def _choose(self, parameter: Parameter, guard: Guard) -> tuple[str | None, bool, bool]:
        """Value, whether it is an assumption, and whether the guard rules the default out."""
        if parameter.name in self.given:
            return self.given[parameter.name], False, False
        if parameter.is_ssm:
            return None, False, False
        if parameter.settled is not None:
            return parameter.settled, False, False
        forced, fits = self._under(parameter, guard)
        if forced is not None or not fits:
            return forced, False, not fits
        # An empty default means "give me", and so does one of commas: what it would make of names and ARNs is never
        # deployed.
        default = parameter.default or ""
        is_empty = not (default.strip(", ") if parameter.is_list else default)
        return None if is_empty else default, True, False

    def _under(self, parameter: Parameter, guard: Guard) -> tuple[str | None, bool]:
        """The one value that a guard leaves a parameter, and whether its default is among those left."""
        if not guard.assigned:
            return None, True
        left = self.conditions.possible(parameter.name, guard.of(self.owner))
        named = self.conditions.possible(parameter.name, frozenset())
        forced = next(iter(left)) if len(left) == 1 < len(named) else None
        default = parameter.default if parameter.default in named else None
        return forced, default in left or forced is not None

    def _operand(self, node: Node) -> Operand:
        """What stands in `Fn::Equals`: defaults settle nothing (a template's optional part must be seen)."""
        if isinstance(node, Scalar):
            return Literal(node.text)
        call = call_of(node)
        name = text(call.argument) if call is not None and call.function == "Ref" else None
        if name is None:
            return None
        if name.startswith("AWS::"):
            known = self._known_pseudo(name)
            return Literal(known) if known is not None else Variable(name)
        parameter = self.template.parameters.get(name)
        if parameter is None:
            return None
        settled = self.given.get(name, parameter.settled)
        if settled is not None:
            return Literal(settled)
        return Variable(name, () if parameter.is_list or parameter.is_ssm else parameter.allowed)


# AWS: partitions by what the names of their regions begin with (botocore: partitions; F1.27 names China and GovCloud).
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}


def partition_of(region: str) -> str:
    """The partition of a region, by its name."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")


def known_text(value: Value) -> str | None:
    """The text of a value that is wholly known."""
    return value.known if isinstance(value, Text) else None
