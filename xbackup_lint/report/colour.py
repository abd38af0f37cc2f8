"""Lines of styled text, painted for a terminal or left plain. Both come from the same lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Literal

from xbackup_lint.report.visible import visible

Style = Literal["plain", "headline", "error", "warning", "info", "unsure", "gutter", "label", "path"]

Line = list[tuple[str, Style]]
"""One line of a report: pieces of visible text, each with its style."""

_LOOKS: dict[Style, str] = {
    "plain": "",
    "headline": "bold",
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold green",
    "unsure": "bold cyan",
    "gutter": "bold blue",
    "label": "blue",
    "path": "",
}


def path_piece(path: str) -> tuple[str, Style]:
    """The path of a file, which `paint` may make a link; not if it is no file, or is shown otherwise than it is."""
    text = visible(path)
    return text, "path" if text == path and not text.startswith("<") else "plain"


def paint(lines: Iterable[Line], colour: bool, links: str = "") -> str:
    """The lines as one text, each ended by a newline; with `colour`, rich's escape sequences in it.

    `links` is the folder that paths are relative to, where they are to be links.
    """
    if links:
        lines = [[_linked(piece, links) for piece in line] for line in lines]
    if not colour:
        return "".join("".join(text for text, _ in line) + "\n" for line in lines)
    # Imported here: only a coloured report pays for it. Of rich only the styles are used: its console would
    # wrap lines and read markup in them.
    from rich.color import ColorSystem
    from rich.style import Style as Look

    looks = {style: Look.parse(look) for style, look in _LOOKS.items()}
    return "".join(
        "".join(looks[style].render(text, color_system=ColorSystem.STANDARD) for text, style in line) + "\n"
        for line in lines
    )


def _linked(piece: tuple[str, Style], folder: str) -> tuple[str, Style]:
    """A path as a link of the terminal (OSC 8), which takes no column."""
    text, style = piece
    if style != "path":
        return piece
    return f"\x1b]8;;{PurePath(folder, text).as_uri()}\x1b\\{text}\x1b]8;;\x1b\\", style
