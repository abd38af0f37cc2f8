"""An effective backup policy as the plans and selections that AWS Backup makes of it, by the names of its API."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.selection import Selection
from xbackup_lint.sources.organization.names import Convert, listed_as, renamed_by, same
from xbackup_lint.sources.organization.selections import SELECTIONS
from xbackup_lint.sources.plans import Form, PlanReader
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.hole import REGION, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Record, Value

ACCOUNT_VARIABLE, REGION_VARIABLE = "$account", "$region"

_MOST_REGIONS = 200
"""Regions of a plan that are looked at. AWS has fewer."""

_LIFECYCLE = renamed_by(
    {
        "move_to_cold_storage_after_days": ("MoveToColdStorageAfterDays", same),
        "delete_after_days": ("DeleteAfterDays", same),
        "opt_in_to_archive_for_supported_resources": ("OptInToArchiveForSupportedResources", same),
    }
)
_COPY = renamed_by(
    {
        "target_backup_vault_arn": ("DestinationBackupVaultArn", same),
        "lifecycle": ("Lifecycle", _LIFECYCLE),
    }
)


def _tags_by_name(field: Field) -> Field:
    """Tags by the names that the policy gives them, which say as well how many there are."""

    def tags(value: Value) -> Value:
        if not isinstance(value, Record):
            return value
        return Record(
            value.span, tuple(Entry(entry.key, entry.value.get("tag_value")) for entry in value.entries)
        )

    return Field(field.span, field.alternatives.map(tags))


def _options(convert: Convert) -> Convert:
    """The options of a type under the name that the API has for them."""

    def options(field: Field) -> Field:
        read = convert(field)
        named = Entry(Text.literal("BackupOptions", field.span), read)
        return Field(
            field.span,
            read.alternatives.map(
                lambda value: Record(value.span, (named,)) if isinstance(value, Record) else value
            ),
        )

    return options


def _copies(field: Field) -> Field:
    """AWS: in one of its examples an effective policy holds the one copy action itself, and no key for it."""
    is_one = any(record.entry("target_backup_vault_arn") is not None for _, record in field.records())
    return _COPY(field) if is_one else listed_as(_COPY)(field)


_RULE = renamed_by(
    {
        "schedule_expression": ("ScheduleExpression", same),
        "target_backup_vault_name": ("TargetBackupVaultName", same),
        "target_logically_air_gapped_backup_vault_arn": ("TargetLogicallyAirGappedBackupVaultArn", same),
        "start_backup_window_minutes": ("StartWindowMinutes", same),
        "complete_backup_window_minutes": ("CompletionWindowMinutes", same),
        "enable_continuous_backup": ("EnableContinuousBackup", same),
        "lifecycle": ("Lifecycle", _LIFECYCLE),
        "copy_actions": ("CopyActions", _copies),
        "recovery_point_tags": ("RecoveryPointTags", _tags_by_name),
        "index_actions": ("IndexActions", renamed_by({"resource_types": ("ResourceTypes", same)})),
        "scan_actions": (
            "ScanActions",
            listed_as(renamed_by({"scan_mode": ("ScanMode", same)}), "MalwareScanner"),
        ),
    }
)
_OPTIONS = renamed_by(
    {
        "windows_vss": ("WindowsVSS", same),
        "backup_acls": ("BackupACLs", same),
        "backup_object_tags": ("BackupObjectTags", same),
    }
)
_PLAN = renamed_by(
    {
        "rules": ("Rules", listed_as(_RULE, "RuleName")),
        "advanced_backup_settings": ("AdvancedBackupSettings", listed_as(_options(_OPTIONS), "ResourceType")),
    }
)


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """A plan of an effective policy, by the names of the API, before it is known for which accounts."""

    key: Text
    guard: Guard
    body: Field
    regions: tuple[tuple[Guard, Text], ...]
    selections: tuple[tuple[Text, Field], ...]
    """Names and bodies."""


def plans_of(document: Field) -> list[PolicyPlan]:
    """The plans of an effective policy."""
    return [
        _plan(entry.key, own, Field.of(plan, plan.span, own))
        for guard, plans in document.get("plans").records()
        for entry in plans.entries
        for own, plan in entry.value.under(guard).records()
    ]


def _plan(key: Text, guard: Guard, plan: Field) -> PolicyPlan:
    def with_name(value: Value) -> Value:
        name = Entry(Text.literal("BackupPlanName", key.span), Field.of(key, key.span))
        return Record(value.span, (name, *value.entries)) if isinstance(value, Record) else value

    selections = (
        (entry.key, SELECTIONS[kind](entry.value.under(under)))
        for kind in SELECTIONS
        for under, named in plan.path("selections", kind).records()
        for entry in named.entries
    )
    body = Field(plan.span, _PLAN(plan).alternatives.map(with_name))
    return PolicyPlan(key, guard, body, tuple(_regions(plan, guard)), tuple(selections))


def _regions(plan: Field, guard: Guard) -> Iterator[tuple[Guard, Text]]:
    """The regions that a plan names, each once, as far as they are known; where none is, one that is not."""
    found: dict[tuple[Guard, object], Text] = {}
    for element in islice(plan.get("regions").elements(), _MOST_REGIONS):
        for own, region in element.texts():
            if region is not None:
                found.setdefault((own, region.identity), region.shaped(REGION))
    if not found:
        hole = Hole((plan.span.source.path, REGION_VARIABLE), "the policy does not name the regions", REGION)
        yield guard, Text.unknown(hole, NOWHERE)
    yield from ((own, region) for (own, _), region in found.items())


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

    def add(self, plan: PolicyPlan) -> None:
        """Add a plan and its selections to the estate, once for each region."""
        for guard, region in plan.regions:
            here = self._deployment(region)
            tokens = {ACCOUNT_VARIABLE: here.account, REGION_VARIABLE: here.region}
            body = plan.body.under(guard).replaced(tokens)
            PlanReader(self.estate, here, self.form, self.attached_to).read(plan.key.span, body)
            for name, selection in plan.selections:
                self._selection(here, plan.key, name, selection.under(guard).replaced(tokens))

    def _selection(self, here: Deployment, plan: Text, name: Text, body: Field) -> None:
        why = f"AWS Backup assigns the id of plan `{plan}`"
        assigned = Hole((self.path, f"{plan}.BackupPlanId"), why, place=plan.span)
        plan_id = Alternatives.of(Text.unknown(assigned, plan.span))
        for guard, record in body.records():
            given = Field.of(record, record.span, guard)
            role = given.get("IamRoleArn").texts()
            self.estate.selections.append(
                Selection(name.span, here, plan_id, role, guard, self.form.name, given)
            )

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
