"""From a document to a Policy: objects, JSON text in strings, one statement or many."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.statement import Flaw, Guarded, Policy, Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions
from xbackup_lint.text.near import most_like
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

# AWS: the elements of the policy language (IAM: policy grammar).
_ELEMENTS = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction",
    "Resource", "NotResource", "Condition",
}  # fmt: skip
_TOP_LEVEL = {"Version", "Id", "Statement"}
_PRINCIPAL_KINDS = {"AWS", "Service", "Federated", "CanonicalUser"}
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_VERSIONS = ("2012-10-17", "2008-10-17")
_EFFECTS = ("Allow", "Deny")
# AWS: a statement has an effect and actions, and a principal in the policy of a resource (IAM: Principal).
# Whether AWS Backup asks for `Resource` too is not documented: it is not missed here.
_NEEDED = {
    "no-effect": ("Effect",),
    "no-action": ("Action", "NotAction"),
    "no-principal": ("Principal", "NotPrincipal"),
}


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


class _Elements:
    """The entries of a record by name, where a guard holds."""

    def __init__(self, record: Record, guard: Guard) -> None:
        self.guard = guard
        self.record = record
        self._absent = Field.of(
            Text.unknown(record.hole, record.span) if record.hole is not None else None, record.span, guard
        )

    def get(self, name: str) -> Field:
        """As `Field.get` of the record."""
        found = self.record.by_name.get(name)
        return found.value.under(self.guard) if found is not None else self._absent

    def others(self, allowed: set[str]) -> list[Entry]:
        """The entries of other names, each name once, in the file's order."""
        by_name = self.record.by_name
        return [
            entry
            for entry in self.record.entries
            if entry.name is not None and entry.name not in allowed and by_name[entry.name] is entry
        ]


# AWS: no policy may have more than 32 KB (KMS: quotas), and no statement has less than 32 characters.
_MOST_STATEMENTS = 1_000


