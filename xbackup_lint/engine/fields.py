"""The parts of a rule file, each taken for what it has to be; all raise BrokenRule for what they are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xbackup_lint.config.word import did_you_mean
from xbackup_lint.engine.patterns import MOST_REPEATS, may_take_for_ever
from xbackup_lint.engine.rule import BrokenRule, Constant
from xbackup_lint.text import node as nodes
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.origin import span_within

TO_DO = "TODO"
"""What `new-rule` leaves to its author. A rule with one in its words is not run."""


def text(node: Node, name: str) -> str:
    """A text, as it is written."""
    if not isinstance(node, Scalar):
        raise BrokenRule(f"`{name}` is a text", node.span)
    return node.text


def items(node: Node | None, name: str) -> tuple[Node, ...]:
    """The items of a list. What is not there, or has no value, has none."""
    if node is None or (isinstance(node, Scalar) and node.tag == "null"):
        return ()
    if not isinstance(node, nodes.Sequence):
        raise BrokenRule(f"`{name}` is a list", node.span)
    return node.items


def texts(node: Node | None, name: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(item, name) for item in items(node, name))


def mapping(node: Node | None, what: str, keys: Sequence[str] = ()) -> tuple[tuple[Scalar, Node], ...]:
    """Keys and values; where `keys` are given, no others."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        raise BrokenRule(f"{what} is a mapping", node.span)
    for key, _ in node.entries:
        if keys and key.text not in keys:
            hint = did_you_mean(key.text, keys) or f"; known are {', '.join(keys)}"
            raise BrokenRule(f"{what} has no `{key.text}`{hint}", key.span)
    return node.entries


def texts_by_name(node: Node | None, name: str) -> dict[str, str]:
    """Texts under names of the author's own."""
    return {key.text: text(value, key.text) for key, value in mapping(node, f"`{name}`")}


def constant(node: Node) -> Constant:
    """A text, a whole number, true or false."""
    if not isinstance(node, Scalar):
        raise BrokenRule("a constant stands here", node.span)
    if node.tag == "bool":
        return node.text.lower() in ("true", "yes", "on")
    return _number(node) if node.tag == "int" else node.text


def constants(node: Node) -> Constant | list[Constant]:
    """A constant, or a list of them."""
    return [constant(item) for item in node.items] if isinstance(node, nodes.Sequence) else constant(node)


def whole(node: Node | None) -> int | None:
    """A whole number, where one is given."""
    if node is None:
        return None
    if not isinstance(node, Scalar) or node.tag != "int":
        raise BrokenRule("a whole number stands here", node.span)
    return _number(node)


def _number(node: Scalar) -> int:
    try:
        return int(node.text)
    except ValueError as error:  # octal and the like, which YAML takes for numbers; thousands of digits
        raise BrokenRule("a whole number is written in digits", node.span) from error


def pattern(node: Node | None) -> re.Pattern[str] | None:
    """A regular expression, where one is given; none that may take for ever."""
    if node is None:
        return None
    written = text(node, "matches")
    try:
        found = re.compile(written)
    except (re.error, OverflowError, RecursionError) as error:
        raise BrokenRule(f"not a regular expression: {error}", node.span) from error
    if may_take_for_ever(written):
        why = f"a repeat or a choice is repeated in it, or there are more than {MOST_REPEATS} repeats"
        raise BrokenRule(f"this regular expression may take for ever: {why}", node.span)
    return found


def refuse_to_do(node: Node) -> None:
    """Nothing, where nothing is left to be written."""
    if isinstance(node, Scalar) and TO_DO in node.text:
        start = node.text.index(TO_DO)
        raise BrokenRule("this is still to be written", span_within(node, start, start + len(TO_DO)))
    if isinstance(node, Mapping):
        for _, value in node.entries:
            refuse_to_do(value)
    if isinstance(node, nodes.Sequence):
        for item in node.items:
            refuse_to_do(item)
