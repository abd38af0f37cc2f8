"""The nouns that rules may have as subject, and where an estate keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property

from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule, VaultReference
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.role import Selection
from xbackup_lint.model.statement import PolicyStatement, StatementPrincipal
from xbackup_lint.model.vault import Vault

NOUNS: dict[str, tuple[str, type]] = {
    "plan": ("plans", Plan),
    "rule": ("rules", Rule),
    "copy": ("copies", Copy),
    "vault-reference": ("vault_references", VaultReference),
    "lifecycle": ("lifecycles", Lifecycle),
    "vault": ("vaults", Vault),
    "key": ("keys", Key),
    "statement": ("statements", PolicyStatement),
    "principal": ("principals", StatementPrincipal),
    "selection": ("selections", Selection),
    "problem": ("problems", Problem),
}


def subjects(estate: Estate, noun: str) -> Sequence[object]:
    """All of a noun that an estate holds, in the order of reading."""
    found: Sequence[object] = getattr(estate, NOUNS[noun][0])
    return found


def attribute_name(written: str) -> str:
    """`target-vault` in a rule is `target_vault` on the noun."""
    return written.replace("-", "_")


def has_attribute(noun: str, written: str) -> bool:
    """Whether a noun has an attribute."""
    return attribute_name(written) in attributes(NOUNS[noun][1])


def attributes(kind: type) -> set[str]:
    """The attributes of a noun: its fields and its properties."""
    own = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    made = {
        name
        for base in kind.__mro__
        for name, value in vars(base).items()
        if isinstance(value, property | cached_property) and not name.startswith("_")
    }
    return own | made
