"""The ARNs that backups have, by the service that keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text

# AWS: what the ARNs of backups begin with, by service (F9.8).
BACKUPS = {
    "backup": ("recovery-point:",),
    "ec2": ("snapshot/", "image/"),
    "rds": ("snapshot:", "cluster-snapshot:"),
    "dynamodb": ("table/",),
    "fsx": ("backup/",),
    "redshift": ("snapshot:",),
    "redshift-serverless": ("snapshot/",),
}

# AWS: those of snapshots and images have no account (F9.8).
_WITHOUT_ACCOUNT = "ec2"
_REST = Hole(("request", "backup"), "what is backed up is not known")


def recovery_points(partition: Text, region: Text, account: Text) -> Iterator[Text]:
    """The ARN of a backup of each kind in a place."""
    for service, kinds in BACKUPS.items():
        owner = Text.unwritten("") if service == _WITHOUT_ACCOUNT else account
        for kind in kinds:
            head = (
                Text.unwritten("arn:"),
                partition,
                Text.unwritten(f":{service}:"),
                region,
                Text.unwritten(":"),
                owner,
            )
            yield Text.join([*head, Text.unwritten(f":{kind}"), Text.unknown(_REST, NOWHERE)], NOWHERE)
