"""Resources that two rules back up continuously."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice

from xbackup_lint.checks.hit import Hit, check
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.picked import Picked
from xbackup_lint.model.plan import Plan, Rule
from xbackup_lint.model.selection import Selection
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import UNKNOWN, YES, Verdict

_Identity = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Continuous:
    """A rule that backs up continuously, and where it says so."""

    rule: Rule
    order: int
    switch: Text


@dataclass(slots=True, eq=False)
class _Place:
    """The rules of one account and region, by plan and by what they certainly select."""

    of_plan: dict[Plan, list[_Continuous]] = field(default_factory=lambda: defaultdict(list))
    by_entry: dict[_Identity, list[tuple[_Continuous, Span]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    texts: dict[_Identity, Text] = field(default_factory=dict)
    """The entries of `Resources`, each once. Patterns among them cover others."""


_Known = dict[Rule, tuple[_Continuous, _Place]]


@check
def backed_up_continuously_twice(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """An earlier rule backs up the same resources continuously. Facts: `other` (that rule), `plan` (its plan).

    Reasons: `other-vault` and `same-vault` of one plan, `other-plan` (F4.7).
    """
    found = _all(estate).get(rule)
    if found is None:
        return
    mine, place = found
    both = chain(_of_one_plan(mine, place, estate), _of_others(mine, place, estate))
    for reason, other, also in islice(both, 1):
        facts = {"other": other.rule.label, "plan": other.rule.plan.label}
        places = (("other", other.switch.span), *also)
        yield Hit(mine.switch.span, YES, rule.guard, reason, facts, places)


@lru_cache(maxsize=1)
def _all(estate: Estate) -> _Known:
    known: _Known = {}
    places = defaultdict[_Identity, _Place](_Place)
    for order, rule in enumerate(estate.rules):
        switch = _switched_on(rule)
        if switch is None:
            continue
        here, one = rule.deployment, _Continuous(rule, order, switch)
        place = places[here.account.identity, here.region.identity, rule.plan.form]
        known[rule] = one, place
        place.of_plan[rule.plan].append(one)
        for identity, text, span in _entries(rule.plan, estate):
            place.by_entry[identity].append((one, span))
            if text is not None:
                place.texts.setdefault(identity, text)
    return known


def _switched_on(rule: Rule) -> Text | None:
    """`EnableContinuousBackup`, where it is true under all conditions."""
    texts = [text for text in rule.continuous.values if text is not None]
    on = [(text.known or "").lower() in ("true", "yes", "on") for text in texts]
    return texts[0] if on and all(on) and len(texts) == len(rule.continuous.values) else None


def _entries(plan: Plan, estate: Estate) -> Iterator[tuple[_Identity, Text | None, Span]]:
    """What a plan certainly selects: entries of types that have continuous backups, and tags."""
    for selection in estate.selections_for(plan):
        if _is_narrowed(selection):
            continue
        for pick in selection.picks:
            if any(kind.continuous for kind in pick.types):
                yield pick.text.identity, pick.text, pick.text.span
        for tag in selection.tags:
            if tag.key is not None and tag.value is not None:
                yield ("tag", *tag.key.identity, "=", *tag.value.identity), None, tag.span


def _is_narrowed(selection: Selection) -> bool:
    """Whether conditions or exceptions decide what of it is selected; these are not followed.

    AWS: where both resources and tags are given, tags may narrow the resources (BDG: assigning-resources).
    """
    beside = [name for name in ("Conditions", "NotResources") if not selection.body.get(name).is_absent]
    return bool(beside) or bool(selection.picks and selection.tags)


_Found = tuple[str, _Continuous, tuple[tuple[str, Span], ...]]


def _of_one_plan(mine: _Continuous, place: _Place, estate: Estate) -> Iterator[_Found]:
    types = Picked(mine.rule.plan, ALWAYS, estate).types
    for other in place.of_plan[mine.rule.plan]:
        same = _same_target(mine.rule, other.rule)
        if _is_before(other, mine) and same is not UNKNOWN and any(one.continuous for one in types):
            yield "same-vault" if same is YES else "other-vault", other, ()


def _same_target(rule: Rule, other: Rule) -> Verdict:
    mine, theirs = rule.target_vault.only, other.target_vault.only
    return equals(mine, theirs) if mine is not None and theirs is not None else UNKNOWN


def _is_before(other: _Continuous, mine: _Continuous) -> bool:
    return other.order < mine.order and other.rule.guard & mine.rule.guard is not None


def _of_others(mine: _Continuous, place: _Place, estate: Estate) -> Iterator[_Found]:
    for identity, text, span in _entries(mine.rule.plan, estate):
        covered = (
            other for other, theirs in place.texts.items() if text is not None and _cover(text, theirs)
        )
        for same in dict.fromkeys((identity, *covered)):
            for other, there in place.by_entry[same]:
                if other.rule.plan is not mine.rule.plan and _is_before(other, mine):
                    yield "other-plan", other, (("selected", span), ("also-selected", there))


def _cover(mine: Text, theirs: Text) -> bool:
    """Whether one of two entries certainly covers the other."""
    if mine.identity == theirs.identity:
        return False  # which is looked up
    return (_is_pattern(theirs) and like(mine, theirs) is YES) or (
        _is_pattern(mine) and like(theirs, mine) is YES
    )


def _is_pattern(text: Text) -> bool:
    return "*" in str(text)
