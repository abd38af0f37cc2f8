"""What is asked of a key's policy: by whom, through which service, in every way for its conditions to turn out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.context import organization_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.requirement import Requirement
from xbackup_lint.model.told import in_all_ways, order, requirement
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.decide import Decision, decide
from xbackup_lint.policy.everywhere import guards_of, seen, told, untold
from xbackup_lint.policy.principal import SERVICE_LINKED_ROLE
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions, worlds
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import Guard, TooMany
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: without these another account cannot use a key for backups at all (F3.15, F3.18, F3.21).
NEEDED = ("kms:DescribeKey", "kms:CreateGrant")
_GRANTS = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a key's policy says to one action."""

    action: str
    decision: Decision

    @property
    def verdict(self) -> Verdict:
        return self.decision.verdict


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """A key's policy, as it is in one way for the conditions of its template to turn out, and who asks it."""

    estate: Estate
    key: Key
    policy: Policy
    statements: Sequence[Statement]
    services: tuple[str, ...]
    """Those through which the key may be reached: what one of them is granted will do."""

    def answers(self, caller: Caller, actions: Iterable[str]) -> list[Answer]:
        context = organization_of(self.estate, caller.account, self.statements)
        carried = [context | _through(self.key, service) for service in self.services]
        return [Answer(action, self._decision(caller, action, carried)) for action in actions]

    def _decision(self, caller: Caller, action: str, carried: Iterable[dict[str, KeyValue]]) -> Decision:
        requests = (Request(caller, action, self.key.arn, one | _for_grants(action)) for one in carried)
        return max((decide(request, self.statements) for request in requests), key=order)

    def requirement(self, name: str, answer: Answer, facts: dict[str, str], *missing: str) -> Requirement:
        """A requirement that stands as an answer has it; a Deny that only may apply is `perhaps-denied`."""
        facts = facts | {"key": self.key.label, "actions": listed(missing or (answer.action,))}
        said = requirement(name, answer.decision, facts, self.key.span)
        perhaps = answer.verdict is UNKNOWN and is_denial(answer)
        return replace(said, reason="perhaps-denied") if perhaps else said


def asked_in_all_ways(asking: Asking, guard: Guard, judge: Callable[[Asking], Requirement]) -> Requirement:
    """How a requirement stands, asked in every way for the conditions of the key's template to turn out."""
    guards = [*asking.policy.present, *guards_of(asking.statements)]
    try:
        ways = worlds(guard, guards)
    except TooMany:
        hole = condition_hole(open_conditions(guard, guards)[0])
        return judge(replace(asking, statements=(untold(asking.policy.span, hole),)))
    return in_all_ways(
        [(way, judge(replace(asking, statements=seen(asking.statements, way)))) for way in ways]
    )


def asking_of(estate: Estate, key: Key, policy: Policy, services: tuple[str, ...] = ("backup",)) -> Asking:
    """A key's policy, to be asked in all ways."""
    return Asking(estate, key, policy, told(policy), services)


def through_backup(key: Key, action: str) -> dict[str, KeyValue]:
    """A use of a key through AWS Backup, for an AWS resource (F3.19, F3.20, F3.27)."""
    return _through(key, "backup") | _for_grants(action)


def _through(key: Key, service: str) -> dict[str, KeyValue]:
    """What a use of a key carries through AWS Backup, or a service that works for it."""
    via = Text.join(
        [Text.unwritten(f"{service}."), key.deployment.region, Text.unwritten(".amazonaws.com")], NOWHERE
    )
    # AWS: KMS takes requests over TLS only (KMS: infrastructure security).
    return {"kms:viaservice": (via,), "aws:securetransport": (Text.unwritten("true"),)}


def _for_grants(action: str) -> dict[str, KeyValue]:
    return {"kms:grantisforawsresource": (Text.unwritten("true"),) if action in _GRANTS else ABSENT}


def linked_role(key: Key, account: Text) -> Caller:
    """The role that works for AWS Backup in an account, of the partition that a key is in (F1.8)."""
    arn = Arn.of(key.arn)
    partition = arn.partition if arn is not None else Text.unwritten("aws")
    pieces = (
        Text.unwritten("arn:"),
        partition,
        Text.unwritten(":iam::"),
        account,
        Text.unwritten(f":role/{SERVICE_LINKED_ROLE}"),
    )
    return Caller(account, Text.join(pieces, NOWHERE), name=f"account {account}")


def somebody(account: Text) -> Caller:
    """Whoever it is in an account: a statement for certain of its roles may be for this one."""
    return Caller(account, None, name=f"the role that copies in account {account}")


def is_denial(answer: Answer) -> bool:
    """Whether an explicit Deny decides, or may."""
    because = answer.decision.because
    return answer.decision.denied and because is not None and because.statement.denies is YES


def denials_of(found: Iterable[Answer]) -> list[Answer]:
    """The answers that a Deny gives, or, if none certainly does, may give."""
    denied = sorted(filter(is_denial, found), key=lambda one: order(one.decision))
    return [one for one in denied if one.verdict is denied[0].verdict]


def worst_of(found: Iterable[Answer]) -> Answer:
    """A refusal before a doubt before a leave; of equals the first."""
    return min(found, key=lambda one: order(one.decision))


def missing_of(found: Iterable[Answer]) -> list[str]:
    """The actions that are refused."""
    return [one.action for one in found if one.verdict is NO]


def listed(actions: Iterable[str]) -> str:
    """Actions in backquotes, each once."""
    return ", ".join(f"`{action}`" for action in dict.fromkeys(actions))
