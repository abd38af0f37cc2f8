"""Rules over an estate: hits, who yields to whom, and findings in their fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xbackup_lint.engine.load import is_shipped
from xbackup_lint.engine.match import matches
from xbackup_lint.engine.merge import merged
from xbackup_lint.engine.nouns import subjects
from xbackup_lint.engine.raw import Raw, said
from xbackup_lint.engine.rule import BrokenRule, Rule
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.mishap import Mishap, survived
from xbackup_lint.sources.watch import Watch, unwatched
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import UNKNOWN, YES


def run_rules(rules: Sequence[Rule], estate: Estate, watch: Watch = unwatched) -> list[Raw]:
    """What rules find in an estate, by path, offset and rule; one fault, one finding."""
    found = [raw for rule in watch("checking", rules) for raw in merged(_raw(rule, estate))]
    kept = _after_yielding(found)
    return sorted(kept, key=lambda raw: raw.order)


def _raw(rule: Rule, estate: Estate) -> Iterator[Raw]:
    nouns: Sequence[object] = ()
    with survived(estate.mishaps, f"rule {rule.id}"):
        nouns = subjects(estate, rule.subject)
    check, options = rule.check, rule.options
    for subject in nouns:
        try:  # not `survived`, which would take longer than most rules
            hits = matches(rule, subject) if check is None else check(subject, estate, **options)
            for hit in hits:
                if hit.verdict is YES or (hit.verdict is UNKNOWN and rule.unknown != "silent"):
                    yield Raw(rule, hit, subject, said(rule, hit, subject), (hit.guard,))
        except MemoryError:
            raise
        except Exception as error:
            if isinstance(error, BrokenRule) and not is_shipped(rule):
                raise
            # One fault of ours must not hide what all else finds.
            estate.mishaps.append(Mishap.of(error, f"rule {rule.id}, {_path(subject)}"))


def _path(subject: object) -> str:
    key: Span | None = getattr(subject, "key", None)
    return key.source.path if key is not None else "?"


_Named = dict[tuple[str, str], list[Raw]]
"""What is certain, by rule and by the file of its subject."""


def _after_yielding(found: list[Raw]) -> list[Raw]:
    """Findings without those whose fault a finding that they yield to has named, where both can hold."""
    wanted = {winner for raw in found for winner in raw.rule.yields_to}
    named: _Named = defaultdict(list)
    places: dict[tuple[str, Span], list[Guard]] = defaultdict(list)
    for raw in found:
        if raw.certain and raw.rule.id in wanted:
            named[raw.rule.id, raw.key.source.path].append(raw)
            for place in {raw.key, raw.hit.at}:
                places[raw.rule.id, place].extend(raw.guards)
    return [raw for raw in found if not (_named_already(raw, places) or _decided_elsewhere(raw, named))]


def _named_already(raw: Raw, places: dict[tuple[str, Span], list[Guard]]) -> bool:
    return any(
        guard & other is not None
        for winner in raw.rule.yields_to
        for place in (raw.key, raw.hit.at)
        for other in places.get((winner, place), ())
        for guard in raw.guards
    )


def _decided_elsewhere(raw: Raw, named: _Named) -> bool:
    """Whether what decides it, such as the statement that refuses a copy, is a fault that was named there."""
    return any(
        other.key.contains(place)
        and any(guard & theirs is not None for guard in raw.guards for theirs in other.guards)
        for winner in raw.rule.yields_to
        for _, place in raw.hit.also
        for other in named.get((winner, place.source.path), ())
    )
