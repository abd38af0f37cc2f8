"""One of the things that must be true for a copy to land."""

from __future__ import annotations

from enum import Enum

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.remedy import Remedy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.hole import Hole


class Standing(Enum):
    """What is known of a requirement. ASSUMED: no input describes it at all."""

    FAILS = "fails"
    UNSURE = "unsure"
    ASSUMED = "assumed"
    HOLDS = "holds"


@dataclass(frozen=True, slots=True, eq=False)
class Requirement:
    """One requirement of a copy. `reason` is a word for why it stands as it does; `facts` fill in what it names."""

    name: str
    standing: Standing
    reason: str
    place: Span | None = None
    facts: dict[str, str] = field(default_factory=dict)
    holes: tuple[Hole, ...] = ()
    assumptions: tuple[str, ...] = ()
    others: tuple[tuple[str, Span], ...] = ()
    """Further places that it depends on, by what they are."""
    guard: Guard = ALWAYS
    """Where it stands so, if not under all conditions under which there is such a copy."""
    besides: tuple[Requirement, ...] = ()
    """How it stands under other conditions, where it is not met there either."""
    remedy: Remedy | None = None
    """What to add to a policy so that it holds."""


def overall(requirements: tuple[Requirement, ...]) -> Standing:
    """What becomes of the copy: it fails if one fails, is unsure if one is, else it lands."""
    standings = {requirement.standing for requirement in requirements}
    for standing in (Standing.FAILS, Standing.UNSURE):
        if standing in standings:
            return standing
    return Standing.HOLDS
