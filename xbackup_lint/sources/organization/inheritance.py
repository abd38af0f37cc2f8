"""What the Organizations policies that an account inherits come to: its effective policy, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import MOST, Alternatives, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value, absent

ASSIGN, APPEND, REMOVE = "@@assign", "@@append", "@@remove"
SETTING = (ASSIGN, APPEND, REMOVE)
"""The operators that set values, in the order in which they work where several stand at one key."""
CONTROL = "@@operators_allowed_for_child_policies"
ALL, NONE = "@@all", "@@none"

_Name = tuple[str | Hole, ...]
_Path = tuple[_Name, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """What a policy says in vain, because a policy above it does not allow it."""

    span: Span
    """The operator, or the key that would be new."""
    operator: str
    """Empty for a key that would be new."""
    key: str
    by: Span
    """The control operator that forbids it."""
    guard: Guard


@dataclass(frozen=True, slots=True)
class Effective:
    """The effective policy: bare values, each at the place of the policy that said it."""

    document: Field
    forbidden: tuple[Forbidden, ...]


def effective(levels: Sequence[Sequence[Field]]) -> Effective:
    """The policies from the root down to the account, those of one level in the order of their attachment.

    AWS: what a policy of a level forbids it forbids those of lower levels, not those beside it; of two single values
    that policies of one level give, the one attached first counts (F7.14, F7.15; Organizations: inheritance, example
    6). Raises nothing: what too many conditions decide is unknown.
    """
    joining = _Joining()
    document = absent(NOWHERE)
    for level in levels:
        for policy in level:
            document = joining.joined(document, policy, ())
        joining.end_level()
    return Effective(document, tuple(joining.forbidden))


@dataclass(frozen=True, slots=True)
class _Control:
    """A control operator at a key: the operators that it leaves to child policies."""

    allowed: frozenset[str]
    span: Span
    guard: Guard


@dataclass(slots=True)
class _Joining:
    """Adds one policy after the other to what is inherited, which holds bare values only."""

    controls: dict[_Path, list[_Control]] = field(default_factory=dict)
    """What the levels above say, by the way to the key."""
    of_this_level: list[tuple[_Path, _Control]] = field(default_factory=list)
    given: dict[_Path, list[Text]] = field(default_factory=dict)
    """The single values that policies of this level gave: those attached later do not change them."""
    forbidden: list[Forbidden] = field(default_factory=list)

    def end_level(self) -> None:
        for path, control in self.of_this_level:
            self.controls.setdefault(path, []).append(control)
        self.of_this_level.clear()
        self.given.clear()

    def joined(self, inherited: Field, own: Field, path: _Path) -> Field:
        """What a key comes to, in every way for the conditions of both to turn out."""
        options: list[tuple[Guard, Value]] = []
        for guard, before in inherited:
            for further, value in own:
                both = guard & further
                if both is not None:
                    options.extend(self._value(before, value, path, both))
        if len(options) > MOST:
            hole = Hole(
                (own.span.source.path, f"effective@{own.span.start}"), "too many conditions decide it"
            )
            unknown = Text.unknown(hole, own.span)
            if any(self._is_given(value, path) for _, value in options):
                self.given[path].append(unknown)
            return Field.of(unknown, own.span)
        spans = (value.span for _, value in options if value is not None)
        return Field(next(spans, own.span), Alternatives(tuple(options)))

    def _value(self, before: Value, value: Value, path: _Path, guard: Guard) -> Iterator[tuple[Guard, Value]]:
        if value is None:
            yield guard, before
            return
        if not isinstance(value, Record):  # a bare value: AWS's own examples have them
            by = self._forbids(path, ASSIGN, guard)
            if by is not None:
                self._in_vain(value.span, ASSIGN, path, by, guard)
            yield guard, self._first(before, value, path) if by is None else before
            return
        self._note_control(value, path, guard)
        if any(value.entry(operator) is not None for operator in SETTING):
            yield from self._setting(before, value, path, guard)
        else:
            yield guard, self._branch(before, value, path, guard)

    def _note_control(self, record: Record, path: _Path, guard: Guard) -> None:
        entry = record.entry(CONTROL)
        if entry is None:
            return
        named = [text for element in entry.value.elements() for text in element.texts().values if text]
        known = {text.known for text in named}
        if None in known or not known or ALL in known:
            return
        allowed = frozenset(name for name in known if name in SETTING)
        self.of_this_level.append((path, _Control(allowed, entry.key.span, guard)))

    def _forbids(self, path: _Path, operator: str, guard: Guard) -> Span | None:
        """The control operator of a level above that does not allow an operator at a key."""
        controls = (one for one in self.controls.get(path, ()) if guard.implies(one.guard))
        return next((one.span for one in controls if operator not in one.allowed), None)

    def _closed(self, path: _Path, guard: Guard) -> Span | None:
        """The control operator of a level above that allows nothing at all at a key: no new key below it either."""
        controls = (one for one in self.controls.get(path, ()) if guard.implies(one.guard))
        return next((one.span for one in controls if not one.allowed), None)

    def _in_vain(self, span: Span, operator: str, path: _Path, by: Span, guard: Guard) -> None:
        key = (
            "".join(part if isinstance(part, str) else f"${{{part.name}}}" for part in path[-1])
            if path
            else ""
        )
        self.forbidden.append(Forbidden(span, operator, key, by, guard))

    def _setting(
        self, before: Value, record: Record, path: _Path, guard: Guard
    ) -> Iterator[tuple[Guard, Value]]:
        now = Field.of(before, record.span, guard)
        for operator in SETTING:
            entry = record.entry(operator)
            if entry is None:
                continue
            by = self._forbids(path, operator, guard)
            if by is not None:
                self._in_vain(entry.key.span, operator, path, by, guard)
            elif operator == ASSIGN:
                now = self._assigned(now, entry.value, path)
            else:
                now = now if entry.value.is_absent else _changed(operator, now, entry.value, guard)
        yield from now

    def _assigned(self, now: Field, value: Field, path: _Path) -> Field:
        """AWS: `@@assign` takes values of any type. Of a mapping what stands inside may have operators too."""
        options: list[tuple[Guard, Value]] = []
        for guard, before in now:
            for own, given in value.under(guard):
                if isinstance(given, Record):
                    options.append((own, self._branch(None, given, path, own)))
                else:
                    options.append((own, before if given is None else self._first(before, given, path)))
        return Field(value.span, Alternatives(tuple(options)))

    def _first(self, before: Value, given: Value, path: _Path) -> Value:
        """What counts of a value and one given now: the value, if a policy of this level gave it.

        Not documented: which of two lists counts. It is the later one here, which can say `@@append` if it means more.
        """
        if not isinstance(given, Text):
            return given
        if self._is_given(before, path):
            return before
        self.given.setdefault(path, []).append(given)
        return given

    def _is_given(self, value: Value, path: _Path) -> bool:
        return any(one is value for one in self.given.get(path, ()))

    def _branch(self, before: Value, record: Record, path: _Path, guard: Guard) -> Value:
        entries = (
            {entry.key.identity: entry for entry in before.entries} if isinstance(before, Record) else {}
        )
        closed = self._closed(path, guard)
        for entry in record.entries:
            name = entry.key.identity
            if not _is_key(entry):
                continue
            known = entries.get(name)
            if known is None and closed is not None:
                self._in_vain(entry.key.span, "", (*path, name), closed, guard)
                continue
            inherited = known.value.under(guard) if known is not None else absent(entry.value.span)
            value = self.joined(inherited, entry.value.under(guard), (*path, name))
            entries[name] = Entry(known.key if known is not None else entry.key, value)
        if before is not None and not entries:
            return before
        return Record(record.span, tuple(entries.values()))


def _is_key(entry: Entry) -> bool:
    """Whether an entry of a mapping is a key, and no operator."""
    return not (entry.key.known or "").startswith("@@")


def _changed(operator: str, now: Field, value: Field, guard: Guard) -> Field:
    """A list with elements appended or removed. Removing what is not known leaves all where it is.

    A text where a list belongs, as in `@@append` at a key with one value, is taken for the value.
    """
    if now.is_absent and not any(isinstance(given, Items) for _, given in value):
        return value.under(guard) if operator == APPEND else now
    more = list(value.under(guard).elements())
    left = list(now.elements())
    if operator == APPEND:
        there = {known for element in left if (known := _known(element)) is not None}
        left += [element for element in more if _known(element) not in there]
    else:
        gone = {known for element in more if (known := _known(element)) is not None}
        left = [element for element in left if _known(element) not in gone]
    return Field.of(Items(value.span, tuple(left)), value.span, guard)


def _known(element: Field) -> str | None:
    text = element.texts().only
    return text.known if text is not None else None
