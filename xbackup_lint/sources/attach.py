"""Documents that speak of one vault become one noun, and a policy in a file of its own finds its vault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.policy.statement import Policy
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES, Verdict


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
    by_name: dict[str, list[Vault]] = field(default_factory=lambda: defaultdict(list))
    """The vaults that certainly have a name, in the order of reading."""
    became: dict[Vault, Vault] = field(default_factory=dict)
    """For vaults that were joined with, or given what belongs to another: what stands in their place."""
    policies: dict[Policy, Vault] = field(default_factory=dict)
    """For policies in files of their own: their vault."""

    def __post_init__(self) -> None:
        for vault in self.estate.vaults:
            name = _name(vault)
            if name is not None:
                self.by_name[name].append(vault)

    def now(self, vault: Vault) -> Vault:
        """What has become of a vault."""
        while vault in self.became:
            vault = self.became[vault]
        return vault

    def named(self, name: str | None) -> list[Vault]:
        """The vaults of a name as they are now, each once."""
        return list(dict.fromkeys(map(self.now, self.by_name.get(name or "", ()))))

    def join_printed(self) -> None:
        """`describe-backup-vault`, `get-backup-vault-access-policy` and lists of one vault: the same ARN."""
        first: dict[tuple[str | None, str | None, str], Vault] = {}
        for name, vaults in self.by_name.items():
            for vault in vaults:
                arn = (vault.account.known, vault.region.known, name)
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
            vaults = (
                self.meant(arn.account, arn.region, self.named(arn.name.known)) if arn is not None else []
            )
            for vault in vaults:
                self.policies.setdefault(policy, vault)
                if not _tells_policy(vault):
                    self.became[vault] = replace(vault, policy=policy)

    def join_declared(self) -> None:
        """A vault that was printed, and the one of its name that a template declares for its account and region.

        A document without an account is of the only vault of its name, whoever tells of that one.
        """
        for vault in self.estate.vaults:
            printed = self.now(vault)
            if not vault.is_printed or not printed.is_printed:
                continue
            nowhere = printed.account.known is None
            others = [one for one in self.named(_name(printed)) if one is not printed]
            known = [
                one for one in others if not one.is_printed or (nowhere and one.account.known is not None)
            ]
            for one in self.meant(printed.account, printed.region, known):
                self.join(one, printed)

    def meant(self, account: Text, region: Text, vaults: Iterable[Vault]) -> list[Vault]:
        """Of the vaults of a name those in a place; else the only one that may be there."""
        near = [(vault, _is_in(vault, account, region)) for vault in vaults]
        there = [vault for vault, verdict in near if verdict is YES]
        possible = [vault for vault, verdict in near if verdict is not NO]
        return there or (possible if len(possible) == 1 else [])

    def join(self, vault: Vault, other: Vault) -> None:
        """Add to a vault what another description of it tells. That one goes, unless only it knows an account."""
        joined = vault
        if not _tells_policy(vault) and _tells_policy(other):
            joined = replace(joined, policy=other.policy)
        if vault.is_printed:
            joined = _completed(joined, other)
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
    return replace(
        vault,
        kind="standard" if vault.kind == other.kind == "standard" else "air-gapped",
        encryption_key=vault.encryption_key if vault.encryption_key.options else other.encryption_key,
        min_retention_days=vault.min_retention_days
        if vault.min_retention_days.options
        else other.min_retention_days,
        max_retention_days=vault.max_retention_days
        if vault.max_retention_days.options
        else other.max_retention_days,
    )


def _is_in(vault: Vault, account: Text, region: Text) -> Verdict:
    return equals(vault.account, account) & equals(vault.region, region)


def _the_vault_in(policy: Policy) -> VaultArn | None:
    """The one vault that the resources of a policy name in full."""
    texts = (text for statement in policy for _, text in statement.resources)
    arns = {str(text): VaultArn.of(text) for text in texts if text.known is not None}
    found = [arn for arn in arns.values() if arn is not None]
    return found[0] if len(found) == 1 else None
