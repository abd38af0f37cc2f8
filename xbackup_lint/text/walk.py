"""Ways through a tree."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Tagged


def scalars(root: Node, *, under_tags: bool = True) -> Iterator[Scalar]:
    """Every key and value of a tree once. Without `under_tags` what stands directly under a tag is left out."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case Scalar():
                yield node
            case Sequence(items=items):
                waiting.extend(items)
            case Mapping(entries=entries):
                waiting.extend(part for entry in entries for part in entry)
            case Tagged(argument=argument) if under_tags or not isinstance(argument, Scalar):
                waiting.append(argument)
            case _:
                pass
