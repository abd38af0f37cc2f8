"""Where a template or document is in force: an account and a region, each known or a symbol."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import ACCOUNT, REGION, Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """One account and region. `how` says what told the account, `evidence` where that stands."""

    path: str
    account: Text
    region: Text
    how: str = ""
    evidence: Span | None = None

    @property
    def is_account_known(self) -> bool:
        return self.account.known is not None

    @property
    def label(self) -> str:
        """Account and region, for messages."""
        return f"{self.account}/{self.region}"

    def is_account(self, account: Text) -> Verdict:
        """Whether `account` is this deployment's own."""
        return equals(account, self.account)

    def sends_to_another(self, account: Text) -> Verdict:
        """Whether `account`, a copy's destination, is another one.

        Written in digits where ours is not known, it is taken to be: nobody writes out the account that
        `AWS::AccountId` gives.
        """
        if account.known is not None and not self.is_account_known:
            return Verdict.YES
        return ~equals(account, self.account)

    def assumed_of(self, account: Text) -> tuple[str, ...]:
        """What `sends_to_another` takes for granted when it says YES of this account, in words to print."""
        if account.known is None or self.is_account_known:
            return ()
        return (f"account {account} is taken to be another than that of {self.path}, which is not known",)

    def is_region(self, region: Text) -> Verdict:
        return equals(region, self.region)


def deployment(path: str, span: Span, account: str | None, region: str | None, how: str = "") -> Deployment:
    """The deployment of a document, its account and region known or symbols of their own."""

    def text(known: str | None, hole: Hole) -> Text:
        return Text.literal(known, span) if known is not None else Text.unknown(hole, span)

    who = Hole((path, "AWS::AccountId"), "the account of this document is not known", ACCOUNT)
    where = Hole((path, "AWS::Region"), "the region of this document is not known", REGION)
    return Deployment(path, text(account, who), text(region, where), how)
