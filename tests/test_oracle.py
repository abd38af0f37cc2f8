"""The comparison with another program, as far as it can be tested without that program."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools.oracle import asked, main, ours
from tools.oracle_cases import Maker
from tools.oracle_differences import DIFFERENCES, Difference

DOCUMENT = (Path(__file__).parents[1] / "docs" / "oracle.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("known", DIFFERENCES, ids=lambda known: known.name)
def test_known_differences_are_explained_and_as_written_down(known: Difference) -> None:
    assert f"`{known.name}`" in DOCUMENT
    assert ours(known.case) == known.ours


def test_known_differences_are_differences() -> None:
    refused = {"ImplicitlyDenied", "ExplicitlyDenied"}
    assert [
        one.name
        for one in DIFFERENCES
        if one.ours == one.theirs or {one.ours, one.theirs} <= refused | {"NO"}
    ] == []
    assert len({one.name for one in DIFFERENCES}) == len(DIFFERENCES)


def test_we_are_in_doubt_only_where_aws_is_unclear() -> None:
    assert [one.name for one in DIFFERENCES if one.ours == "UNKNOWN" and one.cause != "unclear"] == []


def test_random_cases_are_the_same_for_the_same_seed() -> None:
    first, second = Maker(7), Maker(7)

    assert [asked(first.case()) for _ in range(50)] == [asked(second.case()) for _ in range(50)]


def test_random_cases_have_every_kind_and_every_answer() -> None:
    maker = Maker(1)
    cases = [maker.case() for _ in range(400)]
    kinds = Counter(kind for case in cases for kind in case.kinds)
    answers = Counter(ours(case) for case in cases)

    assert min(kinds.values()) >= 20
    assert len(kinds) == 12
    assert answers["Allowed"] >= 20
    assert answers["NO"] >= 200


@pytest.mark.parametrize("there", [(), ("oracle.mjs",)])
def test_without_the_other_program(
    tmp_path: Path, there: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in there:
        (tmp_path / name).touch()

    assert main(["--oracle", str(tmp_path / "oracle.mjs")]) == 0
    assert capsys.readouterr().out.startswith("No second opinion: ")
