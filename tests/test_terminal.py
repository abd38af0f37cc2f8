"""The terminal: how wide, which colours and links, a bar while work lasts; and what is told on request."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pseudo_terminal import Terminal, on_terminal, plain
from tests.report_samples import EVERYTHING, at
from tests.runs import run
from tests.test_report_laws import results
from xbackup_lint import progress
from xbackup_lint.cli import main
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Finding, Result, RuleInfo, Summary
from xbackup_lint.report import concise, copies, statistics, text
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns
from xbackup_lint.terminal import shows_links

ROOT = Path(__file__).parents[1]
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
            Lifecycle:
              MoveToColdStorageAfterDays: 30
              DeleteAfterDays: 90
"""
VAULT = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BackupVaultName: central
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/backup"}
            Action: backup:CopyIntoBackupVault
            Resource: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path


def test_a_report_on_a_terminal_has_colours(folder: Path) -> None:
    out = on_terminal("plan.yaml", cwd=folder)

    assert "\x1b[1;31merror[cold-storage-under-90-days]\x1b[0m" in out
    assert "\x1b]8;" not in out  # of this terminal it is not known that it shows links


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(folder: Path, variables: dict[str, str]) -> None:
    shows = variables | {"WT_SESSION": "1", "FORCE_HYPERLINK": "1"}

    assert "\x1b" not in on_terminal("plan.yaml", cwd=folder, variables=shows)


def test_no_color_is_an_option_too(folder: Path) -> None:
    assert "\x1b" not in on_terminal("plan.yaml", "--no-color", cwd=folder, variables={"WT_SESSION": "1"})


WIDE = [
    pytest.param(PLAN.replace("daily", "daily" * 30), id="long lines"),
    pytest.param(PLAN.replace("MoveToColdStorage", " \t \tMoveToColdStorage"), id="tabs"),
    pytest.param(PLAN.replace("RuleName: daily", "RuleName: 毎日の予備を取ります" + "日本" * 60), id="wide"),
    pytest.param(" ".join(PLAN.replace("daily", "日本").split()), id="one line that cannot be read"),
    pytest.param(
        '{"Resources": {"Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {"BackupPlanName":'
        ' "日", "BackupPlanRule": [{"RuleName": "e\u0301\u0301", "TargetBackupVault": "central", "Lifecycle":'
        ' {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 90}}]}}}}}\n',
        id="one line of JSON",
    ),
]


@pytest.mark.parametrize("template", WIDE)
def test_no_line_is_wider_than_the_terminal(folder: Path, template: str) -> None:
    (folder / "plan.yaml").write_text(template)

    for width in (60, 80):
        seen = plain(on_terminal("plan.yaml", "--statistics", cwd=folder, columns=width)).splitlines()
        assert len(seen) > 5
        # Names and ARNs are there to be copied: one that is too long stands alone, unbroken.
        assert [line for line in seen if columns(line) > width and " " in line.strip()] == []


def test_what_is_underlined_stands_under_itself(folder: Path) -> None:
    (folder / "plan.yaml").write_text(WIDE[-1].values[0])  # type: ignore[arg-type]

    seen = plain(on_terminal("plan.yaml", "--select", "cold-storage-under-90-days", cwd=folder)).splitlines()

    [number] = [number for number, line in enumerate(seen) if "DeleteAfterDays" in line]
    start = columns(seen[number].partition("90}")[0])
    assert seen[number + 1][start:].rstrip() == "^^"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


LINKS = [
    ({"VTE_VERSION": "7600"}, True),
    ({"VTE_VERSION": "5001"}, True),
    ({"VTE_VERSION": "5000"}, False),  # crashes on them
    ({"VTE_VERSION": "new"}, False),
    ({"WT_SESSION": "8d1a"}, True),
    ({"TERM_PROGRAM": "vscode"}, True),
    ({"TERM_PROGRAM": "Apple_Terminal"}, False),
    ({"TERM": "xterm-kitty"}, True),
    ({"TERM": "xterm-256color"}, False),
    ({}, False),
    ({"FORCE_HYPERLINK": "1"}, True),
    ({"FORCE_HYPERLINK": "0", "VTE_VERSION": "7600"}, False),
    ({"FORCE_HYPERLINK": "", "VTE_VERSION": "7600"}, True),
    ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "VTE_VERSION": "7600"}, False),
    ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "FORCE_HYPERLINK": "1"}, True),
]


