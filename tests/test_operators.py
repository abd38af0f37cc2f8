"""The condition operators: values of a request against values of a policy, present, absent and not known."""

from __future__ import annotations

import pytest

from tests.decisions import OPEN, ROLE, Context, asking, decided
from tests.test_principal import text
from xbackup_lint.policy.operators import OPERATORS
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# (operator, value of the request, value of the policy, whether they fit)
STRINGS = [
    ("StringEquals", "vpc-1", "vpc-1", YES),
    ("StringEquals", "vpc-1", "VPC-1", NO),
    ("StringEquals", "vpc-1", "vpc-*", NO),
    ("StringEquals", "vpc-*", "vpc-*", YES),
    ("StringEquals", "", "", YES),
    ("StringEqualsIgnoreCase", "vpc-1", "VPC-1", YES),
    ("StringEqualsIgnoreCase", "vpc-1", "vpc-2", NO),
    ("StringLike", "vpc-1", "vpc-1", YES),
    ("StringLike", "vpc-1", "vpc-*", YES),
    ("StringLike", "vpc-1", "vpc-?", YES),
    ("StringLike", "vpc-12", "vpc-?", NO),
    ("StringLike", "vpc-1", "VPC-*", NO),
    ("StringLike", "vpc-1", "*-*-*", NO),
    ("StringLike", "", "*", YES),
    ("StringLike", "", "?", NO),
    # not known
    ("StringEquals", "${Any}", "vpc-1", UNKNOWN),
    ("StringEquals", "vpc-1", "${Any}", UNKNOWN),
    ("StringEquals", "${Any}", "${Any}", YES),
    ("StringEquals", "${Account}", "vpc-1", NO),
    ("StringEquals", "vpc-${Any}", "subnet-1", NO),
    ("StringLike", "vpc-${Any}", "vpc-*", YES),
    ("StringLike", "${Any}", "*", YES),
    ("StringLike", "vpc-1", "${Any}*", UNKNOWN),
    # a partition that is not known says nothing
    ("StringEquals", "arn:${Any}:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/a", YES),
    ("StringEquals", "arn:aws:iam::111122223333:role/a", "arn:${Any}:iam::111122223333:role/b", NO),
    ("StringLike", "arn:aws:iam::111122223333:role/a", "arn:${Any}:iam::111122223333:role/*", YES),
    ("BinaryEquals", "QmFja3Vw", "QmFja3Vw", YES),
    ("BinaryEquals", "QmFja3Vw", "qmfja3vw", NO),
]

ARNS = [
    ("ArnEquals", ROLE, ROLE, YES),
    ("ArnEquals", ROLE, "arn:aws:iam::111122223333:role/*", YES),
    ("ArnLike", ROLE, "arn:aws:iam::*:role/service-role/backup", YES),
    ("ArnLike", ROLE, "arn:*:*:*:*:*", YES),
    ("ArnLike", ROLE, "arn:aws:iam::11112222????:role/service-role/?ackup", YES),
    ("ArnLike", ROLE, "arn:aws:iam::111122223333:role/backup", NO),
    ("ArnLike", ROLE, "arn:aws:iam::111122223333:ROLE/service-role/backup", NO),
    # each field by itself: a star does not go on past a colon, but within the last
    ("ArnLike", ROLE, "arn:aws:*:role/service-role/backup:", NO),
    ("ArnLike", "arn:aws:rds:eu-west-1:1:snapshot:awsbackup:x", "arn:aws:rds:*:*:snapshot*x", YES),
    # fewer fields: AWS does not say
    ("ArnLike", ROLE, "*", UNKNOWN),
    ("ArnLike", ROLE, "arn:aws:iam::*", UNKNOWN),
    ("ArnLike", ROLE, "arn:aws:s3::*", NO),
    ("ArnLike", ROLE, "backup", NO),
    ("ArnLike", "backup", "arn:*:*:*:*:*", NO),
    ("ArnLike", "", "*", NO),
    # not known
    ("ArnLike", "arn:aws:iam::${Account}:role/backup", "arn:aws:iam::*:role/backup", YES),
    ("ArnLike", "arn:aws:iam::${Account}:role/backup", "arn:aws:iam::111122223333:role/backup", UNKNOWN),
    ("ArnLike", "arn:aws:iam::${Account}:role/backup", "arn:aws:iam::111122223333:role/other", NO),
    ("ArnLike", ROLE, "arn:${Any}:iam::111122223333:role/*", YES),
    ("ArnLike", ROLE, "${Any}", UNKNOWN),
    ("ArnLike", "${Any}", "arn:aws:iam::*:role/backup", UNKNOWN),
]

