"""What Organizations policies come to: root, organizational units and account, operator by operator."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.sources.organization.inheritance import Effective, effective
from xbackup_lint.text.json_reader import read
from xbackup_lint.text.source import Source
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Condition, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record

NONE = {"@@operators_allowed_for_child_policies": ["@@none"]}
CONTROL = "@@operators_allowed_for_child_policies"


def policy(said: Any, name: str = "policy.json") -> Field:
    return literal(read(Source(name, json.dumps(said))).root)


def come_to(*levels: list[Any]) -> Effective:
    """The effective policy of levels, each a list of policies in the order of their attachment."""
    return effective(
        [
            [policy(said, f"{number}-{at}.json") for at, said in enumerate(level)]
            for number, level in enumerate(levels)
        ]
    )


def plain(field: Field) -> Any:
    """A value without its places."""
    value = field.alternatives.only
    match value:
        case Text():
            return value.known
        case Items(elements=elements):
            return [plain(element) for element in elements]
        case Record(entries=entries):
            return {entry.key.known: plain(entry.value) for entry in entries}
    return None


def regions(said: Any) -> Any:
    return {"plans": {"daily": {"regions": said}}}


def vault(said: Any) -> Any:
    return {"plans": {"daily": {"rules": {"nightly": {"target_backup_vault_name": said}}}}}


AT_ONE_KEY: dict[str, tuple[list[list[Any]], Any]] = {
    "a value is set": ([[{"@@assign": ["eu-west-1"]}]], ["eu-west-1"]),
    "a list begins with what is appended": ([[{"@@append": ["eu-west-1"]}]], ["eu-west-1"]),
    "a bare value is a value": ([[["eu-west-1"]]], ["eu-west-1"]),
    "the lower policy replaces": ([[{"@@assign": ["eu-west-1", "eu-north-1"]}], [{"@@assign": ["us-east-1"]}]], ["us-east-1"]),
    "or appends": ([[{"@@assign": ["eu-west-1"]}], [{"@@append": ["us-east-1"]}]], ["eu-west-1", "us-east-1"]),
    "what is there already once": ([[{"@@assign": ["eu-west-1"]}], [{"@@append": ["eu-west-1", "us-east-1"]}]], ["eu-west-1", "us-east-1"]),
    "or removes": ([[{"@@assign": ["eu-west-1", "us-east-1"]}], [{"@@remove": ["us-east-1", "eu-north-1"]}]], ["eu-west-1"]),
    "down to nothing": ([[{"@@assign": ["eu-west-1"]}], [{"@@remove": ["eu-west-1"]}]], []),
    "nothing to remove from": ([[{"@@remove": ["eu-west-1"]}]], []),
    "all operators at once, in their order": (
        [[{"@@assign": ["eu-west-1"]}], [{"@@remove": ["us-east-1"], "@@append": ["us-east-1", "us-west-2"], "@@assign": ["eu-north-1"]}]],
        ["eu-north-1", "us-west-2"],
    ),
    "a policy in between says nothing": ([[{"@@assign": ["eu-west-1"]}], [], [{"@@append": ["us-east-1"]}]], ["eu-west-1", "us-east-1"]),
    "of two lists of a level the later one counts, as long as AWS does not say": ([[{"@@assign": ["eu-west-1"]}, {"@@assign": ["us-east-1"]}]], ["us-east-1"]),
    "those of a level append to each other": ([[{"@@append": ["eu-west-1"]}, {"@@append": ["us-east-1"]}]], ["eu-west-1", "us-east-1"]),
    "null says nothing": ([[{"@@assign": ["eu-west-1"]}], [{"@@assign": None}], [None], [{"@@append": None}]], ["eu-west-1"]),
    "an operator that there is not does nothing": ([[{"@@assign": ["eu-west-1"]}], [{"@@assign": ["us-east-1"], "@@add": ["us-west-2"]}]], ["us-east-1"]),
}  # fmt: skip


@pytest.mark.parametrize(("levels", "expected"), AT_ONE_KEY.values(), ids=AT_ONE_KEY)
def test_operators_at_one_key(levels: list[list[Any]], expected: Any) -> None:
    found = come_to(*[[regions(said) for said in level] for level in levels])

    assert plain(found.document) == regions(expected)
    assert found.forbidden == ()


def test_plans_of_one_name_are_one_and_others_stand_beside() -> None:
    found = come_to(
        [
            {
                "plans": {
                    "daily": {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "35"}}}}}
                }
            }
        ],
        [
            {
                "plans": {
                    "daily": {"rules": {"nightly": {"target_backup_vault_name": {"@@assign": "backups"}}}},
                    "Daily": {"regions": {"@@append": ["eu-west-1"]}},
                }
            }
        ],
    )

    assert plain(found.document) == {
        "plans": {
            "daily": {
                "rules": {
                    "nightly": {
                        "lifecycle": {"delete_after_days": "35"},
                        "target_backup_vault_name": "backups",
                    }
                }
            },
            "Daily": {"regions": ["eu-west-1"]},
        }
    }


def test_a_mapping_can_be_assigned_and_have_operators_inside() -> None:
    rules = {
        "@@assign": {
            "weekly": {"target_backup_vault_name": {"@@assign": "backups"}, "schedule_expression": "c"}
        }
    }
    found = come_to([vault({"@@assign": "old"})], [{"plans": {"daily": {"rules": rules}}}])

    assert plain(found.document) == {
        "plans": {
            "daily": {
                "rules": {"weekly": {"target_backup_vault_name": "backups", "schedule_expression": "c"}}
            }
        }
    }


def test_append_to_what_has_one_value_is_taken_for_the_value() -> None:
    """It is wrong, and told; what the value is all the same is checked like any other."""
    assert plain(come_to([vault({"@@append": "backups"})]).document) == vault("backups")
    assert plain(come_to([vault({"@@remove": "backups"})]).document) == vault(None)


def test_a_value_gives_way_to_a_mapping_and_back() -> None:
    assert plain(come_to([vault("old")], [vault({"a": "b"})]).document) == vault({"a": "b"})
    assert plain(come_to([vault({"a": "b"})], [vault("new")]).document) == vault("new")


def forbidden(found: Effective) -> list[tuple[str, str, str, str]]:
    return [(one.span.source.path, one.operator, one.key, one.by.source.path) for one in found.forbidden]


LOCKED: dict[str, tuple[list[list[Any]], Any, list[tuple[str, str, str, str]]]] = {
    "a value": (
        [[vault({"@@assign": "a", **NONE})], [vault({"@@assign": "b"})]],
        vault("a"),
        [("1-0.json", "@@assign", "target_backup_vault_name", "0-0.json")],
    ),
    "a value that is given bare": (
        [[vault({"@@assign": "a", **NONE})], [vault("b")]],
        vault("a"),
        [("1-0.json", "@@assign", "target_backup_vault_name", "0-0.json")],
    ),
    "a list but for what is appended": (
        [[regions({"@@assign": ["a"], CONTROL: ["@@append"]})], [regions({"@@remove": ["a"], "@@append": ["b"]})]],
        regions(["a", "b"]),
        [("1-0.json", "@@remove", "regions", "0-0.json")],
    ),
    "new plans": (
        [[{"plans": {**NONE, "daily": {"regions": {"@@assign": ["a"]}}}}], [{"plans": {"new": {"regions": {"@@assign": ["b"]}}}}]],
        regions(["a"]),
        [("1-0.json", "", "new", "0-0.json")],
    ),
    "new keys, and not those that are there": (
        [[{"plans": {"daily": {**NONE, "regions": {"@@assign": ["a"]}}}}], [{"plans": {"daily": {"regions": {"@@append": ["b"]}, "rules": {}}}}]],
        regions(["a", "b"]),
        [("1-0.json", "", "rules", "0-0.json")],
    ),
    "a key that the policy itself does not set": (
        [[regions(NONE)], [regions({"@@assign": ["a"]})]],
        regions({}),  # nothing is said
        [("1-0.json", "@@assign", "regions", "0-0.json")],
    ),
    "for good: nobody below can loosen it": (
        [[vault({"@@assign": "a", **NONE})], [vault({CONTROL: ["@@all"]})], [vault({"@@assign": "b"})]],
        vault("a"),
        [("2-0.json", "@@assign", "target_backup_vault_name", "0-0.json")],
    ),
    "more by each level": (
        [[regions({"@@assign": ["a"], CONTROL: ["@@append", "@@remove"]})], [regions({CONTROL: ["@@append"]})], [regions({"@@remove": ["a"]})]],
        regions(["a"]),
        [("2-0.json", "@@remove", "regions", "1-0.json")],
    ),
    "by two policies of one level that agree on nothing": (
        [[regions({"@@assign": ["a"], CONTROL: ["@@append"]}), regions({CONTROL: ["@@remove"]})], [regions({"@@append": ["b"]})]],
        regions(["a"]),
        [("1-0.json", "@@append", "regions", "0-1.json")],
    ),
    "not for those beside it": (
        [[regions({"@@assign": ["a"], **NONE}), regions({"@@append": ["b"]})]],
        regions(["a", "b"]),
        [],
    ),
    "not by a word that says nothing": (
        [[vault({"@@assign": "a", CONTROL: []})], [vault({"@@assign": "b"})]],
        vault("b"),
        [],
    ),
    "not for what @@all allows": (
        [[vault({"@@assign": "a", CONTROL: ["@@all"]})], [vault({"@@assign": "b"})]],
        vault("b"),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("levels", "expected", "in_vain"), LOCKED.values(), ids=LOCKED)
def test_a_policy_locks(
    levels: list[list[Any]], expected: Any, in_vain: list[tuple[str, str, str, str]]
) -> None:
    found = come_to(*levels)

    assert plain(found.document) == expected
    assert forbidden(found) == in_vain


def in_daily(**said: Any) -> Any:
    return {"plans": {"daily": said}}


START = in_daily(name={"@@assign": "Daily"}, regions={"@@assign": ["a", "b"]})

DOCUMENTED: dict[str, tuple[list[list[Any]], Any, list[str]]] = {
    "below, a list is overwritten and another begins": (
        [[START], [in_daily(name={"@@assign": "Daily"}, regions={"@@assign": ["c"]}, types={"@@assign": ["x", "y"]})]],
        in_daily(name="Daily", regions=["c"], types=["x", "y"]),
        [],
    ),
    "below, a list goes on and another begins": (
        [[START], [in_daily(name={"@@assign": "Daily"}, regions={"@@append": ["c"]}, types={"@@append": ["x", "y"]})]],
        in_daily(name="Daily", regions=["a", "b", "c"], types=["x", "y"]),
        [],
    ),
    "at the account, some of what root and unit gave is removed, and what neither gave": (
        [[START], [in_daily(regions={"@@append": ["c"]})], [in_daily(regions={"@@remove": ["a", "c", "d"]})]],
        in_daily(name="Daily", regions=["b"]),
        [],
    ),
    "a value is locked, and a list is open to more": (
        [
            [in_daily(name={**NONE, "@@assign": "Daily"}, regions={CONTROL: ["@@append"], "@@assign": ["a", "b"]})],
            [in_daily(name={"@@assign": "DAILY"}, regions={"@@append": ["c"]})],
        ],
        in_daily(name="Daily", regions=["a", "b", "c"]),
        ["1-0.json: @@assign name, by 0-0.json"],
    ),
    "of what two policies of the root allow, what both do": (
        [
            [in_daily(regions={CONTROL: ["@@append"], "@@assign": ["a"]}), in_daily(regions={CONTROL: ["@@append", "@@remove"]})],
            [in_daily(regions={"@@append": ["b"], "@@remove": ["a"]})],
        ],
        in_daily(regions=["a", "b"]),
        ["1-0.json: @@remove regions, by 0-0.json"],
    ),
}  # fmt: skip
"""What AWS's documentation shows of tag policies, in examples of our own (Organizations: inheritance examples 1 to 5)."""


