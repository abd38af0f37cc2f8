"""Real files of others, where they lie beside the repository: what must and must not be said of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.rule_examples import RULES
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.discover import discover
from xbackup_lint.engine.check import check
from xbackup_lint.engine.result import Finding

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the repository")

NOT_YET = {
    # Organizations backup policies and values that other templates pass are not read yet.
    "org-backup-policies.json",
    "org-backup-policy.json",
    "aws-backup-org-policy.yaml",
}


@dataclass(frozen=True)
class Expected:
    """A line of EXPECTED.tsv: R must be reported, N must not."""

    verdict: str
    rule: str
    file: str
    line: int

    def is_met_by(self, finding: Finding) -> bool:
        place = finding.location
        same = finding.rule == self.rule and place.path == self.file and finding.certainty == "certain"
        return same and place.start_line <= self.line <= place.end_line

    @property
    def waits(self) -> bool:
        return any(f"{self.file}:{self.line}".endswith(end) or self.file.endswith(end) for end in NOT_YET)


def expected() -> list[Expected]:
    with (CORPUS / "EXPECTED.tsv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    known = {rule.id for rule in RULES}
    return [
        Expected(row["verdict"], row["rule"], row["file"], int(row["line"]))
        for row in rows
        if row["rule"] in known and not row["needs"]
    ]


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    """Each repository is a run of its own: in no estate would all of them be together."""
    findings: list[Finding] = []
    for repository in sorted(path for path in CORPUS.iterdir() if path.is_dir()):
        inputs, _ = discover([str(repository)])
        for finding in check(inputs, RULES, Assignments()).result.findings:
            relative = Path(finding.location.path).resolve().relative_to(CORPUS.resolve()).as_posix()
            findings.append(_at(finding, relative))
    return findings


def _at(finding: Finding, path: str) -> Finding:
    return replace(finding, location=replace(finding.location, path=path))


def test_what_must_be_reported_is(found: list[Finding]) -> None:
    wanted = [row for row in expected() if row.verdict == "R" and not row.waits]

    missing = [row for row in wanted if not any(row.is_met_by(finding) for finding in found)]

    assert len(wanted) >= 6
    assert missing == []


def test_what_must_not_be_reported_is_not(found: list[Finding]) -> None:
    unwanted = [row for row in expected() if row.verdict == "N"]

    violated = [row for row in unwanted if any(row.is_met_by(finding) for finding in found)]

    assert len(unwanted) >= 15
    assert violated == []


def test_no_file_of_others_is_called_unreadable(found: list[Finding]) -> None:
    assert [finding.location.path for finding in found if finding.rule == "input-unreadable"] == []
