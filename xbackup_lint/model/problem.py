"""What reading noticed: a file that cannot be parsed, a key given twice, a property misnamed."""

from __future__ import annotations

from dataclasses import dataclass, field

from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A fault of form. Rules select problems by `kind`."""

    kind: str
    """Which fault: the name of the rule that speaks of it."""
    span: Span
    """The characters that are wrong."""
    reason: str = ""
    """A word for what is wrong, where one kind has several."""
    facts: dict[str, str] = field(default_factory=dict)
    """What a message may name."""
    related: Span | None = None
    """The other place that has to do with it, if any."""
    guard: Guard = ALWAYS

    @property
    def key(self) -> Span:
        return self.span