class _Reader:
    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.flaws: list[Flaw] = []
        self.unknown: list[tuple[Guard, Hole]] = []
        self.has_variables = True

    def flaw(self, reason: str, span: Span, guard: Guard, detail: str = "", near: str = "") -> None:
        self.flaws.append(Flaw(reason, span, detail, guard, near))

    def misnamed(self, what: str, key: Text, guard: Guard, near: str = "") -> None:
        """A key that the policy language does not have; `near` is what was probably meant."""
        self.flaw(f"{'misspelt' if near else 'unknown'}-{what}", key.span, guard, str(key), near)

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
        """JSON in a string. What else is not JSON in it is the same fault as the first, told once."""
        embedded = read_json(text)
        faults = [remark for remark in embedded.remarks if remark.kind == "not-json"]
        for remark in (*faults[:1], *(remark for remark in embedded.remarks if remark.kind != "not-json")):
            self.flaw(remark.kind, remark.span, guard, remark.message)
        if embedded.root is None and not embedded.remarks:
            self.unknown.extend((guard, hole) for hole in text.holes[:1])
        for own, value in embedded.root or ():
            if isinstance(value, Record | Items):
                self.document(guard & own or guard, value)
            else:
                self.flaw("not-a-policy", text.span, guard)

    def _record(self, guard: Guard, record: Record) -> None:
        here = _Elements(record, guard)
        named = self._named(here, _TOP_LEVEL)
        version = _one(here.get("Version"), guard)
        if version is not None and version.known is not None and version.known not in _VERSIONS:
            self.flaw("wrong-version", version.span, guard, version.known)
        self.has_variables = "Version" in named or (
            version is not None and version.known in (None, _VERSIONS[0])
        )
        statements = here.get("Statement")
        if statements.is_absent and "Statement" not in named:
            self.flaw("no-statement", record.span, guard)
        elements = tuple(statements.elements())
        for element in elements[:_MOST_STATEMENTS]:
            self._statements(element)
        if len(elements) > _MOST_STATEMENTS:
            why = f"the policy has more than {_MOST_STATEMENTS:,} statements: those behind are not read"
            symbol = (record.span.source.path, f"statements@{record.span.start}")
            self.unknown.append((guard, Hole(symbol, why, place=record.span)))

    def _named(self, here: _Elements, allowed: set[str]) -> set[str]:
        """The elements that keys which are none stand for, or may. A macro may add any."""
        named = set[str]()
        for entry in here.others(allowed):
            name = entry.name or ""
            if name.startswith("Fn::"):
                named |= allowed
            else:
                near = most_like(name.capitalize(), sorted(allowed))
                named.update(() if near is None else (near,))
                self.misnamed("element", entry.key, here.guard, near or "")
        return named

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
        here = _Elements(record, guard)
        named = self._named(here, _ELEMENTS)
        for reason, names in _NEEDED.items():
            if named.isdisjoint(names) and all(here.get(name).is_absent for name in names):
                self.flaw(reason, record.span, guard)
        effect = _one(here.get("Effect"), guard)
        if effect is not None and effect.known is not None and effect.known not in _EFFECTS:
            self.flaw("wrong-effect", effect.span, guard, effect.known)
        lists = {name: tuple(self._texts(here.get(name), name)) for name in _LISTS}
        return Statement(
            span=record.span,
            guard=guard,
            sid=_one(here.get("Sid"), guard),
            effect=effect,
            principals=tuple(self._principals(here.get("Principal"))),
            not_principals=tuple(self._principals(here.get("NotPrincipal"))),
            actions=lists["Action"],
            not_actions=lists["NotAction"],
            resources=lists["Resource"],
            not_resources=lists["NotResource"],
            clauses=tuple(_clauses(here.get("Condition"))),
            has_variables=self.has_variables,
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
                yield from self._bare(value, guard)
            elif isinstance(value, Items):
                self.flaw("principal-list", value.span, guard)

    def _bare(self, text: Text, guard: Guard) -> Iterator[Principal]:
        """A principal that is a bare string. AWS: `*` is the only one (IAM: Principal)."""
        if text.known == "":
            self.flaw("empty-principal", text.span, guard)
            return
        if text.known is not None and text.known != "*":
            self.flaw("bare-principal", text.span, guard, text.known)
        yield Principal(text, "AWS", guard)

    def _principals_under(self, entry: Entry, guard: Guard) -> Iterator[Principal]:
        kind = entry.name
        if kind is not None and kind not in _PRINCIPAL_KINDS:
            near = (one for one in sorted(_PRINCIPAL_KINDS) if one.lower() == kind.lower())
            self.misnamed("principal-kind", entry.key, guard, *near)
        for under, text in self._texts(entry.value.under(guard), "principal"):
            if text.known != "":
                yield Principal(text, kind or "AWS", under)


def _one(field: Field, guard: Guard) -> Text | None:
    """A text that has one alternative; with several, a hole."""
    texts = field.texts()
    if len(texts.options) <= 1:
        return texts.only
    openly = open_conditions(guard, (own for own, _ in texts))
    return Text.unknown(condition_hole(openly[0]), field.span)


def _clauses(field: Field) -> Iterator[Clause]:
    for guard, block in field:
        if isinstance(block, Record):
            for operator in block.entries:
                yield from _under_operator(operator.key, operator.value.under(guard))
        elif isinstance(block, Text) and block.hole is not None:
            yield Clause(block, block, (), block.span, guard)


def _under_operator(operator: Text, field: Field) -> Iterator[Clause]:
    for guard, keys in field:
        if isinstance(keys, Record):
            for entry in keys.entries:
                yield from _under_key(operator, entry, guard)
        elif isinstance(keys, Text) and keys.hole is not None:
            yield Clause(operator, keys, (), keys.span, guard)


def _under_key(operator: Text, entry: Entry, guard: Guard) -> Iterator[Clause]:
    """A clause for each alternative of its value: under a guard that leaves none, there is no clause."""
    for own, value in entry.value.under(guard):
        if value is None:
            continue
        values = [
            (under, text)
            for element in Field.of(value, entry.value.span, own).elements()
            for under, text in element.texts()
            if text is not None
        ]
        yield Clause(operator, entry.key, tuple(values), entry.key.span, own)
