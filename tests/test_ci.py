"""The recipes for CI: what docs/ci.md and action.yml say is read by others' schemas, and run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from junitparser import JUnitXml

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "ci.md").read_text("utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
ESTATE = ROOT / "tests" / "fixtures" / "clean" / "by-folder"
PLAN = "111122223333/eu-west-1/backups.yaml"
PATHS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40}")


def snippet(heading: str, language: str = "yaml") -> str:
    """The first snippet below a heading of the document."""
    section = DOCUMENT.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    return section.partition(f"```{language}\n")[2].partition("```")[0]


def validated(text: str, name: str, folder: Path, *how: str) -> str:
    """What another program says of a file; nothing where it is as it should be."""
    program = shutil.which(how[0], path=PATHS)
    if program is None:
        pytest.skip(f"{how[0]} is not installed")
    file = folder / name
    file.write_text(text)
    done = subprocess.run([program, *how[1:], str(file)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Templates of two accounts, one of them broken, and a program `xbackup-lint` beside them."""
    folder = tmp_path / "work space"
    shutil.copytree(ESTATE, folder)
    plan = folder / PLAN
    plan.write_text(plan.read_text().replace(":backup-vault:", ":backup-vaults:"))
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "xbackup-lint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m xbackup_lint "$@"\n')
    program.chmod(0o755)
    return folder


