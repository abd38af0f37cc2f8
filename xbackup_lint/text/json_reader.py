"""JSON as a tree with places: it accepts, and means, what `json.loads` does.

Well-formed members go through a few patterns, quickly. What these do not match is looked at closely: an
escape, something not quite JSON that can be read as it was meant, or a fault that deserves a good message.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]

from xbackup_lint.regex import regex
from xbackup_lint.text import json_faults as faults
from xbackup_lint.text.node import (
    DEEPEST,
    Document,
    Mapping,
    Node,
    Remark,
    Scalar,
    Sequence,
    Tag,
    Unreadable,
    given_twice,
    holds_at_most,
    too_deep,
)
from xbackup_lint.text.source import BOM, Source, Span

MOST = 600_000
"""Commas and brackets of one text: each may bring a value, and values take a hundred times the memory of their text."""

_scan: Callable[[str, int, bool], tuple[str, int]] = scanstring
"""From a text and the offset behind a quote to the decoded string and the offset behind its closing quote."""

_BLANK = regex(r"[ \t\n\r]*+")
_STRING = regex(r'"([^"\\\x00-\x1f]*+)"[ \t\n\r]*+')
_KEY = regex(r'("([^"\\\x00-\x1f]*+)")[ \t\n\r]*+:[ \t\n\r]*+')
_COMMA_AND_KEY = regex(r",[ \t\n\r]*+" + _KEY.pattern)
_COMMA_AND_VALUE = regex(r",[ \t\n\r]*+(?![\]#/])")
_WORD = regex(
    r"(?:(-?(?:0|[1-9][0-9]*+)((?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?))|(true|false|null|NaN|-?Infinity))"
    r"[ \t\n\r]*+"
)
_WORD_TAGS: dict[str, Tag] = {"true": "bool", "false": "bool", "null": "null"}

_COMMENT = regex(r"#[^\r\n]*+|//[^\r\n]*+|/\*.*?\*/", re.DOTALL)
_SINGLE_QUOTED = regex(r"'((?:[^'\\\x00-\x1f]++|\\.)*+)'")
_QUOTES = regex(r"\\.|\"")


def read(source: Source, *, tolerant: bool = False, hole: str = "") -> Document:
    """The tree of the JSON in `source`. Raises Unreadable.

    `tolerant` reads comments, trailing commas, single quotes and commas forgotten at the end of a line as
    they were meant, with a remark each. `hole` is a character that may stand where a value is expected.
    """
    if source.text.startswith(BOM):
        raise Unreadable.at(source, 0, "a byte order mark is not JSON")
    if not holds_at_most(MOST, source.text, ",", "[", "{"):
        raise Unreadable.at(source, len(source.text), f"more than {MOST:,} values")
    reader = Reader(source, tolerant, hole)
    root = reader.document()
    return Document(root, tuple(sorted(reader.remarks, key=lambda remark: remark.span.start)))


class Reader:
    """Walks the text once. `at` is the next character to look at; `depth` counts the collections around."""

    def __init__(self, source: Source, tolerant: bool, hole: str) -> None:
        self.source = source
        self.text = source.text + "\0"  # a character to look at behind the end
        self.tolerant = tolerant
        self.hole = hole
        self.remarks: list[Remark] = []
        self.at = 0

    def document(self) -> Node:
        self.skip()
        root = self.value(0)
        self.skip()
        if self.at < len(self.source.text):
            raise faults.at_end(self.source, self.at)
        return root

    def value(self, depth: int) -> Node:
        """The value at `at`, which then stands behind it and the blanks after it."""
        at, text = self.at, self.text
        char = text[at]
        if char == '"':
            match = _STRING.match(text, at)
            if match is None:
                return self.odd_string()
            self.at = match.end()
            return Scalar(self.source, at, match.end(1) + 1, match[1], "json", "str")
        if char == "{":
            return self.object(depth)
        if char == "[":
            return self.array(depth)
        match = _WORD.match(text, at)
        if match is None:
            return self.odd_value(depth)
        self.at = match.end()
        if match[3]:
            tag = _WORD_TAGS.get(match[3], "float")
            return Scalar(self.source, at, match.end(3), match[3], "json", tag)
        return Scalar(self.source, at, match.end(1), match[1], "json", "float" if match[2] else "int")

    def object(self, depth: int) -> Mapping:
        start, text = self.enter(depth), self.text
        entries: dict[str, tuple[Scalar, Node]] = {}
        more = text[self.at] != "}"
        match = _KEY.match(text, self.at)
        while more:
            if match is not None:
                self.at = match.end()
                name = match[2]
                key = Scalar(self.source, match.start(1), match.end(1), name, "json", "str")
            else:
                key = self.odd_key()
                name = key.text
            value = self.value(depth + 1)
            if name in entries:
                self.remarks.append(given_twice(entries.pop(name)[0], key))
            entries[name] = key, value
            match = _COMMA_AND_KEY.match(text, self.at)
            if match is None:
                more = self.another(value.span.end, "}")
        return Mapping(self.leave(start), tuple(entries.values()))

    def array(self, depth: int) -> Sequence:
        start, text = self.enter(depth), self.text
        items: list[Node] = []
        more = text[self.at] != "]"
        while more:
            item = self.value(depth + 1)
            items.append(item)
            match = _COMMA_AND_VALUE.match(text, self.at)
            if match is not None:
                self.at = match.end()
            else:
                more = self.another(item.span.end, "]")
        return Sequence(self.leave(start), tuple(items))

    def enter(self, depth: int) -> int:
        """Step into a collection. Returns where it starts."""
        start = self.at
        if depth >= DEEPEST:
            raise too_deep(self.source, start)
        self.at = start + 1
        self.skip()
        return start

    def leave(self, start: int) -> Span:
        end = self.at + 1
        self.pass_blanks(end)
        return Span(self.source, start, end)

    def another(self, end: int, close: str) -> bool:
        """Step over the comma after a member that ended at `end`. False where the collection ends."""
        self.skip()
        at, text = self.at, self.text
        if text[at] == ",":
            self.at = at + 1
            self.skip()
            if text[self.at] == close:
                self.not_json(f"trailing comma before `{close}`", at, at + 1)
        elif text[at] != close:
            starts = "\"'" if close == "}" else "\"'{[-0123456789tfnNI" + self.hole
            if not (self.tolerant and text[at] in starts and "\n" in text[end:at]):
                raise faults.at_separator(self.source, at, close)
            self.not_json("missing comma after this line", end - 1, end)
        return text[self.at] != close

    def odd_key(self) -> Scalar:
        """A key that is no plain one, with its colon: `at` then stands at the value."""
        if self.text[self.at] not in "\"'":
            raise faults.at_key(self.source, self.at)
        key = self.odd_string()
        self.skip()
        if self.text[self.at] != ":":
            raise faults.at_colon(self.source, self.at)
        self.at += 1
        self.skip()
        return key

    def odd_value(self, depth: int) -> Node:
        at = self.at
        self.skip()
        if self.at != at:  # a comment stood before the value
            return self.value(depth)
        if self.text[at] == "'":
            return self.odd_string()
        if self.hole and self.source.text.startswith(self.hole, at):
            self.pass_blanks(at + 1)
            return Scalar(self.source, at, at + 1, self.hole, "plain", "other")
        raise faults.at_value(self.source, at)

    def odd_string(self) -> Scalar:
        start = self.at
        text, end = self.single_quoted() if self.text[start] == "'" else self.double_quoted()
        self.pass_blanks(end)
        return Scalar(self.source, start, end, text, "json", "str")

    def double_quoted(self) -> tuple[str, int]:
        try:
            return _scan(self.source.text, self.at + 1, True)
        except JSONDecodeError as error:
            raise faults.in_string(self.source, self.at, error) from None

    def single_quoted(self) -> tuple[str, int]:
        """Read as though the quotes were double. Where that is no JSON, the quotes are still the message."""
        start = self.at
        match = _SINGLE_QUOTED.match(self.source.text, start)
        end = match.end() if match else start + 1
        self.not_json("strings take double quotes", start, end)
        if match is None:
            raise Unreadable.at(self.source, start, "a string that is never closed")
        inner = _QUOTES.sub(lambda m: {'"': '\\"', "\\'": "'"}.get(m[0], m[0]), match[1])
        try:
            return _scan(inner + '"', 0, True)[0], end
        except JSONDecodeError:
            raise Unreadable.at(self.source, start, "an escape in this string is not JSON") from None

    def skip(self) -> None:
        """Step over blanks, and over comments with a remark on each."""
        self.pass_blanks(self.at)
        while (comment := _COMMENT.match(self.source.text, self.at)) is not None:
            self.not_json("a comment is not JSON", self.at, comment.end())
            self.pass_blanks(comment.end())

    def pass_blanks(self, at: int) -> None:
        blanks = _BLANK.match(self.text, at)
        self.at = blanks.end() if blanks else at

    def not_json(self, message: str, start: int, end: int) -> None:
        """Something that a tolerant reader reads past. Raises Unreadable for others."""
        span = Span(self.source, start, end)
        if not self.tolerant:
            raise Unreadable(message, span)
        self.remarks.append(Remark("not-json", message, span))
