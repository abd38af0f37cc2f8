"""Policies and requests in a form short enough for tables."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies_in_templates import read_from
from tests.test_principal import text
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.alternatives import ALWAYS

SOURCE, DESTINATION = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{SOURCE}:role/service-role/backup"
VAULT = f"arn:aws:backup:eu-west-1:{DESTINATION}:backup-vault:central"
KEY = f"arn:aws:kms:eu-west-1:{DESTINATION}:key/11111111-2222-3333-4444-555555555555"
COPY_INTO = "backup:CopyIntoBackupVault"
OPEN = "Effect: Allow, Principal: '*', Action: '*', Resource: '*'"
"""A statement that allows everyone everything."""

Context = Mapping[str, str | list[str] | None]
"""None: the request does not carry the key. A key that is not named is not known."""


def statements(*written: str, version: str = "2012-10-17") -> list[Statement]:
    """Each a statement's elements in YAML's flow style. `!Ref Role`, `!Ref Account`, … are not known."""
    lines = "".join(f"    - {{{one}}}\n" for one in written)
    names = ("Any", "Role", "Account", "Partition", "Effect")
    parameters = "".join(f"  {name}: {{Type: String}}\n" for name in names)
    dated = f"  Version: '{version}'\n" if version else ""
    policy = read_from(f"Parameters:\n{parameters}Policy:\n{dated}  Statement:\n{lines}")
    return [statement.seen(ALWAYS) for statement in policy]


def role(arn: str | None = ROLE, *, session: str | None = None, bounded: bool = False) -> Caller:
    """A role that calls. None: a role of the source account, it is not known which."""
    account = arn.split(":")[4] if arn is not None else SOURCE
    return Caller(
        text(account),
        text(arn) if arn is not None else None,
        session=text(session) if session is not None else None,
        bounded=bounded,
    )


def asking(
    action: str = COPY_INTO,
    resource: str = VAULT,
    caller: Caller | None = None,
    context: Context | None = None,
) -> Request:
    carried = {key.lower(): _value(value) for key, value in (context or {}).items()}
    return Request(caller or role(), action, text(resource), carried)


def _value(value: str | list[str] | None) -> KeyValue:
    if value is None:
        return ABSENT
    return tuple(text(one) for one in ([value] if isinstance(value, str) else value))


def decided(request: Request, *written: str, version: str = "2012-10-17") -> Decision:
    """The decision of a policy of a resource."""
    return decide(request, statements(*written, version=version))
