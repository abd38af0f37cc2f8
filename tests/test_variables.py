"""Policy variables: filled from the request, with defaults, and the characters that stand for themselves."""

from __future__ import annotations

import pytest

from tests.decisions import OPEN, ROLE, Context, asking, decided
from tests.test_principal import text
from xbackup_lint.policy.variables import filled, precede_resource
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

CARRIED: Context = {
    "aws:SourceVpc": "vpc-1",
    "aws:PrincipalTag/team": "red",
    "aws:PrincipalTag/star": "*",
    "aws:TagKeys": ["team"],
    "aws:SourceVpce": None,
}


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("vpc-1", "vpc-1"),
        ("${aws:SourceVpc}", "vpc-1"),
        ("${AWS:SOURCEVPC}", "vpc-1"),
        ("${ aws:SourceVpc }", "vpc-1"),
        ("a${aws:SourceVpc}b${aws:PrincipalTag/team}c", "avpc-1bredc"),
        ("${aws:PrincipalArn}", ROLE),
        ("${aws:PrincipalAccount}/*", "111122223333/*"),
        # defaults
        ("${aws:SourceVpc, 'vpc-9'}", "vpc-1"),
        ("${aws:SourceVpce, 'vpce-9'}", "vpce-9"),
        ("${aws:SourceVpce, 'a, b'}", "a, b"),
        ("${aws:SourceVpce,''}x", "x"),
        # no value, no default
        ("${aws:SourceVpce}", None),
        ("x${aws:SourceVpce}", None),
        # no key that any request carries
        ("${Vpc}", None),
        ("${AWS::AccountId}", None),
        # a key with several values is no variable
        ("${aws:TagKeys}", None),
        ("${aws:TagKeys, 'team'}", "team"),
        # that stand for themselves
        ("${*}", "*"),
        ("${?}", "?"),
        ("${$}", "$"),
        ("${$}{aws:SourceVpc}", "${aws:SourceVpc}"),
        # that are no variables
        ("$aws:SourceVpc", "$aws:SourceVpc"),
        ("${}", "${}"),
        ("${aws:SourceVpc", "${aws:SourceVpc"),
        ("${${aws:SourceVpc}}", "${vpc-1}"),
        ("${aws:SourceVpc, vpc-9}", "${aws:SourceVpc, vpc-9}"),
    ],
)
def test_filled(written: str, becomes: str | None) -> None:
    value = filled(text(written), asking(context=CARRIED), wildcards=False)

    assert (value.known if value is not None else None) == becomes


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("${aws:userid}", ["aws:userid"]),
        ("${Account}/${aws:SourceVpc}/${aws:userid}", ["Account", "aws:userid"]),
        # part of a variable
        ("${aws:PrincipalTag/${Any}}-x", ["${aws:PrincipalTag/${Any}}"]),
        ("${aws:SourceVpc, '${Any}'}", ["${aws:SourceVpc, '${Any}'}"]),
        ("x-${aws:${Any}", ["${aws:${Any}"]),
        # a default does not help: the key may be there
        ("${aws:userid, 'nobody'}", ["aws:userid"]),
    ],
)
def test_what_is_not_known_stays_a_hole(written: str, names: list[str]) -> None:
    value = filled(text(written), asking(context=CARRIED), wildcards=False)

    assert value is not None
    assert [hole.name for hole in value.holes] == names
    assert {hole.symbol[0] for hole in value.holes} <= {"t.yaml", "request"}


def test_what_follows_a_hole_is_filled_all_the_same() -> None:
    value = filled(text("${aws:${Any}}/${aws:SourceVpc}/${Any}/x"), asking(context=CARRIED), wildcards=False)

    assert value is not None
    assert [part.text for part in value.parts if isinstance(part, Fragment) and part.text] == [
        "/",
        "vpc-1",
        "/",
        "/x",
    ]


def test_a_variable_of_several_pieces() -> None:
    pieces = (Fragment("${aws:PrincipalTag/", NOWHERE), Fragment("team", NOWHERE), Fragment("}-x", NOWHERE))

    value = filled(Text(NOWHERE, pieces), asking(context=CARRIED), wildcards=False)

    assert value is not None
    assert value.known == "red-x"


