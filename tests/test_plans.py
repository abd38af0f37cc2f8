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
from xbackup_lint.sources.plans import API, CLOUDFORMATION, COPY, LIFECYCLE
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
PRINTED = (
    f'{{"BackupPlan": {BARE}, "BackupPlanArn": "arn:aws:backup:eu-west-1:111122223333:backup-plan:4b2c"}}'
)
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
    assert said(central.destination_arn) == [
        ("", "arn:aws:backup:eu-west-1:444455556666:backup-vault:central")
    ]
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
        (
            "BackupPlanRule: [{RuleName: one}, !If [A, {RuleName: two}, {RuleName: three}]]",
            ["one", "two", "three"],
        ),
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
        "    MoveToColdStorageAfterDays: !If [E, !If [F, 1, 2], !If [F, 3, 4]]\n"
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


PARTS = {
    "template's plan": CLOUDFORMATION.plan,
    "template's rule": CLOUDFORMATION.rule,
    "api's plan": API.plan,
    "api's rule": API.rule,
    "copy action": COPY,
    "lifecycle": LIFECYCLE,
}
MISPLACED = {
    "template's plan": {"Rules": "BackupPlanRule"},
    "template's rule": {"BackupVaultName": "TargetBackupVault", "TargetBackupVaultName": "TargetBackupVault"},
    "api's plan": {"BackupPlanRule": "Rules"},
    "api's rule": {"BackupVaultName": "TargetBackupVaultName", "TargetBackupVault": "TargetBackupVaultName"},
}
"""Of all names that AWS has those that can only be meant as another one where they stand."""


@pytest.mark.parametrize("part", PARTS)
def test_no_other_name_of_aws_is_taken_for_a_misspelling(part: str) -> None:
    """A property may be new, or stand in the wrong place: neither makes it a misspelling."""
    properties = PARTS[part]
    others = [name for name in EVERYWHERE if name not in properties.names]

    found = {name: meant for name in others if (meant := properties.meant(name)) is not None}

    assert len(others) > 80
    assert found == MISPLACED.get(part, {})


@pytest.mark.parametrize(
    ("part", "written", "meant"),
    [
        # one letter
        ("template's plan", "BackupPlanRules", "BackupPlanRule"),
        ("template's plan", "BackupPlanNme", "BackupPlanName"),
        ("template's rule", "TargetBackupVautl", "TargetBackupVault"),
        ("template's rule", "Lifecyle", "Lifecycle"),
        ("template's rule", "CopyAction", "CopyActions"),
        ("template's rule", "EnableContinousBackup", "EnableContinuousBackup"),
        ("lifecycle", "DeleteAfterDay", "DeleteAfterDays"),
        ("lifecycle", "MoveToColdStorageAfterDay", "MoveToColdStorageAfterDays"),
        ("lifecycle", "MoveToColdStorageAfter", "MoveToColdStorageAfterDays"),
        ("copy action", "DestinationBackupVaultARN", "DestinationBackupVaultArn"),
        # case, and the names of SDKs
        ("template's plan", "backupPlanName", "BackupPlanName"),
        ("template's rule", "ruleName", "RuleName"),
        ("api's plan", "rules", "Rules"),
        ("lifecycle", "deleteAfterDays", "DeleteAfterDays"),
        # an Organizations policy
        ("template's rule", "target_backup_vault_name", "TargetBackupVault"),
        ("template's rule", "start_backup_window_minutes", "StartWindowMinutes"),
        ("template's rule", "complete_backup_window_minutes", "CompletionWindowMinutes"),
        ("copy action", "target_backup_vault_arn", "DestinationBackupVaultArn"),
        ("lifecycle", "move_to_cold_storage_after_days", "MoveToColdStorageAfterDays"),
        ("lifecycle", "opt_in_to_archive_for_supported_resources", "OptInToArchiveForSupportedResources"),
        # Terraform
        ("api's plan", "rule", "Rules"),
        ("api's rule", "target_vault_name", "TargetBackupVaultName"),
        ("api's rule", "schedule", "ScheduleExpression"),
        ("api's rule", "start_window", "StartWindowMinutes"),
        ("api's rule", "completion_window", "CompletionWindowMinutes"),
        ("api's rule", "copy_action", "CopyActions"),
        ("copy action", "destination_vault_arn", "DestinationBackupVaultArn"),
        ("lifecycle", "cold_storage_after", "MoveToColdStorageAfterDays"),
        ("lifecycle", "delete_after", "DeleteAfterDays"),
        # no name of anything
        ("template's plan", "Comment", None),
        ("template's rule", "Fn::Transform", None),
        ("template's rule", "", None),
        ("template's rule", "___", None),
        ("lifecycle", "DeleteAfterWeeks", None),
        ("copy action", "DestinationRegion", None),
    ],
)
def test_what_a_wrong_name_means(part: str, written: str, meant: str | None) -> None:
    assert PARTS[part].meant(written) == meant


