"""The words of a configuration, each with its place, and the error that points at one."""

from __future__ import annotations

from collections.abc import Iterable

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.near import most_like
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span

_LONGEST_SHOWN = 60
"""Characters of a word that a message repeats."""


class BrokenConfiguration(Exception):
    """A configuration that cannot be used: what is wrong, and where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the configuration and where it stands there."""

    text: str
    span: Span


def entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """What a mapping holds. What is not there, or has no value, holds nothing."""
    return node.entries if isinstance(node, Mapping) else ()


def member(node: Node | None, key: str) -> Node | None:
    """One value of a mapping, where there is such a mapping."""
    return node.get(key) if isinstance(node, Mapping) else None


def words(node: Node | None) -> tuple[Word, ...]:
    """A text, or a list of them."""
    if isinstance(node, Scalar):
        return (Word(node.text, node.span),)
    return tuple(word for item in node.items for word in words(item)) if isinstance(node, Sequence) else ()


def word(node: Node | None) -> Word | None:
    """One text, where there is one."""
    return next(iter(words(node)), None)


def quoted(text: str) -> str:
    """A word as a message shows it."""
    return f"`{text}`" if len(text) <= _LONGEST_SHOWN else f"`{text[:_LONGEST_SHOWN]}…`"


def did_you_mean(text: str, known: Iterable[str], likeness: float = 0.7) -> str:
    """`; did you mean …?` where a known word is near, else nothing. `likeness` is difflib's ratio."""
    close = most_like(text, sorted(known), likeness)
    return f"; did you mean {quoted(close)}?" if close is not None else ""
