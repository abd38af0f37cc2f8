"""Every example of every rule is a test, and every rule keeps the laws of rules."""

from __future__ import annotations

import pytest

from tests.rule_examples import RULES, Example, examples_of, reported, run
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.compiler import compile_rule
from xbackup_lint.engine.examples import disagreements, missing_kinds
from xbackup_lint.engine.load import first_document
from xbackup_lint.engine.rule import Clause, Rule
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.text.yaml_reader import read

EXAMPLES = [example for rule in RULES for example in examples_of(rule)]
BY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
BY_EXAMPLE = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)


@BY_EXAMPLE
def test_example_does_what_it_says(example: Example) -> None:
    """All rules run on it, and whatever is reported at warning or above stands in it."""
    assert list(disagreements(example, RULES)) == []


@BY_RULE
def test_rule_shows_all_its_sides(rule: Rule) -> None:
    examples = examples_of(rule)

    assert missing_kinds(rule, examples) == []
    assert rule.unknown == "unsure" or not any(example.kind == "unsure" for example in examples)


@BY_RULE
def test_rule_is_complete(rule: Rule) -> None:
    words = read(Source(rule.shown, first_document(rule.path.read_text("utf-8")))).root

    assert isinstance(words, Mapping)
    assert words.get("unknown"), "say what becomes of what is not known"
    assert len(rule.prose.rationale.split()) >= 15
    assert rule.prose.references
    assert all(reference.startswith("https://docs.aws.amazon.com/") for reference in rule.prose.references)
    assert not rule.prose.message.text.endswith("."), "a message is no sentence with a full stop"
    assert not rule.prose.message.text[:1].isupper(), "a message reads on after `cannot tell whether`"
    assert set(rule.yields_to) <= {other.id for other in RULES}


@BY_RULE
def test_rule_whose_words_are_read_later_is_the_same(rule: Rule) -> None:
    """Shipped rules are compiled without their words, which is sound only because this holds."""
    whole = compile_rule(Source(rule.shown, first_document(rule.path.read_text("utf-8"))), rule.path)

    for name in (
        "id",
        "family",
        "severity",
        "subject",
        "when",
        "at",
        "check",
        "options",
        "unknown",
        "yields_to",
    ):
        assert getattr(rule, name) == getattr(whole, name)
    assert rule.prose == whole.prose


CLAUSES = [(rule, clause) for rule in RULES for clause in rule.when]


@pytest.mark.parametrize(
    ("rule", "clause"), CLAUSES, ids=lambda value: getattr(value, "id", None) or value.attribute
)
def test_every_clause_matters(rule: Rule, clause: Clause) -> None:
    """Take one clause away, and some example comes out differently."""
    weaker = replace(rule, when=tuple(other for other in rule.when if other is not clause))
    examples = examples_of(rule)

    def outcome(one: Rule) -> list[list[str]]:
        found = [(example, run(example, [one]).findings) for example in examples]
        return [[f"{f.certainty} {reported(f, example)}" for f in findings] for example, findings in found]

    if len(rule.when) > 1:
        assert outcome(rule) != outcome(weaker)
    else:
        assert any(outcome(rule)) and not all(outcome(rule))
