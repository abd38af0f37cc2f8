"""Values cut to a size that a policy can have: documents may be deep, or repeat their anchors without end."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

# AWS: a backup policy has at most 10,000 characters (F7.18), and its grammar is 9 levels deep, each of which may stand
# under an operator (section 7a).
_DEEPEST = 24
_MOST = 50_000


def bounded(field: Field) -> Field:
    """The same value; what is deeper than any policy, or behind its first 50,000 values, is unknown."""
    return _Cut(_MOST).field(field, _DEEPEST)


@dataclass(slots=True)
class _Cut:
    left: int
    """Values that may still be taken over."""

    def field(self, field: Field, depth: int) -> Field:
        options = ((guard, self._value(value, depth)) for guard, value in field)
        return Field(field.span, Alternatives(tuple(options)))

    def _value(self, value: Value, depth: int) -> Value:
        self.left -= 1
        if not isinstance(value, Items | Record):
            return value
        if depth == 0 or self.left <= 0:
            return _too_much(value.span)
        if isinstance(value, Items):
            return Items(value.span, tuple(self.field(element, depth - 1) for element in value.elements))
        entries = ((entry.key, self.field(entry.value, depth - 1)) for entry in value.entries)
        return Record(value.span, tuple(Entry(key, inner) for key, inner in entries))


def _too_much(span: Span) -> Text:
    why = "it is deeper or longer than a policy can be"
    return Text.unknown(Hole((span.source.path, f"cut@{span.start}"), why, place=span), span)
