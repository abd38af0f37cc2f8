"""Parts of a result that few reports show: worked out when one does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, overload

from xbackup_lint.cached import cached_property

T_co = TypeVar("T_co", covariant=True)


class Later(Sequence[T_co]):
    """A sequence that is made when it is first looked at."""

    def __init__(self, make: Callable[[], Iterable[T_co]]) -> None:
        self._make = make

    @cached_property
    def _items(self) -> tuple[T_co, ...]:
        return tuple(self._make())

    @overload
    def __getitem__(self, at: int) -> T_co: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, at: int | slice) -> T_co | tuple[T_co, ...]:
        return self._items[at]

    def __len__(self) -> int:
        return len(self._items)
