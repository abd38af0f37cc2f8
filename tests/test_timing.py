"""When rules of a plan run: in every form, with what is left out, and which of them get in each other's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Rule, Texts
from xbackup_lint.model.timing import in_words, interval, interval_below, time_zones, timings_of, zone_like
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs

RULES = """\
Parameters:
  Schedule: {Type: String}
  A: {Type: String, AllowedValues: ['yes', 'no']}
  B: {Type: String, AllowedValues: ['yes', 'no']}
  C: {Type: String, AllowedValues: ['yes', 'no']}
  D: {Type: String, AllowedValues: ['yes', 'no']}
  E: {Type: String, AllowedValues: ['yes', 'no']}
Conditions:
  A: !Equals [!Ref A, 'yes']
  B: !Equals [!Ref B, 'yes']
  C: !Equals [!Ref C, 'yes']
  D: !Equals [!Ref D, 'yes']
  E: !Equals [!Ref E, 'yes']
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: all
        BackupPlanRule:
"""


def read(text: str, path: str = "plan.yaml") -> Estate:
    return read_inputs([Input(path, Path(path), text=text)], Assignments()).estate


def rules(*bodies: str) -> list[Rule]:
    """The rules of a plan in a template, each given in YAML's flow style."""
    return read(RULES + "".join(f"          - {body}\n" for body in bodies)).rules


def said(texts: Texts) -> list[str]:
    return [str(text) for text in texts.values]


TEMPLATE = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: all
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: production
            ScheduleExpression: cron(0 5 ? * * *)
            ScheduleExpressionTimezone: Europe/Berlin
            StartWindowMinutes: 60
            CompletionWindowMinutes: 180
            Lifecycle: {OptInToArchiveForSupportedResources: true}
