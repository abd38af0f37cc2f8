"""The nouns that rules may have as subject, and where an estate keeps them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from xbackup_lint.model.amount import Amount
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.naming import Name
from xbackup_lint.model.notification import Notification, VaultEvent
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule, VaultReference
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.role import Role
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.setting import Setting
from xbackup_lint.model.share import Share
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
    "role": ("roles", Role),
    "problem": ("problems", Problem),
    "amount": ("amounts", Amount),
    "name": ("names", Name),
    "setting": ("settings", Setting),
    "notification": ("notifications", Notification),
    "vault-event": ("vault_events", VaultEvent),
    "share": ("shares", Share),
}

Kind = Literal["text", "number", "yes or no", "place"]
"""What an attribute is to a rule: `when` compares all but places, `at` underlines texts and places."""

_KINDS: dict[str, Kind] = {
    "str": "text",
    "Text": "text",
    "Texts": "text",
    "int": "number",
    "bool": "yes or no",
    "Answer": "yes or no",
    "Verdict": "yes or no",
    "Span": "place",
}
_OF_THE_ENGINE = {"key", "span", "identity"}


def subjects(estate: Estate, noun: str) -> Sequence[object]:
    """All of a noun that an estate holds, in the order of reading."""
    found: Sequence[object] = getattr(estate, NOUNS[noun][0])
    return found


@cache
def attribute_name(written: str) -> str:
    """`target-vault` in a rule is `target_vault` on the noun."""
    return written.replace("-", "_")


def written(attribute: str) -> str:
    """The reverse: how rules write an attribute, or the option of a check."""
    return attribute.replace("_", "-")


def kind_of(noun: str, written: str) -> Kind | None:
    """What an attribute of a noun is; None for what is no attribute that rules can name."""
    return attributes(NOUNS[noun][1]).get(attribute_name(written))


@cache
def attributes(kind: type) -> dict[str, Kind]:
    """The attributes of a noun that rules can name, fields and properties, and what each is.

    Those that hold other nouns, or serve the engine alone, are not among them.
    """
    found: dict[str, Kind] = {}
    for base in reversed(kind.__mro__):
        for name, annotation in _annotations(base):
            of = _kind(annotation, base.__module__)
            if of is not None and not name.startswith("_") and name not in _OF_THE_ENGINE:
                found[name] = of
    return found


def _annotations(base: type) -> Iterator[tuple[str, str]]:
    """Attributes that a class itself declares, each with its annotation, which is a text in all modules of ours."""
    yield from ((name, str(annotation)) for name, annotation in vars(base).get("__annotations__", {}).items())
    for name, value in vars(base).items():
        made = value.fget if isinstance(value, property) else getattr(value, "func", None)
        if made is not None:
            yield name, str(made.__annotations__["return"])


def _kind(annotation: str, module: str) -> Kind | None:
    inner = annotation.removeprefix("Alternatives[").rstrip("]").removesuffix(" | None")
    if inner not in _KINDS and inner.isidentifier():
        inner = str(getattr(sys.modules[module], inner, ""))  # a name for a Literal
    return "text" if "Literal[" in inner else _KINDS.get(inner)
