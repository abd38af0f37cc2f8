"""What `put-backup-vault-lock-configuration` and `create-logically-air-gapped-backup-vault` take, as JSON."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.verdict import YES

_LIMITS = {"MinRetentionDays", "MaxRetentionDays"}
_LOCK = _LIMITS | {"BackupVaultName", "ChangeableForDays"}
_CREATION = {"BackupVaultTags", "CreatorRequestId", "EncryptionKeyArn"}


def is_lock(members: set[str]) -> bool:
    """Whether it is what one of the two calls takes.

    Both take a name and limits. With nothing else it is taken for a lock, of which AWS asks less.
    """
    limited = members & (_LOCK - {"BackupVaultName"})
    return "BackupVaultName" in members and bool(limited) and members <= _LOCK | _CREATION


def read_lock(root: Mapping, here: Deployment, estate: Estate) -> None:
    """A vault of which this document tells the lock; what else there is to it, others tell."""
    document = literal(root)
    name = document.get("BackupVaultName").texts()
    air_gapped = any(key.text in _CREATION for key, _ in root.entries)
    hole = Hole((root.span.source.path, f"{root.span.start}"), "this call of the AWS CLI does not tell it")
    vault = Vault(
        span=(root.get("BackupVaultName") or root).span,
        deployment=here,
        kind="air-gapped" if air_gapped else "standard",
        name=name,
        encryption_key=document.get("EncryptionKeyArn").texts() if air_gapped else Alternatives(()),
        policy=Policy(root.span, (), unknown=((ALWAYS, hole),)),
        guard=ALWAYS,
        names=frozenset(text.known for text in name.values if text is not None and text.known),
        min_retention_days=document.get("MinRetentionDays").texts(),
        max_retention_days=document.get("MaxRetentionDays").texts(),
        is_printed=True,
        locked=Alternatives.of(Answer(YES)),
        changeable_for_days=document.get("ChangeableForDays").texts(),
        is_order=True,
    )
    estate.deployments.append(here)
    estate.vaults.append(vault)
    add_policy(estate, vault.policy, "vault", here, vault=vault)
