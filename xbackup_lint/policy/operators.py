"""The condition operators of IAM: one value of a request against one value of a policy, in three values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network

from xbackup_lint.values.comparison import equals, like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

Comparison = Callable[[Text, Text], Verdict]
"""(value of the request, value of the policy) -> whether they fit."""


def _known(value: Text, wanted: Text) -> tuple[str, str] | None:
    left, right = value.known, wanted.known
    return (left, right) if left is not None and right is not None else None


def _case_blind(value: Text, wanted: Text) -> Verdict:
    return equals(value, wanted, ignore_case=True)


def _boolean(value: Text, wanted: Text) -> Verdict:
    """AWS: `Bool` compares `true` and `false` without regard to case."""
    return equals(value, wanted, ignore_case=True)


def _arn(value: Text, wanted: Text) -> Verdict:
    """AWS: each of the six fields of an ARN is compared by itself, and may hold wildcards (IAM: ARN operators)."""
    fields, patterns = value.split(":", 5, trusting=True), wanted.split(":", 5, trusting=True)
    if fields is None or patterns is None or len(fields) != 6 or len(patterns) != 6:
        return like(value, wanted) if value.holes or wanted.holes else _unsplit(value, wanted)
    return Verdict.all(like(field, pattern) for field, pattern in zip(fields, patterns, strict=True))


def _unsplit(value: Text, wanted: Text) -> Verdict:
    """What is no ARN matches none; `*` alone matches every ARN."""
    return Verdict.of(wanted.known == "*" and value.known is not None and value.known.startswith("arn:"))


def _number(compare: Callable[[Decimal, Decimal], bool]) -> Comparison:
    def compared(value: Text, wanted: Text) -> Verdict:
        both = _known(value, wanted)
        if both is None:
            return UNKNOWN
        try:
            left, right = Decimal(both[0]), Decimal(both[1])
        except InvalidOperation:
            return NO
        return NO if left.is_nan() or right.is_nan() else Verdict.of(compare(left, right))

    return compared


def _date(compare: Callable[[datetime, datetime], bool]) -> Comparison:
    def compared(value: Text, wanted: Text) -> Verdict:
        both = _known(value, wanted)
        if both is None:
            return UNKNOWN
        left, right = _moment(both[0]), _moment(both[1])
        return NO if left is None or right is None else Verdict.of(compare(left, right))

    return compared


def _moment(text: str) -> datetime | None:
    """AWS: a date in ISO 8601, or seconds since 1970."""
    try:
        if re.fullmatch(r"-?[0-9]{1,12}", text):
            return datetime.fromtimestamp(int(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _address(value: Text, wanted: Text) -> Verdict:
    both = _known(value, wanted)
    if both is None:
        return UNKNOWN
    try:
        return Verdict.of(ip_address(both[0]) in ip_network(both[1], strict=False))
    except ValueError:
        return NO


POSITIVE: dict[str, Comparison] = {
    "stringequals": equals,
    "stringequalsignorecase": _case_blind,
    "stringlike": like,
    "arnequals": _arn,
    "arnlike": _arn,
    "bool": _boolean,
    "binaryequals": equals,
    "ipaddress": _address,
    "numericequals": _number(lambda value, wanted: value == wanted),
    "numericlessthan": _number(lambda value, wanted: value < wanted),
    "numericlessthanequals": _number(lambda value, wanted: value <= wanted),
    "numericgreaterthan": _number(lambda value, wanted: value > wanted),
    "numericgreaterthanequals": _number(lambda value, wanted: value >= wanted),
    "dateequals": _date(lambda value, wanted: value == wanted),
    "datelessthan": _date(lambda value, wanted: value < wanted),
    "datelessthanequals": _date(lambda value, wanted: value <= wanted),
    "dategreaterthan": _date(lambda value, wanted: value > wanted),
    "dategreaterthanequals": _date(lambda value, wanted: value >= wanted),
}

NEGATIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
"""Operators that hold where their counterpart holds for none of the policy's values."""


def compares(operator: str) -> tuple[Comparison, bool] | None:
    """The comparison of an operator (in lower case), and whether it is negated; None of unknown operators."""
    if operator in POSITIVE:
        return POSITIVE[operator], False
    if operator in NEGATIVE:
        return POSITIVE[NEGATIVE[operator]], True
    return None
