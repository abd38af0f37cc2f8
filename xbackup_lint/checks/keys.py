"""Who owns the keys that vaults are encrypted with."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Vault, key_fault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.values.verdict import NO, YES


@check
def vault_key_is_malformed(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """`EncryptionKeyArn` is no ARN of a KMS key. Facts: `key`, `part` (what is wrong in it)."""
    for guard, key in vault.encryption_key:
        if key is None:
            continue
        verdict, reason, part = key_fault(key)
        if verdict is NO:
            continue
        yield Hit(
            part.span,
            verdict,
            guard,
            reason,
            facts={"key": str(key), "part": str(part)},
            holes=holes_of(key) if verdict is not YES else (),
            assumptions=assumptions_of(key),
        )


@check
def vault_key_is_foreign(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """A standard vault's key is in another account. Facts: `account`, `own`."""
    if vault.kind != "standard":
        return
    for guard, key in vault.encryption_key:
        arn = Arn.of(key) if key is not None else None
        if key is None or arn is None or arn.service.known != "kms":
            continue
        foreign = ~vault.deployment.is_account(arn.account)
        if foreign is NO:
            continue
        yield Hit(
            arn.account.span,
            foreign,
            guard,
            facts={"account": str(arn.account), "own": str(vault.account), "vault": vault.label},
            holes=holes_of(arn.account, vault.account) if foreign is not YES else (),
            assumptions=assumptions_of(key),
        )
