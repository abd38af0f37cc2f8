"""The comparison with cfn-lint, as far as it can be tested without cfn-lint."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.differential import functions, main
from tools.differential_cases import EVERY_SWITCH, Maker, as_lists, given, known_template, template
from tools.differential_differences import DIFFERENCES, Asked, Difference, named, part
from tools.differential_values import Possible, evaluator, ours, written
from xbackup_lint.text.node import Mapping, Node

DOCUMENT = (Path(__file__).parents[1] / "docs" / "differential.md").read_text(encoding="utf-8")


class LongForm(yaml.SafeLoader):
    """Templates as cfn-lint reads them: functions in their long form."""


def _function(loader: Any, name: str, node: yaml.Node) -> dict[str, object]:
    plain = copy.copy(node)
    plain.tag = loader.resolve(type(node), node.value, (True, True))
    return {name if name == "Ref" else f"Fn::{name}": loader.construct_object(plain, deep=True)}


LongForm.add_multi_constructor("!", _function)


def asked(known: Difference) -> Asked:
    """A known difference as it would be met, cfn-lint's answer being taken from what is written down."""
    root = yaml.load(known.template, LongForm)
    value = root["Resources"]["It"]["Properties"]["V"]
    return Asked(root, value, Possible(frozenset(known.ours)), Possible(frozenset(known.theirs)))


def node_of(known: Difference) -> Node:
    properties = known_template(known.name, known.template).resources["It"][1].get("Properties")
    assert isinstance(properties, Mapping)
    node = properties.get("V")
    assert node is not None
    return node


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.name)
def test_known_differences_are_explained_and_as_written_down(known: Difference) -> None:
    own = known_template(known.name, known.template)

    assert f"| {known.name} |" in DOCUMENT
    assert node_of(known).span.start == known.at
    assert ours(evaluator(own, known.told), node_of(known)).values == set(known.ours)


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.name)
def test_a_known_difference_is_taken_for_itself_and_for_no_other(known: Difference) -> None:
    found = asked(known)

    assert [one.name for one in DIFFERENCES if one.is_it(found)] == [known.name]
    assert known.ours != known.theirs


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.name)
def test_another_value_is_not_taken_for_a_known_difference(known: Difference) -> None:
    """Of a value that has nothing to do with it, whatever the template says besides."""
    found = Asked({}, "x", Possible(frozenset({'"x"'})), Possible(frozenset({'"y"'})))

    assert not known.is_it(found)


def possible(*values: str, unknown: str = "") -> Possible:
    return Possible(frozenset(map(written, values)), frozenset({unknown} - {""}))


LACKING = {"Fn::If": ["C", {"Fn::GetAtt": ["V", "Arn"]}, "b"]}


@pytest.mark.parametrize(
    ("value", "mine", "other", "who"),
    [
        (LACKING, possible("a", "b"), possible("b"), "we know more"),
        (
            {"Ref": "P"},
            possible("b", unknown="`x` is read at deployment"),
            possible("a", "b"),
            "they know more",
        ),
        (
            LACKING,
            possible("a", "b", unknown="`x` is read at deployment"),
            possible("b", "c"),
            "each knows a part",
        ),
        # for a reason that is none
        ({"Ref": "P"}, possible("b", unknown="the element is not known"), possible("a", "b"), ""),
        # both know all
        ({"Ref": "P"}, possible("a", "b"), possible("b"), ""),
        ({"Ref": "P"}, possible("b"), possible("a", "b"), ""),
        (LACKING, possible("a"), possible("b"), ""),
    ],
)
def test_who_knows_more(value: object, mine: Possible, other: Possible, who: str) -> None:
    assert part(Asked({}, value, mine, other)) == who
    assert named(Asked({}, value, mine, other)) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        (7, '"7"'),
        (True, '"true"'),
        ([1, "a", {"b": False}], '["1", "a", {"b": "false"}]'),
        ({"b": 1, "a": None}, '{"b": "1"}'),
        ('{"b": [1]}', '{"b": ["1"]}'),
        ("{b", '"{b"'),
    ],
)
def test_how_values_are_written(value: object, text: str) -> None:
    assert written(value) == text


