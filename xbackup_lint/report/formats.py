"""The formats of reports, by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from xbackup_lint.engine.result import Result
from xbackup_lint.report.options import Options

Render = Callable[[Result, Options], str]

_MODULES = {
    "text": "text",
    "concise": "concise",
    "json": "json_report",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
}
FORMATS = tuple(_MODULES)
FOR_PEOPLE = frozenset({"text", "concise"})
FOR_PROGRAMS = frozenset({"json", "sarif", "gitlab", "junit"})
"""Those that are written even where nothing was found and `--quiet` is asked for."""


def renderer(name: str) -> Render:
    """What makes a report of this format; only its own module is loaded."""
    module = import_module(f"xbackup_lint.report.{_MODULES[name]}")
    return cast("Render", module.render)
