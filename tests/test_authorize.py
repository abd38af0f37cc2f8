"""All policies between a caller and a resource: who has to allow, who can deny, and who does not count."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.decisions import COPY_INTO, DESTINATION, KEY, ROLE, SOURCE, VAULT, asking, role, statements
from tests.test_principal import text
from xbackup_lint.policy.authorize import Authorization, Policies, Statements, authorize
from xbackup_lint.policy.request import Caller
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

WHOLE = "Effect: Allow, Action: '*', Resource: '*'"
OTHER = "Effect: Allow, Action: 's3:*', Resource: '*'"
DENIED = f"Effect: Deny, Action: ['{COPY_INTO}', kms:Decrypt], Resource: '*'"
UNSURE = "Effect: Allow, Action: !Ref Any, Resource: '*'"
UNSURELY_DENIED = "Effect: Deny, Action: !Ref Any, Resource: '*'"


def to(principal: str, statement: str = WHOLE) -> str:
    return f"{statement}, Principal: {principal}"


ANYONE = to("'*'")
ACCOUNT = to(f"{{AWS: '{SOURCE}'}}")
OWN_ROLE = to(f"{{AWS: '{ROLE}'}}")
OTHERS = to(f"{{AWS: '{DESTINATION}'}}")
OWN_SESSION = to(f"{{AWS: 'arn:aws:sts::{SOURCE}:assumed-role/backup/nightly'}}")
UNSURE_ROLE = to("{AWS: !Ref Any}")

Written = Sequence[str] | None


def read(written: Written) -> Statements | None:
    return statements(*written) if written is not None else None


def put(
    resource: Written,
    identity: Written,
    *,
    owner: str = DESTINATION,
    action: str = COPY_INTO,
    caller: Caller | None = None,
    boundary: Written = None,
    service_control: Sequence[Sequence[str]] = (),
    resource_control: Sequence[Sequence[str]] = (),
) -> Authorization:
    """A request of the source account's role, put to policies."""
    policies = Policies(
        text(owner),
        read(resource),
        read(identity),
        read(boundary),
        tuple(statements(*level) for level in service_control),
        tuple(statements(*level) for level in resource_control),
    )
    return authorize(asking(action, KEY if action.startswith("kms:") else VAULT, caller), policies)


@pytest.mark.parametrize(
    ("resource", "identity", "verdict", "by"),
    [
        # both have to allow
        ([ACCOUNT], [WHOLE], YES, "resource"),
        ([OWN_ROLE], [WHOLE], YES, "resource"),
        ([ANYONE], [WHOLE], YES, "resource"),
        ([OTHERS], [WHOLE], NO, "resource"),
        ([], [WHOLE], NO, "resource"),
        ([ACCOUNT], [OTHER], NO, "identity"),
        ([OWN_ROLE], [], NO, "identity"),
        # either can deny
        ([ACCOUNT], [WHOLE, DENIED], NO, "identity"),
        ([ACCOUNT, to("'*'", DENIED)], [WHOLE], NO, "resource"),
        # what no policy tells
        ([ACCOUNT], None, UNKNOWN, "identity"),
        (None, [WHOLE], UNKNOWN, "resource"),
        ([OTHERS], None, NO, "resource"),
        (None, [OTHER], NO, "identity"),
        ([UNSURE_ROLE], [WHOLE], UNKNOWN, "resource"),
        ([UNSURE_ROLE], [OTHER], NO, "identity"),
        ([ACCOUNT], [WHOLE, UNSURELY_DENIED], UNKNOWN, "identity"),
    ],
)
def test_across_accounts(resource: Written, identity: Written, verdict: Verdict, by: str) -> None:
    found = put(resource, identity)

    assert (found.verdict, found.by) == (verdict, by)


