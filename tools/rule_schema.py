"""The JSON Schema of rule files, from the tables by which the tool itself reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from xbackup_lint.checks import CHECKS
from xbackup_lint.engine.check_options import Option, options_of, subjects_of
from xbackup_lint.engine.compiler import SEVERITIES, TESTS, UNKNOWNS
from xbackup_lint.engine.examples import GIVEN, KINDS
from xbackup_lint.engine.examples import KEYS as EXAMPLE_KEYS
from xbackup_lint.engine.nouns import written
from xbackup_lint.engine.prose import KEYS, REQUIRED
from xbackup_lint.vocabulary import Attribute, Noun, vocabulary

Schema = dict[str, object]

_TEXT: Schema = {"type": ["string", "number"]}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_TEXT_OR_TEXTS: Schema = {"anyOf": [_TEXT, _TEXTS]}
_WORDS: Schema = {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]}

_PARTS: dict[str, tuple[str, Schema]] = {
    "id": ("The name of the file, without `.yaml`: it names the fault.", {"type": "string"}),
    "title": ("What is wrong, in a line.", _TEXT),
    "severity": ("How bad it is.", {"enum": [*SEVERITIES]}),
    "since": ("The version in which the rule came.", _TEXT),
    "tags": ("Words to find it by.", _TEXT_OR_TEXTS),
    "rationale": ("What breaks, for whom, and when it is noticed.", _TEXT),
    "remediation": ("What to type.", _TEXT),
    "false-positives": ("Where the rule may be wrong; written out, even where it is empty.", _TEXTS),
    "references": ("Pages that say so.", _TEXT_OR_TEXTS),
    "subject": ("The noun that the rule looks at, one at a time.", {}),
    "when": (
        "Attributes of the subject, and what they have to be: all of it, for a finding.",
        {"type": "object"},
    ),
    "at": ("The attribute to underline; without it the whole subject.", {}),
    "check": ("A check of the tool, where several nouns meet.", {"enum": sorted(CHECKS)}),
    "with": ("The options of the check.", {"type": "object"}),
    "unknown": ("What becomes of what the files do not tell.", {"enum": [*UNKNOWNS]}),
    "yields-to": ("Rules whose finding at the same place makes this one silent.", _TEXT_OR_TEXTS),
    "message": (
        "What is wrong here: small first letter, no full stop; `{attribute}` stands for a value.",
        _TEXT,
    ),
    "help": ("What to do: one text, or one for each reason.", _WORDS),
    "reasons": ("A phrase for each reason, usable as {reason}.", _WORDS),
    "labels": ("What is said of related places, by label.", _WORDS),
}
_OPTIONS: Mapping[str, Schema] = {
    "int": {"type": "integer"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "list[str]": {"type": "array", "items": {"type": "string"}},
}


def rule_schema() -> str:
    """The schema as the text of its file."""
    nouns = vocabulary()
    made: Schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A rule of xbackup-lint",
        "description": "A rule file holds two YAML documents: the rule, and its examples. Generated from the code.",
        "if": {"anyOf": [{"required": [kind]} for kind in KINDS]},
        "then": {"$ref": "#/definitions/examples"},
        "else": {"$ref": "#/definitions/rule"},
        "definitions": {
            "rule": _rule(nouns),
            "examples": _examples(),
            **_kinds(),
            **{f"when-{noun.name}": _when(noun) for noun in nouns},
        },
    }
    return json.dumps(made, indent=2) + "\n"


def _rule(nouns: Sequence[Noun]) -> Schema:
    properties: dict[str, Schema] = {}
    for key in KEYS:
        words, schema = _PARTS[key]
        properties[key] = {"description": words, **schema}
    properties["subject"]["enum"] = [noun.name for noun in nouns]
    return {
        "type": "object",
        "properties": properties,
        "required": [*REQUIRED],
        "additionalProperties": False,
        "oneOf": [{"required": ["when"]}, {"required": ["check"]}],
        "dependencies": {"at": ["when"], "with": ["check"]},
        "allOf": [*map(_of_subject, nouns), *(_of_check(name) for name in sorted(CHECKS))],
    }


def _of_subject(noun: Noun) -> Schema:
    """What `when`, `at` and `check` can be for one subject."""
    checks = sorted(name for name, check in CHECKS.items() if noun.name in subjects_of(check))
    places = [attribute.name for attribute in noun.attributes if attribute.kind in ("text", "place")]
    then: Schema = {"when": {"$ref": f"#/definitions/when-{noun.name}"}, "at": {"enum": places}}
    then["check"] = {"enum": checks} if checks else False
    return {
        "if": {"properties": {"subject": {"const": noun.name}}, "required": ["subject"]},
        "then": {"properties": then},
    }


def _of_check(name: str) -> Schema:
    """The options of one check."""
    options = options_of(CHECKS[name])
    required = [written(option) for option, of in options.items() if of.required]
    with_: Schema = {
        "properties": {written(option): _option(of) for option, of in options.items()},
        "required": required,
        "additionalProperties": False,
    }
    then: Schema = {"properties": {"with": with_}}
    if required:
        then["required"] = ["with"]
    return {"if": {"properties": {"check": {"const": name}}, "required": ["check"]}, "then": then}


def _option(option: Option) -> Schema:
    return _OPTIONS[option.kind]


def _when(noun: Noun) -> Schema:
    compared = [attribute for attribute in noun.attributes if attribute.kind != "place"]
    return {
        "type": "object",
        "description": noun.meaning,
        "properties": {attribute.name: _attribute(attribute) for attribute in compared},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _attribute(attribute: Attribute) -> Schema:
    kind: Schema = {"$ref": f"#/definitions/{attribute.kind.replace(' ', '-')}"}
    if attribute.values:
        kind = _compared({"enum": [*attribute.values]}, TESTS)
    return {"description": attribute.meaning, "allOf": [kind]}


def _kinds() -> Schema:
    """What `when` compares attributes of each kind with."""
    return {
        # A text may say that it is true, as in templates, where "true" is.
        "text": _compared({"type": ["string", "number", "boolean"]}, TESTS),
        "number": _compared({"type": "integer"}, TESTS),
        "yes-or-no": _compared({"type": "boolean"}, ("not",)),
    }


def _compared(constant: Schema, tests: Sequence[str]) -> Schema:
    several: Schema = {"anyOf": [constant, {"type": "array", "items": constant}]}
    forms: dict[str, Schema] = {
        "not": several,
        "at-least": {"type": "integer"},
        "at-most": {"type": "integer"},
        "matches": {"type": "string", "format": "regex"},
    }
    test: Schema = {
        "type": "object",
        "properties": {name: forms[name] for name in tests},
        "additionalProperties": False,
    }
    return {"anyOf": [constant, {"type": "array", "items": constant}, test]}


def _examples() -> Schema:
    by_name: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
    parts: dict[str, Schema] = {
        "name": {"description": "What is special about it.", **_TEXT},
        "files": {"description": "Texts of files by path.", **by_name},
        "given": {
            "description": "What the command line says.",
            "type": "object",
            "properties": {name: _TEXTS if name != "parameters" else by_name for name in GIVEN},
            "additionalProperties": False,
        },
        "config": {"description": "The text of .xbackup-lint.yaml.", "type": "string"},
        "expect": {"description": "What is reported, in order.", "type": "array", "items": _expected()},
        "also-reports": {"description": "Other rules that report at warning or above.", **_TEXTS},
    }
    example: Schema = {
        "type": "object",
        "properties": {name: parts[name] for name in EXAMPLE_KEYS},
        "required": ["name", "files"],
        "additionalProperties": False,
    }
    listed: Schema = {"type": ["array", "null"], "items": example}
    return {
        "type": "object",
        "properties": dict.fromkeys(KINDS, listed),
        "additionalProperties": False,
    }


def _expected() -> Schema:
    also: Schema = {"description": "The related places, in order, in the same form.", **_TEXTS}
    at: Schema = {
        "description": "`file:line text`: the file by its last part, the exact text underlined.",
        **_TEXT,
    }
    return {
        "type": "object",
        "properties": {"at": at, "also": also},
        "required": ["at"],
        "additionalProperties": False,
    }
