"""What is said beside a report, on standard error: what was read, what was not, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from xbackup_lint.engine.check import Run
from xbackup_lint.report.visible import visible
from xbackup_lint.sources.readings import Readings


def say(lines: Iterable[str]) -> None:
    """Print lines; what files and their names hold acts on no terminal."""
    for line in lines:
        sys.stderr.write(f"{visible(line)}\n")


def what_was_read(run: Run, configuration: Path | None) -> Iterator[str]:
    """Every file and what became of it; the account of each, and what told it."""
    readings = run.readings
    if configuration is not None:
        yield f"configuration {configuration}"
    yield from (f"read {path}" for path in readings.read)
    yield from (f"cannot read {path}" for path in readings.unreadable)
    yield from (f"passed over {path}: {why}" for path, why in readings.passed_over)
    yield from dict.fromkeys(_accounts(readings))


def _accounts(readings: Readings) -> Iterator[str]:
    for one in readings.estate.deployments:
        if not one.is_account_known:
            yield f"{one.path}: account not known"
        else:
            where = f" ({one.evidence})" if one.evidence is not None else ""
            yield f"{one.path}: account {one.account}, from {one.how or '`--account`'}{where}"


def files(readings: Readings) -> Iterator[str]:
    """The files that a run reads, those included that it tries to and cannot."""
    yield from sorted((*readings.read, *readings.unreadable))
