"""Which file is the configuration of a folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from xbackup_lint.config.deployments import UsageError
from xbackup_lint.regex import regex

NAMES = (".xbackup-lint.yaml", ".xbackup-lint.yml")
PYPROJECT = "pyproject.toml"
TABLE = ("tool", "xbackup-lint")

_HEADER = regex(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*[\"']?xbackup-lint\b", re.MULTILINE)


def find(start: Path) -> Path | None:
    """The configuration of a file or folder: in its folder, or in the nearest above that has one.

    Folders above the repository, the one that holds `.git`, are not looked at. The path is absolute if
    `start` is, else relative to the working folder. Raises UsageError for two in one folder.
    """
    place = Path(os.path.normpath(Path.cwd() / start))  # links stay as the user wrote them
    for folder in (place, *place.parents) if place.is_dir() else place.parents:
        found = _within(folder)
        if found is not None:
            return found if start.is_absolute() else Path(os.path.relpath(found))
        if os.path.lexists(folder / ".git"):
            return None
    return None


def _within(folder: Path) -> Path | None:
    found = [path for name in NAMES if _is_there(path := folder / name)]
    if _has_table(folder / PYPROJECT):
        found.append(folder / PYPROJECT)
    if len(found) > 1:
        both = " and ".join(f"`{path.name}`" for path in found[:2])
        raise UsageError(f"two configuration files: {both} in `{folder.as_posix()}`; keep one")
    return found[0] if found else None


def _is_there(path: Path) -> bool:
    """Raises UsageError for a folder or a pipe of that name: to pass it over would be silence."""
    if not os.path.lexists(path):
        return False
    if not path.is_file():
        raise UsageError(f"`{path.as_posix()}` is not a file")
    return True


def _has_table(path: Path) -> bool:
    """Whether a `pyproject.toml` configures us. One that is no TOML does if it seems to: reading it tells."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError:
        return False
    if b"xbackup-lint" not in data:
        return False
    text = data.decode("utf-8", "replace")
    import tomllib

    try:
        tool = tomllib.loads(text).get(TABLE[0])
    except (ValueError, RecursionError):
        return _HEADER.search(text) is not None
    return isinstance(tool, dict) and TABLE[1] in tool
