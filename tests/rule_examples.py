"""The examples in the files of the rules that the tool ships, each run with all rules or with some."""

from __future__ import annotations

from xbackup_lint.engine import examples
from xbackup_lint.engine.examples import Example, examples_of, reported
from xbackup_lint.engine.load import load_rules
from xbackup_lint.engine.result import Result
from xbackup_lint.engine.rule import Rule

__all__ = ["RULES", "Example", "examples_of", "reported", "run"]

RULES = load_rules()


def run(example: Example, rules: list[Rule] | None = None) -> Result:
    """All rules (or some) on the files of an example, as a walk would meet them."""
    return examples.run(example, rules or RULES)
