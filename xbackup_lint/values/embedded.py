"""JSON inside strings: a policy given as text, read with its places in the file that holds it."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.json_reader import read
from xbackup_lint.text.node import Mapping, Node, Remark, Scalar, Sequence, Unreadable
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Part, Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

_MARKS = "\ufffc\ue000\ue001\ue002"
"""Characters one of which stands for a hole while the text is parsed: the first that the text lacks."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The document in a string, and what is wrong with its JSON. `root` is None where it cannot be read."""

    root: Field | None
    remarks: tuple[Remark, ...]


def read_json(text: Text) -> Embedded:
    """Read the JSON in a text. A hole inside a JSON string stays a hole; as a value it is an unknown value.

    Raises nothing: what cannot be parsed comes back as a remark and no root.
    """
    flat = "".join(part.text for part in text.parts if isinstance(part, Fragment))
    mark = next((mark for mark in _MARKS if mark not in flat), None)
    if mark is None or text.hole is not None:
        return Embedded(None, ())
    host = _Host(text, mark)
    try:
        document = read(Source(text.span.source.path, host.flat), tolerant=True, hole=mark)
    except Unreadable as problem:
        if host.stands_at_hole(problem.span):
            return Embedded(None, ())
        return Embedded(None, (Remark("not-json", problem.message, host.span(problem.span)),))
    if any(host.misses_comma_before_hole(remark.span) for remark in document.remarks):
        return Embedded(None, ())
    remarks = tuple(
        Remark(r.kind, r.message, host.span(r.span), host.span(r.related) if r.related else None)
        for r in document.remarks
    )
    return Embedded(host.field(document.root), remarks)


class _Host:
    """The string that holds the JSON: maps places of the flat text back to the file."""

    def __init__(self, text: Text, mark: str) -> None:
        self.text = text
        self.mark = mark
        self.flat = "".join(part.text if isinstance(part, Fragment) else mark for part in text.parts)

    def parts(self, start: int, end: int) -> list[Part]:
        """The pieces of the host's text between two offsets of the flat text."""
        found: list[Part] = []
        at = 0
        for part in self.text.parts:
            size = len(part.text) if isinstance(part, Fragment) else 1
            if at < end and at + size > start:
                inside = isinstance(part, Fragment)
                found.append(part.slice(max(start - at, 0), min(end - at, size)) if inside else part)  # type: ignore[union-attr]
            at += size
        return found

    def stands_at_hole(self, flat: Span) -> bool:
        """Whether a fault may be none: there, or just before, stands a hole that may hold what is missed."""
        before = self.flat[: flat.start].rstrip()
        return self.mark in self.flat[flat.start : flat.end] or before.endswith(self.mark)

    def misses_comma_before_hole(self, flat: Span) -> bool:
        """Whether what was read past is neither comment nor comma: a hole after it may begin with a comma."""
        return flat.text[:1] not in "#/," and self.flat[flat.end :].lstrip().startswith(self.mark)

    def span(self, flat: Span) -> Span:
        """The place in the file of a range of the flat text."""
        end = max(flat.end, flat.start + 1)
        spans = [p.span for p in self.parts(flat.start, end) if isinstance(p, Fragment)]
        spans = [span for span in spans if span.source is self.text.span.source]
        if not spans:
            return self.text.span
        return Span(self.text.span.source, spans[0].start, max(spans[-1].end, spans[0].start))

    def field(self, node: Node) -> Field:
        span = self.span(node.span)
        return Field.of(self._value(node, span), span)

    def _value(self, node: Node, span: Span) -> Value:
        match node:
            case Mapping(entries=entries):
                return Record(
                    span, tuple(Entry(self._text(key), self.field(value)) for key, value in entries)
                )
            case Sequence(items=items):
                return Items(span, tuple(self.field(item) for item in items))
            case Scalar(tag="null"):
                return None
            case Scalar():
                return self._text(node)
            case _:
                raise TypeError(node)

    def _text(self, scalar: Scalar) -> Text:
        span = self.span(scalar.span)
        start, end = scalar.span.start, scalar.span.end
        quoted = scalar.style != "plain" and self.flat[start : start + 1] in ('"', "'")
        inner = (start + 1, end - 1) if quoted else (start, end)
        if self.flat[inner[0] : inner[1]] == scalar.text:
            return Text(span, tuple(self.parts(*inner)), scalar.tag)
        return Text(span, self._decoded(scalar.text, span, *inner), scalar.tag)

    def _decoded(self, decoded: str, span: Span, start: int, end: int) -> tuple[Part, ...]:
        """A string with escapes: its pieces are placed at the whole string."""
        holes: list[Hole] = [part for part in self.parts(start, end) if isinstance(part, Hole)]
        parts: list[Part] = []
        for index, piece in enumerate(decoded.split(self.mark)):
            if index and index <= len(holes):
                parts.append(holes[index - 1])
            if piece:
                parts.append(Fragment(piece, span))
        return tuple(parts)
