"""Documents in which every value stands as it is: a policy in a file, the output of the AWS CLI."""

from __future__ import annotations

from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Tagged
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value


def literal(node: Node) -> Field:
    """The value of a node, nothing in it being computed. What stands there several times is made once."""
    return _field(node, {})


def _field(node: Node, made: dict[int, Field]) -> Field:
    found = made.get(id(node))
    if found is None:
        found = Field.of(_value(node, made), node.span)
        if not isinstance(node, Scalar):
            made[id(node)] = found
    return found


def _value(node: Node, made: dict[int, Field]) -> Value:
    match node:
        case Scalar(tag="null"):
            return None
        case Scalar():
            return Text.of(node)
        case Sequence(items=items):
            return Items(node.span, tuple(_field(item, made) for item in items))
        case Mapping(entries=entries):
            pairs = ((Text.of(key), _field(value, made)) for key, value in entries)
            return Record(node.span, tuple(Entry(key, value) for key, value in pairs))
        case Tagged(function=function):
            hole = Hole(
                (node.span.source.path, f"!{function}"), f"`!{function}` means nothing outside a template"
            )
            return Text.unknown(hole, node.span)
