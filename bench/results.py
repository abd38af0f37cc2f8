"""What was measured, as it lies in docs/performance/results.json, and what follows from it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

OURS = "xbackup-lint"
COMPOSE, PYTHON, GREP = "parser alone", "python -c pass", "grep -rlE"
"""The floors."""

_TELLING = 0.02
"""Seconds of CPU that tell something: runs of the same input differ by some milliseconds."""
_FEWEST = 3
"""Points through which a line says something."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: seconds, seconds of CPU of all its processes, and MiB of the largest of them."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Series:
    """The runs of one program over one piece of work."""

    work: str
    who: str
    runs: tuple[Cost, ...]
    together: float | None = None
    """MiB of all its processes, where that was looked at."""

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def peak(self) -> float:
        return median(run.peak for run in self.runs)

    @property
    def range(self) -> tuple[float, float]:
        """Seconds of the fastest and of the slowest run."""
        walls = [run.wall for run in self.runs]
        return min(walls), max(walls)


@dataclass(frozen=True, slots=True)
class Point:
    """Runs over an input of some size."""

    size: int
    runs: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def peak(self) -> float:
        return median(run.peak for run in self.runs)


@dataclass(frozen=True, slots=True)
class Curve:
    """What runs cost while one thing grows; `start` is the CPU of a run with two of it, in seconds."""

    thing: str
    each: str
    what: str
    start: float
    points: tuple[Point, ...]

    @property
    def line(self) -> tuple[float, float]:
        """Slope and start of the straight line that fits best, in seconds."""
        return _line([(point.size, point.cpu) for point in self.points])

    @property
    def exponent(self) -> float | None:
        """Of what a run costs beyond its start: 1 is linear, 2 quadratic. None where that is too little to tell.

        The slope of the line that fits best on logarithmic axes: one of two points would be at the mercy of each.
        """
        telling = [one for one in self.points if one.cpu >= self.start + _TELLING]
        if len(telling) < _FEWEST:
            return None
        return _line([(math.log(one.size), math.log(one.cpu - self.start)) for one in telling])[0]


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and start of the line from which the squares of the distances are least."""
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / sum(
        (x - middle_x) ** 2 for x, _ in points
    )
    return slope, middle_y - slope * middle_x


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a run inside its process: seconds in which nothing else of this list was at work."""

    name: str
    seconds: float
    calls: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much work there is; names of works hold these numbers."""

    templates: int = 200
    many: int = 2000
    files: int = 20_000
    services: int = 750


@dataclass(frozen=True, slots=True)
class Results:
    """One whole run of the benchmark."""

    date: str
    minutes: float
    machine: dict[str, str]
    versions: dict[str, str]
    sizes: Sizes
    facts: dict[str, str]
    """What the work is made of, such as the size of its files."""
    series: tuple[Series, ...]
    curves: tuple[Curve, ...]
    phases: tuple[Phase, ...]

    def of(self, work: str, who: str) -> Series | None:
        return next((one for one in self.series if (one.work, one.who) == (work, who)), None)

    def curve(self, thing: str) -> Curve | None:
        return next((one for one in self.curves if one.thing == thing), None)

    @property
    def peers(self) -> tuple[str, ...]:
        """The other linters that were run."""
        floors = (OURS, COMPOSE, PYTHON, GREP)
        return tuple(dict.fromkeys(one.who for one in self.series if one.who not in floors))


def write(results: Results, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_on_short_lines(asdict(results)) + "\n", "utf-8")


def _on_short_lines(body: dict[str, Any]) -> str:
    """JSON with a line for each series and curve."""
    parts = []
    for key, value in body.items():
        if isinstance(value, list | tuple):
            rows = ",\n".join(f"  {json.dumps(row)}" for row in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n ]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n " + ",\n ".join(parts) + "\n}"


def read(path: Path) -> Results:
    body = json.loads(path.read_text("utf-8"))
    return Results(
        **{name: body[name] for name in ("date", "minutes", "machine", "versions", "facts")},
        sizes=Sizes(**body["sizes"]),
        series=tuple(Series(**one | {"runs": _costs(one["runs"])}) for one in body["series"]),
        curves=tuple(Curve(**one | {"points": _points(one["points"])}) for one in body["curves"]),
        phases=tuple(Phase(**one) for one in body["phases"]),
    )


def _costs(runs: Sequence[dict[str, float]]) -> tuple[Cost, ...]:
    return tuple(Cost(**run) for run in runs)


def _points(points: Sequence[dict[str, Any]]) -> tuple[Point, ...]:
    return tuple(Point(one["size"], _costs(one["runs"])) for one in points)
