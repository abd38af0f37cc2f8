"""TOML as a tree with places. tomllib says whether it is TOML at all; where things stand is read here."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress

from xbackup_lint.config.toml_faults import fault
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex
from xbackup_lint.text.node import (
    DEEPEST,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
    Tag,
    Unreadable,
    too_deep,
)
from xbackup_lint.text.source import Source, Span

_BLANK = regex(r"[ \t]*+")
_BLANKS = regex(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = regex(r"[A-Za-z0-9_-]++|\"(?:[^\"\\\n]++|\\.)*+\"|'[^'\n]*+'")
_STRING = regex(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r"|\"(?:[^\"\\\n]++|\\.)*+\"|'[^'\n]*+'",
    re.DOTALL,
)
_WORD = regex(r"[^\s,\]}#]++(?: [0-9]{2}:[^\s,\]}#]++)?")  # a time may stand a blank behind its date
_TIME = regex(r"[0-9]{4}-|[0-9]{2}:")
_WHOLE = regex(r"[-+]?(?:[0-9_]+|0[xob][0-9A-Fa-f_]+)")


def read(source: Source) -> Document:
    """The tree of the TOML in `source`. Raises Unreadable.

    A table whose entries do not stand in one place has the span of its name.
    """
    reader = _Reader(source)
    try:
        tomllib.loads(source.text)
    except RecursionError:
        with suppress(_Lost, ValueError):
            reader.statements()  # knows where it is too deep
        raise too_deep(source, 0) from None
    except ValueError as error:
        raise fault(source, str(error), _last_key) from None
    reader.statements()
    return Document(reader.root.node(), ())


@dataclass(slots=True, eq=False)
class _Table:
    """A table while it may still grow: below other headers, by dotted keys."""

    span: Span
    entries: dict[str, tuple[Scalar, _Table | _Tables | Node]] = field(default_factory=dict)

    def node(self) -> Mapping:
        return Mapping(self.span, tuple((key, _finished(value)) for key, value in self.entries.values()))


@dataclass(slots=True, eq=False)
class _Tables:
    """`[[name]]`, as often as it stands there."""

    span: Span
    items: list[_Table] = field(default_factory=list)

    def node(self) -> Sequence:
        return Sequence(self.span, tuple(item.node() for item in self.items))


def _finished(value: _Table | _Tables | Node) -> Node:
    return value.node() if isinstance(value, _Table | _Tables) else value


class _Lost(Exception):
    """The text is not what a reader of TOML expects: tomllib has refused it, for a reason of its own."""


class _Reader:
    """Walks a text that is TOML, once. `key` is the last one whose value, or whose header, was read."""

    def __init__(self, source: Source, end: int | None = None) -> None:
        self.source = source
        self.text = source.text[:end]
        self.at = 0
        self.root = _Table(Span(source, 0, len(source.text)))
        self.key: tuple[Scalar, ...] = ()

    def statements(self) -> None:
        table, depth = self.root, 0
        self.skip(_BLANKS)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
                depth = len(self.key)
            else:
                self.pair(table, depth)
            self.skip(_BLANKS)

    def header(self) -> _Table:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        self.key = keys = self.dotted_key(0)
        parent = self.below(self.root, keys[:-1])
        found = parent.entries.get(keys[-1].text)
        if brackets == 1:
            table = self.below(parent, keys[-1:])
        else:
            array = found[1] if found else _Tables(keys[-1].span)
            if not isinstance(array, _Tables):
                raise _Lost
            parent.entries.setdefault(keys[-1].text, (keys[-1], array))
            table = _Table(keys[-1].span)
            array.items.append(table)
        self.at += brackets
        return table

    @staticmethod
    def below(table: _Table, keys: tuple[Scalar, ...]) -> _Table:
        """The table that a path names, made where it is not there; of an array the last."""
        for key in keys:
            _, found = table.entries.setdefault(key.text, (key, _Table(key.span)))
            if isinstance(found, _Tables):
                found = found.items[-1]
            if not isinstance(found, _Table):
                raise _Lost
            table = found
        return table

    def pair(self, table: _Table, depth: int) -> None:
        keys = self.dotted_key(depth)
        if not self.passes("="):
            raise _Lost
        self.skip(_BLANK)
        value = self.value(depth + len(keys))
        self.key = keys
        self.below(table, keys[:-1]).entries[keys[-1].text] = keys[-1], value

    def dotted_key(self, depth: int) -> tuple[Scalar, ...]:
        keys: list[Scalar] = []
        while True:
            self.skip(_BLANK)
            keys.append(self.one_key())
            if depth + len(keys) >= DEEPEST:
                raise too_deep(self.source, keys[-1].span.start)
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def one_key(self) -> Scalar:
        start = self.at
        if self.text.startswith(("'", '"'), start):
            return self.string(_KEY)
        written = self.match(_KEY)
        return Scalar(self.source, start, self.at, written, "plain", "str")

    def value(self, depth: int) -> Node:
        start = self.at
        char = self.text[start : start + 1]
        if char in "[{" and depth >= DEEPEST:
            raise too_deep(self.source, start)
        if char == "[":
            return self.array(depth)
        if char == "{":
            return self.inline_table(depth)
        if char in "'\"":
            return self.string(_STRING)
        written = self.match(_WORD)
        return Scalar(self.source, start, self.at, written, "plain", _tag(written))

    def string(self, pattern: re.Pattern[str]) -> Scalar:
        start = self.at
        written = self.match(pattern)
        style: Style = "'" if written[0] == "'" else "json"
        text = written[1:-1]
        if "\\" in text or written[1:3] == written[0] * 2:
            text = tomllib.loads(f"text = {written}")["text"]
        return Scalar(self.source, start, self.at, text, style, "str")

    def array(self, depth: int) -> Sequence:
        start = self.at
        items: list[Node] = []
        more = self.enters("]")
        while more:
            items.append(self.value(depth + 1))
            more = self.goes_on("]")
        return Sequence(Span(self.source, start, self.at), tuple(items))

    def inline_table(self, depth: int) -> Mapping:
        start = self.at
        table = _Table(Span(self.source, start, start))
        more = self.enters("}")
        while more:
            self.pair(table, depth)
            more = self.goes_on("}")
        table.span = Span(self.source, start, self.at)
        return table.node()

    def enters(self, close: str) -> bool:
        """Step over the opening bracket. Whether a member follows."""
        self.at += 1
        self.skip(_BLANKS)
        return not self.passes(close)

    def goes_on(self, close: str) -> bool:
        """Step over what stands behind a member. Whether another follows."""
        self.skip(_BLANKS)
        if self.passes(","):
            self.skip(_BLANKS)
        return not self.passes(close)

    def passes(self, char: str) -> bool:
        found = self.text.startswith(char, self.at)
        self.at += found
        return found

    def skip(self, blanks: re.Pattern[str]) -> None:
        found = blanks.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _Lost
        self.at = found.end()
        return found[0]


def _tag(written: str) -> Tag:
    if written in ("true", "false"):
        return "bool"
    if _TIME.match(written):
        return "timestamp"
    return "int" if _WHOLE.fullmatch(written) else "float"


def _last_key(source: Source, end: int) -> tuple[Scalar, ...]:
    """The key of the last header or value before `end`, in its parts."""
    reader = _Reader(source, end)
    with suppress(_Lost, Unreadable, ValueError):
        reader.statements()
    return reader.key
