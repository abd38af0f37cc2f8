"""What reports for people call a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from xbackup_lint.engine.result import Finding, Related, Result
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import visible


def kind(finding: Finding) -> Literal["error", "warning", "info", "unsure"]:
    """Its severity, or `unsure`: a doubt is one whatever the rule's severity."""
    return "unsure" if finding.certainty == "unsure" else finding.severity


def question(finding: Finding) -> str:
    """Its message, as a question where it is one."""
    message = visible(finding.message)
    return f"cannot tell whether {message}" if finding.certainty == "unsure" else message


def is_shown(finding: Finding, options: Options) -> bool:
    """Whether it is printed: advice only on request, all else always."""
    return options.show_info or kind(finding) != "info"


def all_findings(result: Result) -> list[Finding]:
    """Those that are accepted too, each in its place: what programs are told."""

    def place(finding: Finding) -> tuple[str | int, ...]:
        at = finding.location
        return at.path, at.start_line, at.start_column, at.end_line, at.end_column, finding.rule

    return (
        sorted((*result.findings, *result.suppressed), key=place) if result.suppressed else [*result.findings]
    )


def places(finding: Finding) -> list[Related]:
    """All places beside the first: those that it speaks of, and those where the same decides the same."""
    return [*finding.related, *(Related("the same here", place) for place in finding.others)]


def remarks(finding: Finding) -> Iterator[tuple[str, str]]:
    """What is said below the message: a word, and the text. The text of `help` may have several lines.

    A line end in what comes from files is made visible: behind it anything could pretend to be said by us.
    """
    for because in dict.fromkeys((*finding.because, *(cause.text for cause in finding.causes))):
        yield "because", visible(because)
    for when in finding.when:
        yield "when", visible(when)
    if finding.deployments:
        yield "deployed in", visible(", ".join(finding.deployments))
    if finding.construct:
        yield "construct", visible(finding.construct)
    helps = (finding.help, *(visible(cause.remedy) for cause in finding.causes))
    for text in dict.fromkeys(helps):
        if text:
            yield "help", text
