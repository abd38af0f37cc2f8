"""What the ARNs of backups look like, by the service that keeps them."""

from __future__ import annotations

from tests.test_principal import text
from xbackup_lint.policy.recovery_points import recovery_points

ARNS = [
    "arn:aws:backup:eu-west-1:111122223333:recovery-point:",
    # AWS's own have no account
    "arn:aws:ec2:eu-west-1::snapshot/",
    "arn:aws:ec2:eu-west-1::image/",
    "arn:aws:rds:eu-west-1:111122223333:snapshot:",
    "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/",
    "arn:aws:fsx:eu-west-1:111122223333:backup/",
    "arn:aws:redshift:eu-west-1:111122223333:snapshot:",
    "arn:aws:redshift-serverless:eu-west-1:111122223333:snapshot/",
]


def test_backups_of_each_kind_in_a_place() -> None:
    """How each begins; which one it is nobody knows."""
    found = list(recovery_points(text("aws"), text("eu-west-1"), text("111122223333")))

    assert [arn.beginning for arn in found] == ARNS
    assert all(arn.holes for arn in found)


def test_of_an_account_that_is_not_known() -> None:
    found = list(recovery_points(text("aws"), text("eu-west-1"), text("${Account}")))

    assert [arn.beginning for arn in found if str(arn).startswith("arn:aws:ec2")] == ARNS[1:3]
    assert {len(arn.holes) for arn in found} == {1, 2}
