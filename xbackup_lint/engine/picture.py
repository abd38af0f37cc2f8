"""The estate as a graph: plans, vaults and keys where they are, and what goes between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.engine.copies import rows_and_routes
from xbackup_lint.engine.finding import location
from xbackup_lint.engine.folding import folded
from xbackup_lint.engine.result import (
    Account,
    Arrow,
    CopyRow,
    Node,
    Picture,
    Region,
    Requirement,
    Result,
    VaultRow,
)
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.plan import Rule
from xbackup_lint.model.route import Route, nearest
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn, vault_arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES

_Kind = Literal["plan", "vault", "key"]
_NOWHERE = "not known"


def pictured(result: Result, estate: Estate) -> Result:
    """The result with the picture of its estate, in which all is drawn once that says the same."""
    return replace(result, picture=folded(picture(estate, result.vaults)))


def picture(estate: Estate, vaults: Iterable[VaultRow] = ()) -> Picture:
    """Every plan and vault, the keys of vaults, and every copy. `vaults` are the rows of the estate's vaults."""
    drawn = _Drawing()
    for plan in estate.plans:
        drawn.node("plan", plan, plan.deployment, plan.label, plan.span)
    rows = {(row.location, row.account, row.region): row for row in vaults}
    for vault in estate.vaults:
        row = rows.get((location(vault.span), str(vault.account), str(vault.region)))
        drawn.vault(vault, _told(vault, row))
    for vault in estate.vaults:
        for key in _keys(drawn, estate, vault):
            drawn.arrow("encrypts", key, drawn.vault(vault))
    for rule in estate.rules:
        for target in _targets(drawn, estate, rule):
            drawn.arrow("keeps", drawn.nodes[rule.plan], target)
    for number, (copy, route) in enumerate(rows_and_routes(estate)):
        drawn.copy(number, copy, _start(drawn, route), _end(drawn, route))
    return drawn.picture()


def _told(vault: Vault, row: VaultRow | None) -> tuple[str, ...]:
    kind = ("logically air-gapped",) if vault.kind == "air-gapped" else ()
    if row is None:
        return kind
    in_, out = ("; ".join(access.text for access in told) for told in (row.may_copy_in, row.may_delete))
    return (*kind, f"copy in: {in_}", f"delete: {out}")


def _keys(drawn: _Drawing, estate: Estate, vault: Vault) -> Iterator[str]:
    """The keys that a vault has, or may have. AWS's own keys are not drawn."""
    for text in vault.encryption_key.values:
        if text is None:
            continue
        known = next(iter(estate.keys_named(text)), None)
        arn = Arn.of(text)
        if known is not None:
            yield drawn.key(known)
        elif arn is not None:
            fields = arn.resource.split("/", 1, trusting=True) or [arn.resource]
            yield drawn.undescribed("key", arn.account, arn.region, str(fields[-1]))
        else:
            yield drawn.undescribed("key", vault.account, vault.region, str(text))


def _targets(drawn: _Drawing, estate: Estate, rule: Rule) -> Iterator[str]:
    """The vaults that a rule keeps its backups in. A target is in the plan's account and region, whatever it says."""
    here = rule.deployment
    for text in dict.fromkeys((*rule.target_vault.values, *rule.air_gapped_target.values)):
        if text is not None:
            yield _target(drawn, estate, here, text)


def _target(drawn: _Drawing, estate: Estate, here: Deployment, text: Text) -> str:
    arn = vault_arn(text)
    name = arn.name if arn is not None else text
    found = nearest(estate, name.known, here.account, here.region) if name.known else None
    if found is not None and found.verdict is YES:
        return drawn.vault(found.vault)
    return drawn.undescribed("vault", here.account, here.region, str(name))


def _start(drawn: _Drawing, route: Route) -> str:
    """Copies come from the vault that the rule keeps its backups in; from its plan where that is not one."""
    targets = [text for own, text in route.copy.rule.target_vault if own & route.guard is not None]
    if len(targets) == 1 and targets[0] is not None:
        return _target(drawn, route.estate, route.copy.deployment, targets[0])
    return drawn.nodes[route.copy.rule.plan]


def _end(drawn: _Drawing, route: Route) -> str:
    found, destination = route.vault, route.destination
    if found is not None and found.verdict is YES:
        return drawn.vault(found.vault, taken_to_be=found.taken_to_be)
    if destination is not None:
        return drawn.undescribed("vault", destination.account, destination.region, str(destination.name))
    return drawn.somewhere(route.arn)


