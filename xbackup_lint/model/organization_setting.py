"""The settings of AWS Backup for a whole organization."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import Verdict


@dataclass(frozen=True, eq=False)
class OrganizationSetting:
    """Cross-account backup, as `describe-global-settings` prints it or `update-global-settings` takes it."""

    span: Span
    deployment: Deployment
    value: Text
    """`isCrossAccountBackupEnabled`: AWS: text, `true` or `false` (F1.2)."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def enabled(self) -> Verdict:
        """Whether it is switched on."""
        return equals(self.value, "true", ignore_case=True)
