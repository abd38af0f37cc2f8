"""Selections and region settings as the AWS CLI takes and prints them."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.region_settings import RegionSettings
from xbackup_lint.model.selection import Selection
from xbackup_lint.text.node import Mapping, Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal
from xbackup_lint.values.value import Field

MANAGEMENT, OPT_IN = "ResourceTypeManagementPreference", "ResourceTypeOptInPreference"


def is_bare(members: set[str]) -> bool:
    """Whether a document is the value of `--backup-selection`."""
    return {"SelectionName", "IamRoleArn"} <= members


def is_settings(members: set[str]) -> bool:
    """Whether a document is what `describe-region-settings` prints, or `update-region-settings` takes."""
    return bool(members & {MANAGEMENT, OPT_IN})


def read_selection(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-selection`, and the input of `create-backup-selection`."""
    body = root.get("BackupSelection")
    if isinstance(body, Mapping):
        document, place = literal(root), (body.get("SelectionName") or body).span
        add_selection(place, document.get("BackupSelection"), document.get("BackupPlanId"), here, estate)


def read_bare_selection(root: Mapping, here: Deployment, estate: Estate) -> None:
    """The value of `--backup-selection`: of which plan, only the command line tells."""
    document, place = literal(root), (root.get("SelectionName") or root).span
    add_selection(place, document, document.get("BackupPlanId"), here, estate)


def add_selection(place: Span, body: Field, plan: Field, here: Deployment, estate: Estate) -> None:
    """Add a selection for the plan of an id."""
    estate.deployments.append(here)
    role = body.get("IamRoleArn").texts()
    estate.selections.append(Selection(place, here, plan.texts(), role, ALWAYS, "api", body))


def read_settings(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`describe-region-settings`: the types whose advanced features are off (F6.4)."""
    estate.deployments.append(here)
    management = root.get(MANAGEMENT)
    entries = management.entries if isinstance(management, Mapping) else ()
    off = {
        key.text: value.span
        for key, value in entries
        if isinstance(value, Scalar) and value.text.lower() == "false"
    }
    estate.region_settings.append(RegionSettings((root.key(MANAGEMENT) or root).span, here, off))
