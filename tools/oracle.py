"""A second opinion on our IAM decisions: random policies and requests, decided by us and by another program.

`python -m tools.oracle --oracle FOLDER/oracle.mjs [--count N] [--seed N]`. The folder holds the other program's
package; it runs as a process of its own, and nothing of it is part of the tool.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xbackup_lint.policy.authorize import Policies, authorize
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.json_reader import read
from xbackup_lint.text.source import NOWHERE, Source
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
ROLES = ("backup", "service-role/backup", "admin")
ORGANIZATIONS = ("o-a1b2c3d4e5", "o-zzzzzzzzzz")
VAULT, KEY = "vault", "key"
ACTIONS = {
    VAULT: ("backup:CopyIntoBackupVault", "backup:DeleteRecoveryPoint", "backup:DescribeBackupVault"),
    KEY: ("kms:Decrypt", "kms:CreateGrant", "kms:DescribeKey", "kms:ReEncryptFrom"),
}
PATTERNS = {
    VAULT: ("*", "backup:*", "backup:Copy*", "backup:?opyIntoBackupVault", "BACKUP:copyintobackupvault"),
    KEY: ("*", "kms:*", "kms:ReEncrypt*", "kms:D*", "KMS:decrypt"),
}
CONTEXT: dict[str, tuple[Any, ...]] = {
    "aws:PrincipalOrgID": ORGANIZATIONS,
    "aws:PrincipalOrgPaths": (["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"], ["o-zzzzzzzzzz/r-zz99/"]),
    "aws:SourceVpc": ("vpc-1", "vpc-2"),
    "aws:SourceIp": ("10.0.0.7", "192.0.2.1"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-06-01T12:00:00Z"),
    "aws:MultiFactorAuthAge": ("10", "3600"),
    "aws:SecureTransport": ("true", "false"),
    "aws:TagKeys": (["team", "cost"], ["team"], ["secret"]),
    "kms:GrantIsForAWSResource": ("true", "false"),
    "kms:ViaService": ("backup.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"),
}


@dataclass(frozen=True)
class Case:
    """One question, as both sides get it."""

    principal: str
    action: str
    resource: str
    owner: str
    context: dict[str, Any]
    resource_policy: dict[str, Any]
    identity_policy: dict[str, Any]

    def of_caller(self) -> dict[str, Any]:
        """Keys that AWS sets for every principal."""
        account = self.principal.split(":")[4]
        return {
            "aws:PrincipalArn": self.principal,
            "aws:PrincipalAccount": account,
            "kms:CallerAccount": account,
        }

    def asked(self) -> str:
        """The question in the other program's form, one line."""
        return json.dumps(
            {
                "request": {
                    "principal": self.principal,
                    "action": self.action,
                    "resource": {"resource": self.resource, "accountId": self.owner},
                    "contextVariables": self.context | self.of_caller(),
                },
                "identityPolicies": [{"name": "identity", "policy": self.identity_policy}],
                "resourcePolicy": self.resource_policy,
                "serviceControlPolicies": [],
                "resourceControlPolicies": [],
            }
        )


