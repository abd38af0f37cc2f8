"""`{{…}}` in the texts of a template: what is put in its place at deployment, or by another tool before it."""

from __future__ import annotations

import re

from xbackup_lint.regex import regex
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Part, Text

BRACES = regex(r"\{\{[^{}]*\}\}")
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
        whole = text.cut(match.start(), match.end())
        name = str(whole)
        when = "read at deployment" if name.startswith("{{resolve:") else "filled in by another tool"
        hole = Hole((owner, name), f"`{name}` is {when}", place=whole.span)
        parts += [*text.cut(at, match.start()).parts, hole]
        at = match.end()
    return Text(text.span, (*parts, *text.cut(at, len(written)).parts), text.tag) if at else text