@pytest.mark.parametrize(("levels", "expected", "in_vain"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_what_aws_documents(levels: list[list[Any]], expected: Any, in_vain: list[str]) -> None:
    found = come_to(*levels)

    assert plain(found.document) == expected
    assert [f"{path}: {operator} {key}, by {by}" for path, operator, key, by in forbidden(found)] == in_vain


OF_ONE_LEVEL: dict[str, tuple[list[list[Any]], Any]] = {
    "the one attached first counts": ([[{"@@assign": "a"}, {"@@assign": "b"}]], "a"),
    "of three, too": ([[{"@@assign": "a"}, {"@@assign": "b"}, {"@@assign": "c"}]], "a"),
    "given bare": ([["a", "b"]], "a"),
    "the first that says something": ([[{}, {"@@assign": None}, {"@@assign": "b"}, {"@@assign": "c"}]], "b"),
    "over what is inherited": ([[{"@@assign": "a"}], [{"@@assign": "b"}, {"@@assign": "c"}]], "b"),
    "over the same that is inherited": ([[{"@@assign": "a"}], [{"@@assign": "a"}, {"@@assign": "c"}]], "a"),
    "not over those of lower levels": ([[{"@@assign": "a"}, {"@@assign": "b"}], [{"@@assign": "c"}, {"@@assign": "d"}]], "c"),
    "not where it is forbidden": ([[{"@@assign": "a", CONTROL: ["@@append"]}], [{"@@assign": "b"}, {"@@assign": "c"}]], "a"),
}  # fmt: skip


@pytest.mark.parametrize(("levels", "expected"), OF_ONE_LEVEL.values(), ids=OF_ONE_LEVEL)
def test_single_values_of_one_level(levels: list[list[Any]], expected: Any) -> None:
    found = come_to(*[[vault(said) for said in level] for level in levels])

    assert plain(found.document) == vault(expected)


def test_of_two_values_given_at_one_level_the_one_attached_first_counts() -> None:
    """AWS: Organizations, inheritance example 6."""
    first, then = (
        in_daily(name={"@@assign": "DAILY"}, regions={"@@append": ["a"]}),
        in_daily(name={"@@assign": "daily"}, regions={"@@append": ["b"]}),
    )

    assert plain(come_to([first, then]).document) == in_daily(name="DAILY", regions=["a", "b"])


def test_every_value_stands_where_it_was_said() -> None:
    found = come_to(
        [{"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}, "rules": {"nightly": {"a": {"@@assign": "1"}, "b": {"@@assign": "2"}}}}}}],
        [{"plans": {"daily": {"regions": {"@@append": ["us-east-1"]}, "rules": {"nightly": {"b": {"@@assign": "3"}}}}}}],
    )  # fmt: skip
    daily = found.document.path("plans", "daily")

    assert [element.span.source.path for element in daily.get("regions").elements()] == [
        "0-0.json",
        "1-0.json",
    ]
    nightly = daily.path("rules", "nightly")
    assert [
        (name, nightly.get(name).span.source.path, nightly.get(name).span.text) for name in ("a", "b")
    ] == [
        ("a", "0-0.json", '"1"'),
        ("b", "1-0.json", '"3"'),
    ]


class AllTogether:
    """Conditions that may turn out in every way."""

    def consistent(self, assigned: frozenset[tuple[str, bool]]) -> bool:
        return True


def under(name: str, value: bool) -> Guard:
    place = policy({}).span
    return Guard(frozenset({(Condition("template.yaml", name, AllTogether(), place), value)}))


def either(name: str, yes: Any, no: Any) -> Field:
    """`!If [name, yes, no]`."""
    options = [*policy(yes).under(under(name, True)), *policy(no).under(under(name, False))]
    return Field(policy(yes).span, Alternatives(tuple(options)))


def in_plan(key: str, value: Field) -> Field:
    for name in (key, "daily", "plans"):
        value = Field.of(Record(value.span, (Entry(Text.literal(name, value.span), value),)), value.span)
    return value


def test_conditions_of_both_policies_are_kept_apart() -> None:
    parent = in_plan("regions", either("A", {"@@assign": ["a"]}, {"@@assign": ["b"]}))
    child = in_plan("regions", either("B", {"@@assign": ["c"]}, None))

    found = effective([[parent], [child]]).document.path("plans", "daily", "regions")

    assert {str(guard): plain(Field.of(value, found.span)) for guard, value in found} == {
        "A is true and B is true": ["c"],
        "A is true and B is false": ["a"],
        "A is false and B is true": ["c"],
        "A is false and B is false": ["b"],
    }


def test_a_value_under_a_condition_counts_first_where_it_holds() -> None:
    above = in_plan("vault", policy({"@@assign": "a"}))
    first = in_plan("vault", either("A", {"@@assign": "b"}, None))
    then = in_plan("vault", either("B", {"@@assign": "c"}, None))

    found = effective([[above], [first, then]]).document.path("plans", "daily", "vault")

    assert {str(guard): plain(Field.of(value, found.span)) for guard, value in found} == {
        "A is true and B is true": "b",
        "A is true and B is false": "b",
        "A is false and B is true": "c",
        "A is false and B is false": "a",
    }


def test_a_later_value_does_not_replace_what_too_many_conditions_decide() -> None:
    level = [in_plan("vault", either(name, {"@@assign": name}, None)) for name in "ABCDE"]

    found = effective([[*level, in_plan("vault", policy({"@@assign": "f"}))]])

    vault_name = found.document.path("plans", "daily", "vault").alternatives.only
    assert isinstance(vault_name, Text)
    assert vault_name.hole is not None


def test_more_conditions_than_are_followed_make_it_unknown() -> None:
    levels = [[in_plan("regions", either(name, {"@@assign": [name]}, None))] for name in "ABCDE"]

    found = effective(levels).document.path("plans", "daily", "regions").alternatives.only

    assert isinstance(found, Text)
    assert found.hole is not None
    assert "too many conditions" in found.hole.why


def test_a_lock_under_a_condition_holds_only_there() -> None:
    parent = in_plan("vault", either("A", {"@@assign": "a", **NONE}, {"@@assign": "b"}))

    found = effective([[parent], [in_plan("vault", policy({"@@assign": "c"}))]])

    here = found.document.path("plans", "daily", "vault")
    assert {str(guard): plain(Field.of(value, here.span)) for guard, value in here} == {
        "A is true": "a",
        "A is false": "c",
    }
    assert [(one.operator, str(one.guard)) for one in found.forbidden] == [("@@assign", "A is true")]


def unknown(symbol: str) -> Field:
    place = policy({}).span
    return Field.of(Text.unknown(Hole(("template.yaml", symbol), "not known"), place), place)


def operator(name: str, value: Field) -> Field:
    return Field.of(Record(value.span, (Entry(Text.literal(name, value.span), value),)), value.span)


def test_a_list_that_is_not_known_is_one_unknown_element() -> None:
    root = in_plan("regions", policy({"@@assign": ["a"]}))
    child = in_plan("regions", operator("@@append", unknown("Regions")))
    below = in_plan("regions", operator("@@remove", unknown("Others")))

    found = effective([[root], [child], [below]]).document.path("plans", "daily", "regions")

    texts = [text for element in found.elements() for text in element.texts().values]
    assert [str(text) for text in texts] == ["a", "${Regions}"]


def test_a_lock_that_is_not_known_locks_nothing() -> None:
    lock = Record(
        policy({}).span,
        (
            Entry(Text.literal("@@assign", policy({}).span), policy("a")),
            Entry(Text.literal(CONTROL, policy({}).span), unknown("Allowed")),
        ),
    )
    parent = in_plan("vault", Field.of(lock, lock.span))

    found = effective([[parent], [in_plan("vault", policy({"@@assign": "b"}))]])

    assert plain(found.document.path("plans", "daily", "vault")) == "b"


def test_no_policy_at_all() -> None:
    assert come_to().document.is_absent
    assert come_to([], []).document.is_absent


KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.lists(st.sampled_from(["x", "y", "z"]), max_size=3)
SETTINGS = st.dictionaries(st.sampled_from(["@@assign", "@@append", "@@remove"]), VALUES, min_size=1)
POLICIES = st.recursive(SETTINGS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8).map(
    lambda said: {"plans": said if not any(key.startswith("@@") for key in said) else {"a": said}}
)


@given(POLICIES, POLICIES)
def test_levels_differ_only_in_what_they_forbid(first: Any, second: Any) -> None:
    assert plain(come_to([first, second]).document) == plain(come_to([first], [second]).document)


@given(POLICIES, POLICIES)
def test_an_empty_policy_changes_nothing(first: Any, second: Any) -> None:
    expected = plain(come_to([first], [second]).document)

    assert plain(come_to([{}], [first], [{}], [second, {}]).document) in (expected, expected or {})


@given(POLICIES, POLICIES)
def test_what_is_effective_has_no_operators(first: Any, second: Any) -> None:
    assert "@@" not in json.dumps(plain(come_to([first], [second]).document))


@given(POLICIES, POLICIES)
def test_below_a_lock_on_everything_nothing_changes(first: Any, second: Any) -> None:
    locked = come_to([with_locks(first)], [second])

    assert plain(locked.document) == plain(come_to([first]).document)


def with_locks(said: Any) -> Any:
    """A policy with the control operator that allows nothing at each of its keys."""
    if not isinstance(said, dict):
        return said
    return {
        **NONE,
        **{key: value if key.startswith("@@") else with_locks(value) for key, value in said.items()},
    }


@given(POLICIES)
def test_places_lead_back_to_what_was_said(said: Any) -> None:
    document = come_to([said]).document

    for text in _texts(document):
        assert json.loads(text.span.text) == text.known


def _texts(field: Field) -> list[Text]:
    found: list[Text] = []
    for guard, value in field:
        assert guard == ALWAYS
        match value:
            case Text():
                found.append(value)
            case Items(elements=elements):
                found.extend(text for element in elements for text in _texts(element))
            case Record(entries=entries):
                found.extend(text for entry in entries for text in (entry.key, *_texts(entry.value)))
            case _:
                pass
    return found
