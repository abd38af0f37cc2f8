"""From a plan to a vault elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.checks.missing import missing
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, VaultReference
from xbackup_lint.policy.arn import vault_arn_fault
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.verdict import NO, YES


@check
def destination_is_malformed(copy: Copy, _estate: Estate) -> Iterator[Hit]:
    """The destination is no ARN of a vault. Facts: `destination`, `part` (what is wrong in it)."""
    for guard, destination in copy.destination_arn:
        if destination is None:
            continue
        verdict, reason, part = vault_arn_fault(destination)
        if verdict is not YES:
            continue
        yield Hit(
            part.span,
            YES,
            guard,
            reason,
            facts={"destination": str(destination), "part": str(part)},
            also=(("written", part.birthplace),) if part.birthplace != part.span else (),
            assumptions=assumptions_of(destination),
        )


@check
def account_is_mismatched(reference: VaultReference, estate: Estate) -> Iterator[Hit]:
    """The ARN of a vault names another account than the vault's. Facts: `name`, `account`, `vault-account`, `how`."""
    arn = reference.destination
    vault = (
        estate.only_vault_named(arn.name.known) if arn is not None and arn.name.known is not None else None
    )
    if arn is None or vault is None or equals(vault.deployment.region, arn.region) is NO:
        return
    account, own = arn.account.known, vault.account.known
    if account is None or own is None or account == own:
        return
    if not reference.is_target:
        if account not in estate.accounts:
            return
        # A copy to another account, whose vault has the name of one of ours: nobody meant to copy to ours.
        if reference.deployment.is_account(vault.account) is YES:
            return
    evidence, how = vault.deployment.evidence, vault.deployment.how or "`--account`"
    yield Hit(
        arn.account.span,
        YES,
        reference.guard,
        "target" if reference.is_target else "destination",
        facts={"name": str(arn.name), "account": account, "vault-account": own, "how": how},
        also=(("vault", vault.span), *((("evidence", evidence),) if evidence is not None else ())),
        assumptions=assumptions_of(reference.arn),
    )


@check
def destination_is_missing(reference: VaultReference, estate: Estate) -> Iterator[Hit]:
    """No vault of that name is in the destination's account and region.

    Facts: `name`, `account`, `region`, and of the vault that was probably meant `near`, `near-region`.
    """
    destination = reference.destination
    if destination is None or reference.is_target:
        return
    found = missing(destination.name, destination.account, destination.region, estate)
    if found is None:
        return
    wrong = destination.region if found.reason == "other-region" else destination.name
    facts = {"name": destination.name, "account": destination.account, "region": destination.region}
    yield Hit(
        wrong.span,
        found.verdict,
        reference.guard,
        found.reason,
        facts={name: str(text) for name, text in facts.items()} | found.facts,
        also=found.also,
        holes=found.holes,
        assumptions=assumptions_of(reference.arn),
    )
