"""Which backup policies are in force where: by the configuration's tree, else by what the policies say themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization import BackupPolicy
from xbackup_lint.model.problem import Problem
from xbackup_lint.sources.organization.inheritance import Forbidden, effective
from xbackup_lint.sources.organization.plans import ACCOUNT_VARIABLE, Placed, plans_of, without_others
from xbackup_lint.sources.plans import POLICY_DOCUMENT, POLICY_IN_TEMPLATE
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.hole import ACCOUNT, Hole
from xbackup_lint.values.text import Text

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration, Unit

Levels = tuple[tuple[BackupPolicy, ...], ...]
"""The policies from the root down to an account."""


@dataclass(frozen=True, slots=True)
class _Target:
    """An account in which policies are in force; None stands for each of those that they are attached to."""

    account: Text | None = None
    how: str = ""
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class _Chain:
    """Policies that come to one effective policy, and where."""

    levels: Levels
    targets: tuple[_Target, ...]
    is_all_told: bool = True
    """Whether no other policy takes part, as far as the files tell. Else only the last policy's plans count."""


def spread(estate: Estate, configuration: Configuration | None) -> list[str]:
    """Make plans of all backup policies of an estate. Returns notes on what the configuration tells in vain."""
    policies = estate.backup_policies
    estate.problems.extend(_lacking(policies))
    for policy in policies:
        if policy.effective_in is not None:
            told = policy.effective_in.span
            target = _Target(policy.effective_in, "`TargetId`", told if told is not NOWHERE else None)
            _place(estate, _Chain(((policy,),), (target,)))
    written = [policy for policy in policies if policy.effective_in is None]
    tree = _Tree(written, configuration, {policy.span.source.path for policy in estate.control_policies})
    placed = set[BackupPolicy]()
    for chain in tree.chains():
        placed.update(policy for level in chain.levels for policy in level)
        _place(estate, chain)
    for chain in _by_targets(written, placed):
        _place(estate, chain)
    return tree.notes


def _lacking(policies: Sequence[BackupPolicy]) -> Iterator[Problem]:
    """The required keys that no policy gives."""
    for policy in policies:
        for lack in policy.lacks:
            others = (other for other in policies if other.span != policy.span)
            if not any(other.gives(lack.path) for other in others):
                yield lack.problem


def _place(estate: Estate, chain: _Chain) -> None:
    policies = [policy for level in chain.levels for policy in level]
    if not policies:
        return
    found = effective([[policy.document for policy in level] for level in chain.levels])
    estate.problems.extend(map(_in_vain, found.forbidden))
    last = policies[-1]
    own = frozenset(
        entry.key.known for _, plans in last.document.get("plans").records() for entry in plans.entries
    )
    document = found.document if chain.is_all_told else without_others(found.document, own)
    in_templates = all(policy.is_in_template for policy in policies)
    plans = plans_of(document)
    for target in chain.targets:
        placed = Placed(
            estate,
            last.path,
            target.account or Text.unknown(_each_account(last.path), NOWHERE),
            POLICY_IN_TEMPLATE if in_templates else POLICY_DOCUMENT,
            tuple(text for policy in policies for text in policy.attached_to),
            target.how,
            target.evidence,
        )
        for plan in plans:
            placed.add(plan)


def _each_account(path: str) -> Hole:
    why = "a policy is in force in every account below what it is attached to"
    return Hole((path, ACCOUNT_VARIABLE), why, ACCOUNT)


def _in_vain(forbidden: Forbidden) -> Problem:
    return Problem(
        "organization-child-overrides-forbidden",
        forbidden.span,
        "operator" if forbidden.operator else "key",
        {"operator": forbidden.operator, "key": forbidden.key},
        forbidden.by,
        forbidden.guard,
    )


def _by_targets(policies: Sequence[BackupPolicy], placed: set[BackupPolicy]) -> Iterator[_Chain]:
    """What policies say of themselves: the ids that their templates attach them to.

    All that is attached elsewhere is below a policy of the root. What stands between them nobody tells.
    """
    roots = {root for policy in policies for root in policy.roots}
    of_root = tuple(policy for policy in policies if policy.roots) if len(roots) == 1 else ()
    for policy in policies:
        if policy in placed:
            continue
        accounts = tuple(_Target(account, "`TargetIds`", account.span) for account in policy.accounts)
        others = len(accounts) < len(policy.attached_to) or not accounts
        targets = (*accounts, *((_Target(),) if others else ()))
        levels = ((policy,),) if policy in of_root or not policy.attached_to else (of_root, (policy,))
        yield _Chain(levels, targets, is_all_told=False)


class _Tree:
    """The tree that the configuration tells, with the policies that it attaches."""

    def __init__(
        self,
        policies: Sequence[BackupPolicy],
        configuration: Configuration | None,
        control_policies: Iterable[str] = (),
    ) -> None:
        self.configuration = configuration
        self.notes: list[str] = []
        self._by_path: dict[str, list[BackupPolicy]] = {}
        self._policies = policies
        if configuration is not None:
            for policy in policies:
                self._by_path.setdefault(configuration.relative(policy.path), []).append(policy)
            self._others = set(map(configuration.relative, control_policies))

    def chains(self) -> Iterator[_Chain]:
        """Each effective policy once, with the accounts that have it."""
        configuration = self.configuration
        if configuration is None or not configuration.organization_tree:
            return
        levels = {unit: self._of_unit(unit) for unit in configuration.organization_tree}
        known: dict[Levels, list[_Target]] = {}
        inhabited: set[Unit] = set()
        for account in configuration.accounts:
            if account.unit is None:
                continue
            inhabited.update(account.unit.path)
            own = self._attached((word.text for word in account.policies), account.id)
            chain = (*(levels.get(unit, ()) for unit in account.unit.path), own)
            target = _Target(Text.literal(account.id, NOWHERE), "the configuration", account.span)
            known.setdefault(chain, []).append(target)
        for unit, own in levels.items():
            if own and unit not in inhabited:
                known.setdefault(tuple(levels[above] for above in unit.path), []).append(_Target())
        for chain, targets in known.items():
            yield _Chain(chain, tuple(targets))

    def _of_unit(self, unit: Unit) -> tuple[BackupPolicy, ...]:
        return self._attached((word.text for word in unit.policies), unit.id)

    def _attached(self, files: Iterable[str], target: str | None) -> tuple[BackupPolicy, ...]:
        """The policies of files, in their order, and those whose templates attach them to an id."""
        found: dict[BackupPolicy, None] = {}
        for file in files:
            inside = self._by_path.get(file, [])
            note = f"{file}: the configuration attaches it, and no policy of organizations is in it"
            if not inside and file not in self._others and note not in self.notes:
                self.notes.append(note)
            found.update(dict.fromkeys(inside))
        if target is not None:
            found.update(dict.fromkeys(policy for policy in self._policies if policy.is_attached_to(target)))
        return tuple(found)
