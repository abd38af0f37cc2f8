"""Vaults found by their names: exactly, and as a misspelling would have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from xbackup_lint.model.vault import Vault
from xbackup_lint.regex import regex
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text

_WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+")
_LONGEST = 50
"""Characters of the longest name that a vault can have: longer ones are compared with nothing."""

Owner = str | Hole


def owner(account: Text) -> Owner | None:
    """What accounts that are certainly the same have in common: the id, or the symbol. None of part of an id."""
    return account.known or account.hole


class VaultNames:
    """The vaults of an estate by account and name: no search looks at all of them."""

    def __init__(self, vaults: Iterable[Vault]) -> None:
        self._of: dict[Owner | None, list[Vault]] = defaultdict(list)
        self._nameless: dict[Owner | None, list[Vault]] = defaultdict(list)
        self._named: dict[tuple[Owner | None, str], list[Vault]] = defaultdict(list)
        self._known: dict[str, list[Vault]] = defaultdict(list)
        self._symbolic: dict[str, list[Vault]] = defaultdict(list)
        self._near: dict[Owner | None, dict[str, list[tuple[Vault, str]]]] = {}
        for vault in vaults:
            self._add(vault, owner(vault.account))

    def _add(self, vault: Vault, key: Owner | None) -> None:
        for name in sorted(vault.names):
            (self._known if isinstance(key, str) else self._symbolic)[name].append(vault)
        if key is None:
            return
        self._of[key].append(vault)
        if any(name is None or name.known is None for name in vault.name.values):
            self._nameless[key].append(vault)
        for name in vault.names:
            self._named[key, name].append(vault)

    def of(self, account: Text) -> list[Vault]:
        """The vaults that are certainly in an account."""
        return self._of.get(owner(account), [])

    def nameless(self, account: Text) -> list[Vault]:
        """Those of them that, at least under some condition, have a name that is not known."""
        return self._nameless.get(owner(account), [])

    def named(self, name: str, account: Text) -> list[Vault]:
        """The vaults of a name that are certainly in an account."""
        return self._named.get((owner(account), name), [])

    def declared(self, name: str, account: Text) -> Iterator[Vault]:
        """The vaults of a name that are in an account, or in one that the files do not tell from it."""
        yield from self.named(name, account)
        if account.known is None:
            yield from self._known.get(name, [])
        yield from self._symbolic.get(name, [])

    def _likely(self, account: Text, key: Owner | None) -> Iterable[Vault]:
        """The vaults of an account. Those of no known account are for all accounts of an Organizations policy."""
        if isinstance(key, Hole) and key.name == "$account":
            return dict.fromkeys(vault for vaults in self._symbolic.values() for vault in vaults)
        return self.of(account)

    def near(self, name: str, account: Text) -> list[tuple[Vault, str]]:
        """The vaults of an account whose name is probably meant by `name`, with that name."""
        if len(name) > _LONGEST:
            return []
        key = owner(account)
        if key not in self._near:
            self._near[key] = _by_neighbour(self._likely(account, key))
        found = {
            (vault, other): None
            for neighbour in _neighbours(name)
            for vault, other in self._near[key].get(neighbour, ())
            if similar(name, other)
        }
        return list(found)


def _by_neighbour(vaults: Iterable[Vault]) -> dict[str, list[tuple[Vault, str]]]:
    index: dict[str, list[tuple[Vault, str]]] = defaultdict(list)
    for vault in vaults:
        for name in sorted(vault.names):
            for neighbour in _neighbours(name) if len(name) <= _LONGEST else ():
                index[neighbour].append((vault, name))
    return dict(index)


def _neighbours(name: str) -> list[str]:
    """What a name and its misspellings have in common: itself, and itself without one letter."""
    folded = _folded(name)
    shorter = (folded[:at] + folded[at + 1 :] for at in range(len(folded)))
    return list(dict.fromkeys((folded, *shorter)))


def similar(name: str, other: str) -> bool:
    """Whether one name is probably a misspelling of the other.

    They differ in case, in `-` and `_`, or in one letter (or two that changed places) of a word of three or
    more. Not taken for misspellings: names that differ in a digit or a letter that stands alone (`vault-a`),
    which are numbered, and names of under five characters, which differ by chance.
    """
    if name == other:
        return False
    if _folded(name) == _folded(other):
        return True
    return min(len(name), len(other)) >= 5 and _one_edit(name, other)


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _one_edit(name: str, other: str) -> bool:
    if len(name) > len(other):
        name, other = other, name
    at = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), len(name))
    if len(name) < len(other):
        return name[at:] == other[at + 1 :] and _in_a_word(other, at)
    if name[at : at + 2] == other[at : at + 2][::-1]:
        return name[at + 2 :] == other[at + 2 :] and _in_a_word(other, at)
    return name[at + 1 :] == other[at + 1 :] and _in_a_word(name, at) and _in_a_word(other, at)


def _in_a_word(name: str, at: int) -> bool:
    """Whether the character at `at` is part of a word of three letters or more."""
    return any(
        word.start() <= at < word.end() and word.end() - word.start() >= 3 for word in _WORD.finditer(name)
    )
