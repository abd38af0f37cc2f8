"""Statements that findings suggest: complete, and in the notation of the file that they are for."""

from __future__ import annotations

import pytest

from xbackup_lint.engine.snippet import snippet
from xbackup_lint.model.remedy import copying_in_remedy, sharing_remedy
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text

ELSEWHERE = Span(Source("elsewhere.yaml", "Parameters: {}"), 0, 1)
ACCOUNT = Text.literal("444455556666", ELSEWHERE)
KEY = Text.literal("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd", ELSEWHERE)
EVERYTHING = (
    "kms:DescribeKey",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:GenerateDataKeyWithoutPlaintext",
)


def place(text: str, part: str = "") -> Span:
    """A part of a file, or all of it."""
    source = Source("policy.yaml", text)
    start = text.index(part) if part else 0
    return Span(source, start, start + len(part or text))


def unknown(name: str, where: Span | None) -> Text:
    return Text.unknown(Hole(("template", name), "it is not known", place=where), ELSEWHERE)


YAML = place("Statement:\n  - Effect: Allow\n")


def test_share_a_key_in_yaml() -> None:
    remedy = sharing_remedy(YAML, KEY, ACCOUNT, EVERYTHING, has_policy=True)

    assert (
        snippet(remedy)
        == """\
- Effect: Allow
  Principal:
    AWS: arn:aws-us-gov:iam::444455556666:root
  Action:
    - kms:DescribeKey
    - kms:Decrypt
    - kms:ReEncrypt*
    - kms:GenerateDataKey*
  Resource: '*'
- Effect: Allow
  Principal:
    AWS: arn:aws-us-gov:iam::444455556666:root
  Action: kms:CreateGrant
  Resource: '*'
  Condition:
    Bool:
      kms:GrantIsForAWSResource: true"""
    )


@pytest.mark.parametrize(
    ("missing", "there", "not_there"),
    [
        (("kms:CreateGrant",), "Action: kms:CreateGrant", "kms:DescribeKey"),
        (("kms:Decrypt",), "Action: kms:Decrypt", "kms:CreateGrant"),
        (("kms:ReEncryptFrom", "kms:Decrypt"), "- kms:ReEncrypt*", "kms:GenerateDataKey*"),
    ],
)
def test_only_what_is_missing(missing: tuple[str, ...], there: str, not_there: str) -> None:
    written = snippet(sharing_remedy(YAML, KEY, ACCOUNT, missing, has_policy=True))

    assert there in written
    assert not_there not in written


def test_a_policy_where_there_is_none_leaves_the_key_to_its_account() -> None:
    written = snippet(sharing_remedy(YAML, KEY, ACCOUNT, ("kms:Decrypt",), has_policy=False))

    assert (
        written
        == """\
KeyPolicy:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal:
        AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'
      Action: kms:*
      Resource: '*'
    - Effect: Allow
      Principal:
        AWS: arn:aws-us-gov:iam::444455556666:root
      Action: kms:Decrypt
      Resource: '*'"""
    )


STATEMENT = """\
{
%(s)s"Effect": "Allow",
%(s)s"Principal": {
%(s)s%(s)s"AWS": "arn:aws:iam::111122223333:role/backup"
%(s)s},
%(s)s"Action": "backup:CopyIntoBackupVault",
%(s)s"Resource": "*"
}"""


@pytest.mark.parametrize(
    ("file", "step"),
    [
        (place('{\n  "Statement": []\n}'), 2),
        (place('{\n    "Statement": []\n}'), 4),
        (place('{"Statement": []}'), 2),
        (place('{\n                 "Statement": []\n}'), 2),
        (place("Policy: {'Statement': []}", "{'Statement': []}"), 2),
        (place("Policy: '{\"Statement\": []}'", "'{\"Statement\": []}'"), 2),
        (place('Policy: !Sub |\n  {"Statement": []}\n', '!Sub |\n  {"Statement": []}'), 2),
        (place('Policy:\n  Fn::Sub: |\n    {"Statement": []}\n', 'Fn::Sub: |\n    {"Statement": []}'), 2),
    ],
)
def test_json_with_the_indentation_of_the_file(file: Span, step: int) -> None:
    role = Text.literal("arn:aws:iam::111122223333:role/backup", ELSEWHERE)

    written = snippet(copying_in_remedy(file, role, Text.literal("111122223333", ELSEWHERE), has_policy=True))

    assert written == STATEMENT % {"s": " " * step}


def test_a_policy_in_json_where_there_is_none() -> None:
    file = place('{"Resources": {}}')

    written = snippet(
        copying_in_remedy(file, None, Text.literal("111122223333", ELSEWHERE), has_policy=False)
    )

    assert written.startswith('"AccessPolicy": {\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n')
    assert '"AWS": "arn:aws:iam::111122223333:role/ROLE"' in written
    assert written.endswith("\n}")


TEMPLATE = place("Parameters: {Friend: {Type: String}}\n")


@pytest.mark.parametrize(
    ("account", "principal"),
    [
        (ACCOUNT, "AWS: arn:aws-us-gov:iam::444455556666:root"),
        (unknown("Friend", TEMPLATE), "AWS: !Sub 'arn:aws-us-gov:iam::${Friend}:root'"),
        (unknown("Friend", ELSEWHERE), "AWS: arn:aws-us-gov:iam::DESTINATION:root"),
        (unknown("Friend", None), "AWS: arn:aws-us-gov:iam::DESTINATION:root"),
    ],
    ids=["known", "a parameter of this template", "a parameter of another template", "nobody's"],
)
def test_an_account_is_named_as_the_file_can(account: Text, principal: str) -> None:
    written = snippet(sharing_remedy(TEMPLATE, KEY, account, ("kms:Decrypt",), has_policy=True))

    assert principal in written


def test_a_parameter_in_a_policy_that_is_text_stands_for_itself() -> None:
    file = place('Policy: !Sub |\n  {"Statement": []}\n', '!Sub |\n  {"Statement": []}')
    inside = Span(file.source, 0, 6)

    written = snippet(sharing_remedy(file, KEY, unknown("Friend", inside), EVERYTHING, has_policy=True))

    assert '"AWS": "arn:aws-us-gov:iam::${Friend}:root"' in written
    assert "Fn::Sub" not in written


def test_a_role_is_named_as_the_file_can() -> None:
    partition = Text.unknown(Hole(("template", "AWS::Partition"), "it is not known"), ELSEWHERE)
    name = unknown("Role", ELSEWHERE)
    texts = [Text.literal("arn:", ELSEWHERE), partition, Text.literal(":iam::111122223333:role/", ELSEWHERE)]
    account = Text.literal("111122223333", ELSEWHERE)

    known = Text.join([*texts, Text.literal("backup", ELSEWHERE)], ELSEWHERE)
    named = snippet(copying_in_remedy(YAML, known, account, has_policy=True))
    not_named = snippet(
        copying_in_remedy(YAML, Text.join([*texts, name], ELSEWHERE), account, has_policy=True)
    )
    nobody = snippet(copying_in_remedy(YAML, None, unknown("Account", None), has_policy=True))

    assert "AWS: !Sub 'arn:${AWS::Partition}:iam::111122223333:role/backup'" in named
    assert "AWS: arn:aws:iam::111122223333:role/ROLE" in not_named
    assert "AWS: arn:aws:iam::SOURCE:role/ROLE" in nobody
