"""What nodes of a document turn out to be: texts, lists and records under conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.node import Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list. An element may have alternatives, and be absent under some guard."""

    span: Span
    elements: tuple[Field, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A key and its value. Few keys are asked for more than their name."""

    written: Text | Scalar
    value: Field

    @property
    def key(self) -> Text:
        return Text.of(self.written) if isinstance(self.written, Scalar) else self.written

    @property
    def name(self) -> str | None:
        """The key, where it is known."""
        return self.written.text if isinstance(self.written, Scalar) else self.written.known


@dataclass(frozen=True, eq=False)
class Record:
    """A mapping, in the file's order."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """The first of this name."""
        return self.by_name.get(name)

    @cached_property
    def by_name(self) -> dict[str | None, Entry]:
        """The first entry of each name; under None one whose name is not known."""
        return {entry.name: entry for entry in reversed(self.entries)}

    @cached_property
    def hole(self) -> Hole | None:
        """Why entries may be missing here: a key that is not known."""
        texts = (entry.written for entry in self.entries if isinstance(entry.written, Text))
        return next((hole for text in texts for hole in text.holes), None)


Value = Text | Items | Record | None
"""None is absence: no such key, or `AWS::NoValue`. A wholly unknown value is a Text that is one Hole."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A value at a place of a document, under conditions. Wrong types read as unknown, never as absent."""

    place: Span | Scalar
    """Where it stands: a scalar for its own span."""
    alternatives: Alternatives[Value]

    @property
    def span(self) -> Span:
        return self.place if isinstance(self.place, Span) else self.place.span

    @staticmethod
    def of(value: Value, span: Span, guard: Guard = ALWAYS) -> Field:
        return Field(span, Alternatives.of(value, guard))

    def __iter__(self) -> Iterator[tuple[Guard, Value]]:
        return iter(self.alternatives)

    @property
    def is_absent(self) -> bool:
        return all(value is None for value in self.alternatives.values)

    def under(self, guard: Guard) -> Field:
        return Field(self.place, self.alternatives.under(guard)) if guard.assigned else self

    def get(self, name: str) -> Field:
        """The entry called `name`; absent where there is none, unknown where that cannot be told."""
        options: list[tuple[Guard, Value]] = []
        place = self.place
        for guard, value in self.alternatives.options:
            if isinstance(value, Record):
                entry = value.by_name.get(name)
                if entry is not None:
                    if not guard.assigned and len(self.alternatives.options) == 1:
                        return entry.value
                    place = entry.value.place
                    options.extend(entry.value.alternatives.under(guard).options)
                    continue
                if value.hole is not None:
                    options.append((guard, Text.unknown(value.hole, value.span)))
                    continue
            known = not isinstance(value, Text) or value.hole is None
            options.append((guard, None if known else value))
        return Field(place, Alternatives(tuple(options)))

    def path(self, *names: str) -> Field:
        here = self
        for name in names:
            here = here.get(name)
        return here

    def elements(self) -> Iterator[Field]:
        """Each element of a list; a value that is no list is its own only element; nothing of absence."""
        for guard, value in self.alternatives:
            match value:
                case None:
                    continue
                case Items():
                    for element in value.elements:
                        kept = element.under(guard)
                        if kept.alternatives.options:
                            yield kept
                case _:
                    yield Field.of(value, value.span, guard)

    def records(self) -> Iterator[tuple[Guard, Record]]:
        """The mappings that it may be."""
        for guard, value in self.alternatives:
            if isinstance(value, Record):
                yield guard, value

    def texts(self) -> Alternatives[Text | None]:
        """The strings that it may be; a list or mapping in a string's place is unknown."""
        for _, value in self.alternatives.options:
            if value is not None and not isinstance(value, Text):
                return self.alternatives.map(_as_text)
        return self.alternatives  # type: ignore[return-value]

    def replaced(self, tokens: Mapping[str, Text]) -> Field:
        """The same with tokens replaced in all texts and keys: see `Text.replaced`."""
        return Field(self.place, self.alternatives.map(lambda value: _replaced(value, tokens)))

    @property
    def holes(self) -> Iterable[Hole]:
        """The unknowns that the value wholly depends on."""
        return (value.hole for _, value in self if isinstance(value, Text) and value.hole is not None)


def _as_text(value: Value) -> Text | None:
    if value is None or isinstance(value, Text):
        return value
    kind = "list" if isinstance(value, Items) else "mapping"
    hole = Hole((value.span.source.path, f"{value.span.start}"), f"a {kind} stands where a string belongs")
    return Text.unknown(hole, value.span)


def _replaced(value: Value, tokens: Mapping[str, Text]) -> Value:
    match value:
        case Text():
            return value.replaced(tokens)
        case Items(span, elements):
            return Items(span, tuple(element.replaced(tokens) for element in elements))
        case Record(span, entries):
            pairs = ((entry.key.replaced(tokens), entry.value.replaced(tokens)) for entry in entries)
            return Record(span, tuple(Entry(key, inner) for key, inner in pairs))
        case _:
            return None


def absent(span: Span) -> Field:
    """A field that no document has."""
    return Field.of(None, span)
