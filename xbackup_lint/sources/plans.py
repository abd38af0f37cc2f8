"""Backup plans in the forms in which they are written: CloudFormation's, the API's, Organizations policies'."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule
from xbackup_lint.model.problem import Problem
from xbackup_lint.regex import regex
from xbackup_lint.template.later import with_holes
from xbackup_lint.text.near import most_like
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Record, Value, absent

_NEAR = 0.88
"""How much alike two names must be for one to be a misspelling of the other (difflib's ratio).

AWS's own names are further apart, so that a property that is new is not taken for a misspelt old one.
"""


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of a plan, a rule, a copy action or a lifecycle, and what they are called elsewhere."""

    owner: str
    names: tuple[str, ...]
    elsewhere: Mapping[str, str]
    """By the letters of another name: another form's, Terraform's, or one that is often written."""

    def meant(self, written: str) -> str | None:
        """Which property a name that is none of ours stands for; None where it may be anything."""
        letters = _letters(written)
        if letters in self.elsewhere:
            return self.elsewhere[letters]
        by_letters = {_letters(name): name for name in self.names}
        close = most_like(letters, by_letters, _NEAR)
        return by_letters[close] if close is not None else None


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


@dataclass(frozen=True, slots=True)
class Form:
    """How plans are written in one form, as far as forms differ."""

    name: str
    called: str
    """The form in words."""
    rules: str
    """What the list of rules is called."""
    target: str
    """What a rule's own vault is called."""
    plan: Properties
    rule: Properties
    filled_in: re.Pattern[str]
    """What other tools replace before a plan is used."""


# In a document every `${…}` and `{{…}}` is replaced; in a template the `${…}` with what CloudFormation has no names
# for (`${self:custom.vault}`): any other only lacks its `Fn::Sub`.
_IN_DOCUMENTS = regex(r"\{\{[^{}]*\}\}|\$\{[^{}]*\}")
_IN_TEMPLATES = regex(r"\$\{(?!(?:AWS::)?[A-Za-z0-9]+(?:\.[A-Za-z0-9.]+)?\})[^{}]*\}")


# AWS: property names (facts section 8, F2.1, F2.2). `RuleId` and `DeleteAfterEvent` are in what the API prints.
_RULE = (
    "RuleName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes",
    "CompletionWindowMinutes", "Lifecycle", "RecoveryPointTags", "CopyActions", "EnableContinuousBackup",
    "TargetLogicallyAirGappedBackupVaultArn", "IndexActions", "ScanActions", "RuleId",
)  # fmt: skip
_RULES_ELSEWHERE = ("rules", "rule", "backuprules", "backupplanrule", "backupplanrules")
_TARGET_ELSEWHERE = (
    "targetbackupvault", "targetbackupvaultname", "targetbackupvaultarn", "targetvault", "targetvaultname",
    "backupvaultname",
)  # fmt: skip
_RULE_ELSEWHERE = {
    "schedule": "ScheduleExpression",
    "startwindow": "StartWindowMinutes",
    "startbackupwindowminutes": "StartWindowMinutes",
    "completionwindow": "CompletionWindowMinutes",
    "completebackupwindowminutes": "CompletionWindowMinutes",
}
COPY = Properties(
    "a copy action",
    ("DestinationBackupVaultArn", "Lifecycle"),
    dict.fromkeys(
        ("destinationvaultarn", "destinationbackupvault", "targetbackupvaultarn"), "DestinationBackupVaultArn"
    ),
)
LIFECYCLE = Properties(
    "a lifecycle",
    (
        "MoveToColdStorageAfterDays",
        "DeleteAfterDays",
        "OptInToArchiveForSupportedResources",
        "DeleteAfterEvent",
    ),
    {
        "deleteafter": "DeleteAfterDays",
        "coldstorageafter": "MoveToColdStorageAfterDays",
        "coldstorageafterdays": "MoveToColdStorageAfterDays",
    },
)


def _form(name: str, called: str, rules: str, target: str, filled_in: re.Pattern[str]) -> Form:
    plan = ("BackupPlanName", rules, "AdvancedBackupSettings", "ScanSettings")
    targets = dict.fromkeys(_TARGET_ELSEWHERE, target)
    return Form(
        name,
        called,
        rules,
        target,
        Properties("a backup plan", plan, dict.fromkeys(_RULES_ELSEWHERE, rules)),
        Properties("a rule", (target, *_RULE), {**targets, **_RULE_ELSEWHERE}),
        filled_in,
    )


CLOUDFORMATION = _form(
    "cloudformation", "CloudFormation", "BackupPlanRule", "TargetBackupVault", _IN_TEMPLATES
)
API = _form("api", "the AWS Backup API", "Rules", "TargetBackupVaultName", _IN_DOCUMENTS)
# An Organizations policy is read as the plan of the API that AWS Backup makes of it.
POLICY_DOCUMENT = replace(API, name="organizations", called="an Organizations backup policy")
POLICY_IN_TEMPLATE = replace(POLICY_DOCUMENT, filled_in=regex(_IN_TEMPLATES.pattern + r"|\{\{[^{}]*\}\}"))


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads plans into an estate."""

    estate: Estate
    deployment: Deployment
    form: Form
    attached_to: tuple[Text, ...] = ()
    plan_id: str | None = None

    def read(self, span: Span, document: Field) -> None:
        """A plan: the value of `BackupPlan`."""
        for guard, record in self._named(document, self.form.plan).records():
            here = Field.of(record, record.span, guard)
            name = self._filled_in(here.get("BackupPlanName"))
            plan = Plan(
                span,
                self.deployment,
                name,
                self.form.name,
                guard,
                self.attached_to,
                id=self.plan_id,
                unread_rules=_unread(here.get(self.form.rules)),
                body=here,
            )
            self.estate.plans.append(plan)
            for element in here.get(self.form.rules).elements():
                for own, rule in self._named(element, self.form.rule).records():
                    self._rule(plan, own, rule)

    def _rule(self, plan: Plan, guard: Guard, record: Record) -> None:
        here = Field.of(record, record.span, guard)
        rule = Rule(
            plan=plan,
            span=record.span,
            guard=guard,
            name=self._filled_in(here.get("RuleName")),
            target_vault=self._filled_in(here.get(self.form.target)),
            continuous=here.get("EnableContinuousBackup").texts(),
            lifecycle=self._lifecycle(here.get("Lifecycle"), guard) or _none(record.span, guard),
            air_gapped_target=self._filled_in(here.get("TargetLogicallyAirGappedBackupVaultArn")),
            unread_copies=_unread(here.get("CopyActions")),
            schedule=self._filled_in(here.get("ScheduleExpression")),
            timezone=self._filled_in(here.get("ScheduleExpressionTimezone")),
            body=here,
        )
        self.estate.rules.append(rule)
        for element in here.get("CopyActions").elements():
            for own, action in self._named(element, COPY).records():
                self._copy(rule, own, action)

    def _copy(self, rule: Rule, guard: Guard, record: Record) -> None:
        here = Field.of(record, record.span, guard)
        destination = self._filled_in(here.get("DestinationBackupVaultArn"))
        lifecycle = self._lifecycle(here.get("Lifecycle"), guard)
        self.estate.copies.append(Copy(rule, record.span, guard, destination, lifecycle))

    def _filled_in(self, field: Field) -> Alternatives[Text | None]:
        """A name, ARN or schedule. What another tool fills in is not known: it is neither here nor wrong."""
        marks, owner = self.form.filled_in, self.deployment.path
        return field.texts().map(lambda text: with_holes(text, owner, marks) if text is not None else None)

    def _lifecycle(self, field: Field, guard: Guard) -> Lifecycle | None:
        if field.is_absent:
            return None
        named = self._named(field, LIFECYCLE)
        return Lifecycle(
            delete_after_days=named.get("DeleteAfterDays").texts(),
            move_to_cold_storage_after_days=named.get("MoveToColdStorageAfterDays").texts(),
            opt_in_to_archive=named.get("OptInToArchiveForSupportedResources").texts(),
            span=field.span,
            guard=guard,
            deployment=self.deployment,
        )

    def _named(self, field: Field, properties: Properties) -> Field:
        """The same value with its properties under their right names. What is called otherwise is a problem."""

        def named(guard: Guard, value: Value) -> Value:
            if not isinstance(value, Record):
                return value
            present = {entry.key.known for entry in value.entries}
            if present <= {*properties.names}:
                return value
            entries = (self._entry(guard, entry, properties, present) for entry in value.entries)
            return Record(value.span, tuple(entries))

        return Field(field.span, Alternatives(tuple((guard, named(guard, value)) for guard, value in field)))

    def _entry(self, guard: Guard, entry: Entry, properties: Properties, present: set[str | None]) -> Entry:
        written = entry.key.known
        meant = properties.meant(written) if written and written not in properties.names else None
        if written is None or meant is None:
            return entry
        facts = {"written": written, "meant": meant, "owner": properties.owner, "form": self.form.called}
        reason = "beside" if meant in present else ""
        self.estate.problems.append(
            Problem("plan-property-misnamed", entry.key.span, reason, facts, guard=guard)
        )
        return entry if meant in present else Entry(Text.literal(meant, entry.key.span), entry.value)


def _unread(listed: Field) -> tuple[Hole, ...]:
    """The unknowns in place of a list, or of mappings in it."""
    values = (value for element in listed.elements() for _, value in element)
    return tuple(hole for value in values if isinstance(value, Text) for hole in value.holes)


def _none(span: Span, guard: Guard) -> Lifecycle:
    """The lifecycle of a rule that gives none: backups are kept for ever."""
    nothing = absent(span).texts()
    return Lifecycle(nothing, nothing, span, guard)
