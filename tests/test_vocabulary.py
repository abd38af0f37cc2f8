"""`explain --nouns`: what rules can speak of, from the code's own docstrings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pytest

from tests.rule_examples import RULES
from tests.runs import run
from xbackup_lint.engine.nouns import NOUNS, attributes, kind_of
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.text import Text
from xbackup_lint.vocabulary import Attribute, Noun, nouns, vocabulary

Mood = Literal["good", "bad"]
Texts = Alternatives[Text | None]
VOCABULARY = vocabulary()
ATTRIBUTES = [(noun.name, attribute) for noun in VOCABULARY for attribute in noun.attributes]


@dataclass(frozen=True)
class Below:
    """A noun."""

    span: Span
    name: Texts
    mood: Mood
    colour: Literal["red", "blue"]
    days: int | None
    left: Span | None
    whole: list[str]
    _hidden: str

    @property
    def key(self) -> Span:
        return self.span


@dataclass(frozen=True)
class Above(Below):
    """A noun of nouns."""

    days: Texts  # type: ignore[assignment]

    @property
    def is_good(self) -> bool:
        return self.mood == "good"

    @cached_property
    def certain(self) -> Alternatives[Answer]:
        raise AssertionError("looked at, not asked")

    def method(self) -> str:
        return ""


def test_what_rules_can_name_of_a_noun() -> None:
    """Texts, numbers, answers and places; not what holds other things, or is for the engine alone."""
    assert attributes(Below) == {
        "name": "text",
        "mood": "text",
        "colour": "text",
        "days": "number",
        "left": "place",
    }


def test_what_a_noun_inherits_and_what_it_works_out() -> None:
    assert attributes(Above) == attributes(Below) | {
        "days": "text",
        "is_good": "yes or no",
        "certain": "yes or no",
    }


@pytest.mark.parametrize(
    ("noun", "attribute", "kind"),
    [
        ("copy", "crosses-accounts", "yes or no"),
        ("rule", "target-vault", "text"),
        ("vault", "key-region", "text"),
        ("problem", "related", "place"),
        ("copy", "crosses_accounts", "yes or no"),
        ("copy", "lifecycle", None),
        ("copy", "colour", None),
    ],
)
def test_kinds_of_attributes(noun: str, attribute: str, kind: str | None) -> None:
    assert kind_of(noun, attribute) == kind


def test_the_vocabulary_has_every_noun_and_every_attribute() -> None:
    assert [noun.name for noun in VOCABULARY] == list(NOUNS)
    for noun in VOCABULARY:
        told = {attribute.name.replace("-", "_") for attribute in noun.attributes}
        assert told == set(attributes(NOUNS[noun.name][1]))


@pytest.mark.parametrize("noun", VOCABULARY, ids=lambda noun: noun.name)
def test_a_noun_says_what_it_is(noun: Noun) -> None:
    assert re.fullmatch(r"[A-Z`].*[.…]", noun.meaning)


@pytest.mark.parametrize(
    ("noun", "attribute"), ATTRIBUTES, ids=[f"{noun}.{attribute.name}" for noun, attribute in ATTRIBUTES]
)
def test_an_attribute_says_what_it_is(noun: str, attribute: Attribute) -> None:
    """A docstring stands under the field, or in the property."""
    assert re.fullmatch(r"[A-Z`\"-].*[.…]", attribute.meaning), (
        f"{noun}.{attribute.name}: {attribute.meaning!r}"
    )
    assert not re.search(r"\bF\d|AWS:", attribute.meaning), "numbers of facts are not for users"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_rule_names_is_in_the_vocabulary(rule: object) -> None:
    subject: str = rule.subject  # type: ignore[attr-defined]
    named = [clause.attribute for clause in rule.when]  # type: ignore[attr-defined]
    (noun,) = [noun for noun in VOCABULARY if noun.name == subject]

    assert set(named) <= {attribute.name for attribute in noun.attributes}


def test_all_are_printed() -> None:
    out = run("explain", "--nouns").out

    assert out.startswith("plan: A backup plan.\n")
    assert [line.split(":")[0] for line in out.split("\n\n")] != []
    for noun in NOUNS:
        assert f"\n{noun}: " in f"\n{out}"
    assert re.search(
        r"^  crosses-accounts +yes or no +Whether the destination is in another account\.$", out, re.MULTILINE
    )
    assert "One of standard, air-gapped." in " ".join(out.split())
    assert "`when` compares an attribute with a constant" in out


def test_some_are_printed() -> None:
    out = run("explain", "--nouns", "copy", "vault").out

    assert [line.split(":")[0] for line in out.splitlines() if line[:1].isalpha()][:2] == ["copy", "vault"]
    assert "\nrule: " not in out


def test_as_json() -> None:
    (copy,) = json.loads(run("explain", "--nouns", "copy", "--format", "json").out)

    assert copy["name"] == "copy"
    assert {
        "name": "crosses-accounts",
        "kind": "yes or no",
        "values": [],
        "meaning": "Whether the destination is in another account.",
    } in copy["attributes"]


@pytest.mark.parametrize("width", [80, 200])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    """But for names of AWS's that do not fit beside the others; they are never broken."""
    for line in nouns(VOCABULARY, Options(width)).splitlines():
        assert columns(line) <= width or " " not in line[46:].strip()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_can_be_placed(noun: str) -> None:
    """Rules that yield to others ask for the `key` of their subjects, whatever these are."""
    kind = NOUNS[noun][1]

    assert hasattr(kind, "key") or "key" in kind.__annotations__
