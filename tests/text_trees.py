"""Trees as plain Python values, for comparison with what a parser of its own makes of the same text."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Tagged

Plain = str | list["Plain"] | dict[str, "Plain"] | tuple[str, "Plain"]


def plain(node: Node) -> Plain:
    """Text for every scalar; `("!Sub", …)` for what has a tag."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Tagged):
        return f"!{node.function}", plain(node.argument)
    return {key.text: plain(value) for key, value in node.entries}


def children(node: Node) -> list[Node]:
    if isinstance(node, Sequence):
        return list(node.items)
    if isinstance(node, Mapping):
        return [part for entry in node.entries for part in entry]
    return [node.argument] if isinstance(node, Tagged) else []


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in children(node):
        yield from nodes(child)


def scalars(node: Node) -> list[Scalar]:
    return [found for found in nodes(node) if isinstance(found, Scalar)]


def node_at(node: Node, *path: str | int) -> Node:
    """The node at a path of keys and indexes."""
    for step in path:
        if isinstance(step, str):
            assert isinstance(node, Mapping)
            found = node.get(step)
            assert found is not None, step
            node = found
        else:
            assert isinstance(node, Sequence)
            node = node.items[step]
    return node


def marked(text: str) -> tuple[str, int, int]:
    """A text without its « and », and where they stood."""
    before, rest = text.split("«")
    inside, after = rest.split("»")
    return before + inside + after, len(before), len(before + inside)
