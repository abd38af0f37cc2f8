"""Policy variables: `${aws:PrincipalAccount}` in a value, filled from the request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xbackup_lint.policy.request import Absent, Request
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Part, Text

_VARIABLE = re.compile(r"\$\{(?P<key>[^${},]*)(?:,\s*'(?P<default>[^']*)'\s*)?\}")
# AWS: `${*}`, `${?}` and `${$}` stand for these characters themselves (IAM: policy variables).
_ESCAPES = ("*", "?", "$")

LITERAL_STAR, LITERAL_QUESTION = "\ue100", "\ue101"
"""Stand for a `*` and a `?` that are no wildcards: no value holds them, so neither matches by accident."""


def filled(value: Text, request: Request) -> Text | None:
    """A policy's value with its variables filled; None where one has no value and no default: it fits nothing."""
    if not any(isinstance(part, Fragment) and "${" in part.text for part in value.parts):
        return value
    parts: list[Part] = []
    for part in value.parts:
        if isinstance(part, Hole):
            parts.append(part)
            continue
        for piece in _pieces(part, request):
            if piece is None:
                return None
            parts.append(piece)
    return Text(value.span, tuple(parts), value.tag)


def _pieces(fragment: Fragment, request: Request) -> Iterator[Part | None]:
    at = 0
    for match in _VARIABLE.finditer(fragment.text):
        if match.start() > at:
            yield fragment.slice(at, match.start())
        at = match.end()
        key = match["key"].strip()
        if key in _ESCAPES:
            yield Fragment({"*": LITERAL_STAR, "?": LITERAL_QUESTION}.get(key, key), fragment.span)
            continue
        yield from _value(key, match["default"], fragment, request)
    if at < len(fragment.text):
        yield fragment.slice(at, len(fragment.text))


def _value(key: str, default: str | None, fragment: Fragment, request: Request) -> Iterator[Part | None]:
    found = request.key(key)
    if isinstance(found, Hole):
        yield found
    elif not isinstance(found, Absent) and len(found) == 1:
        yield from found[0].parts
    elif default is not None:
        yield Fragment(default, fragment.span)
    else:
        # AWS: a variable without a value makes the whole comparison fail.
        yield None
