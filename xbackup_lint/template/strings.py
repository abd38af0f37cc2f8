"""The intrinsics that make texts of texts: Sub, Join, Select, Split, FindInMap, Length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xbackup_lint.regex import regex
from xbackup_lint.template.references import dotted_name, of_resource, ref
from xbackup_lint.template.template import entries, text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.origin import span_within
from xbackup_lint.values.alternatives import Alternatives, Guard, all_of
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.value import Field, Items, Value

if TYPE_CHECKING:
    from xbackup_lint.template.intrinsics import Evaluator

_MOST_PIECES = 10_000
"""AWS: a template has at most 1 MB (CFN: quotas), and so have the texts in it."""
_VARIABLE = regex(r"\$\{([^${}]*)\}")


def _unknown(evaluator: Evaluator, node: Node, name: str, why: str, guard: Guard) -> Field:
    return Field.of(evaluator.unknown(node, name, why), node.span, guard)


def _joined(
    evaluator: Evaluator,
    parts: list[Alternatives[Text | None]],
    node: Node,
    guard: Guard,
    separator: Text | None = None,
) -> Field:
    """Texts one behind the other, under every combination of their guards; absent ones are left out."""
    # Functions in functions double a text with each level: it is given up before it fills the memory.
    if _pieces(parts) > _MOST_PIECES:
        return _unknown(evaluator, node, "text", "it is a text of too many pieces", guard)

    def together(texts: tuple[Text | None, ...]) -> Value:
        present = [text for text in texts if text is not None]
        if separator is None or not separator.parts:
            return Text.join(present, node.span)
        spaced = [one for text in present for one in (separator, text)][1:]
        return Text.join(spaced, node.span)

    return Field(node.span, all_of(parts).map(together).under(guard))


def _pieces(parts: list[Alternatives[Text | None]]) -> int:
    """Of how many pieces and thousands of characters texts are, the longest alternative of each."""
    pieces = 0
    for one in parts:
        pieces += max([_weight(text) for _, text in one.options if text is not None], default=0)
    return pieces


def _weight(text: Text) -> int:
    return len(text.parts) + sum(len(one.text) >> 8 for one in text.parts if isinstance(one, Fragment))


def sub(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::Sub`: a text, or a text and a mapping of names of its own."""
    own: dict[str, Node] = {}
    if isinstance(argument, Sequence) and len(argument.items) == 2:
        own = {key.text: value for key, value in entries(argument.items[1])}
        argument = argument.items[0]
    if not isinstance(argument, Scalar):
        return _unknown(evaluator, node, "Fn::Sub", "`Fn::Sub` takes a text", guard)
    return _joined(evaluator, list(_sub_parts(evaluator, argument, own, guard)), node, guard)


def _sub_parts(
    evaluator: Evaluator, scalar: Scalar, own: dict[str, Node], guard: Guard
) -> Iterator[Alternatives[Text | None]]:
    whole, at = Fragment(scalar.text, scalar), 0

    def literal(start: int, end: int) -> Alternatives[Text | None]:
        return Alternatives.of(Text(scalar.span, (whole.slice(start, end),) if end > start else ()))

    for match in _VARIABLE.finditer(scalar.text):
        yield literal(at, match.start())
        at = match.end()
        name = match[1].strip()
        if name.startswith("!"):
            # AWS: `${!Literal}` stands for `${Literal}` (CFN: Fn::Sub).
            yield literal(match.start(), match.start() + 2)
            yield literal(match.start() + 3, match.end())
            continue
        place = span_within(scalar, match.start(), match.end())
        if name in own:
            field = evaluator.field(own[name], guard)
        elif "." in name:
            field = of_resource(evaluator, *dotted_name(name), place, guard)
        else:
            field = ref(evaluator, name, place, guard)
        yield field.texts().map(lambda text, place=place: text.at(place) if text is not None else None)  # type: ignore[misc]
    yield literal(at, len(scalar.text))


