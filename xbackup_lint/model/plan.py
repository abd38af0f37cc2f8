"""Backup plans, their rules, lifecycles and copies."""

from __future__ import annotations

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import (
    EFS_VAULT,
    VaultArn,
    is_vault_name,
    vault_arn,
    vault_arn_fault,
)
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Alternatives, Guard, TooMany
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import NAME, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, absent
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

Texts = Alternatives[Text | None]
_NONE: Texts = Alternatives.of(None)


@dataclass(frozen=True, eq=False)
class Plan:
    """A backup plan."""

    span: Span
    """The logical id, or the plan's name in a document."""
    deployment: Deployment
    name: Texts
    """`BackupPlanName`."""
    form: str
    """How it is written: `cloudformation`, `api` or `organizations`."""
    guard: Guard
    attached_to: tuple[Text, ...] = ()
    """The ids of root, organizational units and accounts that an Organizations policy is attached to."""
    id: str | None = None
    """The id that AWS Backup gave it, of a plan that a call printed."""
    body: Field = field(default_factory=lambda: absent(NOWHERE))
    """The plan by the names of its form."""
    unread_rules: tuple[Hole, ...] = ()
    """The unknowns that stand where rules would."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def label(self) -> str:
        """The plan's name, for messages."""
        return next((str(name) for name in self.name.values if name is not None), self.span.unquoted)

    @property
    def is_api(self) -> bool:
        """Whether it is a document of the API, in which no function is worked out."""
        return self.form == "api"


@dataclass(frozen=True, eq=False)
class Lifecycle:
    """How long backups are kept: of a rule, or of the copies that a copy action makes."""

    delete_after_days: Texts
    """Days after which a backup is deleted; -1 or absent keeps it."""
    move_to_cold_storage_after_days: Texts
    """Days after which a backup moves to cold storage; -1 or absent never."""
    span: Span
    guard: Guard
    deployment: Deployment | None = None
    """The stack that it is part of; None where it says nothing."""
    opt_in_to_archive: Texts = _NONE
    """`OptInToArchiveForSupportedResources` as written."""

    @property
    def key(self) -> Span:
        return self.span

    @cached_property
    def both_days(self) -> Alternatives[tuple[Text | None, Text | None]]:
        """The days of deletion and of the move to cold storage; none where too many conditions decide them."""
        try:
            return self.delete_after_days.with_(
                self.move_to_cold_storage_after_days, lambda delete, move: (delete, move)
            )
        except TooMany:
            return Alternatives(())


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of a plan: what it keeps where, and what it copies."""

    plan: Plan
    span: Span
    guard: Guard
    name: Texts
    """`RuleName`."""
    target_vault: Texts
    """`TargetBackupVault`: the name of a vault in the plan's own account and region."""
    continuous: Texts
    """`EnableContinuousBackup` as written."""
    lifecycle: Lifecycle
    air_gapped_target: Texts = _NONE
    """`TargetLogicallyAirGappedBackupVaultArn`: a vault in the plan's own account and region."""
    unread_copies: tuple[Hole, ...] = ()
    """The unknowns that stand where copy actions would."""
    schedule: Texts = _NONE
    """`ScheduleExpression`; None where it is left out."""
    timezone: Texts = _NONE
    """`ScheduleExpressionTimezone`; None is UTC."""
    body: Field = field(default_factory=lambda: absent(NOWHERE))
    """The rule by the names of its form."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def deployment(self) -> Deployment:
        return self.plan.deployment

    @property
    def label(self) -> str:
        """The rule's name, for messages; empty where it has none."""
        return next((str(name) for name in self.name.values if name is not None), "")

    @property
    def delete_after_days(self) -> Texts:
        """Days after which its backups are deleted."""
        return self.lifecycle.delete_after_days

    @property
    def move_to_cold_storage_after_days(self) -> Texts:
        """Days after which its backups move to cold storage."""
        return self.lifecycle.move_to_cold_storage_after_days

    @cached_property
    def start_window_minutes(self) -> Texts:
        """Minutes within which a backup must start."""
        return self.body.get("StartWindowMinutes").texts()

    @cached_property
    def completion_window_minutes(self) -> Texts:
        """Minutes within which a backup must be complete."""
        return self.body.get("CompletionWindowMinutes").texts()

    @property
    def keeps_for_ever(self) -> Alternatives[Answer]:
        """Whether its backups are never deleted: without `DeleteAfterDays`, or with -1 (F4.3)."""
        return self.delete_after_days.map(_for_ever)

    @cached_property
    def target_name_valid(self) -> Alternatives[Verdict]:
        """Whether the target is a name that a vault can have."""
        return self.target_vault.map(self._name_valid)

    def _name_valid(self, target: Text | None) -> Verdict:
        if target is None:
            return YES
        return YES if self.plan.is_api and target.known == EFS_VAULT else is_vault_name(target)


