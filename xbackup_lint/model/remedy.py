"""What a policy lacks, as data: reports show it as the file at hand would have it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from xbackup_lint.dataclass import dataclass
from xbackup_lint.policy.arn import Arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text

Written: TypeAlias = "str | bool | list[Written] | dict[str, Written]"

# AWS: the actions to grant for each that a copy needs (F3.15, F3.17).
_GRANTED = {
    "kms:DescribeKey": "kms:DescribeKey",
    "kms:Encrypt": "kms:Encrypt",
    "kms:Decrypt": "kms:Decrypt",
    "kms:ReEncryptFrom": "kms:ReEncrypt*",
    "kms:ReEncryptTo": "kms:ReEncrypt*",
    "kms:GenerateDataKey": "kms:GenerateDataKey*",
    "kms:GenerateDataKeyWithoutPlaintext": "kms:GenerateDataKey*",
}
_GRANT = "kms:CreateGrant"


@dataclass(frozen=True, slots=True, eq=False)
class Remedy:
    """Statements to add to a policy; `property` names the one that has to be made where there is no policy."""

    place: Span
    """The policy, or the resource that has none."""
    statements: tuple[dict[str, Written], ...]
    property: str = ""


def copying_in_remedy(place: Span, role: Text | None, account: Text, *, has_policy: bool) -> Remedy:
    """Let a role copy into a vault; of a role that is not known the account is named."""
    statement = _allow(_role(role, account, place), "backup:CopyIntoBackupVault")
    return Remedy(place, (statement,), "" if has_policy else "AccessPolicy")


def sharing_remedy(
    place: Span, key: Text, account: Text, missing: Iterable[str], *, has_policy: bool
) -> Remedy:
    """Share a key with an account: the actions that are missing, and grants for AWS resources only (F3.17)."""
    arn = Arn.of(key)
    partition = (arn.partition.known if arn is not None else None) or "aws"
    statements = _sharing(_account_root(partition, account, place), missing)
    if not has_policy:
        own: Written = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
        statements.insert(0, _allow(own, "kms:*"))
    return Remedy(place, tuple(statements), "" if has_policy else "KeyPolicy")


def role_sharing_remedy(place: Span, role: Text | None, account: Text, missing: Iterable[str]) -> Remedy:
    """Share a key with a role (F3.33); of a role that is not known the account is named."""
    return Remedy(place, tuple(_sharing(_role(role, account, place), missing)))


def _sharing(principal: Written, missing: Iterable[str]) -> list[dict[str, Written]]:
    lacks = set(missing)
    statements = []
    use: list[Written] = list(
        dict.fromkeys(granted for action, granted in _GRANTED.items() if action in lacks)
    )
    if use:
        statements.append(_allow(principal, use if len(use) > 1 else use[0]))
    if _GRANT in lacks:
        bounded: dict[str, Written] = {"Bool": {"kms:GrantIsForAWSResource": True}}
        statements.append({**_allow(principal, _GRANT), "Condition": bounded})
    return statements


def _allow(principal: Written, action: Written) -> dict[str, Written]:
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}


def _role(role: Text | None, account: Text, place: Span) -> Written:
    arn = _written(role, place) if role is not None else None
    return arn or f"arn:aws:iam::{account.known or 'SOURCE'}:role/ROLE"


def _account_root(partition: str, account: Text, place: Span) -> Written:
    if account.known is not None:
        return f"arn:{partition}:iam::{account.known}:root"
    if all(_is_of(hole, place) for hole in account.holes):
        return {"Fn::Sub": f"arn:{partition}:iam::{account}:root"}
    return f"arn:{partition}:iam::DESTINATION:root"


def _written(text: Text, place: Span) -> Written | None:
    """A text as it can be written in the file of a place; None where it depends on what that file has not."""
    if text.known is not None:
        return text.known
    return {"Fn::Sub": str(text)} if all(_is_of(hole, place) for hole in text.holes) else None


def _is_of(hole: Hole, place: Span) -> bool:
    """Whether a hole can be named there: a parameter of the same template, or the partition."""
    declared = hole.place is not None and hole.place.source is place.source
    return hole.name == "AWS::Partition" or declared
