"""How long backups and copies are kept, and what the limits of a vault say to that."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.copies import copy_rows
from xbackup_lint.engine.result import CopyRow
from xbackup_lint.model.deployment import deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, Lifecycle, Plan, Rule
from xbackup_lint.model.requirement import Requirement, Standing
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.retention import (
    FOR_EVER,
    LONGEST,
    Fit,
    Texts,
    fits,
    is_retention,
    kept_by_copy,
    refused,
)
from xbackup_lint.model.vault import Vault
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Condition, Guard
from xbackup_lint.values.hole import NUMBER, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

HERE = deployment("plan.yaml", NOWHERE, "111122223333", "eu-west-1")
HOLE = Hole(("plan.yaml", "Days"), "not known", NUMBER)


@dataclass(frozen=True)
class _Free:
    """Conditions that can be true and false in every combination."""

    def consistent(self, assigned: frozenset[tuple[str, bool]]) -> bool:
        return True


def when(name: str, value: bool) -> Guard:
    return Guard(frozenset({(Condition("plan.yaml", name, _Free(), NOWHERE), value)}))


def text(days: int | str | None) -> Text | None:
    """A number, an unknown (`?`), one of some (`7|35`) or, of None, absence."""
    if days is None:
        return None
    written = str(days)
    if written == "?":
        return Text.unknown(HOLE, NOWHERE)
    if "|" in written:
        hole = Hole(("plan.yaml", written), "one of some", Shape.one_of(tuple(written.split("|"))))
        return Text.unknown(hole, NOWHERE)
    return Text.literal(written, NOWHERE)


def one(days: int | str | None) -> Texts:
    return Alternatives.of(text(days))


def vault(least: Texts, most: Texts) -> Vault:
    return Vault(
        NOWHERE,
        HERE,
        "standard",
        one("central"),
        one(None),
        None,
        ALWAYS,
        min_retention_days=least,
        max_retention_days=most,
    )


def fit(days: int | str | None, least: int | str | None, most: int | str | None) -> Fit:
    found = fits(one(days), vault(one(least), one(most)), ALWAYS)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("days", "least", "most", "reason"),
    [
        (35, 35, 365, "within"),
        (365, 35, 365, "within"),
        (34, 35, 365, "too-short"),
        (366, 35, 365, "too-long"),
        (None, 35, 365, "for-ever"),
        (-1, 35, 365, "for-ever"),
        (None, 35, None, "within"),
        (-1, 35, None, "within"),
        (1, None, 365, "within"),
        (7, None, None, "no-lock"),
        (None, None, None, "no-lock"),
        # What is no retention at all is refused before any vault is asked.
        (0, 35, 365, "no-days"),
        (-2, 35, 365, "no-days"),
        (36_501, 35, None, "no-days"),
        ("thirty", 35, None, "no-days"),
        # A lock that cannot be is another fault, and says nothing here.
        (7, 0, None, "within"),
        (7, "thirty", None, "within"),
        (7, 30, 5, "within"),
    ],
)
def test_numbers(days: int | str | None, least: int | str | None, most: int | None, reason: str) -> None:
    found = fit(days, least, most)

    assert found.reason == reason
    assert found.verdict is (NO if reason in ("within", "no-lock", "no-days") else YES)


@pytest.mark.parametrize(
    ("days", "least", "most", "verdict"),
    [
        ("?", 35, None, UNKNOWN),
        ("?", None, 365, UNKNOWN),
        ("?", 1, None, NO),
        (7, "?", None, UNKNOWN),
        (7, None, "?", UNKNOWN),
        # Refused or taken, whatever the unknown is.
        (400, "?", 365, YES),
        (7, 35, "?", YES),
        (35, 35, "?", NO),
        (None, "?", 365, YES),
        (None, "?", None, NO),
        (None, None, "?", UNKNOWN),
        # One of a few: all, some or none of them are refused.
        ("7|14", 35, None, YES),
        ("7|35", 35, None, UNKNOWN),
        ("35|90", 35, 365, NO),
        ("7|400", 35, 365, YES),
        (35, "7|30", None, NO),
        (35, "60|90", None, YES),
        ("-1|400", None, 365, YES),
        ("-1|35", 35, None, NO),
    ],
)
def test_unknowns(
    days: int | str | None, least: int | str | None, most: int | str | None, verdict: object
) -> None:
    found = fit(days, least, most)

    assert found.verdict is verdict
    assert bool(found.holes) == (verdict is UNKNOWN)


DAYS = st.integers(1, LONGEST)
KEPT = DAYS | st.none() | st.just(-1)
LIMITS = st.tuples(DAYS | st.none(), DAYS | st.none()).filter(
    lambda limits: limits[0] is None or limits[1] is None or limits[0] <= limits[1]
)


@given(DAYS, LIMITS)
def test_a_number_is_refused_where_it_is_outside(days: int, limits: tuple[int | None, int | None]) -> None:
    least, most = limits
    inside = (least is None or days >= least) and (most is None or days <= most)

    assert fit(days, least, most).verdict is (NO if inside else YES)


@given(LIMITS)
def test_for_ever_is_refused_by_every_maximum_and_by_no_minimum(
    limits: tuple[int | None, int | None],
) -> None:
    least, most = limits

    assert fit(None, least, most).verdict is (NO if most is None else YES)
    assert fit(-1, least, most).verdict is fit(None, least, most).verdict


@given(DAYS, DAYS, DAYS, DAYS)
def test_wider_limits_refuse_nothing_more(days: int, least: int, most: int, by: int) -> None:
    if not refused(days, least, most):
        assert not refused(days, max(least - by, 1), most + by)
        assert not refused(days, least, FOR_EVER)


@given(KEPT, LIMITS, st.sampled_from(["days", "least", "most"]), DAYS | st.none())
def test_an_unknown_is_certain_only_as_all_that_it_may_be(
    days: int | None, limits: tuple[int | None, int | None], which: str, value: int | None
) -> None:
    """Whatever becomes known, a certain answer stays the answer."""
    known: dict[str, int | str | None] = {"days": days, "least": limits[0], "most": limits[1]}
    if value is None and which != "days":
        value = 1
    before, after = fit(**(known | {which: "?"})), fit(**(known | {which: value}))
    contradicts = which != "days" and not _consistent(known | {which: value})

    if before.verdict is not UNKNOWN and not contradicts:
        assert after.verdict is before.verdict


def _consistent(known: dict[str, int | str | None]) -> bool:
    least, most = known["least"], known["most"]
    return not isinstance(least, int) or not isinstance(most, int) or least <= most


@given(st.lists(DAYS, min_size=1, max_size=4, unique=True), LIMITS)
def test_one_of_some_is_what_each_of_them_is(
    options: list[int], limits: tuple[int | None, int | None]
) -> None:
    each = {fit(option, *limits).verdict for option in options}
    expected = each.pop() if len(each) == 1 else UNKNOWN

    assert fit("|".join(map(str, options)), *limits).verdict is expected


@given(DAYS, DAYS, DAYS, DAYS)
def test_each_value_under_conditions_has_its_own_answer(prod: int, dev: int, least: int, lower: int) -> None:
    """A retention and a limit under the same condition meet only where it has the same value."""
    kept: Texts = Alternatives(((when("IsProd", True), text(prod)), (when("IsProd", False), text(dev))))
    limit: Texts = Alternatives(((when("IsProd", True), text(least)), (when("IsProd", False), text(lower))))

    found = {str(one.guard): one.verdict for one in fits(kept, vault(limit, one(None)), ALWAYS)}

    assert found == {
        "IsProd is true": YES if prod < least else NO,
        "IsProd is false": YES if dev < lower else NO,
    }
    assert [str(one.guard) for one in fits(kept, vault(limit, one(None)), when("IsProd", True))] == [
        "IsProd is true"
    ]


def test_too_many_conditions_are_an_unknown() -> None:
    def many(name: str) -> Texts:
        return Alternatives(tuple((when(f"{name}{n}", True), text(n + 1)) for n in range(10)))

    found = fits(many("A"), vault(many("B"), one(None)), ALWAYS)

    assert [one.verdict for one in found] == [UNKNOWN]
    assert "too many conditions" in found[0].holes[0].why


def test_a_vault_of_which_nobody_tells_the_lock_says_nothing() -> None:
    assert fits(one(7), vault(Alternatives(()), Alternatives(())), ALWAYS) == []


def copied(source: Texts, own: Texts | None) -> list[tuple[str, str]]:
    plan = Plan(NOWHERE, HERE, one("daily"), "cloudformation", ALWAYS)

    def lifecycle(days: Texts) -> Lifecycle:
        return Lifecycle(days, one(None), NOWHERE, ALWAYS)

    rule = Rule(plan, NOWHERE, ALWAYS, one("daily"), one("local"), one(None), lifecycle(source))
    copy = Copy(rule, NOWHERE, ALWAYS, one("central"), lifecycle(own) if own is not None else None)
    return [(str(guard), str(days)) for guard, days in kept_by_copy(copy)]


@pytest.mark.parametrize(
    ("source", "own", "kept"),
    [
        (35, 365, "365"),
        (35, None, "35"),
        (35, -1, "35"),
        (None, 365, "365"),
        (None, None, "None"),
        (-1, None, "-1"),
        (None, -1, "None"),
        (35, "?", "${Days}"),
    ],
)
def test_a_copy_is_kept_by_its_own_days_else_as_its_source(
    source: int | None, own: int | str | None, kept: str
) -> None:
    assert copied(one(source), one(own)) == [("", kept)]


def test_a_copy_without_lifecycle_is_kept_as_its_source() -> None:
    assert copied(one(35), None) == [("", "35")]


def test_a_copy_inherits_under_the_conditions_under_which_it_says_nothing() -> None:
    source: Texts = Alternatives(((when("A", True), text(7)), (when("A", False), text(35))))
    own: Texts = Alternatives(((when("B", True), text(365)), (when("B", False), None)))

    assert copied(source, own) == [
        ("B is true", "365"),
        ("A is true and B is false", "7"),
        ("A is false and B is false", "35"),
    ]


STAGE = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""
PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            Lifecycle: {DeleteAfterDays: $SOURCE}
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
                Lifecycle: {DeleteAfterDays: $COPY}
"""
CENTRAL = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      LockConfiguration: $LOCK
"""


def estate(source: str, copy: str, lock: str) -> Estate:
    """A plan and a vault, both in templates whose conditions nobody decides."""
    documents = {
        "111122223333/eu-west-1/plan.yaml": STAGE + PLAN.replace("$SOURCE", source).replace("$COPY", copy),
        "444455556666/eu-west-1/vault.yaml": STAGE + CENTRAL.replace("$LOCK", lock),
    }
    inputs = [Input(path, path, True, text) for path, text in documents.items()]
    return read_inputs(inputs, Assignments((), ())).estate


def row(source: str, copy: str, lock: str) -> CopyRow:
    """The one copy of the plan to the vault."""
    [found] = copy_rows(estate(source, copy, lock))
    return found


@pytest.mark.parametrize(
    ("source", "copy", "lock", "kept", "verdict", "because"),
    [
        ("35", "365", "{MinRetentionDays: 35}", "365 days", "holds", "kept 365 days, within the lock"),
        ("35", "-1", "{MinRetentionDays: 35}", "35 days", "holds", "kept 35 days, within the lock"),
        ("-1", "-1", "{MinRetentionDays: 35}", "for ever", "holds", "kept for ever, which the lock allows"),
        (
            "-1",
            "-1",
            "{MinRetentionDays: 1, MaxRetentionDays: 365}",
            "for ever",
            "fails",
            "kept for ever, and the vault's lock allows at most 365 days",
        ),
        (
            "35",
            "0",
            "{MinRetentionDays: 1}",
            "0 days",
            "fails",
            "`0` is no number of days that AWS Backup takes",
        ),
        # The first of two values fits: that is no reason to say that both do.
        (
            "!If [IsProd, 35, 7]",
            "!Ref AWS::NoValue",
            "{MinRetentionDays: 35}",
            "35 days or 7 days",
            "fails",
            "kept 7 days, and the vault's lock asks for at least 35 (when IsProd is false)",
        ),
        (
            "90",
            "!If [IsProd, 365, 7]",
            "{MinRetentionDays: 35, MaxRetentionDays: 90}",
            "365 days or 7 days",
            "fails",
            "kept 365 days, and the vault's lock allows at most 90 (when IsProd is true)",
        ),
        (
            "35",
            "!Ref AWS::NoValue",
            "!If [IsProd, {MinRetentionDays: 90}, !Ref AWS::NoValue]",
            "35 days",
            "fails",
            "kept 35 days, and the vault's lock asks for at least 90 (when IsProd is true)",
        ),
        (
            "!If [IsProd, 35, 90]",
            "!Ref AWS::NoValue",
            "{MinRetentionDays: 35}",
            "35 days or 90 days",
            "holds",
            "kept 35 or 90 days, within the lock",
        ),
    ],
)
def test_the_row_of_a_copy(source: str, copy: str, lock: str, kept: str, verdict: str, because: str) -> None:
    found = row(source, copy, lock)
    [retention] = [one for one in found.requirements if one.name == "retention"]

    assert (found.retention, retention.verdict, retention.because) == (kept, verdict, because)


@pytest.mark.parametrize(
    ("days", "is_one"),
    [
        (1, True),
        (36500, True),
        (0, False),
        (36501, False),
        (-1, True),
        (None, True),
        ("?", True),
        ("soon", False),
    ],
)
def test_what_can_be_a_retention(days: int | str | None, is_one: bool) -> None:
    assert is_retention(text(days)) is is_one


def retention(source: str, copy: str, lock: str) -> Requirement:
    """The requirement itself, with how it stands under other conditions."""
    found = estate(source, copy, lock)
    [(_, rows)] = judged(found.copies[0], found)
    return next(one for one in rows if one.name == "retention")


BESIDES = [
    ("!If [IsProd, 7, 365]", "{MinRetentionDays: 35}", ["7"]),
    ("!If [IsProd, 7, 9]", "{MinRetentionDays: 35}", ["7", "9"]),
    ("!If [IsProd, 365, 400]", "{MinRetentionDays: 35}", []),
]


@pytest.mark.parametrize(("copy", "lock", "failing"), BESIDES)
def test_what_fails_under_other_conditions_stands_beside_it(copy: str, lock: str, failing: list[str]) -> None:
    found = retention("400", copy, lock)

    rows = [one for one in (found, *found.besides) if one.standing is Standing.FAILS]
    assert [one.facts["days"] for one in rows] == failing
    assert all(one.standing is Standing.FAILS for one in found.besides)


def test_both_limits_are_shown() -> None:
    found = retention("400", "5", "{MinRetentionDays: 35, MaxRetentionDays: 90}")

    assert [(label, place.text) for label, place in found.others] == [("least", "35"), ("most", "90")]


@pytest.mark.parametrize(("copy", "standing"), [("5", Standing.UNSURE), ("365", Standing.HOLDS)])
def test_a_vault_that_only_may_be_the_destination(copy: str, standing: Standing) -> None:
    """Two templates whose region is not known: neither is certainly meant, and both would take 365 days."""
    documents = {
        "111122223333/eu-west-1/plan.yaml": PLAN.replace("$SOURCE", "400").replace("$COPY", copy),
        "444455556666/one.yaml": CENTRAL.replace("$LOCK", "{MinRetentionDays: 35}"),
        "444455556666/two.yaml": CENTRAL.replace("$LOCK", "{MinRetentionDays: 35}"),
    }
    found = read_inputs(
        [Input(path, path, True, given) for path, given in documents.items()], Assignments()
    ).estate

    [(_, rows)] = judged(found.copies[0], found)

    assert next(one for one in rows if one.name == "retention").standing is standing


def test_a_vault_whose_lock_no_input_shows() -> None:
    documents = {
        "111122223333/eu-west-1/plan.yaml": PLAN.replace("$SOURCE", "400").replace("$COPY", "5"),
        "444455556666/eu-west-1/policy.json": '{"BackupVaultName": "central", "Policy": "{\\"Statement\\": []}"}',
    }
    found = read_inputs(
        [Input(path, path, True, given) for path, given in documents.items()], Assignments()
    ).estate

    [(_, rows)] = judged(found.copies[0], found)

    retained = next(one for one in rows if one.name == "retention")
    assert (retained.standing, retained.reason) == (Standing.ASSUMED, "not-shown")
