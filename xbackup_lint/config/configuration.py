"""The configuration: what the user says once, for all runs."""

from __future__ import annotations

import os
from pathlib import Path

from xbackup_lint.config.deployed import Deployed, Deployment, Deployments, read_deployments
from xbackup_lint.config.documents import Attachment, read_documents
from xbackup_lint.config.glob import Glob
from xbackup_lint.config.location import TABLE, find
from xbackup_lint.config.organization import Account, Directory, read_organization
from xbackup_lint.config.units import Unit
from xbackup_lint.config.word import BrokenConfiguration, Word, entries, member, word, words
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Mapping, Node, Scalar, Unreadable
from xbackup_lint.text.origin import span_within
from xbackup_lint.text.source import BOM, Source, Span

__all__ = [
    "Account", "Attachment", "BrokenConfiguration", "Configuration", "Deployed", "Deployment", "Glob", "Unit",
    "Word", "find", "load", "read",
]  # fmt: skip

_LEVEL = regex("[a-z]+")
_LARGEST = 5 * 1024 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """All that a configuration says. Names of accounts are resolved to ids; `Word`s keep their places.

    Methods take a path as it is shown: absolute, or relative to the working folder.
    """

    root: Path
    """The folder that globs and paths are relative to."""
    organization: Word | None = None
    organization_tree: tuple[Unit, ...] = ()
    """The root first; empty where no tree is given."""
    deployments: Deployments = field(default_factory=Deployments)
    documents: tuple[Attachment, ...] = ()
    trusted_key_accounts: tuple[Word, ...] = ()
    """Their ids."""
    rule_paths: tuple[Word, ...] = ()
    select: tuple[Word, ...] = ()
    ignore: tuple[Word, ...] = ()
    per_file_ignores: tuple[tuple[Glob, tuple[Word, ...]], ...] = ()
    severity: tuple[tuple[Word, Word], ...] = ()
    """Rules, and the level of each."""
    fail_on: tuple[Word, ...] = ()
    """Levels; empty where none is given."""
    exclude: tuple[Glob, ...] = ()
    baseline: Word | None = None
    directory: Directory = field(default_factory=lambda: Directory({}, {}))

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account of `accounts` and of the tree, in the order of the file."""
        return tuple(self.directory.accounts.values())

    def account_id(self, name: str) -> str | None:
        """The id of the account of this name. An id stands for itself."""
        return self.directory.id(name)

    def account_name(self, account: str) -> str | None:
        """The name of the account of this id, where it has one."""
        found = self.directory.accounts.get(account)
        return found.name if found else None

    def is_complete(self, account: str) -> bool:
        """Whether the inputs hold all vaults of the account of this id."""
        found = self.directory.accounts.get(account)
        return found is not None and found.complete

    def accounts_below(self, unit: str) -> tuple[str, ...]:
        """The accounts in a root or organizational unit of this id, or in one below it."""
        return tuple(
            account.id
            for account in self.accounts
            if account.unit is not None and unit in (one.id for one in account.unit.path)
        )

    def ou_path(self, account: str) -> str | None:
        """`o-…/r-…/ou-…/`, as `aws:PrincipalOrgPaths` has it; None where not every id in it is known."""
        found = self.directory.accounts.get(account)
        ids = found.unit.ids if found and found.unit else None
        return f"{self.organization.text}/{ids}" if self.organization and ids else None

    def deployments_of(self, path: str) -> tuple[Deployed, ...]:
        """Where a template is deployed: in the order of the file, accounts by regions, each place once."""
        return self.deployments.of(self.relative(path))

    def attachments_of(self, path: str) -> tuple[Attachment, ...]:
        """What a policy document is attached to."""
        within = self.relative(path)
        return tuple(attached for attached in self.documents if attached.documents.covers(within))

    def ignored_in(self, path: str) -> tuple[Word, ...]:
        """The rules whose findings in a file are not wanted."""
        within = self.relative(path)
        return tuple(rule for glob, rules in self.per_file_ignores if glob.covers(within) for rule in rules)

    def excludes(self, path: str) -> bool:
        """Whether a walk passes over a file, or does not enter a folder."""
        within = self.relative(path) if self.exclude else ""
        return any(glob.covers(within) for glob in self.exclude)

    def relative(self, path: str) -> str:
        """The path from `root`, with `/`."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")


