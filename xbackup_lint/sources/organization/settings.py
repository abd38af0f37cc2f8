"""Settings of AWS Backup for a whole organization, as the AWS CLI prints them."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization_setting import OrganizationSetting
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.values.text import Text

_SWITCH = "isCrossAccountBackupEnabled"


def holds_settings(root: Node) -> bool:
    """Whether a document is what `describe-global-settings` prints or `update-global-settings` takes."""
    return isinstance(root, Mapping) and isinstance(root.get("GlobalSettings"), Mapping)


def read_settings(root: Mapping, here: Deployment, estate: Estate) -> None:
    """Add the switch of cross-account backup, where the settings have it."""
    settings = root.get("GlobalSettings")
    value = settings.get(_SWITCH) if isinstance(settings, Mapping) else None
    if isinstance(value, Scalar):
        estate.organization_settings.append(OrganizationSetting(value.span, here, Text.of(value)))
