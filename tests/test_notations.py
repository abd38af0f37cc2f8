"""Templates in YAML, and the JSON that cfn-flip makes of them: the same is found in both, if in other places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import cfn_flip
import pytest

from tests.rule_examples import RULES, Example, examples_of, run
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Result
from xbackup_lint.engine.rule import Rule

ONLY_IN_YAML = {
    "account-id-not-text": "JSON has no numbers that begin with 0",
    "input-duplicate-key": "cfn-flip keeps one of them",
    "input-unreadable": "what cannot be read cannot be turned",
    "suppression-unused": "JSON has no comments",
}
"""Rules about how a file is written, and why the JSON has nothing of it."""


def in_json(example: Example) -> Example:
    """The example with its templates in JSON; files are called so wherever they are named."""

    def renamed(text: str) -> str:
        return text.replace(".yaml", ".turned.json").replace(".yml", ".turned.json")

    files = {
        renamed(path) if path.endswith((".yaml", ".yml")) and "Resources:" in text else path: text
        for path, text in example.files.items()
    }
    moved = {path for path in files if path not in example.files}
    return replace(
        example,
        files={
            path: cfn_flip.to_json(renamed(text)) if path in moved else text for path, text in files.items()
        },
        accounts=tuple(map(renamed, example.accounts)),
        regions=tuple(map(renamed, example.regions)),
        config=renamed(example.config) if example.config is not None else None,
    )


def found(result: Result) -> tuple[Counter[Any], Counter[Any]]:
    """What a run says, without places and words: these show what is written."""
    findings = Counter(
        (one.rule, one.severity, one.certainty, one.when, one.deployments, one.accounts)
        for one in result.findings
    )
    copies = Counter(
        (row.source_account, row.source_region, row.destination_account, row.vault, row.verdict, row.retention, row.when,
         tuple((one.name, one.verdict) for one in row.requirements))
        for row in result.copies
    )  # fmt: skip
    return findings, copies


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.id not in ONLY_IN_YAML], ids=lambda rule: rule.id
)
def test_the_same_is_found_in_yaml_and_json(rule: Rule) -> None:
    examples = examples_of(rule)
    for kind in ("bad", "good", "unsure"):
        first = next((one for one in examples if one.kind == kind), None)
        if first is not None:
            assert found(run(in_json(first))) == found(run(first)), first.name


def test_most_rules_have_templates_to_be_turned() -> None:
    examples = [one for rule in RULES if rule.id not in ONLY_IN_YAML for one in examples_of(rule)[:1]]
    turned = [one for one in examples if in_json(one).files != one.files]

    assert len(turned) > 0.7 * len(examples)
