"""What a file says of findings that its author has accepted."""

from __future__ import annotations

from typing import Literal

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.source import Span


@dataclass(frozen=True, slots=True, eq=False)
class Suppression:
    """One rule whose findings are not wanted in one place, and why."""

    rule: str
    reason: str
    """In its author's words; empty where none is given."""
    span: Span
    """Where the rule is named."""
    covers: Span
    """Findings that begin in it are meant."""
    kind: Literal["comment", "metadata"]
    fault: str = ""
    """A word for why it suppresses nothing: `no-reason`, `no-rule`, `not-understood`, `too-many`; else empty."""

    def is_for(self, rule: str, place: Span) -> bool:
        """Whether it speaks of a finding of a rule in a place."""
        here = place.source.path == self.covers.source.path
        return self.rule == rule and here and self.covers.start <= place.start <= self.covers.end
