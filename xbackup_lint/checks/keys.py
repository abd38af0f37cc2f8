"""The keys that vaults are encrypted with."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import key_arn_fault
from xbackup_lint.model.vault import Vault
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text


@check
def vault_key_is_malformed(vault: Vault, _: Estate) -> Iterator[Hit]:
    """`EncryptionKeyArn` cannot be the ARN of a KMS key.

    Facts: `key` (as it is known, or as it is written), `part` (what is wrong in it, in backquotes),
    `resource` (where the id of a key is referred to: that key).
    """
    for guard, key in vault.encryption_key:
        if key is None:
            continue
        verdict, reason, part = key_arn_fault(key)
        facts = {
            "key": key.known or _written(key.span),
            "part": f"`{part}`" if part.parts else "nothing",
            "resource": _resource(key),
        }
        yield Hit(part.span, verdict, guard, reason, facts, assumptions=assumptions_of(key))


def _written(span: Span) -> str:
    """The text of a place on one line."""
    return " ".join(span.text.split())


def _resource(key: Text) -> str:
    """The logical id of the key whose id is referred to."""
    return key.hole.name.removesuffix(".KeyId") if key.hole is not None else ""
