"""The resources of a Terraform plan: what is known of them, what later, and what they are given by."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Dict

from xbackup_lint.dataclass import dataclass
from xbackup_lint.sources.terraform.configuration import Configuration, Provider
from xbackup_lint.sources.terraform.shapes import ARN_OF_VAULT, MERGED, SHAPES
from xbackup_lint.template.scope import partition_of
from xbackup_lint.template.template import text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span


def scalar(value: str, span: Span) -> Scalar:
    """A text that stands for what is at `span`."""
    return Scalar.at(span, value, "json", "str")


def mapping(span: Span, entries: Dict[str, Node]) -> Mapping:
    """A mapping that stands for what is at `span`."""
    return Mapping(span, tuple((scalar(key, node.span), node) for key, node in entries.items()))


def children_of(node: Mapping, name: str) -> Iterator[Mapping]:
    """The mappings in a list."""
    found = node.get(name)
    for child in found.items if isinstance(found, Sequence) else ():
        if isinstance(child, Mapping):
            yield child


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The values of a resource or of a block in it, what of them is known later, and what they are given by."""

    values: Mapping
    later: Node | None
    expressions: Node | None

    def get(self, name: str) -> Node | None:
        found = self.values.get(name)
        return None if isinstance(found, Scalar) and found.tag == "null" else found

    def is_later(self, name: str) -> bool:
        """Whether an attribute is known after apply; of a list also where one element is."""
        told = self.later.get(name) if isinstance(self.later, Mapping) else None
        if isinstance(told, Sequence):
            return any(isinstance(one, Scalar) and one.text == "true" for one in told.items)
        return isinstance(told, Scalar) and told.text == "true"

    def expression(self, name: str) -> Node | None:
        return self.expressions.get(name) if isinstance(self.expressions, Mapping) else None

    def place_of(self, name: str) -> Span:
        """Where it stands that an attribute is known later; else the block."""
        told = self.later.get(name) if isinstance(self.later, Mapping) else None
        return told.span if told is not None else self.values.span

    def blocks(self, name: str) -> list[Block]:
        """The blocks of a name, each with what belongs to it."""
        given, later, expressions = self.get(name), None, self.expression(name)
        if isinstance(self.later, Mapping):
            later = self.later.get(name)
        items = given.items if isinstance(given, Sequence) else ()
        return [
            Block(item, _at(later, number), _at(expressions, number))
            for number, item in enumerate(items)
            if isinstance(item, Mapping)
        ]


def _at(node: Node | None, number: int) -> Node | None:
    return node.items[number] if isinstance(node, Sequence) and number < len(node.items) else None


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A resource that a plan makes, or that a state holds."""

    key: Scalar
    type: str
    block: Block
    configuration: Configuration
    provider: Provider

    @staticmethod
    def of(
        resource: Mapping, later: Node | None, configuration: Configuration, provider: Provider
    ) -> Planned | None:
        """A resource of a kind that we know."""
        key, values, kind = resource.get("address"), resource.get("values"), text(resource.get("type")) or ""
        if not isinstance(key, Scalar) or not isinstance(values, Mapping):
            return None
        if kind not in SHAPES and kind not in MERGED:
            return None
        expressions = configuration.expressions_of(key.text)
        return Planned(key, kind, Block(values, later, expressions), configuration, provider)

    @property
    def address(self) -> str:
        return self.key.text

    @property
    def name(self) -> str | None:
        """Its `name`, where it is known."""
        return text(self.block.get("name"))

    @property
    def region(self) -> str | None:
        return text(self.block.get("region"))

    @property
    def arn(self) -> Scalar | None:
        """Its ARN, where it exists already."""
        found = self.block.get("arn")
        return found if isinstance(found, Scalar) else None

    def arn_in(self, account: str, region: str) -> str:
        """The ARN that a vault will have; empty of other resources."""
        if self.type not in ARN_OF_VAULT or self.name is None:
            return ""
        return f"arn:{partition_of(region)}:backup:{region}:{account}:backup-vault:{self.name}"

    def resources_in(self, block: Block, name: str) -> list[str]:
        """What an attribute refers to."""
        return self.configuration.resources_in(block.expression(name), self.address)