def _for_ever(days: Text | None) -> Answer:
    if days is not None and days.holes:
        return Answer(UNKNOWN, days.holes)
    return Answer(Verdict.of(days is None or days.number == -1))


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

    @property
    def of_continuous_backups(self) -> Texts:
        """`EnableContinuousBackup` of its rule."""
        return self.rule.continuous

    @cached_property
    def destination(self) -> Alternatives[VaultArn | None]:
        """The destination in its fields; None where they cannot be told apart or are no vault's."""
        return self.destination_arn.map(lambda arn: vault_arn(arn) if arn is not None else None)

    @cached_property
    def destination_name(self) -> Alternatives[Text | None]:
        """The name of the destination vault; None where the destination cannot be a vault's ARN."""
        return self.destination_arn.map(_name_in)

    @cached_property
    def crosses_accounts(self) -> Alternatives[Answer]:
        """Whether the destination is in another account."""
        return self.destination_arn.map(self._crosses)

    def _crosses(self, arn: Text | None) -> Answer:
        destination = vault_arn(arn) if arn is not None else None
        if arn is None or destination is None:
            return _without_fields(arn)
        account = destination.account
        verdict = self.deployment.sends_to_another(account)
        return Answer(
            verdict,
            (*account.holes, *self.deployment.account.holes) if verdict is UNKNOWN else (),
            (*account.assumptions, *self.deployment.assumed_of(account)),
        )

    @cached_property
    def to_itself(self) -> Alternatives[Answer]:
        """Whether the destination is the rule's own target vault."""
        try:
            return self.destination_arn.with_(self.rule.target_vault, self._same_vault)
        except TooMany:
            symbol = (self.span.source.path, f"copy@{self.span.start}")
            return Alternatives.of(Answer(UNKNOWN, (Hole(symbol, "too many conditions decide it"),)))

    def _same_vault(self, arn: Text | None, target: Text | None) -> Answer:
        destination = vault_arn(arn) if arn is not None else None
        if arn is None or destination is None or target is None:
            return _without_fields(arn if target is not None else None)
        account, region = destination.account, destination.region
        compared = (
            (~self.deployment.sends_to_another(account), account, self.deployment.account),
            (self.deployment.is_region(region), region, self.deployment.region),
            (equals(destination.name, target), destination.name, target),
        )
        unknown = (text for verdict, *texts in compared if verdict is UNKNOWN for text in texts)
        return Answer(
            Verdict.all(verdict for verdict, _, _ in compared),
            tuple(hole for text in unknown for hole in text.holes),
            (*arn.assumptions, *target.assumptions),
        )


def _without_fields(arn: Text | None) -> Answer:
    """What is answered of a destination that is absent, no vault's ARN, or unknown as a whole."""
    if arn is None or vault_arn_fault(arn)[0] is YES:
        return Answer(NO)
    return Answer(UNKNOWN, arn.holes)


def _name_in(arn: Text | None) -> Text | None:
    if arn is None or vault_arn_fault(arn)[0] is YES:
        return None
    destination = VaultArn.of(arn)
    if destination is not None:
        return destination.name
    if not arn.holes:  # a variable that nobody fills in, if this was a template
        return None
    hole = arn.holes[0]
    named = replace(hole, symbol=(hole.symbol[0], f"name in {hole.name}"), shape=NAME)
    return Text.unknown(named, arn.span)


@dataclass(frozen=True, eq=False)
class VaultReference:
    """An ARN by which a plan names a vault: a copy's destination, or (wrongly) a rule's target."""

    deployment: Deployment
    arn: Text
    """The ARN, as given."""
    is_target: bool
    """Whether it stands (wrongly) as a rule's target; else it is a copy's destination."""
    guard: Guard

    @property
    def key(self) -> Span:
        return self.arn.span

    @cached_property
    def destination(self) -> VaultArn | None:
        """The ARN in its fields; None where they cannot be told apart or are no vault's."""
        return vault_arn(self.arn)
