"""What a noun answers to a question about several of its values at once."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, the unknowns that keep it from being certain, and what it takes for granted."""

    verdict: Verdict
    holes: tuple[Hole, ...] = ()
    assumptions: tuple[str, ...] = ()
