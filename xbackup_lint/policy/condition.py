"""Conditions of a statement: which of them tie it to certain callers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: global keys that say who calls, or for whom a service calls (IAM: global condition keys; F1.12, F10.11).
_PINNING = {
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:userid",
    "aws:username",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "kms:calleraccount",
}
_PINNING_PREFIXES = ("aws:principaltag/",)
_MATCHING = {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}


@dataclass(frozen=True, eq=False)
class Clause:
    """One key under one operator: `StringEquals: {aws:PrincipalOrgID: o-…}`."""

    written: Text
    """The operator as it stands, set qualifier and `IfExists` included."""
    key: Text
    values: tuple[tuple[Guard, Text], ...]
    span: Span
    guard: Guard

    @cached_property
    def _operator(self) -> tuple[str, str, bool]:
        known = (self.written.known or "").lower()
        qualifier, _, name = known.rpartition(":")
        return qualifier, name.removesuffix("ifexists"), name.endswith("ifexists")

    @property
    def qualifier(self) -> str:
        """`forallvalues`, `foranyvalue`, or empty."""
        return self._operator[0]

    @property
    def operator(self) -> str:
        """The operator's name in lower case, without qualifier and `IfExists`."""
        return self._operator[1]

    @property
    def if_exists(self) -> bool:
        return self._operator[2]

    @property
    def pins(self) -> Verdict:
        """Whether only certain callers can meet it. A value that is not known still names somebody."""
        key = self.key.known
        if key is None or self.written.known is None:
            return UNKNOWN
        key = key.lower()
        if key not in _PINNING and not key.startswith(_PINNING_PREFIXES):
            return NO
        # An absent key meets `ForAllValues`, and so does whoever has none.
        if self.operator not in _MATCHING or self.qualifier == "forallvalues":
            return NO
        return NO if any(_anybody(key, value, self.operator) for _, value in self.values) else YES

    @property
    def pins_by_denial(self) -> Verdict:
        """Whether, in a Deny, it lets only certain callers through: `StringNotEquals aws:PrincipalOrgID o-…`."""
        key = (self.key.known or "").lower()
        if key not in _PINNING or not self.operator.removeprefix("arn").removeprefix("string").startswith(
            "not"
        ):
            return NO
        positive = self.operator.replace("not", "", 1)
        return NO if any(_anybody(key, value, positive) for _, value in self.values) else YES


def _anybody(key: str, value: Text, operator: str) -> bool:
    """Whether a value is met by every caller: `*`, and `o-*` for an organization's id or path."""
    known = value.known
    if known is None or operator in ("stringequals", "stringequalsignorecase"):
        return False
    if re.fullmatch(r"\*+", known):
        return True
    if key in ("aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"):
        return re.fullmatch(r"o-\*+(/\*)?", known) is not None
    return (
        key == "aws:principalarn"
        and re.fullmatch(r"arn:[^:]*:(iam|sts|\*)::\*:\*?.*", known) is not None
        and (known.endswith(":*") or known.endswith("::*:*"))
    )


def pinned(clauses: tuple[Clause, ...]) -> Verdict:
    """Whether the conditions of a statement, all of which must hold, tie it to certain callers."""
    return Verdict.any(clause.pins for clause in clauses)
