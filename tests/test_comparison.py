"""Texts with holes against each other: equality and IAM's wildcards, in three values."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.comparison import equals, glob, like
from xbackup_lint.values.hole import ACCOUNT, ANY, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

A, B = Hole(("a.yaml", "A"), "not known"), Hole(("b.yaml", "B"), "not known")
ID = Hole(("a.yaml", "Id"), "not known", ACCOUNT)


def text(*parts: str | Hole) -> Text:
    return Text.join(
        [
            Text.literal(part, NOWHERE) if isinstance(part, str) else Text.unknown(part, NOWHERE)
            for part in parts
        ],
        NOWHERE,
    )


EQUAL = [
    (text("central"), text("central"), YES),
    (text("central"), text("Central"), NO),
    (text("cen", "tral"), text("central"), YES),
    (text(A), text("central"), UNKNOWN),
    (text(A), text(A), YES),
    (text(A), text(Hole(A.symbol, "for another reason")), YES),
    (text(A), text(B), UNKNOWN),
    (text("arn:", A, ":root"), text("arn:", A, ":root"), YES),
    (text("arn:", A, ":root"), text("arn:", B, ":root"), UNKNOWN),
    (text("arn:", A, ":root"), text("arn:", A, ":role/x"), NO),
    (text("arn:", A, ":root"), text("*"), NO),
    (text(ID), text("444455556666"), UNKNOWN),
    (text(ID), text("44445555666"), NO),
    (text(Hole(("a", "P"), "", Shape.one_of(("dev", "prod")))), text("prod"), UNKNOWN),
    (text(Hole(("a", "P"), "", Shape.one_of(("dev", "prod")))), text("test"), NO),
]


@pytest.mark.parametrize(("left", "right", "verdict"), EQUAL, ids=str)
def test_equals(left: Text, right: Text, verdict: Verdict) -> None:
    assert equals(left, right) is verdict
    assert equals(right, left) is verdict


LIKE = [
    (text("backup:CopyIntoBackupVault"), text("backup:*"), YES),
    (text("backup:CopyIntoBackupVault"), text("backup:Copy????BackupVault"), YES),
    (text("backup:CopyIntoBackupVault"), text("kms:*"), NO),
    (text("arn:aws:iam::", A, ":root"), text("*"), YES),
    (text("arn:aws:iam::", A, ":root"), text("arn:aws:iam::*:root"), YES),
    (text("arn:aws:iam::", A, ":root"), text("arn:aws:iam::*:role/*"), UNKNOWN),
    (text("arn:aws:iam::", ID, ":root"), text("arn:aws:iam::*:role/*"), NO),
    (text("arn:aws:iam::", A, ":root"), text("arn:aws:iam::", A, ":*"), YES),
    (text("arn:aws:iam::", A, ":root"), text("arn:aws:iam::", B, ":*"), UNKNOWN),
    (text("central"), text(A), UNKNOWN),
    (text("central"), text("x", A), NO),
    (text(""), text("*"), YES),
]


@pytest.mark.parametrize(("value", "pattern", "verdict"), LIKE, ids=str)
def test_like(value: Text, pattern: Text, verdict: Verdict) -> None:
    assert like(value, pattern) is verdict


letters = st.text("ab:", max_size=8)
patterns = st.text("ab:*?", max_size=8)


@given(letters, patterns)
def test_known_texts_match_as_a_regular_expression_would(value: str, pattern: str) -> None:
    wanted = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)

    assert glob(value, pattern) == (re.fullmatch(wanted, value) is not None)


@given(letters, letters, letters, patterns)
def test_hiding_a_part_only_ever_makes_unknown(before: str, hidden: str, after: str, pattern: str) -> None:
    shown = like(text(before, hidden, after), text(pattern))
    veiled = like(text(before, Hole(("x", "x"), "hidden", ANY), after), text(pattern))

    assert veiled in (shown, UNKNOWN)


@given(letters, letters, letters, letters)
def test_hiding_a_part_of_an_equal_never_makes_different(
    before: str, hidden: str, after: str, other: str
) -> None:
    shown = equals(text(before, hidden, after), text(other))

    assert equals(text(before, A, after), text(other)) in (shown, UNKNOWN)


@given(
    st.lists(st.sampled_from(["a", ":", "b", A, B]), max_size=6),
    st.lists(st.sampled_from(["a", ":", "b", A, B]), max_size=6),
)
def test_names_of_symbols_do_not_matter(left: list[str | Hole], right: list[str | Hole]) -> None:
    renamed = {A: Hole(("z", "1"), ""), B: Hole(("y", "2"), "")}

    def anew(parts: list[str | Hole]) -> Text:
        return text(*(renamed[part] if isinstance(part, Hole) else part for part in parts))

    assert equals(text(*left), text(*right)) is equals(anew(left), anew(right))


def test_patterns_made_to_backtrack_end_at_once() -> None:
    start = time.perf_counter()

    assert glob("a" * 10_000, "*a" * 50 + "b") is False
    assert like(text("a" * 5_000, A), text("*a" * 100 + "b")) is UNKNOWN
    assert time.perf_counter() - start < 5
