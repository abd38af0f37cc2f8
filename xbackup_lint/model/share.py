"""Shares of AWS Resource Access Manager, as far as backup vaults are shared by them."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field


@dataclass(frozen=True, eq=False)
class Share:
    """A resource share: what is shared, with whom."""

    span: Span
    """The logical id."""
    deployment: Deployment
    resources: tuple[tuple[Guard, Text], ...]
    """`ResourceArns`."""
    principals: tuple[tuple[Guard, Text], ...]
    """`Principals`: accounts, organizations, organizational units."""
    guard: Guard

    @property
    def key(self) -> Span:
        return self.span


def listed(field: Field) -> tuple[tuple[Guard, Text], ...]:
    """The texts of a list, each where it is in it."""
    texts = (option for element in field.elements() for option in element.texts())
    return tuple((guard, text) for guard, text in texts if text is not None)
