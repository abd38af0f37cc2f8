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
from xbackup_lint.engine.raw import Raw
from xbackup_lint.engine.result import CopyRow, Finding, Result, Summary
from xbackup_lint.engine.rule import Rule
from xbackup_lint.engine.run import run_rules
from xbackup_lint.engine.vaults import vault_rows
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import Readings, read_inputs


@dataclass(frozen=True, slots=True)
class Run:
    """A result, and what became of each input, for those who ask."""

    result: Result
    readings: Readings
    raws: Sequence[Raw] = ()


@contextmanager
def _collector_off() -> Iterator[None]:
    """Loading makes many objects and no garbage: the collector would only double its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # what was loaded lives as long as the run: there is nothing to collect in it
        if was_on:
            gc.enable()


def check(inputs: Iterable[Input], rules: Sequence[Rule], assignments: Assignments) -> Run:
    """Read all inputs and run the rules. Raises UsageError where inputs contradict the command line."""
    with _collector_off():
        readings = read_inputs(inputs, assignments)
        raws = run_rules(rules, readings.estate)
        found, ignored = _wanted(tuple(findings(raws)), rules, assignments)
        copies = tuple(copy_rows(readings.estate))
        vaults = tuple(vault_rows(readings.estate))
    return Run(
        Result(found, copies, _summary(found, ignored, copies, readings), tuple(readings.notes), vaults),
        readings,
        raws,
    )


def _wanted(
    found: tuple[Finding, ...], rules: Sequence[Rule], assignments: Assignments
) -> tuple[tuple[Finding, ...], int]:
    """Findings without those that `per-file-ignores` does not want, and how many these are."""
    configuration = assignments.configuration
    if configuration is None or not configuration.per_file_ignores:
        return found, 0
    families = {rule.id: rule.family for rule in rules}
    unwanted = {
        path: {word.text for word in configuration.ignored_in(path)}
        for path in {f.location.path for f in found}
    }
    kept = tuple(f for f in found if not {f.rule, families[f.rule]} & unwanted[f.location.path])
    return kept, len(found) - len(kept)


def _summary(
    found: Sequence[Finding], ignored: int, copies: Sequence[CopyRow], readings: Readings
) -> Summary:
    certain = Counter(finding.severity for finding in found if finding.certainty == "certain")
    verdicts = Counter(copy.verdict for copy in copies)
    estate = readings.estate
    return Summary(
        errors=certain["error"],
        warnings=certain["warning"],
        infos=certain["info"],
        unsure=sum(finding.certainty == "unsure" for finding in found),
        ignored=ignored,
        files_read=len(readings.read),
        files_passed_over=len(readings.passed_over),
        files_unreadable=len(readings.unreadable),
        accounts=len(estate.accounts) + estate.symbolic_accounts,
        copies_land=verdicts["lands"],
        copies_fail=verdicts["fails"],
        copies_unsure=verdicts["unsure"],
    )
