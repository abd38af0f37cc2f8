"""From YAML text to PyYAML's own nodes: the composer, its limits, and its errors in plain words."""

from __future__ import annotations

import operator
from typing import Any, ClassVar

import yaml
from yaml.nodes import CollectionNode, MappingNode, ScalarNode, SequenceNode

from xbackup_lint.regex import regex
from xbackup_lint.text.node import DEEPEST, Unreadable, holds_at_most, too_deep
from xbackup_lint.text.source import BOM, Source

Composed = ScalarNode | CollectionNode

_COLLECTIONS: dict[type, str] = {
    MappingNode: "tag:yaml.org,2002:map",
    SequenceNode: "tag:yaml.org,2002:seq",
}
_KEPT, _LONGEST = 10_000, 64
"""Plain scalars whose tags are remembered, and how long they may be."""


def asked_less(base: Any) -> Any:
    """A loader of PyYAML that is asked less: its composer calls three methods for every node, a third of its time."""

    class Loader(base):  # type: ignore[misc]
        # There are no resolvers for paths: both do nothing. These are functions in C, and do nothing faster.
        descend_resolver = operator.is_
        ascend_resolver = bool
        _tags: ClassVar[dict[str, str]] = {}

        def resolve(self, kind: type, value: str, implicit: tuple[bool, bool]) -> str:
            """The tag of a node that is given none."""
            if kind is not ScalarNode:
                return _COLLECTIONS[kind]
            if not implicit[0]:
                return "tag:yaml.org,2002:str"
            known = self._tags.get(value)
            if known is not None:
                return known
            found: str = super().resolve(kind, value, implicit)
            if len(value) <= _LONGEST and len(self._tags) < _KEPT:
                self._tags[value] = found
            return found

    return Loader


_Loader = asked_less(getattr(yaml, "CSafeLoader", yaml.SafeLoader))

_FLAT = 1000
"""Levels that a composer which recurses in C bears on any stack; libyaml's own limit, where it has one."""

_UNPRINTABLE = regex("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MOST = 400_000
"""Lines, commas, colons and brackets of one file: each may bring a value, whose node takes hundreds of bytes."""

_PLAIN_WORDS = {
    "but found another document": "more than one document in the file",
    "found undefined alias": "alias without an anchor before it",
    "second occurrence": "an anchor of this name stands above already",
}


def compose(source: Source) -> Composed:
    """The root of the one document in `source`, whose marks count characters. Raises Unreadable."""
    text = source.text
    if text.startswith(BOM):
        raise Unreadable.at(source, 0, "a byte order mark must be taken off before reading")
    if not holds_at_most(_MOST, text, "\n", ",", "[", "{", ": "):
        raise Unreadable.at(source, len(text), f"more than {_MOST:,} values")
    try:
        _check_depth(source)
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise _unreadable(source, error) from None
    except UnicodeEncodeError as error:
        message = f"half a surrogate pair, U+{ord(text[error.start]):04X}"
        raise Unreadable.at(source, error.start, message) from None
    except RecursionError:  # of the composer in Python
        raise too_deep(source, 0) from None
    if not isinstance(root, ScalarNode | CollectionNode):
        raise Unreadable.at(source, 0, "file is empty")
    return root


def _check_depth(source: Source) -> None:
    """Refuse what would overflow the composer's stack. Raises Unreadable, YAMLError.

    Every level costs a bracket or a column: nearly every file is cleared by counting these.
    """
    text = source.text
    if text.count("[") + text.count("{") < _FLAT and max(map(len, text.split("\n"))) < _FLAT:
        return
    loader = _Loader(text)
    depth = 0
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST and event.start_mark:
                raise too_deep(source, event.start_mark.index)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _unreadable(source: Source, error: yaml.YAMLError) -> Unreadable:
    if isinstance(error, yaml.reader.ReaderError):
        match = _UNPRINTABLE.search(source.text)
        if match is not None:
            message = f"control character U+{ord(match[0]):04X} cannot stand in YAML"
            return Unreadable.at(source, match.start(), message)
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    at = mark.index if mark else 0
    if "maximum nesting depth" in problem:
        return too_deep(source, at)
    if problem.startswith("found character") and source.text[at : at + 1] == "\t":
        return Unreadable.at(source, at, "a tab where YAML takes spaces only")
    for words, plain in _PLAIN_WORDS.items():
        if problem.startswith(words):
            return Unreadable.at(source, at, plain)
    return Unreadable.at(source, at, problem + _context(source, error, at))


def _context(source: Source, error: yaml.YAMLError, at: int) -> str:
    """What was being read, and on which line that began where it is another."""
    context = getattr(error, "context", None)
    mark = getattr(error, "context_mark", None)
    if not context:
        return ""
    line = source.line_and_column(mark.index)[0] if mark else None
    elsewhere = line is not None and line != source.line_and_column(at)[0]
    return f" {context} that begins on line {line}" if elsewhere else f" {context}"
