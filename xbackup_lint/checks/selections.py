"""What selections say of themselves: everything, nothing, or what matches nothing."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.selection import Selection, TagCondition
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import TooMany
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Items, Value
from xbackup_lint.values.verdict import YES

_PREFIX = "aws:resourcetag/"


@check
def selection_takes_everything(selection: Selection, _: Estate) -> Iterator[Hit]:
    """`Resources` is `*`, and nothing narrows it."""
    narrowed = (
        selection.body.get("Conditions"),
        selection.body.get("NotResources"),
        selection.body.get("ListOfTags"),
    )
    if not all(field.is_absent for field in narrowed):
        return
    for guard, text in selection.resources:
        if text.known == "*":
            yield Hit(text.span, YES, guard, assumptions=assumptions_of(text))


@check
def selection_is_empty(selection: Selection, _: Estate) -> Iterator[Hit]:
    """Neither `Resources` nor `ListOfTags` holds anything. Organizations policies have a grammar for that."""
    if selection.form == "organizations" or _is_made_later(selection):
        return
    resources, tags = (selection.body.get(name) for name in ("Resources", "ListOfTags"))
    try:
        both = resources.alternatives.with_(
            tags.alternatives, lambda one, other: _empty(one) and _empty(other)
        )
    except TooMany:
        return
    beside = [name for name in ("Conditions", "NotResources") if not selection.body.get(name).is_absent]
    for guard, empty in both:
        if empty:
            reason = "nothing-beside" if beside else "nothing"
            yield Hit(
                _place(selection), YES, guard, reason, {"beside": " and ".join(f"`{one}`" for one in beside)}
            )


def _is_made_later(selection: Selection) -> bool:
    """Whether a macro adds to it."""
    keys = (entry.key.known or "" for _, record in selection.body.records() for entry in record.entries)
    return any(key.startswith("Fn::") for key in keys)


def _empty(value: Value) -> bool:
    return value is None or (isinstance(value, Items) and not value.elements)


def _place(selection: Selection) -> Span:
    """The name, so that a long selection is not underlined as a whole."""
    names = [text for text in selection.name.values if text is not None]
    return names[0].span if len(names) == 1 else selection.span


@check
def tag_key_never_matches(selection: Selection, _: Estate) -> Iterator[Hit]:
    """A condition on tags is written as another list writes it. Facts: `key`, `tag`, `operator`."""
    for condition in (*selection.tags, *selection.conditions):
        wrong = _wrong(condition)
        if wrong is not None:
            reason, text = wrong
            key = str(condition.key) if condition.key is not None else ""
            tag = key[len(_PREFIX) :] if key.lower().startswith(_PREFIX) else key
            facts = {"key": key, "tag": tag, "operator": str(condition.operator)}
            yield Hit(text.span, YES, condition.guard, reason, facts, assumptions=assumptions_of(text))


def _wrong(condition: TagCondition) -> tuple[str, Text] | None:
    key, operator = condition.key, condition.operator
    prefixed = key is not None and key.beginning.lower().startswith(_PREFIX)
    if condition.where == "ListOfTags":
        if key is not None and prefixed:
            return "prefix", key
        if operator is not None and operator.known not in (None, "STRINGEQUALS"):
            spelt = (operator.known or "").upper() == "STRINGEQUALS"
            return "spelling" if spelt else "operator", operator
        return None
    # A key that begins with a hole may begin as it should.
    told = key is not None and bool(key.beginning) and not _PREFIX.startswith(key.beginning.lower())
    return ("no-prefix", key) if key is not None and told and not prefixed else None
