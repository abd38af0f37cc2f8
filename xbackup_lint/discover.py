"""Which files a run looks at."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xbackup_lint.config.deployments import UsageError
from xbackup_lint.config.location import NAMES
from xbackup_lint.sources.files import LARGEST_JSON, LINES, Input

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

SKIPPED = frozenset(
    {".git", "node_modules", ".venv", ".terraform", ".aws-sam", "__pycache__", ".tox", ".mypy_cache"}
)
SUFFIXES = (".yaml", ".yml", ".json", ".template", *LINES)

Found = tuple[str, Input]
"""An input under its absolute path: the same file may be reached in several ways."""


def discover(
    paths: Sequence[str], stdin_filename: str = "", configuration: Configuration | None = None
) -> tuple[list[Input], list[str]]:
    """The inputs that paths name, by path; and complaints about what cannot be looked at.

    What the configuration excludes is not walked into; a file that is named is looked at all the same.

    Raises UsageError for a path that does not exist or cannot be listed, and for a file named twice.
    """
    found: dict[str, Input] = {}
    complaints: list[str] = []
    if paths.count("-") > 1:
        raise UsageError("`-` is named twice")
    for path in paths:
        for key, given in _inputs(path, stdin_filename, complaints, configuration):
            before = found.get(key)
            if before is not None and before.named and given.named:
                raise UsageError(f"`{given.path}` is named twice")
            if before is None or (given.named, before.path) > (before.named, given.path):
                found[key] = given
    return sorted(found.values(), key=lambda given: given.path), sorted(complaints)


def _inputs(
    path: str, stdin_filename: str, complaints: list[str], configuration: Configuration | None
) -> Iterator[Found]:
    place = Path(path)
    if path == "-":
        yield _standard_input(stdin_filename)
    elif not os.path.lexists(path):
        raise UsageError(f"`{path}`: no such file or folder")
    elif place.is_dir():
        if not os.access(place, os.R_OK | os.X_OK):
            raise UsageError(f"`{path}`: the folder cannot be read: permission denied")
        yield from _walk(place, complaints, configuration)
    elif place.is_file():
        yield _absolute(path), Input(shown(place), place, named=True)
    elif place.is_symlink() and not place.exists():
        raise UsageError(f"`{path}` is a link to nothing")
    else:
        # To open a pipe, a socket or a device is to wait for it, or to set it off.
        raise UsageError(f"`{path}` is neither a file nor a folder")


def _standard_input(stdin_filename: str) -> Found:
    data = sys.stdin.buffer.read(LARGEST_JSON + 1) if sys.stdin is not None else b""
    if not data.strip():
        raise UsageError("standard input is empty")
    if len(data) > LARGEST_JSON:
        raise UsageError(f"standard input is larger than {LARGEST_JSON // 1024 // 1024} MiB")
    name = stdin_filename or "<stdin>"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8: byte {error.start}") from error
    return _absolute(name), Input(name, name, named=True, text=text)


def _walk(root: Path, complaints: list[str], configuration: Configuration | None) -> Iterator[Found]:
    """Files below a folder whose name may be one of ours.

    Links are not followed into folders: they may go round.
    """
    waiting = [(str(root), shown(root), _absolute(root))]
    while waiting:
        folder, name, key = waiting.pop()
        inside = "" if name == "." else name.rstrip("/") + "/"
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            complaints.append(_passed_over(name, error))
            continue
        for entry in _of_assembly(entries):
            if configuration is not None and configuration.excludes(entry.path):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED:
                        waiting.append((entry.path, inside + entry.name, f"{key}/{entry.name}"))
                elif entry.name in NAMES:
                    continue  # our own configuration
                elif entry.name.lower().endswith(SUFFIXES) and entry.is_file():
                    yield f"{key}/{entry.name}", Input(inside + entry.name, entry.path)
            except OSError as error:  # a link that leads round in a circle, or where one may not look
                complaints.append(_passed_over(inside + entry.name, error))


def _of_assembly(entries: list[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Of a cloud assembly of the CDK its manifest, templates and nested assemblies; assets may be anything."""
    names = {entry.name for entry in entries}
    if not {"cdk.out", "manifest.json"} <= names:
        return entries
    wanted = (".template.json", ".template.yaml")
    return [
        entry
        for entry in entries
        if entry.name == "manifest.json" or entry.name.endswith(wanted) or entry.name.startswith("assembly-")
    ]


def _passed_over(path: str, error: OSError) -> str:
    return f"{path}: passed over: {(error.strerror or str(error)).lower()}"


def _absolute(path: Path | str) -> str:
    """Links are left as they are: a template may be linked into the folders of several accounts."""
    return os.path.abspath(path)  # noqa: PTH100


def shown(path: Path) -> str:
    """A path as it is printed: relative to the working folder where it is below it, with `/`."""
    try:
        return Path(_absolute(path)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