BOOLEANS = [
    ("Bool", "true", "true", YES),
    ("Bool", "true", "TRUE", YES),
    ("Bool", "False", "false", YES),
    ("Bool", "true", "false", NO),
    ("Bool", "yes", "yes", NO),
    ("Bool", "1", "true", NO),
    ("Bool", "${Any}", "true", UNKNOWN),
    ("Bool", "${Any}", "yes", NO),
]

NUMBERS = [
    ("NumericEquals", "10", "10", YES),
    ("NumericEquals", "10", "10.0", YES),
    ("NumericEquals", "10", "+10", YES),
    ("NumericEquals", "9007199254740993", "9007199254740992", NO),
    ("NumericEquals", "0.1", "0.10", YES),
    ("NumericEquals", "-0", "0", YES),
    ("NumericLessThan", "9", "10", YES),
    ("NumericLessThan", "10", "10", NO),
    ("NumericLessThanEquals", "10", "10", YES),
    ("NumericLessThanEquals", "11", "10", NO),
    ("NumericGreaterThan", "11", "10", YES),
    ("NumericGreaterThan", "10", "10", NO),
    ("NumericGreaterThanEquals", "10", "10", YES),
    ("NumericGreaterThanEquals", "-11", "-10", NO),
    # what is no number fits none
    ("NumericEquals", "10", "ten", NO),
    ("NumericEquals", "ten", "ten", NO),
    ("NumericEquals", "10", " 10", NO),
    ("NumericEquals", "10", "1_0", NO),
    ("NumericEquals", "10", "1e1", NO),
    ("NumericEquals", "10", "0xa", NO),
    ("NumericEquals", "10", "\u0661\u0660", NO),
    ("NumericLessThan", "10", "Infinity", NO),
    ("NumericLessThan", "10", "NaN", NO),
    ("NumericEquals", "10", "", NO),
    ("NumericEquals", "${Any}", "10", UNKNOWN),
    ("NumericEquals", "10", "1${Any}", UNKNOWN),
    ("NumericEquals", "${Any}", "ten", NO),
]

DATES = [
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", YES),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01", YES),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", YES),
    ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", YES),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z", YES),
    ("DateEquals", "1767225600", "1767225601", NO),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", YES),
    ("DateLessThan", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", NO),
    ("DateLessThanEquals", "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", YES),
    ("DateGreaterThan", "2026-06-01T00:00:01Z", "2026-06-01", YES),
    ("DateGreaterThanEquals", "2026-06-01T00:00:00Z", "2026-06-01", YES),
    # what is no date fits none
    ("DateLessThan", "2026-01-01T00:00:00Z", "soon", NO),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2026-13-01", NO),
    ("DateLessThan", "2026-01-01T00:00:00Z", "999999999999999999", NO),
    ("DateLessThan", "2026-01-01T00:00:00Z", "", NO),
    ("DateLessThan", "${Any}", "2026-06-01", UNKNOWN),
]

ADDRESSES = [
    ("IpAddress", "10.0.0.7", "10.0.0.0/8", YES),
    ("IpAddress", "10.0.0.7", "10.0.0.7", YES),
    ("IpAddress", "10.0.0.7", "10.9.9.9/8", YES),
    ("IpAddress", "11.0.0.7", "10.0.0.0/8", NO),
    ("IpAddress", "11.0.0.7", "0.0.0.0/0", YES),
    ("IpAddress", "2001:db8::7", "2001:DB8::/32", YES),
    ("IpAddress", "2001:db8::7", "0.0.0.0/0", NO),
    ("IpAddress", "10.0.0.7", "10.0.0.0/33", NO),
    ("IpAddress", "10.0.0.7", "here", NO),
    ("IpAddress", "10.0.0.0/8", "10.0.0.0/8", NO),
    ("IpAddress", "${Any}", "10.0.0.0/8", UNKNOWN),
    ("IpAddress", "${Any}", "here", NO),
]

POSITIVE = [*STRINGS, *ARNS, *BOOLEANS, *NUMBERS, *DATES, *ADDRESSES]
NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
}


