"""Whole processes and what they cost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bench.results import Cost

ROOT = Path(__file__).resolve().parents[1]
LAUNCHER = ROOT / "bench" / "launcher.py"
_KIB = 1024
_PAUSE = 0.002
"""Seconds between two looks at the memory of processes."""


def environment() -> dict[str, str]:
    """What every measured process sees: our checkout first, one locale, nothing else that changes Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def cost(command: Sequence[str], folder: Path, statuses: Collection[int] = (0,)) -> Cost:
    """One run in a folder, what it prints thrown away. Raises SystemExit for a status that is not expected."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", LAUNCHER, *command],
        cwd=folder, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    wall, cpu, peak, status = done.stdout.split()
    if int(status) not in statuses:
        raise SystemExit(f"`{' '.join(command)}` ended with status {status}: {_complaint(command, folder)}")
    return Cost(round(float(wall), 4), round(float(cpu), 4), round(int(peak) / _KIB, 1))


def _complaint(command: Sequence[str], folder: Path) -> str:
    """What a command has to say, in a run by itself."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    return (done.stderr or done.stdout)[-1000:].strip()


def together(command: Sequence[str], folder: Path) -> float | None:
    """MiB that all processes of a run take together at their peak, shared pages once.

    None for a single process, and on systems that do not tell. A run by itself, since looking takes time.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    most, several = 0, False
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdin=silent, stdout=silent, stderr=silent
    ) as run:
        while run.poll() is None:
            family = list(_family(run.pid))
            several = several or len(family) > 1
            most = max(most, sum(map(_memory, family)))
            time.sleep(_PAUSE)
    return round(most / _KIB, 1) if several else None


def _family(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listing.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _family(int(child))


def _memory(process: int) -> int:
    """KiB of a process: its own pages, and its part of those that it shares."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
