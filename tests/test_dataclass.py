"""The program's own `dataclass` means what the standard library's means, for all that the program uses of it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from xbackup_lint import dataclass as ours


def plain(of: Any) -> Any:
    @of.dataclass(frozen=True, slots=True)
    class Plain:
        name: str
        size: int = 3

    return Plain


def compared_in_part(of: Any) -> Any:
    @of.dataclass(frozen=True)
    class InPart:
        name: str
        place: int = of.field(compare=False, repr=False, default=0)

    return InPart


def made_anew(of: Any) -> Any:
    @of.dataclass(slots=True)
    class Anew:
        name: str = ""
        items: list[int] = of.field(default_factory=list)

    return Anew


def itself_only(of: Any) -> Any:
    @of.dataclass(frozen=True, eq=False)
    class ItselfOnly:
        name: str

        @property
        def loud(self) -> str:
            return self.name.upper()

    return ItselfOnly


def with_more_to_do(of: Any) -> Any:
    @of.dataclass(slots=True)
    class More:
        name: str
        loud: str = ""

        def __post_init__(self) -> None:
            self.loud = self.name.upper()

    return More


def without_fields(of: Any) -> Any:
    @of.dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    return Nothing


ASKED: dict[str, Callable[[Any], object]] = {
    "made by position": lambda cls: cls("a"),
    "made by name": lambda cls: cls(name="a"),
    "equal": lambda cls: cls("a") == cls("a"),
    "not equal": lambda cls: cls("a") == cls("b"),
    "of another class": lambda cls: cls("a") == "a",
    "hash": lambda cls: len({cls("a"), cls("a"), cls("b")}),
    "copied": lambda cls: copy.copy(cls("a")),
    "for match": lambda cls: cls.__match_args__,
    "has a place for more": lambda cls: hasattr(cls("a"), "__dict__"),
    "too few": lambda cls: cls(),
    "too many": lambda cls: cls(1, 2, 3, 4),
    "of another name": lambda cls: cls(other=1),
    "its doc": lambda cls: cls.__name__,
}
CLASSES = (plain, compared_in_part, made_anew, itself_only, with_more_to_do, without_fields)


def answer(ask: Callable[[Any], object], made: Callable[[Any], Any], of: ModuleType) -> str:
    try:
        return repr(ask(made(of)))
    except TypeError as error:
        return f"TypeError: {str(error).replace(made.__name__, '')}"


@pytest.mark.parametrize("made", CLASSES)
@pytest.mark.parametrize("asked", ASKED)
def test_it_answers_as_the_standard_library_does(asked: str, made: Callable[[Any], Any]) -> None:
    assert answer(ASKED[asked], made, ours) == answer(ASKED[asked], made, dataclasses)


def test_what_is_compared_in_part_is_equal_where_that_part_is() -> None:
    cls = compared_in_part(ours)
    assert cls("a", 1) == cls("a", 2)
    assert hash(cls("a", 1)) == hash(cls("a", 2))


def test_each_object_has_a_list_of_its_own() -> None:
    cls = made_anew(ours)
    first, second = cls(), cls()
    first.items.append(1)
    assert second.items == []


def test_replace_makes_another_with_some_fields_changed() -> None:
    before = plain(ours)("a", 5)
    assert ours.replace(before, name="b") == plain_like(before, "b", 5)
    assert before.name == "a"
    with pytest.raises(TypeError):
        ours.replace(before, other=1)


def plain_like(one: Any, *given: object) -> object:
    return type(one)(*given)


@ours.dataclass(frozen=True, slots=True)
class Sent:
    name: str
    size: int


def test_objects_go_from_process_to_process() -> None:
    assert pickle.loads(pickle.dumps(Sent("a", 1))) == Sent("a", 1)
