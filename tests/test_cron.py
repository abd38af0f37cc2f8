"""Schedule expressions: what AWS takes, what is wrong with the rest and where, and what that law says of intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xbackup_lint.model.cron import Cron, parse, rate_minutes
from xbackup_lint.model.cron_calendar import days_of, minutes_of, shortest_interval, shortest_wait

HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60

INTERVALS = [
    # what AWS's own examples write
    ("cron(0 5 ? * * *)", DAY),
    ("cron(0 5 * * ? *)", DAY),
    ("cron(0 0/1 ? * * *)", HOUR),
    ("cron(15 * ? * * *)", HOUR),
    ("cron(0 0/12 ? * * *)", 12 * HOUR),
    ("cron(0 5 ? * 7 *)", WEEK),
    ("cron(0 0 ? * MON *)", WEEK),
    ("cron(0 18 ? * MON-FRI *)", DAY),
    ("cron(0 8 1 * ? *)", 28 * DAY),
    # minutes and hours
    ("cron(0/15 * ? * * *)", 15),
    ("cron(0,30 8 ? * * *)", 30),
    ("cron(* 5 ? * * *)", 1),
    ("cron(0 8-18/2 ? * * *)", 2 * HOUR),
    ("cron(45 23 ? * * *)", DAY),
    ("cron(0,45 0,23 ? * * *)", 15),
    ("cron(15 0,23 ? * * *)", HOUR),
    ("cron(0 22-2/2 ? * * *)", 2 * HOUR),
    ("cron(/20 5 ? * * *)", 20),
    # days of the month
    ("cron(0 5 1,15 * ? *)", 14 * DAY),
    ("cron(0 5 L * ? *)", 28 * DAY),
    ("cron(0 5 L-3 * ? *)", 28 * DAY),
    ("cron(0 5 31 * ? *)", 31 * DAY),
    ("cron(0 5 15W * ? *)", 28 * DAY),
    ("cron(0 5 1W * ? *)", 28 * DAY),
    ("cron(0 5 LW * ? *)", 28 * DAY),
    ("cron(0 5 1,L * ? *)", DAY),
    # days of the week
    ("cron(0 5 ? * SAT,SUN *)", DAY),
    ("cron(0 5 ? * L *)", WEEK),
    ("cron(0 5 ? * FRI-MON *)", DAY),
    ("cron(0 5 ? * 2-6/2 *)", 2 * DAY),
    ("cron(0 5 ? * 2#1 *)", 28 * DAY),
    ("cron(0 5 ? * TUE#5 *)", 63 * DAY),
    ("cron(0 5 ? * 6L *)", 28 * DAY),
    ("cron(0 5 ? * FRIL *)", 28 * DAY),
    # months and years
    ("cron(0 5 1 1 ? *)", 365 * DAY),
    ("cron(0 5 1 JAN,JUL ? *)", 181 * DAY),
    ("cron(0 5 1 */3 ? *)", 90 * DAY),
    ("cron(0 5 29 2 ? *)", 1461 * DAY),
    ("cron(0 5 1 1 ? 2026/2)", 730 * DAY),
    ("cron(0 5 1 1 ? 2026)", None),
    ("cron(0 5 30 FEB ? *)", None),
    ("cron(0 5,6 1 1 ? 2026)", HOUR),
    # however it is written
    ("  cron( 0  5 ? * * * ) ", DAY),
    ("cron(0 5 ? jan-dec mon-sun *)", DAY),
]


@pytest.mark.parametrize(("expression", "minutes"), INTERVALS)
def test_shortest_interval(expression: str, minutes: int | None) -> None:
    parsed = parse(expression)

    assert parsed.faults == ()
    assert parsed.cron is not None
    assert shortest_interval(parsed.cron) == minutes


FAULTS = [
    # the five fields of Unix
    ("cron(0 5 * * *)", ["five-fields: 0 5 * * *"], "cron(0 5 * * ? *)"),
    ("cron(0 5 1 * *)", ["five-fields: 0 5 1 * *"], "cron(0 5 1 * ? *)"),
    ("cron(0 5 * * 1-5)", ["five-fields: 0 5 * * 1-5"], "cron(0 5 ? * 2-6 *)"),
    ("cron(0 5 * * 0,6)", ["five-fields: 0 5 * * 0,6"], "cron(0 5 ? * 1,7 *)"),
    ("cron(0 5 * * 7)", ["five-fields: 0 5 * * 7"], "cron(0 5 ? * 1 *)"),
    ("cron(0 5 * * MON-FRI)", ["five-fields: 0 5 * * MON-FRI"], "cron(0 5 ? * MON-FRI *)"),
    ("cron(0 5 1 * 1)", ["five-fields-two-days: 0 5 1 * 1"], ""),
    ("cron(0 5 ? * 2)", ["five-fields: 0 5 ? * 2"], "cron(0 5 ? * 2 *)"),
    ("cron(0 5 ? * ?)", ["five-fields: 0 5 ? * ?"], "cron(0 5 * * ? *)"),
    ("0 5 * * *", ["bare: 0 5 * * *"], "cron(0 5 * * ? *)"),
    ("0 5 ? * * *", ["bare: 0 5 ? * * *"], "cron(0 5 ? * * *)"),
    ("0 5 1 * 1", ["bare-two-days: 0 5 1 * 1"], ""),
    # another number of fields
    ("cron(0 0 5 ? * * *)", ["seven-fields: 0 0 5 ? * * *"], ""),
    ("cron(0 5)", ["fields: 0 5"], ""),
    ("cron()", ["fields: cron()"], ""),
    # not cron
    ("daily", ["not-a-schedule: daily"], ""),
    ("every day at five in the morning", ["not-a-schedule: every day at five in the morning"], ""),
    ("at(2027-01-01T05:00:00)", ["not-a-schedule: at(2027-01-01T05:00:00)"], ""),
    ("cron(0 5 ? * * *", ["unclosed: cron(0 5 ? * * *"], ""),
    ("cron 0 5 ? * * *", ["unclosed: cron 0 5 ? * * *"], ""),
    # exactly one day is `?`
    ("cron(0 5 * * * *)", ["no-question-mark: *"], "cron(0 5 * * ? *)"),
    ("cron(0 5 1 * * *)", ["no-question-mark: *"], "cron(0 5 1 * ? *)"),
    ("cron(0 5 * * MON *)", ["no-question-mark: *"], "cron(0 5 ? * MON *)"),
    ("cron(0 5 1 * MON *)", ["two-days: MON"], ""),
    ("cron(0 5 ? * ? *)", ["two-question-marks: ?"], "cron(0 5 ? * * *)"),
    ("cron(? 5 ? * * *)", ["misplaced-question-mark: ?"], ""),
    ("cron(0 5 1,? * MON *)", ["misplaced-question-mark: ?"], ""),
    # values
    ("cron(60 5 ? * * *)", ["out-of-range: 60"], ""),
    ("cron(0 24 ? * * *)", ["out-of-range: 24"], ""),
    ("cron(0 5 0 * ? *)", ["out-of-range: 0"], ""),
    ("cron(0 5 32W * ? *)", ["out-of-range: 32W"], ""),
    ("cron(0 5 1 13 ? *)", ["out-of-range: 13"], ""),
    ("cron(0 5 ? * 0 *)", ["out-of-range: 0"], ""),
    ("cron(0 5 ? * 2-8 *)", ["out-of-range: 2-8"], ""),
    ("cron(0 5 ? * 2#6 *)", ["out-of-range: 2#6"], ""),
    ("cron(0 5 ? * 2#0 *)", ["out-of-range: 2#0"], ""),
    ("cron(0 5 ? * 9L *)", ["out-of-range: 9L"], ""),
    ("cron(0 5 ? * * 1969)", ["out-of-range: 1969"], ""),
    ("cron(0 5 ? * MO *)", ["not-a-value: MO"], ""),
    ("cron(0 5 ? * XL *)", ["not-a-value: XL"], ""),
    ("cron(0 5 ? MAI * *)", ["not-a-value: MAI"], ""),
    ("cron(0 5,,6 ? * * *)", ["not-a-value: 5,,6"], ""),
    ("cron(0 5-6-7 ? * * *)", ["not-a-value: 5-6-7"], ""),
    ("cron(-5 5 ? * * *)", ["not-a-value: -5"], ""),
    ("cron(0 L ? * * *)", ["not-a-value: L"], ""),
    ("cron(0 5 2#1 * ? *)", ["not-a-value: 2#1"], ""),
    ("cron(0 5 ? * 15W *)", ["not-a-value: 15W"], ""),
    ("cron(0 0/0 ? * * *)", ["no-step: 0/0"], ""),
    ("cron(0 5 ? * 3#1,6#3 *)", ["several-nth: 3#1,6#3"], ""),
    # each of several
    ("cron(60,61 24 ? * * *)", ["out-of-range: 60", "out-of-range: 61", "out-of-range: 24"], ""),
    ("cron(0 5 1 * 0 *)", ["two-days: 0", "out-of-range: 0"], ""),
]


@pytest.mark.parametrize(("expression", "faults", "meant"), FAULTS)
def test_faults_and_their_places(expression: str, faults: list[str], meant: str) -> None:
    parsed = parse(expression)

    assert parsed.cron is None
    assert [f"{one.reason}: {expression[one.start : one.end]}" for one in parsed.faults] == faults
    assert [one.meant for one in parsed.faults if one.meant] == ([meant] if meant else [])


@pytest.mark.parametrize("meant", [meant for _, _, meant in FAULTS if meant])
def test_what_was_meant_is_right(meant: str) -> None:
    assert parse(meant).cron is not None


@pytest.mark.parametrize("text", ["", "  ", "rate(1 day)", "rate(nonsense)"])
def test_neither_right_nor_wrong(text: str) -> None:
    assert parse(text) == parse("")


RATES = [
    ("rate(1 day)", DAY),
    ("rate(12 hours)", 12 * HOUR),
    ("rate(30 minutes)", 30),
    (" rate( 1 hour ) ", HOUR),
    ("rate(1 week)", None),
    ("rate(hourly)", None),
    ("cron(0 5 ? * * *)", None),
]


@pytest.mark.parametrize(("text", "minutes"), RATES)
def test_rates(text: str, minutes: int | None) -> None:
    assert rate_minutes(text) == minutes


def test_only_runs_of_days_that_months_have() -> None:
    """`W` stays in its month; the 31st of a month without one is no day."""
    assert _days("cron(0 5 1W 8 ? 2026)") == [date(2026, 8, 3)]  # the first is a Saturday
    assert _days("cron(0 5 31W 5 ? 2026)") == [date(2026, 5, 29)]  # the last is a Sunday
    assert _days("cron(0 5 15W 8 ? 2026)") == [date(2026, 8, 14)]  # a Saturday in the middle
    assert _days("cron(0 5 16W 8 ? 2026)") == [date(2026, 8, 17)]
    assert _days("cron(0 5 31W 6 ? 2026)") == []
    assert _days("cron(0 5 L-30 2,3 ? 2026)") == [date(2026, 3, 1)]
    assert _days("cron(0 5 ? 2,3 2#5 2026)") == [date(2026, 3, 30)]


WAITS = [
    # at the same time, a little later, and the other way round
    ("cron(0 5 ? * * *)", "cron(0 5 1 * ? *)", 0),
    ("cron(0 5 ? * * *)", "cron(30 5 1 * ? *)", 30),
    ("cron(30 5 ? * * *)", "cron(0 5 1 * ? *)", DAY - 30),
    ("cron(0 23 L * ? *)", "cron(0 1 1 * ? *)", 2 * HOUR),
    ("cron(0 5 ? * MON *)", "cron(0 5 ? * THU *)", 3 * DAY),
    ("cron(0 * ? * * *)", "cron(59 23 ? * * *)", 59),
    # never within a year
    ("cron(0 5 1 1 ? 2026)", "cron(0 5 1 1 ? 2029)", None),
    ("cron(0 5 1 1 ? 2029)", "cron(0 5 1 1 ? 2026)", None),
    ("cron(0 5 30 2 ? *)", "cron(0 5 ? * * *)", None),
]


@pytest.mark.parametrize(("first", "second", "minutes"), WAITS)
def test_shortest_wait(first: str, second: str, minutes: int | None) -> None:
    assert shortest_wait(_cron(first), _cron(second), 366 * DAY) == minutes


def _cron(expression: str) -> Cron:
    cron = parse(expression).cron
    assert cron is not None
    return cron


def _days(expression: str) -> list[date]:
    bits = days_of(_cron(expression))
    return [date(1970, 1, 1) + timedelta(days=at) for at in range(bits.bit_length()) if bits >> at & 1]


# The laws: what a schedule says is what trying every minute of some years says.

YEARS = (2027, 2029)  # with a leap year


@dataclass(frozen=True)
class Tried:
    """A schedule, and a way to ask whether it runs on a day or at a minute that has nothing to do with reading it."""

    expression: str
    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    kind: str
    numbers: tuple[int, ...]

    def runs_on(self, day: date) -> bool:
        return day.month in self.months and self._is_named(day)

    def _is_named(self, day: date) -> bool:
        following = [day + timedelta(days=ahead) for ahead in range(1, 32)]
        in_month = [other for other in following if other.month == day.month]
        weekday = day.isoweekday() % 7 + 1
        match self.kind:
            case "days":
                return day.day in self.numbers
            case "last":
                return len(in_month) == self.numbers[0]
            case "weekdays":
                return weekday in self.numbers
            case "nth":
                return weekday == self.numbers[0] and (day.day - 1) // 7 + 1 == self.numbers[1]
            case "last-of-week":
                return weekday == self.numbers[0] and len(in_month) < 7
            case _:
                return self._is_nearest(day, self.numbers[0])

    @staticmethod
    def _is_nearest(day: date, wanted: int) -> bool:
        """The weekday of a month that is nearest to a day; of two the earlier cannot be: they are never equally near."""
        month = [date(day.year, day.month, 1) + timedelta(days=ahead) for ahead in range(31)]
        inside = [other for other in month if other.month == day.month]
        if wanted > len(inside):
            return False
        weekdays = [other for other in inside if other.isoweekday() < 6]
        return day == min(weekdays, key=lambda other: abs(other.day - wanted))

    def runs(self) -> list[datetime]:
        first = date(YEARS[0], 1, 1)
        days = [first + timedelta(days=ahead) for ahead in range((date(YEARS[1], 12, 31) - first).days + 1)]
        times = [time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)]
        return [datetime.combine(day, at) for day in days if self.runs_on(day) for at in times]


def _few(least: int, most: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(least, most), min_size=1, max_size=3)


def _listed(numbers: frozenset[int] | tuple[int, ...]) -> str:
    return ",".join(map(str, sorted(numbers)))


@st.composite
def schedules(draw: st.DrawFn) -> Tried:
    minutes, hours, months = draw(_few(0, 59)), draw(_few(0, 23)), draw(_few(1, 12))
    kind = draw(st.sampled_from(["days", "last", "near", "weekdays", "nth", "last-of-week"]))
    weekday = draw(st.integers(1, 7))
    number = draw(st.integers(1, 31))
    days, field = {
        "days": (tuple(draw(_few(1, 31))), None),
        "last": ((number % 4,), f"L-{number % 4}" if number % 4 else "L"),
        "near": ((number,), f"{number}W"),
        "weekdays": (tuple(draw(_few(1, 7))), None),
        "nth": ((weekday, number % 5 + 1), f"{weekday}#{number % 5 + 1}"),
        "last-of-week": ((weekday,), f"{weekday}L"),
    }[kind]
    named = field or _listed(days)
    both = (
        f"{named} {_listed(months)} ?" if kind in ("days", "last", "near") else f"? {_listed(months)} {named}"
    )
    expression = f"cron({_listed(minutes)} {_listed(hours)} {both} {YEARS[0]}-{YEARS[1]})"
    return Tried(expression, minutes, hours, months, kind, days)


@given(schedules())
@settings(max_examples=60, deadline=None)
def test_runs_when_every_minute_says_so(tried: Tried) -> None:
    cron = _cron(tried.expression)

    runs = [
        datetime.combine(day, time()) + timedelta(minutes=minute)
        for day in _days(tried.expression)
        for minute in minutes_of(cron)
    ]
    assert runs == tried.runs()


@given(schedules())
@settings(max_examples=60, deadline=None)
def test_interval_is_the_least_of_all(tried: Tried) -> None:
    runs = tried.runs()

    gaps = [(later - earlier) // timedelta(minutes=1) for earlier, later in pairwise(runs)]
    assert shortest_interval(_cron(tried.expression)) == min(gaps, default=None)


@given(schedules(), schedules())
@settings(max_examples=40, deadline=None)
def test_wait_is_the_least_of_all(first: Tried, second: Tried) -> None:
    later = second.runs()
    waits = [
        (next_run - run) // timedelta(minutes=1)
        for run in first.runs()
        if (next_run := next((other for other in later if other >= run), None)) is not None
    ]

    found = [wait for wait in waits if wait <= 40 * DAY]
    assert shortest_wait(_cron(first.expression), _cron(second.expression), 40 * DAY) == min(
        found, default=None
    )


ANYTHING = st.text(alphabet="cron()rate 0123456789*?/,-#LWMONJAN", max_size=40)


@given(ANYTHING | ANYTHING.map(lambda inside: f"cron({inside})"))
@settings(max_examples=300, deadline=None)
def test_every_text_is_right_or_wrong_at_a_place(text: str) -> None:
    parsed = parse(text)

    assert not (parsed.cron and parsed.faults)
    for fault in parsed.faults:
        assert 0 <= fault.start < fault.end <= len(text)
    if parsed.cron is not None:
        assert minutes_of(parsed.cron)
        assert days_of(parsed.cron) >= 0
