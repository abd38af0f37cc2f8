"""When a cron expression runs: the days as bits of one number, and the minutes of a day.

Days and times are those of the schedule's own time zone; clocks that change for summer are not regarded.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import lru_cache
from itertools import pairwise

from xbackup_lint.dataclass import replace
from xbackup_lint.model.cron import Cron
from xbackup_lint.model.cron_fields import Days, Special

MINUTES_OF_A_DAY = 24 * 60
_SATURDAY, _SUNDAY = 7, 1
_FIRST_YEAR = 1970


def days_of(cron: Cron) -> int:
    """The days on which it runs: bit 0 is 1970-01-01."""
    return _days_of(replace(cron, minutes=frozenset(), hours=frozenset()))


@lru_cache(maxsize=1024)
def _days_of(cron: Cron) -> int:
    """The days, whatever the time: few schedules differ in them."""
    start = date(_FIRST_YEAR, 1, 1).toordinal()
    found = 0
    years: dict[tuple[bool, int], int] = {}
    for year in sorted(cron.years):
        first = date(year, 1, 1)
        length = date(year + 1, 1, 1).toordinal() - first.toordinal()
        kind = (length == 366, _weekday(first))
        if kind not in years:
            years[kind] = _days_of_year(cron, year)
        found |= years[kind] << (first.toordinal() - start)
    return found


def _weekday(day: date) -> int:
    """Sunday is 1, Saturday 7, as AWS counts."""
    return day.isoweekday() % 7 + 1


def _days_of_year(cron: Cron, year: int) -> int:
    new_year = date(year, 1, 1).toordinal()
    found = 0
    for month in cron.months:
        first = date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        length = following.toordinal() - first.toordinal()
        for day in days_of_month(cron, length, _weekday(first)):
            found |= 1 << (first.toordinal() - new_year + day - 1)
    return found


def days_of_month(cron: Cron, length: int, first_weekday: int) -> frozenset[int]:
    """The days, from 1, of a month of so many days whose first is that day of the week."""
    days = range(1, length + 1)

    def weekday(day: int) -> int:
        return (first_weekday + day - 2) % 7 + 1

    def of(named: Days) -> frozenset[int]:
        return frozenset(found for one in named.special if (found := _special(one, length, first_weekday)))

    if cron.days_of_month is not None:
        numbers = cron.days_of_month.numbers
        return frozenset(day for day in days if day in numbers) | of(cron.days_of_month)
    assert cron.days_of_week is not None, "one of the two is given"  # noqa: S101
    numbers = cron.days_of_week.numbers
    return frozenset(day for day in days if weekday(day) in numbers) | of(cron.days_of_week)


def _special(special: Special, length: int, first_weekday: int) -> int:
    """The day that a wildcard names in a month; 0 where the month has none."""
    kind, number, nth = special
    first = (number - first_weekday) % 7 + 1
    match kind:
        case "last":
            return max(length - number, 0)
        case "last-weekday":
            return _nearest_weekday(length, length, first_weekday)
        case "near":
            return _nearest_weekday(number, length, first_weekday) if number <= length else 0
        case "nth":
            day = first + 7 * (nth - 1)
            return day if day <= length else 0
        case _:
            return first + (length - first) // 7 * 7


def _nearest_weekday(day: int, length: int, first_weekday: int) -> int:
    """The day from Monday to Friday nearest to a day, in the same month."""
    weekday = (first_weekday + day - 2) % 7 + 1
    if weekday == _SATURDAY:
        return day - 1 if day > 1 else day + 2
    if weekday == _SUNDAY:
        return day + 1 if day < length else day - 2
    return day


@lru_cache(maxsize=1024)
def minutes_of(cron: Cron) -> tuple[int, ...]:
    """The minutes after midnight at which it runs, in order."""
    return tuple(sorted(hour * 60 + minute for hour in cron.hours for minute in cron.minutes))


def times_apart(cron: Cron) -> int:
    """The fewest minutes between two of its times of day, if it ran every day: known without looking at its days."""
    minutes = minutes_of(cron)
    return min(
        (later - earlier for earlier, later in pairwise((*minutes, minutes[0] + MINUTES_OF_A_DAY))),
        default=MINUTES_OF_A_DAY,
    )


@lru_cache(maxsize=1024)
def shortest_interval(cron: Cron) -> int | None:
    """The fewest minutes between one run and the next; None where it runs once or never."""
    days, minutes = days_of(cron), minutes_of(cron)
    if not days:
        return None
    found = [later - earlier for earlier, later in pairwise(minutes)]
    apart = _fewest_days_apart(days)
    if apart is not None:
        found.append(apart * MINUTES_OF_A_DAY + minutes[0] - minutes[-1])
    return min(found, default=None)


@lru_cache(maxsize=1024)
def _fewest_days_apart(days: int) -> int | None:
    gaps = f"{days:b}".rstrip("0").split("1")[1:-1]
    return min(map(len, gaps)) + 1 if gaps else None


@lru_cache(maxsize=4096)
def shortest_wait(first: Cron, second: Cron, most: int) -> int | None:
    """The fewest minutes that a run of `second` comes after, or with, one of `first`; None where over `most`."""
    early, late = minutes_of(first), minutes_of(second)
    own, other = days_of(first), days_of(second)
    waits = [wait] if own & other and (wait := _wait_in_a_day(early, late)) is not None else []
    # Of days apart the fewest come first, and more days are always a longer wait.
    for apart in range(1, most // MINUTES_OF_A_DAY + 2):
        if (own << apart) & other:
            waits.append(apart * MINUTES_OF_A_DAY + late[0] - early[-1])
            break
    found = min(waits, default=None)
    return found if found is not None and found <= most else None


def _wait_in_a_day(early: tuple[int, ...], late: tuple[int, ...]) -> int | None:
    waits = (late[at] - minute for minute in early if (at := bisect_left(late, minute)) < len(late))
    return min(waits, default=None)
