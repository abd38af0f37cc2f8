"""The measured parts of docs/performance.md, in Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.results import COMPOSE, GREP, OURS, PYTHON, Curve, Results, Series, Sizes
from bench.works import ASSEMBLY, FILES, MANY, SMALL, TEMPLATES

_BLOCK = re.compile(
    r"(?P<head><!-- measured: (?P<name>[a-z]+) -->\n).*?(?P<foot><!-- end measured -->)", re.DOTALL
)
_LINEAR = 1.15
"""The exponent up to which a curve counts as linear: runs vary, and all work is slower on more memory."""

MOST_SECONDS, MOST_MEMORY = 20, 500
"""What a run over a template that 1,000 accounts deploy may take; MiB."""


def rendered(text: str, results: Results) -> str:
    """The page with all that is measured made anew. Raises KeyError for a block that is not known."""
    return _BLOCK.sub(lambda match: f"{match['head']}{BLOCKS[match['name']](results)}\n{match['foot']}", text)


def measured(results: Results) -> str:
    """All blocks, one below the other."""
    return "\n\n".join(block(results) for block in BLOCKS.values())


def significant(value: float) -> str:
    """Three digits that matter, never in powers of ten."""
    rounded = float(f"{value:.2e}")
    if rounded == 0 or rounded >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 - math.floor(math.log10(rounded))}f}"


def seconds(value: float) -> str:
    if value < 0.0995e-3:
        return f"{significant(value * 1e6)} µs"
    return f"{significant(value * 1e3)} ms" if value < 0.9995 else f"{significant(value)} s"


def memory(value: float) -> str:
    return f"{value:,.0f} MiB"


def works(sizes: Sizes) -> dict[str, str]:
    """What the pieces of work are called on the page."""
    return {
        SMALL: "2 templates",
        TEMPLATES: f"{sizes.templates:,} templates",
        MANY: f"{sizes.many:,} templates",
        FILES: f"{sizes.files:,} other YAML and JSON files",
        ASSEMBLY: "a huge `cdk.out`",
    }


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the table of goals: what is measured, and what it may be."""

    name: str
    written: Callable[[float], str]
    value: Callable[[str], float | None]
    """Of a program, if it was measured."""
    floor: str
    must: float
    goal: float
    times: bool = False
    """Whether `must` and `goal` are multiples of the floor."""

    def bounds(self) -> tuple[float, float]:
        floor = (self.value(self.floor) or math.inf) if self.times else 1
        return self.must * floor, self.goal * floor

    def bound(self, value: float) -> str:
        return f"{value:g} × {self.floor.split()[0]}" if self.times else self.written(value)


def goals_of(results: Results) -> list[Goal]:
    """The rows, in order."""
    called = works(results.sizes)

    def wall(work: str) -> Callable[[str], float | None]:
        return lambda who: one.wall if (one := results.of(work, who)) else None

    def peak(who: str) -> float | None:
        return one.peak if (one := results.of(TEMPLATES, who)) else None

    def each(who: str) -> float | None:
        """What one more template costs; the start is that of two templates."""
        many, few = results.of(MANY, who), results.of(SMALL, who)
        return (many.wall - few.wall) / (results.sizes.many - 2) if many and few else None

    return [
        Goal(f"{called[TEMPLATES]}, whole process", seconds, wall(TEMPLATES), COMPOSE, 0.45, 0.25),
        Goal(f"{called[MANY]}, each of them", seconds, each, COMPOSE, 0.0013, 0.0006),
        Goal(f"{called[SMALL]}, whole process", seconds, wall(SMALL), PYTHON, 0.12, 0.06),
        Goal(called[FILES], seconds, wall(FILES), GREP, 5, 2, times=True),
        Goal(f"peak memory, {called[TEMPLATES]}", memory, peak, COMPOSE, 60, 40),
    ]


def where(results: Results) -> str:
    """Date, machine and versions."""
    machine = results.machine
    cores = f"{machine['cores']} cores" + (" of a virtual machine" if "virtual" in machine else "")
    place = [machine.get("processor", ""), cores, machine["memory"], machine["system"], machine["kernel"]]
    load = f" Processes at work when it began: {machine['load']}." if "load" in machine else ""
    tools = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return (
        f"Measured on {results.date}, in {results.minutes:g} minutes, on {', '.join(filter(None, place))}.{load}\n"
        f"With {tools}."
    )


def goals(results: Results) -> str:
    """Floors, peers, goals and us."""
    head = ["work", "floor", *results.peers, "must", "goal", "ours", "met"]
    return _table(head, [_goal_cells(goal, results.peers) for goal in goals_of(results)])


