"""Runs, and the series, curves and phases that come of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.growing import Growth
from bench.phases import ORDER, SEAMS
from bench.process import ROOT, cost, environment, together
from bench.results import Cost, Curve, Phase, Point, Series
from bench.works import FOUND_OR_NOT, TEMPLATES, Bench, Job, counted

_LONG = 8.0
"""Seconds; what takes longer is not repeated for a curve."""
_TIMES = 3
_FEWEST = 2
_PHASE_RUNS = 5


def measured(jobs: Sequence[Job]) -> list[Series]:
    """Run jobs in turn, A B C A B C, those of few times spread over all rounds."""
    costs: list[list[Cost]] = [[] for _ in jobs]
    for at in in_turn([job.times for job in jobs]):
        job = jobs[at]
        costs[at].append(cost(job.command, job.folder, job.statuses))
    return [Series(job.work, job.who, tuple(runs)) for job, runs in zip(jobs, costs, strict=True)]


def in_turn(times: Sequence[int]) -> Iterator[int]:
    """Who runs, round after round, where each runs so many times."""
    rounds = max(times)
    for turn in range(rounds):
        for at, wanted in enumerate(times):
            if turn * wanted // rounds != (turn - 1) * wanted // rounds:
                yield at


def with_memory(series: Iterable[Series], jobs: Iterable[Job]) -> list[Series]:
    """Series with what all processes of a run take together."""
    by_name = {(job.work, job.who): job for job in jobs}
    return [
        replace(one, together=together((job := by_name[one.work, one.who]).command, job.folder))
        for one in series
    ]


def curve(bench: Bench, growth: Growth) -> Curve:
    """Runs over inputs of each size in turn, and over one of two for the start; what takes long runs once."""
    folders = {size: _grown(bench, growth, size) for size in (_FEWEST, *growth.sizes)}
    runs: dict[int, list[Cost]] = {size: [] for size in folders}
    for _ in range(_TIMES):
        for size, folder in folders.items():
            if not runs[size] or runs[size][0].wall < _LONG:
                runs[size].append(cost([*bench.ours, "."], folder, FOUND_OR_NOT))
    for folder in folders.values():
        shutil.rmtree(folder)
    start, *points = [Point(size, tuple(costs)) for size, costs in runs.items()]
    return Curve(growth.thing, growth.each, growth.what, start.cpu, tuple(points))


def _grown(bench: Bench, growth: Growth, size: int) -> Path:
    """The input of some size. Raises SystemExit where a run over it does not judge all its copies."""
    folder = bench.scratch / f"{growth.thing}-{size}".replace(" ", "-")
    folder.mkdir()
    growth.write(folder, size)
    wanted, lands = growth.copies(size), counted(bench, folder).copies_that_land
    if lands != wanted:
        raise SystemExit(f"{growth.thing}: {wanted} copies should land, not {lands}")
    return folder


def phases(bench: Bench, times: int = _PHASE_RUNS) -> list[Phase]:
    """The phases of a run over the templates: the median of each."""
    runs = [_phases(bench) for _ in range(times)]
    return [Phase(name, round(median(run[name][0] for run in runs), 5), runs[0][name][1]) for name in ORDER]


def _phases(bench: Bench) -> dict[str, tuple[float, int]]:
    out = bench.scratch / "phases.tsv"
    script = str(ROOT / "bench" / "phases.py")
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, script, str(out), repr(began), "."],
        cwd=bench.folder(TEMPLATES), env=environment(), capture_output=True, check=True,
    )  # fmt: skip
    ended = time.perf_counter()
    last, *lines = out.read_text("utf-8").splitlines()
    found = {
        name: (float(seconds), int(calls)) for seconds, calls, name in (line.split("\t") for line in lines)
    }
    end = ORDER[-1]
    return found | {end: (ended - float(last), 1)}


def missing_phases(found: Iterable[Phase]) -> list[str]:
    """Phases that a run over YAML must have and that were never at work: functions that are called otherwise now."""
    expected = {name for name, _, _ in SEAMS} - {"JSON: our tree"}
    return [phase.name for phase in found if phase.name in expected and not phase.calls]
