"""How far a long run has come, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from xbackup_lint.sources.watch import Watch, unwatched
from xbackup_lint.terminal import is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE, EVERY = 1.0, 0.1
"""Seconds for which nothing is shown, and between two pictures: more often is not seen, and costs time."""

_Thing = TypeVar("_Thing")


class _Bar:
    """A bar for what is being done: reading, joining, checking. Shown once its patience is over."""

    def __init__(self, *, colour: bool, patience: float, clock: Callable[[], float]) -> None:
        self._colour = colour
        self._clock = clock
        self._due = clock() + patience
        self._shown: Progress | None = None

    def __call__(self, what: str, things: Sequence[_Thing]) -> Iterable[_Thing]:
        for done, thing in enumerate(things):
            now = self._clock()
            if now >= self._due:
                self._due = now + EVERY
                self._show(what, done, len(things))
            yield thing

    def _show(self, what: str, done: int, total: int) -> None:
        if self._shown is None:
            # Imported here: only a run that lasts pays for it.
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            console = Console(stderr=True, no_color=None if self._colour else True)
            columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn())
            # No thread: it would draw while something else is printed.
            self._shown = Progress(*columns, console=console, transient=True, auto_refresh=False)
            self._shown.add_task("")
            self._shown.start()
        self._shown.update(self._shown.task_ids[0], description=what, completed=done, total=total)
        self._shown.refresh()

    def stop(self) -> None:
        """Take it away: nothing of it stays."""
        if self._shown is not None:
            self._shown.stop()


@contextmanager
def progress(*, quiet: bool, colour: bool, clock: Callable[[], float] = time.monotonic) -> Iterator[Watch]:
    """What shows how far the work has come, while it lasts. In a pipe or a file nothing is shown."""
    if quiet or not is_terminal(sys.stderr):
        yield unwatched
        return
    bar = _Bar(colour=colour, patience=PATIENCE, clock=clock)
    try:
        yield bar
    finally:
        bar.stop()
