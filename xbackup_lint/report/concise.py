"""One line a finding, `path:line:column: error[rule] message`, for editors and for grep."""

from __future__ import annotations

from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Finding, Result
from xbackup_lint.report.colour import Line, paint, path_piece
from xbackup_lint.report.options import Options
from xbackup_lint.report.summary import summary_lines
from xbackup_lint.report.visible import visible
from xbackup_lint.report.wording import is_shown, kind, question


def render(result: Result, options: Options) -> str:
    """The result's findings, a line each whatever the width, and the summary."""
    findings = [_line(finding) for finding in result.findings if is_shown(finding, options)]
    summary = summary_lines(result.summary, replace(options, width=None))
    return paint([*findings, *summary], options.colour, options.links)


def _line(finding: Finding) -> Line:
    place = finding.location
    return [
        path_piece(place.path),
        (f":{place.start_line}:{place.start_column}: ", "plain"),
        (f"{kind(finding)}[{visible(finding.rule)}]", kind(finding)),
        (f" {question(finding)}", "plain"),
    ]
