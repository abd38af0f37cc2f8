"""Answers about texts, each worked out once: the same text is asked about by many rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from xbackup_lint.values.text import Text

_Answer = TypeVar("_Answer")

_KEPT = 20_000
"""Texts that are remembered at a time."""


def once(work: Callable[[Text], _Answer]) -> Callable[[Text], _Answer]:
    """A function of a text that remembers its answers: for this very text, not for one that is equal to it,
    since answers hold pieces of the text, and these tell where they stand.
    """
    known: dict[int, tuple[Text, _Answer]] = {}

    @wraps(work)
    def ask(text: Text) -> _Answer:
        found = known.get(id(text))
        if found is not None:
            return found[1]
        if len(known) >= _KEPT:
            known.clear()
        made = work(text)
        known[id(text)] = text, made  # the text is kept too: its id is its own for as long
        return made

    return ask
