"""How a report is to look; what it says is the result's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xbackup_lint.dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Options:
    """`width` is in terminal columns; None is a pipe, in which nothing is wrapped."""

    width: int | None = None
    colour: bool = False
    show_info: bool = False
    links: str = ""
    """The absolute folder that paths are relative to, where the terminal shows links; else nothing."""
    whole: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Files of which every line is shown, not only those that a finding speaks of: their lines, by path."""
