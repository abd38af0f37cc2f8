"""Backup plans, their rules, lifecycles and copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import EFS_VAULT, VAULT_NAME, VaultArn, is_arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard, TooMany
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

Texts = Alternatives[Text | None]


@dataclass(frozen=True, eq=False)
class Plan:
    """A backup plan."""

    span: Span
    """The logical id, or the plan's name in a document."""
    deployment: Deployment
    name: Texts
    form: str
    """How it is written: `cloudformation` or `api`."""
    guard: Guard

    @property
    def label(self) -> str:
        return next((str(name) for name in self.name.values if name is not None), self.span.text)


@dataclass(frozen=True, eq=False)
class Lifecycle:
    """How long backups are kept: of a rule, or of the copies that a copy action makes."""

    delete_after_days: Texts
    """Days after which a backup is deleted; -1 or absent keeps it."""
    move_to_cold_storage_after_days: Texts
    """Days after which a backup moves to cold storage; -1 or absent never."""
    span: Span
    guard: Guard

    @property
    def key(self) -> Span:
        return self.span

    @cached_property
    def days_in_cold_storage(self) -> Alternatives[int | None]:
        """Days between the move to cold storage and deletion; None where a backup never moves or stays for ever."""

        def days(delete: Text | None, move: Text | None) -> int | None:
            numbers = [text.number if text is not None else None for text in (delete, move)]
            if numbers[0] is None or numbers[1] is None or min(numbers[0], numbers[1]) < 0:
                return None
            return numbers[0] - numbers[1]

        try:
            return self.delete_after_days.with_(self.move_to_cold_storage_after_days, days)
        except TooMany:
            return Alternatives.of(None)


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a plan: what it keeps where, and what it copies."""

    plan: Plan
    span: Span
    guard: Guard
    name: Texts
    target_vault: Texts
    """`TargetBackupVault`: the name of a vault in the plan's own account and region."""
    continuous: Texts
    """`EnableContinuousBackup` as written."""
    lifecycle: Lifecycle

    @property
    def key(self) -> Span:
        return self.span

    @property
    def deployment(self) -> Deployment:
        return self.plan.deployment

    @property
    def label(self) -> str:
        return next((str(name) for name in self.name.values if name is not None), "")

    @property
    def delete_after_days(self) -> Texts:
        """Days after which its backups are deleted."""
        return self.lifecycle.delete_after_days

    @cached_property
    def target_name_valid(self) -> Alternatives[Verdict]:
        """Whether the target is a name that a vault can have."""
        return self.target_vault.map(_name_valid)


def _name_valid(target: Text | None) -> Verdict:
    if target is None:
        return Verdict.YES
    known = target.known
    if known is None:
        return UNKNOWN
    return Verdict.of(VAULT_NAME.fullmatch(known) is not None or known == EFS_VAULT)


@dataclass(frozen=True, eq=False)
class Copy:
    """One copy action: backups of a rule are copied to another vault."""

    rule: Rule
    span: Span
    guard: Guard
    destination_arn: Texts
    """`DestinationBackupVaultArn` as given."""
    lifecycle: Lifecycle | None

    @property
    def key(self) -> Span:
        return self.span

    @property
    def deployment(self) -> Deployment:
        return self.rule.deployment

    @cached_property
    def destination(self) -> Alternatives[VaultArn | None]:
        """The destination in its fields; None where they cannot be told apart."""
        return self.destination_arn.map(lambda arn: VaultArn.of(arn) if arn is not None else None)

    @cached_property
    def destination_name(self) -> Alternatives[Text | None]:
        """The name of the destination vault; the whole text where it cannot be told apart."""

        def name(arn: Text | None) -> Text | None:
            destination = VaultArn.of(arn) if arn is not None else None
            return destination.name if destination is not None else arn

        return self.destination_arn.map(name)

    @cached_property
    def crosses_accounts(self) -> Alternatives[Verdict]:
        """Whether the destination is in another account."""

        def crosses(arn: Text | None) -> Verdict:
            destination = VaultArn.of(arn) if arn is not None else None
            if destination is None:
                return NO if arn is None or is_arn(arn) is NO else UNKNOWN
            return self.deployment.sends_to_another(destination.account)

        return self.destination_arn.map(crosses)

    @cached_property
    def to_itself(self) -> Alternatives[Verdict]:
        """Whether the destination is the rule's own target vault."""

        def same(arn: Text | None, target: Text | None) -> Verdict:
            destination = VaultArn.of(arn) if arn is not None else None
            if destination is None or target is None:
                return UNKNOWN if arn is not None and arn.hole is not None else NO
            return (
                ~self.deployment.sends_to_another(destination.account)
                & self.deployment.is_region(destination.region)
                & equals(destination.name, target)
            )

        try:
            return self.destination_arn.with_(self.rule.target_vault, same)
        except TooMany:
            return Alternatives.of(UNKNOWN)


@dataclass(frozen=True, eq=False)
class VaultReference:
    """An ARN by which a plan names a vault: a copy's destination, or (wrongly) a rule's target."""

    deployment: Deployment
    arn: Text
    is_target: bool
    guard: Guard

    @property
    def key(self) -> Span:
        return self.arn.span

    @cached_property
    def destination(self) -> VaultArn | None:
        return VaultArn.of(self.arn)