@given(st.sampled_from(sorted(PARTS)), st.text(max_size=60))
def test_a_name_means_one_of_ours_or_nothing(part: str, written: str) -> None:
    assert PARTS[part].meant(written) in {*PARTS[part].names, None}


def test_misnamed_properties_are_told_and_read_all_the_same() -> None:
    estate = plan(
        "backup_plan_name: daily\n"
        "Rules:\n"
        "- rule_name: one\n"
        "  TargetBackupVaultName: production\n"
        "  enable_continuous_backup: true\n"
        "  lifecycle: {delete_after: 35}\n"
        "  copy_action:\n"
        "  - destination_vault_arn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central\n"
        "    lifecycle: {cold_storage_after: 7}\n"
    )
    [rule], [copy] = estate.rules, estate.copies

    assert (estate.plans[0].label, rule.label) == ("daily", "one")
    assert (said(rule.target_vault), said(rule.continuous)) == ([("", "production")], [("", "true")])
    assert days(rule.lifecycle) == ([("", "35")], [("", None)])
    assert said(copy.destination_arn) == [("", "arn:aws:backup:eu-west-1:444455556666:backup-vault:central")]
    assert days(copy.lifecycle) == ([("", None)], [("", "7")])
    assert [written for written, _, _ in problems(estate)] == [
        "backup_plan_name", "Rules", "rule_name", "TargetBackupVaultName", "enable_continuous_backup", "lifecycle",
        "copy_action", "delete_after", "destination_vault_arn", "lifecycle", "cold_storage_after",
    ]  # fmt: skip


def test_the_right_name_is_read_where_a_wrong_one_stands_beside_it() -> None:
    estate = plan("BackupPlanRule: [{RuleName: one, TargetBackupVaultName: wrong, TargetBackupVault: right}]")

    assert said(estate.rules[0].target_vault) == [("", "right")]
    assert problems(estate) == [("TargetBackupVaultName", "TargetBackupVault", "beside")]


def test_a_problem_holds_where_its_record_does() -> None:
    estate = plan(
        "BackupPlanRule: [!If [A, {Lifecycle: {DeleteAfter: 7}}, {Lifecycle: {DeleteAfterDays: 9}}]]"
    )

    assert [(str(problem.guard), problem.span.text) for problem in estate.problems] == [
        ("A is true", "DeleteAfter")
    ]
    assert [days(rule.lifecycle) for rule in estate.rules] == [
        ([("A is true", "7")], [("A is true", None)]),
        ([("A is false", "9")], [("A is false", None)]),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"BackupPlanName": "daily", "BackupPlanRule": [{"TargetBackupVault": "a"}]}',
         [("BackupPlanRule", "Rules", ""), ("TargetBackupVault", "TargetBackupVaultName", "")]),
        ('{"BackupPlanName": "daily", "backup_plan_rules": [{"TargetBackupVaultName": "a"}]}',
         [("backup_plan_rules", "Rules", "")]),
        ('{"BackupPlan": {"BackupPlanRule": [{"TargetBackupVaultName": "a"}]}}',
         [("BackupPlanRule", "Rules", "")]),
        ('{"BackupPlan": {"Rules": [{"TargetBackupVault": "a"}]}}',
         [("TargetBackupVault", "TargetBackupVaultName", "")]),
        ('{"BackupPlan": {"BackupPlanRule": [{"TargetBackupVault": "a"}, {"TargetBackupVaultName": "b"}]}}',
         [("BackupPlanRule", "Rules", ""), ("TargetBackupVault", "TargetBackupVaultName", "")]),
        ('{"BackupPlan": {"BackupPlanRule": [{"TargetBackupVault": "a"}, {"TargetBackupVault": "b"}]}}', []),
    ],
)  # fmt: skip
def test_documents_are_of_the_api_unless_cloudformation_is_spoken_throughout(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    estate = read(text, "plan.json")

    assert problems(estate) == expected
    assert [said(rule.target_vault)[0][1] for rule in estate.rules] in (["a"], ["a", "b"])
