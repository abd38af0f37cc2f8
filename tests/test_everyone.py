"""Patterns of conditions that everybody meets, or everybody of one account, and those that tell somebody."""

from __future__ import annotations

import pytest

from tests.test_principal import text
from xbackup_lint.policy.everyone import is_everyone, meets_all, visible
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.text import Fragment, Text

ARNS = [
    # the pattern, whether any account meets it, whether any identity of one does
    ("arn:aws:iam::111122223333:role/backup", False, False),
    ("arn:aws:iam::*:role/backup", True, False),
    ("arn:aws:iam::111122223333:*", False, True),
    ("arn:aws:iam::111122223333:role/*", False, True),
    ("arn:aws:iam::111122223333:role/a*", False, False),
    ("arn:*:*:*:*:*", True, True),
    ("arn:aws:iam::????????????:*", True, True),
    # a star for several fields
    ("*", True, True),
    ("arn:*", True, True),
    ("arn:aws:iam::*", True, True),
    ("arn:aws:iam::1111*", False, True),
    ("arn:*:role/backup", True, False),
    ("arn:aws:iam::*~", False, False),
    # a resource that has no account
    ("arn:aws:s3:::bucket", False, False),
    ("arn:aws:s3:::*", True, True),
]


@pytest.mark.parametrize(("pattern", "any_account", "any_identity"), ARNS)
def test_arns(pattern: str, any_account: bool, any_identity: bool) -> None:
    for key in ("aws:principalarn", "aws:sourcearn"):
        assert meets_all(key, pattern, of_account=True) == any_account
        assert meets_all(key, pattern, of_account=False) == any_identity
    assert is_everyone("aws:principalarn", pattern) == (any_account and any_identity)


@pytest.mark.parametrize(
    ("key", "pattern", "met", "by_everyone"),
    [
        # of organizations: by all that are in any, and not by everyone
        ("aws:principalorgid", "*", True, False),
        ("aws:principalorgpaths", "o-*/r-*/ou-*/*", True, False),
        ("aws:principalorgpaths", "o-a1b2c3d4e5/*", False, False),
        # ids of roles and users, sessions behind them
        ("aws:userid", "*", True, True),
        ("aws:userid", "AROA*", True, True),
        ("aws:userid", "*:*", True, True),
        ("aws:userid", "*:nightly", True, False),
        ("aws:userid", "AROAEXAMPLEID:*", False, False),
        ("aws:principalaccount", "*", True, True),
        ("aws:principalaccount", "????????????", True, True),
        ("aws:principalaccount", "1111*", False, False),
        # users alone have one
        ("aws:username", "*", True, False),
    ],
)
def test_other_keys(key: str, pattern: str, met: bool, by_everyone: bool) -> None:
    assert meets_all(key, pattern, of_account=True) == met
    assert is_everyone(key, pattern) == by_everyone


def test_what_is_visible_of_a_value() -> None:
    pieces = Text(NOWHERE, (Fragment("arn:*", NOWHERE), Fragment(":*", NOWHERE)))

    assert visible(pieces) == "arn:*:*"
    assert visible(text("a${Any}b")) == "a\0b"
