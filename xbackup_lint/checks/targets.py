"""Where a plan rule keeps its own backups."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.checks.missing import missing
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Rule
from xbackup_lint.policy.arn import VaultArn, is_arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, YES


@check
def target_is_arn(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """`TargetBackupVault` holds an ARN. Facts: `target`, `account`, `name`, `destination` (the ARN to copy to)."""
    for guard, target in rule.target_vault:
        if target is None or (verdict := is_arn(target)) is NO:
            continue
        if verdict is not YES:
            yield Hit(target.span, verdict, guard, holes=holes_of(target))
            continue
        arn = VaultArn.of(target)
        elsewhere = arn is not None and rule.deployment.sends_to_another(arn.account) is YES
        facts = {"target": str(target)}
        if arn is not None:
            facts |= {
                "account": str(arn.account),
                "name": str(arn.name),
                "destination": _destination(arn, estate),
            }
        yield Hit(
            target.span,
            YES,
            guard,
            reason="another-account" if elsewhere else "own-account",
            facts=facts,
            also=tuple(("vault", span) for span in _the_vault(arn, estate)),
            assumptions=assumptions_of(target),
        )


def _the_vault(arn: VaultArn | None, estate: Estate) -> list[Span]:
    """The one vault of the files that has the name in an ARN."""
    name = arn.name.known if arn is not None else None
    found = estate.vaults_named(name) if name else []
    return [found[0].span] if len(found) == 1 else []


def _destination(arn: VaultArn, estate: Estate) -> str:
    """The ARN that a copy action takes: the one given, in the account that the vault is really in."""
    found = estate.vaults_named(arn.name.known) if arn.name.known else []
    account: Text = arn.account
    if len(found) == 1 and found[0].account.known is not None:
        account = found[0].account
    return f"arn:{arn.arn.partition}:backup:{arn.region}:{account}:backup-vault:{arn.name}"


@check
def target_is_missing(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """No vault of the target's name is in the plan's account and region. Facts: `target`, `near`."""
    for guard, target in rule.target_vault:
        if target is None or not target.known or is_arn(target) is YES:
            continue
        found = missing(target.known, rule.deployment.account, rule.deployment.region, estate)
        if found is not None:
            yield Hit(
                target.span,
                YES,
                guard,
                reason=found.reason,
                facts={"target": target.known, "near": found.near_name},
                also=(("near", found.near.span),) if found.near is not None else (),
                assumptions=assumptions_of(target),
            )
