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
    "html": "html",
}
FORMATS = tuple(_MODULES)
WITH_PICTURE = frozenset({"html", "markdown"})
"""Those for which the picture must be drawn."""
PICTURES = ("mermaid", "html")
"""The formats of the picture alone; the first is the usual one."""
FOR_PEOPLE = frozenset({"text", "concise"})
FOR_PROGRAMS = frozenset({"json", "sarif", "gitlab", "junit", "html"})
"""Those that are written even where nothing was found and `--quiet` is asked for."""


def renderer(name: str) -> Render:
    """What makes a report of this format; only its own module is loaded."""
    module = import_module(f"xbackup_lint.report.{_MODULES[name]}")
    return cast("Render", module.render)


def picture_renderer(name: str) -> Render:
    """What draws the picture alone in this format."""
    if name == "html":
        from xbackup_lint.report.html import picture_only

        return picture_only
    from xbackup_lint.report.mermaid import render

    return render
