"""What is wrong with the form of an Organizations backup policy, and the policy under its right names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.organization import Lack
from xbackup_lint.model.problem import Problem
from xbackup_lint.sources.organization.copy_keys import judge_copy
from xbackup_lint.sources.organization.grammar import (
    COPY,
    PLAN,
    POLICY,
    RULE,
    Free,
    Keys,
    Named,
    Part,
    Setting,
)
from xbackup_lint.sources.organization.inheritance import ALL, CONTROL, NONE, SETTING
from xbackup_lint.text.near import most_like
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Record, Value

_OPERATORS = (*SETTING, CONTROL)
_RULE_NEEDS = set(RULE.required)
_FORM = "an Organizations backup policy"


@dataclass(slots=True)
class Checked:
    """A policy under its right names, and what is wrong with its form."""

    document: Field
    problems: list[Problem] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)


def checked(document: Field, filled_in: re.Pattern[str]) -> Checked:
    """Look through a policy. What matches `filled_in` another tool replaces before the policy is used."""
    checking = _Checking(filled_in)
    root = Text.literal("", document.span)
    found = checking.part(POLICY, document, (root,))
    return Checked(found, checking.problems, checking.lacks)


_Way = tuple[Text, ...]
"""The keys from the root, which has an empty one, down to a value."""


@dataclass(slots=True)
class _Checking:
    filled_in: re.Pattern[str]
    problems: list[Problem] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    is_whole: bool = False
    """Whether the plan that is looked at is given here, and not only changed."""

    def part(self, part: Part, value: Field, way: _Way) -> Field:
        options = ((guard, self._value(part, guard, one, way)) for guard, one in value)
        return Field(value.span, Alternatives(tuple(options)))

    def _value(self, part: Part, guard: Guard, value: Value, way: _Way) -> Value:
        if value is None or isinstance(part, Free):
            return value
        if not isinstance(value, Record):
            known = not isinstance(value, Text) or value.known is not None
            if not isinstance(part, Setting) and known and not self._is_filled_in(value):
                self._invalid(value.span, "not-a-mapping", guard, key=str(way[-1]), holds=_holds(part))
            return value
        if isinstance(part, Setting):
            self._setting(part, value, way, guard)
            return value
        inside = self._keys if isinstance(part, Keys) else self._named
        return Record(value.span, tuple(inside(part, value, way, guard)))  # type: ignore[arg-type]

    def _setting(self, setting: Setting, record: Record, way: _Way, guard: Guard) -> None:
        for entry in record.entries:
            if self._is_operator(entry, guard):
                if entry.key.known in SETTING[1:] and not setting.is_list:
                    self._wrong_operator(entry.key, way, "one value", guard)
            elif entry.key.known is not None and not self._is_filled_in(entry.key):
                self._unknown_operator_or_key(entry.key, way, guard)

    def _unknown_operator_or_key(self, key: Text, way: _Way, guard: Guard) -> None:
        if f"@@{key.known}" in SETTING:
            self._unknown_operator(key, SETTING, guard)
        else:
            self._invalid(key.span, "unknown-key", guard, owner=f"`{way[-1]}`", written=str(key))

    def _keys(self, part: Keys, record: Record, way: _Way, guard: Guard) -> Iterator[Entry]:
        entries = list(self._under_their_names(part, record, guard))
        present = {entry.key.known for entry in entries if not entry.value.is_absent}
        if part is PLAN:
            self.is_whole = _is_whole(present, entries)
        if self.is_whole and record.hole is None:
            self._require(part, present, way, guard)
        if {"tags", "resources"} <= present and way[-1].known == "selections":
            self._both_kinds(entries, guard)
        for entry in entries:
            inside = part.inside.get(entry.key.known or "")
            if inside is not None:
                yield Entry(entry.key, self.part(inside, entry.value, (*way, entry.key)))
            elif self._is_operator(entry, guard):
                yield self._at_a_mapping(part, entry, way, guard)
            else:
                yield entry

    def _named(self, part: Named, record: Record, way: _Way, guard: Guard) -> Iterator[Entry]:
        misplaced = next((entry for entry in record.entries if _belongs_below(part, entry)), None)
        if misplaced is not None:
            facts = {"key": str(way[-1]), "holds": part.holds, "written": str(misplaced.key)}
            self._invalid(misplaced.key.span, "level-missing", guard, **facts)
        for entry in record.entries:
            if self._is_operator(entry, guard):
                yield self._at_a_mapping(part, entry, way, guard)
            elif misplaced is not None:
                yield entry
            else:
                read = self.part(part.inside, entry.value.under(guard), (*way, entry.key))
                if part.inside is COPY:
                    self.problems.extend(judge_copy(entry.key, read, self.filled_in, self.is_whole))
                yield Entry(entry.key, read)

    def _at_a_mapping(self, part: Keys | Named, entry: Entry, way: _Way, guard: Guard) -> Entry:
        """An operator where keys stand. AWS: `@@assign` takes values of any type, so mappings too (F7.14)."""
        if entry.key.known == SETTING[0]:
            return Entry(entry.key, self.part(part, entry.value, way))
        if entry.key.known in SETTING:
            self._wrong_operator(entry.key, way, _holds(part), guard)
        return entry

    def _is_operator(self, entry: Entry, guard: Guard) -> bool:
        """Whether an entry is an operator; one that does not exist is told."""
        name = entry.key.known
        if name is None or not name.startswith("@@"):
            return False
        if name not in _OPERATORS:
            self._unknown_operator(entry.key, _OPERATORS, guard)
        elif name == CONTROL:
            for element in entry.value.elements():
                for own, text in element.texts():
                    allowed = (ALL, NONE, *SETTING)
                    if text is not None and text.known is not None and text.known not in allowed:
                        self._unknown_operator(text, allowed, own)
        return True

    def _under_their_names(self, part: Keys, record: Record, guard: Guard) -> Iterator[Entry]:
        present = {entry.key.known for entry in record.entries}
        for entry in record.entries:
            written = entry.key.known
            if written is None or written in part.inside or written.startswith("@@"):
                yield entry
                continue
            meant = part.properties.meant(written) if not self._is_filled_in(entry.key) else None
            if meant is None:
                self._unknown_key(part, entry.key, guard)
                yield entry
                continue
            facts = {"written": written, "meant": meant, "owner": part.owner, "form": _FORM}
            reason = "beside" if meant in present else ""
            self.problems.append(
                Problem("plan-property-misnamed", entry.key.span, reason, facts, guard=guard)
            )
            yield entry if reason else Entry(Text.literal(meant, entry.key.span), entry.value)

    def _unknown_key(self, part: Keys, key: Text, guard: Guard) -> None:
        if not self._is_filled_in(key):
            owners = [keys.owner for keys in (POLICY, PLAN, RULE, COPY) if key.known in keys.inside]
            reason = "unknown-key-elsewhere" if owners else "unknown-key"
            self._invalid(
                key.span, reason, guard, owner=part.owner, written=str(key), place="".join(owners[:1])
            )

    def _require(self, part: Keys, present: set[str | None], way: _Way, guard: Guard) -> None:
        for name in part.required:
            if name not in present:
                facts = {"owner": part.owner, "name": str(way[-1]), "key": name}
                problem = Problem("organization-policy-invalid", way[-1].span, "missing", facts, guard=guard)
                self.lacks.append(Lack((*(str(key) for key in way[1:]), name), problem))

    def _both_kinds(self, entries: list[Entry], guard: Guard) -> None:
        first, second = (entry.key for entry in entries if entry.key.known in ("tags", "resources"))
        facts = {"first": str(first), "second": str(second)}
        self.problems.append(
            Problem("organization-selection-both-kinds", second.span, "", facts, first.span, guard)
        )

    def _wrong_operator(self, operator: Text, way: _Way, holds: str, guard: Guard) -> None:
        facts = {"operator": str(operator), "key": str(way[-1]), "holds": holds}
        self._invalid(operator.span, "wrong-operator", guard, **facts)

    def _unknown_operator(self, operator: Text, known: tuple[str, ...], guard: Guard) -> None:
        meant = most_like(str(operator).lower(), known) or ""
        reason = "misspelt-operator" if meant else "unknown-operator"
        self._invalid(operator.span, reason, guard, written=str(operator), meant=meant)

    def _invalid(self, span: Span, reason: str, guard: Guard, **facts: str) -> None:
        self.problems.append(Problem("organization-policy-invalid", span, reason, facts, guard=guard))

    def _is_filled_in(self, value: Value) -> bool:
        return isinstance(value, Text) and self.filled_in.search(str(value)) is not None


def _is_whole(present: set[str | None], entries: list[Entry]) -> bool:
    """Whether a plan has all that it needs, or all but one with a rule that has all."""
    lacking = [name for name in PLAN.required if name not in present]
    rules = (entry.value for entry in entries if entry.key.known == "rules")
    of_rules = (rule.value for named in rules for _, record in named.records() for rule in record.entries)
    whole = (_meant(record) >= _RULE_NEEDS for rule in of_rules for _, record in rule.records())
    return not lacking or (len(lacking) == 1 and any(whole))


def _meant(record: Record) -> set[str | None]:
    names = (entry.key.known or "" for entry in record.entries)
    return {name if name in RULE.inside else RULE.properties.meant(name) for name in names}


def _holds(part: Keys | Named) -> str:
    if isinstance(part, Named):
        return part.holds
    return ", ".join(f"`{name}`" for name in list(part.inside)[:3]) + (" …" if len(part.inside) > 3 else "")


def _belongs_below(part: Named, entry: Entry) -> bool:
    """Whether a key stands where a name should stand: what it holds has none of the keys of a named thing."""
    names = part.inside.inside
    if entry.key.known not in names:
        return False
    return not any(
        inner.key.known in names for _, record in entry.value.records() for inner in record.entries
    )
