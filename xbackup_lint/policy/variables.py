"""Policy variables: `${aws:PrincipalAccount}` in a value, filled from the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from xbackup_lint.policy.matching import literal
from xbackup_lint.policy.request import Absent, Request
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Fragment, Part, Text

_VARIABLE = re.compile(r"\$\{(?P<key>[*?$]|[^${},]+)(?:,\s*'(?P<default>[^']*)'\s*)?\}")
# AWS: `${*}`, `${?}` and `${$}` stand for these characters themselves (IAM: policy variables).
_ESCAPES = ("*", "?", "$")

_BEFORE_RESOURCE = 5
"""Colons of an ARN before its resource."""

_Writing = Callable[[str], str]


def filled(value: Text, request: Request, *, wildcards: bool) -> Text | None:
    """A policy's value with its variables filled; None where one has no value and no default: it fits nothing.

    `wildcards` says that `*` and `?` mean more than themselves in it. In what comes from the request they do not.
    """
    if not any(isinstance(part, Fragment) and "${" in part.text for part in value.parts):
        return value
    parts: list[Part] = []
    for part in value.parts:
        if isinstance(part, Hole):
            parts.append(part)
            continue
        for piece in _pieces(part, request, literal if wildcards else str):
            if piece is None:
                return None
            parts.append(piece)
    return Text(value.span, tuple(parts), value.tag)


def precede_resource(arn: Text) -> bool:
    """Whether variables stand before the fifth colon of an ARN.

    AWS: they cannot replace those parts of a `Resource` (IAM: policy variables).
    """
    colons = 0
    for part in arn.parts:
        if not isinstance(part, Fragment):
            continue
        before, variable, _ = part.text.partition("${")
        colons += before.count(":")
        if variable:
            return colons < _BEFORE_RESOURCE
    return False


def _pieces(fragment: Fragment, request: Request, write: _Writing) -> Iterator[Part | None]:
    at = 0
    for match in _VARIABLE.finditer(fragment.text):
        if match.start() > at:
            yield fragment.slice(at, match.start())
        at = match.end()
        key = match["key"].strip()
        if key in _ESCAPES:
            yield Fragment(write(key), fragment.span)
        else:
            yield from _value(key, match["default"], fragment, request, write)
    if at < len(fragment.text):
        yield fragment.slice(at, len(fragment.text))


def _value(
    key: str, default: str | None, fragment: Fragment, request: Request, write: _Writing
) -> Iterator[Part | None]:
    found = request.key(key)
    if isinstance(found, Hole):
        yield found
    elif not isinstance(found, Absent) and len(found) == 1 and not request.is_multivalued(key):
        for part in found[0].parts:
            yield part if isinstance(part, Hole) else replace(part, text=write(part.text))
    elif default is not None:
        yield Fragment(write(default), fragment.span)
    else:
        # AWS: a variable without a value is equal to nothing, and like nothing (IAM: policy variables).
        yield None
