"""`new-rule`: a rule file of which only words are missing, and a look at whether examples hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.runs import run
from xbackup_lint.engine.load import rules_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.y*ml"))


def test_it_writes_a_file_and_says_what_next(folder: Path) -> None:
    ran = run("new-rule", "ours/vault-is-central", cwd=folder)

    assert (ran.status, ran.err) == (0, "")
    assert written(folder) == ["rules/ours/vault-is-central.yaml"]
    assert ran.out == (
        "wrote rules/ours/vault-is-central.yaml\n"
        "1. replace each TODO in it; `xbackup-lint explain --nouns` tells what rules can speak of\n"
        "2. see that its examples hold: `xbackup-lint new-rule --check rules/ours/vault-is-central.yaml`\n"
        "3. have it run: `rule-paths: [rules]` in .xbackup-lint.yaml\n"
    )


def test_its_only_fault_is_its_todos(folder: Path) -> None:
    """With any word in place of each, it loads, and its examples do what they say."""
    run("new-rule", "ours/vault-is-central", cwd=folder)
    path = folder / "rules" / "ours" / "vault-is-central.yaml"

    unfinished = run("new-rule", "--check", "rules", cwd=folder)
    path.write_text(path.read_text().replace("TODO", "offsite"))
    finished = run("new-rule", "--check", "rules", cwd=folder)

    assert unfinished.status == 2
    assert "broken rule: this is still to be written" in unfinished.err
    assert " --> rules/ours/vault-is-central.yaml:3:8\n" in unfinished.err
    assert (finished.status, finished.err) == (0, "")
    assert finished.out == "rules/ours/vault-is-central.yaml: 2 examples, all do what they say\n"


def test_every_todo_is_told_one_after_the_other(folder: Path) -> None:
    """Those of the examples too: a rule with one of them left is not finished."""
    run("new-rule", "ours/vault-is-central", cwd=folder)
    path = folder / "rules" / "ours" / "vault-is-central.yaml"
    told = []
    while (ran := run("new-rule", "--check", "rules", cwd=folder)).status == 2:
        line = int(re.findall(r"yaml:(\d+):", ran.err)[0])
        told.append(line)
        lines = path.read_text().splitlines(keepends=True)
        lines[line - 1] = lines[line - 1].replace("TODO", "offsite")
        path.write_text("".join(lines))

    assert told == sorted(told)
    assert len(told) == 8
    assert {line for line in path.read_text().splitlines() if "TODO" in line} == {
        "                    TargetBackupVault: TODO",
        '      - at: "plan.yaml:9 TODO"',
    }


@pytest.mark.parametrize(
    ("configuration", "options", "path"),
    [
        ("", (), "rules"),
        ("rule-paths: [lint, more]\n", (), "lint"),
        ("rule-paths: [lint]\n", ("--folder", "more"), "more"),
        ("", ("--folder", "lint/deep"), "lint/deep"),
    ],
)
def test_where_it_is_written(folder: Path, configuration: str, options: tuple[str, ...], path: str) -> None:
    (folder / ".xbackup-lint.yaml").write_text(configuration)

    run("new-rule", *options, "ours/one", cwd=folder)

    assert written(folder) == sorted([".xbackup-lint.yaml", f"{path}/ours/one.yaml"])


def test_a_folder_that_is_configured_need_not_be_told(folder: Path) -> None:
    (folder / ".xbackup-lint.yaml").write_text("rule-paths: [lint]\n")

    assert "rule-paths" not in run("new-rule", "ours/one", cwd=folder).out


def test_an_unfinished_rule_does_not_keep_another_from_being_begun(folder: Path) -> None:
    (folder / ".xbackup-lint.yaml").write_text("rule-paths: [rules]\n")

    assert [run("new-rule", f"ours/{name}", cwd=folder).status for name in ("one", "two")] == [0, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name one rule: `xbackup-lint new-rule FAMILY/ID`"),
        (("ours/one", "ours/two"), "name one rule"),
        (("one",), "`one`: write FAMILY/ID in small letters"),
        (("ours/One",), "write FAMILY/ID"),
        (("../one",), "write FAMILY/ID"),
        (("ours/one/two",), "write FAMILY/ID"),
        (("ours/",), "write FAMILY/ID"),
        (
            ("ours/copy-to-itself",),
            "there is a rule `copy-to-itself` already: rules/copy/copy-to-itself.yaml",
        ),
        (("--folder", "file.txt", "ours/one"), "`file.txt/ours` cannot be made: not a directory"),
        (("--check", "nowhere"), "`nowhere`: no such file or folder"),
        (("--check", "empty"), "`empty` holds no rules; they are called `empty/FAMILY/ID.yaml`"),
    ],
)
def test_what_cannot_be_done_is_2(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "empty").mkdir()
    (folder / "file.txt").write_text("")

    ran = run("new-rule", *arguments, cwd=folder)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert written(folder) == []


@pytest.mark.parametrize("family", ["ours", "theirs"])
def test_a_rule_that_is_there_is_not_replaced(folder: Path, family: str) -> None:
    run("new-rule", "ours/one", cwd=folder)
    path = folder / "rules" / "ours" / "one.yaml"
    path.write_text("mine")

    ran = run("new-rule", f"{family}/one", cwd=folder)

    assert ran.status == 2
    assert "there is a rule `one` already: rules/ours/one.yaml" in ran.err
    assert path.read_text() == "mine"


def test_a_check_says_what_does_not_hold_and_where(folder: Path) -> None:
    run("new-rule", "ours/one", cwd=folder)
    path = folder / "rules" / "ours" / "one.yaml"
    text = path.read_text().replace("TODO", "offsite").replace("plan.yaml:9 offsite", "plan.yaml:8 offsite")
    path.write_text(text[: text.index("good:")])

    ran = run("new-rule", "--check", path.relative_to(folder).as_posix(), cwd=folder)

    place = "rules/ours/one.yaml:22:11: bad example `offsite the plain case`: "
    assert ran.status == 1
    assert ran.out.splitlines() == [
        f"{place}expects plan.yaml:8 offsite: not reported",
        f"{place}reports plan.yaml:9 offsite: not expected",
        "rules/ours/one.yaml:1:1: there is no good example",
    ]


def test_rules_of_the_tool_are_checked_as_well() -> None:
    path = rules_folder() / "copy" / "copy-to-itself.yaml"

    ran = run("new-rule", "--check", str(path))

    assert ran.status == 0
    assert ran.out.startswith(f"{path}: ")


def test_the_schema_is_printed() -> None:
    assert json.loads(run("new-rule", "--schema").out)["title"] == "A rule of xbackup-lint"
