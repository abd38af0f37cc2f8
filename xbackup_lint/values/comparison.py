"""Comparing texts with holes: equality, and the wildcards of IAM, in three values and linear time."""

from __future__ import annotations

from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_LARGEST = 4_000_000
"""Cells of the matching table beyond which the answer is UNKNOWN: some 50 ms."""


def equals(left: Text, right: Text | str, *, ignore_case: bool = False) -> Verdict:
    """Whether both are the same text. A symbol is equal to itself; against all else it is UNKNOWN."""
    if isinstance(right, str):
        return _equals_literal(left, right, ignore_case)
    known = right.known
    if known is not None:
        return _equals_literal(left, known, ignore_case)
    if left.known is not None:
        return _equals_literal(right, left.known, ignore_case)
    if not ignore_case:
        if left.parts == right.parts:
            return YES
        first, other = left.beginning, right.beginning
        if not (first.startswith(other) or other.startswith(first)):
            return NO
    return _relate(_tokens(left, ignore_case), _tokens(right, ignore_case), wildcards=False)


def _equals_literal(text: Text, literal: str, ignore_case: bool) -> Verdict:
    known = text.known
    if known is not None:
        return Verdict.of(known.lower() == literal.lower() if ignore_case else known == literal)
    if len(text.holes) == 1 and not ignore_case:
        at = next(i for i, part in enumerate(text.parts) if isinstance(part, Hole))
        before = "".join(str(part.text) for part in text.parts[:at] if isinstance(part, Fragment))
        after = "".join(str(part.text) for part in text.parts[at + 1 :] if isinstance(part, Fragment))
        fits = literal.startswith(before) and literal.endswith(after) and len(literal) >= len(before + after)
        middle = literal[len(before) : len(literal) - len(after)]
        return UNKNOWN if fits and text.holes[0].shape.could_be(middle) else NO
    wanted: list[Token] = list(literal.lower() if ignore_case else literal)
    return _relate(_tokens(text, ignore_case), wanted, wildcards=False)


def like(value: Text | str, pattern: Text | str, *, ignore_case: bool = False) -> Verdict:
    """Whether `value` matches `pattern`, in which `*` is any text and `?` any one character."""
    known_value = value if isinstance(value, str) else value.known
    known_pattern = pattern if isinstance(pattern, str) else pattern.known
    if known_value is not None and known_pattern is not None:
        if ignore_case:
            return Verdict.of(glob(known_value.lower(), known_pattern.lower()))
        return Verdict.of(glob(known_value, known_pattern))
    return _relate(_tokens(value, ignore_case), _tokens(pattern, ignore_case), wildcards=True)


def glob(text: str, pattern: str) -> bool:
    """IAM's wildcards on known texts, without backtracking beyond the last `*`."""
    star = pattern.find("*")
    if "?" not in pattern:
        if star < 0:
            return text == pattern
        if star == len(pattern) - 1:
            return text.startswith(pattern[:-1])
    at = for_pattern = mark = 0
    star = -1
    while at < len(text):
        if for_pattern < len(pattern) and pattern[for_pattern] == "*":
            star, mark = for_pattern, at
            for_pattern += 1
        elif for_pattern < len(pattern) and pattern[for_pattern] in ("?", text[at]):
            at += 1
            for_pattern += 1
        elif star >= 0:
            mark += 1
            at, for_pattern = mark, star + 1
        else:
            return False
    return all(character == "*" for character in pattern[for_pattern:])


Token = str | Hole


def _tokens(text: Text | str, ignore_case: bool) -> list[Token]:
    if isinstance(text, str):
        return list(text.lower() if ignore_case else text)
    tokens: list[Token] = []
    for part in text.parts:
        if isinstance(part, Hole):
            tokens.append(part)
        else:
            tokens.extend(part.text.lower() if ignore_case else part.text)
    return tokens


def _relate(value: list[Token], pattern: list[Token], *, wildcards: bool) -> Verdict:
    """Walk two sets of reachable places in `pattern`, as bits: those certain, and those possible.

    Certain: holes are taken as letters of their own, which only `*` and the same hole match.
    Possible: a hole on either side may be any text that its shape does not exclude.
    """
    if len(value) * len(pattern) > _LARGEST:
        return UNKNOWN
    ways = _Ways(pattern, wildcards)
    certain, possible = ways.skip(1, ways.stars), ways.skip(1, ways.stars | ways.any_hole)
    for token in value:
        certain = ways.skip(ways.step_certain(certain, token), ways.stars)
        possible = ways.skip(ways.step_possible(possible, token), ways.stars | ways.any_hole)
        if not possible:
            return NO
    end = 1 << len(pattern)
    if certain & end:
        return YES
    return UNKNOWN if possible & end else NO


class _Ways:
    """Which tokens of a pattern let what pass: one bit a token."""

    def __init__(self, pattern: list[Token], wildcards: bool) -> None:
        self.stars = self.any_one = self.any_hole = 0
        self.letters: dict[str, int] = {}
        self.holes: dict[Hole, int] = {}
        for index, token in enumerate(pattern):
            bit = 1 << index
            if isinstance(token, Hole):
                self.holes[token] = self.holes.get(token, 0) | bit
                self.any_hole |= bit
            elif wildcards and token == "*":
                self.stars |= bit
            elif wildcards and token == "?":
                self.any_one |= bit
            else:
                self.letters[token] = self.letters.get(token, 0) | bit

    @staticmethod
    def skip(places: int, empty: int) -> int:
        """Go on past tokens that may stand for nothing."""
        while (further := places | (places & empty) << 1) != places:
            places = further
        return places

    def step_certain(self, places: int, token: Token) -> int:
        if isinstance(token, Hole):
            return (places & self.stars) | (places & self.holes.get(token, 0)) << 1
        return (places & self.stars) | (places & (self.letters.get(token, 0) | self.any_one)) << 1

    def step_possible(self, places: int, token: Token) -> int:
        if isinstance(token, Hole):
            return self.skip(places, self._within(token))
        stay = self.stars
        for hole, bits in self.holes.items():
            if hole.shape.may_contain(token):
                stay |= bits
        return (places & stay) | (places & (self.letters.get(token, 0) | self.any_one)) << 1

    def _within(self, hole: Hole) -> int:
        """The tokens that a hole of the value may stand for."""
        within = self.stars | self.any_one | self.any_hole
        for letter, bits in self.letters.items():
            if hole.shape.may_contain(letter):
                within |= bits
        return within
