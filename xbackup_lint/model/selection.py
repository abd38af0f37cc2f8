"""Backup selections: which resources a plan backs up, as which role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Plan
from xbackup_lint.model.protected import Protected
from xbackup_lint.model.resource_types import Types, every_type, excluded_by, types_of
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Record, absent
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

OPERATORS = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
"""AWS: what `Conditions` may hold (API: Conditions)."""


@dataclass(frozen=True, slots=True, eq=False)
class TagCondition:
    """A condition on tags: an element of `ListOfTags`, or of one of the operators of `Conditions`."""

    where: Literal["ListOfTags", "Conditions"]
    operator: Text | None
    """`ConditionType`, or the operator that it stands under."""
    key: Text | None
    value: Text | None
    span: Span
    guard: Guard


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """An entry of `Resources`, and what it may pick: one of some types, at best a resource that a template declares."""

    text: Text
    guard: Guard
    types: Types
    resource: Protected | None = None


@dataclass(frozen=True, eq=False)
class Selection:
    """A backup selection: which resources a plan backs up, as which role."""

    span: Span
    deployment: Deployment
    plan: Alternatives[Text | None]
    """`BackupPlanId` as given."""
    role: Alternatives[Text | None]
    """`IamRoleArn` as given."""
    guard: Guard
    form: str = "cloudformation"
    """How its plan is written, as `form` of the plan has it."""
    body: Field = field(default_factory=lambda: absent(NOWHERE))
    """The selection by the names of the API."""
    declared: Mapping[Hole, Protected] = field(default_factory=dict)
    """The resources that templates declare, by what stands for them in `Resources`."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def plans(self) -> frozenset[Span | None]:
        """Where the plans stand, in its own stack, whose ids its `BackupPlanId` may be."""
        holes = (text.hole for text in self.plan.values if text is not None)
        return frozenset(hole.place for hole in holes if hole is not None)

    @property
    def plan_ids(self) -> frozenset[str]:
        """The ids of plans that its `BackupPlanId` may be, those that are known."""
        return frozenset(text.known for text in self.plan.values if text is not None and text.known)

    def belongs_to(self, plan: Plan) -> bool:
        """Whether it selects for a plan: whether its `BackupPlanId` is the id that the plan's stack gives it."""
        if plan.id is not None and plan.id in self.plan_ids:
            return equals(self.deployment.account, plan.deployment.account) is not NO
        return self.deployment is plan.deployment and plan.span in self.plans

    @cached_property
    def name(self) -> Alternatives[Text | None]:
        """`SelectionName`."""
        return self.body.get("SelectionName").texts()

    @property
    def label(self) -> str:
        """Its name, for messages."""
        return next((str(name) for name in self.name.values if name is not None), self.span.unquoted)

    @cached_property
    def resources(self) -> tuple[tuple[Guard, Text], ...]:
        """The entries of `Resources`."""
        return tuple(_texts(self.body.get("Resources")))

    @cached_property
    def not_resources(self) -> tuple[tuple[Guard, Text], ...]:
        """The entries of `NotResources`."""
        return tuple(_texts(self.body.get("NotResources")))

    @cached_property
    def tags(self) -> tuple[TagCondition, ...]:
        """The elements of `ListOfTags`."""
        return tuple(
            TagCondition("ListOfTags", kind, key, value, record.span, guard)
            for guard, record, (kind, key, value) in _parts(
                self.body.get("ListOfTags"), "ConditionType", "ConditionKey", "ConditionValue"
            )
        )

    @cached_property
    def conditions(self) -> tuple[TagCondition, ...]:
        """The elements of `Conditions`."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[TagCondition]:
        given = self.body.get("Conditions")
        for operator in OPERATORS:
            under = given.get(operator)
            written = Text.literal(operator, under.span)
            for guard, record, (key, value) in _parts(under, "ConditionKey", "ConditionValue"):
                yield TagCondition("Conditions", written, key, value, record.span, guard)

    @cached_property
    def picks(self) -> tuple[Pick, ...]:
        """What its entries of `Resources` may pick. Selected by tags are others too, of any type."""
        spared: Types = frozenset().union(*(excluded_by(text) for _, text in self.not_resources))
        found = (self._pick(guard, text, spared) for guard, text in self.resources)
        return tuple(pick for pick in found if pick.types)

    def _pick(self, guard: Guard, text: Text, spared: Types) -> Pick:
        found = next((self.declared[hole] for hole in text.holes if hole in self.declared), None)
        types = types_of(text)
        if found is not None:
            types = (types & found.types) or found.types
        return Pick(text, guard, types - spared, found)

    @cached_property
    def by_arn_alone(self) -> Verdict:
        """Whether it selects by `Resources` only: what it picks is all told by these."""
        if not self.picks:
            return NO
        given = (self.body.get(name) for name in ("Resources", "ListOfTags"))
        unknown = any(True for field in given for _ in field.holes)
        return UNKNOWN if unknown else Verdict.of(not self.tags)

    @cached_property
    def types(self) -> Types:
        """The types of what it may pick."""
        if self.by_arn_alone is not YES:
            spared: Types = frozenset().union(*(excluded_by(text) for _, text in self.not_resources))
            return every_type() - spared
        return frozenset().union(*(pick.types for pick in self.picks))


def _texts(given: Field) -> Iterator[tuple[Guard, Text]]:
    for element in given.elements():
        yield from ((guard, text) for guard, text in element.texts() if text is not None)


def _parts(given: Field, *names: str) -> Iterator[tuple[Guard, Record, tuple[Text | None, ...]]]:
    """The mappings of a list with the texts under some names, the first of each where conditions decide it."""
    for element in given.elements():
        for guard, record in element.records():
            here = Field.of(record, record.span, guard)
            found = (here.get(name).texts().values for name in names)
            yield guard, record, tuple(next(iter(values), None) for values in found)
