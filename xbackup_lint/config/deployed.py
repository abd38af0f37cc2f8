"""Where templates are deployed, as `deployments` tells it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from xbackup_lint.config.glob import Glob
from xbackup_lint.config.organization import Directory
from xbackup_lint.config.word import BrokenConfiguration, Word, entries, member, words
from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span

_MOST = 1_000_000
"""Accounts × regions of all entries."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One deployment of a template. What the configuration does not tell is None."""

    account: str | None
    region: str | None
    parameters: dict[str, str]
    span: Span
    """What tells it: the account's place, else the region's, else the glob's."""


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """One entry of `deployments`."""

    templates: tuple[Glob, ...]
    accounts: tuple[Word, ...]
    """Their ids."""
    regions: tuple[Word, ...]
    parameters: tuple[tuple[Word, Word], ...]
    """Names and values."""
    span: Span

    def deployed(self, glob: Glob) -> Iterator[Deployed]:
        """Every account with every region."""
        parameters = {name.text: value.text for name, value in self.parameters}
        for account in self.accounts or (None,):
            for region in self.regions or (None,):
                span = (account or region or glob).span
                yield Deployed(
                    account.text if account else None, region.text if region else None, parameters, span
                )


class Deployments:
    """All entries, in the order of the file."""

    def __init__(self, entries: tuple[Deployment, ...] = ()) -> None:
        self.entries = entries
        self._globs: dict[str, list[tuple[int, Glob]]] = {}
        """By their fixed start, with the entry's number: few of thousands are ever tried on a path."""
        self._known: dict[tuple[Glob, ...], tuple[Deployed, ...]] = {}
        """By the globs that cover a template: hundreds of templates are often covered by the same."""
        for number, entry in enumerate(entries):
            for glob in entry.templates:
                self._globs.setdefault(glob.start, []).append((number, glob))

    def of(self, path: str) -> tuple[Deployed, ...]:
        """Where a template is deployed, each place once. None: the configuration does not tell."""
        matches = self._matches(path)
        globs = tuple(glob for _, glob in matches)
        if globs not in self._known:
            found: dict[tuple[object, ...], Deployed] = {}
            for number, glob in matches:
                for deployed in self.entries[number].deployed(glob):
                    parameters = tuple(sorted(deployed.parameters.items()))
                    found.setdefault((deployed.account, deployed.region, parameters), deployed)
            self._known[globs] = tuple(found.values())
        return self._known[globs]

    def _matches(self, path: str) -> list[tuple[int, Glob]]:
        """Of each entry that covers a path the first glob that does."""
        starts = ["", *accumulate(path.split("/"), lambda folder, name: f"{folder}/{name}")]
        tried = [at for start in starts for at in self._globs.get(start, ()) if at[1].covers(path)]
        first: dict[int, Glob] = {}
        for number, glob in sorted(tried, key=lambda at: (at[0], at[1].span.start)):
            first.setdefault(number, glob)
        return list(first.items())


def read_deployments(node: Node | None, directory: Directory) -> Deployments:
    """The entries. Raises BrokenConfiguration."""
    found = []
    total = 0
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Mapping):
            entry = _entry(item, directory)
            total += len(entry.accounts or "1") * len(entry.regions or "1")
            if total > _MOST:
                raise BrokenConfiguration(f"more than {_MOST:,} deployments", entry.span)
            found.append(entry)
    return Deployments(tuple(found))


def _entry(node: Mapping, directory: Directory) -> Deployment:
    regions: dict[str, Word] = {}
    for region in words(node.get("regions")):
        regions.setdefault(region.text, region)
    return Deployment(
        tuple(Glob.of(word) for word in words(node.get("templates"))),
        directory.ids_of(node.get("accounts")),
        tuple(regions.values()),
        tuple(_parameters(member(node, "parameters"))),
        node.span,
    )


def _parameters(node: Node | None) -> Iterator[tuple[Word, Word]]:
    for key, value in entries(node):
        if isinstance(value, Scalar):
            yield Word(key.text, key.span), Word(value.text, value.span)
