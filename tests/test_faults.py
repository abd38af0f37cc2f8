"""Faults of the machine: a clear message and a status of its own, and never a part of a report taken for the whole."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import as_json, plan, vault
from tests.runs import run
from xbackup_lint.engine.load import load_rules

ROOT = Path(__file__).parents[1]
UNBUFFERED = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "PYTHONUNBUFFERED"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A template of which more is to be said than a pipe holds, and a report of an earlier run."""
    plans = {f"P{number}": plan(TargetBackupVault="?") for number in range(150)}
    (tmp_path / "t.json").write_bytes(as_json(plans))
    (tmp_path / "report.json").write_bytes(b"before")
    return tmp_path


def program(
    folder: Path,
    *arguments: str,
    code: str = "",
    limits: Callable[[], object] | None = None,
    stdout: Any = subprocess.PIPE,
    stderr: Any = subprocess.PIPE,
    **environment: str,
) -> subprocess.Popen[bytes]:
    """The program in a process of its own; of `code` another one, which ends as it does."""
    return subprocess.Popen(
        [sys.executable, *(("-c", code) if code else ("-m", "xbackup_lint")), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **environment},
        stdout=stdout,
        stderr=stderr,
        preexec_fn=limits,  # noqa: PLW1509 -- these tests have no threads
    )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    """Its status, and what it said to whom."""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def assert_is_as_before(folder: Path) -> None:
    """There is no half of a file, and no other file than before."""
    assert sorted(path.name for path in folder.iterdir()) == ["report.json", "t.json"]
    assert (folder / "report.json").read_bytes() == b"before"


# Standard output and standard error


@UNBUFFERED
def test_a_reader_that_goes_away(folder: Path, unbuffered: str) -> None:
    """`xbackup-lint . | head -1`: no traceback, and no status of a report that was read to its end."""
    process = program(folder, "t.json", PYTHONUNBUFFERED=unbuffered)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.stdout.close()
    _, err = process.communicate(timeout=60)

    assert first.startswith(b"error[")
    assert (process.returncode, err) == (2, b"")


@UNBUFFERED
def test_a_reader_of_notices_that_goes_away(folder: Path, unbuffered: str) -> None:
    """`2>&1 | head -1`, where there is nobody left to complain to."""
    process = program(folder, "t.json", "--verbose", stderr=subprocess.STDOUT, PYTHONUNBUFFERED=unbuffered)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.stdout.close()

    assert first == b"read t.json\n"
    assert process.wait(timeout=60) == 2


def limit_files() -> None:
    """A disk on which there is little room left, as far as one can be had without one."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@UNBUFFERED
def test_a_disk_that_fills_while_a_report_is_written(folder: Path, unbuffered: str) -> None:
    """The shell's own redirection leaves a part: the status tells that it is none to rely on."""
    with (folder.parent / "out").open("wb") as out:
        status, _, err = ended(
            program(folder, "t.json", limits=limit_files, stdout=out, PYTHONUNBUFFERED=unbuffered)
        )

    assert (status, err) == (2, b"xbackup-lint: cannot go on: file too large\n")
    assert (folder.parent / "out").stat().st_size == 20_000


@pytest.mark.parametrize("option", ["--output=report.json", "--format=html=report.json"])
def test_a_disk_that_fills_while_a_file_is_written(folder: Path, option: str) -> None:
    status, out, err = ended(program(folder, "t.json", option, limits=limit_files))

    assert (status, out) == (2, b"")
    assert err == b"xbackup-lint: `report.json` cannot be written: file too large\n"
    assert_is_as_before(folder)


def test_a_folder_that_is_not_there(folder: Path) -> None:
    ran = run("t.json", "--output", "missing/folder/x.json", cwd=folder)

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "xbackup-lint: `missing/folder/x.json` cannot be written: no such file or directory\n"
    assert_is_as_before(folder)


CLOSED = [
    (("t.json", "--output=report.json"), (1,), 1),
    (("t.json",), (1,), 1),
    (("t.json", "--verbose"), (2,), 1),
    (("no-such-file",), (2,), 2),
    (("-",), (0,), 2),
    (("no-such-file",), (0, 1, 2), 2),
]


@pytest.mark.parametrize(("arguments", "descriptors", "status"), CLOSED)
def test_streams_that_are_closed_from_the_start(
    folder: Path, arguments: Sequence[str], descriptors: Sequence[int], status: int
) -> None:
    """`>&-`, as some that start programs at night have it."""
    found, _, err = ended(program(folder, *arguments, limits=lambda: list(map(os.close, descriptors))))

    assert found == status
    assert b"internal error" not in err
    assert b"Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [("no-such-file",), ("t.json", "--verbose")])
def test_complaints_that_nobody_can_hear(folder: Path, arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        status, _, _ = ended(program(folder, *arguments, stderr=full))

    assert status == 2


# Signals

KILLED = """
import os, sys
event, name, number, *arguments = sys.argv[1:]
def hook(happens, what):
    if happens == event and name in str(what[0]):
        os.kill(os.getpid(), int(number))
sys.addaudithook(hook)
from xbackup_lint.cli import main
sys.exit(main(arguments))
"""
"""Sends itself a signal as soon as it opens or renames a file of a name."""

SIGNALS = [
    ("open", "t.json", signal.SIGINT, 130),
    ("os.rename", "report.json", signal.SIGINT, 130),
    ("open", "t.json", signal.SIGTERM, -signal.SIGTERM),
    ("os.rename", "report.json", signal.SIGTERM, 128 + signal.SIGTERM),
]


@pytest.mark.parametrize(("event", "name", "number", "status"), SIGNALS)
def test_a_signal_leaves_no_half_file(
    folder: Path, event: str, name: str, number: signal.Signals, status: int
) -> None:
    arguments = (event, name, str(int(number)), "t.json", "--format=json", "--output=report.json")

    assert ended(program(folder, *arguments, code=KILLED)) == (status, b"", b"")
    assert_is_as_before(folder)


# Memory

LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from xbackup_lint.cli import main
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 16 * 1024 * 1024,) * 2)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measures as Linux does")
def test_little_memory(folder: Path) -> None:
    """A file that is read beside others, or that there is no room for."""
    (folder / "large.json").write_bytes(as_json({"V": vault()}, Description="x" * 40_000_000))
    status, out, err = ended(program(folder, ".", "--output", "report.json", code=LITTLE_MEMORY))
    (folder / "large.json").unlink()

    assert (status, out, err) == (2, b"", b"xbackup-lint: out of memory: nothing is checked\n")
    assert_is_as_before(folder)


@pytest.mark.parametrize("where", ["subjects", "said"])
def test_a_rule_that_finds_no_memory(folder: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Is no fault of ours, behind which the others would be run."""
    load_rules()

    def fails(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(f"xbackup_lint.engine.run.{where}", fails)
    ran = run("t.json", cwd=folder)

    assert (ran.status, ran.out, ran.err) == (2, "", "xbackup-lint: out of memory: nothing is checked\n")
