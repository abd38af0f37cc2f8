"""Policies in every way for the template's conditions to turn out, and statements of which nothing is known."""

from __future__ import annotations

import pytest

from tests.decisions import COPY_INTO, asking, statements
from xbackup_lint.policy.decide import decide
from xbackup_lint.policy.everywhere import too_many, untold
from xbackup_lint.policy.principal import Form
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.verdict import UNKNOWN

HOLE = Hole(("t.yaml", "Policy"), "it is made by another tool")


def test_where_more_conditions_decide_than_are_followed_the_first_statement_is_shown() -> None:
    first, *others = statements("Effect: Allow, Principal: '*', Action: '*'", "Effect: Deny, Principal: '*'")

    decision = too_many([first, *others], ALWAYS)

    assert decision.verdict is UNKNOWN
    assert decision.because is not None
    assert decision.because.statement is first
    assert (decision.because.element.name, decision.because.element.verdict) == ("condition", UNKNOWN)
    # as near as a statement can be: none that does not match is shown in its place
    assert (decision.because.missing, decision.because.names_caller) == (0, True)


def test_without_a_statement_none_is_shown() -> None:
    decision = too_many([], ALWAYS)

    assert (decision.verdict, decision.because) == (UNKNOWN, None)


def test_a_statement_that_cannot_be_read_is_of_anyone_and_may_allow_or_deny() -> None:
    statement = untold(NOWHERE, HOLE)

    assert [principal.form for principal in statement.principals] == [Form.ANYONE]
    assert [str(action) for _, action in statement.actions] == ["*"]
    assert statement.allows is UNKNOWN
    assert statement.denies is UNKNOWN


def test_one_that_may_not_deny_allows_what_is_not_known() -> None:
    statement = untold(NOWHERE, HOLE, may_deny=False)

    assert statement.effect is not None
    assert str(statement.effect) == "Allow"
    assert [action.hole for _, action in statement.actions] == [HOLE]


@pytest.mark.parametrize("may_deny", [True, False])
@pytest.mark.parametrize("action", [COPY_INTO, "kms:Decrypt"])
def test_it_leaves_every_request_open(action: str, may_deny: bool) -> None:
    decision = decide(asking(action), [untold(NOWHERE, HOLE, may_deny=may_deny)])

    assert decision.verdict is UNKNOWN
    assert decision.holes == (HOLE,)


def test_beside_one_that_may_deny_nothing_is_allowed_for_certain() -> None:
    allowing = statements("Effect: Allow, Principal: '*', Action: '*', Resource: '*'")

    assert decide(asking(), [*allowing, untold(NOWHERE, HOLE)]).verdict is UNKNOWN
    assert decide(asking(), [*allowing, untold(NOWHERE, HOLE, may_deny=False)]).verdict is not UNKNOWN
