"""From a plan to a vault elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.checks.missing import missing
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, VaultReference
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import VaultArn, vault_arn_fault
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES


@check
def destination_is_malformed(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """The destination is no ARN of a vault. Facts: `destination`, `part` (what is wrong in it)."""
    for guard, destination in copy.destination_arn:
        if destination is None:
            continue
        verdict, reason, part = vault_arn_fault(destination)
        if verdict is NO:
            continue
        yield Hit(
            part.span,
            verdict,
            guard,
            reason,
            facts={"destination": str(destination), "part": str(part)},
            holes=holes_of(destination) if verdict is not YES else (),
            assumptions=assumptions_of(destination),
        )


@check
def account_is_mismatched(reference: VaultReference, estate: Estate) -> Iterator[Hit]:
    """The ARN of a vault names another account than the vault's. Facts: `name`, `account`, `vault-account`, `how`."""
    arn = reference.destination
    vault = _the_vault(arn, estate)
    if arn is None or vault is None:
        return
    account, own = arn.account.known, vault.account.known
    if account is None or own is None or account == own:
        return
    if account not in estate.accounts and not reference.is_target:
        return
    evidence = vault.deployment.evidence
    yield Hit(
        arn.account.span,
        YES,
        reference.guard,
        facts={"name": str(arn.name), "account": account, "vault-account": own, "how": vault.deployment.how},
        also=(("vault", vault.span), *((("evidence", evidence),) if evidence is not None else ())),
        assumptions=assumptions_of(reference.arn),
    )


def _the_vault(arn: VaultArn | None, estate: Estate) -> Vault | None:
    """The one vault in the files that has the name in an ARN."""
    name = arn.name.known if arn is not None else None
    found = {vault.span: vault for vault in estate.vaults_named(name)} if name else {}
    places: set[Span] = set(found)
    return found[places.pop()] if len(places) == 1 else None


@check
def destination_is_missing(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """No vault of that name is in the destination's account and region. Facts: `name`, `account`, `region`, `near`."""
    for guard, destination in copy.destination:
        name = destination.name.known if destination is not None else None
        if destination is None or not name:
            continue
        found = missing(name, destination.account, destination.region, estate)
        if found is None:
            continue
        yield Hit(
            _named(destination),
            YES,
            guard,
            reason=found.reason,
            facts={
                "name": name,
                "account": str(destination.account),
                "region": str(destination.region),
                "near": found.near_name,
                "near-region": str(found.near.deployment.region) if found.near is not None else "",
            },
            also=(("near", found.near.span),) if found.near is not None else (),
            assumptions=assumptions_of(destination.arn.text),
        )


def _named(destination: VaultArn) -> Span:
    text: Text = destination.name
    return text.span
