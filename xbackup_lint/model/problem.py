"""What reading noticed: a file that cannot be parsed, a key given twice, a property misnamed."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.verdict import UNKNOWN, YES


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
    holes: tuple[Hole, ...] = ()
    """The unknowns because of which it may be none; empty where it certainly is one."""

    @property
    def is_certain(self) -> Answer:
        """Whether it is a fault for certain."""
        return Answer(UNKNOWN if self.holes else YES, self.holes)

    @property
    def key(self) -> Span:
        return self.span
