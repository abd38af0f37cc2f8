"""Where a plan rule keeps its own backups."""

from __future__ import annotations

import json
from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.checks.missing import missing
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.keeping import air_gapped
from xbackup_lint.model.plan import Plan, Rule
from xbackup_lint.model.route import nearest
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import VaultArn, is_arn, vault_arn, vault_arn_fault
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_DEFAULT = "Default"


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


@check
def target_is_default(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """The target is `Default`, and no file tells that the plan's account and region have that vault (F1.6)."""
    here = rule.deployment
    for guard, target in rule.target_vault:
        if target is None or target.known != _DEFAULT:
            continue
        if nearest(estate, _DEFAULT, here.account, here.region) is None:
            yield Hit(target.span, YES, guard, assumptions=assumptions_of(target))


@check
def air_gapped_target_is_elsewhere(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """The air-gapped target is in another account or region than the plan.

    Reasons: `account`, `region`; `written-account` and `written-region` in place of the variable in an Organizations
    policy; `unknown`. Facts: `target`, `field` (the account or region in it).
    """
    here = rule.deployment
    for guard, arn in rule.air_gapped_target:
        target = vault_arn(arn) if arn is not None else None
        if arn is None or vault_arn_fault(arn)[0] is YES:
            continue
        if target is None:
            # What `Ref` gives of a vault in the same stack is uncertain, but not where that is.
            verdict = UNKNOWN if air_gapped(arn, rule, estate) is None else NO
            yield Hit(arn.span, verdict, guard, "unknown", {"target": str(arn)}, holes=arn.holes)
            continue
        fields = (
            ("account", target.account, here.account, ~here.is_account(target.account)),
            ("region", target.region, here.region, ~here.is_region(target.region)),
        )
        reason, field, own, verdict = max(fields, key=lambda one: one[3].value)
        if rule.plan.form == "organizations" and verdict is not NO and field.known is not None:
            # AWS: a backup policy makes plans in many accounts and regions, and asks for the variables (F7.6).
            reason, verdict = f"written-{reason}", YES
        yield Hit(
            field.span,
            verdict,
            guard,
            reason,
            facts={"target": str(arn), "field": str(field)},
            holes=holes_of(field, own),
            assumptions=assumptions_of(arn),
        )


@check
def air_gapped_target_is_standard(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """What is named as an air-gapped target is a standard vault, or no ARN of a vault at all.

    Reasons: `standard`, `name`, `malformed`, `reference` (`Ref` of an air-gapped vault). Fact: `target`. Label:
    `vault`.
    """
    for guard, arn in rule.air_gapped_target:
        if arn is None:
            continue
        verdict, fault, part = vault_arn_fault(arn)
        found = air_gapped(arn, rule, estate)
        if verdict is YES:
            reason = "name" if fault == "not-an-arn" else "malformed"
            yield Hit(part.span, YES, guard, reason, {"target": str(arn)}, assumptions=assumptions_of(arn))
        elif found is not None and (found.vault.kind == "standard" or arn.hole is not None):
            standard = found.vault.kind == "standard"
            yield Hit(
                arn.span,
                found.verdict if standard else UNKNOWN,
                guard,
                "standard" if standard else "reference",
                {"target": found.vault.label},
                also=(("vault", found.vault.span),),
                holes=holes_of(arn, *((found.vault.account, found.vault.region) if standard else ())),
                assumptions=assumptions_of(arn),
            )


@check
def plan_stays_in_its_account(plan: Plan, estate: Estate) -> Iterator[Hit]:
    """No rule of a plan copies to another account, or tries to."""
    rules = estate.rules_of.get(plan, [])
    if rules and not plan.unread_rules and not any(_leaves(rule, estate) for rule in rules):
        yield Hit(plan.span, YES, plan.guard)


def _leaves(rule: Rule, estate: Estate) -> bool:
    """Whether a rule may copy to another account, or is written as if it did: an ARN stands where it goes wrong."""
    targets = (target for target in rule.target_vault.values if target is not None)
    if rule.unread_copies or any(is_arn(target) is YES for target in targets):
        return True
    return any(
        arn is not None and (vault_arn_fault(arn)[0] is YES or answer.verdict is not NO)
        for copy in estate.copies_of.get(rule, [])
        for arn, answer in zip(copy.destination_arn.values, copy.crosses_accounts.values, strict=True)
    )