@pytest.mark.parametrize(
    ("carried", "pattern", "verdict"),
    [
        # a literal star matches a star, and nothing else
        ("a*b", "a${*}b", YES),
        ("axb", "a${*}b", NO),
        ("a*b", "a*b", YES),
        ("axb", "a*b", YES),
        ("a?b", "a${?}b", YES),
        ("axb", "a${?}b", NO),
        ("a*b", "a${?}b", NO),
        ("a$b", "a${$}b", YES),
        # beside wildcards
        ("x*y*z", "*${*}*", YES),
        ("xyz", "*${*}*", NO),
        ("x*yz", "x${*}y?", YES),
        ("x?*", "x?${*}", YES),
        # wildcards from the request are none
        ("*", "${aws:PrincipalTag/star}", YES),
        ("vpc-1", "${aws:PrincipalTag/star}", NO),
        ("vpc-1", "vpc-${aws:SourceVpce, '*'}", NO),
        ("vpc-*", "vpc-${aws:SourceVpce, '*'}", YES),
        ("vpc-1", "${aws:PrincipalTag/none, 'vpc'}-*", UNKNOWN),
    ],
)
def test_wildcards(carried: str, pattern: str, verdict: Verdict) -> None:
    request = asking(context={**CARRIED, "aws:userid": carried})

    assert (
        decided(request, f'{OPEN}, Condition: {{StringLike: {{aws:userid: "{pattern}"}}}}').verdict is verdict
    )


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("StringEquals: {aws:userid: 'a${*}b'}", YES),
        ("StringEqualsIgnoreCase: {aws:userid: 'A${*}B'}", YES),
        ("StringNotEquals: {aws:userid: 'a${*}b'}", NO),
        ("ArnLike: {aws:PrincipalArn: 'arn:aws:iam::${aws:PrincipalAccount}:role/*'}", YES),
        ("ArnLike: {aws:PrincipalArn: 'arn:aws:iam::111122223333:role/${*}'}", NO),
        # a variable without a value is like nothing: negated operators hold
        ("StringEquals: {aws:userid: '${aws:SourceVpce}'}", NO),
        ("StringNotEquals: {aws:userid: '${aws:SourceVpce}'}", YES),
        ("StringNotLike: {aws:userid: ['${aws:SourceVpce}', 'a*']}", NO),
        # only string and ARN operators have variables
        ("Bool: {aws:SecureTransport: '${aws:SecureTransport}'}", NO),
        ("NumericEquals: {aws:MultiFactorAuthAge: '${aws:MultiFactorAuthAge}'}", NO),
        ("DateEquals: {aws:CurrentTime: '${aws:CurrentTime}'}", NO),
        ("IpAddress: {aws:SourceIp: '${aws:SourceIp}'}", NO),
        ("BinaryEquals: {aws:userid: '${aws:userid}'}", NO),
    ],
)
def test_by_operator(condition: str, verdict: Verdict) -> None:
    carried: Context = {
        **CARRIED,
        "aws:userid": "a*b",
        "aws:SecureTransport": "true",
        "aws:MultiFactorAuthAge": "10",
        "aws:CurrentTime": "2026-01-01",
        "aws:SourceIp": "10.0.0.7",
    }

    assert decided(asking(context=carried), f"{OPEN}, Condition: {{{condition}}}").verdict is verdict


RESOURCE = "arn:aws:backup:eu-west-1:444455556666:backup-vault:"


@pytest.mark.parametrize(
    ("element", "verdict"),
    [
        ("Resource: '{}${{aws:PrincipalTag/team}}-vault'", YES),
        ("Resource: '{}${{aws:SourceVpc}}-vault'", NO),
        ("Resource: \"{}${{aws:SourceVpce, 'red'}}-*\"", YES),
        ("Resource: '{}${{aws:userid}}'", UNKNOWN),
        # wildcards from the request are none
        ("Resource: '{}${{aws:PrincipalTag/star}}'", NO),
        # without a value none is like it, so none is left out
        ("Resource: '{}${{aws:SourceVpce}}'", NO),
        ("NotResource: '{}${{aws:SourceVpce}}'", YES),
        ("Resource: ['{}${{aws:SourceVpce}}', '*']", YES),
        # AWS: not before the fifth colon
        ("Resource: 'arn:aws:backup:eu-west-1:${{aws:ResourceAccount}}:backup-vault:red-vault'", NO),
        ("Resource: 'arn:aws:backup:${{aws:RequestedRegion, \"eu-west-1\"}}:*'", NO),
    ],
)
def test_in_resources(element: str, verdict: Verdict) -> None:
    request = asking(resource=f"{RESOURCE}red-vault", context=CARRIED)
    statement = f"Effect: Allow, Principal: '*', Action: '*', {element.format(RESOURCE)}"

    assert decided(request, statement).verdict is verdict


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("2012-10-17", YES),
        # older ones have no variables; a policy without a version is such
        ("2008-10-17", NO),
        ("", NO),
    ],
)
def test_by_version(version: str, verdict: Verdict) -> None:
    statement = f"{OPEN}, Condition: {{StringEquals: {{aws:SourceVpc: '${{aws:SourceVpc}}'}}}}"

    assert decided(asking(context=CARRIED), statement, version=version).verdict is verdict


@pytest.mark.parametrize(
    ("arn", "before"),
    [
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:${aws:userid}", False),
        ("arn:aws:backup:eu-west-1:444455556666:${aws:userid}", False),
        ("arn:aws:backup:eu-west-1:${aws:PrincipalAccount}:backup-vault:x", True),
        ("${aws:userid}:aws:backup:eu-west-1:444455556666:backup-vault:x", True),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:x", False),
        # what the template does not tell stands for a field
        ("arn:aws:backup:eu-west-1:${Account}:backup-vault:${aws:userid}", False),
        ("arn:aws:backup:${Name}:${aws:PrincipalAccount}:backup-vault:x", True),
    ],
)
def test_variables_before_the_fifth_colon(arn: str, before: bool) -> None:
    assert precede_resource(text(arn)) is before
