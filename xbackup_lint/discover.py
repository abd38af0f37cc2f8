"""Which files a run looks at."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from xbackup_lint.config.deployments import UsageError
from xbackup_lint.sources.files import Input

SKIPPED = frozenset(
    {".git", "node_modules", ".venv", ".terraform", ".aws-sam", "__pycache__", ".tox", ".mypy_cache"}
)
SUFFIXES = (".yaml", ".yml", ".json", ".template")


def discover(paths: Sequence[str], stdin_filename: str = "") -> tuple[list[Input], list[str]]:
    """The inputs that paths name, by path; and complaints about folders that cannot be listed.

    Raises UsageError for a path that does not exist or cannot be listed, and for a file named twice.
    """
    found: dict[str, Input] = {}
    complaints: list[str] = []
    for path in paths:
        for given in _inputs(path, stdin_filename, complaints):
            before = found.get(given.path)
            if before is not None and before.named and given.named:
                raise UsageError(f"`{given.path}` is named twice")
            if before is None or given.named:
                found[given.path] = given
    return [found[path] for path in sorted(found)], complaints


def _inputs(path: str, stdin_filename: str, complaints: list[str]) -> Iterator[Input]:
    if path == "-":
        yield _standard_input(stdin_filename)
        return
    place = Path(path)
    if not os.path.lexists(place):
        raise UsageError(f"`{path}`: no such file or folder")
    if place.is_dir():
        if not os.access(place, os.R_OK | os.X_OK):
            raise UsageError(f"`{path}`: the folder cannot be read: permission denied")
        yield from _walk(place, complaints)
    elif place.is_file():
        yield Input(shown(place), place, named=True)
    else:
        raise UsageError(f"`{path}` is neither a file nor a folder")


def _standard_input(stdin_filename: str) -> Input:
    data = sys.stdin.buffer.read()
    if not data.strip():
        raise UsageError("standard input is empty")
    name = stdin_filename or "<stdin>"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8: byte {error.start}") from error
    return Input(name, Path(name), named=True, text=text)


def _walk(root: Path, complaints: list[str]) -> Iterator[Input]:
    """Files below a folder whose name may be one of ours. Links are not followed into folders: they may go round."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            complaints.append(f"{shown(folder)}: passed over: {(error.strerror or str(error)).lower()}")
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED:
                    waiting.append(Path(entry.path))
            elif entry.name.endswith(SUFFIXES) and entry.is_file():
                file = Path(entry.path)
                yield Input(shown(file), file)


def shown(path: Path) -> str:
    """A path as it is printed: relative to the working folder where it is below it, with `/`."""
    absolute = Path(os.path.abspath(path))
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
