"""How long a value is at least, written as JSON without spaces."""

from __future__ import annotations

from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.value import Field, Items, Record, Value


def least_size(field: Field) -> int:
    """The fewest characters that a value has as JSON: what is not known of it counts as nothing."""
    sizes = [_least(value) for _, value in field if value is not None]
    return min(sizes, default=0)


def _least(value: Value) -> int:
    match value:
        case Text():
            known = sum(len(part.text) for part in value.parts if isinstance(part, Fragment))
            return known + (2 if value.tag == "str" else 0)
        case Items(elements=elements):
            return 1 + max(sum(least_size(element) + 1 for element in elements), 1)
        case Record(entries=entries):
            return 1 + max(sum(_least(entry.key) + least_size(entry.value) + 2 for entry in entries), 1)
        case _:
            return 0