PARAMETERS = """\
Parameters:
  Plain: {Type: String}
  Default: {Type: String, Default: d}
  Empty: {Type: String, Default: ""}
  Chosen: {Type: String, AllowedValues: [x, y], Default: y}
  Number: {Type: Number}
  Listed: {Type: CommaDelimitedList, Default: "a, b"}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a}
Resources: {}
"""


def test_parameters_are_told_three_ways() -> None:
    own = known_template("t.yaml", PARAMETERS)

    assert [tuple(given(own, choice).values()) for choice in range(3)] == [
        ("given0", "d", "given0", "y", "7", "a, b", "given0"),
        ("given1", "given1", "given1", "y", "7", "one, two", "given1"),
        ("", "", "", "x", "7", "one, two", "given2"),
    ]
    assert as_lists(own, given(own, 0))["Listed"] == ["a", "b"]


@pytest.mark.parametrize("text", ["a: b\n", "Resources: x\n", "[", '{"Resources": []}', "{"])
def test_what_is_no_template(text: str) -> None:
    assert template("t", text) is None
    with pytest.raises(ValueError, match="t is no template"):
        known_template("t", text)


def test_functions_are_found_beside_what_cfn_lint_reads() -> None:
    text = "Resources: {It: {A: !Join ['', [!Ref B, !GetAtt C.D]], E: [!Sub f], Fn::ForEach::G: [h, i, !Ref J]}}\n"
    root = known_template("t", text).root
    read = {
        "Resources": {
            "It": {
                "A": {"Fn::Join": ["", [{"Ref": "B"}, {"Fn::GetAtt": ["C", "D"]}]]},
                "E": [{"Fn::Sub": "f"}],
                "Fn::ForEach::G": ["h", "i", {"Ref": "J"}],
            }
        }
    }

    found = [(function, node.span.text) for function, node, _ in functions(root, read)]

    assert found == [
        ("Fn::Join", "!Join ['', [!Ref B, !GetAtt C.D]]"),
        ("Ref", "!Ref B"),
        ("Fn::GetAtt", "!GetAtt C.D"),
        ("Fn::Sub", "!Sub f"),
    ]


def test_random_templates_are_the_same_for_the_same_seed() -> None:
    first, second = Maker(random.Random(7)), Maker(random.Random(7))

    assert [first.template() for _ in range(20)] == [second.template() for _ in range(20)]


def test_random_templates_have_every_function_and_both_notations() -> None:
    maker = Maker(random.Random(1))
    texts = [maker.template() for _ in range(60)]
    kinds = Counter[str]()
    for text in texts:
        own = known_template("t", text)
        root = json.loads(json.dumps(yaml.load(text, LongForm)))
        kinds.update(function for function, _, _ in functions(own.root, root))

    assert min(kinds.values()) >= 5
    assert len(kinds) == 18
    assert 20 <= sum(text.startswith("{") for text in texts) <= 40


def test_what_is_open_is_all_that_it_may_be_told() -> None:
    """Our values under conditions are those under each choice of what the conditions read, and no others."""
    maker = Maker(random.Random(3))
    several = 0
    for number in range(80):
        own = known_template(f"template {number}", maker.template())
        known = {name: value for name, value in given(own, 0).items() if name not in EVERY_SWITCH[0]}
        at_large = evaluator(own, known)
        each = [evaluator(own, known | switches) for switches in EVERY_SWITCH]
        properties = own.resources["It"][1].get("Properties")
        assert isinstance(properties, Mapping)
        for _, node in properties.entries:
            found = ours(at_large, node)
            told = [ours(one, node) for one in each]
            assert found.values == frozenset().union(*(one.values for one in told))
            assert bool(found.unknown) == any(one.unknown for one in told)
            several += len(found.values) > 1
    assert several >= 10


def test_without_cfn_lint(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    assert main([]) == 0
    assert capsys.readouterr().out == "No second opinion: cfn-lint is not installed.\n"


@pytest.mark.skipif(importlib.util.find_spec("cfnlint") is None, reason="cfn-lint is not installed")
def test_with_cfn_lint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "5"]) == 0
    assert capsys.readouterr().out.endswith("known differences, all as written down\n")
