"""Backup plans and selections that templates declare."""

from __future__ import annotations

from xbackup_lint.model.role import Selection
from xbackup_lint.sources.declared import Declared, Reader
from xbackup_lint.sources.plans import CLOUDFORMATION, PlanReader


def _plan(declared: Declared) -> None:
    document = declared.properties.get("BackupPlan")
    PlanReader(declared.estate, declared.deployment, CLOUDFORMATION).read(declared.span, document)


def _selection(declared: Declared) -> None:
    body = declared.properties.get("BackupSelection")
    declared.estate.selections.append(
        Selection(
            declared.span,
            declared.deployment,
            declared.texts("BackupPlanId"),
            body.get("IamRoleArn").texts(),
            declared.guard,
        )
    )


READERS: dict[str, Reader] = {"AWS::Backup::BackupPlan": _plan, "AWS::Backup::BackupSelection": _selection}
