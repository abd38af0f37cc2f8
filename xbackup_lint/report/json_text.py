"""JSON that may be printed anywhere."""

from __future__ import annotations

import json

from xbackup_lint.regex import regex

_RAW = regex("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What JSON allows in a string, and what must not reach a terminal, or (lone surrogates) has no UTF-8."""


def json_text(document: object) -> str:
    """A document as JSON, in which whatever acts on a terminal is escaped."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return _RAW.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
