"""The actions and condition keys of AWS Backup and AWS KMS: what exists, and what a wrong name means.

`data/actions.json` is read once, when the first question is asked. Of other services nothing is known here.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from xbackup_lint.dataclass import dataclass
from xbackup_lint.text.near import most_like
from xbackup_lint.values.comparison import glob

AccessLevel = Literal["read", "list", "write", "tagging", "permissions"]


class _ConditionKey(TypedDict):
    type: str
    actions: NotRequired[list[str]]


class _Confusion(TypedDict):
    wrong: str
    right: str
    source: str


class _Selection(TypedDict):
    source: str
    actions: list[str]


class _Data(TypedDict):
    date: str
    source: str
    actions: dict[str, dict[AccessLevel, list[str]]]
    condition_keys: dict[str, _ConditionKey]
    confusions: list[_Confusion]
    dangerous_on_a_vault: _Selection
    kms_across_accounts: _Selection


@cache
def _data() -> _Data:
    data: _Data = json.loads(Path(__file__).with_name("data").joinpath("actions.json").read_bytes())
    return data


@cache
def _levels() -> dict[str, AccessLevel]:
    """Every action in its documented spelling, in order of service and name."""
    return dict(
        sorted(
            (f"{service}:{name}", level)
            for service, levels in _data()["actions"].items()
            for level, names in levels.items()
            for name in names
        )
    )


@cache
def _spellings() -> dict[str, str]:
    """Lower-case action to its documented spelling."""
    # AWS: action names are compared without regard to case (F9.4).
    return {action.lower(): action for action in _levels()}


def owned(name: str) -> bool:
    """Whether an action or condition key is of a service whose names we know: backup, backup-storage, kms."""
    service, colon, _ = name.partition(":")
    return bool(colon) and service.lower() in _data()["actions"]


def exists(action: str) -> bool:
    """Whether `service:Name` is an action of a service we own. False of all others: ask `owned` first."""
    return action.lower() in _spellings()


def canonical(action: str) -> str:
    """The documented spelling of an action; what we do not know is given back as it came."""
    return _spellings().get(action.lower(), action)


def access_level(action: str) -> AccessLevel:
    """What an action is for, as AWS documents it. Raises KeyError for one that does not exist."""
    return _levels()[canonical(action)]


@lru_cache(maxsize=1024)
def expand(pattern: str) -> tuple[str, ...]:
    """The actions of services we own that an IAM pattern matches, `*` and `?` being wildcards."""
    wanted = re.sub(r"\*+", "*", pattern.lower())  # so that no action is tried against a million stars
    return tuple(action for lowered, action in _spellings().items() if glob(lowered, wanted))


@cache
def dangerous() -> tuple[str, ...]:
    """The actions that only a vault's administrators should have on it, in the order to list them."""
    # AWS: F9.10.
    return tuple(_data()["dangerous_on_a_vault"]["actions"])


@cache
def _across_accounts() -> frozenset[str]:
    return frozenset(_data()["kms_across_accounts"]["actions"])


def across_accounts(action: str) -> bool:
    """Whether a `kms:` action works on a key of another account. `GenerateRandom` uses no key: no."""
    # AWS: F3.24; of all other operations a grant to another account has no effect.
    return canonical(action) in _across_accounts()


@cache
def _condition_keys() -> dict[str, _ConditionKey]:
    return {key.lower(): entry for key, entry in _data()["condition_keys"].items()}


def _condition_key(key: str) -> _ConditionKey | None:
    """The entry of a key, or of its family: `kms:EncryptionContext:*` of `kms:EncryptionContext:team`."""
    lowered = key.lower()
    if "*" in lowered:
        return None
    entries = _condition_keys()
    families = (
        entry for name, entry in entries.items() if name[-1] == "*" and glob(lowered, name[:-1] + "?*")
    )
    return entries.get(lowered) or next(families, None)


def condition_key_exists(key: str) -> bool:
    """Whether `key` is a condition key of a service we own. False of global ones: ask `owned` first."""
    return _condition_key(key) is not None