@pytest.mark.parametrize(
    ("resource", "identity", "verdict", "by"),
    [
        # either may allow
        ([], [WHOLE], YES, "identity"),
        ([OWN_ROLE], [], YES, "resource"),
        ([ANYONE], [], YES, "resource"),
        ([], [], NO, "resource"),
        ([OTHERS], [OTHER], NO, "resource"),
        # a grant to the account leaves it to the account's own policies
        ([ACCOUNT], [], NO, "resource"),
        ([ACCOUNT], [WHOLE], YES, "identity"),
        # either can deny
        ([OWN_ROLE], [DENIED], NO, "identity"),
        ([to("'*'", DENIED)], [WHOLE], NO, "resource"),
        # an undecidable Deny of one counts where the other allows
        ([to("'*'", UNSURELY_DENIED)], [WHOLE], UNKNOWN, "resource"),
        ([OWN_ROLE], [UNSURELY_DENIED], UNKNOWN, "identity"),
        ([to("'*'", UNSURELY_DENIED)], [OTHER], NO, "resource"),
        # what no policy tells: it may deny
        (None, [WHOLE], UNKNOWN, "resource"),
        ([OWN_ROLE], None, UNKNOWN, "identity"),
        (None, [OTHER], UNKNOWN, "resource"),
        ([ACCOUNT], None, UNKNOWN, "identity"),
        ([UNSURE_ROLE], [], UNKNOWN, "resource"),
    ],
)
def test_in_one_account(resource: Written, identity: Written, verdict: Verdict, by: str) -> None:
    found = put(resource, identity, owner=SOURCE)

    assert (found.verdict, found.by) == (verdict, by)


@pytest.mark.parametrize(
    ("resource", "identity", "verdict"),
    [
        ([ACCOUNT], [WHOLE], YES),
        ([OWN_ROLE], [], YES),
        # without the key's policy nothing opens a key
        ([], [WHOLE], NO),
        ([OTHERS], [WHOLE], NO),
        ([ACCOUNT], [], NO),
        (None, [WHOLE], UNKNOWN),
        ([ACCOUNT], None, UNKNOWN),
    ],
)
def test_a_key_of_the_same_account(resource: Written, identity: Written, verdict: Verdict) -> None:
    assert put(resource, identity, owner=SOURCE, action="kms:Decrypt").verdict is verdict


@pytest.mark.parametrize(
    ("resource", "identity", "verdict"),
    [
        ([ACCOUNT], [WHOLE], YES),
        ([OWN_ROLE], [WHOLE], YES),
        ([OWN_ROLE], [], NO),
        ([], [WHOLE], NO),
    ],
)
def test_a_key_of_another_account(resource: Written, identity: Written, verdict: Verdict) -> None:
    assert put(resource, identity, action="kms:Decrypt").verdict is verdict


@pytest.mark.parametrize(
    ("resource", "identity", "verdict"),
    [
        # the same either way
        ([OWN_ROLE], [WHOLE], YES),
        ([], [], NO),
        ([OWN_ROLE], [DENIED], NO),
        # different across accounts
        ([], [WHOLE], UNKNOWN),
        ([OWN_ROLE], [], UNKNOWN),
    ],
)
def test_an_account_that_is_not_known(resource: Written, identity: Written, verdict: Verdict) -> None:
    assert put(resource, identity, owner="${Account}").verdict is verdict


@pytest.mark.parametrize(
    ("boundary", "verdict", "by"),
    [
        ([WHOLE], YES, "resource"),
        ([OTHER], NO, "boundary"),
        ([], NO, "boundary"),
        ([WHOLE, DENIED], NO, "boundary"),
        ([UNSURE], UNKNOWN, "boundary"),
        ([WHOLE, UNSURELY_DENIED], UNKNOWN, "boundary"),
    ],
)
def test_a_boundary_has_to_allow_too(boundary: Written, verdict: Verdict, by: str) -> None:
    found = put([ACCOUNT], [WHOLE], boundary=boundary)

    assert (found.verdict, found.by) == (verdict, by)


@pytest.mark.parametrize(
    ("resource", "owner", "verdict"),
    [
        ([OWN_ROLE], SOURCE, NO),
        # a grant to the session itself goes past it in the same account
        ([OWN_SESSION], SOURCE, YES),
        ([OWN_SESSION], DESTINATION, NO),
        # whether one to everyone does, AWS does not say
        ([ANYONE], SOURCE, UNKNOWN),
        ([ANYONE], DESTINATION, NO),
    ],
)
def test_grants_past_a_boundary(resource: Written, owner: str, verdict: Verdict) -> None:
    found = put(resource, [WHOLE], owner=owner, boundary=[OTHER], caller=role(session="nightly"))

    assert found.verdict is verdict


def test_a_boundary_that_denies_is_not_gone_past() -> None:
    denied = put([OWN_SESSION], [], owner=SOURCE, boundary=[WHOLE, DENIED], caller=role(session="nightly"))

    assert (denied.verdict, denied.by) == (NO, "boundary")


