"""What a policy says to a request: allowed, denied, or not to be told, and by which statement and element."""

from __future__ import annotations

import pytest

from tests.decisions import (
    COPY_INTO,
    DESTINATION,
    KEY,
    OPEN,
    ROLE,
    SOURCE,
    VAULT,
    asking,
    decided,
    role,
    statements,
)
from tests.test_principal import text
from xbackup_lint.policy.decide import decide, matched
from xbackup_lint.policy.request import Caller
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

BACKUP = Caller(text(""), service="backup.amazonaws.com")
SESSION = f"arn:aws:sts::{SOURCE}:assumed-role/backup"

PRINCIPALS = [
    # everyone
    ("'*'", YES),
    ("{AWS: '*'}", YES),
    # the account, in both its forms
    (f"{{AWS: '{SOURCE}'}}", YES),
    (f"{{AWS: 'arn:aws:iam::{SOURCE}:root'}}", YES),
    (f"{{AWS: '{DESTINATION}'}}", NO),
    (f"{{AWS: ['{DESTINATION}', '{SOURCE}']}}", YES),
    # a role, its path included
    (f"{{AWS: '{ROLE}'}}", YES),
    (f"{{AWS: 'arn:aws:iam::{SOURCE}:role/backup'}}", NO),
    (f"{{AWS: 'arn:aws:iam::{DESTINATION}:role/service-role/backup'}}", NO),
    # a role is no user, no service, and nobody of elsewhere
    (f"{{AWS: 'arn:aws:iam::{SOURCE}:user/service-role/backup'}}", NO),
    ("{Service: backup.amazonaws.com}", NO),
    (f"{{AWS: '{DESTINATION}', Service: backup.amazonaws.com}}", NO),
    ("{Federated: cognito-identity.amazonaws.com}", NO),
    ("{CanonicalUser: 79a59df900b949e5}", NO),
    # sessions: of another role, of another account, and one that may be the caller's
    (f"{{AWS: 'arn:aws:sts::{SOURCE}:assumed-role/other/nightly'}}", NO),
    (f"{{AWS: 'arn:aws:sts::{DESTINATION}:assumed-role/backup/nightly'}}", NO),
    (f"{{AWS: '{SESSION}/nightly'}}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:sts::{SOURCE}:assumed-role/${{Any}}'}}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:sts::{DESTINATION}:assumed-role/${{Any}}'}}", NO),
    (f"{{AWS: 'arn:aws:sts::{SOURCE}:federated-user/backup'}}", NO),
    # ids: of a role, of a user
    ("{AWS: AROAEXAMPLEID1234567}", UNKNOWN),
    ("{AWS: AIDAEXAMPLEID1234567}", NO),
    # what can name nobody
    ("{AWS: 'arn:aws:iam::111122223333:role/*'}", NO),
    ("{AWS: 'arn:aws:iam::*:root'}", NO),
    ("{AWS: '11112222333'}", NO),
    ("{AWS: ''}", NO),
    ("{AWS: []}", NO),
    ("{}", NO),
    # the partition says nothing of whom an ARN names, another one does
    (f"{{AWS: !Sub 'arn:${{AWS::Partition}}:iam::{SOURCE}:root'}}", YES),
    (f"{{AWS: !Sub 'arn:${{Partition}}:iam::{SOURCE}:role/service-role/backup'}}", YES),
    (f"{{AWS: !Sub 'arn:${{Partition}}:iam::{SOURCE}:role/other'}}", NO),
    (f"{{AWS: 'arn:aws-cn:iam::{SOURCE}:role/service-role/backup'}}", NO),
    # not known
    ("{AWS: !Ref Any}", UNKNOWN),
    ("{AWS: !Sub 'arn:aws:iam::${Account}:root'}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:iam::{SOURCE}:role/${{Role}}'}}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:iam::{DESTINATION}:role/${{Role}}'}}", NO),
    (f"{{AWS: !Sub 'arn:aws:iam::{SOURCE}:${{Any}}'}}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:iam::{SOURCE}:ro${{Any}}t'}}", UNKNOWN),
    (f"{{AWS: !Sub 'arn:aws:iam::{DESTINATION}:${{Any}}'}}", NO),
    (f"{{AWS: [!Ref Any, '{SOURCE}']}}", YES),
]


