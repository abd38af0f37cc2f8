"""Rules over an estate: hits, who yields to whom, and findings in their fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xbackup_lint.checks.hit import Hit
from xbackup_lint.engine.match import alternatives, matches
from xbackup_lint.engine.nouns import attribute_name, subjects
from xbackup_lint.engine.rule import Rule
from xbackup_lint.model.estate import Estate
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import NO, UNKNOWN, YES


@dataclass(frozen=True, slots=True)
class Raw:
    """A hit of a rule on a subject, with its words filled in. `guards` are those under which it holds."""

    rule: Rule
    hit: Hit
    subject: object
    message: str
    guards: tuple[Guard, ...]

    @property
    def certain(self) -> bool:
        return self.hit.verdict is YES

    @property
    def key(self) -> Span:
        found: Span = self.subject.key  # type: ignore[attr-defined]
        return found

    def fact(self, name: str) -> str:
        return fact(self.rule, self.hit, self.subject, name)


def run_rules(rules: Sequence[Rule], estate: Estate) -> list[Raw]:
    """What rules find in an estate, by path, offset and rule; one fault, one finding."""
    found = [raw for rule in rules for raw in _merged(_raw(rule, estate))]
    kept = _after_yielding(found)
    return sorted(kept, key=lambda raw: (*raw.hit.at.sort_key, raw.rule.id, raw.message))


def _raw(rule: Rule, estate: Estate) -> Iterator[Raw]:
    for subject in subjects(estate, rule.subject):
        hits = matches(rule, subject) if rule.check is None else rule.check(subject, estate, **rule.options)
        for hit in hits:
            if hit.verdict is NO or (hit.verdict is UNKNOWN and rule.unknown == "silent"):
                continue
            yield Raw(rule, hit, subject, _said(rule, hit, subject), (hit.guard,))


def _said(rule: Rule, hit: Hit, subject: object) -> str:
    return rule.message.filled(lambda name: fact(rule, hit, subject, name))


def fact(rule: Rule, hit: Hit, subject: object, name: str) -> str:
    """What a name in a rule's text stands for: the reason, a fact of the hit, an attribute of the subject."""
    if name == "reason":
        words = rule.reasons.get(hit.reason)
        return words.filled(lambda inner: fact(rule, hit, subject, inner)) if words else hit.reason
    if name in hit.facts:
        return hit.facts[name]
    given = getattr(subject, "facts", {})
    if name in given:
        return str(given[name])
    if not hasattr(subject, attribute_name(name)):
        raise KeyError(
            f"{rule.id}: `{name}` is neither a fact of the check nor an attribute of `{rule.subject}`"
        )
    values = [value for guard, value in alternatives(subject, name) if guard & hit.guard is not None]
    return next((str(value) for value in values if value is not None), "")


def _merged(found: Iterator[Raw]) -> Iterator[Raw]:
    """The same fault under several guards once; a doubt beside a certainty not at all."""
    groups: dict[tuple[Span, str, bool], list[Raw]] = {}
    certain: set[Span] = set()
    for raw in found:
        groups.setdefault((raw.hit.at, raw.message, raw.certain), []).append(raw)
        if raw.certain:
            certain.add(raw.hit.at)
    for (at, _, is_certain), raws in groups.items():
        if not is_certain and at in certain:
            continue
        first = raws[0]
        guards = simplified([raw.hit.guard for raw in raws])
        yield Raw(first.rule, first.hit, first.subject, first.message, guards)


def simplified(guards: Sequence[Guard]) -> tuple[Guard, ...]:
    """Guards without those that others imply; two that differ in one condition's value become one."""
    left = list(dict.fromkeys(guards))
    changed = True
    while changed:
        changed = False
        for first in left:
            for second in left:
                joined = _resolved(first, second)
                if joined is not None:
                    left = [guard for guard in left if guard not in (first, second)] + [joined]
                    changed = True
                    break
            if changed:
                break
    return tuple(sorted(left, key=lambda guard: guard.sort_key))


def _resolved(first: Guard, second: Guard) -> Guard | None:
    """What two guards amount to together, where that is simpler than both."""
    if first is second or first == second:
        return None
    if first.implies(second):
        return second
    if second.implies(first):
        return first
    only_first, only_second = first.assigned - second.assigned, second.assigned - first.assigned
    if len(only_first) == len(only_second) == 1:
        (condition, _), (other, _) = *only_first, *only_second
        if condition == other:
            return Guard(first.assigned & second.assigned)
    return None


def _after_yielding(found: list[Raw]) -> list[Raw]:
    """Findings without those whose fault a finding that they yield to has named."""
    named: dict[str, set[Span]] = {}
    for raw in found:
        if raw.certain:
            named.setdefault(raw.rule.id, set()).update((raw.key, raw.hit.at))
    return [raw for raw in found if not _named_already(raw, named)]


def _named_already(raw: Raw, named: dict[str, set[Span]]) -> bool:
    return any({raw.key, raw.hit.at} & named.get(winner, set()) for winner in raw.rule.yields_to)
