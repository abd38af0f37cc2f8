"""A CloudFormation template as written: its sections, before any value is worked out."""

from __future__ import annotations

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.template.parameters import Parameter, read_parameters
from xbackup_lint.text.node import Mapping, Node, Scalar, Tagged
from xbackup_lint.text.source import Source


@dataclass(frozen=True, eq=False)
class Template:
    """One template file."""

    source: Source
    root: Mapping
    name: str = ""
    """What it is called, where it is no file of its own."""
    is_written: bool = True
    """Whether somebody wrote it; else it stands for resources that another tool makes, by rules of its own."""

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        return read_parameters(self.root.get("Parameters"))

    @cached_property
    def conditions(self) -> dict[str, tuple[Scalar, Node]]:
        return {key.text: (key, node) for key, node in entries(self.root.get("Conditions"))}

    @cached_property
    def resources(self) -> dict[str, tuple[Scalar, Mapping]]:
        """Resources by logical id, those that `Fn::ForEach` would make left out."""
        found = entries(self.root.get("Resources"))
        return {key.text: (key, node) for key, node in found if isinstance(node, Mapping)}

    @property
    def path(self) -> str:
        return self.name or self.source.path


def entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()


def text(node: Node | None) -> str | None:
    """The text of a scalar; None of all else."""
    return node.text if isinstance(node, Scalar) else None


@dataclass(frozen=True, slots=True)
class Call:
    """An intrinsic function, long or short form: `!Sub x` is `{"Fn::Sub": x}`."""

    function: str
    argument: Node


def call_of(node: Node) -> Call | None:
    """The intrinsic that a node is, if it is one. `Condition` in long form is for conditions only."""
    if isinstance(node, Tagged):
        name = node.function
        return Call(name if name in ("Ref", "Condition") else f"Fn::{name}", node.argument)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        key, argument = node.entries[0]
        if key.text == "Ref" or (key.text.startswith("Fn::") and not key.text.startswith("Fn::ForEach::")):
            return Call(key.text, argument)
    return None
