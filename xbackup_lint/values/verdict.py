"""Three-valued truth."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Verdict(enum.Enum):
    """NO, UNKNOWN or YES. `bool()` of it is an error: say which way you lean."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __bool__(self) -> bool:
        raise TypeError("a Verdict is not a bool; compare it with Verdict.YES or Verdict.NO")

    def __and__(self, other: Verdict) -> Verdict:
        return self if self._value_ < other._value_ else other

    def __or__(self, other: Verdict) -> Verdict:
        return self if self._value_ > other._value_ else other

    def __invert__(self) -> Verdict:
        return _OPPOSITE[self._value_]

    @staticmethod
    def of(truth: bool) -> Verdict:
        return YES if truth else NO

    @staticmethod
    def any(verdicts: Iterable[Verdict]) -> Verdict:
        """Whether one of them holds; NO of none."""
        result = NO
        for verdict in verdicts:
            if verdict is YES:
                return YES
            if verdict is UNKNOWN:
                result = UNKNOWN
        return result

    @staticmethod
    def all(verdicts: Iterable[Verdict]) -> Verdict:
        """Whether each of them holds; YES of none."""
        result = YES
        for verdict in verdicts:
            if verdict is NO:
                return NO
            if verdict is UNKNOWN:
                result = UNKNOWN
        return result


NO, UNKNOWN, YES = Verdict.NO, Verdict.UNKNOWN, Verdict.YES
_OPPOSITE = (YES, UNKNOWN, NO)
