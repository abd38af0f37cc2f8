"""When plans run: schedules, windows, and rules of one plan that get in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.cron import is_rate, parse
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Rule
from xbackup_lint.model.timing import (
    DEFAULT_SCHEDULE,
    DEFAULT_START_WINDOW,
    Timing,
    in_words,
    interval_below,
    time_zones,
    timings_of,
    zone_like,
)
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES, Verdict

_MOST_RULES = 40
"""Rules of a plan that are compared with each other. AWS allows 10 (F5.7)."""


@check
def schedule_is_malformed(rule: Rule, _estate: Estate) -> Iterator[Hit]:
    """A schedule that is no cron expression of AWS.

    Facts: `schedule`, `written` (the part that is wrong), `field` and `range` (what that takes), `fields` (how many
    there are), `day`, `weekday`, `meant` (the schedule as it was probably meant).
    """
    for guard, text in rule.schedule:
        if text is None:
            continue
        for fault in parse(text.known or "").faults:
            yield Hit(
                text.cut(fault.start, fault.end).span,
                YES,
                guard,
                fault.reason,
                facts={"schedule": str(text), "meant": fault.meant, **fault.facts},
                also=_written(text),
                assumptions=assumptions_of(text),
            )


def _written(text: Text) -> tuple[tuple[str, Span], ...]:
    """Where a text is written that stands elsewhere, as the default of a parameter."""
    return (("written", text.birthplace),) if text.birthplace != text.span else ()


@check
def schedule_is_a_rate(rule: Rule, _estate: Estate) -> Iterator[Hit]:
    """A schedule of the form `rate(…)`. Facts: `schedule`."""
    for guard, text in rule.schedule:
        if text is not None and is_rate(text.beginning):
            yield _at(text, guard, "", {"schedule": str(text)})


@check
def runs_too_often(rule: Rule, _estate: Estate, *, least: int) -> Iterator[Hit]:
    """Two runs are fewer than `least` minutes apart. Facts: `schedule`, `between` (in words)."""
    for guard, text in rule.schedule:
        between = interval_below(text, least)
        if text is not None and between is not None:
            yield _at(text, guard, "", {"schedule": str(text), "between": in_words(between)})


@check
def timezone_is_unknown(rule: Rule, _estate: Estate) -> Iterator[Hit]:
    """A time zone that the IANA database does not have. Facts: `zone`, `near` (what was probably meant)."""
    for guard, text in rule.timezone:
        if text is None or not text.known or text.known in time_zones():
            continue
        near = zone_like(text.known)
        yield _at(text, guard, "near" if near else "", {"zone": text.known, "near": near})


@check
def start_window_is_out_of_range(rule: Rule, _estate: Estate, *, least: int, most: int) -> Iterator[Hit]:
    """A start window of fewer than `least` minutes, or more than `most`. Facts: `minutes`."""
    for guard, text in rule.start_window_minutes:
        number = text.number if text is not None else None
        if text is not None and number is not None and not least <= number <= most:
            reason = "too-short" if number < least else "too-long"
            yield _at(text, guard, reason, {"minutes": str(number)})


@check
def completion_is_before_start(rule: Rule, _estate: Estate) -> Iterator[Hit]:
    """The completion window is over when, or before, the start window is. Facts: `start`, `completion` (minutes)."""
    for own, completion in rule.completion_window_minutes:
        for other, start in rule.start_window_minutes:
            guard = own & other
            begins = DEFAULT_START_WINDOW if start is None else start.number
            ends = completion.number if completion is not None else None
            if guard is None or completion is None or ends is None or begins is None or ends > begins:
                continue
            yield Hit(
                completion.span,
                YES,
                guard,
                "default" if start is None else "",
                facts={"start": str(begins), "completion": str(ends)},
                also=(("start", start.span),) if start is not None else (),
                assumptions=assumptions_of(completion, start),
            )


@check
def archive_is_too_frequent(rule: Rule, _estate: Estate, *, least: int) -> Iterator[Hit]:
    """Backups that are to be archived are made more often than every `least` days.

    Facts: `schedule`, `between` (in words).
    """
    for own, opted in rule.lifecycle.opt_in_to_archive:
        for other, schedule in rule.schedule:
            guard = own & other
            if opted is None or guard is None or equals(opted, "true", ignore_case=True) is not YES:
                continue
            between = interval_below(schedule, least * 24 * 60)
            if between is None:
                continue
            yield Hit(
                opted.span,
                YES,
                guard,
                "default" if schedule is None else "",
                facts={"schedule": str(schedule or DEFAULT_SCHEDULE), "between": in_words(between)},
                also=(("schedule", schedule.span),) if schedule is not None else (),
                assumptions=assumptions_of(opted, schedule),
            )


def _at(text: Text, guard: Guard, reason: str, facts: dict[str, str]) -> Hit:
    return Hit(text.span, YES, guard, reason, facts, also=_written(text), assumptions=assumptions_of(text))


@check
def is_crowded_out(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """A rule of the same plan keeps longer what both would make, and does not copy it where this one does.

    Facts: `longer`, `shorter` (the rules), `destination`, `days`, `longer-days`.
    """
    if rule not in estate.copies_of:
        return
    for longer in estate.rules_of[rule.plan][:_MOST_RULES]:
        hit = _crowded_out(rule, longer, estate) if longer is not rule else None
        if hit is not None:
            yield hit
            return


def _crowded_out(rule: Rule, longer: Rule, estate: Estate) -> Hit | None:
    if longer.unread_copies:
        return None
    for guard, (own, other) in timings_of(rule, longer):
        if own is None or other is None or not _outlives(other, own) or not own.overlaps(other):
            continue
        lost = _copied_by_one(rule, longer, estate, guard)
        if lost is None:
            continue
        under, destination = lost
        facts = {
            "shorter": f"`{rule.label}`" if rule.label else "this rule",
            "longer": f"`{longer.label}`" if longer.label else "another rule",
            "destination": str(destination),
            "days": _days(own),
            "longer-days": _days(other),
        }
        places = (("longer", _place(longer, other)), ("copy", destination.span))
        known = assumptions_of(own.schedule, other.schedule, own.kept, other.kept, destination)
        return Hit(_place(rule, own), YES, under, facts=facts, also=places, assumptions=known)
    return None


def _days(timing: Timing) -> str:
    return f"for {timing.kept_days} days" if timing.kept_days is not None else "for ever"


def _place(rule: Rule, timing: Timing) -> Span:
    name = next((name for name in rule.name.values if name is not None), None)
    return next((text.span for text in (timing.schedule, name) if text is not None), rule.span)


def _outlives(other: Timing, own: Timing) -> bool:
    """Whether the other's backups are kept longer. AWS keeps those of two that overlap (F2.16)."""
    if own.kept_days is None:
        return False
    return other.kept_days is None or other.kept_days > own.kept_days


def _copied_by_one(rule: Rule, longer: Rule, estate: Estate, guard: Guard) -> tuple[Guard, Text] | None:
    """A destination that a rule certainly copies to where a guard holds, and the longer-lived one certainly not."""
    theirs = [
        (under, arn)
        for copy in estate.copies_of.get(longer, ())
        for under, arn in copy.destination_arn
        if arn is not None
    ]
    for copy in estate.copies_of[rule]:
        for own, arn in copy.destination_arn:
            under = own & guard
            if arn is None or under is None:
                continue
            if Verdict.any(equals(arn, one) for other, one in theirs if under & other is not None) is NO:
                return under, arn
    return None
