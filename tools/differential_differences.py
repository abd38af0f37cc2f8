"""Values on which we and cfn-lint differ, knowing why. docs/differential.md says more of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from tools.differential_values import Possible

_NEVER_THEIRS = ("Fn::GetAtt", "Fn::ImportValue", "Fn::Length", "Fn::Base64", "Fn::Cidr", "Fn::Transform")
_FUNCTION = re.compile('"(Ref|Fn::[A-Za-z]+)": ')
_WORDS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


REASONS = frozenset(
    {
        "… is assigned when the stack is deployed",
        "… is exported by another stack",
        "… is filled in by another tool",
        "… is known only once deployed",
        "… is not read",
        "… is read at deployment",
        "… is worked out at deployment",
        "a mapping stands where a string belongs",
        "availability zones are known only once deployed",
        "the name of the stack is not known",
    }
)
"""Why we may not know what cfn-lint does."""


@dataclass(frozen=True)
class Asked:
    """A function of a template, as cfn-lint has read both, and what we and cfn-lint make of it."""

    root: dict[str, Any]
    value: Any
    mine: Possible
    other: Possible

    @property
    def reasons(self) -> list[str]:
        """Why we do not know all of it, without names: of what we may not know."""
        return sorted({re.sub("`[^`]*`", "…", why) for why in self.mine.unknown} & REASONS)

    @property
    def written(self) -> str:
        return json.dumps(self.value, default=str)

    def calls(self, function: str) -> Iterator[Any]:
        """The arguments of a function, wherever it stands in the value."""
        return (one[function] for one in _mappings(self.value) if function in one)

    def has(self, function: str) -> bool:
        return next(self.calls(function), self) is not self

    def same_if(self, change: Callable[[str], str], *, theirs: bool) -> bool:
        """Whether the values are the same once one side's are changed."""
        changed = frozenset(map(change, self.other.values if theirs else self.mine.values))
        return changed == (self.mine.values if theirs else self.other.values)


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _mappings(inner)


def part(asked: Asked) -> str:
    """Who knows more of the values, where one side does not know all of them; empty where both do, and differ."""
    more = asked.mine.values - asked.other.values
    less = asked.other.values - asked.mine.values
    they_lack = any(f'"{function}"' in asked.written for function in _NEVER_THEIRS)
    if (more and not they_lack) or (less and not asked.reasons):
        return ""
    return "we know more" if not less else "they know more" if not more else "each knows a part"


# How a known difference is recognised


def _has_default(asked: Asked) -> bool:
    maps = (one for one in asked.calls("Fn::FindInMap") if isinstance(one, list) and len(one) == 4)
    return asked.mine.values < asked.other.values and any(maps)


def _has_pseudo_key(asked: Asked) -> bool:
    pseudo = ({"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"})
    maps = (one for one in asked.calls("Fn::FindInMap") if isinstance(one, list) and one[1] in pseudo)
    return asked.mine.values < asked.other.values and any(maps)


def _in_words(value: str) -> str:
    return re.sub('(?i)(?<=")(yes|on|no|off)(?=")', lambda match: _WORDS[match[0].lower()], value)


def _in_decimals(value: str) -> str:
    """The texts of a value, numbers as PyYAML's constructor would make them, which is what cfn-lint does."""
    words = re.split('([ "])', value)
    return "".join(
        str(yaml.safe_load(one)) if re.fullmatch("[-+0-9][0-9A-Fa-fx_.:]*", one) else one for one in words
    )


def _has_name_twice(asked: Asked) -> bool:
    own = (one[1] for one in asked.calls("Fn::Sub") if isinstance(one, list) and isinstance(one[1], dict))
    return any(name in asked.root.get("Parameters", {}) for names in own for name in names)


def _has_unquoted_choice(asked: Asked) -> bool:
    chosen = (one.get("AllowedValues") for one in asked.root.get("Parameters", {}).values())
    return asked.has("Fn::If") and any(isinstance(one, bool) for some in chosen for one in some or ())


