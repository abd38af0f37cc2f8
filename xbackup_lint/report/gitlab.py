"""GitLab's Code Quality report, which merge requests show beside their lines."""

from __future__ import annotations

import hashlib

from xbackup_lint.engine.result import Finding, Result
from xbackup_lint.report.json_text import json_text
from xbackup_lint.report.options import Options
from xbackup_lint.report.wording import kind, question, remarks

_SEVERITIES = {"error": "critical", "warning": "major", "info": "info", "unsure": "minor"}


def render(result: Result, options: Options) -> str:
    """Every finding that is not accepted; `options` change nothing."""
    return json_text([_issue(finding) for finding in result.findings])


def _issue(finding: Finding) -> dict[str, object]:
    """GitLab shows one text a finding, and takes those of one fingerprint for one."""
    place = finding.location
    said = [question(finding), *(f"{word}: {text}" for word, text in remarks(finding))]
    return {
        "description": f"{said[0]} [{finding.rule}]",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint or _fingerprint(finding),
        "severity": _SEVERITIES[kind(finding)],
        "location": {
            "path": place.path,
            "lines": {"begin": place.start_line, "end": place.end_line},
        },
        "content": {"body": "\n\n".join(said)},
    }


def _fingerprint(finding: Finding) -> str:
    place = finding.location
    text = f"{finding.rule}\n{place.path}\n{place.start_line}\n{place.start_column}\n{finding.message}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
