"""A vault name that no vault has, as far as files can tell (absence in the files is not absence in AWS)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.checks.hit import holes_of
from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.vault import Vault, same_name
from xbackup_lint.text.source import Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """That a vault is missing, or (UNKNOWN) may be: `not-listed`, `near-miss` or `other-region`."""

    verdict: Verdict
    reason: str
    lists: tuple[Listing, ...]
    """What tells all vaults of that account."""
    meant: Vault | None = None
    """The vault that was probably meant."""
    near: str = ""
    """What that one is called."""
    holes: tuple[Hole, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        """`near`, `near-region`: name and region of the vault that was probably meant."""
        return {"near": self.near, "near-region": str(self.meant.deployment.region) if self.meant else ""}

    @property
    def also(self) -> tuple[tuple[str, Span], ...]:
        """The vault that was probably meant, under the reason; the lists, under `list` or `complete`."""
        meant = ((self.reason, self.meant.span),) if self.meant is not None else ()
        return (*meant, *(("complete" if one.everywhere else "list", one.span) for one in self.lists))


def missing(name: Text, account: Text, region: Text, estate: Estate) -> Missing | None:
    """Whether the vault `name` is missing from an account and region. None: it is there, or who knows."""
    names = estate.vault_names
    lists = tuple(one for one in estate.listings_of(account) if one.covers(region) is not NO)
    if name.known is None:
        # Without a list nothing could tell: the question is not even asked.
        asked = _in(region, names.of(account)) if lists else ()
        there = Verdict.any(same_name(vault, name) for vault in asked)
        unnamed = None
    else:
        if any(_in(region, names.declared(name.known, account))):
            return None
        unnamed = next(_in(region, names.nameless(account)), None)
        meant = _meant(name.known, account, region, estate) if unnamed is None else None
        if meant is not None:
            return replace(meant, lists=lists)
        there = NO if unnamed is None else UNKNOWN
    verdict = Verdict.any(one.covers(region) for one in lists) & ~there
    if verdict is NO:
        return None
    own = (one.deployment.region for one in lists if not one.everywhere)
    called = unnamed.name.values if unnamed is not None else ()
    return Missing(verdict, "not-listed", lists, holes=holes_of(name, region, *own, *called))


def _in(region: Text, vaults: Iterable[Vault]) -> Iterator[Vault]:
    """The vaults that are, or may be, in a region."""
    return (vault for vault in vaults if vault.deployment.is_region(region) is not NO)


def _meant(name: str, account: Text, region: Text, estate: Estate) -> Missing | None:
    """The vault that was probably meant by a name that is not there."""
    for vault in estate.vault_names.named(name, account):
        return Missing(YES, "other-region", (), vault, name)
    for vault, near in estate.vault_names.near(name, account):
        if vault.deployment.is_region(region) is not NO:
            return Missing(YES, "near-miss", (), vault, near)
    return None
