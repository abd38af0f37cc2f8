"""An effective backup policy as the plans and selections that AWS Backup makes of it, by the names of its API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.role import Selection
from xbackup_lint.sources.plans import Form, PlanReader
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.hole import REGION, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

ACCOUNT_VARIABLE, REGION_VARIABLE = "$account", "$region"

Convert = Callable[[Field], Field]


def _same(field: Field) -> Field:
    return field


def _renamed(names: Mapping[str, tuple[str, Convert]]) -> Convert:
    """A mapping by the names of the API; other keys are left out."""

    def entries(record: Record) -> Iterator[Entry]:
        for entry in record.entries:
            found = names.get(entry.key.known or "")
            if found is not None:
                name, convert = found
                yield Entry(Text.literal(name, entry.key.span), convert(entry.value))

    def renamed(value: Value) -> Value:
        return Record(value.span, tuple(entries(value))) if isinstance(value, Record) else value

    return lambda field: Field(field.span, field.alternatives.map(renamed))


def _listed(convert: Convert, name: str = "") -> Convert:
    """A mapping of names as a list, with each name under `name`."""

    def element(entry: Entry) -> Field:
        read = convert(entry.value)
        return Field(read.span, read.alternatives.map(lambda value: named(entry.key, value)))

    def named(key: Text, value: Value) -> Value:
        if not name or not isinstance(value, Record):
            return value
        label = Entry(Text.literal(name, key.span), Field.of(key, key.span))
        return Record(value.span, (label, *value.entries))

    def listed(value: Value) -> Value:
        match value:
            case Record(span, entries):
                return Items(span, tuple(map(element, entries)))
            case Items(span, elements):  # a list in place of names, which is told elsewhere
                return Items(span, tuple(map(convert, elements)))
        return value

    return lambda field: Field(field.span, field.alternatives.map(listed))


_LIFECYCLE = _renamed(
    {
        "move_to_cold_storage_after_days": ("MoveToColdStorageAfterDays", _same),
        "delete_after_days": ("DeleteAfterDays", _same),
        "opt_in_to_archive_for_supported_resources": ("OptInToArchiveForSupportedResources", _same),
    }
)
_COPY = _renamed(
    {
        "target_backup_vault_arn": ("DestinationBackupVaultArn", _same),
        "lifecycle": ("Lifecycle", _LIFECYCLE),
    }
)


def _copies(field: Field) -> Field:
    """AWS: in one of its examples an effective policy holds the one copy action itself, and no key for it."""
    is_one = any(record.entry("target_backup_vault_arn") is not None for _, record in field.records())
    return _COPY(field) if is_one else _listed(_COPY)(field)


_RULE = _renamed(
    {
        "schedule_expression": ("ScheduleExpression", _same),
        "target_backup_vault_name": ("TargetBackupVaultName", _same),
        "target_logically_air_gapped_backup_vault_arn": ("TargetLogicallyAirGappedBackupVaultArn", _same),
        "start_backup_window_minutes": ("StartWindowMinutes", _same),
        "complete_backup_window_minutes": ("CompletionWindowMinutes", _same),
        "enable_continuous_backup": ("EnableContinuousBackup", _same),
        "lifecycle": ("Lifecycle", _LIFECYCLE),
        "copy_actions": ("CopyActions", _copies),
        "index_actions": ("IndexActions", _renamed({"resource_types": ("ResourceTypes", _same)})),
        "scan_actions": (
            "ScanActions",
            _listed(_renamed({"scan_mode": ("ScanMode", _same)}), "MalwareScanner"),
        ),
    }
)
_PLAN = _renamed({"rules": ("Rules", _listed(_RULE, "RuleName"))})
_CONDITION = _listed(
    _renamed({"condition_key": ("ConditionKey", _same), "condition_value": ("ConditionValue", _same)})
)
_SELECTION = _renamed(
    {
        "iam_role_arn": ("IamRoleArn", _same),
        "resource_types": ("Resources", _same),
        "not_resource_types": ("NotResources", _same),
        "conditions": (
            "Conditions",
            _renamed(
                {
                    "string_equals": ("StringEquals", _CONDITION),
                    "string_not_equals": ("StringNotEquals", _CONDITION),
                    "string_like": ("StringLike", _CONDITION),
                    "string_not_like": ("StringNotLike", _CONDITION),
                }
            ),
        ),
    }
)


@dataclass(slots=True)
class Placed:
    """Where an effective policy makes its plans: an account, in each of the regions that a plan names."""

    estate: Estate
    path: str
    account: Text
    form: Form
    attached_to: tuple[Text, ...] = ()
    how: str = ""
    evidence: Span | None = None
    _deployments: dict[object, Deployment] = field(default_factory=dict)

    def read(self, document: Field) -> None:
        """Add the plans of an effective policy to the estate."""
        for guard, plans in document.get("plans").records():
            for entry in plans.entries:
                for own, plan in entry.value.under(guard).records():
                    self._plan(entry.key, own, plan)

    def _plan(self, key: Text, guard: Guard, plan: Record) -> None:
        whole = Field.of(plan, plan.span, guard)
        for own, region in list(self._regions(whole, guard)):
            deployment = self._deployment(region)
            tokens = {ACCOUNT_VARIABLE: deployment.account, REGION_VARIABLE: deployment.region}
            here = whole.under(own).replaced(tokens)
            self._plan_in(deployment, key, here)

    def _plan_in(self, deployment: Deployment, key: Text, plan: Field) -> None:
        def with_name(value: Value) -> Value:
            name = Entry(Text.literal("BackupPlanName", key.span), Field.of(key, key.span))
            return Record(value.span, (name, *value.entries)) if isinstance(value, Record) else value

        form = self.form
        named = Field(plan.span, _PLAN(plan).alternatives.map(with_name))
        PlanReader(self.estate, deployment, form, self.attached_to).read(key.span, named)
        for kind in ("tags", "resources"):
            for guard, selections in plan.path("selections", kind).records():
                for entry in selections.entries:
                    for own, _ in entry.value.under(guard).records():
                        self._selection(deployment, key, entry, own)

    def _selection(self, deployment: Deployment, plan: Text, entry: Entry, guard: Guard) -> None:
        assigned = Hole(
            (self.path, f"{plan}.BackupPlanId"),
            f"AWS Backup assigns the id of plan `{plan}`",
            place=plan.span,
        )
        body = _SELECTION(entry.value.under(guard))
        self.estate.selections.append(
            Selection(
                entry.key.span,
                deployment,
                Alternatives.of(Text.unknown(assigned, plan.span)),
                body.get("IamRoleArn").texts(),
                guard,
                self.form.name,
            )
        )

    def _regions(self, plan: Field, guard: Guard) -> Iterator[tuple[Guard, Text]]:
        """The regions of a plan; where none is known, one that is not."""
        found = False
        for element in plan.get("regions").elements():
            for own, region in element.texts():
                if region is not None:
                    found = True
                    yield own, region.shaped(REGION)
        if not found:
            hole = Hole((self.path, REGION_VARIABLE), "the policy does not name the regions", REGION)
            yield guard, Text.unknown(hole, NOWHERE)

    def _deployment(self, region: Text) -> Deployment:
        found = self._deployments.get(region.identity)
        if found is None:
            found = Deployment(self.path, self.account, region, self.how, self.evidence)
            self._deployments[region.identity] = found
            self.estate.deployments.append(found)
        return found


def without_others(document: Field, names: frozenset[str | None]) -> Field:
    """An effective policy with the plans of some names only."""

    def kept(value: Value) -> Value:
        if not isinstance(value, Record):
            return value
        return replace(value, entries=tuple(entry for entry in value.entries if entry.key.known in names))

    plans = document.get("plans")
    left = Field(plans.span, plans.alternatives.map(kept))
    entry = Entry(Text.literal("plans", plans.span), left)
    return Field.of(Record(document.span, (entry,)), document.span)
