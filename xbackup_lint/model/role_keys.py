"""Whether a role may use a key: by the key's policy and its own, taken together."""

from __future__ import annotations

from collections.abc import Sequence

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.context import organization
from xbackup_lint.model.key import Key
from xbackup_lint.model.key_requests import through_backup
from xbackup_lint.model.roles import Held
from xbackup_lint.model.route import Route
from xbackup_lint.policy.authorize import Policies, authorize
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.everywhere import guards_of, seen, told, too_many
from xbackup_lint.policy.request import Caller, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.policy.worlds import worlds
from xbackup_lint.values.alternatives import TooMany
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import Verdict

# AWS: what the managed policy for backups lets a role do with every key (F10.13).
_NEEDED = ("kms:DescribeKey", "kms:CreateGrant")


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Whether a role may use a key, and the actions that it may not, or of which that is not known."""

    verdict: Verdict
    actions: tuple[str, ...] = ()
    holes: tuple[Hole, ...] = ()


def key_use(route: Route, arn: Text, held: Held, key: Key) -> KeyUse:
    """The worst answer for a role of the source account, in every way for open conditions to turn out."""
    made = {action: _worst(route, arn, held, key, action) for action in _NEEDED}
    verdict = Verdict.all(decision.verdict for decision in made.values())
    alike = {action: decision for action, decision in made.items() if decision.verdict is verdict}
    holes = dict.fromkeys(hole for decision in alike.values() for hole in decision.holes)
    return KeyUse(verdict, tuple(alike), tuple(holes))


def _worst(route: Route, arn: Text, held: Held, key: Key, action: str) -> Decision:
    caller = Caller(route.copy.deployment.account, arn, name=f"the role {arn}")
    of_key = told(key.policy) if key.policy is not None else ()
    statements = (*held.identity, *of_key)
    context = organization(route, statements) | through_backup(key, action)
    request = Request(caller, action, key.arn, context)
    try:
        ways = worlds(route.guard, guards_of(statements))
    except TooMany:
        return too_many(statements, route.guard)
    made = [_in_one(request, key, seen(held.identity, way), seen(of_key, way)) for way in ways]
    return min(made, key=lambda decision: decision.verdict.value)


def _in_one(
    request: Request, key: Key, identity: Sequence[Statement], of_key: Sequence[Statement]
) -> Decision:
    if key.policy is None:
        # AWS: the policy of a key that is made without one leaves all to the identities of its account (F8.4).
        return decide(request, identity, of_resource=False)
    found = authorize(request, Policies(key.deployment.account, of_key, identity))
    decision = found.decision
    return Decision(found.verdict, decision.because, decision.denied, decision.opposed)
