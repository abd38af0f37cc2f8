"""Lines of styled text, painted for a terminal or left plain. Both come from the same lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Style = Literal["plain", "headline", "error", "warning", "info", "unsure", "gutter", "label"]

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
}


def paint(lines: Iterable[Line], colour: bool) -> str:
    """The lines as one text, each ended by a newline; with `colour`, rich's escape sequences in it."""
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
