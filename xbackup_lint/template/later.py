"""`{{…}}` in the texts of a template: what is put in its place at deployment, or by another tool before it."""

from __future__ import annotations

import re

from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Part, Text

BRACES = re.compile(r"\{\{[^{}]*\}\}")
_HOLE = "\0"


def with_holes(text: Text, owner: str, marks: re.Pattern[str] = BRACES) -> Text:
    """The text with a hole for each `{{…}}`, or other mark, in it.

    AWS: `{{resolve:…}}` may be put together by `Fn::Sub`.
    """
    if not any("{" in part.text for part in text.parts if isinstance(part, Fragment)):
        return text
    written = "".join(part.text if isinstance(part, Fragment) else _HOLE for part in text.parts)
    parts: list[Part] = []
    at = 0
    for match in marks.finditer(written):
        whole = text.narrowed(_cut(text, match.start(), match.end()))
        name = str(whole)
        when = "read at deployment" if name.startswith("{{resolve:") else "filled in by another tool"
        hole = Hole((owner, name), f"`{name}` is {when}", place=whole.span)
        parts += [*_cut(text, at, match.start()), hole]
        at = match.end()
    return Text(text.span, (*parts, *_cut(text, at, len(written))), text.tag) if at else text


def _cut(text: Text, start: int, end: int) -> tuple[Part, ...]:
    """The parts of a text between two of its characters, a hole being one."""
    found: list[Part] = []
    begin = 0
    for part in text.parts:
        size = len(part.text) if isinstance(part, Fragment) else 1
        first, last = max(start - begin, 0), min(end - begin, size)
        if first < last:
            found.append(part.slice(first, last) if isinstance(part, Fragment) else part)
        begin += size
    return tuple(found)
