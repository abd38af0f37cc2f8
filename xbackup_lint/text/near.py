"""What was probably meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def most_like(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that is most like another, from a likeness (0 to 1) on; of equals the first."""
    from difflib import get_close_matches  # few runs meet a misspelt word

    return next(iter(get_close_matches(word, list(known), 1, likeness)), None)
