"""Where text came from, and which part of it we are talking about."""

from __future__ import annotations

from bisect import bisect_right

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex

BOM = "\ufeff"
_LINE_END = regex("\n")


@dataclass(frozen=True, eq=False)
class Source:
    """One input file, read once and kept for as long as findings point into it."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of `offset`."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    def line(self, number: int) -> str:
        """The text of one line, without its end. Cut once: a long line may have thousands of findings."""
        found = self._lines.get(number)
        if found is None:
            start = self._line_starts[number - 1]
            end = self.text.find("\n", start)
            found = self._lines[number] = self.text[start : end if end != -1 else None].rstrip("\r")
        return found

    def line_start(self, number: int) -> int:
        """The offset at which line `number` begins."""
        return self._line_starts[number - 1]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `[start, end)`, in one source.

    Lines and columns are derived, never stored: two numbers cannot disagree.
    """

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def unquoted(self) -> str:
        """The text without the quotes of JSON or YAML around it: what a file calls a thing. Escapes are left."""
        text = self.text
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text

    @property
    def begin(self) -> tuple[int, int]:
        """1-based line and column of the first character."""
        return self.source.line_and_column(self.start)

    @property
    def finish(self) -> tuple[int, int]:
        """1-based line and column just behind the last character."""
        return self.source.line_and_column(self.end)

    @property
    def sort_key(self) -> tuple[str, int, int]:
        return self.source.path, self.start, self.end

    def contains(self, other: Span) -> bool:
        same = self.source is other.source
        return same and self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        line, column = self.begin
        return f"{self.source.path}:{line}:{column}"


NOWHERE = Span(Source("", ""), 0, 0)
"""Where that stands which no file says: what the command line tells."""
