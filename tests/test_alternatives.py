"""Values under conditions: guards conjoin, exclude each other, and are bounded."""

from __future__ import annotations

import pytest

from xbackup_lint.engine.merge import simplified
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import ALWAYS, MOST, Alternatives, Condition, Guard, TooMany, all_of


class Free:
    """Conditions of which all can be true or false in any combination."""

    def consistent(self, assigned: frozenset[tuple[str, bool]]) -> bool:
        return True


def guard(**assigned: bool) -> Guard:
    return Guard(
        frozenset((Condition("t.yaml", name, Free(), NOWHERE), value) for name, value in assigned.items())
    )


def either(name: str) -> Alternatives[str]:
    return Alternatives(((guard(**{name: True}), f"{name}+"), (guard(**{name: False}), f"{name}-")))


def test_what_always_holds_changes_nothing() -> None:
    assert ALWAYS & guard(A=True) == guard(A=True)
    assert guard(A=True) & guard(A=True, B=False) == guard(A=True, B=False)


def test_a_condition_is_not_true_and_false() -> None:
    assert guard(A=True) & guard(A=False, B=True) is None


def test_both_values_under_every_pair_of_guards_that_can_hold() -> None:
    joined = either("A").with_(either("B"), lambda left, right: left + right)

    assert [(str(g), value) for g, value in joined] == [
        ("A is true and B is true", "A+B+"),
        ("A is true and B is false", "A+B-"),
        ("A is false and B is true", "A-B+"),
        ("A is false and B is false", "A-B-"),
    ]


def test_a_value_does_not_contradict_itself() -> None:
    assert either("A").with_(either("A"), lambda left, right: left + right).values == ("A+A+", "A-A-")


def test_under_a_guard_only_what_fits_it_is_left() -> None:
    assert either("A").under(guard(A=True)).values == ("A+",)
    assert either("A").under(guard(B=True)).values == ("A+", "A-")


def test_more_than_sixteen_are_too_many() -> None:
    four = [either(name) for name in "ABCD"]

    assert len(all_of(four).options) == MOST == 16
    with pytest.raises(TooMany):
        all_of([*four, either("E")])


SIMPLER = [
    ([guard(A=True), guard(A=False)], [ALWAYS]),
    ([guard(A=True), guard(A=True, B=False)], [guard(A=True)]),
    ([guard(A=True, B=True), guard(A=True, B=False)], [guard(A=True)]),
    ([guard(A=True, B=True), guard(A=False, B=True), guard(B=False)], [ALWAYS]),
    ([guard(A=True), guard(B=True)], [guard(A=True), guard(B=True)]),
    ([ALWAYS, guard(A=True)], [ALWAYS]),
]


@pytest.mark.parametrize(("guards", "wanted"), SIMPLER)
def test_guards_of_one_fault_are_told_simply(guards: list[Guard], wanted: list[Guard]) -> None:
    assert list(simplified(guards)) == wanted
