"""The report for programs. `report.schema.json` is its shape, which is not that of our objects."""

from __future__ import annotations

from xbackup_lint.engine.result import (
    Access,
    CopyRow,
    Finding,
    Location,
    Related,
    Requirement,
    Result,
    Summary,
    Suppressed,
    VaultRow,
)
from xbackup_lint.report.json_text import json_text
from xbackup_lint.report.options import Options
from xbackup_lint.report.wording import all_findings, places

VERSION = 1
"""Of the shape: raised where something in it changes its meaning, or goes. What is added does not raise it."""


def render(result: Result, options: Options) -> str:
    """Everything that was found, advice too: `options` are for people, and change nothing here."""
    document = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in all_findings(result)],
        "copies": [_copy(copy) for copy in result.copies],
        "vaults": [_vault(vault) for vault in result.vaults],
        "summary": _summary(result.summary),
    }
    return json_text(document)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "certainty": finding.certainty,
        "message": finding.message,
        "because": list(dict.fromkeys((*finding.because, *(cause.text for cause in finding.causes)))),
        "help": finding.help,
        "fingerprint": finding.fingerprint,
        "location": _location(finding.location),
        "related": [_related(place) for place in places(finding)],
        "when": list(finding.when),
        "deployments": list(finding.deployments),
        "construct": finding.construct,
        "suppressed": _suppressed(finding.suppressed) if finding.suppressed else None,
    }


def _suppressed(suppressed: Suppressed) -> dict[str, object]:
    return {"kind": suppressed.kind, "reason": suppressed.reason}


def _location(location: Location) -> dict[str, object]:
    return {
        "path": location.path,
        "start": {"line": location.start_line, "column": location.start_column},
        "end": {"line": location.end_line, "column": location.end_column},
    }


def _related(place: Related) -> dict[str, object]:
    return {"message": place.message, "location": _location(place.location)}


def _copy(copy: CopyRow) -> dict[str, object]:
    return {
        "source": {
            "account": copy.source_account,
            "region": copy.source_region,
            "plan": copy.plan,
            "rule": copy.rule,
            "location": _location(copy.location),
        },
        "destination": {
            "arn": copy.destination_arn,
            "account": copy.destination_account,
            "region": copy.destination_region,
            "vault": copy.vault,
        },
        "verdict": copy.verdict,
        "requirements": [_requirement(requirement) for requirement in copy.requirements],
    }


def _requirement(requirement: Requirement) -> dict[str, object]:
    return {
        "name": requirement.name,
        "verdict": requirement.verdict,
        "because": requirement.because,
        "location": _location(requirement.location) if requirement.location else None,
    }


def _vault(vault: VaultRow) -> dict[str, object]:
    return {
        "account": vault.account,
        "region": vault.region,
        "vault": vault.name,
        "location": _location(vault.location),
        "may_copy_in": [_access(access) for access in vault.may_copy_in],
        "may_delete": [_access(access) for access in vault.may_delete],
    }


def _access(access: Access) -> dict[str, object]:
    return {
        "text": access.text,
        "location": _location(access.location) if access.location else None,
    }


def _summary(summary: Summary) -> dict[str, object]:
    return {
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
        "unsure": summary.unsure,
        "ignored": summary.ignored,
        "files": {
            "read": summary.files_read,
            "passed_over": summary.files_passed_over,
            "unreadable": summary.files_unreadable,
        },
        "accounts": summary.accounts,
        "copies": {
            "lands": summary.copies_land,
            "fails": summary.copies_fail,
            "unsure": summary.copies_unsure,
        },
    }
