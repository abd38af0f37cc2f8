"""A picture in which accounts, and regions of an account, that say the same are drawn once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.engine.result import Account, Arrow, Node, Picture, Region

MOST_ALIKE = 3
"""Of so many that say the same, each is drawn by itself."""
MOST_ACCOUNTS = 12
"""Where more are left, those are drawn as one that differ in the names of their own things only."""

_OWN = "\0"
"""Stands for the name of an account or region in what is said of it: that alone may differ."""

Signature = Callable[["_Unit"], object]


def folded(picture: Picture) -> Picture:
    """The picture with its regions folded, then its accounts. Places in files may differ, what is said may not."""
    by_region = [_Unit(region.name, region.nodes) for _, region in _regions(picture)]
    made = _Folding.of(by_region, _Said(picture).by_unit).applied(picture)
    made = _of_accounts(made, _Said(made).by_unit)
    if len(made.accounts) > MOST_ACCOUNTS:
        made = _of_accounts(made, _Said(made).but_for_names)
    return made


def _of_accounts(picture: Picture, signature: Signature) -> Picture:
    units = [_Unit(account.name, _nodes(account), account.alike) for account in picture.accounts]
    return _Folding.of(units, signature).applied(picture, accounts=True)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is folded with its like: an account, or a region of one, which may stand for others already."""

    name: str
    nodes: tuple[Node, ...]
    alike: tuple[str, ...] = ()


def _regions(picture: Picture) -> Iterator[tuple[Account, Region]]:
    return ((account, region) for account in picture.accounts for region in account.regions)


def _nodes(account: Account) -> tuple[Node, ...]:
    return tuple(node for region in account.regions for node in region.nodes)


def _unnamed(text: str, name: str) -> str:
    return text.replace(name, _OWN) if name else text


class _Said:
    """What is said of parts of a picture."""

    def __init__(self, picture: Picture) -> None:
        self._touching: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in picture.arrows:
            for end in dict.fromkeys((arrow.start, arrow.end)):
                self._touching[end].append(arrow)
        self._place = {
            node.id: (account.name, account.note, region.name, *region.alike)
            for account, region in _regions(picture)
            for node in region.nodes
        }
        self._node = {node.id: node for _, region in _regions(picture) for node in region.nodes}

    def by_unit(self, unit: _Unit) -> object:
        """All that is said of a unit, but for its name."""
        return self._signature(unit, lambda node: (node.label, *node.told), _reason)

    def but_for_names(self, unit: _Unit) -> object:
        """What goes out of a unit and into it, and what becomes of it. Others that it speaks of have their names."""
        return self._signature(unit, lambda _: (), lambda arrow: _reason(arrow)[:2])

    def _signature(
        self,
        unit: _Unit,
        words: Callable[[Node], Iterable[str]],
        reason: Callable[[Arrow], Iterable[str]],
    ) -> object:
        within = {node.id: number for number, node in enumerate(unit.nodes)}

        def unnamed(texts: Iterable[str]) -> tuple[str, ...]:
            return tuple(_unnamed(text, unit.name) for text in texts)

        def end(node: str) -> object:
            other = self._node[node]
            return within[node] if node in within else unnamed((*self._place[node], other.kind, other.label))

        return tuple(
            (
                node.kind,
                node.location is None,
                unnamed((*self._place[node.id], *words(node))),
                frozenset(
                    (arrow.kind, arrow.verdict, end(arrow.start), end(arrow.end), unnamed(reason(arrow)))
                    for arrow in self._touching.get(node.id, ())
                ),
            )
            for node in unit.nodes
        )


def _reason(arrow: Arrow) -> tuple[str, ...]:
    decides = arrow.decides
    return () if decides is None else (decides.name, decides.verdict, decides.because)


@dataclass(frozen=True, slots=True)
class _Folding:
    """Which nodes are drawn as which other; and by the first node of a unit, whom the unit stands for."""

    ids: dict[str, str] = field(default_factory=dict)
    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(units: Iterable[_Unit], signature: Signature) -> _Folding:
        groups: dict[object, list[_Unit]] = defaultdict(list)
        for unit in units:
            groups[signature(unit)].append(unit)
        made = _Folding()
        for group in groups.values():
            if len(group) > MOST_ALIKE:
                made.take(group)
        return made

    def take(self, group: Sequence[_Unit]) -> None:
        """Draw all of a group as its first."""
        first, *others = group
        names = (name for other in others for name in (other.name, *other.alike))
        self.units[first.nodes[0].id] = (*first.alike, *names)
        for number, node in enumerate(first.nodes):
            same = [other.nodes[number] for other in others]
            self.ids.update((one.id, node.id) for one in same)
            own = _unnamed(node.label, first.name)
            labels = {
                label
                for other, one in zip(others, same, strict=True)
                for label in (one.label, *one.alike)
                if _unnamed(label, other.name) != own
            }
            self.labels[node.id] = tuple(sorted({*node.alike, *labels} - {node.label}))

    def applied(self, picture: Picture, *, accounts: bool = False) -> Picture:
        """The picture without the nodes that are drawn as others; these have their arrows."""
        kept = []
        for account in picture.accounts:
            regions = tuple(
                self._region(r, accounts) for r in account.regions if r.nodes[0].id not in self.ids
            )
            if regions:
                alike = self.units.get(regions[0].nodes[0].id, account.alike) if accounts else account.alike
                kept.append(replace(account, regions=regions, alike=alike))
        return Picture(tuple(kept), _joined(picture.arrows, self.ids))

    def _region(self, region: Region, accounts: bool) -> Region:
        alike = region.alike if accounts else self.units.get(region.nodes[0].id, region.alike)
        return replace(region, nodes=tuple(map(self._node, region.nodes)), alike=alike)

    def _node(self, node: Node) -> Node:
        labels = self.labels.get(node.id, ())
        # What is known of the first is not known of those with other names.
        return replace(node, alike=labels, told=()) if labels else node


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
