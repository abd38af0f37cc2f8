"""Rules of users' own: found by `rule-paths`, and worth as much as those that the tool ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runs import Ran, run

PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: central
"""
RULE = """\
id: vault-is-central
title: A rule keeps its backups in central
severity: error
since: 1.0.0
rationale: Nobody restores from there.
remediation: Name another vault.
false-positives: []
references: []
subject: rule
when: {target-vault: central}
at: target-vault
message: "`{target-vault}` is not restored from"
---
bad:
  - name: in central
    files:
      plan.yaml: |
        Resources:
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: central
    expect: [{at: "plan.yaml:9 central"}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "plan.yaml").write_text(PLAN)
    write(tmp_path / "lint" / "ours" / "vault-is-central.yaml", RULE)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def configured(folder: Path, text: str, *arguments: str, cwd: str = ".") -> Ran:
    (folder / ".xbackup-lint.yaml").write_text(text)
    return run(*(arguments or (".", "--format", "concise")), cwd=folder / cwd)


FOUND = "plan.yaml:9:32: error[vault-is-central] `central` is not restored from\n"


def test_they_report_as_others_do(folder: Path) -> None:
    ran = configured(folder, "rule-paths: [lint]\n")

    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith(FOUND)


def test_their_files_are_no_input_though_they_hold_templates(folder: Path) -> None:
    ran = configured(folder, "rule-paths: [lint]\n", ".", "--format", "json")

    assert json.loads(ran.out)["summary"]["files"]["unreadable"] == 0
    assert {f["location"]["path"] for f in json.loads(ran.out)["findings"]} == {"plan.yaml"}


def test_paths_are_relative_to_the_configuration(folder: Path) -> None:
    (folder / "deep").mkdir()

    ran = configured(folder, "rule-paths: [lint]\n", "..", "--format", "concise", cwd="deep")

    assert ran.out.startswith(f"../{FOUND}")


@pytest.mark.parametrize("suffix", ["yaml", "yml"])
def test_both_suffixes_of_yaml_will_do(folder: Path, suffix: str) -> None:
    rule = folder / "lint" / "ours" / "vault-is-central.yaml"
    rule.rename(rule.with_suffix(f".{suffix}"))

    assert configured(folder, "rule-paths: lint\n").out.startswith(FOUND)


CHOSEN = [
    ("select: [ours]\n", (), 1),
    ("select: [vault-is-central]\n", (), 1),
    ("select: [copy]\n", (), 0),
    ("ignore: [ours]\n", (), 0),
    ("ignore: [vault-is-central]\n", (), 0),
    ("severity: {vault-is-central: info}\n", (), 0),
    ("per-file-ignores: {plan.yaml: [ours]}\n", (), 0),
    ("", ("--select", "ours"), 1),
    ("", ("--ignore", "ours"), 0),
    # the command line has the last word on what is selected, and adds to what is ignored
    ("select: [copy]\n", ("--select", "ours"), 1),
    ("ignore: [ours]\n", ("--select", "ours"), 0),
    ("select: [ours]\n", ("--ignore", "vault-is-central"), 0),
]


@pytest.mark.parametrize(("text", "options", "status"), CHOSEN)
def test_they_are_selected_ignored_and_weighed(
    folder: Path, text: str, options: tuple[str, ...], status: int
) -> None:
    assert configured(folder, f"rule-paths: [lint]\n{text}", ".", *options).status == status


BROKEN_CONFIGURATIONS = [
    ("rule-paths: [nowhere]\n", "`nowhere`: no such folder", "1:14"),
    ("rule-paths: [lint, plan.yaml]\n", "`plan.yaml`: no such folder", "1:20"),
    ("rule-paths: [lint/ours]\n", "holds no rules; they are called `lint/ours/FAMILY/ID.yaml`", "1:14"),
    ("rule-paths: [lint]\nselect: [our]\n", "there is no rule `our`; did you mean `ours`?", "2:10"),
    ("rule-paths: [lint]\nseverity: {ours: info}\n", "there is no rule `ours`", "2:12"),
]


@pytest.mark.parametrize(("text", "message", "place"), BROKEN_CONFIGURATIONS)
def test_what_a_configuration_names_must_be_there(folder: Path, text: str, message: str, place: str) -> None:
    ran = configured(folder, text)

    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert f" --> .xbackup-lint.yaml:{place}\n" in ran.err
    assert "^^^" in ran.err


BROKEN_RULES = [
    (
        "vault-is-central",
        "{target-vault: central}",
        "{colour: red}",
        "`rule` has no attribute `colour`",
        "10:8",
    ),
    (
        "copy-to-itself",
        "vault-is-central",
        "copy-to-itself",
        "there is a rule of this id already: rules/",
        "1:5",
    ),
    (
        "vault-is-central",
        "at: target-vault",
        "at: target-vault\nyields-to: [copy-to-itslef]",
        "there is no rule `copy-to-itslef`; did you mean `copy-to-itself`?",
        "12:13",
    ),
    (
        "vault-is-central",
        'when: {target-vault: central}\nat: target-vault\nmessage: "`{target-vault}`',
        'check: target_is_arn\nmessage: "`{vualt}`',
        "`vualt` is neither a fact of the check nor an attribute of `rule`",
        "11:12",
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "message", "place"), BROKEN_RULES, ids=[row[3] for row in BROKEN_RULES]
)
def test_a_broken_rule_is_told_with_a_caret_in_its_file(
    folder: Path, name: str, old: str, new: str, message: str, place: str
) -> None:
    (folder / "lint" / "ours" / "vault-is-central.yaml").unlink()
    write(folder / "lint" / "ours" / f"{name}.yaml", RULE.replace(old, new))
    write(
        folder / "arn.yaml", PLAN.replace("central", "arn:aws:backup:eu-west-1:111122223333:backup-vault:x")
    )

    ran = configured(folder, "rule-paths: [lint]\n")

    assert (ran.status, ran.out) == (2, "")
    assert f"broken rule: {message}" in ran.err
    assert f" --> lint/ours/{name}.yaml:{place}\n" in ran.err
    assert "^^^" in ran.err


def test_two_folders_may_not_hold_one_rule_twice(folder: Path) -> None:
    write(folder / "more" / "theirs" / "vault-is-central.yaml", RULE)

    ran = configured(folder, "rule-paths: [lint, more]\n")

    assert ran.status == 2
    assert "there is a rule of this id already: lint/ours/vault-is-central.yaml" in ran.err
    assert " --> more/theirs/vault-is-central.yaml:1:5\n" in ran.err


def test_they_are_explained_with_their_examples(folder: Path) -> None:
    ran = configured(folder, "rule-paths: [lint]\n", "explain", "vault-is-central")

    assert ran.status == 0
    assert "error[vault-is-central]: A rule keeps its backups in central\n" in ran.out
    assert "Reported: in central\n" in ran.out
    assert "TargetBackupVault: central\n   |                                ^^^^^^^\n" in ran.out


def test_they_are_listed_with_the_severity_that_is_configured(folder: Path) -> None:
    ran = configured(folder, "rule-paths: [lint]\nseverity: {vault-is-central: info}\n", "explain", "ours")

    assert ran.out == "ours\n  vault-is-central  info     A rule keeps its backups in central\n"
