"""Reports go where they were asked for: to standard output, to files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from xbackup_lint.config.deployments import UsageError
from xbackup_lint.config.word import did_you_mean
from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.engine.result import Result
from xbackup_lint.report.formats import FOR_PEOPLE, FOR_PROGRAMS, Render, renderer
from xbackup_lint.report.options import Options
from xbackup_lint.report.wording import is_shown
from xbackup_lint.terminal import shows_colours, shows_links, width_of

if TYPE_CHECKING:
    from types import FrameType


@dataclass(frozen=True, slots=True)
class Output:
    """One report that is wanted. None is standard output."""

    format: str
    file: Path | None = None


def outputs(formats: Sequence[str], file: str | None, known: Sequence[str]) -> tuple[Output, ...]:
    """`--format NAME[=FILE]` as often as it is given, and `--output FILE`. Raises UsageError."""
    found = [_output(text, known) for text in formats or ["text"]]
    open_ones = [one for one in found if one.file is None]
    if file is not None:
        if len(open_ones) != 1:
            raise UsageError(f"`--output {file}`: which of the reports? Write `--format NAME={file}`")
        found = [replace(one, file=Path(file)) if one.file is None else one for one in found]
    elif len(open_ones) > 1:
        names = " and ".join(one.format for one in open_ones)
        raise UsageError(f"only one report can go to standard output: write {names} as `--format NAME=FILE`")
    files = [one.file for one in found if one.file is not None]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"two reports would be written to `{twice}`")
    return tuple(found)


def _output(text: str, known: Sequence[str]) -> Output:
    name, equals, file = text.partition("=")
    if name not in known:
        hint = did_you_mean(name, known, likeness=0.5)
        raise UsageError(f"`--format {text}`: `{name}` is none of {', '.join(known)}{hint}")
    if equals and not file:
        raise UsageError(f"`--format {text}`: name a file behind `=`")
    return Output(name, Path(file) if file else None)


def report(result: Result, wanted: Sequence[Output], look: Options, *, quiet: bool) -> None:
    """Write every report that is wanted. Raises UsageError where a file cannot be written."""
    said = any(is_shown(finding, look) for finding in result.findings)
    for output in wanted:
        if said or not quiet or output.format in FOR_PROGRAMS:
            write(result, output, renderer(output.format), look)


def statistics(result: Result, wanted: Sequence[Output], look: Options) -> None:
    """How often each rule found something, below a report for people; a report for programs is left whole."""
    from xbackup_lint.report import statistics

    shown = next((one.format for one in wanted if one.file is None), "text")
    if not result.findings:
        return
    if shown in FOR_PEOPLE:
        show("\n" + statistics.render(result, look))
    else:
        sys.stderr.write(statistics.render(result, Options()))


def write(result: Result, output: Output, render: Render, look: Options) -> None:
    """Write one report: into a file without colours, and as wide as it gets."""
    if output.file is None:
        show(render(result, look))
    else:
        write_file(output.file, render(result, Options(show_info=look.show_info)))


def look(*, no_color: bool, show_info: bool = False) -> Options:
    """How what goes to standard output is to look."""
    links = str(Path.cwd()) if not no_color and shows_links(sys.stdout) else ""
    return Options(width_of(sys.stdout), not no_color and shows_colours(sys.stdout), show_info, links=links)


def show(text: str) -> None:
    """To standard output as UTF-8, whatever the locale: half a report is worse than a strange letter."""
    left = memoryview(text.encode("utf-8", "backslashreplace"))
    while left:
        # With PYTHONUNBUFFERED only a part may be written: what keeps the rest from it, the next attempt tells.
        written = sys.stdout.buffer.write(left)
        if not written:
            raise BlockingIOError("standard output takes nothing more")
        left = left[written:]
    sys.stdout.buffer.flush()


def open_streams() -> None:
    """Let what goes to standard streams that were closed before the start go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- for as long as the program runs
            setattr(sys, name, nowhere)


def give_up_on(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, what the interpreter does at its end included."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: Path, text: str) -> None:
    """All of it or nothing: written beside the file, then put in its place. Raises UsageError.

    What is no file, such as `/dev/stderr`, is written to and stays what it is.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _put(path, data)
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from error


def _put(path: Path, data: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    # A link that somebody laid there is not followed.
    with _ended_by_exception(), beside.open("xb") as file:
        try:
            file.write(data)
            file.flush()
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


@contextmanager
def _ended_by_exception() -> Iterator[None]:
    """Let SIGTERM raise, so that no half of a file is left behind. Only the main thread hears signals."""
    import signal

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
