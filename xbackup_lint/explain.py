"""`xbackup-lint explain`: what rules check, from the same words that findings use."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from xbackup_lint.engine.rule import Rule


def listing(rules: Iterable[Rule]) -> str:
    """All rules by family, a line each."""
    lines = []
    ordered = sorted(rules, key=lambda rule: (rule.family, rule.id))
    widest = max((len(rule.id) for rule in ordered), default=0)
    for family, group in groupby(ordered, key=lambda rule: rule.family):
        lines += [family, *(f"  {rule.id:<{widest}}  {rule.severity:<7}  {rule.title}" for rule in group), ""]
    return "\n".join(lines)


def explain(rule: Rule) -> str:
    """One rule: why it is, how to mend what it finds, where it may be wrong, and where AWS says so."""
    sections = [f"{rule.id} ({rule.severity}, {rule.family})", rule.title, "", rule.rationale, ""]
    sections += ["To mend it:", _indented(rule.remediation), ""]
    if rule.false_positives:
        sections += ["Where it may be wrong:", *(f"  - {text}" for text in rule.false_positives), ""]
    sections += ["References:", *(f"  {reference}" for reference in rule.references)]
    return "\n".join(sections) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