def join(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::Join`: a separator and a list."""
    items = argument.items if isinstance(argument, Sequence) else ()
    if len(items) != 2 or not isinstance(items[0], Scalar):
        return _unknown(evaluator, node, "Fn::Join", "`Fn::Join` takes a separator and a list", guard)
    separator = Text.of(items[0])
    listed = evaluator.field(items[1], guard)
    options: list[tuple[Guard, Value]] = []
    for under, value in listed:
        if not isinstance(value, Items):
            why = "`Fn::Join` joins a list that is not known"
            options.append(
                (under, value if isinstance(value, Text) else evaluator.unknown(node, "Fn::Join", why))
            )
            continue
        texts = [element.texts() for element in value.elements]
        options.extend(_joined(evaluator, texts, node, under, separator))
    return Field(node.span, Alternatives(tuple(options)))


def split(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::Split`: a separator and a text. A hole that may hold the separator makes the list unknown."""
    items = argument.items if isinstance(argument, Sequence) else ()
    separator = text(items[0]) if len(items) == 2 else None
    if not separator:
        return _unknown(evaluator, node, "Fn::Split", "`Fn::Split` takes a separator and a text", guard)

    def pieces(value: Text | None) -> Value:
        found = value.split(separator) if value is not None else None
        if found is None:
            hole = value.holes[0] if value is not None and value.holes else None
            why = hole.why if hole else "`Fn::Split` splits a text that is not known"
            return Text.unknown(hole, node.span) if hole else evaluator.unknown(node, "Fn::Split", why)
        return Items(node.span, tuple(Field.of(piece, piece.span) for piece in found))

    return Field(node.span, evaluator.field(items[1], guard).texts().map(pieces))


def select(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::Select`: an index and a list."""
    items = argument.items if isinstance(argument, Sequence) else ()
    if len(items) != 2:
        return _unknown(evaluator, node, "Fn::Select", "`Fn::Select` takes an index and a list", guard)
    index = evaluator.field(items[0], guard).texts().only
    number = index.number if index is not None else None
    options: list[tuple[Guard, Value]] = []
    for under, value in evaluator.field(items[1], guard):
        if isinstance(value, Items) and number is not None and 0 <= number < len(value.elements):
            options.extend(value.elements[number].under(under))
        elif isinstance(value, Text) and value.hole is not None:
            options.append((under, evaluator.unknown(node, "Fn::Select", value.hole.why)))
        else:
            options.append((under, evaluator.unknown(node, "Fn::Select", "the element is not known")))
    return Field(node.span, Alternatives(tuple(options)))


def find_in_map(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::FindInMap`, with the `DefaultValue` of AWS::LanguageExtensions."""
    items = argument.items if isinstance(argument, Sequence) else ()
    if len(items) not in (3, 4):
        return _unknown(evaluator, node, "Fn::FindInMap", "`Fn::FindInMap` takes a map and two keys", guard)
    names = all_of(evaluator.field(item, guard).texts() for item in items[:3])
    options: list[tuple[Guard, Value]] = []
    for own, keys in names.under(guard):
        known = [key.known for key in keys if key is not None and key.known is not None]
        found = _in_mappings(evaluator, known) if len(known) == 3 else None
        if found is not None:
            options.extend(evaluator.field(found, own))
        elif len(known) == 3 and len(items) == 4 and (default := _default(items[3])) is not None:
            options.extend(evaluator.field(default, own))
        else:
            hole = next((hole for key in keys if key is not None for hole in key.holes), None)
            why = hole.why if hole else "no such key in `Mappings`"
            options.append((own, evaluator.unknown(node, "Fn::FindInMap", why)))
    return Field(node.span, Alternatives(tuple(options)))


def _in_mappings(evaluator: Evaluator, keys: list[str]) -> Node | None:
    here: Node | None = evaluator.template.root.get("Mappings")
    for key in keys:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here


def _default(node: Node) -> Node | None:
    return node.get("DefaultValue") if isinstance(node, Mapping) else None


def length(evaluator: Evaluator, argument: Node, node: Node, guard: Guard) -> Field:
    """`Fn::Length` of AWS::LanguageExtensions."""
    options: list[tuple[Guard, Value]] = []
    for under, value in evaluator.field(argument, guard):
        if isinstance(value, Items):
            options.append((under, Text.literal(str(len(value.elements)), node.span)))
        else:
            options.append(
                (under, evaluator.unknown(node, "Fn::Length", "the length of the list is not known"))
            )
    return Field(node.span, Alternatives(tuple(options)))