def shell(script: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script, run as GitHub runs those with `shell: bash`."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    env = os.environ | {"PATH": f"{cwd.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"} | variables
    command = [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_recipe_for_pre_commit_is_valid(tmp_path: Path) -> None:
    text = snippet("pre-commit")

    assert validated(text, "config.yaml", tmp_path, "pre-commit", "validate-config") == ""
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"]] == [used["id"] for used in yaml.safe_load(text)["repos"][0]["hooks"]]


SCHEMAS = [
    ("GitHub Actions", "vendor.github-workflows"),
    ("GitLab", "vendor.gitlab-ci"),
]


@pytest.mark.parametrize(("heading", "schema"), SCHEMAS)
def test_recipes_are_valid(tmp_path: Path, heading: str, schema: str) -> None:
    how = ("check-jsonschema", "--builtin-schema", schema)

    assert validated(snippet(heading), "recipe.yaml", tmp_path, *how) == ""


def test_the_schemas_refuse_what_is_wrong(tmp_path: Path) -> None:
    text = snippet("GitHub Actions").replace("runs-on:", "runs-off:")
    how = ("check-jsonschema", "--builtin-schema", "vendor.github-workflows")

    assert "runs-on" in validated(text, "recipe.yaml", tmp_path, *how)


def test_the_action_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    how = ("check-jsonschema", "--builtin-schema", "vendor.github-actions")

    assert validated(text, "action.yml", tmp_path, *how) == ""


def test_every_action_of_others_is_pinned() -> None:
    steps = yaml.safe_load(snippet("GitHub Actions"))["jobs"]["xbackup-lint"]["steps"]
    used = [step["uses"] for step in (*ACTION["runs"]["steps"], *steps) if "uses" in step]

    assert len(used) == 4
    assert [name for name in used if not PINNED.fullmatch(name)] == ["example/xbackup-lint@v0.1.0"]


def test_the_recipe_gives_the_action_only_what_it_takes() -> None:
    steps = yaml.safe_load(snippet("GitHub Actions"))["jobs"]["xbackup-lint"]["steps"]
    [step] = [step for step in steps if step["uses"].startswith("example/")]

    assert set(step["with"]) < set(ACTION["inputs"])
    assert f"steps.{step['id']}.outputs.{next(iter(ACTION['outputs']))}" in steps[-1]["with"]["sarif_file"]


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    [found] = [one for one in ACTION["runs"]["steps"] if one.get("name") == name]
    assert isinstance(found, dict)
    return found


def test_what_is_given_to_the_action_is_never_part_of_a_script() -> None:
    assert [one["name"] for one in ACTION["runs"]["steps"] if "${{" in one.get("run", "")] == []


def checked(estate: Path, paths: str, args: str = "") -> subprocess.CompletedProcess[str]:
    """The action's check, as a runner would run it."""
    temporary = estate.parent / "runner temp"
    temporary.mkdir(exist_ok=True)
    return shell(
        step("Check")["run"],
        estate,
        PATHS=paths,
        ARGS=args,
        RUNNER_TEMP=str(temporary),
        GITHUB_OUTPUT=str(estate.parent / "output"),
        XBACKUP_LINT=str(estate.parent / "bin" / "xbackup-lint"),
    )


def test_the_action_annotates_and_writes_sarif(estate: Path) -> None:
    done = checked(estate, ".")

    sarif = estate.parent / "runner temp" / "xbackup-lint.sarif"
    assert done.returncode == 1
    assert f"::error file={PLAN},line=" in done.stdout
    assert (estate.parent / "output").read_text() == f"sarif={sarif}\n"
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert sorted(path.name for path in estate.iterdir()) == ["111122223333", "444455556666"]


GIVEN = [
    (".", "--exit-zero", 0, "::error file="),
    ("444455556666", "", 0, "no errors"),
    (f"444455556666\n{PLAN}\n", "", 1, "::error file="),
    ("a folder/with blanks\n", "--exit-zero", 2, "`a folder/with blanks`: no such file or folder"),
    (".", "--select 'input' \"--exit-zero\"", 0, "no errors"),
    ("$(touch made)", "`touch made`; touch made", 2, "no such file or folder"),
]


@pytest.mark.parametrize(("paths", "args", "status", "said"), GIVEN)
def test_what_the_action_is_given(estate: Path, paths: str, args: str, status: int, said: str) -> None:
    done = checked(estate, paths, args)

    assert done.returncode == status
    assert said in done.stdout + done.stderr
    assert not (estate / "made").exists()


def test_a_quote_that_the_action_is_given_must_be_closed(estate: Path) -> None:
    done = checked(estate, ".", "--select 'input")

    assert done.returncode != 0
    assert "quote" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("version", "installed"),
    [("", "/the action"), ("0.1.0", "xbackup-lint==0.1.0"), ("0 -r x", "xbackup-lint==0 -r x")],
)
def test_what_the_action_installs(estate: Path, version: str, installed: str) -> None:
    """Python is a script that makes an environment whose Python tells its arguments, one a line."""
    python = estate.parent / "bin" / "python"
    python.write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf \'#!/bin/sh\\nprintf "%%s\\\\n" "$@"\\n\' > "$3/bin/python"\nchmod +x "$3/bin/python"\n'
    )
    python.chmod(0o755)

    done = shell(
        step("Install xbackup-lint")["run"],
        estate,
        PYTHON=str(python),
        ACTION="/the action",
        VERSION=version,
        RUNNER_TEMP=str(estate.parent / "runner temp"),
        GITHUB_ENV=str(estate.parent / "env"),
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == ["-m", "pip", "install"]
    assert done.stdout.splitlines()[-1] == installed
    program = estate.parent / "runner temp" / "xbackup-lint" / "bin" / "xbackup-lint"
    assert (estate.parent / "env").read_text() == f"XBACKUP_LINT={program}\n"


def test_the_recipe_for_gitlab_runs(estate: Path) -> None:
    [job] = yaml.safe_load(snippet("GitLab")).values()
    install, check = job["script"]

    done = shell(check, estate)

    assert install == "pip install xbackup-lint"
    assert done.returncode == 1
    assert f"--> {PLAN}:" in done.stdout
    found = json.loads((estate / job["artifacts"]["reports"]["codequality"]).read_text())
    assert {one["location"]["path"] for one in found} == {PLAN}


def test_the_recipe_for_jenkins_runs(estate: Path) -> None:
    text = snippet("Jenkins", "groovy")
    [command], [report] = re.findall(r"sh '(.+)'", text), re.findall(r"junit '(.+)'", text)

    done = shell(command, estate)

    assert done.returncode == 0
    assert f"--> {PLAN}:" in done.stdout
    assert JUnitXml.fromfile(str(estate / report)).failures >= 1


def test_a_baseline_makes_the_gate_green_and_what_is_new_red(estate: Path) -> None:
    configured = snippet("A baseline to begin with")
    made = shell("xbackup-lint . --write-baseline", estate)
    (estate / ".xbackup-lint.yaml").write_text(configured)

    assert made.returncode == 0
    assert shell("xbackup-lint .", estate).returncode == 0

    plan = estate / PLAN
    plan.write_text(plan.read_text().replace("TargetBackupVault: ", "TargetBackupVault: -", 1))
    assert shell("xbackup-lint .", estate).returncode == 1


@pytest.mark.slow
def test_the_action_installs_itself(estate: Path) -> None:
    """With a real environment, from a package index."""
    temporary = estate.parent / "runner temp"
    variables = {"RUNNER_TEMP": str(temporary), "PYTHON": sys.executable, "ACTION": str(ROOT), "VERSION": ""}
    env = estate.parent / "env"

    done = shell(step("Install xbackup-lint")["run"], estate, GITHUB_ENV=str(env), **variables)

    assert done.returncode == 0, done.stderr
    program = env.read_text().strip().partition("=")[2]
    (estate.parent / "bin" / "xbackup-lint").unlink()
    (estate.parent / "bin" / "xbackup-lint").symlink_to(program)
    assert f"::error file={PLAN},line=" in checked(estate, ".").stdout
