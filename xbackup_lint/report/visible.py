"""Text from files as it may be printed: nothing in it acts on the terminal, nothing in it is hidden."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, format characters (bidi controls, zero width), lone surrogates, line and paragraph separators."""


def visible(text: str) -> str:
    """The text on one line, with every control and format character made visible."""
    return text if text.isascii() and text.isprintable() else "".join(map(visible_character, text))


def visible_character(char: str) -> str:
    """A character as it is shown: `␛`, `␊`, `\\x9b`, `\\u202e`, or the character itself."""
    if " " <= char <= "~":
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in "\ufe0e\ufe0f":
        return ""  # asks for another form of an emoji: terminals disagree on how wide that is
    if not (unicodedata.category(char) in _UNSEEN or 0xE0100 <= code <= 0xE01EF):
        return char
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def columns(text: str) -> int:
    """How many terminal columns visible text takes.

    Emoji that a terminal joins into one (skin tones, flags) are counted apart: terminals disagree.
    """
    return len(text) if text.isascii() else sum(map(_character_columns, text))


def _character_columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, first: int, rest: int, width: int | None) -> list[str]:
    """Visible text broken between words to end at column `width`.

    `first` and `rest` are the columns already taken on the first line and on the others. The first line is empty
    where a word only fits on the next. No word is broken: names and ARNs are there to be copied.
    """
    if width is None or first + columns(text) <= width:
        return [text]
    line, *words = text.split(" ")
    lines, taken = [], first
    if rest < first and first + columns(line) > width:
        lines, taken = [""], rest
    for word in words:
        if taken + columns(f"{line} {word}") > width:
            lines.append(line)
            line, taken = word, rest
        else:
            line = f"{line} {word}"
    return [*lines, line]
