"""A picture in which accounts, and regions of an account, that say the same are drawn once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from xbackup_lint.engine.result import Account, Arrow, Node, Picture, Region

MOST_ALIKE = 3
"""Of so many that say the same, each is drawn by itself."""

_OWN = "\0"
"""Stands for the name of an account or region in what is said of it: that alone may differ."""


def folded(picture: Picture) -> Picture:
    """The picture with its regions folded, then its accounts. Places in files may differ, what is said may not."""
    regions = [_Unit(region.name, region.nodes, region.alike) for _, region in _regions(picture)]
    ids, alike = _folding(picture, regions)
    once = _without(picture, ids, regions=alike)
    accounts = [_Unit(account.name, _nodes(account), account.alike) for account in once.accounts]
    ids, alike = _folding(once, accounts)
    return _without(once, ids, accounts=alike)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is folded with its like."""

    name: str
    nodes: tuple[Node, ...]
    alike: tuple[str, ...]


def _regions(picture: Picture) -> Iterator[tuple[Account, Region]]:
    return ((account, region) for account in picture.accounts for region in account.regions)


def _nodes(account: Account) -> tuple[Node, ...]:
    return tuple(node for region in account.regions for node in region.nodes)


def _folding(picture: Picture, units: Iterable[_Unit]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The nodes that are drawn as another; and the names of those that the unit of a first node stands for."""
    touching = _touching(picture.arrows)
    where = {
        node.id: (
            account.name,
            account.note,
            *account.alike,
            region.name,
            *region.alike,
            node.kind,
            node.label,
        )
        for account, region in _regions(picture)
        for node in region.nodes
    }
    groups: dict[object, list[_Unit]] = defaultdict(list)
    for unit in units:
        groups[_signature(unit, touching, where)].append(unit)
    ids: dict[str, str] = {}
    alike: dict[str, tuple[str, ...]] = {}
    for first, *others in groups.values():
        if len(others) >= MOST_ALIKE:
            alike[first.nodes[0].id] = tuple(other.name for other in others)
            for other in others:
                ids |= {b.id: a.id for a, b in zip(first.nodes, other.nodes, strict=True)}
    return ids, alike


def _touching(arrows: Iterable[Arrow]) -> dict[str, list[Arrow]]:
    """The arrows from and to each node."""
    index: dict[str, list[Arrow]] = defaultdict(list)
    for arrow in arrows:
        for end in dict.fromkeys((arrow.start, arrow.end)):
            index[end].append(arrow)
    return index


def _signature(
    unit: _Unit, touching: Mapping[str, list[Arrow]], where: Mapping[str, tuple[str, ...]]
) -> object:
    """All that is said of a unit, but for its name."""
    within = {node.id: number for number, node in enumerate(unit.nodes)}

    def place(node: str) -> tuple[str, ...]:
        return tuple(_unnamed(part, unit.name) for part in where[node])

    def end(node: str) -> object:
        return within[node] if node in within else place(node)

    said = []
    for node in unit.nodes:
        own = (node.location is None, place(node.id), *(_unnamed(text, unit.name) for text in node.told))
        arrows = frozenset(
            (arrow.kind, arrow.verdict, end(arrow.start), end(arrow.end), _reason(arrow, unit.name))
            for arrow in touching.get(node.id, ())
        )
        said.append((own, arrows))
    return len(unit.alike), tuple(said)


def _unnamed(text: str, name: str) -> str:
    return text.replace(name, _OWN) if name else text


def _reason(arrow: Arrow, name: str) -> tuple[str, ...]:
    decides = arrow.decides
    return () if decides is None else (decides.name, decides.verdict, _unnamed(decides.because, name))


def _without(
    picture: Picture,
    ids: Mapping[str, str],
    *,
    regions: Mapping[str, tuple[str, ...]] | None = None,
    accounts: Mapping[str, tuple[str, ...]] | None = None,
) -> Picture:
    """The picture without the nodes that are drawn as others; these have their names."""
    kept = []
    for account in picture.accounts:
        left = tuple(
            _named(region, regions or {}) for region in account.regions if region.nodes[0].id not in ids
        )
        if left:
            kept.append(
                replace(account, regions=left, alike=(accounts or {}).get(left[0].nodes[0].id, account.alike))
            )
    return Picture(tuple(kept), _joined(picture.arrows, ids))


def _named(region: Region, names: Mapping[str, tuple[str, ...]]) -> Region:
    return replace(region, alike=names.get(region.nodes[0].id, region.alike))


def _joined(arrows: Iterable[Arrow], ids: Mapping[str, str]) -> tuple[Arrow, ...]:
    """The arrows between the nodes that are left; those that have become one stand for the copies of all."""
    found: dict[object, Arrow] = {}
    for arrow in arrows:
        start, end = ids.get(arrow.start, arrow.start), ids.get(arrow.end, arrow.end)
        decides = arrow.decides.name if arrow.decides is not None else ""
        key = arrow.kind, start, end, arrow.verdict, decides
        before = found.get(key)
        copies = (*before.copies, *arrow.copies) if before is not None else arrow.copies
        found[key] = replace(before or arrow, start=start, end=end, copies=tuple(sorted(copies)))
    return tuple(found.values())
