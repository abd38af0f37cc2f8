"""The way back of a copy: from the destination to the account that made it."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, check
from xbackup_lint.model.asking import copying_back
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key_asking import sharing
from xbackup_lint.model.plan import Copy
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.route import Route
from xbackup_lint.values.verdict import YES


@check
def copy_back_is_unprepared(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """What the destination keeps cannot be copied back. Facts: `vault`, `destination`, `key`, `account`, `source`.

    Only what certainly is in the way is told: whoever restores has a day to find out the rest.
    """
    for route, _ in judged(copy, estate):
        if route.crosses_accounts is not YES or route.vault is None or route.target is None:
            continue
        vault, key = _closed_vault(route), _closed_key(route)
        reason = "both" if vault and key else "vault" if vault else "key"
        closed = [one for one in (vault, key) if one is not None]
        if closed:
            places = (("vault", vault), ("key", key))
            yield Hit(
                route.arn.span,
                YES,
                route.guard,
                reason,
                facts=_facts(route, key),
                also=tuple(
                    (name, one.place) for name, one in places if one is not None and one.place is not None
                ),
                because=closed[0].place,
                remedy=closed[0].remedy,
            )


def _closed_vault(route: Route) -> Requirement | None:
    """Why the vault of the source takes no copies from the destination account (F1.19)."""
    found = copying_back(route)
    return found if found is not None and found.standing is Standing.FAILS else None


def _closed_key(route: Route) -> Requirement | None:
    """Why the source account cannot use the key of the destination vault (F3.30)."""
    vault = route.vault.vault if route.vault is not None else None
    key = route.key_of(vault)[1] if vault is not None else None
    if key is None:
        return None
    found = sharing(route.estate, key, route.copy.deployment.account, route.guard)
    return found if found.standing is Standing.FAILS else None


def _facts(route: Route, key: Requirement | None) -> dict[str, str]:
    target, destination = route.target, route.destination
    return {
        "vault": target.vault.label if target is not None else "",
        "destination": str(destination.name) if destination is not None else "",
        "account": str(destination.account) if destination is not None else "",
        "source": str(route.copy.deployment.account),
        "key": key.facts["key"] if key is not None else "",
    }
