"""Documents that speak of one vault become one noun, and a policy in a file of its own finds its vault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from xbackup_lint.dataclass import dataclass, field, replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.policy.statement import Policy
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES, Verdict

_Place = tuple[str, str]
_NOWHERE = "?"
"""Stands for an account that is not known."""


def attach(estate: Estate) -> None:
    """Join what documents say of vaults, with each other and with the templates that declare these vaults.

    A template says what will be: documents give its vault a policy where it declares none, and change nothing
    else of it.
    """
    attaching = _Attaching(estate)
    attaching.join_printed()
    attaching.attach_policies()
    attaching.join_declared()
    attaching.finish()


@dataclass(eq=False)
class _Attaching:
    estate: Estate
    by_place: dict[_Place, list[Vault]] = field(default_factory=lambda: defaultdict(list))
    """The vaults that certainly have a name, by it and their account; under no account all of the name."""
    became: dict[Vault, Vault] = field(default_factory=dict)
    """For vaults that were joined with, or given what belongs to another: what stands in their place."""
    policies: dict[Policy, Vault] = field(default_factory=dict)
    """For policies in files of their own: their vault."""

    def __post_init__(self) -> None:
        for vault in self.estate.vaults:
            name = _name(vault)
            if name is not None:
                self.by_place[name, vault.account.known or _NOWHERE].append(vault)
                self.by_place[name, ""].append(vault)

    def now(self, vault: Vault) -> Vault:
        """What has become of a vault."""
        last = vault
        while last in self.became:
            last = self.became[last]
        while vault is not last:  # whoever asks next has a short way
            following = self.became[vault]
            self.became[vault] = last
            vault = following
        return last

    def join_printed(self) -> None:
        """`describe-backup-vault`, `get-backup-vault-access-policy` and lists of one vault: the same ARN."""
        first: dict[tuple[str | None, ...], Vault] = {}
        for vault in self.estate.vaults:
            arn = (vault.account.known, vault.region.known, _name(vault))
            if not vault.is_printed or None in arn:
                continue
            if arn in first:
                self.join(self.now(first[arn]), vault)
            else:
                first[arn] = vault

    def attach_policies(self) -> None:
        """A vault policy that names one vault, by its ARN, as resource."""
        loose = (s.policy for s in self.estate.statements if s.policy_kind == "vault" and s.vault is None)
        for policy in dict.fromkeys(loose):
            arn = _the_vault_in(policy)
            for vault in self.meant(arn.name.known, arn.account, arn.region) if arn is not None else ():
                self.policies.setdefault(policy, vault)
                if not _tells_policy(vault):
                    self.became[vault] = replace(vault, policy=policy)

    def join_declared(self) -> None:
        """A vault that was printed, and the one of its name that a template declares for its account and region.

        A document without an account is of the only vault of its name, whoever tells of that one.
        """
        for vault in self.estate.vaults:
            printed = self.now(vault)
            if vault.is_printed and printed.is_printed:
                for one in self.meant(_name(printed), printed.account, printed.region, printed):
                    self.join(one, printed)

    def meant(
        self, name: str | None, account: Text, region: Text, speaker: Vault | None = None
    ) -> list[Vault]:
        """The vaults of a name in a place; else the only one that may be there.

        `speaker` is a vault that was printed: it means one that a template declares, or that has an account
        where it has none.
        """
        if name is None:
            return []
        homeless = speaker is not None and account.known is None

        def fits(vault: Vault) -> bool:
            told = homeless and vault.account.known is not None
            return vault is not speaker and (speaker is None or told or not vault.is_printed)

        here = [] if homeless else list(map(self.now, self.by_place[name, account.known or _NOWHERE]))
        there = [one for one in dict.fromkeys(here) if fits(one) and _is_in(one, account, region) is YES]
        return there or self.only(name, account, region, fits)

    def only(self, name: str, account: Text, region: Text, fits: Callable[[Vault], bool]) -> list[Vault]:
        """The one vault of a name that may be in a place; none where there are several."""
        accounts = (account.known, _NOWHERE) if account.known is not None else ("",)
        found: dict[Vault, None] = {}
        for vault in (self.now(one) for known in accounts for one in self.by_place[name, known]):
            if fits(vault) and _is_in(vault, account, region) is not NO:
                found[vault] = None
                if len(found) > 1:
                    return []
        return list(found)

    def join(self, vault: Vault, other: Vault) -> None:
        """Add to a vault what another description of it tells. That one goes, unless only it knows an account."""
        joined = vault
        if not _tells_policy(vault) and _tells_policy(other):
            joined = replace(joined, policy=other.policy)
        if vault.is_printed:
            joined = _completed(joined, other)
        if other.is_order and (
            vault.is_printed or not any(one.verdict is YES for one in vault.locked.values)
        ):
            joined = _with_lock(joined, other)
        goes = other.account.known is None or _is_in(vault, other.account, other.region) is YES
        for one in (vault, *((other,) if goes else ())):
            if one is not joined:
                self.became[one] = joined

    def finish(self) -> None:
        """Put all that has changed into the estate."""
        vaults = self.estate.vaults
        self.estate.vaults = list(dict.fromkeys(map(self.now, vaults)))
        gone: set[Deployment] = {vault.deployment for vault in vaults} - {
            vault.deployment for vault in self.estate.vaults
        }
        statements = self.estate.statements
        self.estate.statements = [self._of_vault(statement) for statement in statements]
        gone |= {s.deployment for s in statements if s.policy in self.policies}
        self.estate.deployments = [one for one in self.estate.deployments if one not in gone]

    def _of_vault(self, statement: PolicyStatement) -> PolicyStatement:
        before = statement.vault or self.policies.get(statement.policy)
        vault = self.now(before) if before is not None else None
        if vault is None or vault is statement.vault:
            return statement
        return replace(statement, vault=vault, deployment=vault.deployment)


def _name(vault: Vault) -> str | None:
    """The name that a vault certainly has."""
    names = {text.known if text is not None else None for text in vault.name.values}
    return names.pop() if len(names) == 1 else None


def _tells_policy(vault: Vault) -> bool:
    """Whether a description has a word on the vault's policy: that there is none, of what was printed."""
    if vault.is_printed:
        return vault.policy is None or not vault.policy.unknown
    return vault.policy is not None