@pytest.mark.parametrize(("operator", "value", "wanted", "verdict"), POSITIVE)
def test_operator(operator: str, value: str, wanted: str, verdict: Verdict) -> None:
    assert OPERATORS[operator.lower()].met(text(value), [text(wanted)]) is verdict


@pytest.mark.parametrize(
    ("operator", "value", "wanted", "verdict"),
    [(NEGATED[operator], value, wanted, ~fits) for operator, value, wanted, fits in STRINGS if operator in NEGATED]
    + [
        ("ArnNotLike", ROLE, "arn:aws:iam::444455556666:*", YES),
        ("ArnNotEquals", ROLE, "arn:aws:iam::111122223333:*", NO),
        ("NumericNotEquals", "10", "11", YES),
        ("NumericNotEquals", "10", "10.0", NO),
        ("DateNotEquals", "2026-01-01", "2026-01-02", YES),
        ("DateNotEquals", "2026-01-01", "1767225600", NO),
        ("NotIpAddress", "10.0.0.7", "192.0.2.0/24", YES),
        ("NotIpAddress", "10.0.0.7", "10.0.0.0/8", NO),
        ("NotIpAddress", "2001:db8::7", "0.0.0.0/0", YES),
        # what they make of malformed values AWS does not say
        ("ArnNotLike", ROLE, "backup", UNKNOWN),
        ("NumericNotEquals", "10", "ten", UNKNOWN),
        ("NumericNotEquals", "ten", "10", UNKNOWN),
        ("DateNotEquals", "2026-01-01", "soon", UNKNOWN),
        ("NotIpAddress", "10.0.0.7", "here", UNKNOWN),
        ("NumericNotEquals", "${Any}", "10", UNKNOWN),
    ],
)  # fmt: skip
def test_negated_operator(operator: str, value: str, wanted: str, verdict: Verdict) -> None:
    assert OPERATORS[operator.lower()].met(text(value), [text(wanted)]) is verdict


def test_there_are_all_operators_that_aws_documents() -> None:
    compared = ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    documented = {operator for operator, _, _, _ in POSITIVE} | set(NEGATED.values())
    documented |= {f"{kind}{how}" for kind in ("Numeric", "Date") for how in compared}

    assert {name.lower() for name in documented} == set(OPERATORS)


# Keys and values together


def meets(operator: str, key: str, values: str, carried: Context) -> Verdict:
    statement = f"{OPEN}, Condition: {{{operator}: {{{key}: {values}}}}}"
    return decided(asking(context=carried), statement).verdict


VPC, TAGS = "aws:SourceVpc", "aws:TagKeys"
THERE: Context = {VPC: "vpc-1", TAGS: ["team", "cost"]}
NOT_THERE: Context = {VPC: None, TAGS: None}
NOT_KNOWN: Context = {}


