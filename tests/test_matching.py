"""Texts of policies against texts of requests: what a partition that is not known leaves open, and fields of ARNs."""

from __future__ import annotations

import pytest

from tests.test_principal import text
from xbackup_lint.policy.matching import fits, fits_arn, fits_resource, literal, same
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

ROOT = "arn:aws:iam::111122223333:root"

SAME = [
    (ROOT, ROOT, YES),
    (ROOT, "arn:aws:iam::111122223333:role/root", NO),
    ("arn:aws-cn:iam::111122223333:root", ROOT, NO),
    # a partition that is not known says nothing of whom an ARN names
    ("arn:${Name}:iam::111122223333:root", ROOT, YES),
    (ROOT, "arn:${Name}:iam::111122223333:root", YES),
    ("arn:${Name}:iam::111122223333:root", "arn:aws:iam::444455556666:root", NO),
    ("arn:${Name}:iam::${Account}:root", ROOT, UNKNOWN),
    # one that is known does, whatever else is not
    ("arn:aws:iam::${Account}:root", ROOT, UNKNOWN),
    ("${Name}:aws-cn:iam::111122223333:root", "arn:aws:iam::111122223333:${Any}", NO),
    ("${Name}:aws:iam::111122223333:root", "arn:aws:iam::111122223333:${Any}", UNKNOWN),
    ("${Any}:aws-cn:iam::111122223333:root", "arn:aws:iam::${Any}:root", NO),
    # no ARNs
    ("${Any}", ROOT, UNKNOWN),
    (ROOT, "${Any}", UNKNOWN),
    ("${Any}:aws", "arn:aws", UNKNOWN),
    ("arn:${Name}", "arn:aws", UNKNOWN),
]


@pytest.mark.parametrize(("value", "wanted", "verdict"), SAME)
def test_same(value: str, wanted: str, verdict: Verdict) -> None:
    assert same(text(value), text(wanted)) is verdict


FITS = [
    (ROOT, "*", YES),
    ("${Any}", "*", YES),
    (ROOT, "arn:*:root", YES),
    (ROOT, "arn:${Name}:iam::*:root", YES),
    (ROOT, "arn:${Name}:iam::*:role/?", NO),
    ("arn:${Name}:iam::${Account}:root", "arn:aws:iam::*:root", YES),
]


@pytest.mark.parametrize(("value", "pattern", "verdict"), FITS)
def test_fits(value: str, pattern: str, verdict: Verdict) -> None:
    assert fits(text(value), text(pattern)) is verdict


@pytest.mark.parametrize(
    ("value", "star", "question"), [("*", YES, NO), ("?", NO, YES), ("x", NO, NO), ("", NO, NO)]
)
def test_characters_that_are_no_wildcards(value: str, star: Verdict, question: Verdict) -> None:
    assert fits(text(f"a{value}b"), text(f"a{literal('*')}b")) is star
    assert fits(text(f"a{value}b"), text(f"a{literal('?')}b")) is question


FIELDS = [
    (ROOT, "arn:aws:iam::111122223333:root", YES),
    (ROOT, "*:*:*:*:*:*", YES),
    (ROOT, "arn:aws:s3:*:*:*", NO),
    (ROOT, "arn:aws:iam:eu-west-1:*:*", NO),
    (ROOT, "arn:aws:iam:*:444455556666:*", NO),
    (ROOT, "arn:aws:iam:*:*:role/*", NO),
    (ROOT, "x:aws:iam:*:*:*", NO),
    (ROOT, "arn:aws-cn:iam:*:*:*", NO),
    (ROOT, "arn:${Name}:iam:*:*:*", YES),
    ("arn:${Name}:iam::111122223333:root", "arn:aws:iam:*:*:root", YES),
    ("root", "*:*:*:*:*:*", NO),
    ("${Any}", "*:*:*:*:*:*", UNKNOWN),
    (ROOT, "arn:*", UNKNOWN),
    (ROOT, "x*", NO),
]


@pytest.mark.parametrize(("value", "pattern", "verdict"), FIELDS)
def test_fields_of_arns(value: str, pattern: str, verdict: Verdict) -> None:
    assert fits_arn(text(value), text(pattern)) is verdict


RESOURCES = [
    # the end of a field may go on past its colon
    ("arn:aws:backup:*", YES),
    ("arn:aws:backup:eu*:backup-vault:central", YES),
    # what wildcards inside a field do past its colon AWS does not say
    ("arn:aws:backup:eu*central", UNKNOWN),
    ("arn:aws:backup:eu-west-1:4*central", UNKNOWN),
    ("arn:aws:backup:eu-west-1?444455556666:backup-vault:central", UNKNOWN),
    ("arn:aws:b?ckup:eu-west-1:444455556666:backup-vault:central", YES),
    ("arn:aws:backup:eu-west-1:444455556666:*c?ntral", YES),
    ("arn:aws:backup:*:backup-vault:c*l", YES),
    ("arn:aws:backup:eu-west-1:444455556666:backup-vault:other", NO),
]


@pytest.mark.parametrize(("pattern", "verdict"), RESOURCES)
def test_patterns_of_resources(pattern: str, verdict: Verdict) -> None:
    vault = text("arn:aws:backup:eu-west-1:444455556666:backup-vault:central")

    assert fits_resource(vault, text(pattern)) is verdict
