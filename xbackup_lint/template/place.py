"""Where a stack stands: an account and a region, known, or symbols that links between templates make one."""

from __future__ import annotations

from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO


class Place:
    """The account and region of one stack. Places that a link proves to be one share their symbols."""

    def __init__(
        self, owner: str, account: Text | None = None, region: Text | None = None, how: str = ""
    ) -> None:
        self._owner = owner
        self._account = account
        self._region = region
        self._how = how
        self._same_as: Place | None = None
        self.evidence: Span | None = None
        self._moved = False

    @property
    def _first(self) -> Place:
        place = self
        while place._same_as is not None:
            place = place._same_as
        return place

    @property
    def owner(self) -> str:
        """What the symbols of the place belong to: the template that stands for all that share it."""
        return self._first._owner

    @property
    def account(self) -> Text | None:
        """The account, if anything tells it."""
        return self._first._account

    @property
    def region(self) -> Text | None:
        """The region, if anything tells it."""
        return self._first._region

    @property
    def how(self) -> str:
        """What told the account."""
        return self._first._how

    def may_be(self, other: Place) -> bool:
        """Whether both may be one: they are not where accounts or regions are known and differ."""
        for mine, theirs in ((self.account, other.account), (self.region, other.region)):
            if mine is not None and theirs is not None and equals(mine, theirs) is NO:
                return False
        return True

    def unify(self, other: Place) -> None:
        """Make both one; what either knows, both know."""
        mine, theirs = self._first, other._first
        if mine is theirs:
            return
        theirs._same_as = mine
        mine._moved = True
        if mine._account is None:
            mine._account, mine._how, mine.evidence = theirs._account, theirs._how, theirs.evidence
        if mine._region is None:
            mine._region = theirs._region

    def tell(self, account: str | None, region: str | None, how: str, evidence: Span | None) -> None:
        """Set what is not known yet."""
        first = self._first
        if first._account is None and account is not None:
            first._account, first._how = Text.literal(account, NOWHERE), how
            first.evidence = evidence
            first._moved = True
        if first._region is None and region is not None:
            first._region = Text.literal(region, NOWHERE)
            first._moved = True

    def is_moved(self) -> bool:
        """Whether anything has been told of the place, or it became one with another."""
        return self._first._moved
