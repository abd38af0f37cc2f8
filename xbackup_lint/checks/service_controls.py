"""Service control policies: what they leave open."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, check, holes_of
from xbackup_lint.checks.receiving import receives
from xbackup_lint.model.context import COPY_FROM
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_LEAVE = "organizations:LeaveOrganization"


@check
def protects_snapshots_only(subject: PolicyStatement, _: Estate) -> Iterator[Hit]:
    """Denies to copy from vaults for EBS snapshots, and for no other backups. Fact: `resources`."""
    statement = subject.statement
    if subject.policy_kind != "service-control" or not _denies_copies(statement):
        return
    verdict = _only_snapshots(statement) & statement.denies
    others = (one for one in subject.policy.denials if one is not statement and _denies_copies(one))
    verdict &= Verdict.all(_only_snapshots(one) for one in others)
    if verdict is NO:
        return
    texts = [text for _, text in statement.resources]
    yield Hit(
        texts[0].span,
        verdict,
        statement.guard,
        facts={"resources": ", ".join(f"`{text}`" for text in texts)},
        underline=tuple(text.span for text in texts[1:]),
        holes=holes_of(statement.effect, *texts) if verdict is UNKNOWN else (),
    )


def _denies_copies(statement: Statement) -> bool:
    """Whether it names the action itself; one that denies more is not made for it."""
    named = any((text.known or "").lower() == COPY_FROM.lower() for _, text in statement.actions)
    return named and statement.denies is not NO and statement.speaks_of(COPY_FROM) is YES


def _only_snapshots(statement: Statement) -> Verdict:
    """AWS: the resource of CopyFrom is the backup: of EBS a snapshot, of others something else (F1.21, F9.8)."""
    texts = [text for _, text in statement.resources]
    return Verdict.all(map(_is_snapshot, texts)) if texts else NO


def _is_snapshot(resource: Text) -> Verdict:
    arn = Arn.of(resource)
    if arn is None:
        return UNKNOWN if resource.holes else NO
    return Verdict.of(arn.service.known == "ec2" and arn.resource.starts_with("snapshot/"))


@check
def destination_may_leave(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """A vault takes copies of other accounts, and no service control policy keeps its account in the organization.

    A policy of which it is not known where it is attached may keep it.
    """
    controls = estate.controls
    if not controls.policies or receives(vault, vault, estate).answer.verdict is not YES:
        return
    if any(one.policy.denying(_LEAVE) for one in controls.over(vault.account)):
        return
    yield Hit(vault.span, YES, vault.guard)
