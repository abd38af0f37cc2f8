"""What the terminal can show, as far as it can be told without asking it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

_PROGRAMS = frozenset({"WezTerm", "ghostty", "iTerm.app", "vscode"})
"""Values of TERM_PROGRAM: terminals that show links and name themselves there."""
_TERMS = frozenset({"alacritty", "foot", "wezterm", "xterm-ghostty", "xterm-kitty"})
"""Values of TERM: those that name themselves there."""
_FIRST_VTE = 5001  # 0.50.0 itself crashes on links


def is_terminal(stream: TextIO) -> bool:
    """Whether it is a terminal that obeys escape sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int | None:
    """The columns of a terminal; None for a pipe or a file, and for a terminal that does not tell."""
    return os.get_terminal_size(stream.fileno()).columns or None if stream.isatty() else None


def shows_colours(stream: TextIO) -> bool:
    """Whether colours may be printed. NO_COLOR, if it is set to anything, forbids them."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def shows_links(stream: TextIO, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether a path may be printed as a link: where it is known to be shown as one, or FORCE_HYPERLINK says so.

    Of a session on another machine the paths are no files of the machine that shows them.
    """
    if not shows_colours(stream):
        return False
    forced = variables.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    return not variables.get("SSH_CONNECTION") and _is_known(variables)


def _is_known(variables: Mapping[str, str]) -> bool:
    version = variables.get("VTE_VERSION", "")
    return (
        (version.isdecimal() and int(version) >= _FIRST_VTE)
        or bool(variables.get("WT_SESSION"))
        or variables.get("TERM_PROGRAM") in _PROGRAMS
        or variables.get("TERM") in _TERMS
    )