def _completed(vault: Vault, other: Vault) -> Vault:
    """A vault that was printed, with what only another call printed of it."""

    def either(mine: Texts, theirs: Texts) -> Texts:
        return mine if mine.options else theirs

    return replace(
        vault,
        kind="standard" if vault.kind == other.kind == "standard" else "air-gapped",
        encryption_key=either(vault.encryption_key, other.encryption_key),
        min_retention_days=either(vault.min_retention_days, other.min_retention_days),
        max_retention_days=either(vault.max_retention_days, other.max_retention_days),
        locked=vault.locked if vault.locked.options else other.locked,
        changeable_for_days=either(vault.changeable_for_days, other.changeable_for_days),
        lock_date=either(vault.lock_date, other.lock_date),
        is_order=vault.is_order or other.is_order,
    )


def _with_lock(vault: Vault, other: Vault) -> Vault:
    """A vault with the lock that a document orders for it: that is what will be, as in a template."""
    return replace(
        vault,
        min_retention_days=other.min_retention_days,
        max_retention_days=other.max_retention_days,
        locked=other.locked,
        changeable_for_days=other.changeable_for_days,
    )


def _is_in(vault: Vault, account: Text, region: Text) -> Verdict:
    return equals(vault.account, account) & equals(vault.region, region)


def _the_vault_in(policy: Policy) -> VaultArn | None:
    """The one vault that the resources of a policy name in full."""
    texts = (text for statement in policy for _, text in statement.resources)
    arns = {str(text): VaultArn.of(text) for text in texts if text.known is not None}
    found = [arn for arn in arns.values() if arn is not None]
    return found[0] if len(found) == 1 else None
