"""What a vault policy can speak of: its own vault, and backups in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.recovery_points import BACKUPS
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@check
def resource_never_matches(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """No resource of a vault policy's statement can be its vault or a backup. Fact: `resource`."""
    if subject.policy_kind != "vault":
        return
    # An empty resource is a fault of form, told as such.
    resources = [(guard, text) for guard, text in subject.statement.resources if text.known != ""]
    for world in islice(dict.fromkeys(guard for guard, _ in resources), MOST):
        yield from _judged([text for guard, text in resources if world & guard is not None], world, subject)


def _judged(resources: Sequence[Text], guard: Guard, subject: PolicyStatement) -> Iterator[Hit]:
    judged = [(text, *speaks_of(text, subject)) for text in resources]
    verdict = Verdict.any(can for _, can, _ in judged)
    if verdict is YES or (verdict is UNKNOWN and subject.vault is None):
        # A policy that is attached to no vault may be attached to the one that it names.
        return
    wrong = [text for text, can, _ in judged if can is verdict]
    here = subject.deployment
    yield Hit(
        wrong[0].span,
        ~verdict,
        guard,
        next(reason for _, can, reason in judged if can is verdict),
        facts={"resource": str(wrong[0])},
        also=(("vault", subject.vault.span),) if subject.vault is not None else (),
        underline=tuple(text.span for text in wrong[1:]),
        holes=holes_of(*wrong, here.account, here.region) if verdict is UNKNOWN else (),
        assumptions=assumptions_of(*wrong),
    )


def speaks_of(resource: Text, subject: PolicyStatement) -> tuple[Verdict, str]:
    """Whether a resource of a vault policy can be the vault or a backup in it, and a word for why not."""
    if resource.known == "*":
        return YES, ""
    own = Verdict.any(like(arn, resource) for arn in _own_arns(resource, subject))
    if own is YES:
        return YES, ""
    backup = _may_be_backup(resource, subject)
    verdict = own | backup
    return verdict, _why_not(resource) if verdict is NO else ""


def _may_be_backup(resource: Text, subject: PolicyStatement) -> Verdict:
    """Whether a resource is a backup, or a pattern for some: which of them lie in the vault is not asked."""
    if not any(like(arn, resource) is not NO for arn in _backup_arns(resource, subject)):
        return NO
    arn = Arn.of(resource)
    service = arn.service.known if arn is not None else None
    if arn is None or service is None:
        return UNKNOWN if resource.holes else YES
    return Verdict.of(service != "backup" or arn.resource.starts_with("recovery-point"))


def _why_not(resource: Text) -> str:
    arn = Arn.of(resource)
    if arn is None:
        return "not-an-arn"
    if arn.service.known == "backup" and arn.resource.starts_with("backup-vault/"):
        return "slash"
    kinds = BACKUPS.get(arn.service.known or "", ())
    ours = (*kinds, "backup-vault:") if arn.service.known == "backup" else kinds
    return "elsewhere" if any(arn.resource.starts_with(kind) for kind in ours) else "another-kind"


def _own_arns(resource: Text, subject: PolicyStatement) -> Iterator[Text]:
    """What the vault's ARN may be."""
    if subject.vault is None:
        yield _arn(resource, "backup", subject, "backup-vault:", account=subject.deployment.account)
        return
    for name in subject.vault.name.values:
        yield _arn(resource, "backup", subject, "backup-vault:", name, account=subject.deployment.account)


def _backup_arns(resource: Text, subject: PolicyStatement) -> Iterator[Text]:
    for service, kinds in BACKUPS.items():
        for kind in kinds:
            # AWS: those of snapshots and images have no account (F9.8).
            account = _anything(resource) if service == "ec2" else subject.deployment.account
            yield _arn(resource, service, subject, kind, account=account)


def _arn(
    resource: Text,
    service: str,
    subject: PolicyStatement,
    kind: str,
    name: Text | None = None,
    *,
    account: Text,
) -> Text:
    """An ARN to compare a resource with, in the partition that the resource names: it tells nothing apart."""
    span = resource.span
    fields = resource.split(":", trusting=True) or []
    partition = fields[1] if len(fields) > 1 else Text.literal("aws", span)
    pieces = (
        Text.literal("arn:", span),
        partition,
        Text.literal(f":{service}:", span),
        subject.deployment.region,
        Text.literal(":", span),
        account,
        Text.literal(f":{kind}", span),
        name if name is not None else _anything(resource),
    )
    return Text.join(pieces, span)


def _anything(resource: Text) -> Text:
    return Text.unknown(Hole((resource.span.source.path, ""), "it may be anything"), resource.span)