def _has_boolean_condition(asked: Asked) -> bool:
    conditions = _mappings(asked.root.get("Conditions"))
    sides = (side for one in conditions for side in one.get("Fn::Equals", ()))
    return asked.has("Fn::If") and any(isinstance(side, bool) for side in sides)


# The differences

_IT = "Resources: {It: {Type: Custom::It, Properties: {V: VALUE}}}\n"
_MAPS = "Mappings: {M: {eu-west-1: {k: ours}, us-east-1: {k: other}}}\n"
_CHOICE = "Parameters: {P: {Type: String, AllowedValues: [true, false]}}\n"
_CONDITION = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n"


@dataclass(frozen=True)
class Difference:
    """One known difference: how it is recognised, and a value that shows it."""

    name: str
    is_it: Callable[[Asked], bool]
    value: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    """Both as `differential_values.written` writes them; nothing where it is not known."""
    head: str = ""
    told: dict[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return self.head + _IT.replace("VALUE", self.value)

    @property
    def at(self) -> int:
        """Where the value stands in the template."""
        return len(self.head) + _IT.index("VALUE")


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "an exclamation mark in Fn::Sub",
        lambda asked: asked.same_if(lambda one: one.replace("${!", "${"), theirs=True),
        "!Sub 'a ${!P}'", ('"a ${P}"',), ('"a ${!P}"',),
    ),
    Difference(
        "functions in Fn::ToJsonString",
        lambda asked: asked.has("Fn::ToJsonString") and any(map(_FUNCTION.search, asked.other.values)),
        "{'Fn::ToJsonString': {a: !Ref AWS::Region}}", ('{"a": "eu-west-1"}',), ('{"a": {"Ref": "AWS::Region"}}',),
    ),
    Difference(
        "a pseudo parameter as the key of a map", _has_pseudo_key,
        "!FindInMap [M, !Ref AWS::Region, k]", ('"ours"',), ('"other"', '"ours"'), _MAPS,
    ),
    Difference(
        "a default beside what the map has", _has_default,
        "!FindInMap [M, eu-west-1, k, {DefaultValue: none}]", ('"ours"',), ('"none"', '"ours"'), _MAPS,
    ),
    Difference(
        "true and false in texts",
        lambda asked: asked.same_if(lambda one: one.replace("True", "true").replace("False", "false"), theirs=True),
        "!Join ['', [true, x]]", ('"truex"',), ('"Truex"',),
    ),
    Difference(
        "yes, no, on and off", lambda asked: asked.same_if(_in_words, theirs=False),
        "!If [C, no, b]", ('"no"',), ('"false"',), _CONDITION, {"P": "a"},
    ),
    Difference(
        "allowed values without quotes", _has_unquoted_choice,
        "!If [C, a, b]", ('"a"',), ('"b"',), _CHOICE + "Conditions: {C: !Equals [!Ref P, 'true']}\n", {"P": "true"},
    ),
    Difference(
        "true and false in conditions", _has_boolean_condition,
        "!If [C, a, b]", ('"a"',), ('"b"',),
        _CONDITION.replace("a]", "true]"), {"P": "true"},
    ),
    Difference(
        "numbers in another notation", lambda asked: asked.same_if(_in_decimals, theirs=False),
        "!Join [' ', [0144, 0x1F, 1_000, 1:30, 1.50]]", ('"0144 0x1F 1_000 1:30 1.50"',), ('"100 31 1000 90 1.5"',),
    ),
    Difference(
        "a name of Fn::Sub that is a parameter's, too", _has_name_twice,
        "!Join ['', [!Sub ['${P}', {P: !Ref AWS::Partition}], !Ref P]]", ('"awsa"',), ('"aws"',),
        "Parameters: {P: {Type: String, Default: ''}}\n", {"P": "a"},
    ),
)  # fmt: skip


def named(asked: Asked) -> str:
    """The name of the known difference that this is; empty where it is none."""
    return next((known.name for known in DIFFERENCES if known.is_it(asked)), "")
