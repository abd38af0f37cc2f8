"""Backup plans and selections that templates declare."""

from __future__ import annotations

from xbackup_lint.model.selection import Selection
from xbackup_lint.sources.cloudformation.declared import Declared, Reader
from xbackup_lint.sources.cloudformation.protected import named_in
from xbackup_lint.sources.plans import CLOUDFORMATION, PlanReader


def _plan(declared: Declared) -> None:
    document = declared.properties.get("BackupPlan")
    PlanReader(declared.estate, declared.deployment, CLOUDFORMATION).read(declared.span, document)


def _selection(declared: Declared) -> None:
    body = declared.properties.get("BackupSelection")
    resources = body.get("Resources").elements()
    texts = [text for element in resources for text in element.texts().values if text is not None]
    declared.estate.selections.append(
        Selection(
            span=declared.span,
            deployment=declared.deployment,
            plan=declared.texts("BackupPlanId"),
            role=body.get("IamRoleArn").texts(),
            guard=declared.guard,
            body=body,
            declared=named_in(texts, declared.resource.evaluator, declared.deployment),
        )
    )


READERS: dict[str, Reader] = {"AWS::Backup::BackupPlan": _plan, "AWS::Backup::BackupSelection": _selection}
