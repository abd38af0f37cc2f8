"""How many there are of what AWS Backup has a quota for, whichever way conditions turn out."""

from __future__ import annotations

import pytest

from tests.test_timing import read
from xbackup_lint.model.amount import Amount
from xbackup_lint.model.estate import Estate

HEAD = """\
Parameters:
  A: {Type: String, AllowedValues: ['yes', 'no']}
  B: {Type: String, AllowedValues: ['yes', 'no']}
Conditions:
  A: !Equals [!Ref A, 'yes']
  B: !Equals [!Ref B, 'yes']
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: all
        BackupPlanRule:
"""
SELECTION = """\
          - {RuleName: daily, TargetBackupVault: production}
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: all
        IamRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/backup
"""


def rules(*written: str) -> Estate:
    return read(HEAD + "".join(f"          - {one}\n" for one in written))


def plain(count: int) -> list[str]:
    return [f"{{RuleName: r{number}, TargetBackupVault: production}}" for number in range(1, count + 1)]


def over(estate: Estate) -> list[tuple[str, str, int, str, str]]:
    """What is over its quota: what, of whom, how many, the first too many, and under which condition."""
    found: list[Amount] = [one for one in estate.amounts if one.excess]
    return [(one.reason, one.owner, one.number, one.surplus.text, str(one.guard)) for one in found]


def test_up_to_the_quota() -> None:
    assert over(rules(*plain(10))) == []


def test_more_than_the_quota() -> None:
    assert over(rules(*plain(12))) == [("rules", "plan `all`", 12, "r11", "")]


CONDITIONAL = [
    # all but one certain, one more under a condition
    (plain(10), "!If [A, {RuleName: x}, !Ref AWS::NoValue]", [("x", "A is true")]),
    # one or the other, never both
    (plain(9), "!If [A, {RuleName: x}, {RuleName: y}]", []),
    (plain(10), "!If [A, {RuleName: x}, {RuleName: y}]", [("x", "A is true"), ("y", "A is false")]),
]


@pytest.mark.parametrize(("certain", "perhaps", "expected"), CONDITIONAL)
def test_under_conditions(certain: list[str], perhaps: str, expected: list[tuple[str, str]]) -> None:
    found = over(rules(*certain, perhaps))

    assert [(surplus, guard) for _, _, _, surplus, guard in found] == expected


def test_names_are_pointed_at_and_where_there_is_none_the_whole() -> None:
    nameless = [*plain(10), "{TargetBackupVault: production}"]

    assert [one[3] for one in over(rules(*nameless))] == ["{TargetBackupVault: production}"]


LISTS = [
    ("Resources", "arn:aws:s3:::bucket-{}", "arns", 500),
    ("Resources", "arn:aws:s3:::team-{}-*", "arns-with-wildcards", 30),
    (
        "ListOfTags",
        "{{ConditionType: STRINGEQUALS, ConditionKey: k{}, ConditionValue: v}}",
        "tags",
        30,
    ),
]


@pytest.mark.parametrize(("name", "element", "reason", "quota"), LISTS)
def test_lists_of_a_selection(name: str, element: str, reason: str, quota: int) -> None:
    def selection(count: int) -> Estate:
        elements = "".join(f"          - {element.format(number)}\n" for number in range(count))
        return read(f"{HEAD}{SELECTION}        {name}:\n{elements}")

    assert over(selection(quota)) == []
    (found,) = over(selection(quota + 1))
    assert found[:3] == (reason, "selection `all`", quota + 1)
    assert found[3] == element.format(quota)


def test_wildcards_and_names_in_full_are_counted_apart() -> None:
    lines = [f"          - arn:aws:s3:::{number}{end}\n" for number in range(30) for end in ("", "-*")]

    assert over(read(f"{HEAD}{SELECTION}        Resources:\n{''.join(lines)}")) == []


def test_copies_and_tags_of_a_rule() -> None:
    arn = "{{DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:v{}}}"
    copies = ", ".join(arn.format(number) for number in range(6))
    tags = ", ".join(f"t{number}: v" for number in range(11))
    estate = rules(f"{{RuleName: daily, CopyActions: [{copies}], RecoveryPointTags: {{{tags}}}}}")

    assert [(reason, owner, number) for reason, owner, number, _, _ in over(estate)] == [
        ("copy-actions", "rule `daily`", 6),
        ("recovery-point-tags", "rule `daily`", 11),
    ]
    assert [one[3].rsplit(":", 1)[-1] for one in over(estate)] == ["v5", "t10"]
