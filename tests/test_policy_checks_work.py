"""What rules on vault policies cost: work is counted, not time, and grows no faster than the policy."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.rule_examples import RULES
from tests.test_decision_work import calls
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.run import run_rules
from xbackup_lint.model.estate import Estate
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs

FAMILIES = [rule for rule in RULES if rule.family in ("vault-policy", "policy")]
OWN, ROLE = "444455556666", "arn:aws:iam::111122223333:role/backup"
COPY, DELETE = "backup:CopyIntoBackupVault", "backup:DeleteRecoveryPoint"

Statement = dict[str, object]


def allowing(**changed: object) -> Statement:
    return {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": COPY, "Resource": "*"} | changed


def denying(**changed: object) -> Statement:
    return {"Effect": "Deny", "Principal": "*", "Action": DELETE, "Resource": "*"} | changed


LONG: dict[str, Callable[[int], list[Statement]]] = {
    "statements": lambda count: [allowing() for _ in range(count)],
    "statements for a service": lambda count: [
        allowing(Principal={"Service": "backup.amazonaws.com"}) for _ in range(count)
    ],
    "denials": lambda count: [denying() for _ in range(count)],
    "actions and principals": lambda count: [
        allowing(Action=[COPY] * count, Principal={"AWS": [f"arn:aws:iam::{OWN}:role/backup"] * count})
    ],
    "actions and exceptions": lambda count: [
        denying(Action=[DELETE] * count, Condition={"ArnNotLike": {"aws:PrincipalArn": ["*"] * count}})
    ],
    "principals that are left out": lambda count: [
        {"Effect": "Allow", "NotPrincipal": {"AWS": [ROLE] * count}, "Action": COPY, "Resource": "*"}
    ],
    "organizations": lambda count: [
        allowing(Condition={"StringEquals": {"aws:PrincipalOrgID": ["organization"] * count}})
    ],
    "keys that do not exist": lambda count: [
        allowing(Condition={"StringEquals": {f"backup:Key{number}": "x" for number in range(count)}})
    ],
    "stars in an action": lambda count: [allowing(Action="*a" * count)],
    "stars in an exception": lambda count: [
        denying(Condition={"ArnNotLike": {"aws:PrincipalArn": "*a" * count}})
    ],
    "a long key": lambda count: [
        allowing(Condition={"StringEquals": {"backup:" + "CopyTargets" * count: "x"}})
    ],
}


def estate(statements: list[Statement]) -> Estate:
    policy = {"Version": "2012-10-17", "Statement": statements}
    document = {"BackupVaultName": "central", "Policy": json.dumps(policy)}
    document["BackupVaultArn"] = f"arn:aws:backup:eu-west-1:{OWN}:backup-vault:central"
    read = read_inputs([Input("policy.json", "policy.json", text=json.dumps(document))], Assignments()).estate
    assert len(read.statements) == len(statements)
    return read


@pytest.mark.parametrize("statements", LONG.values(), ids=LONG)
def test_rules_on_a_long_policy(statements: Callable[[int], list[Statement]]) -> None:
    def cost(count: int) -> int:
        read = estate(statements(count))
        return calls(lambda: run_rules(FAMILIES, read))

    cost(1)  # what is asked for the first time is kept
    small, large = cost(50), cost(400)

    assert large <= 9 * small
