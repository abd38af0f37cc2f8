"""How YAML and JSON spell a text: for each style, the pieces of the source and what each decodes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from xbackup_lint.regex import regex
from xbackup_lint.text.node import Scalar

Piece = tuple[str, int, int]
"""A decoded text and the range of the source that it comes from: character for character if as long."""

_BREAK = r"(?:\r\n?|[\n\x85\u2028\u2029])"
_ONE_BREAK = regex(_BREAK)
_BREAKS = rf"{_BREAK}(?:[ \t]*+{_BREAK})*+[ \t]*+"
_FOLD = rf"(?:(?<![ \t])|(?<=\\[ \t]))[ \t]*+{_BREAKS}"  # tried once a run of blanks, not at each of them

_PLAIN = regex(_FOLD)
_SINGLE = regex(rf"''|{_FOLD}")
_DOUBLE = regex(rf"\\{_BREAKS}|\\(?:x[0-9A-Fa-f]{{2}}|u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|[^xuU])|{_FOLD}")
_JSON = regex(r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[^u]")
_HEADER = regex(rf"[|>][-+0-9]*[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?{_BREAK}")
_LINE = regex(rf"( *)([^\r\n\x85\u2028\u2029]*)({_BREAK})?")
_INDENT = regex(rf"(?: *{_BREAK})*( *)")

_ESCAPES = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))
_JSON_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def plain(scalar: Scalar) -> Iterator[Piece]:
    """An unquoted YAML scalar, perhaps over several lines."""
    return _decoded(scalar, 0, _PLAIN, _fold)


def single_quoted(scalar: Scalar) -> Iterator[Piece]:
    """`'it''s'`, perhaps over several lines."""
    return _decoded(scalar, 1, _SINGLE, lambda text: "'" if text == "''" else _fold(text))


def double_quoted(scalar: Scalar) -> Iterator[Piece]:
    """A YAML scalar with escapes, perhaps over several lines."""
    return _decoded(scalar, 1, _DOUBLE, _unescape)


def json_string(scalar: Scalar) -> Iterator[Piece]:
    """A JSON string, or one that should be: in single quotes."""
    return _decoded(scalar, 1, _JSON, _unescape_json)


def literal(scalar: Scalar) -> Iterator[Piece]:
    """A `|` block."""
    return _block(scalar, folds=False)


def folded(scalar: Scalar) -> Iterator[Piece]:
    """A `>` block: lines are joined but for blank lines and lines indented further."""
    return _block(scalar, folds=True)


def _decoded(
    scalar: Scalar, quotes: int, special: re.Pattern[str], decode: Callable[[str], str]
) -> Iterator[Piece]:
    text = scalar.span.source.text
    at, end = scalar.span.start + quotes, scalar.span.end - quotes
    for match in special.finditer(text, at, end):
        if match.start() > at:
            yield text[at : match.start()], at, match.start()
        at = match.end()
        yield decode(match[0]), match.start(), at
    if at < end:
        yield text[at:end], at, end


def _fold(text: str) -> str:
    """One line break is a space; of several the first is dropped."""
    first, *others = map(_line_break, _ONE_BREAK.findall(text))
    rest = "".join(others)
    return (rest or " ") if first == "\n" else first + rest


def _line_break(text: str) -> str:
    return text if text in "\u2028\u2029" else "\n"


def _unescape(text: str) -> str:
    if text[0] != "\\":
        return _fold(text)
    char, digits = text[1], text[2:]
    if char in "xuU":
        return chr(min(int(digits, 16), 0x10FFFF))
    if _ONE_BREAK.match(char):  # an escaped line break is nothing; blank lines after it count
        return "".join(map(_line_break, _ONE_BREAK.findall(text)[1:]))
    return _ESCAPES.get(char, char)


def _unescape_json(text: str) -> str:
    if text[1] != "u":
        return _JSON_ESCAPES.get(text[1], text[1])
    code = int(text[2:6], 16)
    if len(text) > 6:  # two halves of a character
        code = 0x10000 + ((code - 0xD800) << 10) + int(text[8:], 16) - 0xDC00
    return chr(code)


def _block(scalar: Scalar, *, folds: bool) -> Iterator[Piece]:
    """The lines of a block, on and on: what it keeps of the breaks at its end is for the text to say."""
    source = scalar.span.source.text
    header = _HEADER.match(source, scalar.span.start)
    if header is None:
        return
    at = header.end()
    indent = max(_leading_blanks(source, at) - _leading_blanks(scalar.text, 0), 0)
    breaks: list[Piece] = []  # since the last line with something on it
    joins = False  # whether a line flush with the block may be joined to that one
    while at < len(source):
        line = _LINE.match(source, at)
        if line is None or (line[2] and len(line[1]) < indent):
            break
        begin = at + indent  # perhaps behind the end of a blank line
        content = source[begin : line.end(2)]
        line_break = _line_break(line[3] or ""), line.end(2), line.end()
        at = line.end() if line[3] else len(source)
        if not content:
            breaks.append(line_break)
            continue
        flush = content[0] not in " \t"
        yield from _joint(breaks) if folds and joins and flush else breaks
        yield content, begin, line.end(2)
        breaks = [line_break]
        joins = flush
    yield from breaks


def _joint(breaks: list[Piece]) -> list[Piece]:
    """What a folded block has between two flush lines: see `_fold`."""
    text, start, end = breaks[0]
    if text != "\n":
        return breaks
    return breaks[1:] or [(" ", start, end)]


def _leading_blanks(text: str, at: int) -> int:
    """Spaces before the first line from `at` on that is not blank."""
    match = _INDENT.match(text, at)
    return len(match[1]) if match else 0
