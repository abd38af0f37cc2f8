"""Whether a role may copy: the row `role` of a copy, by all that files say of the role."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.requirement_words import because
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.role import IdentityPolicy
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.text import json_reader
from xbackup_lint.text.source import NOWHERE, Source
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text

HOLDS, FAILS, UNSURE, ASSUMED = Standing.HOLDS, Standing.FAILS, Standing.UNSURE, Standing.ASSUMED

HERE = "111122223333/eu-west-1/plan.yaml"
PLAN = """\
Parameters:
  Any:
    Type: String
  Switch:
    Type: String
    AllowedValues: ["on", "off"]
Conditions:
  IsOn: !Equals [!Ref Switch, "on"]
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: production
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:DESTINATION:backup-vault:central
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: !Ref Plan
      BackupSelection:
        SelectionName: all
        IamRoleArn: ROLE
        Resources: ["*"]
"""
BY_ATTRIBUTE = "!GetAtt Role.Arn"
ROLE = """\
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: backup
"""
OF_AWS = "arn:aws:iam::aws:policy"
BOTH = "[backup:CopyIntoBackupVault, backup:CopyFromBackupVault]"


def estate_of(files: dict[str, str]) -> Estate:
    inputs = [Input(path, Path(path), text=text) for path, text in files.items()]
    return read_inputs(inputs, Assignments()).estate


def row(files: dict[str, str]) -> Requirement:
    """The row `role` of the one copy that files hold."""
    estate = estate_of(files)
    ((_, requirements),) = judged(estate.copies[0], estate)
    return next(one for one in requirements if one.name == "role")


def template(
    resources: str, *, role: str = BY_ATTRIBUTE, destination: str = "444455556666"
) -> dict[str, str]:
    return {HERE: PLAN.replace("ROLE", role).replace("DESTINATION", destination) + resources}


def managed(*arns: str) -> str:
    return ROLE + f"      ManagedPolicyArns: [{', '.join(arns)}]\n"


def inline(*statements: str) -> str:
    """A role with one policy of its own, of these statements."""
    lines = "".join(f"              - {{{statement}}}\n" for statement in statements)
    return ROLE + (
        "      Policies:\n        - PolicyName: own\n          PolicyDocument:\n"
        f'            Version: "2012-10-17"\n            Statement:\n{lines}'
    )


def attached(kind: str, how: str, statement: str) -> str:
    """A policy as a resource."""
    return (
        f"  Attached:\n    Type: AWS::IAM::{kind}\n    Properties:\n      {how}\n      PolicyDocument:\n"
        f'        Version: "2012-10-17"\n        Statement: [{{{statement}}}]\n'
    )


def allow(action: str, resource: str = '"*"', more: str = "") -> str:
    return f"Effect: Allow, Action: {action}, Resource: {resource}{more}"


COPY = allow(BOTH)
INTO = "Effect: Allow, Action: backup:CopyIntoBackupVault, Resource: "
FROM = "Effect: Allow, Action: backup:CopyFromBackupVault, Resource: "
BACKUP = f"{OF_AWS}/service-role/AWSBackupServiceRolePolicyForBackup"
S3 = f"{OF_AWS}/AWSBackupServiceRolePolicyForS3Backup"

BY_POLICIES = [
    # what AWS's own policies say
    pytest.param(managed(BACKUP), HOLDS, "allowed", id="the managed policy for backups"),
    pytest.param(managed(S3), FAILS, "only-s3", id="the managed policy for S3 backups alone"),
    pytest.param(managed(S3, BACKUP), HOLDS, "allowed", id="both"),
    pytest.param(
        managed(f"{OF_AWS}/service-role/AWSBackupServiceRolePolicyForRestores"),
        FAILS, "not-granted", id="that for restores",
    ),
    pytest.param(managed(f"{OF_AWS}/AdministratorAccess"), HOLDS, "allowed", id="an administrator"),
    pytest.param(managed(f"{OF_AWS}/PowerUserAccess"), HOLDS, "allowed", id="what is not excepted"),
    pytest.param(managed(f"{OF_AWS}/AWSBackupFullAccess"), HOLDS, "allowed", id="full access to AWS Backup"),
    pytest.param(managed(BACKUP.replace("service-role/", "")), HOLDS, "allowed", id="under a wrong path: as meant"),
    pytest.param(
        managed("!Sub 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup'"),
        HOLDS, "allowed", id="in whatever partition",
    ),
    pytest.param(managed(f"{OF_AWS}/ReadOnlyAccess"), UNSURE, "undecided", id="one that is not known here"),
    pytest.param(managed(BACKUP, f"{OF_AWS}/ReadOnlyAccess"), HOLDS, "allowed", id="it takes nothing away"),
    # policies of the role's own
    pytest.param(ROLE, FAILS, "not-granted", id="no policy at all"),
    pytest.param(inline(COPY), HOLDS, "allowed", id="inline"),
    pytest.param(inline(allow("'backup:*'")), HOLDS, "allowed", id="by a wildcard"),
    pytest.param(inline(allow("'backup:Start*'")), FAILS, "not-granted", id="other actions"),
    pytest.param(inline(INTO + '"*"'), FAILS, "not-granted", id="nothing out of the source"),
    pytest.param(inline(FROM + '"*"'), FAILS, "not-granted", id="nothing into the destination"),
    pytest.param(
        inline(INTO + "'arn:aws:backup:eu-west-1:444455556666:backup-vault:central'", FROM + '"*"'),
        HOLDS, "allowed", id="into the destination by its ARN",
    ),
    pytest.param(
        inline(INTO + "'arn:aws:backup:*:444455556666:backup-vault:*'", FROM + '"*"'),
        HOLDS, "allowed", id="into all vaults of its account",
    ),
    pytest.param(
        inline(INTO + "!Sub 'arn:aws:backup:*:${AWS::AccountId}:backup-vault:*'", FROM + '"*"'),
        FAILS, "other-resource", id="into the vaults of the own account",
    ),
    pytest.param(
        inline(INTO + '"*"', FROM + "'arn:aws:backup:*:*:recovery-point:*'"),
        UNSURE, "undecided", id="out of recovery points of some types",
    ),
    pytest.param(
        inline(COPY, "Effect: Deny, Action: backup:CopyIntoBackupVault, Resource: '*'"), FAILS, "denied", id="denied"
    ),
    pytest.param(
        inline(
            COPY,
            "Effect: Deny, Action: 'backup:Copy*', Resource: '*', "
            "Condition: {StringNotEquals: {aws:ResourceAccount: '777788889999'}}",
        ),
        FAILS, "denied", id="denied into every account but one",
    ),
    pytest.param(
        inline(
            INTO + '"*"',
            FROM + '"*", Condition: {"ForAllValues:ArnLike": {"backup:CopyTargets": "arn:aws:backup:*:444455556666:*"}}',
        ),
        HOLDS, "allowed", id="out of the source to that account",
    ),
    pytest.param(
        inline(
            INTO + '"*"',
            FROM + '"*", Condition: {"ForAllValues:ArnLike": {"backup:CopyTargets": "arn:aws:backup:*:777788889999:*"}}',
        ),
        FAILS, "refused", id="out of the source to another account",
    ),
    pytest.param(
        inline(allow(BOTH, more=", Condition: {StringEquals: {aws:ResourceOrgID: '${aws:PrincipalOrgID}'}}")),
        HOLDS, "allowed", id="within the organization",
    ),
    pytest.param(
        inline(allow(BOTH, more=", Condition: {StringEquals: {aws:PrincipalTag/use: backup}}")),
        UNSURE, "undecided", id="by a tag that is not known",
    ),
    pytest.param(inline("Effect: !Ref Any, Action: 'backup:*', Resource: '*'"), UNSURE, "undecided", id="to some effect"),
    pytest.param(
        ROLE + "      Policies: [{PolicyName: own, PolicyDocument: !Ref Any}]\n",
        UNSURE, "undecided", id="a policy that a parameter gives",
    ),
    # policies that are resources of their own
    pytest.param(ROLE + attached("Policy", "Roles: [!Ref Role]", COPY), HOLDS, "allowed", id="a policy"),
    pytest.param(ROLE + attached("Policy", "Roles: [backup]", COPY), HOLDS, "allowed", id="by the role's name"),
    pytest.param(ROLE + attached("Policy", "Roles: [other]", COPY), FAILS, "not-granted", id="of another role"),
    pytest.param(ROLE + attached("RolePolicy", "RoleName: !Ref Role", COPY), HOLDS, "allowed", id="a role policy"),
    pytest.param(
        ROLE + attached("ManagedPolicy", "Roles: [!Ref Role]", COPY), HOLDS, "allowed", id="a managed policy, by `Roles`"
    ),
    pytest.param(
        managed("!Ref Attached") + attached("ManagedPolicy", "Description: copies", COPY),
        HOLDS, "allowed", id="a managed policy, by reference",
    ),
    pytest.param(
        managed("!GetAtt Attached.PolicyArn") + attached("ManagedPolicy", "Description: copies", COPY),
        HOLDS, "allowed", id="a managed policy, by its attribute",
    ),
    pytest.param(
        managed("!Sub 'arn:aws:iam::${AWS::AccountId}:policy/backups/copy'")
        + attached("ManagedPolicy", "ManagedPolicyName: copy\n      Path: /backups/", COPY),
        HOLDS, "allowed", id="a managed policy, by its name and path",
    ),
    pytest.param(
        managed("!Sub 'arn:aws:iam::${AWS::AccountId}:policy/copy'"), UNSURE, "undecided", id="one that no file declares"
    ),
    pytest.param(managed(BACKUP, "!Ref Any"), UNSURE, "undecided", id="one that may deny"),
    pytest.param(managed("!If [IsOn, !Ref Any, !Ref AWS::NoValue]", BACKUP), UNSURE, "undecided", id="it may be there"),
    # boundaries
    pytest.param(
        managed(BACKUP) + f"      PermissionsBoundary: {OF_AWS}/PowerUserAccess\n", HOLDS, "allowed", id="a wide boundary"
    ),
    pytest.param(
        managed(BACKUP) + f"      PermissionsBoundary: {S3}\n", FAILS, "bounded", id="a boundary without copies"
    ),
    pytest.param(managed(BACKUP) + "      PermissionsBoundary: !Ref Any\n", UNSURE, "undecided", id="some boundary"),
    pytest.param(
        managed(BACKUP) + "      PermissionsBoundary: !If [IsOn, !Ref Attached, !Ref AWS::NoValue]\n"
        + attached("ManagedPolicy", "Description: no copies", allow("'ec2:*'")),
        FAILS, "bounded", id="a boundary under a condition",
    ),
    # conditions of the template
    pytest.param(
        managed(f"!If [IsOn, {BACKUP}, {S3}]"), FAILS, "only-s3", id="where a condition is false, less"
    ),
    pytest.param(
        managed(f"!If [IsOn, {BACKUP}, {OF_AWS}/AdministratorAccess]"), HOLDS, "allowed", id="enough in both ways"
    ),
    pytest.param(
        ROLE + attached("Policy", "Roles: [!If [IsOn, !Ref Role, other]]", COPY),
        FAILS, "not-granted", id="attached to another where a condition is false",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("role", "standing", "reason"), BY_POLICIES)
def test_the_policies_of_the_role_decide(role: str, standing: Standing, reason: str) -> None:
    found = row(template(role))

    assert (found.standing, found.reason) == (standing, reason)
    assert standing is not UNSURE or found.holes


ROLES = "111122223333/eu-west-1/roles.yaml"
FAILING = "Resources:\n" + managed(S3)
OTHER_PATH = FAILING.replace("RoleName: backup", "RoleName: backup\n      Path: /service-role/")
NAMELESS = FAILING.replace("RoleName: backup", "Description: backups")

BY_NAME = [
    # in the template of the plan
    pytest.param(template(managed(S3)), "only-s3", id="its attribute"),
    pytest.param(
        template(managed(S3), role="!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}'"),
        "only-s3", id="its name in a text",
    ),
    pytest.param(template(managed(S3).replace("      RoleName: backup\n", "")), "only-s3", id="a name that AWS makes up"),
    pytest.param(
        template(managed(S3).replace("backup\n", "backup\n      Path: !Ref Any\n", 1)), "only-s3", id="a path that is not known"
    ),
    pytest.param(
        template(managed(S3), role="!If [IsOn, !GetAtt Role.Arn, !Ref Any]"), "only-s3", id="one of two"
    ),
    # in another template
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup") | {ROLES: FAILING}, "only-s3", id="a literal ARN"
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/service-role/backup") | {ROLES: OTHER_PATH},
        "only-s3", id="with its path",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup") | {ROLES: OTHER_PATH},
        "not-described", id="another path is another role",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup") | {ROLES: NAMELESS},
        "not-described", id="what AWS makes up is not called so",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup")
        | {ROLES.replace("111122223333", "777788889999"): FAILING},
        "not-described", id="the role of another account",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup") | {"roles.yaml": FAILING},
        "only-s3", id="the one place that declares it is taken to be of that account",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup")
        | {"roles.yaml": FAILING, "others.yaml": "Resources:\n" + managed(BACKUP)},
        "may-be-refused", id="two places that declare it",
    ),
    pytest.param(
        template("", role="arn:aws:iam::111122223333:role/backup")
        | {"roles.yaml": "Resources:\n" + managed(BACKUP), "others.yaml": "Resources:\n" + managed(BACKUP)},
        "may-be", id="which is all the same where both may copy",
    ),
    # nobody tells
    pytest.param(template("", role="!Ref Any"), "not-described", id="a parameter"),
    pytest.param(template("", role="arn:aws:iam::111122223333:user/backup"), "not-described", id="not a role"),
    pytest.param(template(managed(S3), destination="111122223333"), "same-account", id="a copy within the account"),
    pytest.param(
        {HERE: template("")[HERE].partition("  Selection:")[0]}, "no-selection", id="no selection"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), BY_NAME)
def test_the_role_is_found_by_its_arn(files: dict[str, str], reason: str) -> None:
    assert row(files).reason == reason


def organization_policy(role: str) -> str:
    copy = {
        "target_backup_vault_arn": {"@@assign": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"}
    }
    plan = {
        "regions": {"@@assign": ["eu-west-1"]},
        "rules": {
            "daily": {
                "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
                "target_backup_vault_name": {"@@assign": "local"},
                "copy_actions": {"arn:aws:backup:eu-west-1:444455556666:backup-vault:central": copy},
            }
        },
        "selections": {"tags": {"all": {"iam_role_arn": {"@@assign": role}}}},
    }
    return json.dumps({"plans": {"daily": plan}})


@pytest.mark.parametrize(
    ("path", "role", "reason"),
    [
        ("member.yaml", "arn:aws:iam::$account:role/backup", "only-s3"),
        ("111122223333/eu-west-1/member.yaml", "arn:aws:iam::$account:role/backup", "only-s3"),
        ("member.yaml", "arn:aws:iam::$account:role/service-role/backup", "not-described"),
    ],
)
def test_the_role_of_a_backup_policy_is_that_of_every_account(path: str, role: str, reason: str) -> None:
    assert row({"policy.json": organization_policy(role), path: FAILING}).reason == reason


def test_of_several_roles_the_worst_counts() -> None:
    second = (
        PLAN[PLAN.index("  Selection:") :]
        .replace("Selection:", "Second:", 1)
        .replace("ROLE", "!GetAtt Other.Arn")
    )
    other = managed(S3).replace("Role:", "Other:", 1).replace("backup", "other", 1)

    found = row(template(managed(BACKUP) + second + other))

    assert (found.standing, found.facts["role"]) == (FAILS, "arn:aws:iam::111122223333:role/other")


def test_the_deciding_statement_is_the_place() -> None:
    allowed, denied, refused = (
        row(template(role))
        for role in (
            managed(BACKUP),
            inline(COPY, "Effect: Deny, Action: backup:CopyIntoBackupVault, Resource: '*'"),
            managed(S3),
        )
    )

    assert allowed.place is not None and allowed.place.text == BACKUP
    assert denied.place is not None and denied.place.text == "backup:CopyIntoBackupVault"
    assert refused.place is not None and refused.place.text == "Role"


def test_a_policy_may_be_added_to_a_role_after_reading() -> None:
    """As the configuration's `documents` do: by the name of the role, in its account."""
    estate = estate_of(template(ROLE))
    text = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "backup:*", "Resource": "*"}]}'
    )
    policy = read_policy(literal(json_reader.read(Source("copy.json", text)).root))
    assert policy is not None
    here = estate.roles[0].deployment
    name = Text.literal("backup", NOWHERE)
    estate.identity_policies.append(
        IdentityPolicy(policy.span, here, ALWAYS, policy, roles=((ALWAYS, name),))
    )

    ((_, requirements),) = judged(estate.copies[0], estate)

    assert next(one for one in requirements if one.name == "role").standing is HOLDS


