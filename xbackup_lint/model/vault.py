"""Backup vaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.key import key_arn_fault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard, TooMany
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import ACCOUNT, REGION, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

Texts = Alternatives[Text | None]
_NONE: Texts = Alternatives.of(None)
_NOWHERE: Texts = Alternatives(())
_UNLOCKED = Alternatives.of(Answer(NO))


@dataclass(frozen=True, eq=False)
class Vault:
    """A backup vault, standard or logically air-gapped."""

    span: Span
    """The logical id, or the name in a document."""
    deployment: Deployment
    kind: Literal["standard", "air-gapped"]
    """What kind of vault it is."""
    name: Texts
    """`BackupVaultName`."""
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
    locked: Alternatives[Answer] = _UNLOCKED
    """Whether a lock, or the nature of an air-gapped vault, limits retention; nothing where no input shows it."""
    changeable_for_days: Texts = _NONE
    """Days after which the lock cannot be taken back any more, by anybody; None where it always can."""
    lock_date: Texts = _NONE
    """The day from which the lock cannot be taken back, as `describe-backup-vault` prints it."""
    lock_configuration: Span | None = None
    """What `LockConfiguration` holds, where a template has one."""
    is_order: bool = False
    """Whether a document orders the lock: it is what a call takes, not what one prints."""
    deletion_policy: Texts = _NOWHERE
    """What becomes of it when its stack lets it go; nothing of a vault that no template declares."""
    update_replace_policy: Texts = _NOWHERE
    """What becomes of it when its stack puts another in its place."""
    tags: Field | None = None
    """`BackupVaultTags`; None where no input shows them."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def account(self) -> Text:
        """The account that owns the vault."""
        return self.deployment.account

    @property
    def region(self) -> Text:
        """The region that the vault is in."""
        return self.deployment.region

    @property
    def label(self) -> str:
        """The vault's name, for messages."""
        return next((str(name) for name in self.name.values if name is not None), self.span.unquoted)

    def is_rival_of(self, other: Vault) -> bool:
        """Whether two templates declare one vault, under conditions that do not exclude each other."""
        declared = not (self.is_printed or other.is_printed) and self.span != other.span
        return declared and self.guard & other.guard is not None

    @cached_property
    def decided(self) -> dict[object, object]:
        """What its policy says to those who copy into it, kept for all copies: see `asking.copying_in`."""
        return {}

    @cached_property
    def in_compliance_mode(self) -> Alternatives[Answer]:
        """Whether its lock becomes, or is, permanent (F4.12); not of air-gapped vaults, which are made so."""
        try:
            ends = self.changeable_for_days.with_(self.lock_date, lambda days, date: days or date)
            return self.locked.with_(ends, _permanent)
        except TooMany:
            return self.locked.map(lambda lock: Answer(UNKNOWN, lock.holes))

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
    def key_in_own_account(self) -> Alternatives[Answer]:
        """Whether the encryption key belongs to the vault's own account; not of AWS's own keys."""
        return self.encryption_key.map(lambda key: _agrees(key, _account_of, self.account))

    @cached_property
    def key_in_other_region(self) -> Alternatives[Answer]:
        """Whether the encryption key is in another region than the vault."""
        return self.encryption_key.map(lambda key: _differs(key, _region_of, self.region, REGION))


def _permanent(lock: Answer, ends: Text | None) -> Answer:
    return lock if lock.verdict is not YES else Answer(Verdict.of(ends is not None))


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


def _agrees(key: Text | None, field_of: Callable[[Arn], Text], own: Text) -> Answer:
    """Whether a field of a key's ARN is the vault's own."""
    theirs = _in_key(key, field_of)
    if theirs is None:
        return Answer(NO)
    if theirs is key:
        return Answer(UNKNOWN, theirs.holes or (_filled_in_later(theirs),))
    return Answer(equals(theirs, own), (*theirs.holes, *own.holes), theirs.assumptions)


def _filled_in_later(text: Text) -> Hole:
    """Why a text without holes is unknown: another tool's names stand in it."""
    return Hole((text.span.source.path, str(text)), f"`{text}` is filled in by another tool", place=text.span)


def same_name(vault: Vault, name: Text) -> Verdict:
    """Whether a vault is called `name`."""
    return Verdict.any(equals(own, name) for own in vault.name.values if own is not None)
