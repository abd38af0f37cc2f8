"""Where rules keep their backups, and copies of them, as far as the files describe these vaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Rule
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.retention import Fit, Texts, fits, kept_by_copy
from xbackup_lint.model.route import Found, nearest
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import vault_arn
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


@dataclass(frozen=True, slots=True, eq=False)
class Keeping:
    """That backups of a rule, or copies of them, are kept in a vault, where a guard holds."""

    kind: Literal["backup", "copy"]
    guard: Guard
    target: Text
    """How the rule or the copy action names the vault."""
    found: Found
    kept: Texts
    holes: tuple[Hole, ...] = ()
    """Why it may be that nothing is kept there."""

    @property
    def is_certain(self) -> bool:
        return self.found.verdict is YES and self.found.rival is None and not self.holes

    @property
    def doubts(self) -> tuple[Hole, ...]:
        """Why it is not certain that the vault is this one, or that anything is kept there."""
        vault, rival = self.found.vault, self.found.rival
        texts = () if self.found.verdict is YES else (self.target, vault.account, vault.region)
        holes = (*self.holes, *(hole for text in texts for hole in text.holes))
        return holes if rival is None else (*holes, _declared_twice(vault, rival))

    @property
    def fits(self) -> list[Fit]:
        """What the vault says to the retention."""
        return fits(self.kept, self.found.vault, self.guard)

    @property
    def without_end(self) -> Iterator[tuple[Guard, Text | None, Answer]]:
        """Where a vault takes what is kept for ever: whether its lock lets nobody ever delete that (F4.15)."""
        for fit in self.fits:
            for under, permanent in self.found.vault.in_compliance_mode:
                both = fit.guard & under
                if fit.is_for_ever and fit.most is None and both is not None:
                    yield both, fit.days, permanent


def _declared_twice(vault: Vault, other: Vault) -> Hole:
    path, second = vault.span.source.path, other.span.source.path
    why = f"`{vault.label}` is declared in {path} and in {second}"
    return Hole((path, f"{vault.span.start}"), why, place=vault.span)


def backups_of(rule: Rule, estate: Estate) -> Iterator[Keeping]:
    """The vaults that a rule keeps its own backups in, as far as the files describe them."""
    here, kept = rule.deployment, rule.delete_after_days
    beside = next((arn.span for _, arn in rule.air_gapped_target if arn is not None), None)
    # AWS: beside an air-gapped vault, the other one takes what that does not support (F2.8, F4.23).
    why = "only resources that no air-gapped vault takes are kept there"
    rest = (Hole((here.path, f"{rule.span.start}"), why, place=beside),) if beside is not None else ()
    for guard, name in rule.target_vault:
        found = nearest(estate, name.known, here.account, here.region) if name and name.known else None
        if name is not None and found is not None:
            yield Keeping("backup", guard, name, found, kept, rest)
    for guard, arn in rule.air_gapped_target:
        found = air_gapped(arn, rule, estate) if arn is not None else None
        if arn is not None and found is not None:
            yield Keeping("backup", guard, arn, found, kept)


def copies_of(rule: Rule, estate: Estate) -> Iterator[Keeping]:
    """The vaults that a rule copies its backups to, as far as the files describe them."""
    for copy in estate.copies_of.get(rule, ()):
        for route, _ in judged(copy, estate):
            if route.vault is not None:
                yield Keeping("copy", route.guard, route.arn, route.vault, kept_by_copy(copy))


def air_gapped(arn: Text, rule: Rule, estate: Estate) -> Found | None:
    """The vault that an ARN of an air-gapped vault leads to; also where `Ref` of a vault may give its ARN."""
    target = vault_arn(arn)
    if target is not None and target.name.known:
        return nearest(estate, target.name.known, target.account, target.region)
    place = arn.hole.place if arn.hole is not None else None
    declared = estate.vaults_by_place.get(place, [])
    return next((Found(vault, YES) for vault in declared if vault.deployment is rule.deployment), None)
