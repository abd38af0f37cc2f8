"""Conditions of a statement: which of them tie it to certain callers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Flag, auto

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.everyone import ARN_KEYS, is_every_arn, is_everyone, meets_all, visible
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


class Tie(Flag):
    """What a condition key tells of a caller."""

    ORGANIZATION = auto()
    ACCOUNT = auto()
    IDENTITY = auto()
    """Which role or user it is, within whatever account."""


OWNER = Tie.ORGANIZATION | Tie.ACCOUNT
"""Whose identity the caller is."""
_BOTH = Tie.ACCOUNT | Tie.IDENTITY

# AWS: global keys that say who calls, for whom a service calls, or whose network a call comes through
# (IAM: global condition keys; F1.12, F10.11). Tags and user names are given by each account as it likes.
_TIES = {
    "aws:principalorgid": Tie.ORGANIZATION,
    "aws:principalorgpaths": Tie.ORGANIZATION,
    "aws:principalaccount": Tie.ACCOUNT,
    "kms:calleraccount": Tie.ACCOUNT,
    "aws:principalarn": _BOTH,
    "aws:userid": _BOTH,
    "aws:username": Tie.IDENTITY,
    "aws:principalservicename": _BOTH,
    "aws:principalservicenameslist": _BOTH,
    "aws:principalisawsservice": _BOTH,
    "aws:sourcearn": _BOTH,
    "aws:sourceaccount": _BOTH,
    "aws:sourceorgid": _BOTH,
    "aws:sourceorgpaths": _BOTH,
    "aws:sourcevpc": Tie.ACCOUNT,
    "aws:sourcevpce": Tie.ACCOUNT,
    "aws:vpceaccount": Tie.ACCOUNT,
    "aws:vpceorgid": Tie.ACCOUNT,
    "aws:vpceorgpaths": Tie.ACCOUNT,
}
_TAGS = "aws:principaltag/"
_SERVICE = "aws:principalisawsservice"

# AWS: keys that every signed request carries (IAM: global condition keys).
SIGNED = frozenset({"aws:principalarn", "aws:principalaccount", "aws:userid"})
# AWS: keys that every request to KMS carries beside these, and no request to AWS Backup (KMS: condition keys).
TO_KMS = frozenset({"kms:calleraccount"})
# AWS: AWS Backup copies within one organization only (F1.1): other callers need not be kept out.
IN_ORGANIZATION = frozenset({"aws:principalorgid", "aws:principalorgpaths"})

_RESOURCE = {"aws:resourceorgid": Tie.ORGANIZATION, "aws:resourceaccount": Tie.ACCOUNT}
"""Keys that tell of the caller where a policy variable compares it with them: `${aws:PrincipalOrgID}`."""

_WITH_WILDCARDS = {"stringlike", "arnequals", "arnlike"}
_MATCHING = _WITH_WILDCARDS | {"stringequals", "stringequalsignorecase"}
_ORGANIZATIONS = {"aws:principalorgid", "aws:resourceorgid"}
_PATHS = {"aws:principalorgpaths", "aws:resourceorgpaths", "backup:copytargetorgpaths"}
_ACCOUNTS = {"aws:principalaccount", "aws:sourceaccount", "kms:calleraccount"}


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
    def is_known(self) -> bool:
        """Whether it can be told what is compared, and how."""
        return self.key.known is not None and self.written.known is not None

    @cached_property
    def name(self) -> str:
        """The key in lower case, as IAM compares it."""
        return (self.key.known or "").lower()

    @cached_property
    def tells(self) -> Tie:
        """What its key says of the caller."""
        if self.name.startswith(_TAGS):
            return Tie.IDENTITY
        if self.name in _RESOURCE:
            of_caller = all(str(value).lower().startswith("${aws:principal") for _, value in self.values)
            return _RESOURCE[self.name] if of_caller else Tie(0)
        return _TIES.get(self.name, Tie(0))

    @property
    def proves_presence(self) -> bool:
        """Whether it demands that its key be there: `Null: {…: false}`."""
        return self.operator == "null" and self._all_are("false")

    def pins(self, wanted: Tie = OWNER, there: frozenset[str] = SIGNED) -> Verdict:
        """Whether only certain callers can meet it. `there` are the keys that every request carries."""
        if not self.is_known:
            return UNKNOWN
        return NO if self.gap(wanted, there) else YES

    def gap(self, wanted: Tie = OWNER, there: frozenset[str] = SIGNED) -> str:
        """A word for how others meet it too: `other`, `negated`, `absent`, `anybody`; empty if they do not.

        A value that is not known still names somebody.
        """
        if not self.tells & wanted:
            return "other"
        if self.name == _SERVICE:
            return "" if self.operator == "bool" and self._all_are("true") else "other"
        if self.operator == "null":
            return "anybody"
        if self.operator not in _MATCHING:
            return "negated"
        if self.name not in there and self._met_by_absence:
            return "absent"
        return "anybody" if self._met_by_all(self.operator, wanted) else ""

    def exempts(self, wanted: Tie = OWNER) -> Verdict:
        """Whether, in a Deny, it lets only certain callers through: `StringNotEquals aws:PrincipalOrgID`.

        AWS: a negated operator is met where its key is absent: whoever lacks the key is denied.
        """
        if not self.is_known:
            return UNKNOWN
        positive = self.operator.replace("not", "", 1)
        negated = positive != self.operator and positive in _MATCHING and self.qualifier != "foranyvalue"
        return Verdict.of(bool(negated and self.tells & wanted) and not self._met_by_all(positive, wanted))

    @property
    def is_negated(self) -> bool:
        """Whether a key that is not there, or has other values, meets it: `StringNotEquals`, `ArnNotLike`."""
        return self._denied_operator != ""

    @cached_property
    def _denied_operator(self) -> str:
        positive = self.operator.replace("not", "", 1)
        return positive if positive != self.operator and positive in _MATCHING else ""

    def spares(self, value: Text) -> Text | None:
        """The account all of whose identities a value of it lets through in a Deny; `*` of every account.

        None where they are certain identities, or not told by its key.
        """
        written = visible(value)
        wild = self._denied_operator in _WITH_WILDCARDS
        if self.name == "aws:principalorgid" or (wild and is_everyone(self.name, written)):
            return Text.literal("*", value.span)
        if self.name == "aws:principalarn" and wild and is_every_arn(written, of_account=False):
            arn = Arn.of(value)
            return arn.account if arn is not None else None
        return value if self.name == "aws:principalaccount" else None

    @property
    def accounts(self) -> tuple[Text, ...]:
        """The accounts that its values name, where its key tells of accounts."""
        if self.name in ARN_KEYS:
            arns = (Arn.of(value) for _, value in self.values)
            return tuple(arn.account for arn in arns if arn is not None)
        return tuple(value for _, value in self.values) if self.name in _ACCOUNTS else ()

    @property
    def organizations(self) -> tuple[Text, ...]:
        """The organizations that its values name, by their id or at the head of a path (F1.13)."""
        if self.name in _ORGANIZATIONS:
            return tuple(value for _, value in self.values)
        if self.name in _PATHS:
            return tuple((value.split("/", 1, trusting=True) or [value])[0] for _, value in self.values)
        return ()

    @property
    def exempts_services(self) -> bool:
        """Whether, in a Deny, it lets AWS services through, and nobody else."""
        return self.name == _SERVICE and self.operator == "bool" and self._all_are("false")

    @property
    def met_without_key(self) -> bool:
        """Whether requests that do not carry its key meet it (IAM: operators; F1.13)."""
        if self.operator == "null":
            return self._all_are("true")
        return self._met_by_absence or ("not" in self.operator and self.qualifier != "foranyvalue")

    @property
    def _met_by_absence(self) -> bool:
        """AWS: an absent key meets `IfExists` and `ForAllValues` (F1.13)."""
        return self.if_exists or self.qualifier == "forallvalues"

    def _all_are(self, literal: str) -> bool:
        return all((value.known or literal).lower() == literal for _, value in self.values)

    def _met_by_all(self, operator: str, wanted: Tie) -> bool:
        """Whether one of its values, with the wildcards of `operator`, is met by every caller."""
        if operator not in _WITH_WILDCARDS:
            return False
        return any(
            meets_all(self.name, visible(value), of_account=Tie.ACCOUNT in wanted) for _, value in self.values
        )

    def seen(self, world: Guard) -> Clause:
        """The clause with the values that it has in one way for open conditions to turn out."""
        return replace(self, values=tuple((g, value) for g, value in self.values if world & g is not None))


def present(clauses: Iterable[Clause], always: frozenset[str] = frozenset()) -> frozenset[str]:
    """The keys that every request that meets some conditions carries, those that it `always` does included."""
    return always | {clause.name for clause in clauses if clause.proves_presence}
