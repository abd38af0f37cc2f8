"""`Fn::ForEach` of AWS::LanguageExtensions, over lists that are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Items

if TYPE_CHECKING:
    from xbackup_lint.template.scope import Reader

PREFIX = "Fn::ForEach::"
_MOST = 1000
"""Copies that one loop may make."""


@dataclass(frozen=True, slots=True)
class Made:
    """One entry that a loop makes, and what its variable is in it."""

    key: Text
    node: Node
    names: dict[str, Text] = field(default_factory=dict)


def expand(reader: Reader, key: Scalar, loop: Node, guard: Guard) -> Iterator[Made]:
    """The entries of a loop; where its list is not known, one entry whose key is a hole."""
    match loop:
        case Sequence(items=(Scalar(text=variable), collection, Mapping() as body)):
            values = _values(reader, collection, guard)
            if values is not None and len(values) * len(body.entries) <= _MOST:
                for value in values:
                    for inner, node in body.entries:
                        name = _filled(inner.text, variable, value.known or "")
                        yield Made(Text.literal(name, inner.span), node, {variable: value})
                return
    hole = Hole(
        (reader.scope.owner, key.text), f"`{key.text}` loops over a list that is not known", place=key.span
    )
    yield Made(Text.unknown(hole, key.span), loop)


def _values(reader: Reader, collection: Node, guard: Guard) -> list[Text] | None:
    value = reader.field(collection, guard).alternatives.only
    if not isinstance(value, Items):
        return None
    texts = [element.alternatives.only for element in value.elements]
    known = [text for text in texts if isinstance(text, Text) and text.known is not None]
    return known if len(known) == len(texts) else None


def _filled(key: str, variable: str, value: str) -> str:
    """AWS: `${Name}` takes the value, `&{Name}` its letters and digits only (CFN: Fn::ForEach)."""
    plain = "".join(character for character in value if character.isalnum())
    return key.replace(f"${{{variable}}}", value).replace(f"&{{{variable}}}", plain)
