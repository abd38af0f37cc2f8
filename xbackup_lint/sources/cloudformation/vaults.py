"""Vaults that templates declare."""

from __future__ import annotations

from xbackup_lint.model.vault import Vault
from xbackup_lint.sources.cloudformation.declared import Declared, Reader
from xbackup_lint.sources.cloudformation.notifications import read_notifications
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Record, Value
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_MACRO = "Fn::Transform"
_ADDS = "a macro may add to the lock at deployment"


def _vault(declared: Declared) -> None:
    name = declared.texts("BackupVaultName")
    air_gapped = declared.resource.type.endswith("LogicallyAirGappedBackupVault")
    configuration = declared.properties.get("LockConfiguration")
    lock = declared.properties if air_gapped else configuration
    vault = Vault(
        span=declared.span,
        deployment=declared.deployment,
        kind="air-gapped" if air_gapped else "standard",
        name=name,
        encryption_key=declared.texts("EncryptionKeyArn"),
        policy=declared.policy("AccessPolicy"),
        guard=declared.guard,
        names=frozenset(text.known for text in name.values if text is not None and text.known),
        min_retention_days=lock.get("MinRetentionDays").texts(),
        max_retention_days=lock.get("MaxRetentionDays").texts(),
        trusted_key_accounts=declared.estate.trusted_key_accounts,
        locked=Alternatives.of(Answer(YES)) if air_gapped else _locked(configuration),
        changeable_for_days=configuration.get("ChangeableForDays").texts(),
        lock_configuration=_written(configuration) if declared.is_written else None,
        deletion_policy=declared.attribute("DeletionPolicy"),
        update_replace_policy=declared.attribute("UpdateReplacePolicy"),
        tags=declared.properties.get("BackupVaultTags"),
    )
    declared.estate.vaults.append(vault)
    add_policy(declared.estate, vault.policy, "vault", declared.deployment, vault=vault)
    if not declared.properties.get("Notifications").is_absent:
        read_notifications(declared, vault.label)


def _written(configuration: Field) -> Span | None:
    return next((record.span for _, record in configuration.records()), None)


def _locked(configuration: Field) -> Alternatives[Answer]:
    def locked(value: Value) -> Answer:
        if isinstance(value, Text) and value.holes:
            return Answer(UNKNOWN, value.holes)
        if isinstance(value, Record) and value.entry(_MACRO) is not None:
            return Answer(
                UNKNOWN, (Hole((value.span.source.path, f"{value.span.start}"), _ADDS, place=value.span),)
            )
        return Answer(NO if value is None else YES)

    return configuration.alternatives.map(locked)


READERS: dict[str, Reader] = {
    "AWS::Backup::BackupVault": _vault,
    "AWS::Backup::LogicallyAirGappedBackupVault": _vault,
}
