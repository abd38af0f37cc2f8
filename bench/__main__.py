"""`python -m bench`: measures, and writes docs/performance.md."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from bench import page, series, works
from bench.growing import GROWTHS
from bench.machine import machine, versions
from bench.peers import peers
from bench.process import ROOT
from bench.results import Curve, Phase, Results, Series, Sizes, read, write

PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "docs" / "performance" / "results.json"
FIGURE = ROOT / "docs" / "performance" / "growth.svg"
QUICK = Sizes(templates=20, many=100, files=500, services=20)
_SHRINK = 20
PARTS = ("goals", "growth", "phases")


def main(arguments: list[str]) -> int:
    given = _options(arguments)
    if given.render:
        return _write(read(RESULTS))
    with _scratch() as scratch:
        bench = works.Bench(
            scratch,
            QUICK if given.quick else Sizes(),
            tuple(shlex.split(given.ours)) if given.ours else (sys.executable, "-m", "xbackup_lint"),
            peers(given.peer),
            3 if given.quick else 15,
        )
        works.write_small(bench)
        if given.ratio_only:
            print("\n".join(page.ratio_lines(series.measured(works.ratio_jobs(bench)), bench.sizes)))
            return 0
        results = _measured(bench, given.only or list(PARTS), quick=given.quick)
    if given.quick or given.only:
        print(page.measured(results))
        return 0
    write(results, RESULTS)
    return _write(results)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="what starts cfn-lint or checkov, or a Python that has cloudformation-validate (else: those on PATH)",
    )
    add("--ours", metavar="COMMAND", help="what starts xbackup-lint (else: this checkout)")
    add(
        "--quick",
        action="store_true",
        help="a tenth of the work and few runs, to try the machinery; only printed",
    )
    add("--only", action="append", choices=PARTS, help="one part of the work; only printed")
    add("--ratio-only", action="store_true", help="print how far from the floors we are, within seconds")
    add(
        "--render",
        action="store_true",
        help="write the page and the figure anew from the results that are there",
    )
    return parser.parse_args(arguments)  # fmt: skip


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _measured(bench: works.Bench, parts: list[str], *, quick: bool) -> Results:
    began, here = time.monotonic(), machine()
    found: list[Series] = []
    curves: list[Curve] = []
    phases: list[Phase] = []
    if "goals" in parts:
        works.write_large(bench)
        found = _goals(bench)
    if "phases" in parts:
        phases = series.phases(bench)
        if missing := series.missing_phases(phases):
            _say(f"never at work, so bench/phases.py names them wrongly: {', '.join(missing)}")
    if "growth" in parts:
        curves = list(_curves(bench, quick=quick))
    return Results(
        date.today().isoformat(),
        round((time.monotonic() - began) / 60, 1),
        here,
        versions(bench.peers),
        bench.sizes,
        bench.facts,
        tuple(found),
        tuple(curves),
        tuple(phases),
    )


def _goals(bench: works.Bench) -> list[Series]:
    found: list[Series] = []
    for jobs in works.goal_jobs(bench):
        _say(f"{jobs[0].work}: {', '.join(job.who for job in jobs)}")
        measured = series.measured(jobs)
        found += series.with_memory(measured, jobs) if jobs[0].work in works.WATCHED else measured
    return found


def _curves(bench: works.Bench, *, quick: bool) -> Iterator[Curve]:
    for growth in GROWTHS:
        _say(f"growth: {growth.thing}")
        sizes = [max(size // _SHRINK, 10) for size in growth.sizes] if quick else growth.sizes
        yield series.curve(bench, replace(growth, sizes=sizes))


def _write(results: Results) -> int:
    PAGE.write_text(page.rendered(PAGE.read_text("utf-8"), results), "utf-8")
    try:
        from bench import plot
    except ImportError as error:
        _say(f"{error}: the figure is left as it is (the extra `bench` brings what draws it)")
        return 0
    FIGURE.write_text(plot.figure(results.curves), "utf-8")
    return 0


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
