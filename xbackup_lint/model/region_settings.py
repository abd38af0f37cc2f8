"""What an account has turned on for types of resources in one region."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.text.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class RegionSettings:
    """What `describe-region-settings` prints."""

    span: Span
    deployment: Deployment
    off: dict[str, Span]
    """The types whose advanced features are off (`ResourceTypeManagementPreference`), and where that is said."""
