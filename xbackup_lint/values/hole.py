"""A hole: a value that the files do not tell, with the reason a reader would want to hear."""

from __future__ import annotations

import re

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span


@dataclass(frozen=True, slots=True)
class Shape:
    """What an unknown value can look like.

    `pattern` matches every value that it may take; `excludes` holds characters that none of them contains.
    Patterns are ours, never a user's: they match in linear time.
    """

    name: str
    pattern: re.Pattern[str] | None = None
    excludes: str = ""
    options: tuple[str, ...] = ()

    def could_be(self, text: str) -> bool:
        if self.options:
            return text in self.options
        return self.pattern is None or self.pattern.fullmatch(text) is not None

    def may_contain(self, character: str) -> bool:
        if self.options:
            return any(character in option for option in self.options)
        return character not in self.excludes

    @staticmethod
    def one_of(options: tuple[str, ...]) -> Shape:
        """One of the values that a parameter allows."""
        return Shape("one of its allowed values", options=options)


ANY = Shape("any")
ACCOUNT = Shape("account", regex(r"[0-9]{12}"), ":/*?${}, \"'\n")
# AWS: region names, all partitions (BDG:backup-feature-availability; F1.27, F1.28).
REGION = Shape("region", regex(r"[a-z]{2,4}(-[a-z]{2,5})?-[a-z]{4,10}-[0-9]{1,2}"), ":/*?${}, \"'\n")
PARTITION = Shape("partition", regex(r"aws(-[a-z]+)*"), ":/*?${}, \"'\n")
NAME = Shape("name", regex(r"[\w+=,.@-]+", re.ASCII), ":/*?${} \"'\n")
NUMBER = Shape("number", regex(r"-?[0-9]+(\.[0-9]+)?"), ":/*?${}, \"'\n")
KEY_ID = Shape("key id", regex(r"(mrk-)?[0-9a-f-]{32,36}"), ":/*?${}, \"'\n")
ARN = Shape("ARN", regex(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+", re.DOTALL), "\n")
# AWS: organization ids are `o-` and 10 to 32 lower-case letters and digits (F1.11).
ORGANIZATION = Shape("organization id", regex(r"o-[a-z0-9]{10,32}"), ":/*?${}, \"'\n")

Symbol = tuple[str, str]
"""What an unknown is called: the template, deployment or document that it belongs to, and its name there."""


@dataclass(frozen=True, slots=True)
class Hole:
    """An unknown value. Two holes are the same unknown if their symbols are equal, whatever the reason."""

    symbol: Symbol
    why: str = field(compare=False)
    shape: Shape = field(compare=False, default=ANY)
    place: Span | None = field(compare=False, default=None)
    """Where the unknown is declared, as far as it is: the parameter, the resource."""
    remedy: str = field(compare=False, default="")
    """What to type so that it becomes known."""

    @property
    def name(self) -> str:
        return self.symbol[1]

    def shaped(self, shape: Shape) -> Hole:
        """The same unknown, where its place in a text says more of its shape."""
        return replace(self, shape=shape) if self.shape is ANY else self
