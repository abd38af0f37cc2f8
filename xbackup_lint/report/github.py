"""Workflow commands of GitHub Actions: an annotation on the line of each finding."""

from __future__ import annotations

from xbackup_lint.engine.result import Finding, Result
from xbackup_lint.report.options import Options
from xbackup_lint.report.summary import summary_lines
from xbackup_lint.report.visible import visible
from xbackup_lint.report.wording import is_shown, kind, question, remarks

_LINE_END = "\n"
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice", "unsure": "notice"}


def render(result: Result, options: Options) -> str:
    """A command a finding, and the summary, which is shown in the log."""
    lines = [_command(finding) for finding in result.findings if is_shown(finding, options)]
    summary = ["".join(text for text, _ in line) for line in summary_lines(result.summary, Options())]
    return "".join(f"{line}\n" for line in (*lines, *summary))


def _command(finding: Finding) -> str:
    """One line: nothing in a finding can end its command, or begin another."""
    place = finding.location
    properties = {
        "file": place.path,
        "line": str(place.start_line),
        "endLine": str(place.end_line),
        # GitHub shows columns only of findings on one line.
        **(
            {"col": str(place.start_column), "endColumn": str(place.end_column)}
            if place.start_line == place.end_line
            else {}
        ),
        "title": f"{kind(finding)}[{finding.rule}]",
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    said = [question(finding), *(f"{word}: {text}" for word, text in remarks(finding))]
    lines = (visible(line) for one in said for line in one.split("\n"))
    return f"::{_COMMANDS[kind(finding)]} {told}::{_data(_LINE_END.join(lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