@pytest.mark.parametrize(
    ("operator", "values", "there", "absent", "unknown"),
    [
        ("StringEquals", "vpc-1", YES, NO, UNKNOWN),
        ("StringEquals", "[vpc-2, vpc-1]", YES, NO, UNKNOWN),
        ("StringEquals", "vpc-2", NO, NO, UNKNOWN),
        ("StringEquals", "[]", NO, NO, UNKNOWN),
        ("stringequals", "vpc-1", YES, NO, UNKNOWN),
        # a negated operator holds for none of the values, and without the key
        ("StringNotEquals", "vpc-1", NO, YES, UNKNOWN),
        ("StringNotEquals", "[vpc-2, vpc-1]", NO, YES, UNKNOWN),
        ("StringNotEquals", "[vpc-2, vpc-3]", YES, YES, UNKNOWN),
        ("StringEqualsIfExists", "vpc-1", YES, YES, UNKNOWN),
        ("StringEqualsIfExists", "vpc-2", NO, YES, UNKNOWN),
        ("StringNotEqualsIfExists", "vpc-1", NO, YES, UNKNOWN),
        ("StringLike", "'*'", YES, NO, UNKNOWN),
        # whether the key is there
        ("'Null'", "'true'", NO, YES, UNKNOWN),
        ("'Null'", "true", NO, YES, UNKNOWN),
        ("'Null'", "'false'", YES, NO, UNKNOWN),
        ("'Null'", "[true, false]", YES, YES, UNKNOWN),
        ("'Null'", "perhaps", NO, NO, UNKNOWN),
        ("'Null'", "!Ref Any", UNKNOWN, UNKNOWN, UNKNOWN),
        # operators that do not exist
        ("StringMatches", "vpc-1", UNKNOWN, UNKNOWN, UNKNOWN),
        ("ForEachValue:StringEquals", "vpc-1", UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_one_value(operator: str, values: str, there: Verdict, absent: Verdict, unknown: Verdict) -> None:
    found = [meets(operator, VPC, values, carried) for carried in (THERE, NOT_THERE, NOT_KNOWN)]

    assert found == [there, absent, unknown]


@pytest.mark.parametrize(
    ("operator", "values", "there", "absent"),
    [
        ("ForAllValues:StringEquals", "[team, cost, owner]", YES, YES),
        ("ForAllValues:StringEquals", "team", NO, YES),
        ("ForAllValues:StringLike", "['t*', '*st']", YES, YES),
        ("ForAllValues:StringNotEquals", "owner", YES, YES),
        ("ForAllValues:StringNotEquals", "[owner, team]", NO, YES),
        ("forallvalues:stringequals", "team", NO, YES),
        ("ForAnyValue:StringEquals", "team", YES, NO),
        ("ForAnyValue:StringEquals", "owner", NO, NO),
        ("ForAnyValue:StringNotEquals", "team", YES, NO),
        ("ForAnyValue:StringNotEquals", "[team, cost]", NO, NO),
        ("ForAllValues:StringEqualsIfExists", "team", NO, YES),
        # met without the key by one, not met by the other: AWS does not say
        ("ForAnyValue:StringEqualsIfExists", "team", YES, UNKNOWN),
        # without a set operator
        ("StringEquals", "team", UNKNOWN, NO),
        ("StringEquals", "owner", NO, NO),
        ("StringNotEquals", "owner", UNKNOWN, YES),
        ("StringNotEquals", "[team, cost]", NO, YES),
    ],
)
def test_several_values(operator: str, values: str, there: Verdict, absent: Verdict) -> None:
    assert [meets(operator, TAGS, values, carried) for carried in (THERE, NOT_THERE)] == [there, absent]


@pytest.mark.parametrize(
    ("operator", "carried", "verdict"),
    [
        ("ForAllValues:StringEquals", [], YES),
        ("ForAllValues:StringEquals", [""], YES),
        ("ForAllValues:StringEquals", ["", "cost"], NO),
        ("ForAnyValue:StringEquals", [], NO),
        ("ForAnyValue:StringEquals", [""], NO),
        ("ForAllValues:StringEquals", ["team", "${Any}"], UNKNOWN),
        ("ForAllValues:StringEquals", ["cost", "${Any}"], NO),
        ("ForAnyValue:StringEquals", ["team", "${Any}"], YES),
        ("ForAnyValue:StringEquals", ["cost", "${Any}"], UNKNOWN),
    ],
)
def test_values_that_are_few_empty_or_not_known(operator: str, carried: list[str], verdict: Verdict) -> None:
    assert meets(operator, TAGS, "team", {TAGS: carried}) is verdict


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        # names of keys are compared without regard to case
        ("StringEquals: {AWS:sourcevpc: vpc-1}", YES),
        # all operators, and all keys under each, have to hold
        ("StringEquals: {aws:SourceVpc: vpc-1}, Bool: {aws:PrincipalIsAWSService: false}", YES),
        ("StringEquals: {aws:SourceVpc: vpc-1}, Bool: {aws:PrincipalIsAWSService: true}", NO),
        ("StringEquals: {aws:SourceVpc: vpc-1, aws:PrincipalAccount: '444455556666'}", NO),
        ("StringEquals: {aws:SourceVpc: vpc-2, aws:SourceVpce: vpce-1}", NO),
        ("StringEquals: {aws:SourceVpc: vpc-1, aws:SourceVpce: vpce-1}", UNKNOWN),
        # a condition that cannot be read
        ("!Ref Any", UNKNOWN),
        ("StringEquals: !Ref Any", UNKNOWN),
    ],
)
def test_conditions_together(condition: str, verdict: Verdict) -> None:
    written = condition if condition.startswith("!") else f"{{{condition}}}"

    assert decided(asking(context=THERE), f"{OPEN}, Condition: {written}").verdict is verdict
