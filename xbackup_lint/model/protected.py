"""Resources that templates declare and selections name, as far as their backups depend on them."""

from __future__ import annotations

from typing import Literal

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.resource_types import Types
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Encryption:
    """What a resource is encrypted with, and where that is told.

    `none`: nothing. `own`: the customer's key `key`. `service`: an AWS managed key. `default`: the account's default
    key, which may be either. `unknown`: nothing tells, or `holes` do not.
    """

    kind: Literal["none", "own", "service", "default", "unknown"]
    span: Span
    key: Text | None = None
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """A resource of a template that a selection names."""

    span: Span
    """The logical id."""
    deployment: Deployment
    declared: str
    """CloudFormation's type."""
    types: Types
    encryption: Alternatives[Encryption]
