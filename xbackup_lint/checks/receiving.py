"""Which vaults take copies from other accounts, as far as copies and policies in the files tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from xbackup_lint.checks.hit import holes_of
from xbackup_lint.checks.resources import speaks_of
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.access import allowed
from xbackup_lint.model.context import COPY_INTO
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.route import Found, Route
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.condition import Tie
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_Known = tuple[dict[Vault, list[tuple[Route, Found]]], set[Vault]]
_KNOWN: WeakKeyDictionary[Estate, _Known] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Reception:
    """That a vault takes copies from other accounts. `way` is `copy` or `grant`, `place` where that is said."""

    way: str
    place: Span | None
    answer: Answer


_NONE = Reception("", None, Answer(NO))


def receives(vault: Vault, policy_there: Vault, estate: Estate) -> Reception:
    """Whether copies from other accounts come to a vault: by a copy of the files, else by leave of its policy.

    `policy_there` is the vault with what its policy says in one way for open conditions to turn out. Leave that
    a source vault gives is for copies that come back, which is no day's work.
    """
    routes, sources = _known(estate)
    copies = [_by_copy(route, found) for route, found in routes.get(vault, ())]
    grants = [] if vault in sources else list(_by_grant(policy_there))
    return max((*copies, *grants), key=lambda one: one.answer.verdict.value, default=_NONE)


def _known(estate: Estate) -> _Known:
    """The routes to each vault, and the vaults from which other routes start."""
    if estate not in _KNOWN:
        routes: dict[Vault, list[tuple[Route, Found]]] = defaultdict(list)
        sources = set[Vault]()
        for copy in estate.copies:
            for route, _ in judged(copy, estate):
                if route.crosses_accounts is NO:
                    continue
                if route.vault is not None:
                    routes[route.vault.vault].append((route, route.vault))
                if route.target is not None:
                    sources.add(route.target.vault)
        _KNOWN[estate] = dict(routes), sources
    return _KNOWN[estate]


def _by_copy(route: Route, found: Found) -> Reception:
    here, arn = route.copy.deployment, route.arn
    verdict = found.verdict & route.crosses_accounts
    account = route.destination.account if route.destination is not None else arn
    unknown = (*arn.holes, *here.account.holes, *found.vault.account.holes) if verdict is UNKNOWN else ()
    assumed = (*here.assumed_of(account), *arn.assumptions) if verdict is YES else ()
    return Reception("copy", arn.span, Answer(verdict, _once(unknown), assumed))


def _by_grant(vault: Vault) -> Iterator[Reception]:
    """What statements let in: everyone, which is what `NotPrincipal` lets in too, or somebody."""
    here = vault.deployment
    for said in allowed(vault, COPY_INTO):
        statement = said.statement
        reached, everyone = _reached(statement, vault), _any_of_everyone(statement, here)
        others = [
            everyone if one.form is Form.ANYONE else _any_other(_account_of(one), here)
            for one in statement.principals
        ]
        others += [everyone for _ in statement.not_principals]
        for principal, other in zip((*statement.principals, *statement.not_principals), others, strict=True):
            verdict = said.verdict & reached.verdict & other.verdict
            holes = (*reached.holes, *other.holes, *_unread(statement)) if verdict is UNKNOWN else ()
            yield Reception("grant", principal.span, Answer(verdict, _once(holes), other.assumptions))


def _account_of(principal: Principal) -> tuple[Text, ...]:
    return (principal.account,) if principal.account is not None else ()


def _reached(statement: Statement, vault: Vault) -> Answer:
    """Whether a statement's resources are the vault."""
    if vault.policy is None or not statement.resources:
        return Answer(YES)
    subject = PolicyStatement(statement, "vault", vault.deployment, vault.policy, vault)
    verdict = Verdict.any(speaks_of(text, subject)[0] for _, text in statement.resources)
    return Answer(verdict, tuple(hole for _, text in statement.resources for hole in text.holes))


def _unread(statement: Statement) -> tuple[Hole, ...]:
    return holes_of(statement.effect, *(text for _, text in statement.actions))


def _any_of_everyone(statement: Statement, here: Deployment) -> Answer:
    """Whether everyone, as far as the conditions let them in, takes in another account than the vault's own."""
    asked = [clause.accounts for clause in statement.clauses if clause.pins(Tie.ACCOUNT) is YES]
    answers = (_any_other(accounts, here) for accounts in asked if accounts)
    return next((answer for answer in answers if answer.verdict is not YES), Answer(YES))


def _any_other(accounts: Sequence[Text], here: Deployment) -> Answer:
    verdicts = [here.sends_to_another(account) for account in accounts]
    verdict = Verdict.any(verdicts)
    holes = (hole for account in (*accounts, here.account) for hole in account.holes)
    assumed = (what for account in accounts for what in (*here.assumed_of(account), *account.assumptions))
    return Answer(
        verdict, tuple(holes) if verdict is UNKNOWN else (), tuple(assumed) if verdict is YES else ()
    )


def _once(holes: tuple[Hole, ...]) -> tuple[Hole, ...]:
    return tuple(dict.fromkeys(holes))
