"""Whether a configuration has the shape that the published JSON Schema gives it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from xbackup_lint.config.word import BrokenConfiguration, did_you_mean, entries, member, quoted
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Tagged

if TYPE_CHECKING:
    from jsonschema import ValidationError

Data = str | bool | None | list["Data"] | dict[str, "Data"]

_DEEPEST = 40
"""Levels of nesting. # AWS: OUs nest five deep below the root (Organizations quotas), two levels here each."""

_MOST_VALUES = 200_000
"""Values that a configuration holds, what an alias repeats counted each time."""


def check_shape(root: Mapping) -> None:
    """Nothing, if the schema takes it. Raises BrokenConfiguration at the first place that it does not."""
    from jsonschema import Draft202012Validator

    schema = json.loads((files("xbackup_lint.config") / "configuration.schema.json").read_text("utf-8"))
    errors = list(Draft202012Validator(schema).iter_errors(_Plain().data(root, 0)))
    misspelt = {tuple(error.absolute_path) for error in errors if error.validator == "additionalProperties"}
    faults = [
        _fault(root, error)
        for error in errors
        if error.validator not in ("required", "oneOf") or tuple(error.absolute_path) not in misspelt
    ]
    if faults:
        raise min(faults, key=lambda fault: (fault.span.start, fault.span.end, fault.message))


class _Plain:
    """Makes of a tree what a validator takes. A number stays the text that it is in the file."""

    def __init__(self) -> None:
        self.values = 0

    def data(self, node: Node, depth: int) -> Data:
        self.values += 1
        if depth > _DEEPEST:
            raise BrokenConfiguration(f"nested more than {_DEEPEST} levels deep", node.span)
        if self.values > _MOST_VALUES:
            raise BrokenConfiguration(f"more than {_MOST_VALUES:,} values", node.span)
        if isinstance(node, Mapping):
            return {key.text: self.data(value, depth + 1) for key, value in node.entries}
        if isinstance(node, Sequence):
            return [self.data(item, depth + 1) for item in node.items]
        if isinstance(node, Tagged):
            tag = quoted(f"!{node.function}")
            raise BrokenConfiguration(f"a configuration takes no tags such as {tag}", node.span)
        if node.tag == "null":
            return None
        return node.text.lower() in ("true", "yes", "on") if node.tag == "bool" else node.text


def _fault(root: Mapping, error: ValidationError) -> BrokenConfiguration:
    """The error in our words, at the value or key that it is about."""
    path = list(error.absolute_path)
    key, node = _place(root, path)
    if error.validator == "additionalProperties":
        return _unknown_key(node, error)
    span = node.span
    if error.validator == "required" and key is None and isinstance(node, Mapping) and node.entries:
        span = node.entries[0][0].span
    elif key is not None and (error.validator == "required" or span.start == span.end):
        span = key.span  # what is missing is missed at the name of what lacks it
    return BrokenConfiguration(_message(_name(path), node, error), span)


def _place(node: Node, path: Iterable[str | int]) -> tuple[Scalar | None, Node]:
    """The value at a path, and the key that it stands under; None for an item of a list."""
    key: Scalar | None = None
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, int):
            key, node = None, node.items[step]
        elif isinstance(node, Mapping):
            key, node = next(entry for entry in node.entries if entry[0].text == step)
    return key, node


def _name(path: list[str | int]) -> str:
    last = next(step for step in reversed(path) if isinstance(step, str))
    return quoted(last) if path[-1] == last else f"an item of {quoted(last)}"


def _unknown_key(node: Node, error: ValidationError) -> BrokenConfiguration:
    known = list(_part(error, "properties"))
    key = next(key for key, _ in entries(node) if key.text not in known)
    hint = did_you_mean(key.text, known) or f"; known are {', '.join(known)}"
    return BrokenConfiguration(f"there is no key {quoted(key.text)} here{hint}", key.span)


def _part(error: ValidationError, keyword: str) -> Any:
    """A keyword of the part of the schema that was not kept."""
    schema = error.schema
    return schema[keyword] if isinstance(schema, dict) else ""


def _message(name: str, node: Node, error: ValidationError) -> str:
    value = error.validator_value
    wanted: list[Any] = value if isinstance(value, list) else [value]
    match error.validator:
        case "type":
            return _wrong_type(name, node, _part(error, "title"), wanted)
        case "enum":
            hint = did_you_mean(_text(node), wanted)
            return f"{quoted(_text(node))} is not one of {', '.join(wanted)}{hint}"
        case "pattern":
            return f"{quoted(_text(node))} is not {_part(error, 'title')}{_digit_hint(_text(node))}"
        case "required":
            missing = next(key for key in wanted if member(node, key) is None)
            return f"{name} needs `{missing}`"
        case "oneOf":
            keys = [f"`{key}`" for option in wanted for key in option["required"]]
            return f"{name} takes exactly one of {', '.join(keys[:-1])} and {keys[-1]}"
        case _:  # minLength, minItems, minProperties: the schema has no other
            return f"{name} is empty"


def _wrong_type(name: str, node: Node, title: str, wanted: list[str]) -> str:
    if isinstance(node, Scalar) and node.tag == "null":
        return f"{name} has no value"
    if isinstance(node, Scalar) and node.tag == "bool" and "string" in wanted:
        return f"{quoted(node.text)} means true or false here: put it in quotes"
    found = "a mapping" if isinstance(node, Mapping) else "a list" if isinstance(node, Sequence) else "a text"
    return f"{name} is {title}, not {found}"


def _digit_hint(text: str) -> str:
    """For an account id that lost its first digit in a spreadsheet, or is written as the console shows it."""
    if text.isdecimal() and len(text) == 11:
        return "; was it written without its leading zero?"
    return "; leave the dashes out" if text.replace("-", "").isdecimal() and len(text) == 14 else ""


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
