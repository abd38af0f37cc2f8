"""Backup plans in all their forms, and properties under the names of other forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Lifecycle, Texts
from xbackup_lint.model.problem import Problem
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.plans import API, CLOUDFORMATION, Form, Properties
from xbackup_lint.sources.reading import read_inputs


def read(text: str, path: str = "plan.yaml") -> Estate:
    return read_inputs([Input(path, Path(path), text=text)], Assignments()).estate


def plan(body: str) -> Estate:
    """The estate of a template whose plan has this body, from column 0."""
    indented = "".join(f"        {line}\n" for line in body.splitlines())
    head = "Resources:\n  Plan:\n    Type: AWS::Backup::BackupPlan\n    Properties:\n      BackupPlan:\n"
    conditions = "".join(f"  {name}: !Equals [!Ref {name}, 'yes']\n" for name in "ABCDEF")
    parameters = "".join(f"  {name}: {{Type: String, AllowedValues: ['yes', 'no']}}\n" for name in "ABCDEF")
    return read(f"Parameters:\n{parameters}Conditions:\n{conditions}{head}{indented}")


def said(texts: Texts) -> list[tuple[str, str | None]]:
    """The alternatives of a value: under which conditions, what."""
    return [(str(guard), str(text) if text is not None else None) for guard, text in texts]


def days(lifecycle: Lifecycle | None) -> tuple[object, object] | None:
    if lifecycle is None:
        return None
    return said(lifecycle.delete_after_days), said(lifecycle.move_to_cold_storage_after_days)


def problems(estate: Estate) -> list[tuple[str, str, str]]:
    """What is misnamed: the text underlined, what it is called, the reason."""
    assert {problem.kind for problem in estate.problems} <= {"plan-property-misnamed"}
    return [(_bare(problem), problem.facts["meant"], problem.reason) for problem in estate.problems]


def _bare(problem: Problem) -> str:
    return problem.span.text.strip('"')


# Forms

TEMPLATE = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: first
            TargetBackupVault: production
            EnableContinuousBackup: true
            Lifecycle: {DeleteAfterDays: 35}
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
                Lifecycle: {MoveToColdStorageAfterDays: 30, DeleteAfterDays: 365}
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:second
          - RuleName: second
            TargetBackupVault: production
"""
TEMPLATE_JSON = """\
{"Resources": {"Plan": {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": {
  "BackupPlanName": "daily",
  "BackupPlanRule": [
    {"RuleName": "first", "TargetBackupVault": "production", "EnableContinuousBackup": "true",
     "Lifecycle": {"DeleteAfterDays": "35"},
     "CopyActions": [
       {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
        "Lifecycle": {"MoveToColdStorageAfterDays": "30", "DeleteAfterDays": "365"}},
       {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:second"}]},
    {"RuleName": "second", "TargetBackupVault": "production"}]}}}}}
"""
BARE = """\
{"BackupPlanName": "daily",
 "Rules": [
   {"RuleName": "first", "TargetBackupVaultName": "production", "EnableContinuousBackup": true,
    "Lifecycle": {"DeleteAfterDays": 35},
    "CopyActions": [
      {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
       "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 365}},
      {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:second"}]},
   {"RuleName": "second", "TargetBackupVaultName": "production"}]}
"""
PRINTED = f'{{"BackupPlan": {BARE}, "BackupPlanArn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:4b2c"}}'
DESIRED = (
    '{"BackupPlan": '
    + BARE.replace('"Rules"', '"BackupPlanRule"').replace("TargetBackupVaultName", "TargetBackupVault")
    + "}"
)


@pytest.mark.parametrize(
    ("path", "text", "form"),
    [
        ("plan.yaml", TEMPLATE, "cloudformation"),
        ("plan.json", TEMPLATE_JSON, "cloudformation"),
        ("plan.template", TEMPLATE_JSON, "cloudformation"),
        ("plan.json", BARE, "api"),
        ("plan.json", PRINTED, "api"),
        ("plan.yaml", PRINTED, "api"),
        ("desired-state.json", DESIRED, "cloudformation"),
    ],
)
def test_a_plan_is_the_same_in_every_form(path: str, text: str, form: str) -> None:
    estate = read(text, path)

    assert [(said(plan.name), plan.form) for plan in estate.plans] == [([("", "daily")], form)]
    assert [rule.label for rule in estate.rules] == ["first", "second"]
    assert [said(rule.target_vault) for rule in estate.rules] == [[("", "production")]] * 2
    assert [said(rule.continuous) for rule in estate.rules] == [[("", "true")], [("", None)]]
    assert [days(rule.lifecycle) for rule in estate.rules] == [
        ([("", "35")], [("", None)]),
        ([("", None)], [("", None)]),
    ]
    central, second = estate.copies
    assert said(central.destination_arn) == [("", "arn:aws:backup:eu-west-1:444455556666:backup-vault:central")]
    assert days(central.lifecycle) == ([("", "365")], [("", "30")])
    assert (central.rule, days(second.lifecycle)) == (estate.rules[0], None)
    assert estate.problems == []


