"""What the statements of a vault's access policy say of an action, for readers: who may, and who may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.statement import Statement
from xbackup_lint.values.verdict import NO, Verdict

DELETE = "backup:DeleteRecoveryPoint"


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """That a statement lets somebody do something, or keeps them from it; UNKNOWN where that is not clear."""

    statement: Statement
    verdict: Verdict


def allowed(vault: Vault, action: str) -> tuple[Said, ...]:
    """The statements of a vault's policy that may let somebody do something."""
    return tuple(_said(((one, one.allows) for one in vault.policy or ()), action))


def denied(vault: Vault, action: str) -> tuple[Said, ...]:
    """The statements of a vault's policy that may keep somebody from doing something."""
    return tuple(_said(((one, one.denies) for one in vault.policy or ()), action))


def _said(statements: Iterable[tuple[Statement, Verdict]], action: str) -> Iterator[Said]:
    for statement, effect in statements:
        verdict = effect & statement.speaks_of(action)
        if verdict is not NO:
            yield Said(statement, verdict)
