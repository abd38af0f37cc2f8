"""Questions on which we and the other program differ, knowing why. docs/oracle.md says more of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tools.oracle_cases import ACCOUNTS, Case, Policy

_CALLER, _OWNER = ACCOUNTS[:2]
_ROLE = f"arn:aws:iam::{_CALLER}:role/backup"
_LINKED = f"arn:aws:iam::{_CALLER}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
_VAULT = f"arn:aws:backup:eu-west-1:{_OWNER}:backup-vault:central"
_IN_ONE_ACCOUNT = f"arn:aws:iam::{_OWNER}:role/backup"

Cause = Literal["theirs", "unclear"]
"""`theirs`: AWS documents our answer. `unclear`: AWS documents neither."""
_OURS = {"A": "Allowed", "N": "NO", "?": "UNKNOWN"}
_THEIRS = {"A": "Allowed", "N": "ImplicitlyDenied", "D": "ExplicitlyDenied"}


@dataclass(frozen=True)
class Difference:
    name: str
    case: Case
    ours: str
    theirs: str
    cause: Cause


def _policy(*statements: dict[str, Any]) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


_ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_FOR_ALL = _ALL | {"Principal": "*"}


def _differ(name: str, answers: str, cause: Cause, *statements: dict[str, Any], **case: Any) -> Difference:
    """`answers` has ours and theirs, a letter each."""
    given: dict[str, Any] = {
        "principal": _ROLE,
        "action": "backup:CopyIntoBackupVault",
        "resource": _VAULT,
        "owner": _OWNER,
        "context": {},
        "resource_policy": _policy(*statements),
        "identity_policy": _policy(_ALL),
    }
    return Difference(name, Case(**(given | case)), _OURS[answers[0]], _THEIRS[answers[1]], cause)


def _under(
    operator: str,
    values: str,
    answers: str,
    cause: Cause,
    key: str = "aws:SourceVpc",
    value: Any = None,
    **more: Any,
) -> Difference:
    """A grant to everyone under one condition. No `value`: the request does not carry the key."""
    context = ({key: value} if value is not None else {}) | more
    statement = _FOR_ALL | {"Condition": {operator: {key: values}}}
    return _differ(f"{operator} {values}", answers, cause, statement, context=context)


_AGE, _TIME, _ADDRESS, _TAGS = "aws:MultiFactorAuthAge", "aws:CurrentTime", "aws:SourceIp", "aws:TagKeys"

DIFFERENCES: tuple[Difference, ...] = (
    # Principals
    _differ(
        "NotPrincipal with a role alone", "?A", "unclear", _FOR_ALL,
        {"Effect": "Deny", "NotPrincipal": {"AWS": _ROLE}, "Action": "*", "Resource": "*"},
    ),
    _differ(
        "NotPrincipal with an account alone", "?A", "unclear", _FOR_ALL,
        {"Effect": "Deny", "NotPrincipal": {"AWS": _CALLER}, "Action": "*", "Resource": "*"},
    ),
    _differ(
        "every service", "?N", "unclear", _ALL | {"Principal": {"Service": "*"}}, principal="backup.amazonaws.com"
    ),
    _differ(
        "a grant to everyone against a boundary", "?A", "unclear", _FOR_ALL, principal=_IN_ONE_ACCOUNT,
        boundary=_policy(_ALL | {"Action": "s3:*"}), identity_policy=_policy(_ALL),
    ),
    _differ(
        "a service-linked role under a service control policy", "AD", "theirs", _FOR_ALL, principal=_LINKED,
        service_control=[[_policy({"Effect": "Deny", "Action": "*", "Resource": "*"})]],
    ),
    _differ(
        "a session of a role of that name on another path", "NA", "theirs",
        _ALL | {"Principal": {"AWS": f"arn:aws:iam::{_CALLER}:role/service-role/backup"}},
        principal=f"arn:aws:sts::{_CALLER}:assumed-role/backup/nightly",
    ),
    # Resources
    _differ(
        "a star that ends a field and goes on", "AN", "theirs",
        _FOR_ALL | {"Resource": "arn:aws:backup:*:backup-vault:central"},
    ),
    _differ(
        "a star inside a field that goes on", "?N", "unclear",
        _FOR_ALL | {"Resource": "arn:aws:backup:eu*central"},
    ),
    _differ(
        "NotResource with a variable without value", "AN", "theirs",
        {"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": _VAULT[:-7] + "${aws:SourceVpc}"},
    ),
    # Variables
    _under("StringNotEquals", "${aws:PrincipalOrgID}", "AN", "theirs", value="vpc-1"),
    _under("StringEquals", "a${*}b", "AN", "theirs", value="a*b"),
    _under("StringEquals", "a${?}b", "AN", "theirs", value="a?b"),
    _under("StringEquals", "a${$}b", "AN", "theirs", value="a$b"),
    _under("StringEquals", "${aws:PrincipalOrgID,'a'}", "AN", "unclear", value="a"),
    _under("StringEquals", "a${aws:PrincipalOrgID, ''}", "AN", "unclear", value="a"),
    _under("Bool", "${aws:SecureTransport}", "NA", "theirs", "aws:SecureTransport", "true"),
    _under("ArnLike", "arn:aws:iam::${aws:PrincipalAccount}:role/backup", "AN", "unclear", "aws:PrincipalArn", _ROLE),
    _differ(
        "a variable in a policy without version", "NA", "theirs", context={"aws:SourceVpc": "vpc-1"},
        resource_policy={
            "Statement": [_FOR_ALL | {"Condition": {"StringEquals": {"aws:SourceVpc": "${aws:SourceVpc}"}}}],
        },
    ),
    # Set operators
    _under("ForAnyValue:StringEqualsIfExists", "team", "?N", "unclear", _TAGS),
    _under("ForAllValues:StringEquals", "team", "AN", "theirs", _TAGS, [""]),
    _under("StringEquals", "team", "?N", "unclear", _TAGS, ["team"]),
    # Values of their types
    _under("ArnLike", "*", "?N", "unclear", "aws:PrincipalArn", _ROLE),
    _under("ArnLike", "arn:aws:iam::*", "?N", "unclear", "aws:PrincipalArn", _ROLE),
    _under("ArnNotLike", "backup", "?N", "unclear", "aws:PrincipalArn", _ROLE),
    _under("NumericNotEquals", "ten", "?N", "unclear", _AGE, "10"),
    _under("NumericEquals", " 10", "NA", "unclear", _AGE, "10"),
    _under("DateNotEquals", "soon", "?N", "unclear", _TIME, "2026-01-01T00:00:00Z"),
    _under("DateEquals", "1767225600", "AN", "theirs", _TIME, "2026-01-01T00:00:00Z"),
    _under("NotIpAddress", "192.0.2.1", "AN", "theirs", _ADDRESS, "2001:db8::7"),
    _under("NotIpAddress", "here", "?N", "unclear", _ADDRESS, "10.0.0.7"),
)  # fmt: skip
