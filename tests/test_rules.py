"""Every example of every rule is a test, and every rule keeps the laws of rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rule_examples import KEYS, KINDS, RULES, Example, documents, examples_of, reported, run
from xbackup_lint.engine.load import rules_folder
from xbackup_lint.engine.result import Finding
from xbackup_lint.engine.rule import Clause, Rule

EXAMPLES = [example for rule in RULES for example in examples_of(rule)]
BY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
BY_EXAMPLE = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def of_rule(findings: tuple[Finding, ...], example: Example) -> list[Finding]:
    return [finding for finding in findings if finding.rule == example.rule.id]


@BY_EXAMPLE
def test_example_reports_what_it_says(example: Example) -> None:
    found = of_rule(run(example).findings, example)

    assert [reported(finding, example) for finding in found] == example.expected
    certainty = "unsure" if example.kind == "unsure" else "certain"
    assert {finding.certainty for finding in found} <= {certainty}


@BY_EXAMPLE
def test_example_says_all_that_is_reported(example: Example) -> None:
    """Whatever else is found at warning or above stands in `also-reports`; nothing is on a good example."""
    others = {
        finding.rule
        for finding in run(example).findings
        if finding.rule != example.rule.id and finding.certainty == "certain" and finding.severity != "info"
    }

    assert others == example.also_reports
    assert example.kind != "good" or not example.also_reports


@BY_EXAMPLE
def test_example_has_known_keys_and_expects_by_its_kind(example: Example) -> None:
    assert set(example.raw) <= KEYS
    assert bool(example.expected) == (example.kind != "good")


@BY_RULE
def test_rule_shows_all_its_sides(rule: Rule) -> None:
    shown = {example.kind for example in examples_of(rule)}

    assert {"bad", "good"} <= shown
    assert ("unsure" in shown) == (rule.unknown == "unsure")
    assert set(documents(rules_folder() / rule.family / f"{rule.id}.yaml")[1]) <= set(KINDS)


@BY_RULE
def test_rule_is_complete(rule: Rule) -> None:
    raw = documents(rules_folder() / rule.family / f"{rule.id}.yaml")[0]

    assert "unknown" in raw, "say what becomes of what is not known"
    assert len(rule.rationale.split()) >= 15
    assert rule.references
    assert all(reference.startswith("https://docs.aws.amazon.com/") for reference in rule.references)
    assert not rule.message.text.endswith("."), "a message is no sentence with a full stop"
    assert not rule.message.text[:1].isupper(), "a message reads on after `cannot tell whether`"
    assert set(rule.yields_to) <= {other.id for other in RULES}


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
