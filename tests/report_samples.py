"""Locations by the text that they are about, and a result with one of everything, for the report tests."""

from __future__ import annotations

import json
from importlib.resources import files

from xbackup_lint.engine.result import (
    Access,
    Cause,
    CopyRow,
    Finding,
    Location,
    Related,
    Requirement,
    Result,
    Summary,
    VaultRow,
)

SCHEMA = json.loads(files("xbackup_lint.report").joinpath("report.schema.json").read_text(encoding="utf-8"))


def at(place: str, *lines: str) -> Location:
    """The location at `path:line` of what stands between « and » in the lines, which begin at that line."""
    path, number = place.rsplit(":", 1)
    text = "\n".join(lines)
    before, rest = text.split("«")
    inside, after = rest.split("»")
    start_line, end_line = (int(number) + part.count("\n") for part in (before, before + inside))
    start_column, end_column = (len(part.rsplit("\n", 1)[-1]) + 1 for part in (before, before + inside))
    whole = (before + inside + after).split("\n")[start_line - int(number) : end_line - int(number) + 1]
    return Location(path, start_line, start_column, end_line, end_column, tuple(whole))


DESTINATION = at(
    "111122223333/eu-west-1/plan.yaml:8",
    "              - DestinationBackupVaultArn: «arn:aws:backup:eu-west-1:444455556666:backup-vault:central»",
)
CENTRAL = at("444455556666/eu-west-1/vault.yaml:2", "  «Central»:")
PARAMETER = at("111122223333/eu-west-1/root.yaml:12", "  «CentralVaultArn»:")

EVERYTHING = Result(
    findings=(
        Finding(
            rule="copy-refused-by-vault",
            severity="error",
            certainty="certain",
            message="`backup-vault:central` refuses copies from account 111122223333",
            location=DESTINATION,
            because=("no statement of the policy names account 111122223333",),
            help="allow `backup:CopyIntoBackupVault` to the role that copies:\n"
            "  - Effect: Allow\n"
            "    Action: backup:CopyIntoBackupVault",
            fingerprint="3f2a",
            related=(Related("this vault's policy does not name the source account", CENTRAL),),
            when=("HasCentralVault is true",),
            deployments=("111122223333/eu-west-1", "111122223333/eu-central-1"),
        ),
        Finding(
            rule="copy-refused-by-vault",
            severity="error",
            certainty="unsure",
            message="`${CentralVaultArn}` refuses copies from account 111122223333",
            location=at("111122223333/eu-west-1/plan.yaml:12", "«!Ref CentralVaultArn»"),
            causes=(
                Cause(
                    "parameter `CentralVaultArn` has no default",
                    PARAMETER,
                    "set it in .xbackup-lint.yaml, or give --parameter CentralVaultArn=…",
                ),
            ),
        ),
        Finding(
            rule="destination-vault-unlocked",
            severity="warning",
            certainty="certain",
            message="vault `central` has no lock",
            location=CENTRAL,
        ),
        Finding(
            rule="copy-of-continuous-backup",
            severity="info",
            certainty="certain",
            message="copies of continuous backups are snapshots",
            location=DESTINATION,
        ),
    ),
    copies=(
        CopyRow(
            source_account="111122223333",
            source_region="eu-west-1",
            plan="Daily",
            rule="daily",
            location=DESTINATION,
            destination_arn="arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
            destination_account="444455556666",
            destination_region="eu-west-1",
            vault="central",
            verdict="fails",
            requirements=(
                Requirement("vault policy", "fails", "no statement names the source account", CENTRAL),
                Requirement("service control policies", "assumed", "none is among the files"),
            ),
        ),
    ),
    vaults=(
        VaultRow(
            account="444455556666",
            region="eu-west-1",
            name="central",
            location=CENTRAL,
            may_copy_in=(Access("nobody outside account 444455556666: the vault has no access policy"),),
            may_delete=(Access("not everyone (DenyDelete)", CENTRAL),),
        ),
    ),
    summary=Summary(
        errors=1,
        warnings=1,
        infos=1,
        unsure=1,
        ignored=2,
        files_read=3,
        files_passed_over=4,
        files_unreadable=1,
        accounts=2,
        copies_land=0,
        copies_fail=1,
        copies_unsure=1,
    ),
    notes=("taking vault.yaml to be account 444455556666",),
)
