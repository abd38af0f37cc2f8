"""One fault, once: under several guards, and in several stacks of one template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from xbackup_lint.dataclass import replace
from xbackup_lint.engine.raw import Raw
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard


def merged(found: Iterable[Raw]) -> Iterator[Raw]:
    """What one rule found, the same fault once. A doubt beside a certainty of the same stack is left out."""
    raws = list(found)
    certain = {(raw.hit.at, raw.deployment) for raw in raws if raw.certain}
    groups: dict[object, list[Raw]] = {}
    for raw in raws:
        if raw.certain or (raw.hit.at, raw.deployment) not in certain:
            key = (raw.hit.at, raw.message, raw.certain, raw.deployment)
            groups.setdefault(key, []).append(raw)
    yield from _across_stacks([_of_guards(group) for group in groups.values()])


def _of_guards(raws: Sequence[Raw]) -> Raw:
    return replace(raws[0], guards=simplified([raw.hit.guard for raw in raws]))


def _across_stacks(raws: Sequence[Raw]) -> Iterator[Raw]:
    """A fault that several stacks of a template have is told once, in the words of the first."""
    turns: dict[object, int] = {}
    groups: dict[tuple[Span, bool, str, int], list[Raw]] = {}
    for raw in raws:
        fault = (raw.hit.at, raw.certain, raw.hit.reason)
        turn = turns[(*fault, raw.deployment)] = turns.get((*fault, raw.deployment), -1) + 1
        groups.setdefault((*fault, turn), []).append(raw)
    for group in groups.values():
        stacks = tuple(dict.fromkeys(raw.deployment for raw in group if raw.deployment is not None))
        yield replace(group[0], deployments=stacks)


def folded(raws: Iterable[Raw]) -> Iterator[Raw]:
    """What one rule finds because of one place, once: at the first of the places that it is found at."""
    groups: dict[object, list[Raw]] = {}
    for raw in raws:
        decided = (raw.rule.id, raw.hit.because, raw.hit.reason, raw.certain)
        groups.setdefault(decided if raw.hit.because is not None else id(raw), []).append(raw)
    for first, *rest in groups.values():
        if rest:
            stacks = dict.fromkeys(one for raw in (first, *rest) for one in raw.deployments)
            places = dict.fromkeys(raw.hit.at for raw in rest if raw.hit.at != first.hit.at)
            yield replace(first, deployments=tuple(stacks), others=tuple(places))
        else:
            yield first


def simplified(guards: Sequence[Guard]) -> tuple[Guard, ...]:
    """Guards without those that others imply; two that differ in one condition's value become one."""
    left = list(dict.fromkeys(guards))
    while (pair := _simpler(left)) is not None:
        first, second, joined = pair
        left = [guard for guard in left if guard not in (first, second)] + [joined]
    return tuple(sorted(left, key=lambda guard: guard.sort_key))


def _simpler(guards: Sequence[Guard]) -> tuple[Guard, Guard, Guard] | None:
    """Two guards that amount to one, and that one."""
    for index, first in enumerate(guards):
        for second in guards[index + 1 :]:
            joined = _together(first, second)
            if joined is not None:
                return first, second, joined
    return None


def _together(first: Guard, second: Guard) -> Guard | None:
    """What two different guards amount to together, where that is simpler than both."""
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
