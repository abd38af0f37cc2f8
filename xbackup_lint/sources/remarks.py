"""What is worth a word of an estate, and no finding: its reader may wonder why something is not told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Vault


def remarks(estate: Estate) -> Iterator[str]:
    """Policies that belong to nothing, and vaults that several templates declare."""
    yield from _loose(estate)
    yield from _declared_twice(estate)


def _loose(estate: Estate) -> Iterator[str]:
    """Policies in files of their own that neither a name in them nor the configuration attaches to anything."""
    for kind in ("vault", "key"):
        loose = (s for s in estate.statements if s.policy_kind == kind and not (s.vault or s.kms_key))
        for path in dict.fromkeys(statement.span.source.path for statement in loose):
            yield f"{path}: no file tells which {kind} has this policy; `documents` in a configuration can"


def _declared_twice(estate: Estate) -> Iterator[str]:
    """Of two vaults of one name in an account and region only one can be deployed."""
    found: dict[tuple[str, ...], list[Vault]] = defaultdict(list)
    for vault in estate.vaults:
        names = {text.known if text is not None else None for text in vault.name.values}
        where = (vault.account.known, vault.region.known, names.pop() if len(names) == 1 else None)
        if not vault.is_printed and None not in where:
            found[tuple(map(str, where))].append(vault)
    for (account, region, name), vaults in found.items():
        first, *others = vaults
        rival = next((one for one in others if one.is_rival_of(first)), None)
        if rival is not None:
            paths = sorted({first.span.source.path, rival.span.source.path})
            both = " and ".join(paths) if len(paths) > 1 else f"{paths[0]} twice"
            yield f"vault `{name}` of {account}/{region} is declared in {both}: only one of them can be"
