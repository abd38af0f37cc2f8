"""The copies of an estate as rows, with what is known of each."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.engine.finding import location
from xbackup_lint.engine.result import CopyRow
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.values.text import Text


def copy_rows(estate: Estate) -> Iterator[CopyRow]:
    """Every copy action, once for each destination that it may have."""
    for copy in estate.copies:
        for _, arn in copy.destination_arn:
            if arn is not None:
                yield _row(copy, arn)


def _row(copy: Copy, arn: Text) -> CopyRow:
    destination = VaultArn.of(arn)
    return CopyRow(
        source_account=str(copy.deployment.account),
        source_region=str(copy.deployment.region),
        plan=copy.rule.plan.label,
        rule=copy.rule.label,
        location=location(arn.span),
        destination_arn=str(arn),
        destination_account=str(destination.account) if destination is not None else "",
        destination_region=str(destination.region) if destination is not None else "",
        vault=str(destination.name) if destination is not None else "",
        verdict="unsure",
    )
