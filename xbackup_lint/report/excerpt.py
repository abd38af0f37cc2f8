"""The places that a finding speaks of, shown in their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.engine.result import Location, Related
from xbackup_lint.report.colour import Line, Style, path_piece
from xbackup_lint.report.line_view import fits, view
from xbackup_lint.report.underline import Mark, underlines
from xbackup_lint.report.visible import visible

_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Frame:
    """How an excerpt is drawn.

    `digits` are those of the longest line number, `style` is the primary mark's, `width` is in columns.
    `whole` has the lines of files, by path, of which every line is drawn.
    """

    digits: int
    style: Style
    width: int | None
    whole: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def room(self) -> int | None:
        """The columns behind the gutter; never so few that nothing can be seen."""
        return None if self.width is None else max(_NARROWEST, self.width - self.digits - 4)

    def bar(self) -> Line:
        return [(" " * (self.digits + 2) + "|", "gutter")]

    def numbered(self, number: int) -> Line:
        return [(f" {number:>{self.digits}} |", "gutter")]

    def gap(self) -> Line:
        return [("...".rjust(self.digits + 1), "gutter")]

    def arrow(self, arrow: str, location: Location) -> Line:
        """The line that names a place, ` --> path:line:column`."""
        return [
            *self.named(arrow, location.path),
            (f":{location.start_line}:{location.start_column}", "plain"),
        ]

    def named(self, arrow: str, path: str) -> Line:
        return [(" " * (self.digits + 1) + arrow, "gutter"), (" ", "plain"), path_piece(path)]


def digits(locations: Iterable[Location]) -> int:
    """The digits of the longest line number that excerpts of these places show."""
    return max((len(str(location.start_line)) for location in locations if location.lines), default=1)


def excerpts(primary: Location, related: Sequence[Related], frame: Frame) -> list[Line]:
    """The primary's file with all that is related in it, then each other file.

    A place whose text is not at hand is named, with its message, and not shown.
    """
    own = [place for place in related if place.location.path == primary.path]
    lines = [frame.arrow("-->", primary), *_excerpt(primary.path, primary, own, frame)]
    others: dict[str, list[Related]] = {}
    for place in related:
        if place.location.path != primary.path and place.location.lines:
            others.setdefault(place.location.path, []).append(place)
    for path, places in others.items():
        first = min((place.location for place in places), key=_position)
        lines += [frame.arrow(":::", first), *_excerpt(path, None, places, frame)]
    for place in related:
        if not place.location.lines:
            message = f" {visible(place.message)}" if place.message else ""
            lines.append([*frame.arrow(":::", place.location), (message, "label")])
    return lines + unmarked(frame, {primary.path, *others})


def unmarked(frame: Frame, marked: Iterable[str] = ()) -> list[Line]:
    """The files that are drawn whole, but for those that are drawn already, with marks."""
    lines: list[Line] = []
    for path in frame.whole:
        if path not in marked:
            lines += [frame.named(":::", path), *_excerpt(path, None, (), frame)]
    return lines


def _excerpt(path: str, primary: Location | None, related: Sequence[Related], frame: Frame) -> list[Line]:
    """Lines of one file in their order, each with its marks."""
    texts = dict(enumerate(frame.whole.get(path, ()), 1))
    marks: dict[int, dict[tuple[int, int], Mark]] = {}
    places = [*([(primary, True, "")] if primary else []), *((r.location, False, r.message) for r in related)]
    for location, is_primary, message in places:
        if location.lines:
            texts.setdefault(location.start_line, location.lines[0])
            mark = _mark(location, is_primary, message)
            of_line = marks.setdefault(location.start_line, {})
            of_line[mark.start, mark.end] = _merged(of_line.get((mark.start, mark.end)), mark)
    if not texts:
        return []
    lines = [frame.bar()]
    previous = min(texts)
    for number in sorted(texts):
        if number > previous + 1:
            lines.append(frame.gap())
        lines += _line(number, texts[number], list(marks.get(number, {}).values()), frame)
        previous = number
    return lines


def _position(location: Location) -> tuple[int, int]:
    return location.start_line, location.start_column


def _mark(location: Location, is_primary: bool, message: str) -> Mark:
    """What to underline of the location's first line: all of it if there are others."""
    line = location.lines[0]
    start = min(location.start_column - 1, len(line))
    end = location.end_column - 1
    if location.end_line > location.start_line:
        end = len(line.rstrip())
        start += len(line[start:end]) - len(line[start:end].lstrip())
    return Mark(start, max(end, start), is_primary, (visible(message),) if message else ())


def _merged(one: Mark | None, other: Mark) -> Mark:
    if one is None:
        return other
    messages = dict.fromkeys(one.messages + other.messages)
    return Mark(one.start, one.end, one.is_primary or other.is_primary, tuple(messages))


def _line(number: int, text: str, marks: list[Mark], frame: Frame) -> list[Line]:
    """One line and its marks; shown again for marks that are too far apart to be seen together."""
    if not marks:
        return [_behind(frame.numbered(number), [(view(text, 0, 0, frame.room).text.rstrip(), "plain")])]
    lines: list[Line] = []
    for group in _groups(text, sorted(marks, key=lambda mark: (mark.start, mark.end)), frame.room):
        seen = view(text, group[0].start, max(mark.end for mark in group), frame.room)
        lines.append(_behind(frame.numbered(number), [(seen.text.rstrip(), "plain")]))
        placed = []
        for mark in group:
            start = seen.column(mark.start)
            placed.append(Mark(start, max(seen.column(mark.end), start + 1), mark.is_primary, mark.messages))
        lines += [_behind(frame.bar(), row) for row in underlines(placed, frame.style, frame.room)]
    return lines


def _groups(text: str, marks: list[Mark], room: int | None) -> list[list[Mark]]:
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and fits(text, groups[-1][0].start, max(mark.end, *(m.end for m in groups[-1])), room):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _behind(gutter: Line, line: Line) -> Line:
    return [*gutter, (" ", "plain"), *line] if any(text for text, _ in line) else gutter
