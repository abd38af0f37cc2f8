"""Control policies of an organization, and the accounts over which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.model.organization import is_account, is_root
from xbackup_lint.policy.everywhere import told
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

Kind = Literal["service", "resource"]


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A root, organizational unit or account that a policy is attached to."""

    target: Text
    """Its id, or what the configuration calls it."""
    everywhere: bool = False
    """Whether it is the root, whatever it is called."""
    accounts: frozenset[str] = frozenset()
    """The accounts at or below it, as far as the configuration tells."""
    others: frozenset[str] = frozenset()
    """The accounts that the configuration has elsewhere."""

    def covers(self, account: Text, units: Mapping[str, str]) -> Verdict:
        """Whether an account is at or below it. `units` are the paths of accounts in the organization.

        AWS: no control policy binds the management account (ORG: SCPs). Which account that is the files do not tell.
        """
        known, target = account.known or "", self.target.known or ""
        if self.everywhere or is_root(self.target) or known in self.accounts:
            return YES
        if known in self.others:
            return NO
        if is_account(self.target):
            return equals(self.target, account)
        if target.startswith("ou-") and known in units:
            return Verdict.of(f"{target}/" in units[known])
        return UNKNOWN


@dataclass(frozen=True, eq=False)
class ControlPolicy:
    """A service control policy or resource control policy. Without attachments nothing tells where it is in force."""

    span: Span
    """The logical id of its resource, or the document."""
    name: str
    policy: Policy
    kind: Kind
    attachments: tuple[Attachment, ...] = ()
    _denying: dict[str, tuple[Statement, ...]] = field(default_factory=dict, repr=False)

    @property
    def key(self) -> Span:
        return self.span

    def stands_over(self, account: Text, units: Mapping[str, str]) -> Verdict:
        """Whether it is in force in an account."""
        if not self.attachments:
            return UNKNOWN
        return Verdict.any(attachment.covers(account, units) for attachment in self.attachments)

    @property
    def why_unclear(self) -> tuple[Hole, ...]:
        """Why it cannot be told whether it is in force in an account."""
        holes = tuple(hole for one in self.attachments for hole in one.target.holes)
        missing = Hole(
            (self.span.source.path, f"attachment of {self.name}"),
            f"the files do not tell over which accounts policy `{self.name}` stands",
            place=self.span,
            remedy="attach it under `organization-tree` or `documents` in the configuration",
        )
        return holes or (missing,)

    def denying(self, action: str) -> tuple[Statement, ...]:
        """The statements that may deny an action."""
        if action not in self._denying:
            denials = (statement for statement in told(self.policy) if statement.denies is not NO)
            self._denying[action] = tuple(one for one in denials if one.speaks_of(action) is not NO)
        return self._denying[action]

    @cached_property
    def allowances(self) -> tuple[Statement, ...]:
        """The statements that certainly allow something."""
        return tuple(statement for statement in self.policy if statement.allows is YES)

    @cached_property
    def allows_everything(self) -> bool:
        """Whether it is, or holds, what `FullAWSAccess` says."""
        return any(
            _is_all(one.actions) and _is_all(one.resources) and not one.clauses for one in self.allowances
        )


def _is_all(texts: Sequence[tuple[object, Text]]) -> bool:
    return any(text.known == "*" for _, text in texts)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """A policy that is, or may be, in force in an account."""

    policy: ControlPolicy
    verdict: Verdict


class Controls:
    """The service control policies of an organization, by the accounts over which they stand."""

    def __init__(self, policies: Sequence[ControlPolicy], units: Mapping[str, str]) -> None:
        self.policies = tuple(policy for policy in policies if policy.kind == "service")
        self.decided: dict[object, object] = {}
        """What became of requests, kept for all that ask."""
        self._units = units
        self._known: dict[tuple[str | Hole, ...], tuple[InForce, ...]] = {}

    def over(self, account: Text) -> tuple[InForce, ...]:
        """The policies that are, or may be, in force in an account."""
        key = account.identity
        if key not in self._known:
            self._known[key] = tuple(self._over(account))
        return self._known[key]

    def _over(self, account: Text) -> Iterator[InForce]:
        for policy in self.policies:
            verdict = policy.stands_over(account, self._units)
            if verdict is not NO:
                yield InForce(policy, verdict)

    def levels(self, account: Text) -> list[tuple[ControlPolicy, ...]]:
        """The policies that are certainly attached to the same root, unit or account, for each above an account."""
        found: dict[str, dict[ControlPolicy, None]] = {}
        for one in self.over(account):
            for attachment in one.policy.attachments:
                if attachment.covers(account, self._units) is YES:
                    found.setdefault(str(attachment.target), {})[one.policy] = None
        return [tuple(policies) for policies in found.values()]