def test_not_principal_denies_whoever_has_a_boundary() -> None:
    sparing = f"Effect: Deny, NotPrincipal: {{AWS: ['{ROLE}', '{SOURCE}']}}, Action: '*', Resource: '*'"

    assert put([ACCOUNT, sparing], [WHOLE]).verdict is YES
    assert put([ACCOUNT, sparing], [WHOLE], boundary=[WHOLE]).verdict is NO


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ([], YES),
        ([[WHOLE]], YES),
        ([[WHOLE], [WHOLE], [WHOLE]], YES),
        ([[WHOLE], [OTHER], [WHOLE]], NO),
        ([[OTHER, WHOLE]], YES),
        ([[WHOLE], []], NO),
        ([[WHOLE], [WHOLE, DENIED]], NO),
        ([[WHOLE], [UNSURE]], UNKNOWN),
        ([[WHOLE], [WHOLE, UNSURELY_DENIED]], UNKNOWN),
        ([[UNSURE], [OTHER]], NO),
    ],
)
def test_each_level_of_service_control_has_to_allow(levels: list[list[str]], verdict: Verdict) -> None:
    found = put([ACCOUNT], [WHOLE], service_control=levels)

    assert found.verdict is verdict
    assert found.by == ("resource" if verdict is YES else "service control")


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [
        ([[ANYONE]], YES),
        ([[ANYONE], [ANYONE, to("'*'", DENIED)]], NO),
        ([[ANYONE, to("'*'", f"{DENIED}, Condition: {{StringNotEquals: {{aws:PrincipalAccount: '{SOURCE}'}}}}")]], YES),
    ],
)  # fmt: skip
def test_each_level_of_resource_control_has_to_allow(levels: list[list[str]], verdict: Verdict) -> None:
    found = put([ACCOUNT], [WHOLE], action="kms:Decrypt", resource_control=levels)

    assert (found.verdict, found.by) == (verdict, "resource" if verdict is YES else "resource control")


def test_control_policies_do_not_reach_service_linked_roles() -> None:
    linked = role(f"arn:aws:iam::{SOURCE}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup")
    levels, outer = [[WHOLE, DENIED]], [[ANYONE, to("'*'", DENIED)]]

    assert put([ACCOUNT], [WHOLE], service_control=levels, resource_control=outer).verdict is NO
    assert (
        put([ACCOUNT], [WHOLE], service_control=levels, resource_control=outer, caller=linked).verdict is YES
    )


@pytest.mark.parametrize(
    ("resource", "outer", "verdict"),
    [
        ([to("{Service: backup.amazonaws.com}")], [], YES),
        ([to("{Service: ec2.amazonaws.com}")], [], NO),
        ([ACCOUNT], [], NO),
        ([to("{Service: backup.amazonaws.com}")], [[ANYONE, to("'*'", DENIED)]], NO),
        (None, [], UNKNOWN),
    ],
)
def test_a_service_is_under_the_resource_s_policies_alone(
    resource: Written, outer: list[list[str]], verdict: Verdict
) -> None:
    service = Caller(text(""), service="backup.amazonaws.com")

    found = put(
        resource,
        [DENIED],
        caller=service,
        boundary=[OTHER],
        service_control=[[OTHER]],
        resource_control=outer,
    )

    assert found.verdict is verdict


def test_an_explicit_deny_is_told_before_all_that_does_not_allow() -> None:
    found = put([OTHERS], [OTHER], boundary=[OTHER], service_control=[[WHOLE, DENIED]])

    assert (found.verdict, found.by, found.decision.denied) == (NO, "service control", True)


def test_the_decision_behind_a_doubt_is_told() -> None:
    found = put([to("'*'", UNSURELY_DENIED)], [WHOLE], owner=SOURCE)

    assert found.decision.because is not None
    assert found.decision.because.element.span.text == "!Ref Any"
    assert [hole.name for hole in found.decision.holes] == ["Any"]


@pytest.mark.parametrize("caller", [None, Caller(text(""), service="backup.amazonaws.com")])
def test_a_statement_of_a_resource_without_principals_is_for_nobody(caller: Caller | None) -> None:
    found = put([WHOLE], [WHOLE], caller=caller)

    assert (found.verdict, found.by) == (NO, "resource")


def test_a_resource_control_policy_without_principals_is_for_nobody() -> None:
    assert put([ANYONE], [WHOLE], resource_control=[[ANYONE]]).verdict is YES

    found = put([ANYONE], [WHOLE], resource_control=[[WHOLE]])

    assert (found.verdict, found.by) == (NO, "resource control")
