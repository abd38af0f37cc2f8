"""The parts of a run that may last, for whoever wants to show how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

_Thing = TypeVar("_Thing")


class Watch(Protocol):
    """Hands things on, one after the other, as they are worked on. `what` is one word, such as `reading`."""

    def __call__(self, what: str, things: Sequence[_Thing], /) -> Iterable[_Thing]: ...


def unwatched(_what: str, things: Sequence[_Thing]) -> Iterable[_Thing]:
    """Nobody watches."""
    return things
