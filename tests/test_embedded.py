"""JSON inside strings of a template: every value keeps its place in the file."""

from __future__ import annotations

import pytest

from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.text.yaml_reader import read
from xbackup_lint.values.embedded import Embedded, read_json
from xbackup_lint.values.text import Text


def embedded(written: str) -> Embedded:
    source = Source(
        "t.yaml",
        f"Parameters: {{P: {{Type: String}}}}\nResources:\n  It:\n    Type: T\n    Properties:\n      Policy: {written}\n",
    )
    root = read(source).root
    assert isinstance(root, Mapping)
    (resource,) = Evaluator(Scope(Template(source, root), "111122223333")).resources
    (text,) = resource.properties(resource.guards[0]).get("Policy").alternatives.values
    assert isinstance(text, Text)
    return read_json(text)


def member(found: Embedded, name: str) -> Text:
    assert found.root is not None
    (value,) = found.root.get(name).alternatives.values
    assert isinstance(value, Text)
    return value


PLACES = [
    pytest.param("""'{"Action": "kms:*"}'""", '"kms:*"', id="single quotes"),
    pytest.param('"{\\"Action\\": \\"kms:*\\"}"', '\\"kms:*\\"', id="double quotes"),
    pytest.param('|\n        {\n          "Action": "kms:*"\n        }', '"kms:*"', id="a block"),
    pytest.param('>-\n        {"Action":\n        "kms:*"}', '"kms:*"', id="a folded block"),
    pytest.param('!Sub |\n        {"Other": "${P}", "Action": "kms:*"}', '"kms:*"', id="under Sub"),
    pytest.param("""!Join ['', ['{"Action": ', '"kms:*"}']]""", '"kms:*"', id="joined of pieces"),
]


@pytest.mark.parametrize(("written", "underlined"), PLACES)
def test_a_value_is_underlined_where_it_stands(written: str, underlined: str) -> None:
    action = member(embedded(written), "Action")

    assert action.known == "kms:*"
    assert action.span.text == underlined


def test_a_hole_inside_a_string_stays_a_hole() -> None:
    found = member(embedded("""!Sub '{"AWS": "arn:aws:iam::${P}:root"}'"""), "AWS")

    assert str(found) == "arn:aws:iam::${P}:root"


def test_a_hole_in_the_place_of_a_value_is_an_unknown_value() -> None:
    found = member(embedded("""!Sub '{"AWS": ${P}}'"""), "AWS")

    assert found.hole is not None
    assert found.hole.name == "P"


def test_a_text_that_is_wholly_unknown_is_no_document_and_no_fault() -> None:
    assert embedded("!Ref P") == Embedded(None, ())


FAULTS = [
    ('|\n        {"a": 1, # why\n         "b": 2}', "a comment is not JSON", "# why"),
    ('|\n        {"a": 1,}', "trailing comma", ","),
]


@pytest.mark.parametrize(("written", "said", "at"), FAULTS)
def test_what_is_not_json_is_read_as_it_was_meant(written: str, said: str, at: str) -> None:
    found = embedded(written)

    assert member(found, "a").known == "1"
    assert said in found.remarks[0].message
    assert found.remarks[0].span.text.startswith(at)
