"""The pre-commit hook, run by pre-commit itself in a repository of its own.

Where pre-commit is not installed these tests are skipped. The one that installs the hook as users do takes long, and
wants a package index: `make slow`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from xbackup_lint.config.location import NAMES, PYPROJECT
from xbackup_lint.discover import SUFFIXES

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
ESTATE = ROOT / "tests" / "fixtures" / "clean" / "by-folder"
PLAN, VAULT = "111122223333/eu-west-1/backups.yaml", "444455556666/eu-west-1/central.yaml"
PRE_COMMIT = shutil.which("pre-commit", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

[HOOK] = yaml.safe_load(MANIFEST.read_text("utf-8"))

needs_pre_commit = pytest.mark.skipif(
    PRE_COMMIT is None or shutil.which("git") is None, reason="pre-commit or git is not installed"
)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of the machine's git, nor of a hook that these tests may run in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(home)} | more


class Repository:
    """A repository of git with the hook in its configuration."""

    def __init__(self, folder: Path, home: Path, config: dict[str, Any] | None) -> None:
        self.folder = folder
        self._environment = environment(home, PYTHONPATH=str(ROOT))
        shutil.copytree(ESTATE, folder)
        self.git("init", "--quiet")
        self.write("README.md", "Backups\n")
        if config is not None:
            self.write(".pre-commit-config.yaml", yaml.safe_dump(config))
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "all")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, env=self._environment, check=True)

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def pre_commit(self, *arguments: str) -> tuple[int, str]:
        """What pre-commit says of what is staged."""
        self.git("add", ".")
        assert PRE_COMMIT is not None
        done = subprocess.run(
            [PRE_COMMIT, *(arguments or ("run",)), "--color", "never"],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The hook as the manifest has it, but with this Python: nothing is installed."""
    hook = HOOK | {"language": "system", "entry": f"{sys.executable} -m xbackup_lint"}
    return Repository(
        tmp_path / "repo", tmp_path / "home", {"repos": [{"repo": "local", "hooks": [{**hook}]}]}
    )


@needs_pre_commit
def test_the_manifest_is_valid() -> None:
    assert PRE_COMMIT is not None
    done = subprocess.run(
        [PRE_COMMIT, "validate-manifest", str(MANIFEST)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_all_files_are_checked_however_few_changed() -> None:
    assert HOOK["pass_filenames"] is False
    assert HOOK["args"] == ["."]
    assert HOOK["require_serial"] is True


OURS = [f"folder/file{suffix}" for suffix in (*SUFFIXES, ".YAML", ".Template")]
OTHERS = [
    "README.md",
    "src/main.py",
    "yaml",
    "a.yaml.md",
    "main.tf",
    "notpyproject.toml",
    "a.toml",
    "json/a.txt",
]


@pytest.mark.parametrize(
    "path", [*OURS, *NAMES, PYPROJECT, f"infrastructure/{PYPROJECT}", "cdk.out/manifest.json"]
)
def test_what_a_run_may_read_sets_it_off(path: str) -> None:
    assert re.search(HOOK["files"], path)


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_else_does(path: str) -> None:
    assert not re.search(HOOK["files"], path)


@needs_pre_commit
def test_good_templates_pass(repository: Repository) -> None:
    repository.change(PLAN, "Description: ", "Description: The ")

    status, said = repository.pre_commit()

    assert status == 0
    assert re.search(r"^xbackup-lint\.+Passed$", said, re.MULTILINE)


@needs_pre_commit
def test_a_fault_fails_with_its_place(repository: Repository) -> None:
    repository.change(PLAN, ":backup-vault:", ":backup-vaults:")

    status, said = repository.pre_commit()

    assert status == 1
    assert re.search(r"^xbackup-lint\.+Failed$", said, re.MULTILINE)
    assert f"--> {PLAN}:" in said


@needs_pre_commit
def test_a_change_in_one_account_is_checked_against_the_other(repository: Repository) -> None:
    repository.change(VAULT, "- backup:DeleteRecoveryPoint", "- backup:CopyIntoBackupVault")

    status, said = repository.pre_commit()

    assert status == 1
    assert "error[copy-denied-by-vault]" in said
    assert f"--> {PLAN}:" in said  # this file did not change


@needs_pre_commit
def test_a_change_that_is_none_of_ours_is_skipped(repository: Repository) -> None:
    repository.write("README.md", "More backups\n")

    status, said = repository.pre_commit()

    assert status == 0
    assert re.search(r"^xbackup-lint\.*\(no files to check\)Skipped$", said, re.MULTILINE)


@needs_pre_commit
@pytest.mark.parametrize("name", [".xbackup-lint.yaml", "pyproject.toml", "linked.yaml"])
def test_a_configuration_or_a_link_sets_it_off(repository: Repository, name: str) -> None:
    if name == "linked.yaml":
        (repository.folder / name).symlink_to(PLAN)
    elif name.endswith(".toml"):
        repository.write(name, '[tool.xbackup-lint]\nfail-on = "error"\n')
    else:
        repository.write(name, "fail-on: error\n")

    status, said = repository.pre_commit()

    assert "Skipped" not in said
    assert status == 0, said


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """The project as a repository of its own, as users clone it."""
    folder = tmp_path / "product"
    folder.mkdir()
    for name in ("xbackup_lint", "rules"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    env = environment(tmp_path)
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "all")):
        subprocess.run(["git", *arguments], cwd=folder, env=env, check=True)
    return folder


@pytest.mark.slow
@needs_pre_commit
def test_the_hook_as_users_install_it(product: Path, tmp_path: Path) -> None:
    """pre-commit builds an environment for it: this takes half a minute, and a package index."""
    repository = Repository(tmp_path / "repo", tmp_path / "home", None)
    try_it = ("try-repo", str(product), "xbackup-lint", "--verbose")

    repository.change(PLAN, "Description: ", "Description: The ")
    status, said = repository.pre_commit(*try_it)
    assert status == 0, said
    assert "no errors; 2 files, 2 accounts, 2 copies (2 land)" in said

    repository.change(VAULT, "- backup:DeleteRecoveryPoint", "- backup:CopyIntoBackupVault")
    status, said = repository.pre_commit(*try_it)
    assert status == 1, said
    assert "error[copy-denied-by-vault]" in said

    repository.git("commit", "--quiet", "--message", "broken")
    repository.write("README.md", "More backups\n")
    status, said = repository.pre_commit(*try_it)
    assert status == 0, said
    assert "(no files to check)Skipped" in said
