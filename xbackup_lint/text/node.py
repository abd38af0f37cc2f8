"""The tree that readers make of a file: every node knows its span, and no value is interpreted."""

from __future__ import annotations

from typing import Literal

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.source import Source, Span

Style = Literal["plain", "'", '"', "|", ">", "json"]
"""How a scalar was written; `json` is a double-quoted JSON string."""

Tag = Literal["str", "int", "float", "bool", "null", "timestamp", "other"]
"""What YAML or JSON would make of a scalar. Quoted scalars are always `str`."""

DEEPEST = 200
"""Levels of nesting that readers follow. AWS's own limits are far below it."""


class Unreadable(Exception):
    """A file, or a text inside one, that cannot be parsed: what is wrong, and where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span

    @classmethod
    def at(cls, source: Source, offset: int, message: str) -> Unreadable:
        """The fault at one character, or at the last one for an offset behind the end."""
        start = max(min(offset, len(source.text) - 1), 0)
        return cls(message, Span(source, start, min(start + 1, len(source.text))))


def holds_at_most(most: int, text: str, *marks: str) -> bool:
    """Whether marks, each of which may begin a value, stand in a text no more often than that, all together."""
    return len(text) <= most or sum(map(text.count, marks)) <= most


def too_deep(source: Source, offset: int) -> Unreadable:
    """The error for a collection at `offset` with too many around it."""
    return Unreadable.at(source, offset, f"nested more than {DEEPEST} levels deep")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong that a reader could read past: a duplicate key, a comment in JSON."""

    kind: Literal["duplicate-key", "not-json"]
    message: str
    span: Span
    related: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A string, number, boolean or null as written: `text` is decoded, never converted.

    It has no Span but makes one: a reader makes little else than scalars, and few are asked where they stand.
    """

    source: Source
    start: int
    end: int
    text: str
    style: Style
    tag: Tag

    @staticmethod
    def at(span: Span, text: str, style: Style, tag: Tag) -> Scalar:
        return Scalar(span.source, span.start, span.end, text, style, tag)

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys and values in the file's order; of a key given twice the last stands, as AWS reads it."""

    span: Span
    entries: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((name for name, _ in self.entries if name.text == key), None)


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """A node under a tag of its own, `!Sub x`. `function` is the tag without `!`."""

    span: Span
    function: str
    argument: Node


Node = Scalar | Sequence | Mapping | Tagged


def given_twice(first: Scalar, again: Scalar) -> Remark:
    """The remark on a key that stands in its mapping already."""
    return Remark("duplicate-key", f"key `{again.text}` is given twice", again.span, first.span)


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of one source. `remarks` stand in the order of their places."""

    root: Node
    remarks: tuple[Remark, ...]
