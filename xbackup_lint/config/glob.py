"""Patterns for paths: `cfn/*.yaml`, `cfn/**/vault.yaml`, or a folder."""

from __future__ import annotations

import re
from fnmatch import translate
from itertools import takewhile

from xbackup_lint.config.word import Word
from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span

_ANY_FOLDERS = None
"""What `**` becomes."""

_WILDCARD = regex(r"[*?\[]")


@dataclass(frozen=True, slots=True, eq=False)
class Glob:
    """A pattern, relative to the folder of the configuration, and where it stands there.

    `*`, `?` and `[…]` stay within one name, `**` is any number of folders, also none. A pattern that covers
    a folder covers all that is below it. A name without `/` is one at the top, not one anywhere.
    """

    text: str
    span: Span
    parts: tuple[re.Pattern[str] | None, ...]
    start: str
    """The names before the first with a wildcard: nearly all paths that it does not cover begin with others."""

    @staticmethod
    def of(word: Word) -> Glob:
        names = [name for name in word.text.split("/") if name not in ("", ".")]
        fixed = "/".join(takewhile(lambda name: not _WILDCARD.search(name), names))
        return Glob(word.text, word.span, tuple(_part(name) for name in names), fixed)

    def covers(self, path: str) -> bool:
        """Whether a path with `/` matches, or a folder above it. The time grows with path × pattern."""
        return path.startswith(self.start) and self._matches(path.split("/"))

    def _matches(self, names: list[str]) -> bool:
        parts = self.parts
        at = part = 0
        again = again_at = -1  # where to go on when a guess of what `**` swallowed was wrong
        while part < len(parts):
            pattern = parts[part]
            if pattern is _ANY_FOLDERS:
                part += 1
                again, again_at = part, at
            elif at < len(names) and pattern.match(names[at]):
                at += 1
                part += 1
            elif again >= 0 and again_at < len(names):
                again_at += 1
                at, part = again_at, again
            else:
                return False
        return True


def _part(name: str) -> re.Pattern[str] | None:
    return _ANY_FOLDERS if name == "**" else re.compile(translate(name))
