"""Where a plan rule keeps its own backups."""

from __future__ import annotations

import json
from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.checks.missing import missing
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Rule
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import VaultArn, is_arn, vault_arn
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES


@check
def target_is_arn(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """`TargetBackupVault` holds an ARN.

    Facts: `target`; `vault` (the name in it), `copy` (what to write in order to copy there).
    """
    for guard, target in rule.target_vault:
        if target is None or is_arn(target) is not YES:
            continue
        arn = vault_arn(target)
        if arn is None:
            yield Hit(target.span, YES, guard, "no-vault", {"target": str(target)})
            continue
        vault = _vault(arn, estate)
        account = vault.account if vault is not None and vault.account.known is not None else arn.account
        reason = _reason(rule, account, arn.region)
        assumed = rule.deployment.assumed_of(account) if reason == "another-account" else ()
        copy = f"arn:{arn.arn.partition}:backup:{arn.region}:{account}:backup-vault:{arn.name}"
        yield Hit(
            target.span,
            YES,
            guard,
            reason,
            facts={"target": str(target), "vault": str(arn.name), "copy": _snippet(rule, target, copy)},
            also=(("vault", vault.span),) if vault is not None else (),
            assumptions=(*assumptions_of(target), *assumed),
        )


def _vault(arn: VaultArn, estate: Estate) -> Vault | None:
    """The vault that an ARN is of; where the files have none, the only one of that name."""
    if arn.name.known is None:
        return None
    for vault in estate.vault_names.named(arn.name.known, arn.account):
        if vault.deployment.is_region(arn.region) is not NO:
            return vault
    return estate.only_vault_named(arn.name.known)


def _reason(rule: Rule, account: Text, region: Text) -> str:
    another = rule.deployment.sends_to_another(account)
    if another is YES:
        return "another-account"
    if another is not NO:
        return "unknown-account"
    return "another-region" if rule.deployment.is_region(region) is NO else "own-vault"


def _snippet(rule: Rule, target: Text, copy: str) -> str:
    """The properties to write instead, in the form and notation of the file."""
    if rule.plan.form == "organizations":
        action = json.dumps({copy: {"target_backup_vault_arn": {"@@assign": copy}}})
        return f'"target_backup_vault_name": {{"@@assign": "NAME"}},\n  "copy_actions": {action}'
    name = "TargetBackupVaultName" if rule.plan.is_api else "TargetBackupVault"
    if target.span.source.text.lstrip().startswith("{"):
        written = json.dumps({"Fn::Sub": copy} if "${" in copy else copy)
        return f'"{name}": "NAME",\n  "CopyActions": [{{"DestinationBackupVaultArn": {written}}}]'
    written = f"!Sub {copy}" if "${" in copy else copy
    return f"{name}: NAME\n  CopyActions:\n    - DestinationBackupVaultArn: {written}"


@check
def target_is_missing(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """No vault of the target's name is in the plan's account and region.

    Facts: `target`, `account`, `region`, and of the vault that was probably meant `near`, `near-region`.
    """
    account, region = rule.deployment.account, rule.deployment.region
    for guard, target in rule.target_vault:
        if target is None or is_arn(target) is YES:
            continue
        found = missing(target, account, region, estate)
        if found is None:
            continue
        yield Hit(
            target.span,
            found.verdict,
            guard,
            found.reason,
            facts={"target": str(target), "account": str(account), "region": str(region)} | found.facts,
            also=found.also,
            holes=found.holes,
            assumptions=assumptions_of(target),
        )
