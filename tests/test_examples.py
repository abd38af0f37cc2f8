"""Examples of rules: how they are read, and what is said of one that does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from xbackup_lint.engine.examples import disagreements, examples_of, missing_kinds
from xbackup_lint.engine.load import load_rule, load_rules
from xbackup_lint.engine.rule import BrokenRule, Rule

WORDS = """\
id: vault-is-central
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
unknown: silent
message: "`{target-vault}` is not restored from"
"""
PLAN = """\
      plan.yaml: |
        Resources:
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: VAULT
"""


def rule_with(folder: Path, examples: str, words: str = WORDS) -> Rule:
    path = folder / "ours" / "vault-is-central.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{words}---\n{examples}")
    return load_rule(path, "lint/ours/vault-is-central.yaml")


def example(kind: str, vault: str, rest: str = "") -> str:
    return f"{kind}:\n  - name: plain\n    files:\n{PLAN.replace('VAULT', vault)}{rest}"


HOLDS = [
    example("bad", "central", '    expect: [{at: "plan.yaml:9 central"}]\n'),
    example("good", "daily"),
    # another rule reports on it, and it says so
    example(
        "bad",
        "c",
        '    expect: [{at: "plan.yaml:9 c"}]\n    also-reports: [target-vault-name-invalid]\n',
    ).replace("central", "c"),
]


@pytest.mark.parametrize("text", HOLDS, ids=["bad", "good", "with another"])
def test_an_example_that_holds(tmp_path: Path, text: str) -> None:
    words = WORDS.replace("{target-vault: central}", "{target-vault: [central, c]}")
    rule = rule_with(tmp_path, text, words)

    assert said(rule) == []


def said(rule: Rule) -> list[str]:
    (only,) = examples_of(rule)
    return list(disagreements(only, [*load_rules(), rule]))


DOES_NOT_HOLD = [
    (
        example("bad", "daily", '    expect: [{at: "plan.yaml:9 central"}]\n'),
        ["expects plan.yaml:9 central: not reported"],
    ),
    (
        example("bad", "central", '    expect: [{at: "plan.yaml:8 central"}]\n'),
        ["expects plan.yaml:8 central: not reported", "reports plan.yaml:9 central: not expected"],
    ),
    (
        example("bad", "central", '    expect: [{at: "plan.yaml:9 central", also: ["plan.yaml:2 Plan"]}]\n'),
        [
            "expects plan.yaml:9 central, also plan.yaml:2 Plan: not reported",
            "reports plan.yaml:9 central: not expected",
        ],
    ),
    (
        example("good", "central"),
        ["reports plan.yaml:9 central: not expected"],
    ),
    (
        example("unsure", "central", '    expect: [{at: "plan.yaml:9 central"}]\n'),
        ["what is reported is not unsure"],
    ),
    (
        example("bad", "daily"),
        ["is a bad example, and expects nothing"],
    ),
    (
        example("unsure", "daily"),
        ["is an unsure example, and expects nothing"],
    ),
    (
        example("good", "x"),
        ["`target-vault-name-invalid` reports too"],
    ),
    (
        example("good", "daily", "    also-reports: [copy-to-itself]\n"),
        [
            "is a good example, on which no rule reports anything at warning or above",
            "`copy-to-itself` does not report",
        ],
    ),
]


@pytest.mark.parametrize(("text", "faults"), DOES_NOT_HOLD, ids=lambda value: value[0] if value else "")
def test_what_does_not_hold_is_said(tmp_path: Path, text: str, faults: list[str]) -> None:
    assert said(rule_with(tmp_path, text)) == faults


def test_two_findings_in_another_order_are_said_to_be(tmp_path: Path) -> None:
    two = PLAN + PLAN[PLAN.index("                  - ") :]
    text = f"bad:\n  - name: two\n    files:\n{two.replace('VAULT', 'central')}"
    text += '    expect: [{at: "plan.yaml:11 central"}, {at: "plan.yaml:9 central"}]\n'

    assert said(rule_with(tmp_path, text)) == [
        "reports in another order: plan.yaml:9 central; plan.yaml:11 central"
    ]


def test_an_example_says_what_the_command_line_and_the_configuration_say(tmp_path: Path) -> None:
    """Rules on a parameter and the account: neither is known without them."""
    given = (
        "    given: {accounts: ['111122223333'], regions: [eu-west-1], parameters: {Vault: central}}\n"
        "    config: |\n      trusted-key-accounts: ['777788889999']\n"
        '    expect: [{at: "plan.yaml:9 !Ref Vault"}]\n'
    )
    plan = PLAN.replace("VAULT", "!Ref Vault") + "        Parameters:\n          Vault: {Type: String}\n"
    (only,) = examples_of(rule_with(tmp_path, f"bad:\n  - name: given\n    files:\n{plan}{given}"))

    assert (only.accounts, only.regions, only.parameters) == (
        ("111122223333",),
        ("eu-west-1",),
        {"Vault": "central"},
    )
    assert list(disagreements(only, [only.rule])) == []


@pytest.mark.parametrize(
    ("examples", "unknown", "missing"),
    [
        ("", "silent", ["bad", "good"]),
        (example("bad", "central"), "silent", ["good"]),
        (example("bad", "central") + example("good", "daily"), "silent", []),
        (example("bad", "central") + example("good", "daily"), "unsure", ["unsure"]),
    ],
)
def test_kinds_that_are_missing(tmp_path: Path, examples: str, unknown: str, missing: list[str]) -> None:
    rule = rule_with(tmp_path, examples, WORDS.replace("unknown: silent", f"unknown: {unknown}"))

    assert missing_kinds(rule, examples_of(rule)) == missing


@pytest.mark.parametrize("end", ["", "---\n"])
def test_a_rule_may_have_no_examples(tmp_path: Path, end: str) -> None:
    path = tmp_path / "vault-is-central.yaml"
    path.write_text(WORDS + end)

    assert examples_of(load_rule(path, "vault-is-central.yaml")) == []


BROKEN = [
    ("worse: []\n", "the examples of a rule has no `worse`; known are bad, good, unsure", "15:1"),
    ("bad: {}\n", "`bad` is a list", "15:6"),
    ("bad: [plain]\n", "an example is a mapping", "15:7"),
    ("bad:\n  - files: {}\n", "an example needs `name`", "16:5"),
    ("bad:\n  - name: x\n", "an example needs `files`", "16:5"),
    ("bad:\n  - {name: x, files: {}, expects: []}\n", "did you mean `expect`?", "16:26"),
    ("bad:\n  - {name: x, files: {a: [b]}}\n", "`a` is a text", "16:26"),
    ("bad:\n  - {name: x, files: {}, given: {account: []}}\n", "did you mean `accounts`?", "16:34"),
    ("bad:\n  - {name: x, files: {}, expect: [{also: []}]}\n", "needs `at`", "16:35"),
    ("bad:\n  - {name: x, files: {}, expect: plan.yaml}\n", "`expect` is a list", "16:34"),
    ("bad: []\nbad: []\n", "key `bad` is given twice", "16:1"),
    ("bad: [\n", "", "15:7"),
]


@pytest.mark.parametrize(("text", "message", "place"), BROKEN, ids=lambda value: value[:40])
def test_broken_examples_are_told_with_their_place_in_the_file(
    tmp_path: Path, text: str, message: str, place: str
) -> None:
    rule = rule_with(tmp_path, text)

    with pytest.raises(BrokenRule) as broken:
        examples_of(rule)

    assert message in broken.value.message
    assert str(broken.value.span) == f"lint/ours/vault-is-central.yaml:{place}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("    given: {accounts: ['12345']}\n", "`12345` is not an account id of 12 digits"),
        ("    config: 'selekt: [x]'\n", "there is no key `selekt` here; did you mean `select`?"),
    ],
)
def test_what_an_example_gives_must_be_usable(tmp_path: Path, given: str, message: str) -> None:
    (only,) = examples_of(rule_with(tmp_path, example("good", "daily", given)))

    with pytest.raises(BrokenRule) as broken:
        list(disagreements(only, [only.rule]))

    assert message in broken.value.message
    assert str(broken.value.span) == "lint/ours/vault-is-central.yaml:16:11"
