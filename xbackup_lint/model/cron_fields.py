"""The six fields of a cron expression of AWS: what each may hold, and what is wrong with what it holds."""

from __future__ import annotations

import re
from typing import Literal

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex

# AWS: fields, values and wildcards (EventBridge: cron expressions; F5.4). Not documented, and not refused here: lower
# case, ranges over the end of a field (`FRI-MON`), `LW`, `L-3`, `/5` for `*/5`, steps in the days of the week.
_ITEM = regex(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)?(?:/(?P<step>[0-9]{1,9}))?")
_NTH = regex(r"(?P<day>\w+)#(?P<nth>[0-9]{1,9})")
_LAST_DAY = regex(r"L(?:-(?P<before>[0-9]{1,2}))?|(?P<weekday>LW)|(?P<near>[0-9]{1,2})W")
_LAST_OF_WEEK = regex(r"(?P<day>\w*)L")

_COMMA = regex(",")

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

_MOST_WEEKS = 5
"""A day of the week comes four or five times in a month."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the six fields: its values, and the wildcards that only some fields have."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    wildcards: str = ""

    def number(self, word: str) -> int | None:
        """The value that a word stands for, in range or not; None where it stands for none."""
        if word.upper() in self.names:
            return self.names.index(word.upper()) + 1
        return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None

    @property
    def range(self) -> str:
        """Its values in words: `1 to 12 or JAN to DEC`."""
        names = f" or {self.names[0]} to {self.names[-1]}" if self.names else ""
        return f"{self.least} to {self.most}{names}"

    def has(self, number: int) -> bool:
        return self.least <= number <= self.most


UNITS = (
    Unit("minute", 0, 59),
    Unit("hour", 0, 23),
    Unit("day of the month", 1, 31, wildcards="?LW"),
    Unit("month", 1, 12, MONTHS),
    Unit("day of the week", 1, 7, WEEKDAYS, "?L#"),
    Unit("year", 1970, 2199),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong between two characters of an expression. `reason` is a word; `facts` fill in what it names."""

    reason: str
    start: int
    end: int
    facts: dict[str, str] = field(default_factory=dict)
    meant: str = ""
    """The whole expression as it was probably meant."""


Special = tuple[Literal["last", "last-weekday", "near", "last-of-week", "nth"], int, int]
"""A day that depends on the month: `L-2` is (last, 2, 0), `15W` (near, 15, 0), `6L` (last-of-week, 6, 0),
`2#3` (nth, 2, 3)."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a day field names. Days of the week count from Sunday, 1."""

    numbers: frozenset[int] = frozenset()
    special: frozenset[Special] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of an expression, and where they begin."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def fault(self, reason: str, unit: Unit | None = None) -> Fault:
        """That it is wrong; `unit` is the field that it stands in."""
        facts = {"field": unit.name, "range": unit.range} if unit is not None else {}
        return Fault(reason, self.start, self.end, {"written": self.text, **facts})

    def split(self, separator: re.Pattern[str]) -> list[Word]:
        """Itself without what `separator` matches."""
        found, at = list[Word](), 0
        for match in separator.finditer(self.text):
            found.append(Word(self.text[at : match.start()], self.start + at))
            at = match.end()
        return [*found, Word(self.text[at:], self.start + at)]


def read_field(unit: Unit, word: Word) -> tuple[Days, list[Fault]]:
    numbers, special, faults = set[int](), set[Special](), list[Fault]()
    items = word.split(_COMMA)
    for item in items:
        named = _special(unit, item)
        if isinstance(named, Fault):
            faults.append(named)
        elif named is not None:
            special.add(named)
            # AWS: with `#` a field holds one expression only (EventBridge: cron expressions).
            if named[0] == "nth" and len(items) > 1:
                faults.append(word.fault("several-nth", unit))
                break
        else:
            found = _numbers(unit, item if item.text else word)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                numbers |= found
    return Days(frozenset(numbers), frozenset(special)), faults


def _special(unit: Unit, item: Word) -> Special | Fault | None:
    """`L`, `W` and `#`, where the field has them; None of everything else."""
    text = item.text.upper()
    if "W" in unit.wildcards and (match := _LAST_DAY.fullmatch(text)):
        if match["weekday"]:
            return "last-weekday", 0, 0
        if match["near"]:
            day = int(match["near"])
            return ("near", day, 0) if unit.has(day) else item.fault("out-of-range", unit)
        return "last", int(match["before"] or 0), 0
    if "#" in unit.wildcards and (match := _NTH.fullmatch(text) or _LAST_OF_WEEK.fullmatch(text)):
        is_nth = "nth" in match.groupdict()
        nth = int(match["nth"]) if is_nth else 0
        weekday = unit.number(match["day"]) if match["day"] else len(WEEKDAYS)
        if weekday is None:
            return item.fault("not-a-value", unit)
        if not unit.has(weekday) or nth > _MOST_WEEKS or (is_nth and not nth):
            return item.fault("out-of-range", unit)
        # `L` alone is the last day of the week, Saturday.
        return ("nth", weekday, nth) if nth else ("last-of-week", weekday, 0) if match["day"] else None
    return None


def _numbers(unit: Unit, item: Word) -> frozenset[int] | Fault:
    """A value, a range or all, perhaps in steps."""
    if item.text.upper() == "L" and "#" in unit.wildcards:
        return frozenset((len(WEEKDAYS),))
    if "?" in item.text:
        return item.fault("misplaced-question-mark", unit)
    match = _ITEM.fullmatch(item.text)
    if match is None or not item.text:
        return item.fault("not-a-value", unit)
    step = int(match["step"]) if match["step"] else 1
    if not step:
        return item.fault("no-step", unit)
    first = unit.number(match["first"]) if match["first"] else unit.least
    otherwise = unit.most if match["step"] or not match["first"] else first
    last = unit.number(match["last"]) if match["last"] else otherwise
    if first is None or last is None:
        return item.fault("not-a-value", unit)
    if not unit.has(first) or not unit.has(last):
        return item.fault("out-of-range", unit)
    if first <= last:
        return frozenset(range(first, last + 1, step))
    size = unit.most - unit.least + 1
    return frozenset((n - unit.least) % size + unit.least for n in range(first, last + size + 1, step))
