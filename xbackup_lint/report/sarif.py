"""SARIF 2.1.0, for code scanning and for editors."""

from __future__ import annotations

from urllib.parse import quote

from xbackup_lint import __version__
from xbackup_lint.engine.result import Finding, Location, Related, Result, RuleInfo, Suppressed
from xbackup_lint.report.json_text import json_text
from xbackup_lint.report.options import Options
from xbackup_lint.report.wording import all_findings, places, question, remarks

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "%SRCROOT%"
"""The name by which code scanning knows the top of the repository, to which paths are relative."""


def render(result: Result, options: Options) -> str:
    """Everything that was found, advice and what is accepted too; `options` change nothing."""
    numbers = {rule.id: number for number, rule in enumerate(result.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "xbackup-lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in result.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": note}} for note in result.notes
                ],
            }
        ],
        "results": [_result(finding, numbers) for finding in all_findings(result)],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: RuleInfo) -> dict[str, object]:
    links = "\n".join(f"- <{link}>" for link in rule.references)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale.strip()},
        "help": {
            "text": f"{rule.rationale.strip()}\n\n{rule.remediation.strip()}",
            "markdown": f"{rule.rationale.strip()}\n\n**What to do.** {rule.remediation.strip()}\n\n{links}",
        },
        **({"helpUri": rule.references[0]} if rule.references else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family, *rule.tags]},
    }


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, object]:
    """A doubt is no failure: it is there to be looked at (SARIF 3.27.9 and 3.27.10: `review` has no level)."""
    unsure = finding.certainty == "unsure"
    number = numbers.get(finding.rule)
    said = [question(finding), *(f"{word}: {text}" for word, text in remarks(finding))]
    return {
        "ruleId": finding.rule,
        **({"ruleIndex": number} if number is not None else {}),
        "kind": "review" if unsure else "fail",
        "level": "none" if unsure else _LEVELS[finding.severity],
        "message": {"text": "\n".join(said)},
        "locations": [{"physicalLocation": _physical(finding.location)}],
        "relatedLocations": [_related(number, place) for number, place in enumerate(places(finding), 1)],
        **({"partialFingerprints": {"xbackupLint/v1": finding.fingerprint}} if finding.fingerprint else {}),
        **({"suppressions": [_suppression(finding.suppressed)]} if finding.suppressed else {}),
    }


def _related(number: int, place: Related) -> dict[str, object]:
    message = {"message": {"text": place.message}} if place.message else {}
    return {"id": number, "physicalLocation": _physical(place.location), **message}


def _physical(location: Location) -> dict[str, object]:
    return {
        "artifactLocation": _artifact(location.path),
        "region": {
            "startLine": location.start_line,
            "startColumn": location.start_column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        },
    }


def _artifact(path: str) -> dict[str, str]:
    """A path as a URI, relative to the repository unless it is absolute or leads out of it."""
    uri = quote(_bytes(path), safe="/~!$&'()*+,;=@")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri} if path.startswith("../") else {"uri": uri, "uriBaseId": _ROOT}


def _bytes(path: str) -> bytes:
    """The bytes of a file's name, which need not be UTF-8."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _suppression(suppressed: Suppressed) -> dict[str, str]:
    kind = "inSource" if suppressed.kind in ("comment", "metadata") else "external"
    return {"kind": kind, "justification": suppressed.reason or suppressed.kind}
