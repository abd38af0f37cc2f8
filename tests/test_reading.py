"""From inputs to one estate: what each file is taken for, and what reading notices."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from xbackup_lint.config.deployments import Assignments, UsageError, parse_assignment
from xbackup_lint.model.problem import Problem
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings

VAULT = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
"""
PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: central
"""


def policy(*actions: str, principal: object = None) -> str:
    statement: dict[str, object] = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def read(
    files: Mapping[str, str],
    accounts: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    *,
    named: bool = False,
) -> Readings:
    inputs = [Input(path, path, named, text) for path, text in sorted(files.items())]
    given = (parse_assignment(account, "account") for account in accounts)
    return read_inputs(
        inputs, Assignments(tuple(given), tuple(parse_assignment(one, "region") for one in regions))
    )


def told(problems: list[Problem]) -> list[tuple[str, str, str, str]]:
    """Each problem: kind, reason, line and column, the text underlined."""
    return [
        (p.kind, p.reason, f"{p.span.begin[0]}:{p.span.begin[1]}", p.span.text) for p in problems
    ]  # fmt: skip


# What a file is taken for


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        (VAULT, {"vaults": 1}),
        (PLAN, {"plans": 1, "rules": 1}),
        (f"AWSTemplateFormatVersion: '2010-09-09'\n{PLAN}", {"plans": 1, "rules": 1}),
        ("AWSTemplateFormatVersion: '2010-09-09'\n", {}),
        ("Transform: AWS::Serverless-2016-10-31\n" + VAULT, {"vaults": 1}),
        ('{"BackupVaultName": "central", "BackupVaultArn": "arn:aws:backup:eu-west-1:111122223333:backup-vault:central"}', {"vaults": 1}),
        ('{"BackupPlanName": "daily", "Rules": [{"RuleName": "daily"}]}', {"plans": 1, "rules": 1}),
        (policy("backup:CopyIntoBackupVault", principal="*"), {"statements": 1}),
    ],
)  # fmt: skip
def test_what_is_ours(text: str, nouns: dict[str, int]) -> None:
    readings = read({"a.yaml": text}, named=True)

    assert readings.read == ["a.yaml"]
    counts = {
        noun: len(getattr(readings.estate, noun)) for noun in ("vaults", "plans", "rules", "statements")
    }
    assert {noun: count for noun, count in counts.items() if count} == nouns
    assert len(readings.estate.deployments) == 1


@pytest.mark.parametrize(
    "text",
    [
        "BackupVault\n",
        "- BackupVault\n",
        "Resources: [BackupVault]\n",
        "Resources:\n  Vault: {Type: Custom}\nkind: BackupVault\n",
        "Statement: BackupVault\n",
        "Statement:\n  - BackupVault\n",
        "Statement:\n  BackupVault: daily\n",
        '{"plans": {"daily": {"rules": {"BackupVault": 1}}}}',
    ],
)
def test_what_is_not(text: str) -> None:
    readings = read({"a.yaml": text})

    assert readings.passed_over == [("a.yaml", "no template and no policy")]
    assert (readings.read, readings.unreadable) == ([], [])
    assert readings.estate.deployments == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (policy("backup:CopyIntoBackupVault", principal="*"), "vault"),
        (policy("Backup:CopyIntoBackupVault", principal="*"), "vault"),
        (policy("backup:CopyIntoBackupVault", "kms:Decrypt", principal="*"), "vault"),
        (policy("kms:Decrypt", "kms:CreateGrant", principal={"AWS": "*"}), "key"),
        (policy("backup:CopyIntoBackupVault"), "identity"),
        (policy("kms:Decrypt"), "identity"),
        (policy("s3:GetObject", principal="*"), "identity"),
        (policy("backup:CopyIntoBackupVault", principal="*").replace("Principal", "NotPrincipal"), "vault"),
        (policy("kms:Decrypt", principal="*").replace("Action", "NotAction"), "key"),
    ],
)
def test_a_policy_is_taken_for_what_it_can_only_be(text: str, kind: str) -> None:
    assert [s.policy_kind for s in read({"policy.json": text}, named=True).estate.statements] == [kind]


def test_what_cannot_be_read_loses_nothing_else() -> None:
    broken = VAULT + "    Other: [\n"
    readings = read({"a.yaml": broken, "b.yaml": "on: push\n", "c.yaml": PLAN, "d.json": "{'BackupVault'"})

    assert readings.unreadable == ["a.yaml"]
    assert readings.passed_over[0] == ("b.yaml", "says nothing of backups")
    assert [path for path, _ in readings.passed_over] == ["b.yaml", "d.json"]
    assert readings.read == ["c.yaml"]
    assert [problem.kind for problem in readings.estate.problems] == ["input-unreadable"]
    assert [plan.label for plan in readings.estate.plans] == ["daily"]


# Accounts and regions


@pytest.mark.parametrize("text", [VAULT, policy("backup:CopyIntoBackupVault", principal="*")])
@pytest.mark.parametrize(
    ("path", "accounts", "regions", "place"),
    [
        ("a.yaml", (), (), (None, None)),
        ("a.yaml", ("111122223333",), ("eu-west-1",), ("111122223333", "eu-west-1")),
        ("a.yaml", ("111122223333=a.*",), ("eu-west-1=*.yaml",), ("111122223333", "eu-west-1")),
        ("444455556666/eu-central-1/a.yaml", (), (), ("444455556666", "eu-central-1")),
        ("444455556666/x/a.yaml", ("111122223333",), ("eu-west-1",), ("444455556666", "eu-west-1")),
    ],
)
def test_files_are_for_the_account_that_they_are_told(
    text: str,
    path: str,
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    place: tuple[str | None, str | None],
) -> None:
    [deployment] = read({path: text}, accounts, regions).estate.deployments

    assert (deployment.account.known, deployment.region.known) == place


def test_two_accounts_for_one_document_are_a_contradiction() -> None:
    with pytest.raises(UsageError, match="444455556666"):
        read(
            {"444455556666/policy.json": policy("backup:Start*", principal="*")},
            ("111122223333=444455556666",),
        )


# What reading notices

DUPLICATES = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Type: AWS::Backup::LogicallyAirGappedBackupVault
    Properties:
      BackupVaultName: one
      BackupVaultName: two
"""


