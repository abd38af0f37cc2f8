"""One run: inputs to result."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.copies import copy_rows
from xbackup_lint.engine.finding import findings
from xbackup_lint.engine.result import CopyRow, Finding, Result, Summary
from xbackup_lint.engine.rule import Rule
from xbackup_lint.engine.run import run_rules
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import Readings, read_inputs


@dataclass(frozen=True, slots=True)
class Run:
    """A result, and what became of each input, for those who ask."""

    result: Result
    readings: Readings


@contextmanager
def _collector_off() -> Iterator[None]:
    """Loading makes many objects and no garbage: the collector would only double its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def check(inputs: Iterable[Input], rules: Sequence[Rule], assignments: Assignments) -> Run:
    """Read all inputs and run the rules. Raises UsageError where inputs contradict the command line."""
    with _collector_off():
        readings = read_inputs(inputs, assignments)
        found = tuple(findings(run_rules(rules, readings.estate)))
        copies = tuple(copy_rows(readings.estate))
    return Run(Result(found, copies, _summary(found, copies, readings), tuple(readings.notes)), readings)


def _summary(found: Sequence[Finding], copies: Sequence[CopyRow], readings: Readings) -> Summary:
    certain = Counter(finding.severity for finding in found if finding.certainty == "certain")
    verdicts = Counter(copy.verdict for copy in copies)
    estate = readings.estate
    return Summary(
        errors=certain["error"],
        warnings=certain["warning"],
        infos=certain["info"],
        unsure=sum(finding.certainty == "unsure" for finding in found),
        files_read=len(readings.read),
        files_passed_over=len(readings.passed_over),
        files_unreadable=len(readings.unreadable),
        accounts=len(estate.accounts) + estate.symbolic_accounts,
        copies_land=verdicts["lands"],
        copies_fail=verdicts["fails"],
        copies_unsure=verdicts["unsure"],
    )
