"""The accounts of a configuration, and where they stand in the organization."""

from __future__ import annotations

from xbackup_lint.config.units import Member, Unit, Units
from xbackup_lint.config.word import (
    BrokenConfiguration,
    Word,
    did_you_mean,
    entries,
    member,
    quoted,
    word,
    words,
)
from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.source import Span

ALL = "all"
"""In place of a list: every account that the configuration knows."""

_ACCOUNT_ID = regex(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """An account that the configuration knows."""

    id: str
    name: str | None
    unit: Unit | None
    """The root or OU that it stands in, where the configuration tells it."""
    policies: tuple[Word, ...]
    """Files of the policies that are attached to the account itself."""
    complete: bool
    """Whether the inputs hold all its vaults."""
    span: Span


class Directory:
    """The accounts by name and by id, in the order of the file."""

    def __init__(self, names: dict[str, str], accounts: dict[str, Account]) -> None:
        self.names = names
        self.accounts = accounts

    def id(self, name: str) -> str | None:
        """The id that a name stands for; an id stands for itself."""
        return self.names.get(name) or (name if _ACCOUNT_ID.fullmatch(name) else None)

    def id_of(self, name: Word) -> str:
        """The id that a name stands for. Raises BrokenConfiguration where it stands for none."""
        known = self.id(name.text)
        if known is not None:
            return known
        if name.text.isdecimal():
            raise BrokenConfiguration(f"{quoted(name.text)} is not an account id of 12 digits", name.span)
        hint = did_you_mean(name.text, self.names)
        raise BrokenConfiguration(
            f"there is no account {quoted(name.text)} under `accounts`{hint}", name.span
        )

    def ids_of(self, node: Node | None) -> tuple[Word, ...]:
        """Each account of a list once, by its id and with the place that names it. Raises BrokenConfiguration."""
        found: dict[str, Word] = {}
        for name in words(node):
            if name.text == ALL and not self.accounts:
                raise BrokenConfiguration(
                    "`all` are the accounts of this configuration, and it has none", name.span
                )
            for known in self.accounts if name.text == ALL else (self.id_of(name),):
                found.setdefault(known, Word(known, name.span))
        return tuple(found.values())


def read_organization(root: Mapping) -> tuple[tuple[Unit, ...], Directory]:
    """The units of `organization-tree`, root first, and all accounts. Raises BrokenConfiguration."""
    given = entries(root.get("accounts"))
    directory = Directory({}, {})
    ids = _ids(given, directory.names)
    paths = [member(value, "ou") for _, value in given]
    units = Units(root, [path for path in paths if isinstance(path, Scalar)])
    placed = _placed(units.members, directory)
    for known, path, (key, value) in zip(ids, paths, given, strict=True):
        at = placed.pop(known, None)
        directory.accounts[known] = Account(
            known,
            None if key.text == known else key.text,
            _unit(units, path, at),
            at.policies if at else (),
            _is_true(member(value, "complete")),
            key.span,
        )
    for known, at in placed.items():
        directory.accounts[known] = Account(known, None, at.unit, at.policies, False, at.name.span)
    return tuple(units.tree), directory


def _ids(given: tuple[tuple[Scalar, Node], ...], names: dict[str, str]) -> list[str]:
    """The id of each account; fills `names`. Raises BrokenConfiguration for two accounts of one id."""
    owners: dict[str, str] = {}
    for key, value in given:
        known = _id(key, value)
        other = owners.setdefault(known.text, key.text)
        if other != key.text:
            message = f"accounts {quoted(other)} and {quoted(key.text)} have the same id, {known.text}"
            raise BrokenConfiguration(message, known.span)
        names[key.text] = known.text
    return list(owners)


def _id(key: Scalar, value: Node) -> Word:
    """The id of one account. Raises BrokenConfiguration for a name that is none."""
    is_id = _ACCOUNT_ID.fullmatch(key.text) is not None
    known = word(value) or word(member(value, "id")) or Word(key.text, key.span)
    if key.text == ALL:
        raise BrokenConfiguration("no account can be named `all`, which stands for every account", key.span)
    if is_id and known.text != key.text:
        raise BrokenConfiguration(f"this account stands under the id `{key.text}`", known.span)
    if not key.text or (key.text.isdecimal() and not is_id):
        raise BrokenConfiguration(
            f"{quoted(key.text)} is neither a name nor an account id of 12 digits", key.span
        )
    return known


def _placed(members: list[Member], directory: Directory) -> dict[str, Member]:
    found: dict[str, Member] = {}
    for at in members:
        known = directory.id_of(at.name)
        if known in found:
            message = f"account {quoted(at.name.text)} stands in {found[known].unit} already"
            raise BrokenConfiguration(message, at.name.span)
        found[known] = at
    return found


def _unit(units: Units, path: Node | None, at: Member | None) -> Unit | None:
    if not isinstance(path, Scalar):
        return at.unit if at else None
    unit = units.at(path)
    if at and at.unit is not unit:
        raise BrokenConfiguration(f"`organization-tree` has this account in {at.unit}", path.span)
    return unit


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text.lower() in ("true", "yes", "on")
