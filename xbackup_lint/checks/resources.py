"""What a vault policy can speak of: its own vault, and recovery points."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn, VaultArn
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: the resource types of recovery points, by service (F9.8).
_RECOVERY_POINTS = {
    "backup": ("recovery-point:",),
    "ec2": ("snapshot/", "image/"),
    "rds": ("snapshot:", "cluster-snapshot:"),
    "dynamodb": ("table/",),
    "fsx": ("backup/",),
    "redshift": ("snapshot:",),
}


@check
def resource_never_matches(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """No resource of a vault policy's statement can be its vault or a recovery point. Facts: `resource`, `vault`."""
    if subject.policy_kind != "vault" or subject.vault is None or not subject.statement.resources:
        return
    judged = [(guard, text, *_speaks_of(text, subject.vault)) for guard, text in subject.statement.resources]
    verdict = Verdict.any(can for _, _, can, _ in judged)
    if verdict is YES:
        return
    undecided = [text for _, text, can, _ in judged if can is UNKNOWN]
    guard, text, _, reason = next(entry for entry in judged if entry[2] is verdict)
    doubtful = [
        hole
        for one in undecided
        for hole in one.holes
        if hole.symbol[1] not in ("AWS::AccountId", "AWS::Region")
    ]
    if verdict is UNKNOWN and not doubtful:
        return
    yield _hit(subject, guard, text, ~verdict, reason)


def _hit(subject: PolicyStatement, guard: Guard, text: Text, verdict: Verdict, reason: str) -> Hit:
    label = subject.vault.label if subject.vault is not None else ""
    return Hit(
        text.span,
        verdict,
        guard,
        reason,
        facts={"resource": str(text), "vault": label},
        holes=text.holes if verdict is UNKNOWN else (),
        assumptions=assumptions_of(text),
    )


def _speaks_of(resource: Text, vault: Vault) -> tuple[Verdict, str]:
    """Whether a resource can be the vault or a recovery point in it, and a word for why not."""
    if resource.known == "*":
        return YES, ""
    arn = Arn.of(resource)
    if arn is None:
        unknown = bool(resource.holes) or "*" in (resource.known or "")
        return (UNKNOWN, "unknown") if unknown else (NO, "not-an-arn")
    point = _may_be_recovery_point(arn)
    if point is not NO:
        return point, "unknown"
    if VaultArn.of(resource) is None and not _wild(arn):
        return (UNKNOWN, "unknown") if arn.resource.hole or arn.service.holes else (NO, "not-a-vault")
    own = Verdict.any(
        like(_own_arn(vault, name, resource), resource) for name in vault.name.values if name is not None
    )
    return own, "another-vault" if own is NO else "unknown"


def _wild(arn: Arn) -> bool:
    """Whether wildcards stand where the kind of resource is told."""
    before = (arn.resource.known or "").partition(":")[0]
    return "*" in before or "?" in before or "*" in (arn.service.known or "")


def _may_be_recovery_point(arn: Arn) -> Verdict:
    service = arn.service.known
    if service is None:
        return UNKNOWN
    if service == "*":
        return YES
    prefixes = _RECOVERY_POINTS.get(service, ())
    known = arn.resource.known
    if known is not None:
        head = known.partition("*")[0].partition("?")[0]
        starts = any(known.startswith(p) or ("*" in known and p.startswith(head) and head) for p in prefixes)
        return Verdict.of(starts or (bool(prefixes) and known == "*"))
    first = [prefix for prefix in prefixes if arn.resource.starts_with(prefix)]
    return YES if first else UNKNOWN if arn.resource.hole and prefixes else NO


def _own_arn(vault: Vault, name: Text, resource: Text) -> Text:
    """The vault's ARN. The partition is taken as the resource has it: it says nothing of which vault is meant."""
    arn = Arn.of(resource)
    span = resource.span
    partition = arn.partition if arn is not None else Text.literal("aws", span)
    pieces = (
        Text.literal("arn:", span),
        partition,
        Text.literal(":backup:", span),
        vault.deployment.region,
        Text.literal(":", span),
        vault.deployment.account,
        Text.literal(":backup-vault:", span),
        name,
    )
    return Text.join(pieces, span)
