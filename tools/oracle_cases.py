"""Random IAM policies and requests that mean something to each other, for decisions that two programs make.

Only what AWS documents plainly is made here: where its documentation is unclear, opinions say nothing
(`oracle_differences` has those).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tools.oracle_clauses import CLAUSES

Policy = dict[str, Any]

ACCOUNTS = ("111122223333", "444455556666", "777788889999")
ROLES = ("backup", "service-role/backup", "admin")
ORGANIZATIONS = ("o-a1b2c3d4e5", "o-zzzzzzzzzz")
SERVICES = ("backup.amazonaws.com", "ec2.amazonaws.com")
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
    "aws:SourceVpc": ("vpc-1", "vpc-2", "vpc-*", "central"),
    "aws:SourceIp": ("10.0.0.7", "192.0.2.1"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-06-01T12:00:00Z"),
    "aws:MultiFactorAuthAge": ("10", "3600", "0"),
    "aws:SecureTransport": ("true", "false"),
    "aws:TagKeys": (["team", "cost"], ["team"], ["secret"]),
    "kms:GrantIsForAWSResource": ("true", "false"),
    "kms:ViaService": ("backup.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com"),
}
OF_ORGANIZATIONS = ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths")


@dataclass(frozen=True)
class Case:
    """One question, as both sides get it. `principal` is a role's ARN, a session's, or a service."""

    principal: str
    action: str
    resource: str
    owner: str
    context: dict[str, Any]
    resource_policy: Policy
    identity_policy: Policy
    boundary: Policy | None = None
    service_control: list[list[Policy]] = field(default_factory=list)
    resource_control: list[list[Policy]] = field(default_factory=list)

    @property
    def is_service(self) -> bool:
        return not self.principal.startswith("arn:")

    @property
    def account(self) -> str:
        """The caller's; of a service, none."""
        return "" if self.is_service else self.principal.split(":")[4]

    @property
    def role(self) -> str:
        """The ARN of the role that calls, be it in a session."""
        _, _, resource = self.principal.rpartition(":")
        name = resource.split("/")[1] if resource.startswith("assumed-role/") else ""
        return f"arn:aws:iam::{self.account}:role/{name}" if name else self.principal

    @property
    def kinds(self) -> list[str]:
        """What is special about it, in words to count by."""
        statements = str(self.resource_policy)
        found = {
            "a vault": self.action.startswith("backup:"),
            "a key": self.action.startswith("kms:"),
            "one account": self.account == self.owner,
            "two accounts": self.account not in ("", self.owner),
            "a service calls": self.is_service,
            "a role's session calls": ":assumed-role/" in self.principal,
            "NotPrincipal": "NotPrincipal" in statements,
            "a permissions boundary": self.boundary is not None,
            "service control policies": bool(self.service_control),
            "resource control policies": bool(self.resource_control),
            "policy variables": "${" in statements + str(self.identity_policy),
            "conditions": "Condition" in statements + str(self.identity_policy),
        }
        return [kind for kind, holds in found.items() if holds]

    @property
    def is_unclear(self) -> bool:
        """AWS does not say whether a grant to everyone goes past a permissions boundary in the same account."""
        to_all = any(
            statement["Effect"] == "Allow" and "*" in str(statement.get("Principal"))
            for statement in self.resource_policy["Statement"]
        )
        return self.boundary is not None and self.account == self.owner and to_all


