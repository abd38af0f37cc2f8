"""The concise report: whole outputs for whole results."""

from __future__ import annotations

import re

import pytest

from tests.report_samples import EVERYTHING, at
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Finding, Result, Summary
from xbackup_lint.report import concise
from xbackup_lint.report.options import Options

ALL = """\
111122223333/eu-west-1/plan.yaml:8:44: error[copy-refused-by-vault] `backup-vault:central` refuses copies from account 111122223333
111122223333/eu-west-1/plan.yaml:12:1: unsure[copy-refused-by-vault] cannot tell whether `${CentralVaultArn}` refuses copies from account 111122223333
444455556666/eu-west-1/vault.yaml:2:3: warning[destination-vault-unlocked] vault `central` has no lock
111122223333/eu-west-1/plan.yaml:8:44: info[copy-of-continuous-backup] copies of continuous backups are snapshots
1 error, 1 warning, 1 unsure, 2 ignored, 1 note; 3 files, 2 accounts, 2 copies (1 fails, 1 unsure), 1 file unreadable, 4 files passed over
"""

WITHOUT_ADVICE = """\
111122223333/eu-west-1/plan.yaml:8:44: error[copy-refused-by-vault] `backup-vault:central` refuses copies from account 111122223333
111122223333/eu-west-1/plan.yaml:12:1: unsure[copy-refused-by-vault] cannot tell whether `${CentralVaultArn}` refuses copies from account 111122223333
444455556666/eu-west-1/vault.yaml:2:3: warning[destination-vault-unlocked] vault `central` has no lock
1 error, 1 warning, 1 unsure, 2 ignored, 1 note (--show info); 3 files, 2 accounts, 2 copies (1 fails, 1 unsure), 1 file unreadable, 4 files passed over
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(show_info=True), ALL),
        (Options(), WITHOUT_ADVICE),
        (Options(width=40), WITHOUT_ADVICE),  # a line is a finding, however narrow the terminal
    ],
)
def test_a_line_for_each_finding(options: Options, expected: str) -> None:
    assert concise.render(EVERYTHING, options) == expected


def test_nothing_found() -> None:
    nothing = Result((), (), Summary(files_read=2, accounts=2, copies_land=1))
    assert concise.render(nothing, Options()) == "no errors; 2 files, 2 accounts, 1 copy (1 lands)\n"


def test_text_from_files_is_data() -> None:
    hostile = Finding("some-rule", "error", "certain", "\x1b[31m\n\u202e\ud800", at("a\n\x9b.yaml:1", "«x»"))
    assert (
        concise.render(Result((hostile,), (), Summary(errors=1, files_read=1)), Options())
        == "a␊\\x9b.yaml:1:1: error[some-rule] ␛[31m␊\\u202e\\ud800\n1 error; 1 file\n"
    )


def test_colour_adds_nothing_that_is_seen() -> None:
    result = replace(
        EVERYTHING, findings=(*EVERYTHING.findings, replace(EVERYTHING.findings[0], message="[b]x[/b]"))
    )
    coloured = concise.render(result, Options(colour=True))
    assert "\x1b[1;31merror[copy-refused-by-vault]\x1b[0m [b]x[/b]\n" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == concise.render(result, Options())
