"""One run: inputs to result."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.copies import copy_rows, verdicts
from xbackup_lint.engine.finding import findings
from xbackup_lint.engine.identity import Identities
from xbackup_lint.engine.later import Later
from xbackup_lint.engine.merge import folded
from xbackup_lint.engine.raw import Raw
from xbackup_lint.engine.result import Finding, Result, RuleInfo, Summary
from xbackup_lint.engine.rule import Rule
from xbackup_lint.engine.run import run_rules
from xbackup_lint.engine.suppress import Suppressing, suppress, suppress_in_files, unused
from xbackup_lint.engine.vaults import vault_rows
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings
from xbackup_lint.sources.watch import Watch, unwatched

if TYPE_CHECKING:
    from xbackup_lint.engine.baseline import Baseline


@dataclass(frozen=True, slots=True)
class Run:
    """A result, and what became of each input, for those who ask."""

    result: Result
    readings: Readings
    raws: Sequence[Raw] = ()
    """What is found and not accepted, each place for itself."""


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


def check(
    inputs: Iterable[Input],
    rules: Sequence[Rule],
    assignments: Assignments,
    *,
    known: Iterable[str] = (),
    baseline: Baseline | None = None,
    watch: Watch = unwatched,
    advice_in_full: bool = True,
) -> Run:
    """Read all inputs and run the rules. Raises UsageError where inputs contradict the command line.

    `known` are the ids of all rules, those included that do not run: a suppression of one of these is not unused.
    `advice_in_full` is for reports that show advice, rather than count it.
    """
    with _collector_off():
        readings = read_inputs(inputs, assignments, watch)
        known = {*known, *(rule.id for rule in rules)}
        found = _unsuppressed(readings, rules, assignments, known, watch)
        identities = Identities(readings.templates)
        if baseline is not None:
            readings.notes.extend(_stale(baseline, found, identities, readings, rules))
        kept = sorted(folded(found.kept), key=lambda raw: raw.order)
        told = tuple(findings(((raw, None) for raw in kept), identities, advice_in_full=advice_in_full))
        result = Result(
            told,
            Later(lambda: copy_rows(readings.estate)),
            _summary(told, len(found.taken), readings),
            tuple(readings.notes),
            Later(lambda: vault_rows(readings.estate)),
            tuple(findings(sorted(found.taken, key=lambda pair: pair[0].order), identities)),
            Later(lambda: map(_in_words, sorted(rules, key=lambda rule: rule.id))),
        )
    return Run(result, readings, found.kept)


def _in_words(rule: Rule) -> RuleInfo:
    said = rule.prose
    return RuleInfo(
        rule.id,
        rule.family,
        said.title,
        rule.severity,
        said.rationale,
        said.remediation,
        said.references,
        said.tags,
    )


def _unsuppressed(
    readings: Readings, rules: Sequence[Rule], assignments: Assignments, known: Iterable[str], watch: Watch
) -> Suppressing:
    """What rules find, what their authors have accepted taken out."""
    found, used = suppress(run_rules(rules, readings.estate, watch), readings.suppressions)
    if assignments.configuration is not None and assignments.configuration.per_file_ignores:
        suppress_in_files(found, assignments.configuration)
    left = [one for one in readings.suppressions if one not in used]
    found.kept += unused(left, rules, known, readings.estate.mishaps)
    return found


def _stale(
    baseline: Baseline, found: Suppressing, identities: Identities, readings: Readings, rules: Sequence[Rule]
) -> Iterator[str]:
    """Take out what a baseline accepts, and tell what it accepts in vain."""
    ran = {rule.id for rule in rules}
    for entry in baseline.suppress(found, identities):
        if baseline.is_stale(entry, readings.read, ran):
            where = f"{entry.path}, {entry.resource}" if entry.resource else entry.path
            yield f"{baseline.path}: `{entry.rule}` in {where} is not found any more"


def _summary(found: Sequence[Finding], ignored: int, readings: Readings) -> Summary:
    certain = Counter(finding.severity for finding in found if finding.certainty == "certain")
    estate = readings.estate
    copies = verdicts(estate)
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
        copies_land=copies["lands"],
        copies_fail=copies["fails"],
        copies_unsure=copies["unsure"],
    )
