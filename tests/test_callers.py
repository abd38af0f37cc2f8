"""Whose callers a condition leaves: what a request carries depends on the service that it goes to."""

from __future__ import annotations

import json

import pytest

from tests.rule_examples import RULES
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.check import check
from xbackup_lint.sources.files import Input


def certainties(rule_id: str, action: str, condition: dict[str, object]) -> list[str]:
    """What one rule, the others left aside, says of a statement that allows an action to everyone."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*", "Condition": condition}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    rules = [rule for rule in RULES if rule.id == rule_id]
    result = check([Input("policy.json", "policy.json", text=text)], rules, Assignments()).result
    return [finding.certainty for finding in result.findings]


VAULT = ("vault-policy-open-to-anyone", "backup:CopyIntoBackupVault")
KEY = ("key-policy-open-to-anyone", "kms:Decrypt")


@pytest.mark.parametrize(
    ("policy", "condition", "open_to_anyone"),
    [
        # every signed request carries the caller's account
        (VAULT, {"StringEqualsIfExists": {"aws:PrincipalAccount": "111122223333"}}, False),
        (KEY, {"StringEqualsIfExists": {"aws:PrincipalAccount": "111122223333"}}, False),
        # KMS has a key of its own for it, which no request to AWS Backup carries
        (KEY, {"StringEqualsIfExists": {"kms:CallerAccount": "111122223333"}}, False),
        (VAULT, {"StringEqualsIfExists": {"kms:CallerAccount": "111122223333"}}, True),
        (VAULT, {"ForAllValues:StringEquals": {"kms:CallerAccount": "111122223333"}}, True),
        # it is never met, and lets nobody in
        (VAULT, {"StringEquals": {"kms:CallerAccount": "111122223333"}}, False),
        # AWS Backup copies within an organization only: its callers have one
        (VAULT, {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, False),
        (KEY, {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, True),
    ],
)
def test_who_gets_past_a_condition_that_callers_without_its_key_meet(
    policy: tuple[str, str], condition: dict[str, object], open_to_anyone: bool
) -> None:
    assert certainties(*policy, condition) == (["certain"] if open_to_anyone else [])
