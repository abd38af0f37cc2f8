"""KMS keys and aliases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text


@dataclass(frozen=True, eq=False)
class Key:
    """A KMS key, or the replica of one, and its key policy."""

    span: Span
    """The logical id, or the ARN that names the key in a document."""
    deployment: Deployment
    arn: Text
    policy: Policy | None
    guard: Guard
    is_replica: bool = False

    @cached_property
    def key(self) -> Span:
        return self.span
