"""What reports for people call a finding."""

from __future__ import annotations

from typing import Literal

from xbackup_lint.engine.result import Finding
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
