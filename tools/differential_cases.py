"""What both programs are asked: the templates that there are, random ones, and values for their parameters."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cfn_flip

from xbackup_lint.engine.examples import examples_of
from xbackup_lint.engine.load import load_rules
from xbackup_lint.template.parameters import Parameter
from xbackup_lint.template.template import Template
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Mapping, Unreadable
from xbackup_lint.text.source import BOM, Source

ROOT = Path(__file__).parents[1]
_SUFFIXES = (".yaml", ".yml", ".json", ".template")


def files(folders: list[Path]) -> Iterator[tuple[str, str]]:
    """Names and texts: the examples of all rules, and the files of folders, none of them twice."""
    seen: set[str] = set()
    for name, text in [*_examples(), *_in_folders(folders)]:
        if text not in seen:
            seen.add(text)
            yield name, text


def _examples() -> Iterator[tuple[str, str]]:
    for rule in load_rules():
        for example in examples_of(rule):
            yield from ((f"{example.id}: {path}", text) for path, text in example.files.items())


def _in_folders(folders: list[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                yield str(path), path.read_bytes().decode("utf-8", "replace").removeprefix(BOM)


def template(name: str, text: str) -> Template | None:
    """The template in a text; None of what is none, or cannot be read."""
    source = Source(name, text)
    reader = json_reader if text.lstrip().startswith("{") else yaml_reader
    try:
        root = reader.read(source).root
    except Unreadable:
        return None
    is_template = isinstance(root, Mapping) and isinstance(root.get("Resources"), Mapping)
    return Template(source, root) if isinstance(root, Mapping) and is_template else None


def known_template(name: str, text: str) -> Template:
    """The template in a text that we have made. Raises ValueError."""
    found = template(name, text)
    if found is None:
        raise ValueError(f"{name} is no template")
    return found


# Parameters

_MADE_UP = {"Number": "7", "List<Number>": "7, 8", "CommaDelimitedList": "one, two"}


def given(template: Template, choice: int) -> dict[str, str]:
    """A value for each parameter: 0 prefers defaults, 1 others as far as they are allowed, 2 empty texts."""
    return {name: _value(parameter, choice) for name, parameter in template.parameters.items()}


def _value(parameter: Parameter, choice: int) -> str:
    text = f"given{choice}" if choice < 2 or parameter.type != "String" else ""
    if choice == 0 and parameter.default and not parameter.is_ssm:
        return parameter.default
    if parameter.allowed:
        return parameter.allowed[choice % len(parameter.allowed)]
    return _MADE_UP.get(parameter.type, "one, two" if parameter.is_list else text)


def as_lists(template: Template, values: dict[str, str]) -> dict[str, str | list[str]]:
    """The same with lists as lists."""
    parameters = template.parameters
    return {
        name: [piece.strip() for piece in value.split(",")] if parameters[name].is_list else value
        for name, value in values.items()
    }


# Random templates

_TEXTS = ("a", "", "central", "arn:aws:kms:eu-west-1:111122223333:key/k", "a,b", "x:y", "é", "{}", "0", " b ")
_INDEXES: tuple[Any, ...] = (0, 1, "0", "1", {"Ref": "Index"})
_PARAMETERS: dict[str, Any] = {
    "Known": {"Type": "String", "Default": "value"},
    "Colons": {"Type": "String", "Default": "arn:aws:backup"},
    "Index": {"Type": "Number", "Default": 1},
    "Listed": {"Type": "CommaDelimitedList", "Default": "one, two,three"},
    "Numbers": {"Type": "List<Number>", "Default": "7,8"},
}
_SWITCHES: dict[str, Any] = {
    "Stage": {"Type": "String", "AllowedValues": ["dev", "test", "prod"]},
    "Open": {"Type": "String"},
}
EVERY_SWITCH = [
    {"Stage": stage, "Open": value} for stage in ("dev", "test", "prod") for value in ("", "given1", "given2")
]
"""What may be told for them, as far as conditions tell it apart."""
_MAPPINGS: dict[str, Any] = {
    "ByStage": {
        stage: {"Days": days, "Name": f"{stage}-vault", "Zones": [stage, "b"]}
        for stage, days in (("dev", "7"), ("test", "14"), ("prod", "35"))
    },
    "Names": {"one": {"value": "ByStage"}, "value": {"Name": "x", "Zones": ["y", "z", "w"], "Days": "9"}},
}


@dataclass(frozen=True)
class Maker:
    """Makes random templates; the same for the same seed. Conditions read switches, and values all else."""

    random: random.Random

    def template(self) -> str:
        names = [f"C{number}" for number in range(self.random.randint(1, 4))]
        made = {
            "Parameters": _PARAMETERS | _SWITCHES,
            "Mappings": _MAPPINGS,
            "Conditions": {name: self._condition(names[:at], 2) for at, name in enumerate(names)},
            "Resources": {
                "Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "central"}},
                "It": {"Type": "Custom::It", "Properties": self._properties(names)},
            },
        }
        text = json.dumps(made, ensure_ascii=False)
        return text if self.random.random() < 0.5 else str(cfn_flip.to_yaml(text))

    def _properties(self, names: list[str]) -> dict[str, Any]:
        write = _Values(self.random, names)
        return {
            f"P{number}": write.several(3) if self.random.random() < 0.25 else write.text(3)
            for number in range(self.random.randint(2, 6))
        }

    def _condition(self, others: list[str], depth: int) -> Any:
        kinds = ["equals"] * 3 + (["named"] if others else []) + (["not", "and", "or"] if depth else [])
        kind = self.random.choice(kinds)
        if kind == "equals":
            switch, value = self.random.choice(
                [("Stage", "dev"), ("Stage", "prod"), ("Stage", "test"), ("Open", ""), ("Open", "given1")]
            )
            sides = [{"Ref": switch}, value]
            self.random.shuffle(sides)
            return {"Fn::Equals": sides}
        if kind == "named":
            return {"Condition": self.random.choice(others)}
        inner = [self._condition(others, depth - 1) for _ in range(1 if kind == "not" else 2)]
        return {f"Fn::{kind.title()}": inner}


class _Values:
    """Random values of a template: texts and lists, of functions in functions."""

    def __init__(self, random: random.Random, conditions: list[str]) -> None:
        self._random = random
        self._conditions = conditions

    def _one(self, *writers: Callable[[], Any]) -> Any:
        return self._random.choice(writers)()

    def text(self, depth: int) -> Any:
        """What is a text at last."""
        if depth == 0:
            return self._one(self._literal, self._ref, self._ref)
        inner = depth - 1
        return self._one(
            self._literal,
            self._ref,
            lambda: {"Fn::Sub": self._template([])},
            lambda: self._sub(inner),
            lambda: {"Fn::Join": [self._random.choice(["", ",", ":", "-"]), self.several(inner)]},
            lambda: {"Fn::Join": [":", [self.text(inner) for _ in range(3)]]},
            lambda: {"Fn::Select": [self._random.choice(_INDEXES), self.several(inner)]},
            *[lambda: self._if(self.text, inner)] * 3,
            lambda: {"Fn::FindInMap": [*self._map(), self._random.choice(["Days", "Name"])]},
            lambda: {"Fn::Length": self.several(inner)},
            lambda: {"Fn::Base64": self.text(inner)},
            lambda: {"Fn::ImportValue": self.text(inner)},
            lambda: {"Fn::GetAtt": ["Vault", "BackupVaultArn"]},
            lambda: {"Fn::ToJsonString": {"a": self._literal(), "b": [1, True, "x"]}},
        )

    def several(self, depth: int) -> Any:
        """What is a list of texts at last."""
        if depth == 0:
            return self._one(lambda: {"Ref": "Listed"}, lambda: {"Ref": "Numbers"}, lambda: ["x", "y", "z"])
        inner = depth - 1
        return self._one(
            lambda: {"Ref": self._random.choice(["Listed", "Numbers"])},
            lambda: [self.text(inner) for _ in range(self._random.randint(2, 3))],
            lambda: {"Fn::Split": [self._random.choice([",", ":", "-"]), self.text(inner)]},
            lambda: self._if(self.several, inner),
            lambda: {"Fn::FindInMap": [*self._map(), "Zones"]},
            lambda: {"Fn::GetAZs": self._random.choice(["", {"Ref": "AWS::Region"}])},
            lambda: {"Fn::Cidr": ["10.0.0.0/16", "2", "8"]},
        )

    def _literal(self) -> str:
        return self._random.choice(_TEXTS)

    def _ref(self) -> Any:
        names = ("Known", "Known", "Colons", "Index", "AWS::Region", "AWS::AccountId", "AWS::Partition")
        return {"Ref": self._random.choice(names)}

    def _template(self, own: list[str]) -> str:
        names = [*own, *own, "Known", "Colons", "Index", "AWS::Region", "AWS::AccountId", "AWS::URLSuffix"]
        pieces = [self._random.choice(["", "a", ":", "-", " ", "$", "{}"]) for _ in range(3)]
        return "".join(f"{piece}${{{self._random.choice(names)}}}" for piece in pieces) + pieces[0]

    def _sub(self, depth: int) -> Any:
        own = {"A": self.text(depth), "B": self.text(depth)}
        return {"Fn::Sub": [self._template(list(own)), own]}

    def _if(self, write: Callable[[int], Any], depth: int) -> Any:
        return {"Fn::If": [self._random.choice(self._conditions), write(depth), write(depth)]}

    def _map(self) -> list[Any]:
        stage = self._random.choice(["dev", "prod"])
        of_names = {"Fn::FindInMap": ["Names", "one", "value"]}
        return self._random.choice([["ByStage", stage], ["Names", {"Ref": "Known"}], [of_names, stage]])
