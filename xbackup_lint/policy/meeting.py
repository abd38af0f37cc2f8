"""Whether a request meets a condition of a statement."""

from __future__ import annotations

from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.operators import OPERATORS, Operator
from xbackup_lint.policy.request import Absent, KeyValue, Known, Request
from xbackup_lint.policy.variables import filled
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


def meets(request: Request, clause: Clause, *, variables: bool = True) -> Verdict:
    """One key under one operator. UNKNOWN of an operator or set operator that does not exist.

    `variables` says whether `${…}` is one.
    """
    key = clause.key.known
    if key is None or clause.written.known is None:
        return UNKNOWN
    value = request.key(key)
    if clause.operator == "null":
        return _null(clause, value)
    operator = OPERATORS.get(clause.operator)
    if operator is None or clause.qualifier not in ("", "forallvalues", "foranyvalue"):
        return UNKNOWN
    if isinstance(value, Hole):
        return UNKNOWN
    if isinstance(value, Absent) or not value:
        return _without_key(clause, operator)
    return _with_key(request, clause, _wanted(request, clause, variables), value)


def doubts(request: Request, clause: Clause, *, variables: bool = True) -> tuple[Hole, ...]:
    """What is not known of a condition, and of what it asks for."""
    key = clause.key.known
    if key is None or clause.written.known is None:
        return (*clause.key.holes, *clause.written.holes)
    value = request.key(key)
    own = tuple(hole for _, text in clause.values for hole in text.holes)
    if isinstance(value, Hole):
        return (*own, value)
    wanted = _wanted(request, clause, variables)
    filled_in = tuple(hole for text in wanted for hole in text.holes if hole not in own)
    of_key = () if isinstance(value, Absent) else tuple(hole for text in value for hole in text.holes)
    return (*own, *filled_in, *of_key)


def _without_key(clause: Clause, operator: Operator) -> Verdict:
    """AWS: a key that is not there meets negated operators, `…IfExists` and `ForAllValues` (IAM: operators; F1.13)."""
    match clause.qualifier:
        case "forallvalues":
            return YES
        case "foranyvalue":
            # AWS: `ForAnyValue` is not met without the key, `…IfExists` is: of both together it says nothing.
            return UNKNOWN if clause.if_exists else NO
    return Verdict.of(operator.negated or clause.if_exists)


def _with_key(request: Request, clause: Clause, wanted: tuple[Text, ...], values: Known) -> Verdict:
    operator = OPERATORS[clause.operator]
    found = [operator.met(value, wanted) for value in values]
    match clause.qualifier:
        case "forallvalues":
            # AWS: values that are empty text are none (IAM: set operators).
            return Verdict.all(met for met, value in zip(found, values, strict=True) if value.known != "")
        case "foranyvalue":
            return Verdict.any(found)
    # What a single-valued operator makes of a multivalued key AWS does not say (F1.13).
    several = request.is_multivalued(clause.name) or len(values) > 1
    return Verdict.any(found) & UNKNOWN if several else found[0]


def _wanted(request: Request, clause: Clause, variables: bool) -> tuple[Text, ...]:
    """The values of a condition, without those whose variables have no value: nothing is like them."""
    operator = OPERATORS.get(clause.operator)
    if not variables or operator is None or not operator.takes_variables:
        return tuple(text for _, text in clause.values)
    taken = (filled(text, request, wildcards=operator.takes_wildcards) for _, text in clause.values)
    return tuple(text for text in taken if text is not None)


def _null(clause: Clause, value: KeyValue) -> Verdict:
    """AWS: `Null` asks whether the key is missing: `true` for yes, `false` for no (IAM: Null)."""
    if isinstance(value, Hole):
        return UNKNOWN
    wanted = "true" if isinstance(value, Absent) or not value else "false"
    return Verdict.any(equals(text, wanted, ignore_case=True) for _, text in clause.values)
