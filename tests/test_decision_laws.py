"""What holds of every decision, whatever the policy: of random policies, and of what is not known of a request."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tools.oracle import ours, policies_of, request_of, statements
from tools.oracle_cases import ACCOUNTS, Case, Maker
from xbackup_lint.dataclass import replace
from xbackup_lint.policy.authorize import Policies, authorize
from xbackup_lint.policy.decide import decide, matched
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.request import Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.hole import ACCOUNT, ANY, Hole, Shape
from xbackup_lint.values.text import Fragment, Part, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

CASES = st.integers(0, 2**40).map(lambda seed: Maker(seed).case())
CONTEXTS = st.sampled_from(
    ["aws:principalorgid", "aws:principalorgpaths", "aws:sourcevpc", "aws:sourceip", "aws:currenttime", "aws:tagkeys",
     "aws:multifactorauthage", "aws:securetransport"]
)  # fmt: skip


def verdict_of(request: Request, policies: Policies) -> Verdict:
    return authorize(request, policies).verdict


def no_other_certainty(known: Verdict, hidden: Verdict) -> None:
    """Less knowledge may bring doubt, never another answer."""
    assert hidden in (known, UNKNOWN)


@given(CASES)
def test_with_all_facts_known_there_is_no_doubt(case: Case) -> None:
    assert ours(case) != "UNKNOWN"


@given(CASES, CONTEXTS)
def test_a_key_that_is_not_known(case: Case, key: str) -> None:
    request, policies = request_of(case), policies_of(case)
    context = {name: value for name, value in request.context.items() if name != key}

    no_other_certainty(verdict_of(request, policies), verdict_of(replace(request, context=context), policies))


@given(CASES)
def test_a_role_that_is_not_known(case: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    assume(not case.is_service)
    caller = replace(request.caller, arn=None, session=None)

    no_other_certainty(verdict_of(request, policies), verdict_of(replace(request, caller=caller), policies))


@given(CASES)
def test_an_account_that_is_not_known(case: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    assume(not case.is_service)
    hidden = hide(case.account)
    caller = replace(request.caller, account=hidden(request.caller.account), arn=None, session=None)

    no_other_certainty(verdict_of(request, policies), verdict_of(replace(request, caller=caller), policies))


@given(CASES, st.sampled_from(ACCOUNTS))
def test_an_account_that_stands_in_no_policy_as_it_is(case: Case, account: str) -> None:
    request, policies = request_of(case), policies_of(case)
    hidden = replace(policies, resource=[hidden_in(one, account) for one in policies.resource or ()])

    no_other_certainty(verdict_of(request, policies), verdict_of(request, hidden))


@given(CASES, st.sampled_from(["backup", "central", "11111111", "o-a1b2c3d4e5", "vpc", "team"]))
def test_a_word_that_stands_in_no_policy_as_it_is(case: Case, word: str) -> None:
    request, policies = request_of(case), policies_of(case)
    hidden = replace(policies, resource=[hidden_in(one, word, ANY) for one in policies.resource or ()])

    no_other_certainty(verdict_of(request, policies), verdict_of(request, hidden))


@given(CASES)
def test_a_resource_that_is_not_known(case: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    hidden = replace(request, resource=hide(case.owner)(request.resource))

    no_other_certainty(verdict_of(request, policies), verdict_of(hidden, policies))


@given(CASES)
def test_a_policy_that_is_not_known(case: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    known = verdict_of(request, policies)

    no_other_certainty(known, verdict_of(request, replace(policies, resource=None)))
    no_other_certainty(known, verdict_of(request, replace(policies, identity=None)))


@given(CASES, CASES)
def test_an_added_deny_never_opens(case: Case, other: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    added = [one for one in statements(other.resource_policy) if one.denies is YES]
    more = replace(policies, resource=[*(policies.resource or ()), *added])

    assert verdict_of(request, more).value <= verdict_of(request, policies).value


@given(CASES, CASES)
def test_an_added_allow_never_closes(case: Case, other: Case) -> None:
    request, policies = request_of(case), policies_of(case)
    added = [one for one in statements(other.resource_policy) if one.allows is YES]
    more = replace(policies, resource=[*(policies.resource or ()), *added])

    assert verdict_of(request, more).value >= verdict_of(request, policies).value


@given(CASES, st.permutations(range(3)))
def test_the_order_of_statements_says_nothing(case: Case, order: list[int]) -> None:
    policy = statements(case.resource_policy)
    shuffled = [policy[index] for index in order if index < len(policy)]

    assert decide(request_of(case), policy).verdict is decide(request_of(case), shuffled).verdict


@given(CASES)
def test_accounts_by_other_numbers(case: Case) -> None:
    written = json.dumps(case.__dict__)
    for number, other in zip(ACCOUNTS, ("908172635445", "112233445566", "010203040506"), strict=True):
        written = written.replace(number, other)
    # One pattern names an account by its beginning.
    renamed = Case(**json.loads(written.replace("iam::1111*:", "iam::9081*:")))

    assert ours(case) == ours(renamed)


@settings(max_examples=50)
@given(CASES)
def test_because_is_one_of_the_statements(case: Case) -> None:
    policy = statements(case.resource_policy)
    decision = decide(request_of(case), policy)

    because = decision.because
    assert because is None or because.statement in policy
    assert because is not None or decision.verdict is NO
    if because is not None and decision.verdict is not NO:
        assert because.verdict is decision.verdict
        assert because.missing == 0 or decision.verdict is UNKNOWN


@given(CASES)
def test_a_refusal_tells_the_nearest_of_all_that_allow(case: Case) -> None:
    """Though those that cannot come nearer than another are not looked at to the end."""
    request, policy = request_of(case), (*statements(case.resource_policy), *statements(case.identity_policy))
    because = decide(request, policy).because
    found = [matched(request, one, for_someone=True) for one in policy if one.allows is YES]
    assume(because is not None and because.verdict is NO)

    nearest = max(found, key=lambda one: (-one.missing, one.names_caller))
    assert because is not None
    assert because.statement is nearest.statement
    assert (because.missing, because.names_caller) == (nearest.missing, nearest.names_caller)
    assert (because.element.name, because.element.span) == (nearest.element.name, nearest.element.span)


# Texts behind holes


def hide(known: str, shape: Shape = ACCOUNT) -> Any:
    """Makes a hole of a known piece of texts, the same everywhere."""

    def hidden(text: Text) -> Text:
        return replace(text, parts=tuple(part for one in text.parts for part in _holed(one, known, shape)))

    return hidden


def _holed(part: Part, known: str, shape: Shape) -> list[Part]:
    if not isinstance(part, Fragment):
        return [part]
    found: list[Part] = []
    for index, piece in enumerate(part.text.split(known)):
        if index:
            found.append(Hole(("t.yaml", known), "it is a parameter", shape))
        if piece:
            found.append(replace(part, text=piece))
    return found


def hidden_in(statement: Statement, known: str, shape: Shape = ACCOUNT) -> Statement:
    """A statement with a piece of its principals, resources and values behind holes."""
    hidden = hide(known, shape)

    def each(guarded: Any) -> Any:
        return tuple((guard, hidden(text)) for guard, text in guarded)

    def principals(listed: tuple[Principal, ...]) -> tuple[Principal, ...]:
        return tuple(Principal(hidden(one.text), one.kind, one.guard) for one in listed)

    return replace(
        statement,
        principals=principals(statement.principals),
        not_principals=principals(statement.not_principals),
        resources=each(statement.resources),
        not_resources=each(statement.not_resources),
        clauses=tuple(replace(clause, values=each(clause.values)) for clause in statement.clauses),
    )
