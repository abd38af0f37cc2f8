"""Vaults that templates declare."""

from __future__ import annotations

from xbackup_lint.model.vault import Vault
from xbackup_lint.sources.declared import Declared, Reader
from xbackup_lint.sources.policies import add_policy


def _vault(declared: Declared) -> None:
    name = declared.texts("BackupVaultName")
    air_gapped = declared.resource.type.endswith("LogicallyAirGappedBackupVault")
    lock = declared.properties if air_gapped else declared.properties.get("LockConfiguration")
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
    )
    declared.estate.vaults.append(vault)
    add_policy(declared.estate, vault.policy, "vault", declared.deployment, vault=vault)


READERS: dict[str, Reader] = {
    "AWS::Backup::BackupVault": _vault,
    "AWS::Backup::LogicallyAirGappedBackupVault": _vault,
}
