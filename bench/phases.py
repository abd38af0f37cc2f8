"""Where the time of a run goes: one run, with a stopwatch around functions of the tool, put there from outside.

`python phases.py FILE BEGAN [ARGUMENT…]` runs the tool and writes to FILE what each phase took, in seconds of this
process. BEGAN is the time when the process was started, as `time.perf_counter` tells it; a phase does not hold what
other phases take inside it. It runs on one core, so that what would be done in other processes is done in this one.
"""

from __future__ import annotations

import time

_FIRST = time.perf_counter()

import builtins  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

START, IMPORTS, RULES, REST, END = (
    "interpreter: start", "imports", "rules: loading", "all else", "interpreter: end",
)  # fmt: skip

SEAMS = (
    ("options and configuration", "xbackup_lint.arguments", "wanted"),
    (RULES, "xbackup_lint.engine.load", "load_all"),
    ("files: listing", "xbackup_lint.discover", "discover"),
    ("files: reading and sifting", "xbackup_lint.sources.files", "open_input"),
    ("YAML: composing, in C", "xbackup_lint.text.yaml_composer", "compose"),
    ("YAML: our tree", "xbackup_lint.text.yaml_reader", "read"),
    ("JSON: our tree", "xbackup_lint.text.json_reader", "read"),
    ("documents: of what kind", "xbackup_lint.sources.reading", "_recognised"),
    ("comments that suppress", "xbackup_lint.sources.suppressions", "suppressions_in"),
    ("stacks: arranging", "xbackup_lint.sources.cloudformation.stacks", "arrange"),
    ("stacks: values into the model", "xbackup_lint.sources.cloudformation.reading", "read_stack"),
    ("joining accounts", "xbackup_lint.sources.reading", "read_inputs"),
    ("rules: running", "xbackup_lint.engine.run", "run_rules"),
    ("findings, rows and summary", "xbackup_lint.engine.check", "check"),
    ("report", "xbackup_lint.output", "report"),
)
"""Phase, module and function; in the order of a run."""

ORDER = (START, IMPORTS, *(name for name, _, _ in SEAMS), REST, END)


class Stopwatch:
    """Gives each moment to one phase: to the innermost that has begun."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(ORDER, 0.0)
        self.calls = dict.fromkeys(ORDER, 0)
        self._running = [REST]
        self._since = time.perf_counter()

    def begin(self, phase: str) -> None:
        """A phase inside the one that runs. Rules are YAML too: what loading them takes is one phase."""
        inside = RULES if self._running[-1] == RULES and phase != IMPORTS else phase
        self._turn()
        self._running.append(inside)
        self.calls[phase] += inside == phase

    def end(self) -> None:
        self._turn()
        self._running.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now


def _timed(watch: Stopwatch, phase: str, work):  # type: ignore[no-untyped-def]  # to import `typing` takes longer
    def timed(*arguments, **named):  # type: ignore[no-untyped-def]
        watch.begin(phase)
        try:
            return work(*arguments, **named)
        finally:
            watch.end()

    return timed


def _time_imports(watch: Stopwatch) -> None:
    """An import that loads something is a phase."""
    load = builtins.__import__
    timed = _timed(watch, IMPORTS, load)

    def importing(name, globals=None, locals=None, fromlist=(), level=0):  # type: ignore[no-untyped-def]  # noqa: A002
        known = level == 0 and name in sys.modules and not fromlist
        return (load if known else timed)(name, globals, locals, fromlist, level)

    builtins.__import__ = importing


def _time_seams(watch: Stopwatch) -> None:
    """Each function under its own name in its module, and under every name that it was imported by."""
    for phase, module, name in SEAMS:
        __import__(module)
        work = getattr(sys.modules[module], name)
        timed = _timed(watch, phase, work)
        for other in [one for key, one in sys.modules.items() if key.startswith("xbackup_lint")]:
            for key in [key for key, value in vars(other).items() if value is work]:
                setattr(other, key, timed)


def main(out: str, began: float, arguments: list[str]) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    watch = Stopwatch()
    watch.seconds[START] = _FIRST - began
    loaded = len(sys.modules)
    _time_imports(watch)
    from xbackup_lint.cli import main as run

    _time_seams(watch)
    try:
        run(arguments)
    finally:
        watch.begin(END)
        watch.calls[IMPORTS] = len(sys.modules) - loaded
        lines = [f"{watch.seconds[name]!r}\t{watch.calls[name]}\t{name}" for name in ORDER]
        with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123 -- pathlib is one more import
            file.write("\n".join([repr(time.perf_counter()), *lines]))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3:])
