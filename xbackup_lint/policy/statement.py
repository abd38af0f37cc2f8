"""Policy documents: their statements, and what is wrong with their form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from xbackup_lint.policy.condition import Clause, pinned
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

Guarded = tuple[Guard, Text]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement. Its lists hold (guard, text); `unknown` is why part of it cannot be read."""

    span: Span
    guard: Guard
    sid: Text | None
    effect: Text | None
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    actions: tuple[Guarded, ...] = ()
    not_actions: tuple[Guarded, ...] = ()
    resources: tuple[Guarded, ...] = ()
    not_resources: tuple[Guarded, ...] = ()
    clauses: tuple[Clause, ...] = ()
    unknown: tuple[Hole, ...] = ()

    @property
    def allows(self) -> Verdict:
        if self.effect is None:
            return NO
        known = self.effect.known
        return UNKNOWN if known is None else Verdict.of(known == "Allow")

    @cached_property
    def pinned(self) -> Verdict:
        """Whether its conditions tie it to certain callers."""
        always = pinned(tuple(clause for clause in self.clauses if self.guard.implies(clause.guard)))
        return (
            always if always is not NO else UNKNOWN & (pinned(self.clauses) | Verdict.of(bool(self.unknown)))
        )

    @property
    def open_to_anyone(self) -> Verdict:
        """Whether it names `*` and no condition narrows that."""
        anyone = Verdict.any(Verdict.of(principal.form is Form.ANYONE) for principal in self.principals)
        return anyone & ~self.pinned

    @property
    def label(self) -> str:
        """The Sid, or the place where there is none."""
        known = self.sid.known if self.sid is not None else None
        return known or f"line {self.span.begin[0]}"


@dataclass(frozen=True, slots=True, eq=False)
class Flaw:
    """Something that makes a policy no policy. `reason` is a word; `detail` what a reader said of the JSON."""

    reason: str
    span: Span
    detail: str = ""
    guard: Guard = ALWAYS


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy document as far as it can be read. `unknown` holds the guards under which it cannot, and why."""

    span: Span
    statements: tuple[Statement, ...]
    flaws: tuple[Flaw, ...] = ()
    unknown: tuple[tuple[Guard, Hole], ...] = ()
    present: tuple[Guard, ...] = field(default=(ALWAYS,))
    """The guards under which there is a policy at all."""

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)
