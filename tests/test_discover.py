"""Which files a run looks at: walking, naming, links, and all that is no file."""

from __future__ import annotations

import io
import os
import socket
import sys
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest

from xbackup_lint import discover as module
from xbackup_lint.config.deployments import UsageError
from xbackup_lint.discover import discover


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, in an empty folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def make(paths: Iterable[str], root: Path) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("a: 1\n")


def shown(*paths: str) -> list[str]:
    """The paths of the inputs as they are shown; those that were named with a star."""
    inputs, complaints = discover(paths)
    assert complaints == []
    return [given.path + "*" * given.named for given in inputs]


# Walking


def test_a_folder_gives_what_may_be_ours_in_order_of_path(here: Path) -> None:
    make(["b/vault.yaml", "b.yml", "a.json", "b/a/plan.template", "c/UPPER.YAML", "b-a.yaml"], here)
    make(["README.md", "a.yaml.bak", "yaml", "deploy.sh", "main.tf", "template.jsonc"], here)

    assert shown(".") == ["a.json", "b-a.yaml", "b.yml", "b/a/plan.template", "b/vault.yaml", "c/UPPER.YAML"]


def test_what_tools_leave_behind_is_not_looked_at(here: Path) -> None:
    skipped = [".git", "node_modules", ".venv", ".terraform", ".aws-sam", "__pycache__"]
    make([f"{folder}/a.yaml" for folder in skipped], here)
    make([f"x/y/{folder}/a.yaml" for folder in skipped], here)
    make([".github/workflows/ci.yml", ".hidden.yaml", "node_modules.yaml", "git/a.yaml"], here)

    assert shown(".") == [".github/workflows/ci.yml", ".hidden.yaml", "git/a.yaml", "node_modules.yaml"]
    assert shown("node_modules") == ["node_modules/a.yaml"], "unless it is what was named"


def test_an_empty_folder_gives_nothing(here: Path) -> None:
    assert shown(".") == []


# Naming


def test_a_file_is_looked_at_whatever_it_is_called(here: Path) -> None:
    make(["policy.txt", "policy"], here)

    assert shown("policy.txt", "policy") == ["policy*", "policy.txt*"]


def test_paths_are_shown_from_the_working_folder(here: Path) -> None:
    make(["a/b.yaml"], here)
    make(["beside/c.yaml"], here.parent)

    assert shown("./a/") == ["a/b.yaml"]
    assert shown(f"{here}/a") == ["a/b.yaml"]
    assert shown("a/../a/b.yaml") == ["a/b.yaml*"]
    assert shown("../beside") == ["../beside/c.yaml"]
    assert shown("../beside/c.yaml") == ["../beside/c.yaml*"]
    assert shown(f"{here.parent}/beside") == [f"{here.parent}/beside/c.yaml"]
    assert shown("..") == ["../beside/c.yaml", "../work/a/b.yaml"]


def test_a_file_reached_twice_is_looked_at_once(here: Path) -> None:
    make(["a/b.yaml", "a/c.yaml"], here)

    assert shown(".", "a", "a/") == ["a/b.yaml", "a/c.yaml"]
    assert shown("a", "a/b.yaml") == ["a/b.yaml*", "a/c.yaml"]
    assert shown("../work", f"{here.parent}/work/a") == ["a/b.yaml", "a/c.yaml"]


def test_the_order_of_paths_is_of_no_account(here: Path) -> None:
    make(["a/b.yaml", "c.yaml"], here)
    make(["beside/d.yaml"], here.parent)
    paths = ("a", "c.yaml", "..", "../beside", str(here.parent / "beside"), "a/b.yaml")

    outcomes = {tuple(shown(*order)) for order in permutations(paths)}

    assert len(outcomes) == 1


