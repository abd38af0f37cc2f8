"""Settings of plans and rules of which AWS Backup knows a few values only: indexes, and backup options of types.

`data/settings.json` is read once, when the first question is asked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Plan, Rule
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict


class _Known(TypedDict):
    types_with_an_index: list[str]
    advanced: dict[str, list[str]]
    values: list[str]


@cache
def _known() -> _Known:
    data: _Known = json.loads(Path(__file__).with_name("data").joinpath("settings.json").read_bytes())
    return data


@dataclass(frozen=True, eq=False)
class Setting:
    """One setting of a plan or a rule: a value of which AWS Backup knows a few, or one that it takes from nobody."""

    reason: str
    """Which setting, or what is wrong with it: `index-type`, `several-index-types`, `option`, `value` …"""
    valid: Verdict
    """Whether AWS Backup takes it."""
    written: str
    """The value as given."""
    allowed: str
    """What AWS Backup takes here, each in backquotes."""
    place: Span
    """The value, or the name of what nobody may set."""
    guard: Guard
    deployment: Deployment

    @property
    def key(self) -> Span:
        return self.place

    @property
    def span(self) -> Span:
        return self.place


def settings(plans: Iterable[Plan], rules: Iterable[Rule]) -> Iterator[Setting]:
    """The settings of plans and rules."""
    for plan in plans:
        yield from _Reader(plan.deployment, plan.form == "organizations").advanced(plan.body)
    for rule in rules:
        reader = _Reader(rule.deployment, rule.plan.form == "organizations")
        yield from reader.indexes(rule.body)
        yield from reader.events(rule.body)


@dataclass(frozen=True, slots=True)
class _Reader:
    deployment: Deployment
    lower: bool
    """Whether names of types are in lower case, as Organizations policies have them."""

    def _setting(
        self,
        reason: str,
        valid: Verdict,
        text: Text | None,
        place: Span,
        guard: Guard,
        allowed: Iterable[str],
    ) -> Setting:
        names = ", ".join(f"`{name}`" for name in allowed)
        return Setting(reason, valid, str(text or ""), names, place, guard, self.deployment)

    def _one_of(self, reason: str, text: Text, guard: Guard, allowed: Collection[str]) -> Setting:
        # What another tool fills in is not known.
        known = None if text.known is None or "{" in text.known else text.known
        valid = UNKNOWN if known is None else Verdict.of(known in allowed)
        return self._setting(reason, valid, text, text.span, guard, allowed)

    def advanced(self, plan: Field) -> Iterator[Setting]:
        """`AdvancedBackupSettings`: types, their options, the values of these (F2.12)."""
        types = _known()["advanced"]
        for element in plan.get("AdvancedBackupSettings").elements():
            for guard, record in element.records():
                here = Field.of(record, record.span, guard)
                chosen = set[str]()
                for own, text in here.get("ResourceType").texts():
                    if text is not None:
                        names = [name.lower() if self.lower else name for name in types]
                        yield self._one_of("type", text, own, names)
                        chosen.add((text.known or "").upper())
                options = [name for kind in chosen & types.keys() for name in types[kind]]
                yield from self._options(here.get("BackupOptions"), options)

    def _options(self, given: Field, options: list[str]) -> Iterator[Setting]:
        for guard, record in given.records():
            for entry in record.entries if options else ():
                known = entry.key.known
                valid = UNKNOWN if known is None else Verdict.of(known in options)
                yield self._setting("option", valid, entry.key, entry.key.span, guard, options)
                for own, value in entry.value.under(guard).texts():
                    if value is not None:
                        yield self._one_of("value", value, own, _known()["values"])

    def indexes(self, rule: Field) -> Iterator[Setting]:
        """`IndexActions`: one entry of one type (F2.10)."""
        types = _known()["types_with_an_index"]
        actions = [record for element in rule.get("IndexActions").elements() for record in element.records()]
        for place, (guard, record) in enumerate(actions):
            if place and guard.implies(actions[0][0]):
                yield self._setting("several-index-actions", NO, None, record.span, guard, ("IndexActions",))
            listed = Field.of(record, record.span, guard).get("ResourceTypes")
            texts = [one for element in listed.elements() for one in element.texts() if one[1] is not None]
            for number, (own, text) in enumerate(texts):
                if text is not None:
                    yield self._one_of("index-type", text, own, types)
                    if number and own.implies(texts[0][0]):
                        yield self._setting("several-index-types", NO, text, text.span, own, types)

    def events(self, rule: Field) -> Iterator[Setting]:
        """`DeleteAfterEvent`, which AWS Backup prints, together with `RuleId`, and does not take (F2.14)."""
        if not rule.get("RuleId").is_absent:
            return
        owners = [rule, *rule.get("CopyActions").elements()]
        for owner in owners:
            for guard, lifecycle in owner.get("Lifecycle").records():
                event = lifecycle.entry("DeleteAfterEvent")
                if event is not None:
                    yield self._setting("event", NO, event.key, event.key.span, guard, ("DeleteAfterDays",))
