"""The rows under a line of a file: what is underlined, and what is said of it."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.report.colour import Line, Style
from xbackup_lint.report.visible import columns, wrap


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to underline, in characters of its line (from 0, end exclusive) or in columns of the view.

    `is_primary` is what the finding reports on.
    """

    start: int
    end: int
    is_primary: bool
    messages: tuple[str, ...] = ()


def underlines(marks: list[Mark], style: Style, room: int | None) -> list[Line]:
    """Rows for marks in columns: one where they do not touch, each message beside its mark or below it."""
    rows: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: not mark.is_primary):
        free = (row for row in rows if not any(_touch(mark, other) for other in row))
        row = next(free, None)
        if row is None:
            rows.append([mark])
        else:
            row.append(mark)
    return [line for row in rows for line in _row(sorted(row, key=lambda mark: mark.start), style, room)]


def _touch(one: Mark, other: Mark) -> bool:
    gap = 1 if one.is_primary == other.is_primary else 0
    return one.start < other.end + gap and other.start < one.end + gap


def _row(marks: list[Mark], style: Style, room: int | None) -> list[Line]:
    line: Line = []
    column = 0
    for mark in marks:
        line.append((" " * (mark.start - column), "plain"))
        line.append(_dashes(mark, style))
        column = mark.end
    pending = [(mark, message) for mark in reversed(marks) for message in mark.messages]
    if pending and pending[0][0] is marks[-1] and _fits(column + 1, pending[0][1], room):
        line.append((f" {pending[0][1]}", _style(marks[-1], style)))
        pending = pending[1:]
    lines = [line]
    for i, (mark, message) in enumerate(pending):
        left = [other for other, _ in pending[i + 1 :] if other is not mark]
        lines += _message(mark, message, left, style, room)
    return lines


def _message(mark: Mark, message: str, left: list[Mark], style: Style, room: int | None) -> list[Line]:
    """A message below its mark, moved to the left where it would not fit; `left` are marks still to speak."""
    start = mark.start
    if room is not None and not _fits(start, message, room):
        start = max(0, room - columns(message))
    lines: list[Line] = []
    for text in wrap(message, start, start, room):
        line: Line = []
        column = 0
        for other in sorted(set(left), key=lambda other: other.start):
            if other.start < start - 1:
                line.append((" " * (other.start - column), "plain"))
                line.append(("|", _style(other, style)))
                column = other.start + 1
        line.append((" " * (start - column), "plain"))
        line.append((text, _style(mark, style)))
        lines.append(line)
    return lines


def _dashes(mark: Mark, style: Style) -> tuple[str, Style]:
    return ("^" if mark.is_primary else "-") * (mark.end - mark.start), _style(mark, style)


def _style(mark: Mark, style: Style) -> Style:
    return style if mark.is_primary else "label"


def _fits(start: int, message: str, room: int | None) -> bool:
    return room is None or start + columns(message) <= room
