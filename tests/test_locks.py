"""What templates, and what the AWS CLI takes and prints, tell of the locks of vaults."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

PLACE = "444455556666/eu-west-1"
ARN = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
NOT_SHOWN = "not shown"
DESCRIBED: dict[str, Any] = {
    "BackupVaultName": "central",
    "BackupVaultArn": ARN,
    "VaultType": "BACKUP_VAULT",
    "CreationDate": "2026-10-01T12:00:00+00:00",
}
ORDER: dict[str, Any] = {"BackupVaultName": "central", "MinRetentionDays": 30}


def template(lock: str = "", kind: str = "BackupVault") -> str:
    return (
        f"Resources:\n  Vault:\n    Type: AWS::Backup::{kind}\n"
        f"    Properties:\n      BackupVaultName: central\n{lock}"
    )


def vaults(*documents: str | dict[str, Any]) -> list[Vault]:
    """The vaults of documents that lie in one folder of an account and region, read in the order given."""
    texts = [document if isinstance(document, str) else json.dumps(document) for document in documents]
    suffixes = ["json" if text.startswith("{") else "yaml" for text in texts]
    inputs = [
        Input(f"{PLACE}/{number}.{suffix}", "", True, text)
        for number, (text, suffix) in enumerate(zip(texts, suffixes, strict=True))
    ]
    return read_inputs(inputs, Assignments((), ())).estate.vaults


def only(texts: Texts) -> str | None:
    if not texts.options:
        return NOT_SHOWN
    (value,) = texts.values
    return str(value) if value is not None else None


def told(vault: Vault) -> tuple[str | None, str | None, Verdict | None, Verdict | None]:
    """Minimum, maximum, whether there is a lock, and whether it is in compliance mode."""
    locked = [answer.verdict for answer in vault.locked.values]
    permanent = [answer.verdict for answer in vault.in_compliance_mode.values]
    return (
        only(vault.min_retention_days),
        only(vault.max_retention_days),
        locked[0] if locked else None,
        permanent[0] if permanent else None,
    )


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (template(), (None, None, NO, NO)),
        (template("      LockConfiguration: {MinRetentionDays: 7}\n"), ("7", None, YES, NO)),
        (
            template(
                "      LockConfiguration: {MinRetentionDays: 7, MaxRetentionDays: 35, ChangeableForDays: 3}\n"
            ),
            ("7", "35", YES, YES),
        ),
        (
            template(
                "      MinRetentionDays: 7\n      MaxRetentionDays: 35\n", "LogicallyAirGappedBackupVault"
            ),
            ("7", "35", YES, NO),
        ),
        # `describe-backup-vault`: a call that does not print `Locked` tells of no lock.
        (DESCRIBED, (NOT_SHOWN, NOT_SHOWN, None, None)),
        (DESCRIBED | {"Locked": False}, (None, None, NO, NO)),
        (DESCRIBED | {"Locked": True, "MinRetentionDays": 7}, ("7", None, YES, NO)),
        (
            DESCRIBED | {"Locked": True, "MinRetentionDays": 7, "LockDate": "2026-12-01T12:00:00+00:00"},
            ("7", None, YES, YES),
        ),
        (
            DESCRIBED
            | {
                "VaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
                "MinRetentionDays": 7,
                "MaxRetentionDays": 35,
            }
            | {"Locked": True, "LockDate": "2026-10-01T12:00:00+00:00"},
            ("7", "35", YES, YES),
        ),
        # `put-backup-vault-lock-configuration`
        (ORDER, ("30", None, YES, NO)),
        (ORDER | {"MaxRetentionDays": 365, "ChangeableForDays": 3}, ("30", "365", YES, YES)),
        ({"BackupVaultName": "central", "MaxRetentionDays": 365}, (None, "365", YES, NO)),
        # `create-logically-air-gapped-backup-vault`
        (ORDER | {"MaxRetentionDays": 365, "BackupVaultTags": {"team": "backup"}}, ("30", "365", YES, NO)),
    ],
)
def test_one_document(
    document: str | dict[str, Any], expected: tuple[str | None, str | None, Verdict | None, Verdict | None]
) -> None:
    (vault,) = vaults(document)

    assert told(vault) == expected


@pytest.mark.parametrize("written", ["", "MinRetentionDays: 7, "])
def test_a_lock_that_a_macro_makes_is_not_known(written: str) -> None:
    lock = f"      LockConfiguration: {{{written}'Fn::Transform': {{Name: AWS::Include}}}}\n"
    (vault,) = vaults(template(lock))

    assert [answer.verdict for answer in vault.locked.values] == [UNKNOWN]
    assert [answer.verdict for answer in vault.in_compliance_mode.values] == [UNKNOWN]


def test_a_lock_under_a_condition_is_one_there_only() -> None:
    conditions = (
        "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n"
        "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
    )
    lock = "      LockConfiguration: !If [IsProd, {MinRetentionDays: 7, ChangeableForDays: 3}, !Ref AWS::NoValue]\n"
    (vault,) = vaults(conditions + template(lock))

    assert {str(guard): answer.verdict for guard, answer in vault.in_compliance_mode} == {
        "IsProd is true": YES,
        "IsProd is false": NO,
    }


@pytest.mark.parametrize("kind", ["AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"])
def test_what_a_template_says_of_deletion(kind: str) -> None:
    (vault,) = vaults(
        f"Resources:\n  Vault:\n    Type: {kind}\n    DeletionPolicy: Retain\n"
        "    Properties: {BackupVaultName: central}\n"
    )

    assert (only(vault.deletion_policy), only(vault.update_replace_policy)) == ("Retain", None)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        # What is ordered will be, whatever was printed, or where a template declares no lock.
        ((template(), ORDER), ("30", None, YES, NO)),
        ((DESCRIBED, ORDER), ("30", None, YES, NO)),
        ((DESCRIBED | {"Locked": False}, ORDER | {"ChangeableForDays": 3}), ("30", None, YES, YES)),
        ((template("      LockConfiguration: {MinRetentionDays: 7}\n"), ORDER), ("7", None, YES, NO)),
        ((DESCRIBED | {"Locked": True, "MinRetentionDays": 7}, ORDER), ("30", None, YES, NO)),
        ((template(), DESCRIBED | {"Locked": True, "MinRetentionDays": 7}), (None, None, NO, NO)),
    ],
)
def test_documents_that_speak_of_one_vault(
    documents: tuple[str | dict[str, Any], ...],
    expected: tuple[str | None, str | None, Verdict | None, Verdict | None],
) -> None:
    for order in permutations(documents):
        (vault,) = vaults(*order)

        assert told(vault) == expected


@pytest.mark.parametrize(
    "members",
    [
        {"BackupVaultName": "central"},
        {"MinRetentionDays": 30},
        {"BackupVaultName": "central", "MinRetentionDays": 30, "Comment": "of another tool"},
    ],
)
def test_what_is_no_lock(members: dict[str, Any]) -> None:
    assert vaults(members) == []
