"""The root and the organizational units, and the paths that name them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
from xbackup_lint.text.origin import span_within

# AWS: an OU's id is `ou-`, what its root's id has behind `r-`, `-`, and 8 to 32 letters or digits
# (Organizations API, OrganizationalUnit).
_OU_ID = regex(r"ou-([a-z0-9]{4,32})-[a-z0-9]{8,32}")
_ROOT_ID = regex(r"r-[a-z0-9]{4,32}")
_ORGANIZATION_ID = regex(r"o-[a-z0-9]{10,32}")


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """The root or an organizational unit, and the files of the policies that are attached to it."""

    name: str
    """As the configuration calls it; empty for the root."""
    id: str | None
    parent: Unit | None
    policies: tuple[Word, ...]

    @property
    def path(self) -> tuple[Unit, ...]:
        """From the root down to this unit."""
        found = [self]
        while (parent := found[-1].parent) is not None:  # no recursion: a path may have thousands of parts
            found.append(parent)
        return tuple(reversed(found))

    @property
    def ids(self) -> str | None:
        """`r-…/ou-…/`; None where the configuration does not tell every id."""
        ids = [unit.id for unit in self.path if unit.id is not None]
        return "".join(f"{known}/" for known in ids) if len(ids) == len(self.path) else None

    def __str__(self) -> str:
        return quoted("/".join(unit.name for unit in self.path[1:])) if self.parent else "the root"


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """An account where the tree has it."""

    name: Word
    unit: Unit
    policies: tuple[Word, ...]


class Units:
    """What the configuration tells of the organization's tree: all of it, or some paths into it."""

    def __init__(self, root: Mapping, paths: Iterable[Scalar]) -> None:
        """`paths` are the `ou` of accounts; without a tree they are all that is known. Raises BrokenConfiguration."""
        tree = root.get("organization-tree")
        self.is_given = tree is not None
        self.organization = word(root.get("organization"))
        self.root = Unit("", _root_id(tree, paths), None, words(member(tree, "policies")))
        self.tree = [self.root] if tree else []
        self.members: list[Member] = []
        self._children: dict[Unit, dict[str, Unit]] = {self.root: {}}
        self._by_id: dict[str, Unit] = {}
        self._read(tree, self.root)

    def at(self, path: Scalar) -> Unit:
        """The unit that a path of names or ids leads to, from the root. Raises BrokenConfiguration."""
        unit = self.root
        for part in re.finditer("[^/]+", path.text):
            unit = self._step(unit, Word(part[0], span_within(path, *part.span())))
        return unit

    def _read(self, node: Node | None, unit: Unit) -> None:
        accounts = member(node, "accounts")
        for name in () if isinstance(accounts, Mapping) else words(accounts):
            self.members.append(Member(name, unit, ()))
        for key, value in entries(accounts):
            self.members.append(Member(Word(key.text, key.span), unit, words(member(value, "policies"))))
        for key, value in entries(member(node, "ous")):
            name = Word(key.text, key.span)
            inner = self._add(unit, name, _id(name, value), words(member(value, "policies")))
            self.tree.append(inner)
            self._read(value, inner)

    def _add(self, parent: Unit, name: Word, known: Word | None, policies: tuple[Word, ...] = ()) -> Unit:
        unit = Unit(name.text, known.text if known else None, parent, policies)
        if known:
            if known.text in self._by_id:
                raise BrokenConfiguration(f"two OUs have the id {quoted(known.text)}", known.span)
            its_root = _root_of(known.text)
            if its_root != self.root.id:
                message = f"{quoted(known.text)} is an OU of root `{its_root}`, not of `{self.root.id}`"
                raise BrokenConfiguration(message, known.span)
            self._by_id[known.text] = unit
            self._children[parent][known.text] = unit
        self._children[parent][name.text] = unit
        self._children[unit] = {}
        return unit

    def _step(self, unit: Unit, name: Word) -> Unit:
        """One part of a path further. An OU's id may stand for all the path down to it."""
        found = self._children[unit].get(name.text)
        if found is None and unit is self.root:
            if _ORGANIZATION_ID.fullmatch(name.text):
                return self._same(name, self.organization.text if self.organization else None, "organization")
            if _ROOT_ID.fullmatch(name.text):
                return self._same(name, self.root.id, "root")
            found = self._by_id.get(name.text) if self.is_given else None
        if found is not None:
            return found
        if not self.is_given:
            return self._add(unit, name, name if _OU_ID.fullmatch(name.text) else None)
        hint = did_you_mean(name.text, self._children[unit])
        message = f"`organization-tree` has no OU {quoted(name.text)} in {unit}{hint}"
        raise BrokenConfiguration(message, name.span)

    def _same(self, given: Word, known: str | None, what: str) -> Unit:
        """A path may begin with the ids of the organization and of the root, as it stands in policies."""
        if known not in (None, given.text):
            raise BrokenConfiguration(f"{quoted(given.text)} is not the {what}, `{known}`", given.span)
        return self.root


def _id(name: Word, node: Node) -> Word | None:
    """The id that an OU is given, or that it stands under. Raises BrokenConfiguration where these differ."""
    given = word(member(node, "id"))
    if _OU_ID.fullmatch(name.text) is None:
        return given
    if given is not None and given.text != name.text:
        raise BrokenConfiguration(f"this OU stands under the id `{name.text}`", given.span)
    return name


def _root_id(tree: Node | None, paths: Iterable[Scalar]) -> str | None:
    """The root's id: as it is given, or as the first OU's id has it."""
    given = word(member(tree, "id"))
    if given is not None:
        return given.text
    known = _ou_ids(tree) if tree is not None else (part for path in paths for part in path.text.split("/"))
    return next((root for name in known if (root := _root_of(name)) is not None), None)


def _ou_ids(node: Node | None) -> Iterator[str]:
    for key, value in entries(member(node, "ous")):
        yield key.text
        yield from (given.text for given in words(member(value, "id")))
        yield from _ou_ids(value)


def _root_of(name: str) -> str | None:
    """The id of the root that an id of an OU, or of a root, tells."""
    found = _OU_ID.fullmatch(name)
    return f"r-{found[1]}" if found else name if _ROOT_ID.fullmatch(name) else None
