"""The selections of an Organizations policy, by tags or by resources, as those of the API."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.sources.organization.names import Convert, listed_as, renamed_by, same
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

_CONDITION = listed_as(
    renamed_by({"condition_key": ("ConditionKey", same), "condition_value": ("ConditionValue", same)})
)
_SELECTION = renamed_by(
    {
        "iam_role_arn": ("IamRoleArn", same),
        "resource_types": ("Resources", same),
        "not_resource_types": ("NotResources", same),
        "conditions": (
            "Conditions",
            renamed_by(
                {
                    "string_equals": ("StringEquals", _CONDITION),
                    "string_not_equals": ("StringNotEquals", _CONDITION),
                    "string_like": ("StringLike", _CONDITION),
                    "string_not_like": ("StringNotLike", _CONDITION),
                }
            ),
        ),
    }
)


def _by_tags(field: Field) -> Field:
    """A selection by tags, its values as elements of `ListOfTags`."""

    def with_tags(value: Value) -> Value:
        if not isinstance(value, Record):
            return value
        given = Field.of(value, value.span)
        tags = Field.of(Items(value.span, tuple(_tags(given))), value.span)
        kept = _SELECTION(given).alternatives.values[0]
        entries = kept.entries if isinstance(kept, Record) else ()
        return Record(value.span, (*entries, Entry(Text.literal("ListOfTags", value.span), tags)))

    return Field(field.span, field.alternatives.map(with_tags))


def _tags(selection: Field) -> Iterator[Field]:
    key, kind = selection.get("tag_key"), Text.literal("STRINGEQUALS", selection.span)
    for value in selection.get("tag_value").elements():
        pairs = (
            ("ConditionType", Field.of(kind, kind.span)),
            ("ConditionKey", key),
            ("ConditionValue", value),
        )
        entries = tuple(Entry(Text.literal(name, own.span), own) for name, own in pairs)
        yield Field.of(Record(value.span, entries), value.span)


SELECTIONS: dict[str, Convert] = {"tags": _by_tags, "resources": _SELECTION}
"""What to read the selections of each kind as."""
