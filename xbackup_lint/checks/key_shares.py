"""Keys and those who have to use them: destinations of copies, vaults, and accounts on the way back."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.checks.needs import hit_of, unfolded
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.key_asking import sharing
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.vault import Vault
from xbackup_lint.model.vault_key import vault_and_key
from xbackup_lint.policy.principal import Principal
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

_VERDICTS = {Standing.FAILS: YES, Standing.UNSURE: UNKNOWN}
_INCOMPLETE = {"share-incomplete": YES, "perhaps-incomplete": UNKNOWN}
_DENIED = {"denied": YES, "perhaps-denied": UNKNOWN}
_KEYS = ("source-key", "destination-key")


@check
def key_share_is_incomplete(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """The source key is shared for what is needed at least. Facts: `key`, `account`, `actions` that are missing."""
    for route, rows in judged(copy, estate):
        for row in unfolded(rows):
            if row.reason in _INCOMPLETE:
                yield hit_of(route, row, _INCOMPLETE[row.reason])


@check
def key_policy_denies(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """A Deny in a key policy on a copy's way is for those who work on it. Facts: `key`, `who`, `actions`."""
    for route, rows in judged(copy, estate):
        for row in unfolded(rows):
            if row.name in _KEYS and row.reason in _DENIED:
                yield hit_of(route, row, _DENIED[row.reason])


@check
def vault_key_is_not_shared(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """A vault's key belongs to an account that does not let the vault's use it. Facts: `key`, `account`, `actions`."""
    for guard, text in vault.encryption_key:
        for key in estate.keys_named(text)[:1] if text is not None else ():
            found = vault_and_key(estate, vault, key, guard)
            if text is None or found is None or not found.reason.endswith("shared"):
                continue
            yield Hit(
                text.span,
                _VERDICTS[found.standing],
                guard,
                found.reason,
                facts=found.facts | {"vault": vault.label, "owner": str(key.account)},
                also=(("statement", found.place),) if found.place is not None else (),
                holes=found.holes,
                assumptions=assumptions_of(text),
                remedy=found.remedy,
            )


@check
def replica_is_not_shared(key: Key, estate: Estate) -> Iterator[Hit]:
    """A replica lacks what its primary shares with another account. Facts: `key`, `account`, `actions`."""
    for guard, text in key.primary:
        for primary in estate.keys_named(text)[:1] if text is not None else ():
            for account in _friends(primary):
                shared = sharing(estate, primary, account, guard)
                found = sharing(estate, key, account, guard)
                if shared.standing is Standing.HOLDS and found.standing in _VERDICTS:
                    yield _of_replica(key, shared, found)


def _friends(key: Key) -> list[Text]:
    """The other accounts that a key's policy names, each once."""
    named = (one for statement in key.policy or () for one in statement.principals)
    accounts = (one.account for one in named if _is_of_another(one, key))
    return list({account.identity: account for account in accounts if account is not None}.values())


def _is_of_another(principal: Principal, key: Key) -> bool:
    return principal.account is not None and equals(principal.account, key.account) is NO


def _of_replica(key: Key, shared: Requirement, found: Requirement) -> Hit:
    place = (("primary", shared.place),) if shared.place is not None else ()
    return Hit(
        key.span,
        _VERDICTS[found.standing],
        key.guard,
        found.reason,
        facts=found.facts,
        also=place,
        holes=found.holes,
        remedy=found.remedy,
    )