class Maker:
    """Makes cases from a seed."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.keys: list[str] = []
        self.principal = ""

    def case(self) -> Case:
        """A case on which AWS's documentation has an answer."""
        while (made := self._case()).is_unclear:
            pass
        return made

    def _case(self) -> Case:
        kind = self.pick.choice((VAULT, KEY))
        owner = self.pick.choice(ACCOUNTS[:2])
        resource = (
            f"arn:aws:backup:eu-west-1:{owner}:backup-vault:central"
            if kind == VAULT
            else f"arn:aws:kms:eu-west-1:{owner}:key/11111111-2222-3333-4444-555555555555"
        )
        self.principal = self._caller()
        is_service = not self.principal.startswith("arn:")
        action = self.pick.choice(ACTIONS[kind])
        self.keys = [key for key in CONTEXT if _is_carried(key, action, is_service)]
        chosen = self.pick.sample(self.keys, self.pick.randrange(len(self.keys)))
        levels = (0, 0, 0, 1, 2)
        return Case(
            self.principal,
            action,
            resource,
            owner,
            {key: self.pick.choice(CONTEXT[key]) for key in chosen},
            self._policy(kind, resource, with_principals=True),
            self._policy(kind, resource, with_principals=False),
            self._boundary(kind, resource) if not is_service and self.pick.random() < 0.2 else None,
            [self._level(kind, resource) for _ in range(0 if is_service else self.pick.choice(levels))],
            [self._outer_level(resource) for _ in range(self.pick.choice(levels) if kind == KEY else 0)],
        )

    def _caller(self) -> str:
        chance = self.pick.random()
        account = self.pick.choice(ACCOUNTS)
        if chance < 0.1:
            return SERVICES[0]
        if chance < 0.25:
            return f"arn:aws:sts::{account}:assumed-role/{self.pick.choice(('backup', 'admin'))}/nightly"
        return f"arn:aws:iam::{account}:role/{self.pick.choice(ROLES)}"

    def _policy(self, kind: str, resource: str, *, with_principals: bool) -> Policy:
        count = self.pick.choice((1, 1, 2, 3))
        return _document(self._statement(kind, resource, with_principals) for _ in range(count))

    def _boundary(self, kind: str, resource: str) -> Policy:
        statements = [self._statement(kind, resource, with_principals=False) for _ in range(2)]
        return _document(
            [{"Effect": "Allow", "Action": "*", "Resource": "*"}, *statements][self.pick.randrange(2) :]
        )

    def _level(self, kind: str, resource: str) -> list[Policy]:
        """The service control policies of one level of the organization."""
        whole = _document([{"Effect": "Allow", "Action": "*", "Resource": "*"}])
        own = _document([self._statement(kind, resource, with_principals=False)])
        return self.pick.choice(([whole, own], [whole], [whole, own], [own]))

    def _outer_level(self, resource: str) -> list[Policy]:
        """The resource control policies of one level. They only deny, everyone, and name services (AWS)."""
        denial: dict[str, Any] = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": self.pick.choice(("kms:*", "kms:Decrypt", "s3:*", ["kms:CreateGrant", "kms:D*"])),
            "Resource": self.pick.choice(("*", resource)),
            "Condition": self._condition(),
        }
        return [_document([denial])]

    def _statement(self, kind: str, resource: str, with_principals: bool) -> dict[str, Any]:
        made: dict[str, Any] = {"Effect": self.pick.choice(("Allow", "Allow", "Allow", "Deny"))}
        if with_principals:
            # AWS: `NotPrincipal` is for Deny only.
            if made["Effect"] == "Deny" and self.pick.random() < 0.25:
                made["NotPrincipal"] = {"AWS": self._spared()}
            else:
                made["Principal"] = self._principals()
        patterns = (*ACTIONS[kind], *PATTERNS[kind])
        actions = self.pick.sample(patterns, self.pick.choice((1, 1, 2, 3)))
        made["NotAction" if self.pick.random() < 0.1 else "Action"] = (
            actions if len(actions) > 1 else actions[0]
        )
        made |= self._resources(resource)
        if self.pick.random() < 0.6:
            made["Condition"] = self._condition()
        return made

    def _resources(self, resource: str) -> dict[str, Any]:
        if self.pick.random() < 0.1:
            return {"NotResource": self.pick.choice((resource, resource[:-3] + "*", resource[:-1] + "x"))}
        start = resource[: -len("central")]
        patterns = (
            "*", "*", resource, resource[:-3] + "*", resource.replace("eu-west-1", "*"), resource[:-1] + "x",
            start + "${aws:SourceVpc}", start + "${aws:SourceVpc, 'central'}", start + "centra?",
        )  # fmt: skip
        return {"Resource": self.pick.choice(patterns)}

    def _spared(self) -> list[str]:
        """Roles with their accounts. AWS does not say what one without the other is good for."""
        found = []
        for _ in range(self.pick.choice((1, 2))):
            account, role = self.pick.choice(ACCOUNTS), self.pick.choice(ROLES)
            if f":{account}:" in self.principal:
                role = self.principal.split("/", 1)[1].removesuffix("/nightly")
            found += [f"arn:aws:iam::{account}:role/{role}", self.pick.choice(_accounts(account))]
        return found

    def _principals(self) -> Any:
        chance = self.pick.random()
        if chance < 0.25:
            return self.pick.choice(("*", {"AWS": "*"}))
        if chance < 0.4:
            return {"Service": self.pick.choice((SERVICES[0], list(SERVICES), SERVICES[1]))}
        return {"AWS": [self._one_principal() for _ in range(self.pick.choice((1, 1, 2)))]}

    def _one_principal(self) -> str:
        account = self.pick.choice(ACCOUNTS)
        # Of a session the other program knows the role's name, not its path.
        roles = ROLES[::2] if ":assumed-role/" in self.principal else ROLES
        forms = (
            *_accounts(account),
            f"arn:aws:iam::{account}:role/{self.pick.choice(roles)}",
            f"arn:aws:iam::{account}:user/{self.pick.choice(ROLES)}",
            self.principal if self.principal.startswith("arn:") else f"arn:aws:iam::{account}:root",
            f"arn:aws:sts::{account}:assumed-role/backup/{self.pick.choice(('nightly', 'weekly'))}",
        )
        # A role calls in a session too, of which the request does not tell: then none of its own is named.
        known = ":role/" not in self.principal or f":{account}:" not in self.principal
        return self.pick.choice(forms if known else forms[:-1])

    def _condition(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for _ in range(self.pick.choice((1, 1, 2))):
            operator, key, values = self._clause()
            made.setdefault(operator, {})[key] = values
        return made

    def _clause(self) -> tuple[str, str, Any]:
        pick = self.pick
        clauses = [row for row in CLAUSES if row[1] in self.keys or row[1] == "aws:PrincipalArn"]
        operators, key, values = pick.choice(clauses)
        if pick.random() < 0.12:
            return "Null", pick.choice(self.keys), pick.choice(("true", "false"))
        wanted = pick.sample(values, min(len(values), pick.choice((1, 1, 2))))
        operator = pick.choice(operators)
        end = "" if ":" in operator else pick.choice(("", "", "IfExists"))
        return operator + end, key, wanted if len(wanted) > 1 else wanted[0]


def _document(statements: Any) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _accounts(account: str) -> tuple[str, str]:
    return account, f"arn:aws:iam::{account}:root"


def _is_carried(key: str, action: str, is_service: bool) -> bool:
    """Whether AWS can send a key in a request. Opinions on keys that never are in one say nothing."""
    if is_service and key in OF_ORGANIZATIONS:
        return False
    if key == "kms:GrantIsForAWSResource":
        return action == "kms:CreateGrant"
    return not key.startswith("kms:") or action.startswith("kms:")
