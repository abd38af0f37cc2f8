"""A vault name that no vault has, as far as files can tell (absence in the files is not absence in AWS)."""

from __future__ import annotations

from dataclasses import dataclass

from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Vault
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Why a name is missing: `not-listed`, `near-miss` or `other-region`; the vault that was probably meant."""

    reason: str
    near: Vault | None
    near_name: str = ""


def missing(name: str, account: Text, region: Text, estate: Estate) -> Missing | None:
    """Whether the vault `name` is certainly missing from an account and region. None: it is there, or who knows."""
    own = [vault for vault in estate.vaults if equals(vault.account, account) is YES]
    here = [vault for vault in own if equals(vault.deployment.region, region) is not NO]
    if any(name in vault.names for vault in here) or any(_nameless(vault) for vault in here):
        return None
    near = next(
        ((vault, found) for vault in here for found in sorted(vault.names) if similar(name, found)), None
    )
    if _listed(account, region, estate):
        return Missing("not-listed", *(near or (None,)))
    if near is not None:
        return Missing("near-miss", *near)
    elsewhere = next((vault for vault in own if name in vault.names), None)
    return Missing("other-region", elsewhere, name) if elsewhere is not None else None


def _nameless(vault: Vault) -> bool:
    """Whether a vault has, under some condition, a name that is not known: it may be the one that is looked for."""
    return any(name is None or name.known is None for name in vault.name.values)


def _listed(account: Text, region: Text, estate: Estate) -> bool:
    return any(
        equals(listing.deployment.account, account) is YES
        and equals(listing.deployment.region, region) is YES
        for listing in estate.listings
    )


def similar(name: str, other: str) -> bool:
    """Whether one name is probably a misspelling of the other: case, `-` for `_`, or one edit.

    Names that differ in a digit are numbered, and those of under five characters differ by chance.
    """
    if name == other:
        return False
    if _folded(name) == _folded(other):
        return True
    return min(len(name), len(other)) >= 5 and _one_edit(name, other)


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")


def _one_edit(name: str, other: str) -> bool:
    if len(name) > len(other):
        name, other = other, name
    if len(other) - len(name) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), len(name))
    changed = {*name[at : at + 1], *other[at : at + 1]}
    if any(character.isdigit() for character in changed):
        return False
    return name[at + 1 :] == other[at + 1 :] if len(name) == len(other) else name[at:] == other[at + 1 :]
