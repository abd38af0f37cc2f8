"""Plans as the AWS CLI prints and takes them."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.sources.aws_cli.placed import placed
from xbackup_lint.sources.plans import API, CLOUDFORMATION, Form, PlanReader
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.literal import literal
from xbackup_lint.values.value import Field


def is_plan(node: Node | None) -> bool:
    """Whether a mapping holds a list of rules, whatever it is called."""
    return isinstance(node, Mapping) and any(
        isinstance(value, Sequence) and (key.text == API.rules or API.plan.meant(key.text) == API.rules)
        for key, value in node.entries
    )


def read_plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-plan`, and the input of `create-backup-plan`."""
    own = placed(root.get("BackupPlanArn"), here)
    body = root.get("BackupPlan")
    name = body.get("BackupPlanName") if isinstance(body, Mapping) else None
    estate.deployments.append(own)
    plan = literal(root).get("BackupPlan")
    PlanReader(estate, own, form_of(plan), plan_id=_plan_id(root)).read((name or root).span, plan)


def _plan_id(root: Mapping) -> str | None:
    """The id of a plan, as a call prints it."""
    given = root.get("BackupPlanId")
    return given.text if isinstance(given, Scalar) and given.text else None


def form_of(body: Field) -> Form:
    """The form in which a plan is written throughout. AWS: Cloud Control takes it in that of CloudFormation."""
    rules = list(body.get(CLOUDFORMATION.rules).elements())
    targets = [rule.get(CLOUDFORMATION.target) for rule in rules]
    return CLOUDFORMATION if targets and not any(target.is_absent for target in targets) else API


def read_bare_plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """The value of `--backup-plan`."""
    estate.deployments.append(here)
    PlanReader(estate, here, API).read((root.get("BackupPlanName") or root).span, literal(root))
