"""The rules that there are to be, and those that there are."""

from __future__ import annotations

from pathlib import Path

from tests.rule_examples import RULES

CATALOGUE = Path(__file__).with_name("catalogue.tsv")


def test_the_rules_are_those_of_the_catalogue() -> None:
    """Each of its family and severity. Who adds, renames or weighs a rule anew says so here too."""
    planned = set(CATALOGUE.read_text("utf-8").splitlines()[1:])
    made = {f"{rule.family}\t{rule.id}\t{rule.severity}" for rule in RULES}

    assert sorted(planned - made) == [], "in the catalogue, and not (so) in the rules"
    assert sorted(made - planned) == [], "in the rules, and not (so) in the catalogue"


def test_no_rule_stands_in_it_twice() -> None:
    ids = [line.split("\t")[1] for line in CATALOGUE.read_text("utf-8").splitlines()]

    assert len(set(ids)) == len(ids)
    assert ids[1:] == [line.split("\t")[1] for line in sorted(CATALOGUE.read_text("utf-8").splitlines()[1:])]
