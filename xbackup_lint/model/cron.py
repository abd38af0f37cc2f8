"""Schedule expressions of AWS: `cron(…)` of six fields, and the place and reason of each fault in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.cron_fields import UNITS, Days, Fault, Word, read_field
from xbackup_lint.regex import regex

_CRON = regex(r"\s*cron\s*\((?P<fields>.*)\)\s*", re.IGNORECASE | re.DOTALL)
_OPEN = regex(r"\s*cron\b", re.IGNORECASE)
_RATE = regex(r"\s*rate\b", re.IGNORECASE)
_RATE_OF = regex(r"\s*rate\s*\(\s*([0-9]{1,9})\s+(minute|hour|day)s?\s*\)\s*", re.IGNORECASE)
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_SPACE = regex(r"\s+")
_BARE = regex(r"[0-9*?/,#A-Za-z-]+")


_LONGEST = 2000
"""Characters of an expression that are looked at: every minute, day and year can be named in fewer."""


@dataclass(frozen=True, slots=True)
class Cron:
    """An expression that can run. Of the two day fields the one that is `?` is None."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days_of_month: Days | None
    months: frozenset[int]
    days_of_week: Days | None
    years: frozenset[int]


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression as far as it can be read."""

    cron: Cron | None
    faults: tuple[Fault, ...] = ()


def rate_minutes(text: str) -> int | None:
    """Minutes between two runs of `rate(…)`; None where the text is no such expression."""
    match = _RATE_OF.fullmatch(text)
    return int(match[1]) * _MINUTES[match[2].lower()] if match else None


def is_rate(text: str) -> bool:
    """Whether a text begins as `rate(…)`, well formed or not."""
    return _RATE.match(text) is not None


@lru_cache(maxsize=4096)
def parse(text: str) -> Parsed:
    """Read an expression: what it says, or everything that is wrong with it. `rate(…)` is neither."""
    if is_rate(text) or not text.strip():
        return Parsed(None)
    match = _CRON.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return Parsed(None, (_unwrapped(text),))
    inside = match["fields"]
    start = match.start("fields") + len(inside) - len(inside.lstrip())
    whole = Word(inside.strip(), start)
    words = [word for word in whole.split(_SPACE) if word.text]
    if len(words) != len(UNITS):
        return Parsed(None, (_wrong_number(whole if words else Word(text, 0), words),))
    return _fields(words)


def _wrong_number(place: Word, words: list[Word]) -> Fault:
    """Fewer or more than six fields. Five are those of Unix, or AWS's without the year."""
    if len(words) != len(UNITS) - 1:
        reason = "seven-fields" if len(words) == len(UNITS) + 1 else "fields"
        return Fault(reason, place.start, place.end, {"fields": str(len(words))})
    meant = _from_unix([word.text for word in words])
    return Fault("five-fields" if meant else "five-fields-two-days", place.start, place.end, {}, meant)


def _unwrapped(text: str) -> Fault:
    """A text that is not `cron(…)`: its fields alone, no closing bracket, or something else."""
    words = text.split(None, len(UNITS))
    whole = Word(text, 0)
    if _OPEN.match(text):
        return whole.fault("unclosed")
    if len(words) in (5, 6) and all(map(_BARE.fullmatch, words)) and re.match(r"[0-9*]", words[0]):
        meant = _from_unix(words) if len(words) == len(UNITS) - 1 else f"cron({' '.join(words)})"
        return Fault("bare" if meant else "bare-two-days", 0, len(text), {"written": text}, meant)
    return whole.fault("not-a-schedule")


def _from_unix(words: list[str]) -> str:
    """The five fields of Unix as AWS writes them; empty where both days are given. AWS counts from Sunday, 1."""
    minutes, hours, day, month, weekday = words
    if (day == "?") != (weekday == "?"):  # AWS's own, only the year is missing
        return f"cron({' '.join(words)} *)"
    if weekday in ("*", "?"):
        return f"cron({minutes} {hours} {day.replace('?', '*')} {month} ? *)"
    if day not in ("*", "?"):
        return ""
    shifted = re.sub(r"(?<![/#\w])[0-7](?![\w])", lambda digit: str(int(digit[0]) % 7 + 1), weekday)
    return f"cron({minutes} {hours} ? {month} {shifted} *)"


def _fields(words: list[Word]) -> Parsed:
    faults = list(_of_both_days(words))
    read = list[Days | None]()
    for unit, word in zip(UNITS, words, strict=True):
        if word.text == "?" and "?" in unit.wildcards:
            read.append(None)
            continue
        days, wrong = read_field(unit, word)
        faults.extend(wrong)
        read.append(days)
    if faults:
        return Parsed(None, tuple(faults))
    minutes, hours, day, month, weekday, year = read
    numbers = [
        days.numbers if days is not None else frozenset[int]() for days in (minutes, hours, month, year)
    ]
    return Parsed(Cron(numbers[0], numbers[1], day, numbers[2], weekday, numbers[3]))


def _of_both_days(words: list[Word]) -> Iterator[Fault]:
    """AWS: exactly one of day of month and day of week is `?`."""
    day, weekday = words[2], words[4]
    if day.text == "?" and weekday.text == "?":
        meant = [word.text for word in words]
        meant[4] = "*"
        yield Fault("two-question-marks", weekday.start, weekday.end, {}, f"cron({' '.join(meant)})")
    elif "?" not in day.text + weekday.text:
        free = weekday if weekday.text == "*" else day if day.text == "*" else None
        if free is None:
            yield Fault("two-days", weekday.start, weekday.end, {"day": day.text, "weekday": weekday.text})
            return
        meant = ["?" if word is free else word.text for word in words]
        yield Fault("no-question-mark", free.start, free.end, {}, f"cron({' '.join(meant)})")