# What cannot be looked at


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    """A socket. It stays when its owner is gone."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


def circle(path: Path) -> None:
    other = path.with_name("other.yaml")
    other.symlink_to(path.name)
    path.symlink_to(other.name)


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (pipe, "`odd.yaml` is neither a file nor a folder"),
        (listening, "`odd.yaml` is neither a file nor a folder"),
        (dangling, "`odd.yaml` is a link to nothing"),
        (circle, "`odd.yaml` is a link to nothing"),
    ],
)
def test_what_is_no_file_cannot_be_named(here: Path, odd, message: str) -> None:  # type: ignore[no-untyped-def]
    odd(here / "odd.yaml")

    with pytest.raises(UsageError, match=message):
        discover(["odd.yaml"])


def test_a_device_cannot_be_named() -> None:
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        discover(["/dev/null"])


@pytest.mark.parametrize("odd", [pipe, listening, dangling, folder])
def test_what_is_no_file_is_not_met(here: Path, odd, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    make(["a.yaml"], here)
    odd(here / "odd.yaml")

    assert shown(".") == ["a.yaml"]


def test_links_that_go_round_are_told(here: Path) -> None:
    make(["a.yaml"], here)
    circle(here / "odd.yaml")

    inputs, complaints = discover(["."])

    assert [given.path for given in inputs] == ["a.yaml"]
    assert [complaint.partition(": passed over: ")[0] for complaint in complaints] == [
        "odd.yaml",
        "other.yaml",
    ]


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (["nowhere"], "`nowhere`: no such file or folder"),
        (["a.yaml", "nowhere.yaml"], "`nowhere.yaml`: no such file or folder"),
        (["a.yaml/b.yaml"], "no such file or folder"),
        (["a.yaml", "a.yaml"], "`a.yaml` is named twice"),
        (["a.yaml", "./b/../a.yaml"], "`a.yaml` is named twice"),
        ([""], "``: no such file or folder"),
        (["-", "-"], "`-` is named twice"),
    ],
)
def test_paths_that_cannot_be_meant(here: Path, paths: list[str], message: str) -> None:
    make(["a.yaml", "b/c.yaml"], here)

    with pytest.raises(UsageError, match=message):
        discover(paths)


def test_a_folder_that_may_not_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root everything may be read: the refusal is played."""
    make(["a.yaml", "closed/b.yaml", "open/c.yaml"], here)
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    inputs, complaints = discover(["."])

    assert [given.path for given in inputs] == ["a.yaml", "open/c.yaml"]
    assert complaints == ["closed: passed over: permission denied"]
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(UsageError, match="`closed`: the folder cannot be read: permission denied"):
        discover(["closed"])


def test_a_folder_that_vanishes(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(["a.yaml", "gone/b.yaml"], here)
    scan = os.scandir

    def vanish(path: str) -> object:
        if str(path).endswith("gone"):
            (here / "gone" / "b.yaml").unlink()
            (here / "gone").rmdir()
        return scan(path)

    monkeypatch.setattr("os.scandir", vanish)
    inputs, complaints = discover(["."])

    assert [given.path for given in inputs] == ["a.yaml"]
    assert complaints == ["gone: passed over: no such file or directory"]


# Links


def test_links_to_files_are_followed_each_in_its_place(here: Path) -> None:
    """One template in the folders of two accounts is two deployments of it."""
    make(["templates/vault.yaml"], here)
    for account in ("111122223333", "444455556666"):
        (here / account).mkdir()
        (here / account / "vault.yaml").symlink_to("../templates/vault.yaml")

    assert shown(".") == ["111122223333/vault.yaml", "444455556666/vault.yaml", "templates/vault.yaml"]


def test_links_to_folders_are_not_followed_unless_named(here: Path) -> None:
    make(["a/b.yaml"], here)
    (here / "a" / "round").symlink_to("..")
    (here / "link").symlink_to("a")

    assert shown(".") == ["a/b.yaml"]
    assert shown("link") == ["link/b.yaml"]


# Names


@pytest.mark.parametrize("name", ["two words.yaml", "neue\nzeile.yaml", "ö.yaml", "-.yaml", "a\\b.yaml"])
def test_any_name_that_a_file_can_have(here: Path, name: str) -> None:
    make([name], here)

    assert shown(".") == [name]
    assert shown(f"./{name}") == [f"{name}*"]


def test_a_name_that_is_no_text(here: Path) -> None:
    name = os.fsdecode(b"\xff.yaml")
    make([name], here)

    assert shown(".") == [name]


# Standard input


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))


def test_standard_input_is_an_input_of_a_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "a: ö\n".encode())
    [given], _ = discover(["-"])
    assert (given.path, given.named, given.text) == ("<stdin>", True, "a: ö\n")

    typed(monkeypatch, b"a: 1\n")
    [given], _ = discover(["-"], "x/plan.yaml")
    assert (given.path, given.named, given.text) == ("x/plan.yaml", True, "a: 1\n")


def test_standard_input_stands_for_the_file_of_its_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor gives what is not saved yet, and the folder around it."""
    make(["a.yaml", "b.yaml"], here)
    typed(monkeypatch, b"new: 1\n")

    inputs, _ = discover([".", "-"], "a.yaml")

    assert [(given.path, given.text) for given in inputs] == [("a.yaml", "new: 1\n"), ("b.yaml", None)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input is empty"),
        (b" \n", "standard input is empty"),
        (b"M\xfcnchen", "standard input is not UTF-8: byte 1"),
        (b"a" * 101, "standard input is larger than 0 MiB"),
    ],
)
def test_standard_input_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, data: bytes, message: str
) -> None:
    monkeypatch.setattr(module, "LARGEST_JSON", 100)
    typed(monkeypatch, data)

    with pytest.raises(UsageError, match=message):
        discover(["-"])


def test_no_standard_input_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(UsageError, match="standard input is empty"):
        discover(["-"])
