"""Which characters of a file a part of a decoded scalar came from."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text import spelling
from xbackup_lint.text.node import Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.text.spelling import Piece

_SHORT = 4096
"""Characters of a verbatim text that is compared anew for each part: that costs less than remembering it."""

_MOST_PIECES = 50_000
"""Pieces kept of one scalar: a policy has hundreds. What has more is underlined as a whole."""

_KEPT = 16
"""Scalars whose pieces are remembered: who reads a scalar asks for its parts one after the other."""


def span_within(scalar: Scalar, start: int, end: int) -> Span:
    """The place of `scalar.text[start:end]`, from its first character to its last.

    An empty range gives an empty span. Where the file does not spell the text as it should by its style,
    the answer is the whole scalar.
    """
    span, size = scalar.span, len(scalar.text)
    start = min(start, size)
    end = max(start, min(end, size))
    begin = _verbatim(scalar) if size <= _SHORT else None
    if begin is not None:
        return Span(span.source, begin + start, begin + end)
    origin = _origin(scalar)
    if origin is None:
        return span
    first = origin.place(start)[0] if start < size else span.end - _quotes(scalar)
    last = origin.place(end - 1)[1] if start < end else first
    return Span(span.source, min(first, span.end), min(last, span.end))


@dataclass(frozen=True, slots=True)
class _Origin:
    """The pieces of a decoded text, in order: piece `i` is `[text[i], text[i + 1])` and stands in the source
    at `[start[i], end[i])`, character for character where the two are equally long.
    """

    text: array[int]
    start: array[int]
    end: array[int]

    def place(self, at: int) -> tuple[int, int]:
        """Where the source spells the character at `at`."""
        piece = bisect_right(self.text, at) - 1
        begin, start, end = self.text[piece], self.start[piece], self.end[piece]
        if end - start != self.text[piece + 1] - begin:
            return start, end
        return start + at - begin, start + at - begin + 1


@lru_cache(maxsize=_KEPT)
def _origin(scalar: Scalar) -> _Origin | None:
    """None where the pieces that the style makes of the source are not the text."""
    text, starts, ends = array("q", [0]), array("q"), array("q")
    at = 0
    for decoded, start, end in _pieces(scalar):
        if at == len(scalar.text):  # trailing line breaks that the style does not keep
            break
        if not scalar.text.startswith(decoded, at) or len(starts) == _MOST_PIECES:
            return None
        if decoded:
            at += len(decoded)
            text.append(at)
            starts.append(start)
            ends.append(end)
    return _Origin(text, starts, ends) if at == len(scalar.text) else None


def _pieces(scalar: Scalar) -> Iterator[Piece]:
    begin = _verbatim(scalar)
    if begin is not None:
        return iter([(scalar.text, begin, begin + len(scalar.text))])
    return _SPELLINGS[scalar.style](scalar)


_SPELLINGS: dict[str, Callable[[Scalar], Iterator[Piece]]] = {
    "plain": spelling.plain,
    "'": spelling.single_quoted,
    '"': spelling.double_quoted,
    "|": spelling.literal,
    ">": spelling.folded,
    "json": spelling.json_string,
}


def _verbatim(scalar: Scalar) -> int | None:
    """Where the text begins, if it stands in the source as it is."""
    span = scalar.span
    quotes = _quotes(scalar)
    if span.end - span.start != len(scalar.text) + 2 * quotes:
        return None
    begin = span.start + quotes
    return begin if span.source.text.startswith(scalar.text, begin) else None


def _quotes(scalar: Scalar) -> int:
    """Characters around the text at either end. Only strings have them in JSON."""
    if scalar.style == "json":
        return int(scalar.span.source.text[scalar.span.start] in "\"'")
    return int(scalar.style in ("'", '"'))
