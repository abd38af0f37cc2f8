"""Values under conditions: a set of (guard, value), each guard a partial assignment of conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Generic, Protocol, TypeVar

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.text.source import Span

MOST = 16
"""Alternatives of one value that are followed; beyond them it is unknown."""


class Conditions(Protocol):
    """The conditions of one template: which assignments can hold together."""

    def consistent(self, assigned: frozenset[tuple[str, bool]]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition of a template that the files leave open."""

    template: str
    name: str
    owner: Conditions = field(compare=False, repr=False)
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions that are taken to be true or false. The empty guard always holds."""

    assigned: frozenset[tuple[Condition, bool]] = frozenset()

    def __and__(self, other: Guard) -> Guard | None:
        """Both at once, or None where they cannot hold together."""
        if not other.assigned or other.assigned <= self.assigned:
            return self
        if not self.assigned or self.assigned <= other.assigned:
            return other
        both = self.assigned | other.assigned
        if len({condition for condition, _ in both}) < len(both):
            return None
        joined = Guard(both)
        return joined if joined._consistent() else None

    def assume(self, condition: Condition, value: bool) -> Guard | None:
        return self & Guard(frozenset({(condition, value)}))

    def _consistent(self) -> bool:
        owners = {condition.template: condition.owner for condition, _ in self.assigned}
        return all(owner.consistent(self.of(template)) for template, owner in owners.items())

    def of(self, template: str) -> frozenset[tuple[str, bool]]:
        """What is assigned of one template's conditions, by name."""
        return frozenset((c.name, value) for c, value in self.assigned if c.template == template)

    def implies(self, other: Guard) -> bool:
        return other.assigned <= self.assigned

    def __str__(self) -> str:
        """`IsProd is true and HasVault is false`; empty for the guard that always holds."""
        facts = sorted((c.name, value) for c, value in self.assigned)
        return " and ".join(f"{name} is {'true' if value else 'false'}" for name, value in facts)

    @property
    def sort_key(self) -> list[tuple[str, str, bool]]:
        return sorted((c.template, c.name, value) for c, value in self.assigned)


ALWAYS = Guard()

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
V = TypeVar("V")


class TooMany(Exception):
    """More than MOST alternatives: whoever combines them says what is unknown because of it."""


@dataclass(frozen=True, slots=True)
class Alternatives(Generic[T_co]):
    """What a value may be. Iterates over (guard, value); guards of one value exclude each other."""

    options: tuple[tuple[Guard, T_co], ...]

    @staticmethod
    def of(value: U, guard: Guard = ALWAYS) -> Alternatives[U]:
        return Alternatives(((guard, value),))

    def __iter__(self) -> Iterator[tuple[Guard, T_co]]:
        return iter(self.options)

    @property
    def values(self) -> tuple[T_co, ...]:
        return tuple(value for _, value in self.options)

    @property
    def only(self) -> T_co | None:
        """The value, where there is just one."""
        return self.options[0][1] if len(self.options) == 1 else None

    def map(self, function: Callable[[T_co], U]) -> Alternatives[U]:
        return Alternatives(tuple([(guard, function(value)) for guard, value in self.options]))

    def then(self, function: Callable[[T_co], Alternatives[U]]) -> Alternatives[U]:
        """For each alternative those that follow from it. Raises TooMany."""
        options = []
        for guard, value in self.options:
            for further, result in function(value):
                both = guard & further
                if both is not None:
                    options.append((both, result))
        if len(options) > MOST:
            raise TooMany
        return Alternatives(tuple(options))

    def with_(self, other: Alternatives[U], function: Callable[[T_co, U], V]) -> Alternatives[V]:
        """Both values at once, under every pair of guards that can hold together. Raises TooMany."""
        options = tuple(
            (both, function(mine, value))
            for own, mine in self.options
            for theirs, value in other.options
            if (both := own & theirs) is not None
        )
        if len(options) > MOST:
            raise TooMany
        return Alternatives(options)

    def under(self, guard: Guard) -> Alternatives[T_co]:
        """The alternatives that remain when `guard` holds too."""
        if not guard.assigned:
            return self
        kept = []
        for own, value in self.options:
            both = own & guard
            if both is not None:
                kept.append((both, value))
        return Alternatives(tuple(kept))


def all_of(values: Iterable[Alternatives[U]]) -> Alternatives[tuple[U, ...]]:
    """Several values at once. Raises TooMany."""
    several = list(values)
    if all(len(value.options) == 1 and not value.options[0][0].assigned for value in several):
        return Alternatives.of(tuple([value.options[0][1] for value in several]))  # nearly always
    start: Alternatives[tuple[U, ...]] = Alternatives.of(())
    return reduce(lambda done, value: done.with_(value, lambda some, one: (*some, one)), several, start)
