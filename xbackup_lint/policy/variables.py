"""Policy variables: `${aws:PrincipalAccount}` in a value, filled from the request."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xbackup_lint.dataclass import replace
from xbackup_lint.policy.matching import literal
from xbackup_lint.policy.request import Absent, Request
from xbackup_lint.regex import regex
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.hole import ANY, Hole
from xbackup_lint.values.text import Fragment, Part, Text

_HOLE = "\ue102"
"""Stands for what is not known of a text: no text of a policy holds it."""
_VARIABLE = regex(
    r"\$\{(?:(?P<escape>[*?$])|(?P<key>[^${},]+)(?:,\s*'(?P<default>[^']*)'\s*)?)\}"
    # What stands before a hole may go on in it.
    rf"|\$(?:\{{[^{{}}{_HOLE}]*)?{_HOLE}.*",
    re.DOTALL,
)
# AWS: `${*}`, `${?}` and `${$}` stand for these characters themselves (IAM: policy variables).
_ESCAPES = ("*", "?", "$")

_BEFORE_RESOURCE = 5
"""Colons of an ARN before its resource."""


def filled(value: Text, request: Request, *, wildcards: bool) -> Text | None:
    """A policy's value with its variables filled; None where one has no value and no default: it fits nothing.

    `wildcards` says that `*` and `?` mean more than themselves in it. In what comes from the request they do not.
    """
    if not any(isinstance(part, Fragment) and "$" in part.text for part in value.parts):
        return value
    written = "".join(part.text if isinstance(part, Fragment) else _HOLE for part in value.parts)
    parts: list[Part] = []
    at = 0
    for match in _VARIABLE.finditer(written):
        parts.extend(value.cut(at, match.start()).parts)
        at = match.end()
        variable = Text(value.span, value.cut(match.start(), at).parts)
        if variable.holes:
            parts.append(_unknown(variable))
            continue
        pieces = _value(match, request, literal if wildcards else str)
        if pieces is None:
            return None
        parts.extend(pieces)
    parts.extend(value.cut(at, len(written)).parts)
    return Text(value.span, tuple(parts), value.tag)


def _unknown(variable: Text) -> Hole:
    """A variable part of which is not known."""
    hole = variable.holes[0]
    return replace(hole, symbol=(hole.symbol[0], str(variable)), shape=ANY)


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


def _value(match: re.Match[str], request: Request, write: Callable[[str], str]) -> Iterable[Part] | None:
    """What a variable stands for."""
    key, default = (match["escape"] or match["key"]).strip(), match["default"]
    if key in _ESCAPES:
        return (Fragment(write(key), NOWHERE),)
    found = request.key(key)
    if isinstance(found, Hole):
        return (found,)
    if not isinstance(found, Absent) and len(found) == 1 and not request.is_multivalued(key):
        return [
            part if isinstance(part, Hole) else replace(part, text=write(part.text))
            for part in found[0].parts
        ]
    # AWS: a variable without a value is equal to nothing, and like nothing (IAM: policy variables).
    return (Fragment(write(default), NOWHERE),) if default is not None else None