"""
DOCUMENT = """\
{"BackupPlan": {"BackupPlanName": "all", "Rules": [{
  "RuleName": "daily",
  "TargetBackupVaultName": "production",
  "ScheduleExpression": "cron(0 5 ? * * *)",
  "ScheduleExpressionTimezone": "Europe/Berlin",
  "StartWindowMinutes": 60,
  "CompletionWindowMinutes": 180,
  "Lifecycle": {"OptInToArchiveForSupportedResources": true}
}]}}
"""


@pytest.mark.parametrize(("path", "text"), [("plan.yaml", TEMPLATE), ("plan.json", DOCUMENT)])
def test_times_in_both_forms(path: str, text: str) -> None:
    (rule,) = read(text, path).rules

    assert said(rule.schedule) == ["cron(0 5 ? * * *)"]
    assert said(rule.timezone) == ["Europe/Berlin"]
    assert said(rule.start_window_minutes) == ["60"]
    assert said(rule.completion_window_minutes) == ["180"]
    assert said(rule.lifecycle.opt_in_to_archive) == ["true"]


def test_times_left_out() -> None:
    (rule,) = rules("{RuleName: daily, TargetBackupVault: production}")

    assert rule.schedule.values == rule.timezone.values == rule.start_window_minutes.values == (None,)
    assert rule.lifecycle.opt_in_to_archive.values == (None,)


INTERVALS = [
    ("ScheduleExpression: cron(0 0/12 ? * * *)", 720),
    ("ScheduleExpression: rate(12 hours)", 720),
    ("TargetBackupVault: production", 1440),  # the default
    ("ScheduleExpression: !Ref Schedule", None),
    ("ScheduleExpression: cron(0 5 * * *)", None),
]


@pytest.mark.parametrize(("property_", "minutes"), INTERVALS)
def test_interval(property_: str, minutes: int | None) -> None:
    (rule,) = rules(f"{{{property_}}}")

    assert [interval(text) for text in rule.schedule.values] == [minutes]
    for limit in (1, 60, 1440, 10_000_000, *((minutes, minutes + 1) if minutes is not None else ())):
        below = minutes if minutes is not None and minutes < limit else None
        assert [interval_below(text, limit) for text in rule.schedule.values] == [below]


WORDS = [(1, "1 minute"), (30, "30 minutes"), (60, "1 hour"), (90, "90 minutes"), (720, "12 hours"),
         (1440, "1 day"), (10080, "7 days"), (0, "0 minutes")]  # fmt: skip


@pytest.mark.parametrize(("minutes", "words"), WORDS)
def test_in_words(minutes: int, words: str) -> None:
    assert in_words(minutes) == words


DAILY = "ScheduleExpression: cron(0 5 ? * * *)"
OVERLAPS = [
    # at the same time, within the start window, at its end
    (f"{{{DAILY}}}", "{ScheduleExpression: cron(0 5 1 * ? *)}", True),
    (f"{{{DAILY}}}", "{ScheduleExpression: cron(59 12 1 * ? *)}", True),
    (f"{{{DAILY}}}", "{ScheduleExpression: cron(0 13 1 * ? *), StartWindowMinutes: 60}", False),
    (f"{{{DAILY}, StartWindowMinutes: 60}}", "{ScheduleExpression: cron(0 6 1 * ? *)}", False),
    (f"{{{DAILY}, StartWindowMinutes: 61}}", "{ScheduleExpression: cron(0 6 1 * ? *)}", True),
    # the other begins first, the day before
    (f"{{{DAILY}}}", "{ScheduleExpression: cron(30 23 L * ? *)}", True),
    # left out
    ("{RuleName: a}", "{RuleName: b}", True),
    # one runs once
    (f"{{{DAILY}}}", "{ScheduleExpression: cron(0 5 1 1 ? 2027)}", True),
    ("{ScheduleExpression: cron(0 5 1 1 ? 2027)}", "{ScheduleExpression: cron(0 5 1 1 ? 2028)}", False),
    ("{ScheduleExpression: cron(0 5 1 1 ? 2027), StartWindowMinutes: 52560000}",
     "{ScheduleExpression: cron(0 5 1 1 ? 2028)}", True),
    # in the same time zone, and in another
    (f"{{{DAILY}, ScheduleExpressionTimezone: UTC}}", f"{{{DAILY}}}", True),
    (f"{{{DAILY}, ScheduleExpressionTimezone: Asia/Tokyo}}", f"{{{DAILY}}}", False),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), OVERLAPS)
def test_overlapping_start_windows(first: str, second: str, expected: bool) -> None:
    ((one, another),) = timings_of(*rules(first, second)).values

    assert one is not None
    assert another is not None
    assert one.overlaps(another) is another.overlaps(one) is expected


UNKNOWN = [
    "{ScheduleExpression: !Ref Schedule}",
    "{ScheduleExpression: rate(1 day)}",
    "{ScheduleExpression: cron(0 5 * * *)}",
    "{ScheduleExpressionTimezone: !Ref Schedule}",
    "{StartWindowMinutes: !Ref Schedule}",
    "{Lifecycle: {DeleteAfterDays: !Ref Schedule}}",
    "{EnableContinuousBackup: true}",
    "{EnableContinuousBackup: !Ref Schedule}",
]


@pytest.mark.parametrize("rule", UNKNOWN)
def test_not_known_when(rule: str) -> None:
    assert timings_of(*rules(rule, "{EnableContinuousBackup: false}")).values[0][0] is None


def test_too_many_conditions() -> None:
    """Five conditions in one rule are 32 ways for it to run: more than are followed."""
    many = (
        "{StartWindowMinutes: !If [A, 60, 61], Lifecycle: {DeleteAfterDays: !If [B, 1, 2]},"
        " ScheduleExpressionTimezone: !If [C, UTC, Europe/Berlin],"
        " ScheduleExpression: !If [D, cron(0 5 ? * * *), !If [E, cron(0 6 ? * * *), cron(0 7 ? * * *)]]}"
    )

    assert timings_of(*rules(many, "{RuleName: other}")).values == ()


ZONES = [
    ("europe/berlin", "Europe/Berlin"),
    ("Europe/Berln", "Europe/Berlin"),
    ("Berlin", "Europe/Berlin"),
    ("New York", "America/New_York"),
    ("utc ", "UTC"),
    ("CEST", ""),
    ("UTC+1", ""),
    ("Nowhere/At_All", ""),
]


@pytest.mark.parametrize(("written", "meant"), ZONES)
def test_time_zone_that_was_meant(written: str, meant: str) -> None:
    assert written not in time_zones()
    assert zone_like(written) == meant


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "US/Eastern", "Etc/GMT-1", "Asia/Calcutta", "CET"])
def test_time_zones_old_and_new(zone: str) -> None:
    assert zone in time_zones()