def load(path: Path, shown: str = "") -> Configuration:
    """The configuration in a file; `shown` is its path in messages. Raises BrokenConfiguration."""
    name = shown or path.as_posix()
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        message = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise BrokenConfiguration(message, Span(Source(name, ""), 0, 0)) from error
    if len(data) > _LARGEST:
        message = f"larger than {_LARGEST // 1024 // 1024} MiB"
        raise BrokenConfiguration(message, Span(Source(name, ""), 0, 0))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        source = Source(name, data[: error.start].decode("utf-8").removeprefix(BOM))
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise BrokenConfiguration(message, Span(source, len(source.text), len(source.text))) from error
    return read(Source(name, text.removeprefix(BOM)), path.parent)


def read(source: Source, root: Path) -> Configuration:
    """The configuration in a text: TOML if its path ends so, else YAML. Raises BrokenConfiguration."""
    try:
        tree = _toml(source) if source.path.endswith(".toml") else _yaml(source)
    except Unreadable as fault:
        raise BrokenConfiguration(fault.message, fault.span) from fault
    if tree is None:
        return Configuration(root)
    if not isinstance(tree, Mapping):
        raise BrokenConfiguration("a configuration is a mapping", tree.span)
    from xbackup_lint.config.shape import check_shape

    check_shape(tree)
    return _configuration(tree, root)


def _toml(source: Source) -> Node:
    from xbackup_lint.config import toml_reader

    tree: Node | None = toml_reader.read(source).root
    for name in TABLE:
        tree = member(tree, name)
    if tree is None:
        raise Unreadable.at(source, 0, f"there is no `[{'.'.join(TABLE)}]` in this file")
    return tree


def _yaml(source: Source) -> Node | None:
    """None for a file that says nothing, as one in which every line is commented out."""
    if all(line.strip()[:1] in ("", "#") for line in source.text.splitlines()):
        return None
    from xbackup_lint.text import yaml_reader

    document = yaml_reader.read(source)
    for remark in document.remarks:
        raise Unreadable(remark.message, remark.span)
    root = document.root
    return None if isinstance(root, Scalar) and root.tag == "null" else root


def _configuration(tree: Mapping, root: Path) -> Configuration:
    units, directory = read_organization(tree)
    get = tree.get
    return Configuration(
        root,
        organization=word(get("organization")),
        organization_tree=units,
        deployments=read_deployments(get("deployments"), directory),
        documents=read_documents(get("documents"), directory),
        trusted_key_accounts=directory.ids_of(get("trusted-key-accounts")),
        rule_paths=words(get("rule-paths")),
        select=words(get("select")),
        ignore=words(get("ignore")),
        per_file_ignores=tuple(
            (Glob.of(Word(key.text, key.span)), words(value))
            for key, value in entries(get("per-file-ignores"))
        ),
        severity=tuple(
            (Word(key.text, key.span), level)
            for key, value in entries(get("severity"))
            for level in words(value)
        ),
        fail_on=_levels(get("fail-on")),
        exclude=tuple(Glob.of(given) for given in words(get("exclude"))),
        baseline=word(get("baseline")),
        directory=directory,
    )


def _levels(node: Node | None) -> tuple[Word, ...]:
    """A list of levels, or one text with commas."""
    if not isinstance(node, Scalar):
        return words(node)
    parts = _LEVEL.finditer(node.text)
    return tuple(Word(part[0], span_within(node, *part.span())) for part in parts)