@dataclass(eq=False)
class _Box:
    """An account, while it is drawn: its nodes by region."""

    account: Text
    regions: dict[object, tuple[str, list[Node]]] = field(default_factory=dict)
    taken_to_be: dict[str, None] = field(default_factory=dict)

    def finished(self) -> Account:
        regions = tuple(Region(name, tuple(nodes)) for name, nodes in self.regions.values())
        notes = [f"of {hole.symbol[0]}" for hole in self.account.holes[:1]]
        notes += [f"taken to be {account}" for account in self.taken_to_be]
        return Account(str(self.account), regions, note=", ".join(notes))


@dataclass(eq=False)
class _Drawing:
    """A picture in the making. Nodes are named by a number, in the order in which they come up."""

    boxes: dict[object, _Box] = field(default_factory=dict)
    nodes: dict[object, str] = field(default_factory=dict)
    arrows: dict[object, Arrow] = field(default_factory=dict)

    def node(
        self,
        kind: _Kind,
        noun: object,
        here: Deployment,
        label: str,
        span: Span | None,
        told: tuple[str, ...] = (),
    ) -> str:
        """The node of a noun, made when it is first asked for."""
        return self._placed(kind, noun, here.account, here.region, label, span, told)

    def _placed(
        self,
        kind: _Kind,
        noun: object,
        account: Text,
        region: Text,
        label: str,
        span: Span | None,
        told: tuple[str, ...],
    ) -> str:
        if noun not in self.nodes:
            self.nodes[noun] = f"n{len(self.nodes) + 1}"
            box = self.boxes.setdefault(account.identity, _Box(account))
            _, nodes = box.regions.setdefault(region.identity, (str(region), []))
            place = location(span) if span is not None else None
            nodes.append(Node(self.nodes[noun], kind, label, place, told))
        return self.nodes[noun]

    def vault(self, vault: Vault, told: tuple[str, ...] = (), taken_to_be: str = "") -> str:
        """The node of a vault: one, however many inputs describe it."""
        noun = _noun("vault", vault.account, vault.region, vault.label)
        made = self.node("vault", noun, vault.deployment, vault.label, vault.span, told)
        if taken_to_be:
            self.boxes[vault.account.identity].taken_to_be[taken_to_be] = None
        return made

    def key(self, key: Key) -> str:
        """The node of a key that the files describe."""
        return self.node("key", key.arn.identity, key.deployment, key.label, key.span)

    def undescribed(self, kind: _Kind, account: Text, region: Text, name: str) -> str:
        """The node of what is only named."""
        noun = _noun(kind, account, region, name)
        return self._placed(kind, noun, account, region, name, None, ())

    def somewhere(self, arn: Text) -> str:
        """The node of a destination of which not even the account can be told, in a box of its own."""
        if arn.identity not in self.nodes:
            made = self.nodes[arn.identity] = f"n{len(self.nodes) + 1}"
            box = _Box(Text.literal(_NOWHERE, arn.span))
            box.regions[_NOWHERE] = _NOWHERE, [Node(made, "vault", str(arn))]
            self.boxes[arn.identity] = box
        return self.nodes[arn.identity]

    def arrow(self, kind: Literal["keeps", "encrypts"], start: str, end: str) -> None:
        self.arrows.setdefault((kind, start, end), Arrow(kind, start, end))

    def copy(self, number: int, row: CopyRow, start: str, end: str) -> None:
        """An arrow for a copy, or one more for the arrow that says the same."""
        decides = _deciding(row.requirements)
        key = ("copy", start, end, row.verdict, decides.name if decides is not None else "")
        drawn = self.arrows.get(key)
        before = drawn.copies if drawn is not None else ()
        reason = drawn.decides if drawn is not None else decides
        self.arrows[key] = Arrow("copy", start, end, row.verdict, reason, (*before, number))

    def picture(self) -> Picture:
        return Picture(tuple(box.finished() for box in self.boxes.values()), tuple(self.arrows.values()))


def _noun(kind: _Kind, account: Text, region: Text, name: str) -> object:
    return kind, account.identity, region.identity, name


def _deciding(rows: Sequence[Requirement]) -> Requirement | None:
    """What decides on a copy that does not land, or is not known to."""
    for verdict in ("fails", "unsure"):
        for row in rows:
            if row.verdict == verdict:
                return row
    return None
