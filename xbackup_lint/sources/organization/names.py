"""From the names of Organizations policies to those of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

Convert = Callable[[Field], Field]


def same(field: Field) -> Field:
    """What is the same in both."""
    return field


def renamed_by(names: Mapping[str, tuple[str, Convert]]) -> Convert:
    """A mapping by the names of the API; other keys are left out."""

    def entries(record: Record) -> Iterator[Entry]:
        for entry in record.entries:
            found = names.get(entry.key.known or "")
            if found is not None:
                name, convert = found
                yield Entry(Text.literal(name, entry.key.span), convert(entry.value))

    def renamed(value: Value) -> Value:
        return Record(value.span, tuple(entries(value))) if isinstance(value, Record) else value

    return lambda field: Field(field.span, field.alternatives.map(renamed))


def listed_as(convert: Convert, name: str = "") -> Convert:
    """A mapping of names as a list, with each name under `name`."""

    def element(entry: Entry) -> Field:
        read = convert(entry.value)
        return Field(read.span, read.alternatives.map(lambda value: named(entry.key, value)))

    def named(key: Text, value: Value) -> Value:
        if not name or not isinstance(value, Record):
            return value
        label = Entry(Text.literal(name, key.span), Field.of(key, key.span))
        return Record(value.span, (label, *value.entries))

    def listed(value: Value) -> Value:
        match value:
            case Record(span, entries):
                return Items(span, tuple(map(element, entries)))
            case Items(span, elements):  # a list in place of names, which is told elsewhere
                return Items(span, tuple(map(convert, elements)))
        return value

    return lambda field: Field(field.span, field.alternatives.map(listed))
