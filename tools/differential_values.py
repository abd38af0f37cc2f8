"""What a node of a template comes to: by our evaluator, and by cfn-lint's resolver, in one form."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from typing import Any

from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Node
from xbackup_lint.values.alternatives import ALWAYS, Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Items, Record, Value

ACCOUNT, REGION = "123456789012", "eu-west-1"
"""The account is the one that cfn-lint takes for every template."""

_MOST = 64
"""Values of one place that are looked at."""


@dataclass(frozen=True)
class Possible:
    """The values that a place may have, as JSON in which all scalars are texts; and why others are not known."""

    values: frozenset[str]
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Unknown:
    """What stands for a value of which a part is not known."""

    why: str


def evaluator(template: Template, given: Dict[str, str]) -> Evaluator:
    """Ours, for a template deployed to one place with these parameters."""
    return Evaluator(Scope(template, ACCOUNT, REGION, given))


def ours(evaluator: Evaluator, node: Node) -> Possible:
    """What we make of a node."""
    found = [value for _, value in _ways(evaluator.field(node))]
    known = (one for one in found if one is not None and not isinstance(one, _Unknown))
    return Possible(
        frozenset(map(written, known)), frozenset(one.why for one in found if isinstance(one, _Unknown))
    )


def _ways(field: Field) -> Iterator[tuple[Guard, Any]]:
    """Every value that a field may have, as plain lists and mappings, and when it has it."""
    for guard, value in field:
        for further, made in _of(value):
            both = guard & further
            if both is not None:
                yield both, made


def _of(value: Value) -> Iterable[tuple[Guard, Any]]:
    match value:
        case Text():
            return [(ALWAYS, _Unknown(value.holes[0].why) if value.known is None else value.known)]
        case Items(elements=elements):
            return _together(elements, lambda made: [one for one in made if one is not None])
        case Record(entries=entries):
            keys = [str(entry.key) for entry in entries]
            return _together(
                [entry.value for entry in entries], lambda made: dict(zip(keys, made, strict=True))
            )
    return [(ALWAYS, None)]


def _together(fields: Sequence[Field], make: Callable[[list[Any]], Any]) -> Iterator[tuple[Guard, Any]]:
    """What holds several values, whose parts have alternatives of their own: those that can be together."""
    ways: list[tuple[Guard, list[Any]]] = [(ALWAYS, [])]
    for field in fields:
        pairs = ((guard & further, [*some, one]) for guard, some in ways for further, one in _ways(field))
        ways = [(both, made) for both, made in itertools.islice(pairs, _MOST) if both is not None]
    for guard, made in ways:
        unknown = next((one for one in made if isinstance(one, _Unknown)), None)
        yield guard, make(made) if unknown is None else unknown


def written(value: Any) -> str:
    """A value as JSON, all scalars as the texts that CloudFormation makes of them.

    Texts that are a mapping or list in JSON are written as these: we read `Fn::ToJsonString` as what is in it.
    """
    return json.dumps(_texts(value), sort_keys=True)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _texts(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_texts(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(("{", "[")):
        with contextlib.suppress(ValueError):
            return _texts(json.loads(value))
    return str(value)


# cfn-lint

_NO_VALUE = {"Ref": "AWS::NoValue"}


class Theirs:
    """cfn-lint's resolver for one template, under each of some choices of parameters.

    Raises ValueError for a text that it does not read.
    """

    def __init__(self, text: str, choices: Sequence[Dict[str, str | list[str]]]) -> None:
        from cfnlint.decode import decode_str
        from cfnlint.jsonschema import CfnTemplateValidator
        from cfnlint.template import Template as TheirTemplate

        root, faults = decode_str(text)
        if faults or not isinstance(root, dict):
            raise ValueError(str(faults[0]) if faults else "no mapping")
        self.root: dict[str, Any] = root
        template = TheirTemplate(None, root, regions=[REGION])
        self._validators: list[Any] = [
            CfnTemplateValidator(
                schema={}, cfn=template, context=template.context.evolve(ref_values=dict(choice))
            )
            for choice in choices
        ]

    def possible(self, value: Any) -> Possible:
        """What cfn-lint makes of a value of the template; nothing where it does not know."""
        found = {one for validator in self._validators for one in self._under(value, validator)}
        return Possible(frozenset(found))

    def _under(self, value: Any, validator: Any) -> list[str]:
        try:
            found = itertools.islice(self._resolved(value, validator), _MOST)
            return [written(one) for one, _ in found if one is not None]
        except TypeError:  # of its `Fn::ToJsonString`: a date in it has no JSON
            return []

    def _resolved(self, value: Any, validator: Any) -> Iterator[tuple[Any, Any]]:
        """All values, functions in lists and mappings resolved too, which cfn-lint does where it descends."""
        if value == _NO_VALUE:
            yield None, validator
        elif isinstance(value, dict) and _is_call(value):
            for made, then, fault in validator.resolve_value(value):
                if not fault:
                    yield from self._resolved(made, then)
        elif isinstance(value, list):
            for some, then in self._all(value, validator):
                yield [one for one in some if one is not None], then
        elif isinstance(value, dict):
            for some, then in self._all([*value.values()], validator):
                yield dict(zip(value, some, strict=True)), then
        else:
            yield value, validator

    def _all(self, values: Sequence[Any], validator: Any) -> Iterator[tuple[list[Any], Any]]:
        if not values:
            yield [], validator
            return
        for made, then in self._resolved(values[0], validator):
            for others, last in self._all(values[1:], then):
                yield [made, *others], last


def _is_call(value: dict[str, Any]) -> bool:
    (key,) = value if len(value) == 1 else ("",)
    return key == "Ref" or str(key).startswith("Fn::")
