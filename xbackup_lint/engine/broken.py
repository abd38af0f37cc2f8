"""A baseline that is none."""

from __future__ import annotations

from xbackup_lint.text.source import Span


class BrokenBaseline(Exception):
    """What is wrong, and where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
