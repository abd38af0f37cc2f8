"""What the function of a check takes, as its signature says."""

from __future__ import annotations

from xbackup_lint.checks.hit import Check
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.nouns import NOUNS
from xbackup_lint.engine.rule import Constant

A_KIND = {
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "list[str]": "a list of texts",
}
"""What the options of checks can be, in words, by the annotation of the parameter."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a check, and the annotation of its parameter."""

    kind: str
    required: bool


def options_of(check: Check) -> dict[str, Option]:
    """The options of a check, by the names of its keyword-only parameters."""
    code = check.__code__
    names = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    defaults = check.__kwdefaults__ or {}
    return {name: Option(str(check.__annotations__[name]), name not in defaults) for name in names}


def is_of_kind(value: Constant | list[Constant], kind: str) -> bool:
    """Whether what a rule gives is what an option takes."""
    match kind:
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "str":
            return isinstance(value, str)
        case "bool":
            return isinstance(value, bool)
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def subjects_of(check: Check) -> tuple[str, ...]:
    """The nouns that a check takes as its subject."""
    kinds = str(check.__annotations__[check.__code__.co_varnames[0]]).split(" | ")
    return tuple(noun for noun, (_, kind) in NOUNS.items() if kind.__name__ in kinds)
