"""A rule: words and severity from its file, and what it asks of its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from xbackup_lint.cached import cached_property
from xbackup_lint.checks.hit import Check
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.result import Severity
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span

_NAME = regex(r"\{([a-z][a-z0-9-]*)\}")

Constant = str | int | bool


class BrokenRule(Exception):
    """A rule file that cannot be used: what is wrong, and where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@dataclass(frozen=True, slots=True)
class Test:
    """What an attribute must be: one of some constants, or not; a bound; a pattern."""

    any_of: tuple[Constant, ...] = ()
    none_of: tuple[Constant, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    matches: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of `when`: an attribute of the subject, and its test."""

    attribute: str
    test: Test


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a rule, in which `{name}` stands for a fact of the finding or an attribute of its subject."""

    text: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_NAME.findall(self.text))

    def filled(self, fact: Callable[[str], str]) -> str:
        return _NAME.sub(lambda match: fact(match[1]), self.text)


@dataclass(frozen=True, slots=True)
class Prose:
    """What a rule says to people."""

    title: str
    since: str
    tags: tuple[str, ...]
    rationale: str
    remediation: str
    false_positives: tuple[str, ...]
    references: tuple[str, ...]
    message: Words
    help: Mapping[str, Words]
    """By reason; the empty reason is for all others."""
    reasons: Mapping[str, Words]
    labels: Mapping[str, Words]


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule of the catalogue, ready to run."""

    id: str
    family: str
    severity: Severity
    subject: str
    when: tuple[Clause, ...]
    at: str
    check: Check | None
    options: Mapping[str, Constant | list[Constant]]
    unknown: Literal["unsure", "silent"]
    yields_to: tuple[str, ...]
    path: Path
    """The file, in whose second document the examples are."""
    shown: str
    """What messages call it."""
    read_prose: Callable[[], Prose]
    """Reads what the rule says, which most runs want of few rules. Raises BrokenRule."""

    @cached_property
    def prose(self) -> Prose:
        return self.read_prose()
