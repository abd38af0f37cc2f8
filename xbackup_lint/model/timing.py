"""When the rules of a plan run, and within how many minutes their backups start."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.cron import Cron, parse, rate_minutes
from xbackup_lint.model.cron_calendar import shortest_interval, shortest_wait, times_apart
from xbackup_lint.model.plan import Rule
from xbackup_lint.text.near import most_like
from xbackup_lint.values.alternatives import Alternatives, TooMany, all_of
from xbackup_lint.values.text import Text

# AWS: what a rule without these has (F2.9, F5.1).
DEFAULT_SCHEDULE = "cron(0 5 ? * * *)"
DEFAULT_START_WINDOW = 480

_LONGEST_WINDOW = 366 * 24 * 60
"""Minutes that a start window is looked at: within a year every schedule has met every other."""


def interval(schedule: Text | None) -> int | None:
    """The fewest minutes between two runs of a schedule; None where it runs once, or that is not known."""
    known = DEFAULT_SCHEDULE if schedule is None else schedule.known
    if known is None:
        return None
    cron = parse(known).cron
    return shortest_interval(cron) if cron is not None else rate_minutes(known)


def interval_below(schedule: Text | None, limit: int) -> int | None:
    """The same where it is below a limit, else None. Days are looked at only where times of day leave that open."""
    cron = parse(DEFAULT_SCHEDULE if schedule is None else schedule.known or "").cron
    if cron is not None and times_apart(cron) >= limit:
        return None
    found = interval(schedule)
    return found if found is not None and found < limit else None


def in_words(minutes: int) -> str:
    """A span of time as a reader would say it: `30 minutes`, `12 hours`, `7 days`."""
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes % size == 0 and minutes:
            return f"{minutes // size} {unit}{'' if minutes == size else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


_LONGEST_NAME = 100
"""Characters of what is no time zone that are compared with those that are."""


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """When a rule runs, and how long it keeps its backups, where one guard holds."""

    schedule: Text | None
    cron: Cron
    zone: str
    start_window: int
    """Minutes."""
    kept: Text | None
    """Days; None is for ever."""

    @property
    def kept_days(self) -> int | None:
        """Days, as far as they are known; None is for ever."""
        return None if self.kept is None or self.kept.number == -1 else self.kept.number

    def overlaps(self, other: Timing) -> bool:
        """Whether the start windows of both ever overlap. In two time zones that is not known."""
        if self.zone != other.zone:
            return False
        return self._begins_within(other) or other._begins_within(self)

    def _begins_within(self, other: Timing) -> bool:
        """Whether a run of it begins before the start window of a run of the other is over."""
        window = min(other.start_window, _LONGEST_WINDOW)
        return shortest_wait(other.cron, self.cron, window - 1) is not None


def timings_of(rule: Rule, other: Rule) -> Alternatives[tuple[Timing | None, Timing | None]]:
    """When two rules run; none where too many conditions decide it."""
    try:
        return _timings(rule).with_(_timings(other), lambda one, another: (one, another))
    except TooMany:
        return Alternatives(())


def _timings(rule: Rule) -> Alternatives[Timing | None]:
    """When a rule runs; None where that is not known, and of continuous backups, which no schedule makes (F4.7).

    Raises TooMany.
    """
    values = (
        rule.schedule,
        rule.timezone,
        rule.start_window_minutes,
        rule.delete_after_days,
        rule.continuous,
    )
    return all_of(values).map(_timing)


def _timing(values: tuple[Text | None, ...]) -> Timing | None:
    schedule, timezone, window, kept, continuous = values
    zone = "UTC" if timezone is None else timezone.known
    cron = parse((DEFAULT_SCHEDULE if schedule is None else schedule.known) or "").cron
    minutes = DEFAULT_START_WINDOW if window is None else window.number
    known = zone is not None and minutes is not None and (kept is None or kept.number is not None)
    if cron is None or not known or (continuous is not None and continuous.known not in ("false", "False")):
        return None
    return Timing(schedule, cron, zone or "", minutes or 0, kept)


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA time zone database, links among them."""
    data = json.loads(Path(__file__).with_name("data").joinpath("time-zones.json").read_bytes())
    return frozenset(
        f"{area}/{place}" if area else place for area, places in data["areas"].items() for place in places
    )


def zone_like(name: str) -> str:
    """The time zone that was probably meant: the same but for letters' case, a city alone, or a near miss."""
    by_name = {zone.lower(): zone for zone in sorted(time_zones())}
    of_places = [zone for zone in by_name if "/" in zone and not zone.startswith("etc/")]
    by_city = {zone.rsplit("/", 1)[-1]: zone for zone in of_places}
    word = name.strip().lower().replace(" ", "_")[:_LONGEST_NAME]
    found = word if word in by_name else by_city.get(word)
    near = found if found is not None else most_like(word, of_places, 0.85)
    return by_name[near] if near is not None else ""
