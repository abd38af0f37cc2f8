"""Rules over an estate: hits, who yields to whom, and findings in their fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xbackup_lint.engine.match import matches
from xbackup_lint.engine.merge import merged
from xbackup_lint.engine.nouns import subjects
from xbackup_lint.engine.raw import Raw, said
from xbackup_lint.engine.rule import Rule
from xbackup_lint.model.estate import Estate
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import NO, UNKNOWN


def run_rules(rules: Sequence[Rule], estate: Estate) -> list[Raw]:
    """What rules find in an estate, by path, offset and rule; one fault, one finding."""
    found = [raw for rule in rules for raw in merged(_raw(rule, estate))]
    kept = _after_yielding(found)
    return sorted(kept, key=lambda raw: raw.order)


def _raw(rule: Rule, estate: Estate) -> Iterator[Raw]:
    for subject in subjects(estate, rule.subject):
        hits = matches(rule, subject) if rule.check is None else rule.check(subject, estate, **rule.options)
        for hit in hits:
            if hit.verdict is NO or (hit.verdict is UNKNOWN and rule.unknown == "silent"):
                continue
            yield Raw(rule, hit, subject, said(rule, hit, subject), (hit.guard,))


def _after_yielding(found: list[Raw]) -> list[Raw]:
    """Findings without those whose fault a finding that they yield to has named, where both can hold."""
    named: dict[tuple[str, Span], list[Guard]] = defaultdict(list)
    for raw in found:
        if raw.certain:
            for place in {raw.key, raw.hit.at}:
                named[raw.rule.id, place].extend(raw.guards)
    return [raw for raw in found if not _named_already(raw, named)]


def _named_already(raw: Raw, named: dict[tuple[str, Span], list[Guard]]) -> bool:
    return any(
        guard & other is not None
        for winner in raw.rule.yields_to
        for place in (raw.key, raw.hit.at)
        for other in named.get((winner, place), ())
        for guard in raw.guards
    )