@pytest.mark.parametrize(("variables", "shown"), LINKS)
def test_where_links_are_shown(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], shown: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    assert shows_links(_Terminal(), variables) is shown
    assert not shows_links(io.StringIO(), variables)


def test_paths_are_links_where_they_are_shown(folder: Path) -> None:
    out = on_terminal("plan.yaml", cwd=folder, variables={"WT_SESSION": "1"})

    assert f"\x1b]8;;file://{folder}/plan.yaml\x1b\\plan.yaml\x1b]8;;\x1b\\:12:32\n" in out


def test_a_link_is_the_whole_path_and_is_not_seen() -> None:
    def link(path: str) -> str:
        place = at(f"{path}:3", "a: «b»")
        found = Finding("some-rule", "error", "certain", "wrong", place)
        result = replace(EVERYTHING, findings=(found,), notes=())
        linked = concise.render(result, Options(links="/home/me")).splitlines()[0]
        assert plain(linked) == concise.render(result, Options()).splitlines()[0]
        return linked.partition(":3:4: ")[0]

    def linked(address: str, path: str) -> str:
        return f"\x1b]8;;{address}\x1b\\{path}\x1b]8;;\x1b\\"

    assert link("a/plan.yaml") == linked("file:///home/me/a/plan.yaml", "a/plan.yaml")
    assert link("/etc/plan.yaml") == linked("file:///etc/plan.yaml", "/etc/plan.yaml")
    assert link("a b%;é.yaml") == linked("file:///home/me/a%20b%25%3B%C3%A9.yaml", "a b%;é.yaml")
    assert link("<stdin>") == "<stdin>"
    assert link("a\x1b\\.yaml") == "a␛\\.yaml"


@pytest.mark.parametrize("render", [text.render, concise.render, copies.render])
@pytest.mark.parametrize("colour", [False, True])
def test_links_add_nothing_that_is_seen(render: object, colour: bool) -> None:
    assert callable(render)
    linked = render(EVERYTHING, Options(80, colour, links="/home/me"))

    assert "\x1b]8;;file:///home/me/111122223333/eu-west-1/plan.yaml\x1b\\" in linked
    assert plain(linked) == plain(render(EVERYTHING, Options(80, colour)))


@given(results(), st.sampled_from([None, 80, 30]))
def test_links_and_statistics_of_anything(result: Result, width: int | None) -> None:
    for render in (text.render, concise.render, copies.render):
        assert plain(render(result, Options(width, links="/home/me"))) == render(result, Options(width))
    counted = [line.split()[0] for line in statistics.render(result, Options()).splitlines()]
    assert sum(map(int, counted)) == len(result.findings)
    assert sorted(map(int, counted), reverse=True) == [int(count) for count in counted]


def test_a_place_too_far_to_the_right_stands_below() -> None:
    shown = copies.render(EVERYTHING, Options(40)).splitlines()

    assert shown[:2] == ["fails   Daily/daily", "        111122223333/eu-west-1/plan.yaml:8:44"]
    assert "vault   444455556666/eu-west-1 central" in shown


# The bar


def bar(monkeypatch: pytest.MonkeyPatch, seconds: float, *, quiet: bool = False, colour: bool = True) -> str:
    """What is printed on a terminal while three things are done, each of which takes some seconds."""
    now = [0.0]
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal.stream)
        with progress.progress(quiet=quiet, colour=colour, clock=lambda: now[0]) as watch:
            for _ in watch("reading", "abc"):
                now[0] += seconds
    return terminal.printed()


