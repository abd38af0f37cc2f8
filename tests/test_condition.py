"""Conditions of a policy: which of them only certain callers meet, and how others get past the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_principal import text
from xbackup_lint.policy.condition import IN_ORGANIZATION, OWNER, SIGNED, TO_KMS, Clause, Tie, present
from xbackup_lint.policy.decide import matched
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


def clause(operator: str, key: str, *values: str) -> Clause:
    return Clause(text(operator), text(key), tuple((ALWAYS, text(v)) for v in values), NOWHERE, ALWAYS)


ORG = "o-a1b2c3d4e5"
ROLE = "arn:aws:iam::111122223333:role/backup"

PINS = [
    # organization
    ("StringEquals", "aws:PrincipalOrgID", [ORG]),
    ("stringequals", "AWS:principalorgid", [ORG]),
    ("StringLike", "aws:PrincipalOrgID", [ORG]),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", [f"{ORG}/*"]),
    ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", [f"{ORG}/r-ab12/ou-ab12-11111111/"]),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-*/r-ab12/ou-ab12-11111111/*"]),
    # what a single-valued operator makes of several values is for another rule
    ("StringLike", "aws:PrincipalOrgPaths", [f"{ORG}/*"]),
    ("StringEquals", "aws:SourceOrgID", [ORG]),
    # accounts
    ("StringEquals", "aws:PrincipalAccount", ["111122223333", "222233334444"]),
    ("StringLike", "aws:PrincipalAccount", ["1111????3333"]),
    ("StringEquals", "kms:CallerAccount", ["111122223333"]),
    ("StringEquals", "aws:SourceAccount", ["111122223333"]),
    ("ArnLike", "aws:SourceArn", ["arn:aws:backup:*:111122223333:backup-vault:*"]),
    ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::bucket"]),
    ("StringEquals", "aws:SourceVpce", ["vpce-1a2b3c4d"]),
    # roles and users
    ("ArnEquals", "aws:PrincipalArn", [ROLE]),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"]),
    ("StringLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:*"]),
    ("StringLike", "aws:PrincipalArn", ["arn:aws:iam::1111*"]),
    ("StringLike", "aws:userid", ["AROAEXAMPLEID:*"]),
    # services
    ("Bool", "aws:PrincipalIsAWSService", ["true"]),
    ("StringEquals", "aws:PrincipalServiceName", ["backup.amazonaws.com"]),
    # a key that is always there
    ("StringEqualsIfExists", "aws:PrincipalAccount", ["111122223333"]),
    ("ForAllValues:ArnLike", "aws:PrincipalArn", [ROLE]),
    # a literal star matches nobody, and no value nobody either
    ("StringEquals", "aws:PrincipalOrgID", ["*"]),
    ("StringEquals", "aws:PrincipalOrgID", []),
    # an unknown value names somebody
    ("StringEquals", "aws:PrincipalOrgID", ["${Any}"]),
    ("StringLike", "aws:PrincipalOrgID", ["${Any}*"]),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::${Any}:role/*"]),
    ("ArnLike", "aws:PrincipalArn", ["${Any}"]),
    # the caller compared with the resource
    ("StringEquals", "aws:PrincipalOrgID", ["${aws:ResourceOrgID}"]),
    ("StringEquals", "aws:ResourceOrgID", ["${aws:PrincipalOrgID}"]),
    ("StringEquals", "aws:ResourceAccount", ["${aws:PrincipalAccount}"]),
]


@pytest.mark.parametrize(("operator", "key", "values"), PINS)
def test_only_certain_callers_meet_it(operator: str, key: str, values: list[str]) -> None:
    found = clause(operator, key, *values)

    assert (found.pins(), found.gap()) == (YES, "")


GAPS = [
    # keys that say nothing of whose the caller is
    ("Bool", "aws:SecureTransport", ["true"], "other"),
    ("StringLike", "kms:ViaService", ["backup.*.amazonaws.com"], "other"),
    ("Bool", "kms:GrantIsForAWSResource", ["true"], "other"),
    ("IpAddress", "aws:SourceIp", ["192.0.2.0/24"], "other"),
    ("StringEquals", "aws:PrincipalTag/team", ["backup"], "other"),
    ("StringEquals", "aws:username", ["operator"], "other"),
    ("StringEquals", "aws:ResourceOrgID", [ORG], "other"),
    ("StringEquals", "aws:PrincipalOrg", [ORG], "other"),
    ("Bool", "aws:PrincipalIsAWSService", ["false"], "other"),
    # whoever is not named
    ("StringNotEquals", "aws:PrincipalAccount", ["111122223333"], "negated"),
    ("ArnNotLike", "aws:PrincipalArn", [ROLE], "negated"),
    ("StringEqual", "aws:PrincipalOrgID", [ORG], "negated"),
    # whoever lacks the key
    ("StringEqualsIfExists", "aws:PrincipalOrgID", [ORG], "absent"),
    ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", [f"{ORG}/*"], "absent"),
    ("StringEqualsIfExists", "aws:SourceAccount", ["111122223333"], "absent"),
    # everybody
    ("StringLike", "aws:PrincipalOrgID", ["*"], "anybody"),
    ("StringLike", "aws:PrincipalOrgID", ["o-*"], "anybody"),
    ("StringLike", "aws:PrincipalOrgID", [ORG, "o-??????????"], "anybody"),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-*/r-*/ou-*/*"], "anybody"),
    ("Null", "aws:PrincipalOrgID", ["false"], "anybody"),
    ("StringLike", "aws:PrincipalAccount", ["????????????"], "anybody"),
    ("StringLike", "aws:userid", ["*:session"], "anybody"),
    ("StringLike", "aws:userid", ["AROA*"], "anybody"),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/backup"], "anybody"),
    ("ArnEquals", "aws:PrincipalArn", ["arn:aws:iam::*:root"], "anybody"),
    ("StringLike", "aws:PrincipalArn", ["*"], "anybody"),
    ("StringLike", "aws:PrincipalArn", ["arn:aws:iam::*"], "anybody"),
    ("StringLike", "aws:PrincipalArn", ["arn:*"], "anybody"),
    ("StringLike", "aws:PrincipalArn", ["*:role/backup"], "anybody"),
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/${Any}"], "anybody"),
    ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::*"], "anybody"),
]


@pytest.mark.parametrize(("operator", "key", "values", "gap"), GAPS)
def test_others_meet_it_too(operator: str, key: str, values: list[str], gap: str) -> None:
    found = clause(operator, key, *values)

    assert (found.pins(), found.gap()) == (NO, gap)


@pytest.mark.parametrize(
    ("operator", "key"),
    [("${Any}", "aws:PrincipalOrgID"), ("StringEquals", "${Any}"), ("String${Any}", "aws:userid")],
)
def test_what_is_compared_is_not_known(operator: str, key: str) -> None:
    found = clause(operator, key, ORG)

    assert (found.pins(), found.exempts()) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("operator", "key", "value", "owner", "identity"),
    [
        # an account, or an organization, is not one of its roles and users
        ("StringEquals", "aws:PrincipalOrgID", ORG, YES, NO),
        ("StringEquals", "aws:PrincipalAccount", "111122223333", YES, NO),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:*", YES, NO),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", YES, NO),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::1111*", YES, NO),
        # a name is one in every account
        ("StringEquals", "aws:username", "operator", NO, YES),
        ("StringEquals", "aws:PrincipalTag/team", "backup", NO, YES),
        ("StringLike", "aws:PrincipalTag/team", "*", NO, NO),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/backup", NO, YES),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/backups/*", NO, YES),
        # both
        ("ArnEquals", "aws:PrincipalArn", ROLE, YES, YES),
        ("StringLike", "aws:userid", "AROAEXAMPLEID:*", YES, YES),
        ("Bool", "aws:PrincipalIsAWSService", "true", YES, YES),
    ],
)
def test_an_owner_is_one_thing_and_an_identity_another(
    operator: str, key: str, value: str, owner: Verdict, identity: Verdict
) -> None:
    found = clause(operator, key, value)

    assert (found.pins(OWNER), found.pins(Tie.IDENTITY)) == (owner, identity)


def test_a_key_that_is_there_leaves_no_way_round() -> None:
    absent = clause("ForAllValues:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/*")
    there = clause("Null", "aws:PrincipalOrgPaths", "false")
    not_there = clause("Null", "aws:PrincipalOrgPaths", "true")

    assert absent.pins(OWNER, present([absent, not_there], SIGNED)) is NO
    assert absent.pins(OWNER, present([absent, there], SIGNED)) is YES
    assert absent.pins(OWNER, SIGNED | IN_ORGANIZATION) is YES


def test_only_requests_to_kms_carry_its_key() -> None:
    absent = clause("StringEqualsIfExists", "kms:CallerAccount", "111122223333")

    assert absent.pins(OWNER, SIGNED | IN_ORGANIZATION) is NO
    assert absent.pins(OWNER, SIGNED | TO_KMS) is YES


@pytest.mark.parametrize(
    ("operator", "key", "values", "exempts"),
    [
        ("StringNotEquals", "aws:PrincipalOrgID", [ORG], YES),
        ("StringNotEqualsIfExists", "aws:PrincipalOrgID", [ORG], YES),
        ("StringNotLike", "aws:userid", ["AROAEXAMPLEID:*", "444455556666"], YES),
        ("ArnNotLike", "aws:PrincipalArn", [ROLE], YES),
        ("ArnNotEquals", "aws:PrincipalArn", ["arn:aws:iam::${Account}:role/${Any}"], YES),
        ("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths", [f"{ORG}/*"], YES),
        # those without the key are let through
        ("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", [f"{ORG}/*"], NO),
        # everybody is
        ("StringNotLike", "aws:PrincipalOrgID", ["o-*"], NO),
        ("ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/break-glass"], NO),
        ("ArnNotLike", "aws:PrincipalArn", [ROLE, "arn:aws:iam::*:*"], NO),
        # only those who are named are denied
        ("StringEquals", "aws:PrincipalOrgID", [ORG], NO),
        ("Null", "aws:PrincipalOrgID", ["true"], NO),
        ("StringNotEquals", "aws:PrincipalTag/team", ["backup"], NO),
        ("Bool", "aws:PrincipalIsAWSService", ["false"], NO),
        ("Bool", "aws:SecureTransport", ["false"], NO),
    ],
)
def test_whom_a_denial_lets_through(operator: str, key: str, values: list[str], exempts: Verdict) -> None:
    assert clause(operator, key, *values).exempts() is exempts


EVERYONE, OWN = "*", "444455556666"


@pytest.mark.parametrize(
    ("operator", "key", "value", "spared"),
    [
        ("ArnNotLike", "aws:PrincipalArn", "*", EVERYONE),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:*", EVERYONE),
        ("ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/*", EVERYONE),
        ("StringNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:*", OWN),
        ("StringNotLike", "aws:PrincipalArn", "arn:aws:iam::${Account}:role/*", "${Account}"),
        ("StringNotLike", "aws:userid", "*", EVERYONE),
        ("StringNotLike", "aws:userid", "AROA*", EVERYONE),
        ("StringNotLike", "aws:userid", "AROA*:*", EVERYONE),
        ("StringNotEquals", "aws:PrincipalAccount", OWN, OWN),
        ("StringNotLike", "aws:PrincipalAccount", "*", EVERYONE),
        ("StringNotEquals", "aws:PrincipalOrgID", ORG, EVERYONE),
        # certain identities
        ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:root", None),
        ("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::{OWN}:role/admin-*", None),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/break-glass", None),
        ("StringNotLike", "aws:userid", "AROAEXAMPLEID12345678:*", None),
        ("StringNotLike", "aws:userid", "*:break-glass", None),
        ("StringNotEquals", "aws:userid", OWN, None),
        # of roles the request has no user name: they are denied
        ("StringNotLike", "aws:username", "*", None),
        # a star is a letter, and matches nobody
        ("StringNotEquals", "aws:PrincipalArn", "*", None),
        # not told by the key
        ("StringNotLike", "aws:PrincipalTag/team", "*", None),
    ],
)
def test_whom_an_exception_lets_through_as_a_whole(
    operator: str, key: str, value: str, spared: str | None
) -> None:
    found = clause(operator, key, value)
    account = found.spares(text(value))

    assert found.is_negated
    assert (str(account) if account is not None else None) == spared


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("StringEquals", "x", False),
        ("StringNotEquals", "x", True),
        ("StringEqualsIfExists", "x", True),
        ("ForAllValues:StringEquals", "x", True),
        ("ForAnyValue:StringEquals", "x", False),
        ("ForAnyValue:StringNotEquals", "x", False),
        ("ForAllValues:ArnNotLike", "x", True),
        ("NumericLessThan", "7", False),
        ("Null", "true", True),
        ("Null", "false", False),
    ],
)
def test_what_requests_without_the_key_meet(operator: str, value: str, met: bool) -> None:
    found = clause(operator, "backup:CopyTargets", value)

    assert found.met_without_key is met
    assert (stranger_meets(found) is YES) is met


@pytest.mark.parametrize(
    ("found", "services"),
    [
        (clause("Bool", "aws:PrincipalIsAWSService", "false"), True),
        (clause("BoolIfExists", "aws:PrincipalIsAWSService", "False"), True),
        (clause("Bool", "aws:PrincipalIsAWSService", "true"), False),
        (clause("Bool", "aws:PrincipalIsAWSService", "false", "true"), False),
        (clause("Bool", "aws:ViaAWSService", "false"), False),
        (clause("StringEquals", "aws:PrincipalIsAWSService", "false"), False),
    ],
)
def test_a_denial_that_lets_services_through(found: Clause, services: bool) -> None:
    assert found.exempts_services is services


@pytest.mark.parametrize(
    ("found", "accounts"),
    [
        (
            clause("StringEquals", "aws:PrincipalAccount", "111122223333", "${Account}"),
            ["111122223333", "${Account}"],
        ),
        (clause("StringEquals", "kms:CallerAccount", "111122223333"), ["111122223333"]),
        (clause("ArnLike", "aws:PrincipalArn", ROLE, "*"), ["111122223333"]),
        (clause("StringEquals", "aws:PrincipalOrgID", ORG), []),
    ],
)
def test_the_accounts_that_it_names(found: Clause, accounts: list[str]) -> None:
    assert [str(account) for account in found.accounts] == accounts


# What only certain callers meet, a stranger does not. The decision on a request is a second opinion.

STRANGER = Caller(text("999999999999"), text("arn:aws:iam::999999999999:role/stranger"))
CONTEXT = {
    "aws:principalorgid": (text("o-zzzzzzzzzz"),),
    "aws:principalorgpaths": (text("o-zzzzzzzzzz/r-zz99/ou-zz99-99999999/"),),
    "aws:userid": (text("AROASTRANGER:session"),),
    "aws:sourceaccount": (text("999999999999"),),
    "aws:sourcearn": (text("arn:aws:backup:eu-west-1:999999999999:backup-vault:stranger"),),
    "aws:sourceorgid": (text("o-zzzzzzzzzz"),),
    "aws:sourcevpce": (text("vpce-99999999"),),
    "aws:resourceorgid": (text(ORG),),
    "aws:resourceaccount": (text("444455556666"),),
    "aws:username": (text("stranger"),),
}


def stranger_meets(found: Clause) -> Verdict:
    asked = "kms:Decrypt" if found.name.startswith("kms:") else "backup:CopyIntoBackupVault"
    request = Request(STRANGER, asked, text("arn:aws:backup:eu-west-1:444455556666:x"), CONTEXT)
    action = ((ALWAYS, text("*")),)
    statement = Statement(NOWHERE, ALWAYS, None, text("Allow"), actions=action, clauses=(found,))
    return matched(request, statement).verdict


@pytest.mark.parametrize(("operator", "key", "values"), PINS)
def test_a_stranger_does_not_meet_it(operator: str, key: str, values: list[str]) -> None:
    assert stranger_meets(clause(operator, key, *values)) is not YES


OPERATORS = st.sampled_from(
    ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "StringNotEquals", "StringNotLike",
     "ArnNotLike", "StringEqualsIfExists", "ForAnyValue:StringLike", "ForAllValues:StringLike", "Null"]
)  # fmt: skip
WHO = st.sampled_from(sorted(CONTEXT.keys() - {"aws:resourceorgid", "aws:resourceaccount"} | SIGNED))
PATTERNS = st.lists(
    st.sampled_from(["*", "?", "o-", "arn:aws:iam::", ":", "role/", "/", "1111", "r-", "ou-", "AROA"]),
    min_size=1,
    max_size=6,
).map("".join)
"""None of them names the stranger by more than every caller has in common."""


@given(OPERATORS, WHO, st.lists(PATTERNS, min_size=1, max_size=2))
def test_what_a_stranger_meets_does_not_pin(operator: str, key: str, values: list[str]) -> None:
    found = clause(operator, key, *values)

    if stranger_meets(found) is YES:
        assert found.pins() is not YES


@given(OPERATORS, WHO, PATTERNS)
def test_an_unknown_value_never_opens(operator: str, key: str, value: str) -> None:
    known, unknown = clause(operator, key, value), clause(operator, key, "${Any}")

    assert not (known.pins() is YES and unknown.pins() is NO)
    assert not (known.exempts() is YES and unknown.exempts() is NO)


@pytest.mark.parametrize(
    ("operator", "negated"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("stringnotlike", True),
        ("ArnNotLike", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringNotEquals", True),
        ("ForAnyValue:StringLike", False),
        # numbers and truth do not tell who calls
        ("NumericNotEquals", False),
        ("Bool", False),
        ("Null", False),
        # no operators at all
        ("Not", False),
        ("StringNotNotEquals", False),
    ],
)
def test_operators_that_are_met_by_other_values(operator: str, negated: bool) -> None:
    assert clause(operator, "aws:PrincipalOrgID", ORG).is_negated is negated
