"""What a principal is, why it can be none, and whose account it belongs to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.hole import ACCOUNT, ANY, ARN, NAME, Hole, Shape
from xbackup_lint.values.text import Fragment, Part, Text

SHAPES = {
    "Any": ANY,
    "Account": ACCOUNT,
    "Name": NAME,
    "Arn": ARN,
    "OneAccount": Shape.one_of(("111122223333", "222233334444")),
    "AccountOrRole": Shape.one_of(("111122223333", "arn:aws:iam::111122223333:role/backup")),
}


def text(written: str) -> Text:
    """`arn:aws:iam::${Account}:root`, the holes having the shape that their name tells."""
    parts: list[Part] = []
    for piece in re.split(r"(\$\{\w+\})", written):
        if piece[2:-1] in SHAPES:
            parts.append(Hole(("t.yaml", piece[2:-1]), "it is a parameter", SHAPES[piece[2:-1]]))
        elif piece:
            parts.append(Fragment(piece, NOWHERE))
    return Text(NOWHERE, tuple(parts))


def principal(written: str, kind: str = "AWS") -> Principal:
    return Principal(text(written), kind, ALWAYS)


@pytest.mark.parametrize(
    ("written", "form", "account"),
    [
        # everyone
        ("*", Form.ANYONE, None),
        # accounts
        ("arn:aws:iam::111122223333:root", Form.ACCOUNT, "111122223333"),
        ("111122223333", Form.ACCOUNT, "111122223333"),
        ("000011112222", Form.ACCOUNT, "000011112222"),
        ("arn:aws-cn:iam::111122223333:root", Form.ACCOUNT, "111122223333"),
        ("arn:aws:iam::${Account}:root", Form.ACCOUNT, "${Account}"),
        ("arn:aws:iam::${Any}:root", Form.ACCOUNT, "${Any}"),
        ("arn:${Name}:iam::${Any}:root", Form.ACCOUNT, "${Any}"),
        ("arn:aws:${Any}::111122223333:root", Form.ACCOUNT, "111122223333"),
        ("${Account}", Form.ACCOUNT, "${Account}"),
        ("${OneAccount}", Form.ACCOUNT, "${OneAccount}"),
        # roles, users, sessions
        ("arn:aws:iam::111122223333:role/backup", Form.ROLE, "111122223333"),
        (
            "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole",
            Form.ROLE,
            "111122223333",
        ),
        ("arn:aws:iam::${Account}:role/${Name}", Form.ROLE, "${Account}"),
        ("arn:aws:iam::111122223333:user/operator", Form.USER, "111122223333"),
        ("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2EXAMPLE", Form.USER, "cloudfront"),
        ("arn:aws:sts::111122223333:assumed-role/backup/session", Form.SESSION, "111122223333"),
        ("arn:aws:sts::111122223333:federated-user/operator", Form.SESSION, "111122223333"),
        # not known
        ("${Any}", Form.UNKNOWN, "${Any}"),
        ("${Arn}", Form.UNKNOWN, "${Arn}"),
        ("${AccountOrRole}", Form.UNKNOWN, "${AccountOrRole}"),
        ("${Any}:root", Form.UNKNOWN, "${Any}:root"),
        ("arn:aws:iam::111122223333:${Any}", Form.UNKNOWN, "111122223333"),
        ("arn:aws:iam::111122223333:role${Any}", Form.UNKNOWN, "111122223333"),
        ("arn:aws:iam::111122223333:ro${Any}", Form.UNKNOWN, "111122223333"),
        # what a deleted role leaves behind
        ("AROAEXAMPLEID12345678", Form.UNIQUE_ID, None),
        ("AIDAEXAMPLEID12345678", Form.UNIQUE_ID, None),
    ],
)
def test_form_and_account(written: str, form: Form, account: str | None) -> None:
    found = principal(written)

    assert found.form is form
    assert (None if found.account is None else str(found.account)) == account


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        # a digit too few, or too many
        ("11112222333", "wrong-account"),
        ("1111222233334", "wrong-account"),
        ("12345", "wrong-account"),
        ("arn:aws:iam::11112222333:root", "wrong-account"),
        ("arn:aws:iam::1111-2222-3333:role/backup", "wrong-account"),
        ("arn:aws:iam::ACCOUNT_ID:role/backup", "wrong-account"),
        ("arn:aws:iam::11112222333:role/${Name}", "wrong-account"),
        # left out
        ("arn:aws:iam:::root", "no-account"),
        ("arn:aws:iam:::role/${Name}", "no-account"),
        ("arn:aws:sts:::assumed-role/backup/session", "no-account"),
        # patterns
        ("arn:aws:iam::*:root", "wildcard"),
        ("arn:aws:iam::111122223333:role/*", "wildcard"),
        ("arn:aws:iam::${Account}:role/backup-?", "wildcard"),
        ("arn:aws:iam::111122223333:*", "wildcard"),
        ("**", "wildcard"),
        ("1111*", "wildcard"),
        # names
        ("backup", "not-a-principal"),
        ("role/backup", "not-a-principal"),
        ("backup.amazonaws.com", "not-a-principal"),
        ("anonymous", "not-a-principal"),
        ("${Name}", "name"),
        # ARNs of something else
        ("arn:aws:iam::111122223333:group/backup", "not-a-principal"),
        ("arn:aws:iam::111122223333:backup", "not-a-principal"),
        ("arn:aws:iam::111122223333:rolebackup${Any}", "not-a-principal"),
        ("arn:aws:sts::111122223333:root", "not-a-principal"),
        ("arn:aws:backup:eu-west-1:111122223333:backup-vault:central", "not-a-principal"),
        ("arn:aws:s3:::backup", "not-a-principal"),
        ("arn:aws:iam", "not-a-principal"),
        # unique ids
        ("AROAEXAMPLEID12345678", "unique-id"),
        ("AIDAEXAMPLEID12345678", "unique-id"),
    ],
)
def test_what_can_be_no_principal(written: str, fault: str) -> None:
    found = principal(written)

    assert found.form in (Form.MALFORMED, Form.UNIQUE_ID)
    assert (found.fault, found.account) == (fault, None)


@pytest.mark.parametrize(
    ("written", "kind", "form"),
    [
        ("backup.amazonaws.com", "Service", Form.SERVICE),
        ("${Any}", "Service", Form.SERVICE),
        ("*", "Service", Form.SERVICE),
        ("arn:aws:iam::111122223333:saml-provider/idp", "Federated", Form.OTHER),
        ("cognito-identity.amazonaws.com", "Federated", Form.OTHER),
        ("79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", "CanonicalUser", Form.OTHER),
    ],
)
def test_other_kinds_are_of_no_account_and_without_fault(written: str, kind: str, form: Form) -> None:
    found = principal(written, kind)

    assert (found.form, found.account, found.fault) == (form, None, "")


WRITTEN = st.lists(
    st.sampled_from(
        ["arn:aws:iam::", "111122223333", ":root", ":role/", "backup", "*", "?", "", ":", "AROA", "EXAMPLEID"]
        + [f"${{{name}}}" for name in SHAPES]
    ),
    max_size=6,
).map("".join)


@given(WRITTEN)
def test_only_what_can_be_no_principal_has_a_fault_and_no_account(written: str) -> None:
    found = principal(written)

    impossible = found.form in (Form.MALFORMED, Form.UNIQUE_ID)
    assert bool(found.fault) == impossible
    assert (found.account is None) == (impossible or found.form is Form.ANYONE)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.from_regex(r"[\w+=,.@-]{1,64}", fullmatch=True))
def test_accounts_and_roles_of_every_account(account: str, name: str) -> None:
    assert principal(account).form is principal(f"arn:aws:iam::{account}:root").form is Form.ACCOUNT
    assert principal(f"arn:aws:iam::{account}:role/{name}").form is Form.ROLE
    assert {
        str(principal(f"arn:aws:iam::{account}:{rest}").account) for rest in ("root", f"role/{name}")
    } == {account}
