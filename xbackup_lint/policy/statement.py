"""Policy documents: their statements, and what is wrong with their form."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Principal
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import ORGANIZATION, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

Guarded = tuple[Guard, Text]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement. Its lists hold (guard, text). Conditions that cannot be read are clauses without a key."""

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
    has_variables: bool = True
    """AWS: below version 2012-10-17, which a policy without one is, `${…}` is text as any (IAM: Version)."""

    @cached_property
    def allows(self) -> Verdict:
        return self._has_effect("Allow")

    @cached_property
    def denies(self) -> Verdict:
        return self._has_effect("Deny")

    @property
    def label(self) -> str:
        """Its Sid, or the line where there is none."""
        known = self.sid.known if self.sid is not None else None
        return known or f"line {self.span.begin[0]}"

    def _has_effect(self, wanted: str) -> Verdict:
        if self.effect is None:
            return NO
        known = self.effect.known
        return UNKNOWN if known is None else Verdict.of(known == wanted)

    def speaks_of(self, action: str) -> Verdict:
        """Whether an action is among those that it allows or denies, wildcards read as IAM reads them."""
        listed = self.actions or self.not_actions
        found = Verdict.any(like(action, pattern, ignore_case=True) for _, pattern in listed)
        return found if self.actions else ~found if listed else NO

    def guards_of_callers(self) -> Iterator[Guard]:
        """The guards on which it depends whom the statement is for."""
        yield self.guard
        for principal in (*self.principals, *self.not_principals):
            yield principal.guard
        for clause in self.clauses:
            yield clause.guard
            yield from (guard for guard, _ in clause.values)

    @property
    def organizations(self) -> Iterator[Text]:
        """The organizations that its conditions name."""
        return (text for clause in self.clauses for text in clause.organizations)

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """The guards on which it depends what it says, without those that always hold."""
        texts = (*self.actions, *self.not_actions, *self.resources, *self.not_resources)
        found = (*self.guards_of_callers(), *(guard for guard, _ in texts))
        return tuple(guard for guard in found if guard.assigned)

    def seen(self, world: Guard) -> Statement:
        """What is left of it in one way for open conditions to turn out."""
        if not self.guards:
            return self

        def left(texts: tuple[Guarded, ...]) -> tuple[Guarded, ...]:
            return tuple((guard, text) for guard, text in texts if world & guard is not None)

        return replace(
            self,
            principals=tuple(p for p in self.principals if world & p.guard is not None),
            not_principals=tuple(p for p in self.not_principals if world & p.guard is not None),
            actions=left(self.actions),
            not_actions=left(self.not_actions),
            resources=left(self.resources),
            not_resources=left(self.not_resources),
            clauses=tuple(c.seen(world) for c in self.clauses if world & c.guard is not None),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Flaw:
    """Something that makes a policy no policy. `reason` is a word; `detail` what there is to say of it."""

    reason: str
    span: Span
    detail: str = ""
    guard: Guard = ALWAYS
    near: str = ""
    """What was probably meant."""


@dataclass(frozen=True, eq=False)
class Policy:
    """A policy document as far as it can be read. `unknown` says under which guards it cannot, and why."""

    span: Span
    statements: tuple[Statement, ...]
    flaws: tuple[Flaw, ...] = ()
    unknown: tuple[tuple[Guard, Hole], ...] = ()
    present: tuple[Guard, ...] = field(default=(ALWAYS,))
    """The guards under which there is a policy at all."""

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    @cached_property
    def organizations(self) -> dict[str, Text]:
        """The ids of organizations that are written in it; those of parameters' defaults are placeholders."""
        named = (text for statement in self.statements for text in statement.organizations)
        return {
            text.known: text
            for text in named
            if text.known is not None and ORGANIZATION.could_be(text.known) and not text.assumptions
        }

    @cached_property
    def denials(self) -> tuple[Statement, ...]:
        """The statements that deny, or of which that is not known."""
        return tuple(statement for statement in self.statements if statement.denies is not NO)