@pytest.mark.parametrize(("principal", "verdict"), PRINCIPALS)
def test_principal(principal: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, Principal: {principal}, Action: '{COPY_INTO}', Resource: '*'"

    assert decided(asking(), statement).verdict is verdict


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("{AWS: '*'}", YES),
        (f"{{AWS: '{SOURCE}'}}", YES),
        (f"{{AWS: '{DESTINATION}'}}", NO),
        (f"{{AWS: '{ROLE}'}}", UNKNOWN),
        (f"{{AWS: 'arn:aws:iam::{DESTINATION}:role/service-role/backup'}}", NO),
        (f"{{AWS: 'arn:aws:iam::{SOURCE}:user/backup'}}", NO),
    ],
)
def test_principal_for_a_role_that_is_not_known(principal: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, Principal: {principal}, Action: '*', Resource: '*'"

    assert decided(asking(caller=role(None)), statement).verdict is verdict


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        (f"'{SESSION}/nightly'", YES),
        (f"'{SESSION}/weekly'", NO),
        # the role's own ARN, and the account, stand for all its sessions
        (f"'{ROLE}'", YES),
        (f"'{SOURCE}'", YES),
    ],
)
def test_principal_for_a_session(principal: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, Principal: {{AWS: {principal}}}, Action: '*', Resource: '*'"

    assert decided(asking(caller=role(session="nightly")), statement).verdict is verdict


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("{Service: backup.amazonaws.com}", YES),
        ("{Service: [ec2.amazonaws.com, backup.amazonaws.com]}", YES),
        ("{Service: ec2.amazonaws.com}", NO),
        ("{Service: back*.amazonaws.com}", NO),
        ("'*'", YES),
        (f"{{AWS: '{SOURCE}'}}", NO),
        (f"{{AWS: '{ROLE}'}}", NO),
        # AWS does not say whether this is every service
        ("{Service: '*'}", UNKNOWN),
        ("{Service: !Ref Any}", UNKNOWN),
        # it may be `*`
        ("{AWS: !Ref Any}", UNKNOWN),
    ],
)
def test_principal_for_a_service(principal: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, Principal: {principal}, Action: '*', Resource: '*'"

    assert decided(asking(caller=BACKUP), statement).verdict is verdict


@pytest.mark.parametrize(
    ("spared", "verdict"),
    [
        # others only
        (f"['{DESTINATION}']", NO),
        (f"['arn:aws:iam::{DESTINATION}:role/service-role/backup', '{DESTINATION}']", NO),
        # the role and its account, as AWS asks for
        (f"['{ROLE}', '{SOURCE}']", YES),
        (f"['{ROLE}', 'arn:aws:iam::{SOURCE}:root', '{DESTINATION}']", YES),
        ("'*'", YES),
        (f"['*', '{DESTINATION}']", YES),
        (f"['{DESTINATION}', '*']", YES),
        # one of them without the other: AWS may deny all the same
        (f"'{ROLE}'", UNKNOWN),
        (f"'{SOURCE}'", UNKNOWN),
        (f"['arn:aws:iam::{SOURCE}:role/other', '{SOURCE}']", UNKNOWN),
        # not known
        ("!Ref Any", UNKNOWN),
        (f"[!Ref Any, '{SOURCE}']", UNKNOWN),
    ],
)
def test_a_deny_spares_principals(spared: str, verdict: Verdict) -> None:
    denial = f"Effect: Deny, NotPrincipal: {{AWS: {spared}}}, Action: '*', Resource: '*'"

    assert decided(asking(), OPEN, denial).verdict is verdict


def test_a_deny_spares_services_by_name() -> None:
    denial = "Effect: Deny, NotPrincipal: {Service: backup.amazonaws.com}, Action: '*', Resource: '*'"

    assert decided(asking(caller=BACKUP), OPEN, denial).verdict is YES
    assert decided(asking(caller=Caller(text(""), service="ec2.amazonaws.com")), OPEN, denial).verdict is NO


def test_a_deny_spares_nobody_with_a_permissions_boundary() -> None:
    denial = f"Effect: Deny, NotPrincipal: {{AWS: ['{ROLE}', '{SOURCE}']}}, Action: '*', Resource: '*'"

    assert decided(asking(caller=role(bounded=True)), OPEN, denial).verdict is NO


@pytest.mark.parametrize(
    ("spared", "verdict"), [(f"'{DESTINATION}'", UNKNOWN), (f"['{ROLE}', '{SOURCE}']", NO)]
)
def test_an_allow_with_not_principal_is_not_supported(spared: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, NotPrincipal: {{AWS: {spared}}}, Action: '*', Resource: '*'"

    assert decided(asking(), statement).verdict is verdict


def test_a_session_of_a_role_that_is_not_known() -> None:
    named = f"Effect: Allow, Principal: {{AWS: '{SESSION}/nightly'}}, Action: '*', Resource: '*'"

    assert decided(asking(caller=role(None)), named).verdict is UNKNOWN


def test_a_statement_of_an_identity_has_no_principal() -> None:
    policy = statements("Effect: Allow, Action: '*', Resource: '*'")

    assert decide(asking(), policy, of_resource=False).verdict is YES
    assert decide(asking(), policy).verdict is NO


ACTIONS = [
    (f"Action: '{COPY_INTO}'", YES),
    ("Action: [backup:StartCopyJob, backup:CopyIntoBackupVault]", YES),
    ("Action: 'backup:*'", YES),
    ("Action: 'backup:Copy*'", YES),
    ("Action: 'backup:?opyIntoBackupVault'", YES),
    ("Action: '*'", YES),
    ("Action: BACKUP:COPYINTOBACKUPVAULT", YES),
    ("Action: 'backup:copy*vault'", YES),
    ("Action: backup:CopyFromBackupVault", NO),
    ("Action: 'backup:CopyIntoBackupVault?'", NO),
    ("Action: CopyIntoBackupVault", NO),
    ("Action: ''", NO),
    ("Action: []", NO),
    ("Sid: NoActionAtAll", NO),
    ("NotAction: backup:StartCopyJob", YES),
    ("NotAction: 'kms:*'", YES),
    ("NotAction: 'backup:Copy*'", NO),
    ("NotAction: [kms:Decrypt, backup:copyintobackupvault]", NO),
    ("Action: !Ref Any", UNKNOWN),
    ("Action: !Sub 'backup:${Any}'", UNKNOWN),
    ("Action: !Sub 'kms:${Any}'", NO),
    (f"Action: [!Ref Any, '{COPY_INTO}']", YES),
    ("NotAction: !Ref Any", UNKNOWN),
    (f"NotAction: [!Ref Any, '{COPY_INTO}']", NO),
]


@pytest.mark.parametrize(("actions", "verdict"), ACTIONS)
def test_action(actions: str, verdict: Verdict) -> None:
    assert decided(asking(), f"Effect: Allow, Principal: '*', {actions}, Resource: '*'").verdict is verdict


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
@pytest.mark.parametrize(
    ("action", "speaks"),
    [
        ("Action: backup:CopyIntoBackupVault", YES),
        ("Action: 'backup:*'", UNKNOWN),
        ("Action: '*'", UNKNOWN),
        ("Action: 'backup:CopyIntoBackupVaul?'", UNKNOWN),
        ("Action: 'kms:*'", NO),
        ("NotAction: 'backup:*'", UNKNOWN),
        ("NotAction: 'kms:*'", YES),
    ],
)
def test_action_in_a_policy_that_supports_no_wildcards(effect: str, action: str, speaks: Verdict) -> None:
    [statement] = statements(f"Effect: {effect}, Principal: '*', {action}, Resource: '*'")
    everything = statements(f"Effect: Allow, Principal: '*', Action: '{COPY_INTO}', Resource: '*'")

    verdict = decide(asking(), [*everything[effect == "Allow" :], statement], wildcard_actions=False).verdict

    assert verdict is (speaks if effect == "Allow" else ~speaks)


RESOURCES = [
    ("Resource: '*'", YES),
    (f"Resource: '{VAULT}'", YES),
    (f"Resource: ['arn:aws:s3:::bucket', '{VAULT}']", YES),
    ("Resource: 'arn:aws:backup:*:444455556666:backup-vault:*'", YES),
    ("Resource: 'arn:aws:backup:eu-west-?:444455556666:backup-vault:central'", YES),
    ("Resource: 'arn:aws:backup:eu-*-1:444455556666:backup-vault:cent*l'", YES),
    ("Resource: 'arn:aws:backup:eu-west-1:444455556666:backup-vault:Central'", NO),
    ("Resource: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:central'", NO),
    ("Resource: central", NO),
    ("Resource: ''", NO),
    # a star that ends a field may go on past its colon; what one inside a field does AWS does not say
    ("Resource: 'arn:aws:backup:*'", YES),
    ("Resource: 'arn:aws:backup:*:backup-vault:central'", YES),
    ("Resource: 'arn:aws:backup:eu*central'", UNKNOWN),
    ("Resource: 'arn:aws:b*p:*:backup-vault:central'", UNKNOWN),
    ("Resource: 'arn:aws:backup:eu*:backup-vault:central'", YES),
    ("Resource: 'arn:aws:backup:eu-west-1?444455556666:backup-vault:central'", UNKNOWN),
    # whether a vault's policy needs one is not documented
    ("Sid: NoResourceAtAll", YES),
    ("NotResource: 'arn:aws:s3:::bucket'", YES),
    (f"NotResource: '{VAULT}'", NO),
    ("NotResource: '*'", NO),
    # the partition is taken for the one it must be
    ("Resource: !Sub 'arn:${Partition}:backup:eu-west-1:444455556666:backup-vault:central'", YES),
    ("Resource: !Sub 'arn:${Partition}:backup:eu-west-1:444455556666:backup-vault:other'", NO),
    # not known
    ("Resource: !Ref Any", UNKNOWN),
    ("Resource: !Sub 'arn:aws:backup:eu-west-1:${Account}:backup-vault:central'", UNKNOWN),
    ("Resource: !Sub 'arn:aws:backup:eu-west-1:${Account}:backup-vault:other'", NO),
    ("Resource: !Sub '${Any}*'", UNKNOWN),
    ("Resource: [!Ref Any, '*']", YES),
    ("NotResource: !Ref Any", UNKNOWN),
    ("NotResource: !Sub 'arn:aws:backup:eu-west-1:${Account}:backup-vault:central'", UNKNOWN),
    ("NotResource: !Sub 'arn:aws:backup:eu-west-1:${Account}:backup-vault:other'", YES),
    ("NotResource: [!Ref Any, '*']", NO),
]


@pytest.mark.parametrize(("resources", "verdict"), RESOURCES)
def test_resource(resources: str, verdict: Verdict) -> None:
    assert decided(asking(), f"Effect: Allow, Principal: '*', Action: '*', {resources}").verdict is verdict


@pytest.mark.parametrize(
    ("asked", "resource", "verdict"),
    [
        ("arn:aws:backup:eu-west-1:${Account}:backup-vault:central", f"'{VAULT}'", UNKNOWN),
        ("arn:aws:backup:eu-west-1:${Account}:backup-vault:central", "'*'", YES),
        (
            "arn:aws:backup:eu-west-1:${Account}:backup-vault:central",
            "'arn:aws:backup:*:*:backup-vault:central'",
            YES,
        ),
        (
            "arn:aws:backup:eu-west-1:${Account}:backup-vault:central",
            "'arn:aws:backup:*:*:backup-vault:other'",
            NO,
        ),
        ("${Any}", f"'{VAULT}'", UNKNOWN),
        ("${Any}", "'*'", YES),
    ],
)
def test_resource_that_is_not_known(asked: str, resource: str, verdict: Verdict) -> None:
    statement = f"Effect: Allow, Principal: '*', Action: '*', Resource: {resource}"

    assert decided(asking(resource=asked), statement).verdict is verdict


# Allow and Deny together

ALLOW = f"Effect: Allow, Principal: {{AWS: '{SOURCE}'}}, Action: '{COPY_INTO}', Resource: '*'"
DENY = f"Effect: Deny, Principal: '*', Action: '{COPY_INTO}', Resource: '*'"
MAYBE_ALLOW = f"Effect: Allow, Principal: {{AWS: !Ref Any}}, Action: '{COPY_INTO}', Resource: '*'"
MAYBE_DENY = f"Effect: Deny, Principal: {{AWS: !Ref Any}}, Action: '{COPY_INTO}', Resource: '*'"
DENY_OTHERS = f"Effect: Deny, Principal: {{AWS: '{DESTINATION}'}}, Action: '{COPY_INTO}', Resource: '*'"
EITHER = f"Effect: !Ref Effect, Principal: '*', Action: '{COPY_INTO}', Resource: '*'"
EITHER_FOR_OTHERS = f"Effect: !Ref Effect, Principal: {{AWS: '{DESTINATION}'}}, Action: '*', Resource: '*'"
NEITHER = f"Effect: allow, Principal: '*', Action: '{COPY_INTO}', Resource: '*'"


@pytest.mark.parametrize(
    ("policy", "verdict", "because", "denied"),
    [
        ([], NO, None, False),
        ([ALLOW], YES, 0, False),
        ([DENY], NO, 0, True),
        ([DENY, ALLOW], NO, 0, True),
        ([ALLOW, DENY], NO, 1, True),
        ([ALLOW, DENY_OTHERS], YES, 0, False),
        ([DENY_OTHERS], NO, None, False),
        # an undecidable Allow
        ([MAYBE_ALLOW], UNKNOWN, 0, False),
        ([MAYBE_ALLOW, ALLOW], YES, 1, False),
        ([MAYBE_ALLOW, DENY], NO, 1, True),
        # an undecidable Deny makes YES unknown, and leaves NO
        ([ALLOW, MAYBE_DENY], UNKNOWN, 1, True),
        ([MAYBE_DENY], NO, None, False),
        ([MAYBE_DENY, MAYBE_ALLOW], UNKNOWN, 1, False),
        ([MAYBE_DENY, ALLOW, DENY], NO, 2, True),
        # an effect that is not known
        ([EITHER], UNKNOWN, 0, False),
        ([ALLOW, EITHER], UNKNOWN, 1, True),
        ([DENY, EITHER], NO, 0, True),
        ([ALLOW, EITHER_FOR_OTHERS], YES, 0, False),
        ([EITHER_FOR_OTHERS], NO, 0, False),
        # an effect that does not exist
        ([NEITHER], NO, None, False),
        ([NEITHER, ALLOW], YES, 1, False),
    ],
)
def test_statements_together(policy: list[str], verdict: Verdict, because: int | None, denied: bool) -> None:
    read = statements(*policy)

    decision = decide(asking(), read)

    deciding = decision.because.statement if decision.because is not None else None
    assert (decision.verdict, decision.denied) == (verdict, denied)
    assert deciding is (read[because] if because is not None else None)


@pytest.mark.parametrize(
    ("policy", "opposed"),
    [
        ([ALLOW], None),
        ([ALLOW, DENY_OTHERS], None),
        ([ALLOW, MAYBE_DENY], 1),
        ([MAYBE_DENY], 0),
        ([EITHER], 0),
    ],
)
def test_a_deny_that_may_count_is_kept_for_other_policies(policy: list[str], opposed: int | None) -> None:
    read = statements(*policy)

    found = decide(asking(), read).opposed

    assert (found.statement if found is not None else None) is (
        read[opposed] if opposed is not None else None
    )


# The deciding element, and where it stands

ORG = "o-a1b2c3d4e5"


@pytest.mark.parametrize(
    ("statement", "element", "place"),
    [
        # that matches: the first element
        (ALLOW, "principal", f"'{SOURCE}'"),
        # that fails: what fails first
        (f"Effect: Allow, Principal: {{AWS: ['{DESTINATION}', '{KEY}']}}, Action: '*', Resource: '*'",
         "principal", f"'{DESTINATION}'"),
        ("Effect: Allow, Principal: '*', Action: [kms:Decrypt, 'backup:Start*'], Resource: '*'", "action", "kms:Decrypt"),
        (f"Effect: Allow, Principal: '*', Action: '*', Resource: '{KEY}'", "resource", f"'{KEY}'"),
        (("Effect: Allow, Principal: '*', Action: '*', Resource: '*', "
         "Condition: {StringEquals: {aws:PrincipalAccount: '999999999999'}}"), "condition", "aws:PrincipalAccount"),
        (("Effect: Allow, Principal: '*', Action: '*', Resource: '*', "
         "Condition: {StringLike: {aws:PrincipalAccount: '*'}, Bool: {aws:PrincipalIsAWSService: true}}"),
         "condition", "aws:PrincipalIsAWSService"),
        (f"Effect: Allow, Principal: '*', NotAction: [kms:Decrypt, '{COPY_INTO}'], Resource: '*'", "action", f"'{COPY_INTO}'"),
        # that is not known: the first of what is not
        ("Effect: Allow, Principal: {AWS: [!Ref Account]}, Action: '*', Resource: !Ref Any", "principal", "!Ref Account"),
        ("Effect: Allow, Principal: '*', Action: '*', Resource: ['arn:aws:s3:::x', !Ref Any]", "resource", "!Ref Any"),
        (("Effect: Allow, Principal: '*', Action: '*', Resource: '*', "
         f"Condition: {{StringEquals: {{aws:PrincipalOrgID: {ORG}}}}}"), "condition", "aws:PrincipalOrgID"),
        ("Effect: !Ref Effect, Principal: '*', Action: '*', Resource: '*'", "effect", "!Ref Effect"),
        # of those who are left out: the one who leaves it open
        (f"Effect: Allow, NotPrincipal: {{AWS: '{DESTINATION}'}}, Action: '*', Resource: '*'", "principal", f"'{DESTINATION}'"),
        (f"Effect: Allow, NotPrincipal: {{AWS: ['{DESTINATION}', !Ref Any]}}, Action: '*', Resource: '*'",
         "principal", "!Ref Any"),
    ],
)  # fmt: skip
def test_the_deciding_element(statement: str, element: str, place: str) -> None:
    because = decided(asking(), statement).because

    assert because is not None
    assert (because.element.name, because.element.span.text) == (element, place)
    assert because.element.verdict is because.verdict


@pytest.mark.parametrize(
    ("statement", "reasons"),
    [
        (ALLOW, []),
        ("Effect: Allow, Principal: {AWS: !Ref Account}, Action: '*', Resource: '*'", ["Account"]),
        ("Effect: Allow, Principal: '*', Action: '*', Resource: [!Ref Any, !Sub 'x${Role}']", ["Any"]),
        (("Effect: Allow, Principal: '*', Action: '*', Resource: '*', "
         "Condition: {StringEquals: {aws:SourceVpc: !Ref Any}}"), ["Any", "aws:sourcevpc"]),
        (("Effect: Allow, Principal: '*', Action: '*', Resource: '*', "
         "Condition: {StringEquals: {aws:PrincipalAccount: '${aws:SourceVpc}'}}"), ["aws:sourcevpc"]),
        (f"Effect: Allow, Principal: {{AWS: '{SESSION}/nightly'}}, Action: '*', Resource: '*'", ["caller"]),
        (f"Effect: Allow, NotPrincipal: {{AWS: '{SOURCE}'}}, Action: '*', Resource: '*'", ["NotPrincipal"]),
        (f"Effect: Allow, NotPrincipal: {{AWS: ['{DESTINATION}', !Ref Any]}}, Action: '*', Resource: '*'", ["Any"]),
    ],
)  # fmt: skip
def test_why_it_cannot_be_told(statement: str, reasons: list[str]) -> None:
    assert [hole.name for hole in decided(asking(), statement).holes] == reasons


@pytest.mark.parametrize(
    ("policy", "nearest"),
    [
        # that with fewest elements to mend, however many others hold
        (
            [
                (
                    f"Effect: Allow, Principal: {{AWS: '{DESTINATION}'}}, Action: kms:Decrypt, Resource: '*', "
                    "Condition: {StringLike: {aws:PrincipalAccount: '*', aws:PrincipalArn: '*:*:*:*:*:*'}}"
                ),
                f"Effect: Allow, Principal: {{AWS: '{DESTINATION}'}}, Action: '*', Resource: '*'",
            ],
            1,
        ),
        # of equals, one that speaks of the caller
        (
            [
                f"Effect: Allow, Principal: {{AWS: '{DESTINATION}'}}, Action: '*', Resource: '*'",
                f"Effect: Allow, Principal: {{AWS: '{SOURCE}'}}, Action: 'kms:*', Resource: '*'",
            ],
            1,
        ),
        # then the first
        (
            [
                f"Effect: Allow, Principal: {{AWS: '{SOURCE}'}}, Action: 'kms:*', Resource: '*'",
                f"Effect: Allow, Principal: {{AWS: '{SOURCE}'}}, Action: 's3:*', Resource: '*'",
            ],
            0,
        ),
    ],
)
def test_the_nearest_statement_of_a_refusal(policy: list[str], nearest: int) -> None:
    read = statements(*policy)

    because = decide(asking(), read).because

    assert because is not None
    assert because.statement is read[nearest]


@pytest.mark.parametrize(
    ("key", "action", "verdict"),
    [
        # a service's own keys are in requests for its own actions only
        ("kms:ViaService", COPY_INTO, NO),
        ("kms:CallerAccount", COPY_INTO, NO),
        ("kms:CallerAccount", "kms:Decrypt", YES),
        ("kms:ViaService", "kms:Decrypt", UNKNOWN),
        # some of them in those for certain actions only
        ("kms:GrantIsForAWSResource", "kms:Decrypt", NO),
        ("kms:GrantIsForAWSResource", "kms:CreateGrant", UNKNOWN),
        ("backup:CopyTargets", COPY_INTO, NO),
        ("backup:CopyTargets", "backup:CopyFromBackupVault", UNKNOWN),
        # every request of a role has these
        ("aws:PrincipalArn", COPY_INTO, YES),
        ("aws:PrincipalAccount", COPY_INTO, YES),
        ("aws:PrincipalServiceName", COPY_INTO, NO),
        # of these it is not known
        ("aws:SourceVpc", COPY_INTO, UNKNOWN),
        ("aws:PrincipalTag/team", COPY_INTO, UNKNOWN),
        # that is no key
        ("PrincipalArn", COPY_INTO, NO),
        ("aws:", COPY_INTO, NO),
    ],
)
def test_which_keys_a_request_carries(key: str, action: str, verdict: Verdict) -> None:
    there = f"{OPEN}, Condition: {{Null: {{'{key}': false}}}}"

    assert decided(asking(action), there).verdict is verdict


def test_what_a_service_carries() -> None:
    request = asking(caller=BACKUP)

    assert (
        decided(request, f"{OPEN}, Condition: {{Bool: {{aws:PrincipalIsAWSService: true}}}}").verdict is YES
    )
    by_name = f"{OPEN}, Condition: {{StringEquals: {{aws:PrincipalServiceName: backup.amazonaws.com}}}}"
    assert decided(request, by_name).verdict is YES
    assert decided(request, f"{OPEN}, Condition: {{'Null': {{aws:PrincipalAccount: true}}}}").verdict is YES
    names = f"{OPEN}, Condition: {{'Null': {{aws:PrincipalServiceNamesList: true}}}}"
    assert decided(request, names).verdict is UNKNOWN


def test_a_statement_by_itself() -> None:
    [statement] = statements(ALLOW)

    found = matched(asking(), statement)

    assert (found.verdict, found.missing, found.names_caller) == (YES, 0, True)