def test_work_over_a_second_shows_a_bar_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = bar(monkeypatch, 0.6)

    assert "reading" in shown
    assert "2/3" in shown  # the first two took no second together
    assert "1/3" not in shown
    assert shown.endswith("\x1b[2K") or shown.rstrip("\n").endswith("\x1b[2K")


def test_quick_work_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    assert bar(monkeypatch, 0.3) == ""


def test_quiet_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")

    assert bar(monkeypatch, 60, quiet=True) == ""


def test_a_dumb_terminal_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")

    assert bar(monkeypatch, 60) == ""


def test_a_bar_goes_where_work_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal.stream)
        with pytest.raises(KeyboardInterrupt), progress.progress(quiet=False, colour=False) as watch:
            for _ in watch("checking", "ab"):
                raise KeyboardInterrupt
    shown = terminal.printed()

    assert "checking" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")  # the cursor is seen again


def test_a_run_watches_reading_joining_and_checking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(progress, "PATIENCE", 0.0)
        patch.setattr(progress, "EVERY", 0.0)
        patch.setattr(sys, "stderr", terminal.stream)
        patch.setenv("TERM", "xterm-256color")
        patch.chdir(folder)
        assert main(["plan.yaml", "--output", "report.txt"]) == 1
    shown = terminal.printed()

    assert all(what in shown for what in ("reading", "joining", "checking"))
    assert (folder / "report.txt").read_text() == run("plan.yaml", cwd=folder).out


def test_in_a_pipe_there_is_no_bar_and_no_rich(folder: Path) -> None:
    script = (
        "import sys; from xbackup_lint import progress; progress.PATIENCE = 0.0; from xbackup_lint.cli import main;"
        "status = main(['plan.yaml', '--statistics']); assert 'rich' not in sys.modules; sys.exit(status)"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT), "FORCE_HYPERLINK": "1", "WT_SESSION": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=env, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (1, b"")
    assert b"\x1b" not in done.stdout


# --statistics

COUNTED = Result(
    (
        *[Finding("b-rule", "warning", "certain", "m", at("a.yaml:1", "«a»"))] * 2,
        *[Finding("b-rule", "warning", "unsure", "m", at("a.yaml:1", "«a»"))] * 11,
        Finding("long-named-rule", "error", "certain", "m", at("a.yaml:1", "«a»")),
        *[Finding("a-rule", "info", "certain", "m", at("a.yaml:1", "«a»"))] * 2,
    ),
    (),
    Summary(errors=1, warnings=2, infos=2, unsure=11),
    rules=(
        RuleInfo("a-rule", "f", "Advice", "info", "", ""),
        RuleInfo("b-rule", "f", "Something with a title of several words", "warning", "", ""),
    ),
)


def test_statistics_are_by_rule_most_first() -> None:
    assert (
        statistics.render(COUNTED, Options())
        == """\
11  unsure   b-rule           Something with a title of several words
 2  note     a-rule           Advice
 2  warning  b-rule           Something with a title of several words
 1  error    long-named-rule
"""
    )


@pytest.mark.parametrize(
    ("width", "first"),
    [
        (
            60,
            """\
11  unsure   b-rule           Something with a title of
                              several words
""",
        ),
        (
            40,
            """\
11  unsure   b-rule
    Something with a title of several
    words
""",
        ),
    ],
)
def test_statistics_on_a_narrow_terminal(width: int, first: str) -> None:
    assert statistics.render(COUNTED, Options(width)).startswith(first)


def test_statistics_of_nothing_are_nothing() -> None:
    assert statistics.render(Result((), (), Summary()), Options(80)) == ""


def test_statistics_stand_below_the_report(folder: Path) -> None:
    report = run("plan.yaml", cwd=folder).out
    ran = run("plan.yaml", "--statistics", cwd=folder)

    assert ran.status == 1
    assert ran.out.startswith(f"{report}\n1  error  ")
    counts = Counter[str]()
    for line in ran.out.removeprefix(f"{report}\n").splitlines():
        count, kind, *_ = line.split()
        counts[kind] += int(count)
    assert counts == {"error": 1, "note": 1}
    assert "1 error, 1 note" in report


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "junit", "github", "markdown"])
def test_statistics_leave_a_report_for_programs_whole(folder: Path, name: str) -> None:
    alone = run("plan.yaml", "--format", name, cwd=folder)
    ran = run("plan.yaml", "--format", name, "--statistics", cwd=folder)

    assert ran.out == alone.out
    assert "cold-storage-under-90-days" in ran.err


