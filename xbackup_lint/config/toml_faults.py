"""What tomllib refuses: in plain words, at the place where it is to be mended."""

from __future__ import annotations

import re
from collections.abc import Callable

from xbackup_lint.regex import regex
from xbackup_lint.text.node import Scalar, Unreadable
from xbackup_lint.text.source import Source, Span

_PLACE = regex(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_GIVEN_TWICE = ("Cannot ", "Duplicate inline table key")
_LEADING_ZERO = regex(r"0[0-9]{11}\b")


def fault(source: Source, message: str, last_key: Callable[[Source, int], tuple[Scalar, ...]]) -> Unreadable:
    """The error for a message of tomllib. `last_key` tells the key whose value ends at an offset."""
    found = _PLACE.fullmatch(message)
    if found is None:  # a number of thousands of digits
        return Unreadable(message, Span(source, 0, len(source.text)))
    at = source.line_start(int(found[2])) + int(found[3]) - 1 if found[2] else len(source.text)
    if at and _LEADING_ZERO.match(source.text, at - 1):
        hint = "an account id that begins with 0 stands in quotes"
        return Unreadable(hint, Span(source, at - 1, at + 11))
    if found[1].startswith(_GIVEN_TWICE):
        key = last_key(source, at)  # tomllib points behind the value, which may be lines away
        if key:
            return _given_twice(key)
    return Unreadable.at(source, at, found[1][:1].lower() + found[1][1:])


def _given_twice(key: tuple[Scalar, ...]) -> Unreadable:
    name = ".".join(part.text for part in key)
    first, last = key[0].span, key[-1].span
    message = f"key `{name}` is given twice, or adds to a value that is complete"
    return Unreadable(message, Span(first.source, first.start, last.end))
