"""Backup vaults."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import Arn, is_arn
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import ANY, KEY_ID
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_KEY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")


@dataclass(frozen=True, eq=False)
class Vault:
    """A backup vault, standard or logically air-gapped."""

    span: Span
    """The logical id, or the name in a document."""
    deployment: Deployment
    kind: Literal["standard", "air-gapped"]
    name: Alternatives[Text | None]
    encryption_key: Alternatives[Text | None]
    """`EncryptionKeyArn` as given; None is AWS's own key for AWS Backup."""
    policy: Policy | None
    guard: Guard
    names: frozenset[str] = field(default=frozenset())
    """The names that it certainly or possibly has, those that are known."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def account(self) -> Text:
        """The account that owns the vault."""
        return self.deployment.account

    @property
    def label(self) -> str:
        """The vault's name, for messages."""
        return next((str(name) for name in self.name.values if name is not None), self.span.text)

    @cached_property
    def key_in_other_region(self) -> Alternatives[Verdict]:
        """Whether the ARN of the encryption key names another region than the vault's."""
        return self.encryption_key.map(self._in_other_region)

    def _in_other_region(self, key: Text | None) -> Verdict:
        arn = Arn.of(key) if key is not None else None
        if arn is None or arn.service.known != "kms":
            return NO
        return ~self.deployment.is_region(arn.region)


def key_fault(key: Text) -> tuple[Verdict, str, Text]:
    """Whether a text cannot be the ARN of a KMS key; a word for why, and the part that is wrong.

    AWS: `EncryptionKeyArn` takes a key's ARN, no alias and no id (F3.1).
    """
    if key.known is not None and key.known.startswith("alias/"):
        return YES, "alias", key
    arn = Arn.of(key)
    if arn is None:
        return _no_arn_fault(key)
    if arn.service.known not in (None, "kms"):
        return YES, "wrong-service", arn.service
    if arn.resource.starts_with("alias/"):
        return YES, "alias", key
    if arn.resource.known is not None and not arn.resource.known.startswith("key/"):
        return YES, "not-a-key", arn.resource
    if arn.account.known is not None and not re.fullmatch("[0-9]{12}", arn.account.known):
        return YES, "wrong-account", arn.account
    pieces = arn.resource.split("/", 1, trusting=True) or []
    if len(pieces) == 2 and pieces[1].known is not None and not _KEY_ID.fullmatch(pieces[1].known):
        return YES, "not-a-key-id", pieces[1]
    return NO, "", key


def _no_arn_fault(key: Text) -> tuple[Verdict, str, Text]:
    hole = key.hole
    if hole is not None:
        if hole.shape is KEY_ID:
            return YES, "key-id", key
        return (UNKNOWN if hole.shape is ANY else ~is_arn(key)), "not-an-arn", key
    if key.known is not None and _KEY_ID.fullmatch(key.known):
        return YES, "key-id", key
    return (YES if is_arn(key) is NO else UNKNOWN if key.holes else YES), "not-an-arn", key


def same_name(vault: Vault, name: Text) -> Verdict:
    """Whether a vault is called `name`."""
    return Verdict.any(equals(own, name) for own in vault.name.values if own is not None)