def _goal_cells(goal: Goal, peers: Sequence[str]) -> list[str]:
    def cell(who: str) -> str:
        return goal.written(value) if (value := goal.value(who)) is not None else "–"

    must, wanted = goal.bounds()
    ours = goal.value(OURS)
    met = "–" if ours is None else "goal" if ours <= wanted else "must" if ours <= must else "no"
    floor = f"{cell(goal.floor)} ({goal.floor})"
    bounds = [goal.bound(goal.must), goal.bound(goal.goal)]
    return [goal.name, floor, *map(cell, peers), *bounds, f"**{cell(OURS)}**", met]


def ratios(results: Results) -> str:
    """How far we are from the floor, and from the best of the others: these do not drift with the machine."""
    rows = []
    for goal in goals_of(results):
        ours, floor = goal.value(OURS), goal.value(goal.floor)
        others = [(value, who) for who in results.peers if (value := goal.value(who)) is not None]
        best = min(others, default=None)
        rows.append([
            goal.name,
            f"{significant(ours / floor)}" if ours and floor else "–",
            f"{significant(ours / best[0])} ({best[1]})" if ours and best else "–",
        ])  # fmt: skip
    return _table(["work", "ours / floor", "ours / best of the others"], rows)


def runs(results: Results) -> str:
    """Every series as it is."""
    called = works(results.sizes)
    return _table(
        [
            "work",
            "size",
            "program",
            "runs",
            "median",
            "fastest to slowest",
            "CPU",
            "largest process",
            "all processes",
        ],
        [_run_cells(one, called[one.work], results.facts[one.work]) for one in results.series],
    )


def _run_cells(one: Series, work: str, size: str) -> list[str]:
    low, high = one.range
    together = memory(one.together) if one.together is not None else "–"
    times = [seconds(one.wall), f"{seconds(low)} to {seconds(high)}", seconds(one.cpu)]
    return [work, size, one.who, str(len(one.runs)), *times, memory(one.peak), together]


def growth(results: Results) -> str:
    """What grows, and how the cost grows with it."""
    head = ["what grows", "largest", "CPU of each", "exponent", "linear", "the largest takes", "and memory"]
    table = _table(head, [_growth_cells(curve) for curve in results.curves])
    told = [table, *_accounts(results.curve("deployments"))]
    return "\n\n".join(told)


def _growth_cells(curve: Curve) -> list[str]:
    last, exponent = curve.points[-1], curve.exponent
    return [
        f"{curve.thing}: {curve.what}",
        f"{last.size:,}",
        seconds(max(curve.line[0], 0)),
        f"{exponent:.2f}" if exponent is not None else "–",
        "–" if exponent is None else "yes" if exponent <= _LINEAR else "**no**",
        seconds(last.wall),
        memory(last.peak),
    ]


def _accounts(curve: Curve | None) -> Iterator[str]:
    if curve is not None:
        last = curve.points[-1]
        met = last.wall < MOST_SECONDS and last.peak < MOST_MEMORY
        yield (
            f"One template that {last.size:,} accounts deploy, all of them copying into one vault, takes "
            f"{seconds(last.wall)} and {memory(last.peak)} (must be under {MOST_SECONDS} s and {MOST_MEMORY} MiB: "
            f"{'met' if met else '**not met**'})."
        )


def phases(results: Results) -> str:
    """Where the time of a run goes."""
    whole = sum(phase.seconds for phase in results.phases)
    rows = [
        [
            phase.name,
            seconds(phase.seconds),
            f"{phase.seconds / whole:.0%}",
            f"{phase.calls:,}" if phase.calls > 1 else "",
        ]
        for phase in results.phases
        if phase.seconds >= 0.00005
    ]
    if rows:
        rows.append(["together", seconds(whole), "100%", ""])
    return _table(["phase", "takes", "share", "calls, or modules"], rows)


def ratio_lines(series: Sequence[Series], sizes: Sizes) -> Iterator[str]:
    """The report of `make bench-report`."""
    ours = {one.work: one for one in series if one.who == OURS}
    for floor in series:
        if floor.who != OURS:
            mine = ours[floor.work]
            yield (
                f"{works(sizes)[floor.work]}: {seconds(mine.wall)}, {memory(mine.peak)}; "
                f"{floor.who}: {seconds(floor.wall)}; ratio {significant(mine.wall / floor.wall)}"
            )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; what follows the first column is aligned right where it is numbers."""
    rule = ["---" if any(_is_word(row[at]) for row in rows) else "---:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _is_word(cell: str) -> bool:
    return re.match(r"[-*0-9–]|$", cell) is None


BLOCKS: dict[str, Callable[[Results], str]] = {
    "where": where,
    "goals": goals,
    "ratios": ratios,
    "growth": growth,
    "phases": phases,
    "runs": runs,
}
"""The blocks of the page, by the name in their marks."""