def test_statistics_with_reports_in_files(folder: Path) -> None:
    ran = run("plan.yaml", "--format", "json=report.json", "--statistics", cwd=folder)

    assert ran.out.startswith("\n1  error    cold-storage-under-90-days")


# --show-files, --verbose, --quiet


def test_show_files(folder: Path) -> None:
    (folder / "workflow.yml").write_text("on: push\njobs: {}\n")
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "vault.json").write_text(
        '{"Resources": {"V": {"Type": "AWS::Backup::BackupVault"}}}'
    )
    (folder / "broken.yaml").write_text("AWSTemplateFormatVersion: '2010-09-09'\nX: {AWS::Backup::\n")

    ran = run(".", "--show-files", cwd=folder)

    assert (ran.status, ran.out, ran.err) == (0, "a/b/vault.json\nbroken.yaml\nplan.yaml\n", "")
    assert run("copies", ".", "--show-files", cwd=folder) == ran


def test_show_files_where_there_are_none(folder: Path) -> None:
    (folder / "plan.yaml").unlink()

    ran = run(".", "--show-files", cwd=folder)

    assert (ran.status, ran.out) == (2, "")
    assert "nothing to check" in ran.err


def test_verbose_tells_accounts_and_what_told_them(folder: Path) -> None:
    (folder / "central.yaml").write_text(VAULT)
    (folder / "111122223333").mkdir()
    (folder / "111122223333" / "vault.yaml").write_text(PLAN)
    (folder / ".xbackup-lint.yaml").write_text("fail-on: error\n")

    lines = run(".", "--verbose", cwd=folder).err.splitlines()

    assert lines == [
        "configuration .xbackup-lint.yaml",
        "read 111122223333/vault.yaml",
        "read central.yaml",
        "read plan.yaml",
        "111122223333/vault.yaml: account 111122223333, from its folder",
        "central.yaml: account 444455556666, from the resource of its vault's policy (central.yaml:14:48)",
        "plan.yaml: account not known",
    ]


def test_verbose_tells_of_the_option(folder: Path) -> None:
    lines = run("plan.yaml", "--verbose", "--account", "111122223333", cwd=folder).err.splitlines()

    assert lines == ["read plan.yaml", "plan.yaml: account 111122223333, from `--account`"]


def test_verbose_tells_what_cannot_be_read(folder: Path) -> None:
    (folder / "broken.yaml").write_text("a: [\n")

    assert "cannot read broken.yaml" in run("broken.yaml", "plan.yaml", "-v", cwd=folder).err.splitlines()


def test_names_of_files_act_on_no_terminal(folder: Path) -> None:
    name = "a\x1b[2Jb\nread c.yaml"
    (folder / f"{name}.yaml").write_text(PLAN)
    (folder / f"{name}.yml").write_text("on: push\n")

    ran = run(".", "--verbose", cwd=folder)
    shown = run(".", "--show-files", cwd=folder).out

    assert "read a␛[2Jb␊read c.yaml.yaml" in ran.err.splitlines()
    assert "passed over a␛[2Jb␊read c.yaml.yml: says nothing of backups" in ran.err.splitlines()
    assert shown == "a␛[2Jb␊read c.yaml.yaml\nplan.yaml\n"
    assert "\x1b" not in ran.out + ran.err + run(f"{name}.txt", cwd=folder).err


def test_quiet_is_silent_where_nothing_is_wrong(folder: Path) -> None:
    (folder / "central.yaml").write_text(VAULT)

    assert run("central.yaml", "--quiet", "--select", "input", cwd=folder).out == ""
    assert (
        '"version"' in run("central.yaml", "--quiet", "--select", "input", "--format", "json", cwd=folder).out
    )
