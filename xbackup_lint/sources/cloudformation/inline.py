"""Templates inside templates: the `TemplateBody` of a StackSet, as text in a block or a string."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.template.template import Template, entries, text
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Mapping, Node, Scalar, Tagged, Unreadable
from xbackup_lint.text.source import Source

_STACK_SET = "AWS::CloudFormation::StackSet"


def inline_templates(template: Template) -> Iterator[Template]:
    """The templates that StackSets of a template carry, each named `path#LogicalId`.

    Not followed: a body that `Fn::Sub` fills in. Its variables are the parent's wherever they stand in it, also
    within the functions of the template that it makes.
    """
    for key, body in _bodies(template):
        scalar = _literal(body)
        root = _read(scalar, template.source) if scalar is not None else None
        if isinstance(root, Mapping) and entries(root.get("Resources")):
            yield Template(template.source, root, f"{template.path}#{key}")


def unread_bodies(template: Template) -> Iterator[str]:
    """The StackSets of a template whose own template is not read, because a function makes it."""
    return (key for key, body in _bodies(template) if isinstance(body, Tagged) and _literal(body) is None)


def _bodies(template: Template) -> Iterator[tuple[str, Node]]:
    """The StackSets that carry a template, by logical id."""
    if "TemplateBody" not in template.source.text:
        return
    for key, (_, resource) in template.resources.items():
        properties = resource.get("Properties")
        if text(resource.get("Type")) == _STACK_SET and isinstance(properties, Mapping):
            body = properties.get("TemplateBody")
            if body is not None:
                yield key, body


def _literal(node: Node | None) -> Scalar | None:
    """The text of a body that is taken as it stands."""
    if isinstance(node, Tagged) and node.function == "Sub" and isinstance(node.argument, Scalar):
        return node.argument if "${" not in node.argument.text else None
    return node if isinstance(node, Scalar) else None


def _read(scalar: Scalar, source: Source) -> Node | None:
    """The tree of a block, with its places in the file that holds it; of other strings nothing is made of faults."""
    try:
        if scalar.style == "|":
            return yaml_reader.read(_alone(scalar, source)).root
        inner = Source(source.path, scalar.text)
        is_json = scalar.text.lstrip().startswith("{")
        # Escaped or folded: places of the file cannot be told apart, and so nothing of it is shown.
        return (json_reader.read(inner) if is_json else yaml_reader.read(inner)).root
    except Unreadable:
        return None


def _alone(scalar: Scalar, source: Source) -> Source:
    """The file with all but a block's lines blanked out: what stands in the block keeps its places."""
    start = source.text.index("\n", scalar.span.start) + 1
    before = "".join("\n" if character == "\n" else " " for character in source.text[: start - 1])
    return _Within(source.path, f"{before}\n{source.text[start : scalar.span.end]}", source.text)


class _Within(Source):
    """A part of a file; its lines are shown as they are in the whole."""

    def __init__(self, path: str, part: str, whole: str) -> None:
        super().__init__(path, part)
        object.__setattr__(self, "_whole", Source(path, whole))

    def line(self, number: int) -> str:
        whole: Source = object.__getattribute__(self, "_whole")
        return whole.line(number)
