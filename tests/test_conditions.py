"""A template's conditions: which are settled, and which can hold together."""

from __future__ import annotations

import pytest

from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.text.yaml_reader import read
from xbackup_lint.values.alternatives import ALWAYS, Condition

HEAD = """\
Parameters:
  Open: {Type: String}
  Default: {Type: String, Default: dev}
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Only: {Type: String, AllowedValues: [prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  IsTest: !Equals [!Ref Stage, test]
  Neither: !And [!Not [!Condition IsProd], !Not [!Condition IsDev]]
  Either: !Or [Condition: IsProd, Condition: IsDev]
  HasOpen: !Not [!Equals [!Ref Open, ""]]
  HasDefault: !Equals [!Ref Default, dev]
  OnlyProd: !Equals [!Ref Only, prod]
  Literal: !Equals [a, b]
  Here: !Equals [!Ref AWS::Region, eu-west-1]
  Round: !Not [!Condition Round]
  Built: !Equals [!Join ["", [a, !Ref Open]], ab]
  BuiltAgain: !Not [!Equals [!Join ["", [a, !Ref Open]], ab]]
"""


def scope(region: str | None = None, **given: str) -> Scope:
    source = Source("t.yaml", HEAD)
    root = read(source).root
    assert isinstance(root, Mapping)
    return Scope(Template(source, root), None, region, given)


SETTLED = [
    ("Literal", False, {}),
    ("OnlyProd", True, {}),
    ("IsTest", False, {}),
    ("Neither", False, {}),
    ("Either", True, {}),
    ("IsProd", True, {"Stage": "prod"}),
    ("IsDev", False, {"Stage": "prod"}),
    ("HasOpen", False, {"Open": ""}),
    ("HasOpen", True, {"Open": "x"}),
]


@pytest.mark.parametrize(("name", "wanted", "given"), SETTLED)
def test_settled(name: str, wanted: bool, given: dict[str, str]) -> None:
    assert scope(**given).conditions.named(name) is wanted


@pytest.mark.parametrize("name", ["IsProd", "HasOpen", "HasDefault", "Here", "Round", "Built"])
def test_open(name: str) -> None:
    """A default settles nothing: the optional part of a template must be seen."""
    assert isinstance(scope().conditions.named(name), Condition)


def test_a_known_region_settles() -> None:
    assert scope("eu-west-1").conditions.named("Here") is True
    assert scope("us-east-1").conditions.named("Here") is False


def test_not_declared() -> None:
    assert scope().conditions.named("Nowhere") is None


TOGETHER = [
    ({"IsProd": True, "IsDev": False}, True),
    ({"IsProd": True, "IsDev": True}, False),
    ({"IsProd": False, "IsDev": False}, False),
    ({"IsProd": True, "HasOpen": True, "HasDefault": False}, True),
    ({"Built": True, "BuiltAgain": True}, False),
    ({"Built": True, "BuiltAgain": False}, True),
]


@pytest.mark.parametrize(("assigned", "possible"), TOGETHER, ids=str)
def test_which_hold_together(assigned: dict[str, bool], possible: bool) -> None:
    assert scope().conditions.consistent(frozenset(assigned.items())) is possible


def test_guards_that_exclude_each_other_do_not_join() -> None:
    conditions = scope().conditions
    prod, dev = conditions.named("IsProd"), conditions.named("IsDev")
    assert isinstance(prod, Condition)
    assert isinstance(dev, Condition)
    guard = ALWAYS.assume(prod, True)
    assert guard is not None

    assert guard.assume(dev, True) is None
    assert str(guard.assume(dev, False)) == "IsDev is false and IsProd is true"


@pytest.mark.parametrize(("assigned", "values"), [({"HasOpen": False}, {""}), ({"HasOpen": True}, {None})])
def test_what_a_guard_leaves_of_a_parameter(assigned: dict[str, bool], values: set[str | None]) -> None:
    assert scope().conditions.possible("Open", frozenset(assigned.items())) == values