def test_a_role_is_asked_once_for_each_destination(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cost grows with roles and destinations, not with copies."""
    rule = PLAN[PLAN.index("          - RuleName") : PLAN.index("  Selection:")]
    many = PLAN.replace(rule, "".join(rule.replace("daily", f"rule-{number}") for number in range(40)))
    text = many.replace("ROLE", BY_ATTRIBUTE).replace("DESTINATION", "444455556666") + managed(BACKUP)
    estate = estate_of({HERE: text})
    asked: list[str] = []

    def counting(request: Request, statements: Sequence[Statement], *, of_resource: bool) -> Decision:
        asked.append(request.action)
        return decide(request, statements, of_resource=of_resource)

    monkeypatch.setattr("xbackup_lint.model.role_access.decide", counting)
    for copy in estate.copies:
        judged(copy, estate)

    assert len(estate.copies) == 40
    assert asked == ["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"]


def test_what_is_taken_for_granted_is_said() -> None:
    found = row(template("", role="arn:aws:iam::111122223333:role/backup") | {"roles.yaml": FAILING})

    assert found.assumptions == ("the role that roles.yaml declares is taken to be in account 111122223333",)


def test_the_conditions_under_which_it_may_not_are_named() -> None:
    both = f"!If [IsOn, {BACKUP}, {S3}]"

    assert str(row(template(managed(both))).guard) == "IsOn is false"
    assert str(row(template(managed(S3))).guard) == ""
    conditional = managed(S3).replace("Type: AWS::IAM::Role", "Type: AWS::IAM::Role\n    Condition: IsOn")
    assert str(row(template(conditional)).guard) == "IsOn is true"


def test_words_tell_who_may_not_do_what() -> None:
    actions = "`backup:CopyIntoBackupVault` and `backup:CopyFromBackupVault`"
    nothing = f"no policy of arn:aws:iam::111122223333:role/backup allows it {actions}"

    assert [because(row(template(role))) for role in (managed(BACKUP), managed(S3), ROLE)] == [
        "arn:aws:iam::111122223333:role/backup may copy (BackupVaultPermissions)",
        f"{nothing}; AWSBackupServiceRolePolicyForS3Backup does not",
        nothing,
    ]


CONDITIONS = "".join(f"  Is{n}: !Equals [!Ref Switch{n}, 'on']\n" for n in range(6))
SWITCHES = "".join(f"  Switch{n}:\n    Type: String\n" for n in range(6))


def test_more_conditions_than_are_followed_leave_it_open() -> None:
    arns = ", ".join(f"!If [Is{n}, {BACKUP}, {S3}]" for n in range(6))
    (text,) = template(ROLE + f"      ManagedPolicyArns: [{arns}]\n").values()
    text = text.replace("Conditions:\n", f"Conditions:\n{CONDITIONS}").replace(
        "Parameters:\n", f"Parameters:\n{SWITCHES}"
    )

    found = row({HERE: text})

    assert (found.standing, found.reason) == (UNSURE, "undecided")
    assert [hole.name for hole in found.holes] == [f"condition Is{n}" for n in range(6)]


VAULT = """\
Parameters:
  Switch:
    Type: String
    AllowedValues: ["on", "off"]
Conditions:
  IsOn: !Equals [!Ref Switch, "on"]
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      AccessPolicy: !If
        - IsOn
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {AWS: "arn:aws:iam::111122223333:role/NAMED"}
              Action: backup:CopyIntoBackupVault
              Resource: "*"
        - !Ref AWS::NoValue
"""


@pytest.mark.parametrize(
    ("named", "ways"),
    [
        ("backup", [("no-policy", "IsOn is false")]),
        ("other", [("role-not-named", "IsOn is true"), ("no-policy", "IsOn is false")]),
        ("service-role/backup", [("role-path-differs", "IsOn is true"), ("no-policy", "IsOn is false")]),
    ],
)
def test_a_vault_refuses_in_each_way_for_its_own_reason(named: str, ways: list[tuple[str, str]]) -> None:
    files = template(managed(BACKUP)) | {"444455556666/eu-west-1/vault.yaml": VAULT.replace("NAMED", named)}
    estate = estate_of(files)

    ((_, requirements),) = judged(estate.copies[0], estate)

    found = next(one for one in requirements if one.name == "vault-policy")
    assert [(one.reason, str(one.guard)) for one in (found, *found.besides)] == ways


@pytest.mark.parametrize(
    ("region", "destination", "standing"),
    [
        ("eu-west-1", "eu-west-1", HOLDS),
        ("eu-west-1", "eu-central-1", UNSURE),
        ("eu-north-1", "eu-west-1", FAILS),
    ],
)
def test_a_copy_into_another_region_is_asked_for_in_one_of_the_two(
    region: str, destination: str, standing: Standing
) -> None:
    condition = f", Condition: {{StringEquals: {{aws:RequestedRegion: {region}}}}}"
    (text,) = template(inline(INTO + '"*"' + condition, FROM + '"*"')).values()

    assert row({HERE: text.replace("backup:eu-west-1:444", f"backup:{destination}:444")}).standing is standing


def test_a_role_that_is_not_given_by_its_arn_is_not_told_from_the_one_that_a_vault_names() -> None:
    """The fault is the selection's: see `selection-role-is-not-an-arn`."""
    vault = VAULT.replace("NAMED", "backup").replace(
        "!If\n        - IsOn\n        - Version", "\n          Version"
    )
    vault = vault.replace("        - !Ref AWS::NoValue\n", "")
    estate = estate_of(
        template(managed(BACKUP), role="!Ref Role") | {"444455556666/eu-west-1/vault.yaml": vault}
    )

    ((_, requirements),) = judged(estate.copies[0], estate)

    found = next(one for one in requirements if one.name == "vault-policy")
    assert (found.reason, [hole.why for hole in found.holes]) == (
        "undecided",
        ["the role that copies in account 111122223333 is not known"],
    )
