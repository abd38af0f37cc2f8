"""How many there are of what AWS Backup has a quota for: rules of a plan, copy actions of a rule, and the like.

`data/quotas.json` is read once, when the first question is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Copy, Plan, Rule
from xbackup_lint.model.selection import Selection
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.text import Text


@cache
def _quotas() -> dict[str, int]:
    data = json.loads(Path(__file__).with_name("data").joinpath("quotas.json").read_bytes())
    quotas: dict[str, int] = data["quotas"]
    return quotas


@dataclass(frozen=True, eq=False)
class Amount:
    """A number of things that certainly are there where a guard holds, and of which AWS allows only so many."""

    reason: str
    """What they are: `rules`, `copy-actions`, `recovery-point-tags`, `arns` and so on."""
    owner: str
    """What has them, for messages."""
    places: tuple[Span, ...]
    guard: Guard
    deployment: Deployment

    @property
    def key(self) -> Span:
        return self.places[0]

    @property
    def span(self) -> Span:
        return self.places[0]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.places)

    @property
    def quota(self) -> int:
        """How many AWS Backup takes."""
        return _quotas()[self.reason]

    @property
    def excess(self) -> int:
        """How many there are too many."""
        return max(self.number - self.quota, 0)

    @property
    def surplus(self) -> Span:
        """The first that is too many; the last, where none is."""
        return self.places[min(self.quota, self.number - 1)]


Placed = tuple[Guard, Span]


def amounts(
    plans: Iterable[Plan], rules: Iterable[Rule], copies: Iterable[Copy], selections: Iterable[Selection]
) -> Iterator[Amount]:
    """All amounts of plans, rules and selections."""
    of_plans: dict[Plan, list[Placed]] = {plan: [] for plan in plans}
    of_rules: dict[Rule, list[Placed]] = {}
    for rule in rules:
        of_rules[rule] = []
        of_plans.setdefault(rule.plan, []).append((rule.guard, _named(rule.name.values, rule.span)))
    for copy in copies:
        of_rules[copy.rule].append((copy.guard, _named(copy.destination_arn.values, copy.span)))
    for plan, placed in of_plans.items():
        yield from _amounts("rules", f"plan `{plan.label}`", placed, plan.deployment)
    for rule, placed in of_rules.items():
        owner = f"rule `{rule.label}`"
        yield from _amounts("copy-actions", owner, placed, rule.deployment)
        yield from _amounts("recovery-point-tags", owner, _tags(rule), rule.deployment)
    for selection in selections:
        yield from _of_selection(selection)


def _of_selection(selection: Selection) -> Iterator[Amount]:
    owner, here = f"selection `{selection.label}`", selection.deployment
    wild = [(guard, text.span) for guard, text in selection.resources if "*" in str(text)]
    full = [(guard, text.span) for guard, text in selection.resources if "*" not in str(text)]
    yield from _amounts("arns-with-wildcards", owner, wild, here)
    yield from _amounts("arns", owner, full, here)
    yield from _amounts("tags", owner, [(one.guard, one.span) for one in selection.tags], here)
    yield from _amounts("conditions", owner, [(one.guard, one.span) for one in selection.conditions], here)


def _named(names: Iterable[Text | None], otherwise: Span) -> Span:
    return next((name.span for name in names if name is not None), otherwise)


def _tags(rule: Rule) -> list[Placed]:
    tags = rule.body.get("RecoveryPointTags").records()
    return [(guard, entry.key.span) for guard, record in tags for entry in record.entries]


def _amounts(reason: str, owner: str, placed: list[Placed], here: Deployment) -> Iterator[Amount]:
    """One for each guard that some of them have: under it those are there that need no more than it."""
    if len(placed) <= _quotas()[reason]:
        return
    for guard in islice(dict.fromkeys(guard for guard, _ in placed), MOST):
        there = tuple(span for own, span in placed if guard.implies(own))
        yield Amount(reason, owner, there, guard, here)
