"""Patterns in conditions that everybody meets, or everybody of one account."""

from __future__ import annotations

import re

from xbackup_lint.regex import regex
from xbackup_lint.values.text import Fragment, Text

ARN_KEYS = frozenset({"aws:principalarn", "aws:sourcearn"})

_OF_ALL = {"aws:userid", "aws:principalaccount"}
"""Keys that requests of roles, users and root users carry; `aws:username` is of users alone."""

_HOLE = "\0"
"""Stands for what is not known of a value: no wildcard, so it names somebody."""
_ALL = regex(r"[*?]+")
_ALL_PATHS = regex(r"(?=.*[*?])(o-|r-|ou-|[*?/])+")
_ALL_IDS = regex(r"(A[A-Z]{3})?[*?].*", re.DOTALL)
_EVERY_ID = regex(r"(A[A-Z]{3})?[*?]+(:[*?]+)?")
_ALL_IDENTITIES = regex(r"(role/|user/|assumed-role/|federated-user/)?[*?/]+")


def visible(text: Text) -> str:
    """What stands of a value, its unknowns as letters that nothing else has."""
    return "".join(part.text if isinstance(part, Fragment) else _HOLE for part in text.parts)


def is_everyone(key: str, pattern: str) -> bool:
    """Whether a pattern is met by every identity of every account."""
    if key == "aws:principalarn":
        return is_every_arn(pattern, of_account=False) and is_every_arn(pattern, of_account=True)
    return (_EVERY_ID if key == "aws:userid" else _ALL).fullmatch(pattern) is not None and key in _OF_ALL


def meets_all(key: str, pattern: str, *, of_account: bool) -> bool:
    """Whether a pattern is met by callers of any account (`of_account`), or by any identity of an account."""
    if key in ARN_KEYS:
        return is_every_arn(pattern, of_account=of_account)
    if "org" in key:
        return _ALL_PATHS.fullmatch(pattern) is not None
    return (_ALL_IDS if key == "aws:userid" else _ALL).fullmatch(pattern) is not None


def is_every_arn(pattern: str, *, of_account: bool) -> bool:
    """`arn:aws:iam::*:role/backup` leaves the account open, `arn:aws:iam::111122223333:*` the identity."""
    fields = pattern.split(":", 5)
    if len(fields) < 6:
        return _is_open_by_one_star(fields, of_account)
    account, identity = fields[4], _ALL_IDENTITIES.fullmatch(fields[5]) is not None
    if not of_account:
        return identity
    # AWS: some ARNs have no account, and name a resource that no other account can have (S3).
    return _ALL.fullmatch(account) is not None or (account == "" and identity)


def _is_open_by_one_star(fields: list[str], of_account: bool) -> bool:
    """`arn:aws:iam::*`: a star that stands for several fields of an ARN, at least."""
    if not of_account:
        return fields[-1].rstrip("?").endswith("*")
    before_account = any("*" in field for field in fields[:4])
    return before_account or any(_ALL.fullmatch(field) and "*" in field for field in fields[4:])
