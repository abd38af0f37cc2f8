"""How much a decision costs: work is counted, not time, so that the numbers are the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.decisions import COPY_INTO, DESTINATION, OPEN, SOURCE, Context, asking, statements
from tests.hostile import ARN, as_json, copy_to, statement, vault
from tests.runs import run
from xbackup_lint.policy.decide import decide
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

TYPICAL = (
    f"Effect: Allow, Principal: {{AWS: 'arn:aws:iam::{SOURCE}:root'}}, Action: '{COPY_INTO}', Resource: '*'",
    (
        f"Effect: Allow, Principal: '*', Action: '{COPY_INTO}', Resource: '*', "
        "Condition: {StringEquals: {aws:PrincipalOrgID: !Ref Any}}"
    ),
)
ORGANIZATION: Context = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}


def calls(work: Callable[[], object]) -> int:
    """How many functions some work calls, those of Python's own library included."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def deciding(policy: list[Statement], request: Request, verdict: Verdict) -> int:
    """What one decision costs where each statement has been seen before."""
    assert decide(request, policy).verdict is verdict
    return calls(lambda: decide(request, policy))


def test_a_typical_decision_is_cheap() -> None:
    request = asking(context=ORGANIZATION)

    assert deciding(statements(TYPICAL[0]), request, YES) < 250
    assert deciding(statements(TYPICAL[1]), request, UNKNOWN) < 450
    assert deciding(statements(*TYPICAL), request, YES) < 700


@pytest.mark.parametrize(
    "repeated",
    [
        # statements
        lambda count: statements(*[TYPICAL[0].replace(SOURCE, DESTINATION)] * count),
        # principals
        lambda count: statements(
            f"Effect: Allow, Principal: {{AWS: {[f'{number:012}' for number in range(count)]}}}, Action: '*', Resource: '*'"
        ),
        # principals that a Deny spares
        lambda count: statements(
            f"Effect: Deny, NotPrincipal: {{AWS: {[f'{number:012}' for number in range(count)]}}}, Action: '*', Resource: '*'"
        ),
        # actions and resources
        lambda count: statements(
            f"Effect: Allow, Principal: '*', Action: {['kms:*'] * count}, Resource: '*'"
        ),
        lambda count: statements(
            f"Effect: Allow, Principal: '*', Action: '*', Resource: {['arn:aws:s3:*'] * count}"
        ),
        # conditions
        lambda count: statements(
            f"{OPEN}, Condition: {{StringLike: {{aws:PrincipalOrgID: {['o-z*'] * count}}}}}"
        ),
        # stars in a pattern, of a value and of an action
        lambda count: statements(
            f"{OPEN}, Condition: {{StringLike: {{aws:PrincipalArn: '{'*a' * count}'}}}}"
        ),
        lambda count: statements(f"Effect: Allow, Principal: '*', Action: '{'*o' * count}', Resource: '*'"),
        # variables, good and bad
        lambda count: statements(
            f"{OPEN}, Condition: {{StringLike: {{aws:PrincipalArn: '{'*${aws:PrincipalAccount}' * count}'}}}}"
        ),
        lambda count: statements(
            f"{OPEN}, Condition: {{StringLike: {{aws:PrincipalArn: '{'${aws:' * count}'}}}}"
        ),
    ],
)
def test_work_grows_no_faster_than_a_policy(repeated: Callable[[int], list[Statement]]) -> None:
    request = asking(context=ORGANIZATION)
    small, large = (deciding(repeated(count), request, NO) for count in (100, 800))

    assert large <= 8.5 * small


@pytest.mark.parametrize(
    "conditions",
    [
        {
            "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
            "ArnLike": {"aws:PrincipalArn": "*:role/b-*"},
        },
        {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    ],
)
def test_copies_times_statements_is_no_work(tmp_path: Path, conditions: dict[str, Any]) -> None:
    """What a policy says to a role is decided once for all its copies: 20 more cost the same whatever it holds."""

    def work(copies: int, statements: int) -> int:
        one = statement(Principal="*", Condition=conditions)
        plans = {f"P{n}": copy_to(ARN) for n in range(copies)}
        files = {
            "444455556666/eu-west-1/v.json": {"V": vault(BackupVaultName="central", AccessPolicy={"Statement": [one] * statements})},
            "111122223333/eu-west-1/p.json": plans,
        }  # fmt: skip
        for path, resources in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(as_json(resources))
        return calls(lambda: run(".", "--format", "json", cwd=tmp_path))

    work(1, 1)
    of_20_copies = {count: work(25, count) - work(5, count) for count in (20, 120)}
    assert of_20_copies[120] - of_20_copies[20] < 20 * 100


@pytest.mark.parametrize("pattern", ["*a" * 2000 + "b", "?*" * 2000 + "b", "*a" * 1000 + "*" * 1000 + "b"])
def test_stars_against_a_long_value(pattern: str) -> None:
    policy = statements(f"{OPEN}, Condition: {{StringLike: {{aws:userid: '{pattern}'}}}}")
    request = asking(context={"aws:userid": "a" * 4000})

    assert deciding(policy, request, NO) < 100_000


def test_stars_against_what_is_not_known() -> None:
    policy = statements(f"{OPEN}, Condition: {{StringLike: {{aws:userid: !Sub '{'*a' * 500}${{Any}}'}}}}")
    request = asking(context={"aws:userid": "a" * 400})

    assert deciding(policy, request, NO) < 10_000
