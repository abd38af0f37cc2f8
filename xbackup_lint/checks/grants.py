"""Actions of policy statements: which do not exist, and which are granted in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from xbackup_lint.checks.callers import has_wildcard
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy import actions
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.statement import Guarded
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import MOST, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

COPY_INTO = "backup:copyintobackupvault"
_FEW = 4
"""How many actions are named where a wildcard stood for many."""


@check
def names_unknown_actions(subject: PolicyStatement, estate: Estate, *, policies: list[str]) -> Iterator[Hit]:
    """`backup:` actions that do not exist. Facts: `actions`, `nearest` (what was probably meant).

    Reasons: empty, `near` where there is a nearest; `deny` and `deny-near` in a denial.
    """
    if subject.policy_kind not in policies:
        return
    statement = subject.statement
    named = (*statement.actions, *statement.not_actions)
    for guard, texts in by_guard([(guard, text) for guard, text in named if _is_unknown(text.known or "")]):
        near = {str(text): actions.nearest(_with_service(str(text))) for text in texts}
        meant = "\n".join(f"  {name} → {right}" for name, right in near.items() if right is not None)
        reason = ("deny" if statement.denies is YES else "", "near" if meant else "")
        yield _at(texts, guard, "-".join(filter(None, reason)), nearest=meant)


def _is_unknown(action: str) -> bool:
    """Whether it claims to be an action of AWS Backup, and is none. A pattern is not judged here."""
    if "*" in action or "?" in action:
        return False
    if ":" not in action:
        return actions.exists(_with_service(action))
    return action.lower().startswith("backup:") and not actions.exists(action)


def _with_service(action: str) -> str:
    return action if ":" in action else f"backup:{action}"


@check
def action_has_wildcard(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A wildcard in `Action` of a vault policy. Facts: `actions`, `meant` (what a denial can say instead)."""
    if subject.policy_kind != "vault":
        return
    effect = "deny" if subject.statement.denies is YES else "allow"
    found = [(guard, text) for guard, text in subject.statement.actions if has_wildcard(text)]
    for guard, texts in by_guard(found):
        matched = {name for text in texts for name in actions.expand(text.known or "")}
        worst = [f"`{name}`" for name in actions.dangerous() if name in matched]
        meant = ", ".join(worst[:_FEW]) + (" …" if len(worst) > _FEW else "")
        yield _at(texts, guard, effect if worst or effect == "allow" else "", meant=meant)


@check
def grants_in_vain(subject: PolicyStatement, estate: Estate, *, policy: str) -> Iterator[Hit]:
    """Allows other accounts, and nobody else, what AWS honours for none. Facts: `actions`, `accounts`."""
    statement = subject.statement
    if subject.policy_kind != policy or statement.allows is NO:
        return
    is_refused = _is_refused if policy == "vault" else _administers_key
    guards = [principal.guard for principal in statement.principals]
    found = [(guard, text) for guard, text in statement.actions if is_refused(text.known or "")]
    for own, texts in by_guard(found):
        ways = dict.fromkeys(both for guard in guards if (both := own & guard) is not None)
        for guard in islice(ways, MOST):
            others = statement.seen(guard).principals
            verdict = statement.allows & Verdict.all(is_foreign(other, subject) for other in others)
            accounts = [other.account or other.text for other in others]
            unknown = holes_of(statement.effect, *accounts, subject.deployment.account)
            yield _at(
                most_dangerous_first(texts),
                guard,
                verdict=verdict,
                holes=unknown if verdict is UNKNOWN else (),
                accounts=ids(accounts),
            )


def _is_refused(action: str) -> bool:
    """AWS: of all actions AWS Backup lets other accounts have CopyIntoBackupVault only (F1.4)."""
    return actions.exists(action) and action.lower() != COPY_INTO


def _administers_key(action: str) -> bool:
    """AWS: of a key other accounts can have its use, not its administration (F3.24). Patterns that only read pass."""
    if not ("*" in action or "?" in action):
        return (
            action.lower().startswith("kms:")
            and actions.exists(action)
            and not actions.across_accounts(action)
        )
    matched = (name for name in actions.expand(action) if name.startswith("kms:"))
    return any(
        not actions.across_accounts(name) and actions.access_level(name) not in ("read", "list")
        for name in matched
    )


def is_foreign(principal: Principal, subject: PolicyStatement) -> Verdict:
    """Whether a principal belongs to another account than the policy. What belongs to none is not foreign."""
    return ~subject.deployment.is_account(principal.account) if principal.account is not None else NO


def most_dangerous_first(texts: Sequence[Text]) -> list[Text]:
    """Actions in the order of the facts (F9.10), all others behind as they come."""
    order = {name.lower(): index for index, name in enumerate(actions.dangerous())}
    return sorted(texts, key=lambda text: order.get((text.known or "").lower(), len(order)))


def by_guard(found: Sequence[Guarded]) -> Iterator[tuple[Guard, list[Text]]]:
    """Texts that are there under the same guard, together; of guards no more than anybody writes."""
    groups: dict[Guard, list[Text]] = {}
    for guard, text in found:
        groups.setdefault(guard, []).append(text)
    return islice(groups.items(), MOST)


def listed(texts: Sequence[Text]) -> str:
    """Each text once, in backquotes."""
    return ", ".join(f"`{text}`" for text in dict.fromkeys(map(str, texts)))


def ids(accounts: Sequence[Text]) -> str:
    """Account ids, each once; one that is not known as its name in backquotes."""
    return ", ".join(dict.fromkeys(account.known or f"`{account}`" for account in accounts))


def further(texts: Sequence[Text]) -> tuple[Span, ...]:
    """The places of all texts but the first, each once: those that a parameter gives stand in one."""
    return tuple(dict.fromkeys(text.span for text in texts if text.span != texts[0].span))


def _at(
    texts: Sequence[Text],
    guard: Guard,
    reason: str = "",
    *,
    verdict: Verdict = YES,
    holes: tuple[Hole, ...] = (),
    **facts: str,
) -> Hit:
    """One hit for several actions: the first is it, the others are underlined."""
    return Hit(
        texts[0].span,
        verdict,
        guard,
        reason,
        facts={"actions": listed(texts), **facts},
        underline=further(texts),
        holes=holes,
        assumptions=assumptions_of(*texts),
    )