def test_the_account_of_a_printed_plan_is_that_of_its_arn() -> None:
    estate = read(PRINTED, "plan.json")

    assert (str(estate.rules[0].deployment.account), str(estate.rules[0].deployment.region)) == (
        "111122223333",
        "eu-west-1",
    )


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ("BackupPlanName: daily", []),
        ("BackupPlanRule: []", []),
        ("BackupPlanRule: !Ref A", []),
        ("BackupPlanRule: daily", []),
        ("BackupPlanRule: {RuleName: alone}", ["alone"]),
        ("BackupPlanRule: [{RuleName: one}, two, {RuleName: three}]", ["one", "three"]),
        ("BackupPlanRule: [{RuleName: one}, !Ref 'AWS::NoValue']", ["one"]),
        ("BackupPlanRule: [{RuleName: one}, !If [A, {RuleName: two}, {RuleName: three}]]", ["one", "two", "three"]),
        ("!If [A, {BackupPlanRule: [{RuleName: one}]}, {BackupPlanRule: [{RuleName: two}]}]", ["one", "two"]),
    ],
)
def test_rules_are_read_as_far_as_they_are_known(body: str, rules: list[str]) -> None:
    assert [rule.label for rule in plan(body).rules] == rules


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        ("{DeleteAfterDays: 7}", ([("", "7")], [("", None)])),
        ("{}", ([("", None)], [("", None)])),
        ("!Ref 'AWS::NoValue'", ([("", None)], [("", None)])),
        ("{DeleteAfterDays: !If [A, 7, !Ref 'AWS::NoValue']}", ([("A is true", "7"), ("A is false", None)], [("", None)])),
        (
            "!If [A, {DeleteAfterDays: 7}, {MoveToColdStorageAfterDays: 1}]",
            ([("A is true", "7"), ("A is false", None)], [("A is true", None), ("A is false", "1")]),
        ),
        (
            "!If [A, {DeleteAfterDays: 7}, !Ref 'AWS::NoValue']",
            ([("A is true", "7"), ("A is false", None)], [("A is true", None), ("A is false", None)]),
        ),
    ],
)  # fmt: skip
def test_lifecycles_are_read_under_their_conditions(lifecycle: str, expected: object) -> None:
    [rule] = plan(f"BackupPlanRule: [{{RuleName: one, Lifecycle: {lifecycle}}}]").rules

    assert days(rule.lifecycle) == expected


def test_both_days_at_once_unless_too_many_conditions_decide_them() -> None:
    [few, many] = plan(
        "BackupPlanRule:\n"
        "- Lifecycle: {DeleteAfterDays: !If [A, 9, 8], MoveToColdStorageAfterDays: !If [A, 7, !If [B, 6, 5]]}\n"
        "- Lifecycle:\n"
        "    DeleteAfterDays: !If [A, 1, !If [B, 2, !If [C, 3, !If [D, 4, 5]]]]\n"
        "    MoveToColdStorageAfterDays: !If [E, 1, !If [F, 2, !If [A, !If [B, 3, 4], 5]]]\n"
    ).rules

    both = [(str(guard), f"{delete}, {move}") for guard, (delete, move) in few.lifecycle.both_days]
    assert both == [
        ("A is true", "9, 7"),
        ("A is false and B is true", "8, 6"),
        ("A is false and B is false", "8, 5"),
    ]
    assert many.lifecycle.both_days.options == ()


# Names

EVERYWHERE = [
    # Every property of AWS::Backup types, of the parts of a plan and of what the API prints of one (AWS: facts
    # section 8).
    "AccessPolicy", "AdvancedBackupSettings", "BackupOptions", "BackupPlan", "BackupPlanArn", "BackupPlanId",
    "BackupPlanName", "BackupPlanRule", "BackupPlanTags", "BackupSelection", "BackupVaultArn", "BackupVaultEvents",
    "BackupVaultName", "BackupVaultTags", "ChangeableForDays", "CompletionWindowMinutes", "ConditionKey", "ConditionType",
    "ConditionValue", "Conditions", "ControlInputParameters", "ControlName", "ControlScope", "CopyActions", "CreationDate",
    "CreatorRequestId", "DeleteAfterDays", "DeleteAfterEvent", "DeletionDate", "Description", "DestinationBackupVaultArn",
    "EnableContinuousBackup", "EncryptionKeyArn", "ExcludeVaults", "FrameworkControls", "FrameworkDescription",
    "FrameworkName", "FrameworkTags", "IamRoleArn", "IncludeVaults", "IndexActions", "LastExecutionDate", "Lifecycle",
    "ListOfTags", "LockConfiguration", "MalwareScanner", "MaxRetentionDays", "MinRetentionDays",
    "MoveToColdStorageAfterDays", "MpaApprovalTeamArn", "NotResources", "Notifications",
    "OptInToArchiveForSupportedResources", "ProtectedResourceArns", "ProtectedResourceConditions",
    "ProtectedResourceType", "RecoveryPointSelection", "RecoveryPointTags", "RecoveryPointTypes",
    "ReportDeliveryChannel", "ReportPlanDescription", "ReportPlanName", "ReportPlanTags", "ReportSetting",
    "ResourceSelection", "ResourceType", "ResourceTypes", "Resources", "RestoreMetadataOverrides",
    "RestoreTestingPlanName", "RestoreTestingSelectionName", "RuleId", "RuleName", "Rules", "SNSTopicArn", "ScanActions",
    "ScanMode", "ScanSettings", "ScannerRoleArn", "ScheduleExpression", "ScheduleExpressionTimezone", "ScheduleStatus",
    "ScheduledRunsPreview", "SelectionName", "SelectionWindowDays", "StartWindowHours", "StartWindowMinutes", "Tags",
    "TargetBackupVault", "TargetBackupVaultName", "TargetLogicallyAirGappedBackupVaultArn", "TieringConfigurationName",
    "TieringDownSettingsInDays", "Title", "ValidationWindowHours", "VersionId",
]  # fmt: skip


def parts(form: Form) -> dict[str, Properties]:
    known = {"plan": form.plan, "rule": form.rule}
    return known | {what: properties for what, properties in REST.items()}


REST = {}
for _form in (API,):
    from xbackup_lint.sources import plans

    REST = {"copy": plans._COPY, "lifecycle": plans._LIFECYCLE}
