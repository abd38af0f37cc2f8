"""How a report is to look; what it says is the result's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`width` is in terminal columns; None is a pipe, in which nothing is wrapped."""

    width: int | None = None
    colour: bool = False
    show_info: bool = False