class Maker:
    """Makes policies and requests that are random, and mean something to each other."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.keys: list[str] = []

    def case(self) -> Case:
        kind = self.pick.choice((VAULT, KEY))
        owner = self.pick.choice(ACCOUNTS[:2])
        resource = (
            f"arn:aws:backup:eu-west-1:{owner}:backup-vault:central"
            if kind == VAULT
            else f"arn:aws:kms:eu-west-1:{owner}:key/11111111-2222-3333-4444-555555555555"
        )
        # Keys of a service that the action is not of are never in a request; opinions on them say nothing.
        action = self.pick.choice(ACTIONS[kind])
        grants = action == "kms:CreateGrant"
        self.keys = sorted(
            key for key in CONTEXT
            if not key.startswith("kms:") or (kind == KEY and (grants or key != "kms:GrantIsForAWSResource"))
        )  # fmt: skip
        chosen = self.pick.sample(self.keys, self.pick.randrange(len(self.keys)))
        return Case(
            f"arn:aws:iam::{self.pick.choice(ACCOUNTS)}:role/{self.pick.choice(ROLES)}",
            action,
            resource,
            owner,
            {key: self.pick.choice(CONTEXT[key]) for key in chosen},
            self.policy(kind, resource, with_principals=True),
            self.policy(kind, resource, with_principals=False),
        )

    def policy(self, kind: str, resource: str, *, with_principals: bool) -> dict[str, Any]:
        count = self.pick.choice((1, 1, 2, 3))
        statements = [self.statement(kind, resource, with_principals) for _ in range(count)]
        return {"Version": "2012-10-17", "Statement": statements}

    def statement(self, kind: str, resource: str, with_principals: bool) -> dict[str, Any]:
        made: dict[str, Any] = {"Effect": self.pick.choice(("Allow", "Allow", "Allow", "Deny"))}
        if with_principals:
            # NotPrincipal goes with Deny only: with Allow AWS advises against it, and opinions differ.
            negated = made["Effect"] == "Deny" and self.pick.random() < 0.2
            made["NotPrincipal" if negated else "Principal"] = self.principals()
        patterns = (*ACTIONS[kind], *PATTERNS[kind])
        actions = self.pick.sample(patterns, self.pick.choice((1, 1, 2, 3)))
        made["NotAction" if self.pick.random() < 0.1 else "Action"] = (
            actions if len(actions) > 1 else actions[0]
        )
        made["NotResource" if self.pick.random() < 0.1 else "Resource"] = self.pick.choice(
            ("*", "*", resource, resource[:-3] + "*", resource.replace("eu-west-1", "*"), resource[:-1] + "x")
        )
        if self.pick.random() < 0.6:
            made["Condition"] = self.condition()
        return made

    def principals(self) -> Any:
        if self.pick.random() < 0.25:
            return self.pick.choice(("*", {"AWS": "*"}))
        if self.pick.random() < 0.1:
            return {"Service": "backup.amazonaws.com"}
        return {"AWS": [self.principal() for _ in range(self.pick.choice((1, 1, 2)))]}

    def principal(self) -> str:
        account = self.pick.choice(ACCOUNTS)
        forms = (
            account,
            f"arn:aws:iam::{account}:root",
            f"arn:aws:iam::{account}:role/{self.pick.choice(ROLES)}",
        )
        return self.pick.choice(forms)

    def condition(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for _ in range(self.pick.choice((1, 1, 2))):
            operator, key, values = self.clause()
            made.setdefault(operator, {})[key] = values
        return made

    def clause(self) -> tuple[str, str, Any]:
        pick = self.pick
        names: tuple[str, ...]
        values: Any
        lists = ("aws:PrincipalOrgPaths", "aws:TagKeys")
        kind = pick.randrange(9)
        if kind == 0:
            return "Null", pick.choice(self.keys), pick.choice(("true", "false"))
        if kind == 1:
            key = pick.choice(lists)
            operator = pick.choice(("StringEquals", "StringLike", "StringNotEquals", "StringNotLike"))
            values = pick.sample(("team", "t*", "secret", "o-a1b2c3d4e5/*", "o-zzzzzzzzzz/r-zz99/"), 2)
            return f"{pick.choice(('ForAllValues', 'ForAnyValue'))}:{operator}", key, values
        end = pick.choice(("", "", "IfExists"))
        if kind == 2:
            return pick.choice(("Bool",)) + end, "aws:SecureTransport", pick.choice(("true", "false"))
        if kind == 3:
            return (
                pick.choice(("IpAddress", "NotIpAddress")) + end,
                "aws:SourceIp",
                pick.choice(("10.0.0.0/8", "192.0.2.1")),
            )
        if kind == 4:
            names = ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals")
            return pick.choice(names) + end, "aws:MultiFactorAuthAge", pick.choice(("10", "60", "3600"))
        if kind == 5:
            names = ("DateLessThan", "DateGreaterThan", "DateGreaterThanEquals")
            return pick.choice(names) + end, "aws:CurrentTime", "2026-06-01T00:00:00Z"
        if kind == 6:
            names = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
            patterns = (
                "arn:aws:iam::*:role/backup",
                "arn:aws:iam::111122223333:role/*",
                "arn:*:iam::444455556666:*",
            )
            return pick.choice(names) + end, "aws:PrincipalArn", pick.choice(patterns)
        names = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase")
        if kind == 7:
            values = ("${aws:PrincipalAccount}", "111122223333", "4444*", ["444455556666", "777788889999"])
            return pick.choice(names) + end, "aws:PrincipalAccount", pick.choice(values)
        key = pick.choice(
            [name for name in ("aws:PrincipalOrgID", "aws:SourceVpc", "kms:ViaService") if name in self.keys]
        )
        values = ("o-a1b2c3d4e5", "O-A1B2C3D4E5", "o-*", "vpc-?", "vpc-1", "backup.*.amazonaws.com")
        return pick.choice(names) + end, key, pick.choice(values)


def ours(case: Case) -> str:
    """Our answer."""
    account = case.principal.split(":")[4]
    context: dict[str, KeyValue] = {key.lower(): ABSENT for key in CONTEXT}
    for key, value in case.context.items():
        listed = value if isinstance(value, list) else [value]
        context[key.lower()] = tuple(_text(one) for one in listed)
    request = Request(
        Caller(_text(account), _text(case.principal)), case.action, _text(case.resource), context
    )
    policies = Policies(
        _text(case.owner), _statements(case.resource_policy), _statements(case.identity_policy)
    )
    found = authorize(request, policies)
    return "Allowed" if found.verdict is YES else found.verdict.name


def _text(value: str) -> Text:
    return Text.literal(value, NOWHERE)


def _statements(policy: dict[str, Any]) -> list[Statement]:
    found = read_policy(literal(read(Source("policy.json", json.dumps(policy))).root))
    return [statement.seen(ALWAYS) for statement in found.statements] if found is not None else []


def theirs(cases: list[Case], oracle: Path) -> Iterator[dict[str, Any]]:
    """The other program's answers, in order."""
    node = shutil.which("node")
    if node is None:
        raise SystemExit("node is not installed: no second opinion")
    lines = "\n".join(case.asked() for case in cases) + "\n"
    done = subprocess.run(
        [node, str(oracle)], input=lines, capture_output=True, text=True, check=True, cwd=oracle.parent
    )
    return (json.loads(line) for line in done.stdout.splitlines())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", type=Path, required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="disagreements to print")
    given = parser.parse_args(arguments)
    maker = Maker(given.seed)
    cases = [maker.case() for _ in range(given.count)]
    counts: Counter[str] = Counter()
    shown = 0
    for case, answer in zip(cases, theirs(cases, given.oracle), strict=True):
        mine, other = ours(case), answer.get("verdict", "error")
        agree = (mine == "Allowed") == (other == "Allowed") and mine != "UNKNOWN"
        counts["agree" if agree else f"ours {mine}, theirs {other}"] += 1
        if not agree and shown < given.show:
            shown += 1
            print(json.dumps({"case": case.__dict__, "ours": mine, "theirs": answer}, indent=1))
    for outcome, count in counts.most_common():
        print(f"{count:6} {outcome}")
    return 0 if set(counts) <= {"agree"} else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
