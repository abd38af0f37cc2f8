"""The roles that AWS Backup works as, and the selections that name them."""

from __future__ import annotations

from dataclasses import dataclass

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Plan
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.text import Text


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
    """How its plan is written, as `Plan.form` has it."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def plans(self) -> frozenset[Span | None]:
        """Where the plans stand, in its own stack, whose ids its `BackupPlanId` may be."""
        holes = (text.hole for text in self.plan.values if text is not None)
        return frozenset(hole.place for hole in holes if hole is not None)

    def belongs_to(self, plan: Plan) -> bool:
        """Whether it selects for a plan: whether its `BackupPlanId` is the id that the plan's stack gives it."""
        return self.deployment is plan.deployment and plan.span in self.plans


@dataclass(frozen=True, eq=False)
class Role:
    """An IAM role that a template declares."""

    span: Span
    deployment: Deployment
    name: Alternatives[Text | None]
    """`RoleName`; None where AWS makes one up."""
    path: Alternatives[Text | None]
    """`Path`; None is `/`."""
    guard: Guard
