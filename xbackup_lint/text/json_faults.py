"""What is wrong with a JSON text at the place where reading stopped, in words that say what to type."""

from __future__ import annotations

from json import JSONDecodeError

from xbackup_lint.regex import regex
from xbackup_lint.text.node import Unreadable
from xbackup_lint.text.source import Source

_WORD = regex(r"[A-Za-z_]\w*")
_CONTROL = regex(r"[\x00-\x1f]")
_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
_LITERALS = {"true": "true", "false": "false", "null": "null", "none": "null", "undefined": "null"}


def at_value(source: Source, at: int) -> Unreadable:
    """The error where a value must stand."""
    text = source.text
    if not text.strip():
        return Unreadable.at(source, at, "empty, where a JSON value is expected")
    if at >= len(text):
        return Unreadable.at(source, at, "expecting a value, found the end of the text")
    word = _WORD.match(text, at)
    if word is None:
        return _unclosed_comment(source, at) or Unreadable.at(source, at, "expecting a value")
    literal = _LITERALS.get(word[0].lower())
    message = f"`{word[0]}` is written `{literal}`" if literal else "strings take double quotes"
    return Unreadable.at(source, at, message)


def at_key(source: Source, at: int) -> Unreadable:
    """The error where a key must stand."""
    if at >= len(source.text):
        return Unreadable.at(source, at, "expecting a key, found the end of the text")
    if _WORD.match(source.text, at):
        return Unreadable.at(source, at, "keys take double quotes")
    return _unclosed_comment(source, at) or Unreadable.at(source, at, "expecting a key in double quotes")


def at_colon(source: Source, at: int) -> Unreadable:
    """The error between a key and its value."""
    return _unclosed_comment(source, at) or Unreadable.at(source, at, "expected `:` after the key")


def at_separator(source: Source, at: int, close: str) -> Unreadable:
    """The error behind a member of what `close` ends."""
    text = source.text
    if at >= len(text):
        return Unreadable.at(source, at, f"expected `,` or `{close}`, found the end of the text")
    if text[at] in "0123456789" and text[at - 1] == "0":
        return Unreadable.at(source, at - 1, "a number cannot begin with 0; account ids take double quotes")
    return _unclosed_comment(source, at) or Unreadable.at(source, at, f"expected `,` or `{close}`")


def at_end(source: Source, at: int) -> Unreadable:
    """The error behind the outermost value."""
    return _unclosed_comment(source, at) or Unreadable.at(source, at, "text after the end of the JSON")


def in_string(source: Source, start: int, error: JSONDecodeError) -> Unreadable:
    """The error in the string whose quote stands at `start`."""
    text = source.text
    if "control character" in error.msg:
        control = _CONTROL.search(text, start)
        at = control.start() if control else start
        escape = _ESCAPES.get(text[at], f"\\u{ord(text[at]):04x}")
        return Unreadable.at(source, at, f"control character in a string; write {escape}")
    if "\\u" in error.msg:
        at = text.rfind("\\u", start, error.pos + 2)
        return Unreadable.at(source, at, r"`\u` takes four hexadecimal digits")
    if "escape" in error.msg:
        at = error.pos if text[error.pos] == "\\" else error.pos - 1
        return Unreadable.at(source, at, f"`{text[at : at + 2]}` is no escape in JSON")
    return Unreadable.at(source, start, "a string that is never closed")


def _unclosed_comment(source: Source, at: int) -> Unreadable | None:
    """Closed comments have been stepped over before anything was found missing."""
    if source.text.startswith("/*", at):
        return Unreadable.at(source, at, "a comment that is never closed")
    return None
