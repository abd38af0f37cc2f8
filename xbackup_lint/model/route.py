"""The way of one copy: from the vault and key of the source to the vault and key of the destination."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.vault import Vault, same_name
from xbackup_lint.policy.arn import VaultArn, vault_arn
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A vault that a name leads to. `taken_to_be` is the account that its template is taken to be in."""

    vault: Vault
    verdict: Verdict
    taken_to_be: str = ""
    rival: Vault | None = None
    """Another that is declared under the same name in the same place: only one of them can be."""


@dataclass(frozen=True, eq=False)
class Route:
    """One destination of a copy, where a guard holds, and what the files say of both its ends."""

    copy: Copy
    arn: Text
    guard: Guard
    estate: Estate

    @cached_property
    def destination(self) -> VaultArn | None:
        return vault_arn(self.arn)

    @cached_property
    def target(self) -> Found | None:
        """The vault that the rule keeps its own backups in."""
        targets = [text for own, text in self.copy.rule.target_vault if own & self.guard is not None]
        name = targets[0].known if len(targets) == 1 and targets[0] is not None else None
        here = self.copy.deployment
        return self._nearest(name, here.account, here.region) if name else None

    @cached_property
    def vault(self) -> Found | None:
        """The destination vault, if the files describe it, or describe one that it may be."""
        destination = self.destination
        name = destination.name.known if destination is not None else None
        if destination is None or not name:
            return None
        found = self._nearest(name, destination.account, destination.region)
        if found is not None and found.verdict is YES:
            return found
        return self._taken_for_it(name, destination) or found

    def _nearest(self, name: str, account: Text, region: Text) -> Found | None:
        """The vault of a name in an account and region: one that certainly is, else one that may be."""
        return nearest(self.estate, name, account, region)

    def _taken_for_it(self, name: str, destination: VaultArn) -> Found | None:
        """The one vault of that name, whose template does not know its account: it is taken to be the destination."""
        vault = self.estate.only_vault_named(name)
        if vault is None or destination.account.known is None:
            return None
        if vault.account.known is not None or equals(vault.region, destination.region) is NO:
            return None
        return Found(vault, YES, destination.account.known)

    @cached_property
    def roles(self) -> tuple[Text, ...]:
        """The roles that the selections of the plan work as."""
        plan = self.copy.rule.plan
        found = (
            role
            for selection in self.estate.selections_for(plan)
            for guard, role in selection.role
            if role is not None and guard & self.guard is not None
        )
        return tuple({str(role): role for role in found}.values())

    def key_of(self, vault: Vault) -> tuple[Text | None, Key | None]:
        """The encryption key of a vault as given, and the key that the files describe under that ARN."""
        given = [text for own, text in vault.encryption_key if own & self.guard is not None]
        text = given[0] if len(given) == 1 else None
        return text, next(iter(self.estate.keys_named(text)), None) if text is not None else None

    @property
    def crosses_accounts(self) -> Verdict:
        destination = self.destination
        if destination is None:
            return UNKNOWN
        return self.copy.deployment.sends_to_another(destination.account)


def nearest(estate: Estate, name: str, account: Text, region: Text) -> Found | None:
    """The vault of a name in an account and region: one that certainly is, else one that may be."""
    of_account = estate.vault_names.named(name, account)
    certain = [vault for vault in of_account if _is_it(vault, name, account, region) is YES]
    if certain:
        rivals = (vault for vault in certain if vault.is_rival_of(certain[0]))
        return Found(certain[0], YES, rival=next(rivals, None))
    declared = estate.vault_names.declared(name, account)
    return next(
        (Found(vault, UNKNOWN) for vault in declared if _is_it(vault, name, account, region) is not NO), None
    )


def _is_it(vault: Vault, name: str, account: Text, region: Text) -> Verdict:
    here = equals(vault.account, account) & equals(vault.region, region)
    return here & same_name(vault, Text.literal(name, vault.span))


def routes(copy: Copy, estate: Estate) -> Iterator[Route]:
    """The destinations that a copy may have."""
    for guard, arn in copy.destination_arn:
        if arn is not None and guard & copy.guard is not None:
            yield Route(copy, arn, guard & copy.guard or guard, estate)
