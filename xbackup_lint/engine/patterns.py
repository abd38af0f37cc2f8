"""Regular expressions of users: which may take longer than anybody waits."""

from __future__ import annotations

import re

from xbackup_lint.regex import regex

MOST_REPEATS = 3
"""Repeats that one expression may have: with each the time may grow by another power of the text's length."""
LONGEST = 500
"""Characters of a text that an expression is tried on. AWS: names of what rules look at are far shorter."""
_MOST_OPTIONS = 10

_TOKEN = regex(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\((?:\?(?:P<\w+>|[:=!>]|<[=!]|[a-zA-Z-]+:?))?)|(?P<close>\))|(?P<choice>\|)|"
    r"(?P<repeat>(?:[*+]|\{[0-9,]+\})[?+]?)|(?P<option>\?[?+]?)|.",
    re.DOTALL,
)


def may_take_for_ever(pattern: str) -> bool:
    """Whether a text of a few hundred characters can keep it busy: a repeat or a choice is repeated, or many are."""
    varies = [False]
    """For each group around: whether there are several ways through it."""
    closed = False
    repeats = options = 0
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        inner, closed = closed, False
        if kind == "open":
            varies.append(False)
        elif kind == "close" and len(varies) > 1:
            closed = varies.pop()
            varies[-1] |= closed
        elif kind == "repeat":
            if inner:
                return True
            repeats += token[0][0] in "*+" or "," in token[0]
            varies[-1] = True
        elif kind in ("choice", "option"):
            options += kind == "option"
            varies[-1] = True
    return repeats > MOST_REPEATS or options > _MOST_OPTIONS