def test_keys_given_twice_and_where_they_stand_first() -> None:
    readings = read({"a.yaml": DUPLICATES})
    problems = readings.estate.problems

    assert told(problems) == [
        ("input-duplicate-key", "", "4:5", "Type"),
        ("input-duplicate-key", "", "7:7", "BackupVaultName"),
    ]
    assert [problem.related.begin[0] for problem in problems if problem.related is not None] == [3, 6]
    assert [(vault.kind, vault.label) for vault in readings.estate.vaults] == [("air-gapped", "two")], (
        "the last counts"
    )


def test_nothing_is_noticed_in_files_that_are_none_of_ours() -> None:
    readings = read({"a.yaml": "BackupVault: 012345670123\nBackupVault: 2\n"})

    assert readings.estate.problems == []


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ("  Account: 012345670123\n", ["012345670123"]),
        ("  Account: [012345670123, 000000000000]\n", ["012345670123", "000000000000"]),
        ("  012345670123: production\n", ["012345670123"]),
        ("  Account: &id 012345670123\n  Same: *id\n", ["012345670123"]),
        ("  Account: !Join [':', [arn, 012345670123]]\n", ["012345670123"]),
        # text, whatever it looks like
        ("  Account: '012345670123'\n", []),
        ('  Account: "012345670123"\n', []),
        ("  Account: !Sub 012345670123\n", []),
        ("  Account: !!str 012345670123\n", []),
        ("  Account: |\n    012345670123\n", []),
        ("  Account: arn:aws:iam::012345670123:root\n", []),
        ("  Account: a012345670123\n", []),
        ("  # 012345670123\n", []),
        # a digit that no octal number has; too short, too long; no zero before it
        ("  Account: 012345678901\n", []),
        ("  Account: 01234567012\n", []),
        ("  Account: 0123456701234\n", []),
        ("  Account: 112345670123\n", []),
    ],
)
def test_account_ids_that_yaml_reads_as_octal(extra: str, found: list[str]) -> None:
    problems = read({"a.yaml": f"{VAULT}Metadata:\n{extra}  End: 1\n"}).estate.problems

    assert sorted(p.span.text for p in problems) == sorted(found)
    assert {(p.kind, p.reason) for p in problems} <= {("account-id-not-text", "octal")}
    for problem in problems:
        assert int(problem.facts["read"]) == int(problem.span.text, 8)


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        ('{"AWS": 12345678901}', ["12345678901"]),
        ('{"AWS": [12345678, "111122223333", 1234567890]}', ["12345678", "1234567890"]),
        ('{"AWS": "12345678901"}', []),
        ('{"AWS": 111122223333}', []),
        ('{"AWS": 1234567}', []),
        ('{"Service": 12345678901}', []),
    ],
)
def test_account_ids_that_lost_their_zeros(principal: str, found: list[str]) -> None:
    text = policy("backup:CopyIntoBackupVault", principal="P").replace('"P"', principal)
    problems = [p for p in read({"policy.json": text}).estate.problems if p.kind == "account-id-not-text"]

    assert [p.span.text for p in problems] == found
    assert [(p.reason, p.facts["meant"]) for p in problems] == [
        ("lost-zeros", one.zfill(12)) for one in found
    ]


def test_account_ids_in_conditions() -> None:
    condition = {"StringEquals": {"aws:principalaccount": 12345678901, "aws:PrincipalTag/cost": 12345678901}}
    document = json.loads(policy("backup:CopyIntoBackupVault", principal="*"))
    document["Statement"][0]["Condition"] = condition
    problems = read({"policy.json": json.dumps(document)}).estate.problems

    assert [(p.kind, p.reason, p.span.text) for p in problems] == [
        ("account-id-not-text", "lost-zeros", "12345678901")
    ]


def test_the_same_inputs_give_the_same_estate() -> None:
    files = {
        "a.yaml": VAULT,
        "b.yaml": PLAN,
        "policy.json": policy("backup:CopyIntoBackupVault", principal="*"),
    }

    def outline() -> list[str]:
        estate = read(files).estate
        spans = [*(one.span for one in estate.vaults), *(one.span for one in estate.rules)]
        return [str(span) for span in (*spans, *(one.span for one in estate.statements))]

    assert outline() == outline()
    assert len(outline()) == 3
