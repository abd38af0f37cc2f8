"""Rules over an estate: hits, who yields to whom, and findings in their fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.engine.match import matches
from xbackup_lint.engine.merge import merged
from xbackup_lint.engine.nouns import subjects
from xbackup_lint.engine.raw import Raw, said
from xbackup_lint.engine.rule import Rule
from xbackup_lint.model.estate import Estate
from xbackup_lint.text.source import Span
from xbackup_lint.values.verdict import NO, UNKNOWN


def run_rules(rules: Sequence[Rule], estate: Estate) -> list[Raw]:
    """What rules find in an estate, by path, offset and rule; one fault, one finding."""
    found = [raw for rule in rules for raw in merged(_raw(rule, estate))]
    kept = _after_yielding(found)
    return sorted(kept, key=lambda raw: (*raw.hit.at.sort_key, raw.rule.id, raw.message))


def _raw(rule: Rule, estate: Estate) -> Iterator[Raw]:
    for subject in subjects(estate, rule.subject):
        hits = matches(rule, subject) if rule.check is None else rule.check(subject, estate, **rule.options)
        for hit in hits:
            if hit.verdict is NO or (hit.verdict is UNKNOWN and rule.unknown == "silent"):
                continue
            yield Raw(rule, hit, subject, said(rule, hit, subject), (hit.guard,))


def _after_yielding(found: list[Raw]) -> list[Raw]:
    """Findings without those whose fault a finding that they yield to has named."""
    named: dict[str, set[Span]] = {}
    for raw in found:
        if raw.certain:
            named.setdefault(raw.rule.id, set()).update((raw.key, raw.hit.at))
    return [raw for raw in found if not _named_already(raw, named)]


def _named_already(raw: Raw, named: dict[str, set[Span]]) -> bool:
    return any({raw.key, raw.hit.at} & named.get(winner, set()) for winner in raw.rule.yields_to)
