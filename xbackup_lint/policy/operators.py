"""The condition operators of IAM: one value of a request against the values of a policy, in three values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.policy.matching import fits, fits_arn, same
from xbackup_lint.regex import regex
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

Comparison = Callable[[Text, Text], Verdict]
"""(value of the request, value of the policy) -> whether they fit."""

_T = TypeVar("_T")

_NUMBER = regex(r"[+-]?[0-9]{1,64}(\.[0-9]{0,64})?")
_EPOCH = regex(r"-?[0-9]{1,12}")


def _anything(_text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Operator:
    """How one operator compares. A negated one holds where its counterpart holds for none of the policy's values.

    AWS: policy variables stand in values of string and ARN operators only (IAM: policy variables).
    """

    compare: Comparison
    negated: bool = False
    takes_variables: bool = False
    takes_wildcards: bool = False
    well_formed: Callable[[str], bool] = _anything
    """Whether a text is a value of the operator's type."""

    def met(self, value: Text, wanted: Iterable[Text]) -> Verdict:
        """Whether one value of the request meets it. What a negated one makes of malformed values AWS does not say."""
        listed = tuple(wanted)
        found = Verdict.any(self.compare(value, one) for one in listed)
        if not self.negated:
            return found
        sound = all(one.known is None or self.well_formed(one.known) for one in (value, *listed))
        return ~found if sound else ~found & UNKNOWN


def _case_blind(value: Text, wanted: Text) -> Verdict:
    return equals(value, wanted, ignore_case=True)


def _boolean(value: Text, wanted: Text) -> Verdict:
    """AWS: `Bool` compares `true` and `false`, in whatever case (IAM: Boolean operators)."""
    if any(one.known is not None and not _is_boolean(one.known) for one in (value, wanted)):
        return NO
    return equals(value, wanted, ignore_case=True)


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _typed(read: Callable[[str], _T | None], compare: Callable[[_T, _T], bool]) -> Comparison:
    """Compares what two texts spell. What spells nothing of the type fits nothing."""

    def compared(value: Text, wanted: Text) -> Verdict:
        known, pattern = value.known, wanted.known
        left = read(known) if known is not None else None
        right = read(pattern) if pattern is not None else None
        if (known is not None and left is None) or (pattern is not None and right is None):
            return NO
        return UNKNOWN if left is None or right is None else Verdict.of(compare(left, right))

    return compared


def _number(text: str) -> Decimal | None:
    """AWS: whole or decimal numbers (IAM: numeric operators)."""
    from decimal import Decimal  # few policies compare numbers

    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _moment(text: str) -> datetime | None:
    """AWS: a date in ISO 8601, or seconds since 1970 (IAM: date operators)."""
    from datetime import UTC, datetime  # few policies compare dates

    try:
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _is_network(text: str) -> bool:
    try:
        from ipaddress import ip_network  # few policies ask, and it takes a while to load

        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _address(value: Text, wanted: Text) -> Verdict:
    address, network = value.known, wanted.known
    if any(one is not None and not _is_network(one) for one in (address, network)):
        return NO
    if address is None or network is None:
        return UNKNOWN
    try:
        from ipaddress import ip_address, ip_network

        return Verdict.of(ip_address(address) in ip_network(network, strict=False))
    except ValueError:
        return NO


_STRING = Operator(same, takes_variables=True)
_LIKE = Operator(fits, takes_variables=True, takes_wildcards=True)
_BLIND = Operator(_case_blind, takes_variables=True)
_ARN = Operator(
    fits_arn, takes_variables=True, takes_wildcards=True, well_formed=lambda text: text.count(":") >= 5
)
_IP = Operator(_address, well_formed=_is_network)


def _numeric(compare: Callable[[Decimal, Decimal], bool]) -> Operator:
    return Operator(_typed(_number, compare), well_formed=lambda text: _number(text) is not None)


def _date(compare: Callable[[datetime, datetime], bool]) -> Operator:
    return Operator(_typed(_moment, compare), well_formed=lambda text: _moment(text) is not None)


_POSITIVE = {
    "stringequals": _STRING,
    "stringequalsignorecase": _BLIND,
    "stringlike": _LIKE,
    "arnequals": _ARN,
    "arnlike": _ARN,
    "bool": Operator(_boolean, well_formed=_is_boolean),
    "binaryequals": Operator(equals),
    "ipaddress": _IP,
    "numericequals": _numeric(lambda value, wanted: value == wanted),
    "numericlessthan": _numeric(lambda value, wanted: value < wanted),
    "numericlessthanequals": _numeric(lambda value, wanted: value <= wanted),
    "numericgreaterthan": _numeric(lambda value, wanted: value > wanted),
    "numericgreaterthanequals": _numeric(lambda value, wanted: value >= wanted),
    "dateequals": _date(lambda value, wanted: value == wanted),
    "datelessthan": _date(lambda value, wanted: value < wanted),
    "datelessthanequals": _date(lambda value, wanted: value <= wanted),
    "dategreaterthan": _date(lambda value, wanted: value > wanted),
    "dategreaterthanequals": _date(lambda value, wanted: value >= wanted),
}
_NEGATIVE = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}

OPERATORS = _POSITIVE | {name: replace(_POSITIVE[of], negated=True) for name, of in _NEGATIVE.items()}
"""By name in lower case. `Null` is not among them: it compares no values."""
