"""Backup plans in the forms in which they are written: CloudFormation's, and that of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule
from xbackup_lint.model.problem import Problem
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.value import Field, Record, absent


@dataclass(frozen=True, slots=True)
class Form:
    """The names of a plan's properties in one form. Where forms agree, the name stands for itself."""

    name: str
    rules: str
    target: str

    @property
    def plan(self) -> tuple[str, ...]:
        return ("BackupPlanName", self.rules, "AdvancedBackupSettings", "ScanSettings")

    @property
    def rule(self) -> tuple[str, ...]:
        return (self.target, *_RULE)


# AWS: property names (facts section 8, F2.1, F2.2).
CLOUDFORMATION = Form("cloudformation", "BackupPlanRule", "TargetBackupVault")
API = Form("api", "Rules", "TargetBackupVaultName")

_RULE = (
    "RuleName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes",
    "CompletionWindowMinutes", "Lifecycle", "RecoveryPointTags", "CopyActions", "EnableContinuousBackup",
    "TargetLogicallyAirGappedBackupVaultArn", "IndexActions", "ScanActions", "RuleId",
)  # fmt: skip
_COPY = ("DestinationBackupVaultArn", "Lifecycle")
_LIFECYCLE = (
    "MoveToColdStorageAfterDays", "DeleteAfterDays", "OptInToArchiveForSupportedResources", "DeleteAfterEvent",
)  # fmt: skip

# The names under which other forms know a property, letters only: `Rules`, `backup_plan_rules`, …
_ELSEWHERE = {
    "rules": "rules", "rule": "rules", "backuprules": "rules", "backupplanrule": "rules", "backupplanrules": "rules",
    "targetbackupvault": "target", "targetbackupvaultname": "target", "targetvault": "target",
    "targetbackupvaultarn": "target", "targetvaultname": "target", "backupvaultname": "target",
    "destinationvaultarn": "DestinationBackupVaultArn", "destinationbackupvault": "DestinationBackupVaultArn",
    "startbackupwindowminutes": "StartWindowMinutes", "completebackupwindowminutes": "CompletionWindowMinutes",
    "schedule": "ScheduleExpression", "completionwindow": "CompletionWindowMinutes", "startwindow": "StartWindowMinutes",
    "copyaction": "CopyActions", "deleteafter": "DeleteAfterDays", "coldstorageafter": "MoveToColdStorageAfterDays",
    "coldstorageafterdays": "MoveToColdStorageAfterDays",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads plans into an estate."""

    estate: Estate
    deployment: Deployment
    form: Form

    def read(self, span: Span, document: Field) -> None:
        """A plan: the value of `BackupPlan`."""
        for guard, record in document.records():
            named = self._named(record, guard, self.form.plan)
            plan = Plan(span, self.deployment, named("BackupPlanName").texts(), self.form.name, guard)
            self.estate.plans.append(plan)
            for element in named(self.form.rules).elements():
                for own, rule in element.records():
                    self._rule(plan, own, rule)

    def _rule(self, plan: Plan, guard: Guard, record: Record) -> None:
        named = self._named(record, guard, self.form.rule)
        rule = Rule(
            plan=plan,
            span=record.span,
            guard=guard,
            name=named("RuleName").texts(),
            target_vault=named(self.form.target).texts(),
            continuous=named("EnableContinuousBackup").texts(),
            lifecycle=self._lifecycle(named("Lifecycle"), guard) or _none(record.span, guard),
        )
        self.estate.rules.append(rule)
        for element in named("CopyActions").elements():
            for own, action in element.records():
                self._copy(rule, own, action)

    def _copy(self, rule: Rule, guard: Guard, record: Record) -> None:
        named = self._named(record, guard, _COPY)
        destination = named("DestinationBackupVaultArn").texts()
        lifecycle = self._lifecycle(named("Lifecycle"), guard)
        self.estate.copies.append(Copy(rule, record.span, guard, destination, lifecycle))

    def _lifecycle(self, field: Field, guard: Guard) -> Lifecycle | None:
        if field.is_absent:
            return None
        written = {name: name for name in _LIFECYCLE}
        for own, record in field.records():
            written |= dict(self._written(record, own, _LIFECYCLE))
        return Lifecycle(
            delete_after_days=field.get(written["DeleteAfterDays"]).texts(),
            move_to_cold_storage_after_days=field.get(written["MoveToColdStorageAfterDays"]).texts(),
            span=field.span,
            guard=guard,
        )

    def _named(self, record: Record, guard: Guard, names: tuple[str, ...]) -> _Named:
        return _Named(Field.of(record, record.span, guard), dict(self._written(record, guard, names)))

    def _written(self, record: Record, guard: Guard, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Which property stands under which name; a name of another form, or a near miss, is a problem."""
        present = {entry.key.known for entry in record.entries}
        for entry in record.entries:
            key = entry.key.known
            if key is None or key in names:
                continue
            meant = self._meant(key, names)
            if meant is None:
                continue
            facts = {"written": key, "meant": meant, "form": self.form.name}
            self.estate.problems.append(
                Problem("plan-property-misnamed", entry.key.span, facts=facts, guard=guard)
            )
            if meant not in present:
                yield meant, key

    def _meant(self, key: str, names: tuple[str, ...]) -> str | None:
        letters = "".join(c for c in key.lower() if c.isalnum())
        role = _ELSEWHERE.get(letters)
        meant = {"rules": self.form.rules, "target": self.form.target}.get(role or "", role)
        if meant in names:
            return meant
        by_letters = {name.lower(): name for name in names}
        close = get_close_matches(letters, by_letters, 1, 0.88)
        return by_letters[close[0]] if close else None


@dataclass(frozen=True, slots=True)
class _Named:
    """A record whose properties are found by their right name, whatever they are called in it."""

    field: Field
    written: dict[str, str]

    def __call__(self, name: str) -> Field:
        return self.field.get(self.written.get(name, name))


def _none(span: Span, guard: Guard) -> Lifecycle:
    """The lifecycle of a rule that gives none: backups are kept for ever."""
    nothing = absent(span).texts()
    return Lifecycle(nothing, Alternatives(nothing.options), span, guard)
