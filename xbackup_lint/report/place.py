"""One place alone, as an error in a configuration or rule file shows it."""

from __future__ import annotations

from xbackup_lint.engine.result import Location
from xbackup_lint.report.colour import paint
from xbackup_lint.report.excerpt import Frame, digits, excerpts


def caret(location: Location) -> str:
    """The line of a place with what is meant underlined, plain."""
    return paint(excerpts(location, (), Frame(digits([location]), "error", None)), colour=False).rstrip("\n")
