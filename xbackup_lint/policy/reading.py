"""From a document to a Policy: objects, JSON text in strings, one statement or many."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.statement import Flaw, Guarded, Policy, Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

# AWS: the elements of the policy language (IAM: policy grammar).
_ELEMENTS = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
}  # fmt: skip
_TOP_LEVEL = {"Version", "Id", "Statement"}
_PRINCIPAL_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}


def read_policy(document: Field) -> Policy | None:
    """The policy in a field; None where there is none under any condition."""
    reader = _Reader()
    present = []
    span = document.span
    for guard, value in document:
        if value is None:
            continue
        present.append(guard)
        span = value.span
        reader.document(guard, value)
    if not present:
        return None
    return Policy(span, tuple(reader.statements), tuple(reader.flaws), tuple(reader.unknown), tuple(present))


class _Reader:
    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.flaws: list[Flaw] = []
        self.unknown: list[tuple[Guard, Hole]] = []

    def flaw(self, reason: str, span: Span, guard: Guard, detail: str = "") -> None:
        self.flaws.append(Flaw(reason, span, detail, guard))

    def document(self, guard: Guard, value: Value) -> None:
        match value:
            case Text() if value.hole is not None:
                self.unknown.append((guard, value.hole))
            case Text():
                self._json(guard, value)
            case Record():
                self._record(guard, value)
            case Items():
                self.flaw("not-a-policy", value.span, guard)

    def _json(self, guard: Guard, text: Text) -> None:
        embedded = read_json(text)
        for remark in embedded.remarks[:1]:
            self.flaw(remark.kind, remark.span, guard, remark.message)
        if embedded.root is None and text.holes and not embedded.remarks:
            self.unknown.append((guard, text.holes[0]))
        for own, value in embedded.root or ():
            if isinstance(value, Text):
                self.flaw("not-a-policy", text.span, guard)
            elif value is not None:
                self.document(guard & own or guard, value)

    def _record(self, guard: Guard, record: Record) -> None:
        for entry in record.entries:
            if entry.key.known is not None and entry.key.known not in _TOP_LEVEL:
                self.flaw("unknown-element", entry.key.span, guard)
        statements = record.entry("Statement")
        if statements is None and record.hole is not None:
            self.unknown.append((guard, record.hole))
        elif statements is None or statements.value.is_absent:
            self.flaw("no-statement", record.span, guard)
        else:
            for element in statements.value.under(guard).elements():
                self._statements(element)

    def _statements(self, element: Field) -> None:
        for guard, value in element:
            match value:
                case Record():
                    self.statements.append(self._statement(guard, value))
                case Text() if value.hole is not None:
                    self.unknown.append((guard, value.hole))
                case Text() | Items():
                    self.flaw("not-a-statement", value.span, guard)

    def _statement(self, guard: Guard, record: Record) -> Statement:
        here = Field.of(record, record.span, guard)
        for entry in record.entries:
            if entry.key.known is not None and entry.key.known not in _ELEMENTS:
                self.flaw("unknown-element", entry.key.span, guard)
        if record.entry("Effect") is None and record.hole is None:
            self.flaw("no-effect", record.span, guard)
        lists = {name: tuple(self._texts(here.get(name), name)) for name in _LISTS}
        return Statement(
            span=record.span,
            guard=guard,
            sid=here.get("Sid").texts().values[0],
            effect=_one(here.get("Effect")),
            principals=tuple(self._principals(here.get("Principal"))),
            not_principals=tuple(self._principals(here.get("NotPrincipal"))),
            actions=lists["Action"],
            not_actions=lists["NotAction"],
            resources=lists["Resource"],
            not_resources=lists["NotResource"],
            clauses=tuple(_clauses(here.get("Condition"))),
            unknown=_unknown_elements(here),
        )

    def _texts(self, field: Field, name: str) -> Iterator[Guarded]:
        for element in field.elements():
            for guard, text in element.texts():
                if text is None:
                    continue
                if text.known == "":
                    self.flaw(f"empty-{name.lower()}", text.span, guard)
                yield guard, text

    def _principals(self, field: Field) -> Iterator[Principal]:
        for guard, value in field:
            if isinstance(value, Record):
                for entry in value.entries:
                    yield from self._principals_under(entry, guard)
            elif isinstance(value, Text):
                yield from self._star(value, guard)
            elif isinstance(value, Items):
                self.flaw("principal-list", value.span, guard)

    def _star(self, text: Text, guard: Guard) -> Iterator[Principal]:
        """A principal that is a bare string: `*` is the only one that AWS takes."""
        known = text.known
        if known == "":
            self.flaw("empty-principal", text.span, guard)
        elif known is not None and known != "*":
            self.flaw("bare-principal", text.span, guard)
        if known != "":
            yield Principal(text, "AWS", guard)

    def _principals_under(self, entry: Entry, guard: Guard) -> Iterator[Principal]:
        kind = entry.key.known
        if kind is not None and kind not in _PRINCIPAL_KINDS:
            self.flaw("unknown-element", entry.key.span, guard)
        for under, text in self._texts(entry.value.under(guard), "principal"):
            if text.known != "":
                yield Principal(text, kind or "AWS", under)


_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def _one(field: Field) -> Text | None:
    """A text that has one alternative; with several, a hole."""
    texts = field.texts()
    if texts.only is not None or len(texts.options) == 1:
        return texts.only
    hole = Hole((field.span.source.path, f"{field.span.start}"), "it depends on conditions")
    return Text.unknown(hole, field.span)


def _clauses(field: Field) -> Iterator[Clause]:
    for guard, block in field.records():
        for operator in block.entries:
            for own, keys in operator.value.under(guard).records():
                for entry in keys.entries:
                    yield _clause(operator, entry, own)


def _clause(operator: Entry, entry: Entry, guard: Guard) -> Clause:
    values = [
        (under, text)
        for element in entry.value.under(guard).elements()
        for under, text in element.texts()
        if text is not None
    ]
    return Clause(operator.key, entry.key, tuple(values), entry.key.span, guard)


def _unknown_elements(statement: Field) -> tuple[Hole, ...]:
    """Why elements of a statement cannot be read at all."""
    return tuple(
        hole for name in ("Principal", "NotPrincipal", "Condition") for hole in statement.get(name).holes
    )
