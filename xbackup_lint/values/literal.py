"""Documents in which every value stands as it is: a policy in a file, the output of the AWS CLI."""

from __future__ import annotations

from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Tagged
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value


def literal(node: Node) -> Field:
    """The value of a node, nothing in it being computed."""
    return Field.of(_value(node), node.span)


def _value(node: Node) -> Value:
    match node:
        case Scalar(tag="null"):
            return None
        case Scalar():
            return Text.of(node)
        case Sequence(items=items):
            return Items(node.span, tuple(literal(item) for item in items))
        case Mapping(entries=entries):
            return Record(node.span, tuple(Entry(Text.of(key), literal(value)) for key, value in entries))
        case Tagged(function=function):
            hole = Hole(
                (node.span.source.path, f"!{function}"), f"`!{function}` means nothing outside a template"
            )
            return Text.unknown(hole, node.span)
