"""One line of a file as it is shown: made visible, and cut around what it is shown for."""

from __future__ import annotations

from itertools import accumulate

from xbackup_lint.dataclass import dataclass
from xbackup_lint.report.visible import columns, visible_character

_TAB = "    "
_LONG = 400
"""Columns that a line may have where no terminal limits it."""
_LONG_CUT = 200
"""Columns that are shown of a longer one: such lines are minified JSON."""


@dataclass(frozen=True, slots=True)
class LineView:
    """The part of a line that is shown, and where its characters stand in it.

    `first` is the index of the first character shown. `edges` are the columns at which the characters shown
    begin, and behind them the column at which the last one ends.
    """

    text: str
    first: int
    edges: tuple[int, ...]

    def column(self, index: int) -> int:
        """The column of a character of the line; of one that is cut off, where the text begins or ends."""
        position = index - self.first
        return self.edges[max(0, position)] if position < len(self.edges) else columns(self.text)


def view(line: str, start: int, end: int, room: int | None) -> LineView:
    """The line, or what fits into `room` columns of it around the characters from `start` to `end`."""
    limit = _limit(line, room)
    low, high = (0, len(line)) if limit is None else _part(line, start, min(end, len(line)), limit)
    shown = [_shown(char) for char in line[low:high]]
    before, after = "…" if low > 0 else "", "…" if high < len(line) else ""
    edges = accumulate((columns(char) for char in shown), initial=len(before))
    return LineView(f"{before}{''.join(shown)}{after}", low, tuple(edges))


def fits(line: str, start: int, end: int, room: int | None) -> bool:
    """Whether the characters from `start` to `end` can be seen in one view."""
    limit = _limit(line, room)
    return limit is None or _forward(line, start, limit) >= min(end, len(line))


def _limit(line: str, room: int | None) -> int | None:
    """To how many columns the line must be cut, an ellipsis on both sides not counted; None if not at all."""
    longest, cut = (_LONG, _LONG_CUT) if room is None else (room, room)
    if len(line) <= longest and _is_plain(line):
        return None
    return None if _forward(line, 0, longest) == len(line) else cut - 2


def _part(line: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """The line's beginning if that will do, else as much on both sides of the span."""
    low = 0
    if _forward(line, 0, limit) < end:
        spare = limit - sum(map(_cost, line[start : min(end, start + limit)]))
        low = _backward(line, start, spare // 2)
    high = _forward(line, low, limit)
    return _backward(line, high, limit), high


def _forward(line: str, start: int, limit: int) -> int:
    """The end of what fits into `limit` columns from `start`. Its work is bounded by the limit."""
    while start < len(line) and (limit := limit - _cost(line[start])) >= 0:
        start += 1
    return start


def _backward(line: str, end: int, limit: int) -> int:
    while end > 0 and (limit := limit - _cost(line[end - 1])) >= 0:
        end -= 1
    return end


def _cost(char: str) -> int:
    """The columns of a character, but never none: a line of combining characters has an end, too."""
    return 1 if _is_plain(char) else max(1, columns(_shown(char)))


def _is_plain(text: str) -> bool:
    """Whether every character is shown as itself, in one column."""
    return text.isascii() and text.isprintable()


def _shown(char: str) -> str:
    return _TAB if char == "\t" else visible_character(char)