def condition_key_type(key: str) -> str | None:
    """The documented type, such as `Numeric` or `ArrayOfARN`; None for a key that does not exist."""
    entry = _condition_key(key)
    return entry["type"] if entry else None


def condition_key_carriers(key: str) -> tuple[str, ...] | None:
    """The only actions whose requests carry a condition key; None where we do not know them all."""
    entry = _condition_key(key)
    return tuple(entry["actions"]) if entry and "actions" in entry else None


# What a wrong name most likely means


def nearest_condition_key(key: str) -> str | None:
    """The condition key of AWS Backup that a wrong one most likely means; None where none is near."""
    names = {name: spelled for spelled in _data()["condition_keys"] if owned(name := spelled.lower())}
    near = most_like(key.lower(), names, 0.75)
    return names[near] if near is not None else None


_NEAR = 0.6
"""Likeness from which a real name is worth suggesting, of 1; below it suggestions would be guesses."""

_VERBS = {
    "read": ("describe", "get", "list", "read", "view"),
    "write": ("add", "create", "generate", "modify", "put", "run", "set", "start", "update"),
    "end": ("cancel", "delete", "disassociate", "remove", "revoke", "stop"),
}
_KINDS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs}


@lru_cache(maxsize=4096)
def nearest(action: str) -> str | None:
    """The action that a wrong one of the same service most likely means; None where none is nearest."""
    if exists(action):
        return canonical(action)
    lowered = action.lower()
    for confusion in _data()["confusions"]:
        if confusion["wrong"].lower() == lowered:
            return confusion["right"]
    service, _, made_up = action.partition(":")
    if len(made_up) > 2 * max(map(len, _spellings())):
        return None
    wanted = _Name.of(made_up)
    scored = [(wanted.likeness(name), real) for name, real in _names(service.lower())]
    best = max((likeness for likeness, _ in scored), default=(0.0, 0, 0.0))
    winners = [real for likeness, real in scored if likeness == best]
    return winners[0] if best[0] >= _NEAR and len(winners) == 1 else None


@cache
def _names(service: str) -> tuple[tuple[_Name, str], ...]:
    split = ((action, action.partition(":")) for action in _levels())
    return tuple((_Name.of(name), action) for action, (prefix, _, name) in split if prefix == service)


_Pairs = frozenset[str]
"""Each letter of a text with the one after it, its ends being letters too."""


def _pairs(text: str) -> _Pairs:
    edged = f"^{text}$"
    return frozenset(edged[i : i + 2] for i in range(len(edged) - 1))


def _alike(one: _Pairs, other: _Pairs) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


@dataclass(frozen=True, slots=True)
class _Name:
    """`StartBackupJob`, taken apart to be compared with a name that somebody made up."""

    verb: str
    verb_pairs: _Pairs
    thing_pairs: _Pairs
    pairs: _Pairs
    plural: bool

    @staticmethod
    def of(name: str) -> _Name:
        first = re.match(r"[A-Z]?[a-z]*", name)
        verb = first.group().lower() if first else ""
        if verb not in _KINDS:  # all in small letters, perhaps
            verb = next((known for known in _KINDS if name.lower().startswith(known)), verb)
        # People leave `Backup` out of names and mix singular and plural: neither tells things apart.
        thing = name[len(verb) :].lower().replace("backup", "").removesuffix("s")
        return _Name(verb, _pairs(verb), _pairs(thing), _pairs(name.lower()), name.endswith("s"))

    def likeness(self, real: _Name) -> tuple[float, int, float]:
        """How near a real name is; then, among equals, whether verb and number agree; then the letters."""
        as_written = _alike(self.pairs, real.pairs)
        agreement = 2 * (self.verb == real.verb) + (self.plural == real.plural)
        kind, real_kind = _KINDS.get(self.verb), _KINDS.get(real.verb)
        if kind and real_kind:
            # What reads is no help to one who wants to write, however alike the names.
            near = max(as_written, _alike(self.thing_pairs, real.thing_pairs)) if kind == real_kind else 0.0
        else:
            near = as_written if _alike(self.verb_pairs, real.verb_pairs) >= 0.5 else 0.0
        return near, agreement, as_written
