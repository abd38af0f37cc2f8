"""Rule files: what they may say, and how what they may not say is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.rule_examples import RULES
from tools.rule_schema import rule_schema
from xbackup_lint.checks import CHECKS
from xbackup_lint.engine.check_options import A_KIND, options_of, subjects_of
from xbackup_lint.engine.load import load_rule, rules_folder
from xbackup_lint.engine.rule import BrokenRule

SCHEMA = Draft7Validator(json.loads(rule_schema()))

WHEN = """\
id: ours
title: A rule keeps its backups in central
severity: warning
since: 1.0.0
rationale: Nobody restores from there.
remediation: Name another vault.
false-positives: []
references: []
subject: rule
when: {target-vault: central}
at: target-vault
message: "`{target-vault}` is not restored from"
"""
CHECK = """\
id: ours
title: Retention is not one of ours
severity: warning
since: 1.0.0
rationale: We keep nothing for longer than a year.
remediation: Keep it for a year.
false-positives: []
references: []
subject: lifecycle
check: retention_is_out_of_range
with: {most: 365, forever: -1}
unknown: silent
message: "kept for {days} days"
"""


def load(folder: Path, text: str) -> None:
    path = folder / "ours.yaml"
    path.write_text(text)
    load_rule(path, "lint/ours.yaml")


def schema_takes(text: str) -> bool:
    data: Any = yaml.safe_load(text)
    return not any(SCHEMA.iter_errors(data))


GOOD = [
    (WHEN, "", ""),
    (CHECK, "", ""),
    (WHEN, "{target-vault: central}", "{target-vault: [central, offsite]}"),
    (WHEN, "{target-vault: central}", "{target-vault: {not: [central, offsite]}}"),
    (WHEN, "{target-vault: central}", "{target-vault: {matches: 'cent.*'}}"),
    (WHEN, "{target-vault: central}", "{delete-after-days: {at-least: 1, at-most: 7}}"),
    (WHEN, "{target-vault: central}", "{target-name-valid: false}"),
    (WHEN, "{target-vault: central}", "{target-name-valid: {not: true}}"),
    (WHEN, "{target-vault: central}", "{continuous: true}"),
    (WHEN, "at: target-vault\n", ""),
    (WHEN, "references: []", "references: https://example.com/runbook"),
    (WHEN, "references: []", "tags: [ours]\nunknown: unsure\nyields-to: []\nreferences: []"),
    (WHEN, 'message: "`{target-vault}` is not restored from"', "message: m\nhelp: {other: 'use {name}'}"),
]


@pytest.mark.parametrize(("base", "old", "new"), GOOD, ids=[new[:50] or base[20:40] for base, _, new in GOOD])
def test_good_rules_load_and_fit_the_schema(tmp_path: Path, base: str, old: str, new: str) -> None:
    text = base.replace(old, new)

    load(tmp_path, text)

    assert schema_takes(text)


BAD = [
    # what every rule has
    (WHEN, "title: A rule keeps its backups in central\n", "", "a rule needs `title`", "1:1"),
    (WHEN, "title:", "titel:", "a rule has no `titel`; did you mean `title`?", "2:1"),
    (WHEN, "since:", "colour:", "a rule has no `colour`; known are id, title,", "4:1"),
    (
        WHEN,
        "severity: warning",
        "severity: fatal",
        "`severity` is one of error, warning, info",
        "3:11",
    ),
    (WHEN, "severity: warning", "severity: warn", "did you mean `warning`?", "3:11"),
    (WHEN, "references: []", "references: {}", "`references` is a list", "8:13"),
    (WHEN, "title: A rule", "title: [A rule]\n# ", "`title` is a text", "2:8"),
    (WHEN, "subject: rule", "subject: rul", "did you mean `rule`?", "9:10"),
    (WHEN, "references: []", "references: []\nunknown: maybe", "`unknown` is one of unsure, silent", "9:10"),
    # attributes
    (WHEN, "{target-vault: central}", "{target-valt: x}", "did you mean `target-vault`?", "10:8"),
    (WHEN, "{target-vault: central}", "{colour: red}", "`rule` has no attribute `colour`; known are", "10:8"),
    (WHEN, "{target-vault: central}", "{lifecycle: long}", "`rule` has no attribute `lifecycle`", "10:8"),
    (WHEN, "{target-vault: central}", "{target-name-valid: 1}", "`target-name-valid` is true or false", "10:27"),
    (
        WHEN,
        "{target-vault: central}",
        "{target-name-valid: {at-least: 1}}",
        "a test has no `at-least`; known are not",
        "10:28",
    ),
    (WHEN, "{target-vault: central}", "{target-vault: {nott: a}}", "did you mean `not`?", "10:23"),
    (WHEN, "{target-vault: central}", "{target-vault: {at-least: a}}", "a whole number stands here", "10:33"),
    (WHEN, "{target-vault: central}", "{target-vault: [[a]]}", "a constant stands here", "10:23"),
    (WHEN, "at: target-vault", "at: target", "`rule` has no attribute `target`; known are", "11:5"),
    (WHEN, "at: target-vault", "at: target-name-valid", "nothing to underline", "11:5"),
    # one way to say what is wrong
    (WHEN, "at: target-vault", "at: target-vault\ncheck: target_is_arn", "either `when`", "1:1"),
    (WHEN, "when: {target-vault: central}\nat: target-vault\n", "", "either `when`", "1:1"),
    (WHEN, "at: target-vault", "with: {a: b}", "`with` is for a `check`", "11:7"),
    (CHECK, "unknown: silent", "at: delete-after-days", "`at` is for a `when`", "12:5"),
    # checks
    (CHECK, "retention_is_out_of_range", "retention_is_out_of_rang", "did you mean `retention_is_out_of_range`?", "10:8"),
    (CHECK, "subject: lifecycle", "subject: vault", "checks `lifecycle`, not `vault`", "10:8"),
    (CHECK, "most: 365", "least: 365", "has no `least`; ", "11:8"),
    (CHECK, "most: 365", "most: a year", "`most` is a whole number", "11:14"),
    (CHECK, "with: {most: 365, forever: -1}\n", "", "needs `most` under `with`", "10:8"),
    (
        WHEN,
        "when: {target-vault: central}\nat: target-vault",
        "check: target_is_arn\nwith: {kind: air-gapped}",
        "`target_is_arn` has no options",
        "11:8",
    ),
    # other subjects
    (
        WHEN,
        "subject: rule\nwhen: {target-vault: central}\nat: target-vault",
        "subject: problem\nwhen: {related: x}",
        "`related` is a place: there is nothing to compare it with",
        "10:8",
    ),
    (
        WHEN,
        "subject: rule\nwhen: {target-vault: central}\nat: target-vault",
        "subject: amount\nwhen: {number: many}",
        "`number` is a number",
        "10:16",
    ),
    (
        WHEN,
        "subject: rule\nwhen: {target-vault: central}\nat: target-vault",
        "subject: amount\nwhen: {number: [7, true]}",
        "`number` is a number",
        "10:16",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "old", "new", "message", "place"),
    BAD,
    ids=[new[:50] or message for _, _, new, message, _ in BAD],
)
def test_bad_rules_are_told_with_a_place_and_do_not_fit_the_schema(
    tmp_path: Path, base: str, old: str, new: str, message: str, place: str
) -> None:
    assert old in base
    text = base.replace(old, new)

    with pytest.raises(BrokenRule) as broken:
        load(tmp_path, text)

    assert message in broken.value.message
    assert str(broken.value.span) == f"lint/ours.yaml:{place}"
    assert not schema_takes(text)


MORE_THAN_A_SCHEMA_TELLS = [
    (WHEN, "id: ours", "id: theirs", "the id of `ours.yaml` is `ours`", "1:5"),
    (WHEN, "id: ours", "id: ours\nid: ours", "key `id` is given twice", "2:1"),
    (WHEN, "`{target-vault}`", "`{target}`", "`rule` has no attribute `target`; known are", "12:13"),
    (WHEN, "message:", "help: {a: x, b: 'use {nmae}'}\nmessage:", "`rule` has no attribute `nmae`", "12:23"),
    (WHEN, "{target-vault: central}", "{target-vault: {matches: '('}}", "not a regular expression", "10:32"),
    (WHEN, "A rule keeps", "TODO say what", "this is still to be written", "2:8"),
    (WHEN, "references: []", "references: [https://example.com/TODO]", "this is still to be written", "8:34"),
    (WHEN, "title: A", "title: !Sub A", "`title` is a text", "2:8"),
    (WHEN, "title: A rule keeps its backups in central", 'title: "', "", "12:11"),
]


@pytest.mark.parametrize(
    ("base", "old", "new", "message", "place"),
    MORE_THAN_A_SCHEMA_TELLS,
    ids=[new[:50] for _, _, new, _, _ in MORE_THAN_A_SCHEMA_TELLS],
)
def test_what_a_schema_cannot_tell_is_told_with_its_place(
    tmp_path: Path, base: str, old: str, new: str, message: str, place: str
) -> None:
    assert old in base

    with pytest.raises(BrokenRule) as broken:
        load(tmp_path, base.replace(old, new))

    assert message in broken.value.message
    assert str(broken.value.span) == f"lint/ours.yaml:{place}"


@pytest.mark.parametrize("text", ["", "- a\n", "a rule\n"])
def test_what_is_no_mapping_is_no_rule(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenRule):
        load(tmp_path, text)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(b"id: \xff")

    with pytest.raises(BrokenRule, match="not UTF-8"):
        load_rule(tmp_path / "ours.yaml", "ours.yaml")
    with pytest.raises(BrokenRule, match="cannot be read: no such file"):
        load_rule(tmp_path / "none.yaml", "none.yaml")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_both_documents_of_every_rule_fit_the_schema(rule: object) -> None:
    path: Path = rule.path  # type: ignore[attr-defined]
    for document in yaml.safe_load_all(path.read_text("utf-8")):
        assert [error.message for error in SCHEMA.iter_errors(document)] == []


def test_the_schema_is_itself_valid_and_lies_beside_the_rules() -> None:
    Draft7Validator.check_schema(SCHEMA.schema)

    assert (rules_folder() / "rule.schema.json").read_text("utf-8") == rule_schema()


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_says_what_it_takes(name: str) -> None:
    """Its subject is a noun, and its options are of kinds that a rule file can give."""
    assert subjects_of(CHECKS[name])
    assert {option.kind for option in options_of(CHECKS[name]).values()} <= set(A_KIND)
    assert CHECKS[name].__doc__


EXAMPLES = [
    ("bad: [{name: a, files: {b: c}, expect: [{at: 'b:1 c', also: []}]}]", True),
    ("good: [{name: a, files: {b: c}}]\nunsure:\n", True),
    ("good: [{name: a, files: {b: c}, given: {accounts: ['1'], parameters: {Days: 7}}, config: x}]", True),
    ("good: [{name: a}]", False),
    ("good: [{name: a, files: {b: c}, expects: []}]", False),
    ("bad: [{name: a, files: {b: c}, expect: [{also: []}]}]", False),
    ("good: []\nworse: []", False),
]


@pytest.mark.parametrize(("text", "fits"), EXAMPLES)
def test_the_schema_of_examples(text: str, fits: bool) -> None:
    assert schema_takes(text) == fits
