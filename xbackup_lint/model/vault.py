"""Backup vaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.key import key_arn_fault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import ACCOUNT, REGION, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

Texts = Alternatives[Text | None]
_NONE: Texts = Alternatives.of(None)


@dataclass(frozen=True, eq=False)
class Vault:
    """A backup vault, standard or logically air-gapped."""

    span: Span
    """The logical id, or the name in a document."""
    deployment: Deployment
    kind: Literal["standard", "air-gapped"]
    name: Texts
    encryption_key: Texts
    """`EncryptionKeyArn` as given; None is AWS's own key. No alternative at all where no input shows it."""
    policy: Policy | None
    guard: Guard
    names: frozenset[str] = field(default=frozenset())
    """The names that it certainly or possibly has, those that are known."""
    min_retention_days: Texts = _NONE
    """Days that the lock, or an air-gapped vault, asks for at least; None of neither, as for the key."""
    max_retention_days: Texts = _NONE
    """Days that the lock, or an air-gapped vault, allows at most."""
    trusted_key_accounts: frozenset[str] = frozenset()
    """Accounts that the configuration names as keepers of keys: their keys are not foreign."""
    is_printed: bool = False
    """Whether the AWS CLI printed it: it is there already. A template says what will be."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def account(self) -> Text:
        """The account that owns the vault."""
        return self.deployment.account

    @property
    def region(self) -> Text:
        return self.deployment.region

    @property
    def label(self) -> str:
        """The vault's name, for messages."""
        return next((str(name) for name in self.name.values if name is not None), self.span.text)

    @cached_property
    def key_account(self) -> Texts:
        """The account in the ARN of the encryption key; the whole of a key that is not known."""
        return self.encryption_key.map(lambda key: _in_key(key, _account_of))

    @cached_property
    def key_region(self) -> Texts:
        """The region in the ARN of the encryption key; the whole of a key that is not known."""
        return self.encryption_key.map(lambda key: _in_key(key, _region_of))

    @cached_property
    def key_in_foreign_account(self) -> Alternatives[Answer]:
        """Whether the encryption key belongs to another account than the vault."""
        return self.encryption_key.map(self._of_foreign_account)

    def _of_foreign_account(self, key: Text | None) -> Answer:
        owner = _in_key(key, _account_of)
        if owner is not None and owner.known in self.trusted_key_accounts:
            return Answer(NO)
        return _differs(key, _account_of, self.account, ACCOUNT)

    @cached_property
    def key_in_other_region(self) -> Alternatives[Answer]:
        """Whether the encryption key is in another region than the vault."""
        return self.encryption_key.map(lambda key: _differs(key, _region_of, self.region, REGION))


def _account_of(arn: Arn) -> Text:
    return arn.account


def _region_of(arn: Arn) -> Text:
    return arn.region


def _in_key(key: Text | None, field_of: Callable[[Arn], Text]) -> Text | None:
    """A field of a key's ARN. None where there is no key, or a text that cannot be the ARN of one."""
    arn = Arn.of(key) if key is not None else None
    if arn is not None:
        return field_of(arn) if arn.service.known == "kms" else None
    unknown = key is not None and key.parts and key_arn_fault(key)[0] is UNKNOWN
    return key if unknown else None


def _differs(key: Text | None, field_of: Callable[[Arn], Text], own: Text, shape: Shape) -> Answer:
    """Whether a field of a key's ARN differs from the vault's own. What no field can be is another rule's fault."""
    theirs = _in_key(key, field_of)
    if theirs is None:
        return Answer(NO)
    if theirs is key:
        return Answer(UNKNOWN, theirs.holes or (_filled_in_later(theirs),))
    if theirs.known is not None and not shape.could_be(theirs.known):
        return Answer(NO)
    return Answer(~equals(theirs, own), (*theirs.holes, *own.holes), theirs.assumptions)


def _filled_in_later(text: Text) -> Hole:
    """Why a text without holes is unknown: another tool's names stand in it."""
    return Hole((text.span.source.path, str(text)), f"`{text}` is filled in by another tool", place=text.span)


def same_name(vault: Vault, name: Text) -> Verdict:
    """Whether a vault is called `name`."""
    return Verdict.any(equals(own, name) for own in vault.name.values if own is not None)
