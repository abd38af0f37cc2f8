"""Texts of a policy against texts of a request: ARNs, wildcards, and characters that are no wildcards."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xbackup_lint.dataclass import replace
from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_LITERALS = str.maketrans({"*": "\ue100", "?": "\ue101"})
"""A `*` and a `?` that are no wildcards, as characters that no text of a policy holds."""
_ARN_FIELDS = 6


def literal(text: str) -> str:
    """A piece of a pattern that stands for itself, whatever it holds. `fits` knows how to read it."""
    return text.translate(_LITERALS)


def same(value: Text, wanted: Text) -> Verdict:
    """Whether both are the same text. A partition that is not known says nothing of what an ARN names."""
    return _past_partition(value, wanted, equals)


def fits(value: Text, pattern: Text) -> Verdict:
    """Whether a text fits a pattern with `*` and `?`, its partition as in `same`."""
    if pattern.known == "*":
        return YES
    return _past_partition(_unlike_wildcards(value, pattern), pattern, like)


def fits_arn(value: Text, pattern: Text) -> Verdict:
    """Whether an ARN fits another, each of the six fields by itself (AWS: IAM, ARN condition operators).

    What a pattern with fewer fields matches AWS does not say.
    """
    fields = _fields(_unlike_wildcards(value, pattern))
    patterns = _fields(pattern)
    if fields is None:
        return UNKNOWN if value.holes else NO
    if patterns is None:
        return fits(value, pattern) & UNKNOWN
    verdicts = [like(one, other) for one, other in zip(fields, patterns, strict=True)]
    # The partition, as in `same`.
    return Verdict.all(verdicts) if verdicts[1] is NO else Verdict.all([verdicts[0], *verdicts[2:]])


def fits_resource(value: Text, pattern: Text) -> Verdict:
    """Whether a resource fits a pattern of `Resource`.

    AWS: wildcards stay within a field of an ARN, but a `*` that ends one may go on past its colon (IAM: Resource).
    Where the others would have to, AWS says less than it should: UNKNOWN.
    """
    verdict = fits(value, pattern)
    known = pattern.known
    if verdict is not YES or known is None or known == "*" or not _has_inner_wildcards(known):
        return verdict
    fields, patterns = _fields(_unlike_wildcards(value, pattern)), _fields(pattern)
    if fields is None or patterns is None:
        return UNKNOWN
    return Verdict.all(like(one, other) for one, other in zip(fields, patterns, strict=True)) | UNKNOWN


def _has_inner_wildcards(pattern: str) -> bool:
    before_resource = pattern.split(":", _ARN_FIELDS - 1)[: _ARN_FIELDS - 1]
    return any("*" in field[:-1] or "?" in field for field in before_resource)


def _fields(text: Text) -> Sequence[Text | str] | None:
    """The six fields of an ARN."""
    known, most = text.known, _ARN_FIELDS - 1
    fields = known.split(":", most) if known is not None else text.split(":", most, trusting=True)
    return fields if fields is not None and len(fields) == _ARN_FIELDS else None


def _past_partition(value: Text, wanted: Text, compare: Callable[[Text, Text], Verdict]) -> Verdict:
    verdict = compare(value, wanted)
    if verdict is not UNKNOWN:
        return verdict
    left, right = value.split(":", 2, trusting=True), wanted.split(":", 2, trusting=True)
    if left is None or right is None or len(left) < 3 or len(right) < 3:
        return verdict
    partitions = compare(left[1], right[1])
    if partitions is not UNKNOWN:
        return verdict if partitions is YES else NO
    return compare(left[0], right[0]) & compare(left[2], right[2])


def _unlike_wildcards(value: Text, pattern: Text) -> Text:
    """The value as a pattern with literal characters sees it: its own `*` and `?` are such characters too."""
    if not any(isinstance(part, Fragment) and _holds_literals(part.text) for part in pattern.parts):
        return value
    parts = tuple(
        replace(part, text=literal(part.text)) if isinstance(part, Fragment) else part for part in value.parts
    )
    return replace(value, parts=parts)


def _holds_literals(text: str) -> bool:
    return "\ue100" in text or "\ue101" in text
