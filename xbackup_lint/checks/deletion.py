"""Whether the backups of a vault can be deleted: vaults without protection, and denials that protect little."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, check, holes_of
from xbackup_lint.checks.receiving import Reception, receives
from xbackup_lint.dataclass import replace
from xbackup_lint.model.access import DELETE, denied
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.everywhere import guards_of, seen, told
from xbackup_lint.policy.statement import Statement
from xbackup_lint.policy.worlds import condition_hole, open_conditions, worlds
from xbackup_lint.values.alternatives import Guard, TooMany
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.verdict import UNKNOWN, Verdict


@check
def copies_are_deletable(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """A vault takes copies from other accounts, and neither a lock nor a denial keeps them from deletion.

    Reasons: `copy` (the files copy into it) and `grant` (its policy lets others). Labels: the same.
    """
    if vault.kind == "air-gapped":
        return
    guards = list(_guards(vault))
    try:
        ways = worlds(vault.guard, guards)
    except TooMany:
        holes = tuple(map(condition_hole, open_conditions(vault.guard, guards)))
        yield _deletable(vault, receives(vault, vault, estate), Answer(UNKNOWN, holes), vault.guard)
        return
    for way in ways:
        there = _seen(vault, way)
        yield _deletable(vault, receives(vault, there, estate), _protected(vault, there, way), way)


def _deletable(vault: Vault, reception: Reception, protected: Answer, way: Guard) -> Hit:
    verdict = reception.answer.verdict & ~protected.verdict
    return Hit(
        vault.span,
        verdict,
        way,
        reception.way,
        also=((reception.way, reception.place),) if reception.place is not None else (),
        holes=(*reception.answer.holes, *protected.holes) if verdict is UNKNOWN else (),
        assumptions=reception.answer.assumptions,
    )


def _guards(vault: Vault) -> Iterator[Guard]:
    """The guards on which it depends what a vault's policy and lock say."""
    if vault.policy is not None:
        yield from vault.policy.present
        yield from guards_of(told(vault.policy))
    yield from (guard for guard, _ in vault.locked)


def _seen(vault: Vault, way: Guard) -> Vault:
    """A vault with what its policy says in one way."""
    if vault.policy is None:
        return vault
    return replace(vault, policy=replace(vault.policy, statements=tuple(seen(vault.policy, way))))


def _protected(vault: Vault, there: Vault, way: Guard) -> Answer:
    """Whether a lock, or a denial of whatever reach, stands before deletion in one way.

    A pattern in the denial's actions counts, though AWS Backup may ignore it (F9.3): that is told of the pattern.
    """
    locked = _locked(vault, way)
    denials = denied(there, DELETE)
    unread = [
        hole for guard, hole in (vault.policy.unknown if vault.policy else ()) if way & guard is not None
    ]
    doubts = (hole for denial in denials for hole in _unread(denial.statement))
    verdict = Verdict.any(denial.verdict for denial in denials) | Verdict.any(UNKNOWN for _ in unread)
    return Answer(locked.verdict | verdict, tuple(dict.fromkeys((*locked.holes, *unread, *doubts))))


def _unread(statement: Statement) -> tuple[Hole, ...]:
    return holes_of(statement.effect, *(text for _, text in (*statement.actions, *statement.not_actions)))


def _locked(vault: Vault, way: Guard) -> Answer:
    """Whether a vault has a lock in one way. Where no input shows that, it is not known."""
    found = next((lock for guard, lock in vault.locked if way & guard is not None), None)
    if found is not None:
        return found
    symbol = (vault.span.source.path, f"lock@{vault.span.start}")
    why = f"no input shows whether `{vault.label}` is locked"
    return Answer(UNKNOWN, (Hole(symbol, why, place=vault.span),))
