"""What a check answers: where, which facts, how certain. No words: those are the rule's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.remedy import Remedy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A fault (verdict YES), or a question that the files leave open (UNKNOWN, with the holes that are why)."""

    at: Span
    verdict: Verdict = YES
    guard: Guard = ALWAYS
    reason: str = ""
    """Picks one of the rule's `reasons` and `help` texts."""
    facts: dict[str, str] = field(default_factory=dict)
    """Fills the names in the rule's texts."""
    also: tuple[tuple[str, Span], ...] = ()
    """Other places, each under one of the rule's `labels`."""
    underline: tuple[Span, ...] = ()
    """Further places of the same fault: only underlined."""
    holes: tuple[Hole, ...] = ()
    assumptions: tuple[str, ...] = ()
    because: Span | None = None
    """The place that decides it, as a statement does: what a rule finds because of one place is one finding."""
    remedy: Remedy | None = None
    """What a policy lacks: `{snippet}` in the rule's `help`."""


Check = Callable[..., Iterator[Hit]]
"""`check(subject, estate, **options)`: it may look at the whole estate, and reports on its subject only."""

CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Make a function known to rules by its name."""
    CHECKS[function.__name__] = function
    return function


def holes_of(*texts: Text | None) -> tuple[Hole, ...]:
    """The unknowns that texts depend on, each once."""
    found: Iterable[Hole] = (hole for text in texts if text is not None for hole in text.holes)
    return tuple(dict.fromkeys(found))


def assumptions_of(*texts: Text | None) -> tuple[str, ...]:
    """The defaults that texts rest on, each once."""
    return tuple(dict.fromkeys(what for text in texts if text is not None for what in text.assumptions))
