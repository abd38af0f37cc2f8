"""ARNs as far as they are known: their fields, whether a text is one, and what is wrong with a vault's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.policy.arn import (
    EFS_VAULT,
    Arn,
    VaultArn,
    is_arn,
    is_vault_name,
    lacks_sub,
    vault_arn,
    vault_arn_fault,
)
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.hole import (
    ACCOUNT,
    ANY,
    ARN,
    KEY_ID,
    NAME,
    NUMBER,
    ORGANIZATION,
    PARTITION,
    REGION,
    Hole,
    Shape,
)
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

SPAN = Span(Source("plan.yaml", "x"), 0, 1)
SHAPES = {
    "any": ANY,
    "account": ACCOUNT,
    "region": REGION,
    "partition": PARTITION,
    "name": NAME,
    "arn": ARN,
    "key": KEY_ID,
    "number": NUMBER,
    "organization": ORGANIZATION,
    "arns": Shape.one_of(("arn:aws:backup:eu-west-1:444455556666:backup-vault:a", "arn:aws:s3:::b")),
    "names": Shape.one_of(("central", "offsite")),
    "both": Shape.one_of(("", "arn:aws:backup:eu-west-1:444455556666:backup-vault:a")),
    "starts": Shape.one_of(("a", "ar")),
}


def text(written: str) -> Text:
    """`arn:aws:iam::<account>:root`: a hole of a shape for each `<…>`; `|` parts two pieces, as `Fn::Join` leaves them."""
    parts: list[Text] = []
    for index, piece in enumerate(re.split(r"(<[a-z]+>)|\|", written)):
        if piece and piece.startswith("<"):
            parts.append(
                Text.unknown(Hole(("plan.yaml", f"P{index}"), "not known", SHAPES[piece[1:-1]]), SPAN)
            )
        elif piece:
            parts.append(Text.literal(piece, SPAN))
    return Text.join(parts, SPAN)


def shown(field: Text) -> str:
    """A field with the shapes of its holes: `<account>`."""
    names = {id(shape): f"<{name}>" for name, shape in SHAPES.items()}
    return "".join(names[id(part.shape)] if isinstance(part, Hole) else part.text for part in field.parts)


CENTRAL = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        (CENTRAL, ["aws", "backup", "eu-west-1", "444455556666", "backup-vault:central"]),
        ("arn:aws:iam::444455556666:role/path/name", ["aws", "iam", "", "444455556666", "role/path/name"]),
        ("arn:aws:s3:::bucket/a:b:c", ["aws", "s3", "", "", "bucket/a:b:c"]),
        ("arn:aws:kms:eu-west-1:444455556666:key/*", ["aws", "kms", "eu-west-1", "444455556666", "key/*"]),
        ("::::::", None),
        ("arn:::::", ["", "", "", "", ""]),
        # Pieces, as Fn::Join and Fn::Sub leave them.
        ("arn|:|aws|:|backup:|eu-west-1:|4444|55556666:backup-vault:central",
         ["aws", "backup", "eu-west-1", "444455556666", "backup-vault:central"]),
        # An unknown that is a field takes the field's shape; one that has a shape keeps it.
        ("arn:<any>:backup:<any>:<any>:backup-vault:<any>",
         ["<partition>", "backup", "<region>", "<account>", "backup-vault:<any>"]),
        ("arn:<partition>:<name>:<region>:<account>:<any>", ["<partition>", "<name>", "<region>", "<account>", "<any>"]),
        ("arn:aws:backup:eu-west-1:<names>:x", ["aws", "backup", "eu-west-1", "<names>", "x"]),
        # Part of a field says nothing of the whole of it.
        ("arn:aws:backup:eu-<any>-1:4444<any>:x", ["aws", "backup", "eu-<any>-1", "4444<any>", "x"]),
        # Fields that cannot be told apart, and texts that are no ARN.
        ("<any>", None),
        ("<arn>", None),
        ("<any>:aws:backup:eu-west-1:444455556666:x", None),
        ("arn:aws:backup:<any>", None),
        ("arn:aws:backup:eu-west-1:444455556666", None),
        ("arn", None),
        ("", None),
        ("ARN:aws:backup:eu-west-1:444455556666:x", None),
        (" arn:aws:backup:eu-west-1:444455556666:x", None),
    ],
)  # fmt: skip
def test_arn_of(written: str, fields: list[str] | None) -> None:
    arn = Arn.of(text(written))

    found = arn and [
        shown(field) for field in (arn.partition, arn.service, arn.region, arn.account, arn.resource)
    ]
    assert found == fields


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        (CENTRAL, ("eu-west-1", "444455556666", "central")),
        ("arn:<partition>:backup:<region>:<account>:backup-vault:<name>", ("<region>", "<account>", "<name>")),
        ("arn:aws:backup:<any>:<any>:backup-vault:<any>", ("<region>", "<account>", "<any>")),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:central-<any>",
         ("eu-west-1", "444455556666", "central-<any>")),
        ("arn:aws:backup:*:*:backup-vault:*", ("*", "*", "*")),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:", ("eu-west-1", "444455556666", "")),
        (f"arn:aws:backup:eu-west-1:444455556666:backup-vault:{EFS_VAULT}",
         ("eu-west-1", "444455556666", EFS_VAULT)),
        ("arn:aws:backup:eu-west-1:444455556666:vault:central", None),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault/central", None),
        ("arn:aws:backup:eu-west-1:444455556666:recovery-point:central", None),
        ("arn:aws:backup:eu-west-1:444455556666:<any>", None),
        ("arn:aws:backup:eu-west-1:444455556666:<any>:central", None),
        ("arn:aws:backup:<any>:backup-vault:central", None),
        ("arn:aws:<any>:eu-west-1:444455556666:backup-vault:central", None),
        ("arn:aws:s3:::bucket", None),
        # a name that is none is told elsewhere
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:a:b", ("eu-west-1", "444455556666", "a:b")),
        ("<arn>", None),
        ("central", None),
    ],
)  # fmt: skip
def test_vault_arn_of(written: str, fields: tuple[str, str, str] | None) -> None:
    arn = VaultArn.of(text(written))

    assert (arn and (shown(arn.region), shown(arn.account), shown(arn.name))) == fields


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (CENTRAL, YES),
        ("arn:", YES),
        ("arn:<any>", YES),
        ("arn|:|aws", YES),
        ("a|r|n|:<any>", YES),
        ("central", NO),
        ("arn", NO),
        ("", NO),
        ("ARN:aws", NO),
        (" arn:aws", NO),
        ("arm:<any>", NO),
        # An unknown beginning.
        ("<any>", UNKNOWN),
        ("<any>:backup-vault:central", UNKNOWN),
        ("ar<any>", UNKNOWN),
        ("arn<any>", UNKNOWN),
        ("<arn>", YES),
        ("<arn>/x", YES),
        ("<name>", NO),
        ("<name>-vault", NO),
        ("<account>", NO),
        ("<region>", NO),
        ("<partition>", NO),
        ("<number>", NO),
        ("<key>", NO),
        ("<organization>", NO),
        # A parameter with allowed values.
        ("<arns>", YES),
        ("<names>", NO),
        ("<both>", UNKNOWN),
        ("<starts>rn:aws", UNKNOWN),
        ("<starts>", NO),
    ],
)
def test_is_arn(written: str, expected: Verdict) -> None:
    assert is_arn(text(written)) is expected


LONGEST = "v" * 50


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("central", YES),
        ("v1", YES),
        ("My_backup-Vault", YES),
        (LONGEST, YES),
        (f"{LONGEST}v", NO),
        ("v", NO),
        ("", NO),
        ("my.vault", NO),
        ("my vault", NO),
        ("central\n", NO),
        ("zentralé", NO),
        (EFS_VAULT, NO),
        ("<any>", UNKNOWN),
        ("v<any>", UNKNOWN),
        ("central-<name>", UNKNOWN),
        ("my.<name>", NO),
        ("<any>/<any>", NO),
        (f"{LONGEST}<any>", UNKNOWN),
        (f"{LONGEST}-<any>", NO),
    ],
)
def test_is_vault_name(written: str, expected: Verdict) -> None:
    assert is_vault_name(text(written)) is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("central", NO),
        ("$central", NO),
        ("<any>", NO),
        ("${Name}", YES),
        ("${AWS::Region}-vault", YES),
        ("${Vault.BackupVaultName}", YES),
        ("$|{Name}", YES),
        ("${Name}-<any>", YES),
        ("${self:custom.vault}", UNKNOWN),
        ("${VAULT_NAME}", UNKNOWN),
        ("${Name}-${env:STAGE}", UNKNOWN),
        ("${", UNKNOWN),
    ],
)
def test_lacks_sub(written: str, expected: Verdict) -> None:
    assert lacks_sub(text(written)) is expected


@pytest.mark.parametrize(
    ("written", "reason", "part"),
    [
        ("", "empty", ""),
        ("central", "not-an-arn", "central"),
        ("<name>", "not-an-arn", "<name>"),
        ("<account>", "not-an-arn", "<account>"),
        ("<names>", "not-an-arn", "<names>"),
        ("arn:aws:backup:${AWS::Region}:${Account}:backup-vault:central", "not-substituted", None),
        ("${CentralVaultArn}", "not-substituted", "${CentralVaultArn}"),
        ("arn:aws:backup:eu-west-1:444455556666", "too-few-fields", None),
        ("arn:aws:backup:central", "too-few-fields", None),
        ("arn:", "too-few-fields", None),
        ("arn:aws:backup:<region>:<account>", "too-few-fields", None),
        # Field by field.
        ("arn:amazon:backup:eu-west-1:444455556666:backup-vault:central", "wrong-partition", "amazon"),
        ("arn::backup:eu-west-1:444455556666:backup-vault:central", "wrong-partition", ""),
        ("arn:aws:backups:eu-west-1:444455556666:backup-vault:central", "wrong-service", "backups"),
        ("arn:<partition>:kms:<region>:<account>:key/<key>", "wrong-service", "kms"),
        ("arn:aws:s3:::<name>", "wrong-service", "s3"),
        ("arn:aws:s3:<any>", "wrong-service", "s3"),
        ("arn:aws:s3", "wrong-service", "s3"),
        ("arn:aws:backup::444455556666:backup-vault:central", "no-region", None),
        ("arn:aws:backup:eu-west-1a:444455556666:backup-vault:central", "wrong-region", "eu-west-1a"),
        ("arn:aws:backup:Ireland:444455556666:backup-vault:central", "wrong-region", "Ireland"),
        ("arn:aws:backup:*:444455556666:backup-vault:central", "wrong-region", "*"),
        ("arn:aws:backup:eu-west-1::backup-vault:central", "no-account", None),
        ("arn:aws:backup:<region>:44445555666:backup-vault:<name>", "wrong-account", "44445555666"),
        ("arn:aws:backup:eu-west-1:4444-5555-6666:backup-vault:central", "wrong-account", "4444-5555-6666"),
        ("arn:aws:backup:eu-west-1:<any>:vault:central", "wrong-type", "vault"),
        ("arn:aws:backup:eu-west-1:444455556666:recovery-point:<any>", "wrong-type", "recovery-point"),
        ("arn:aws:backup:eu-west-1:444455556666:central", "wrong-resource", "central"),
        (
            "arn:aws:backup:eu-west-1:444455556666:backup-vault/central",
            "wrong-resource",
            "backup-vault/central",
        ),
        ("arn:aws:backup:<region>:<account>:backup-vault/<name>", "wrong-resource", "backup-vault/<name>"),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault", "no-name", "backup-vault"),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:", "no-name", None),
        ("arn:aws:backup:<any>:<any>:backup-vault:my.vault", "wrong-name", "my.vault"),
        ("arn:aws:backup:<any>:<any>:backup-vault:my.<any>", "wrong-name", "my.<any>"),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:a:b", "wrong-name", "a:b"),
        ("arn:aws:backup:eu-west-1:444455556666:backup-vault:central\n", "wrong-name", "central\n"),
        # The first fault from the left.
        ("arn:aws:backup:REGION:ACCOUNT:vault:a b", "wrong-region", "REGION"),
    ],
)
def test_a_text_that_cannot_be_the_arn_of_a_vault(written: str, reason: str, part: str | None) -> None:
    """`part` is None for the whole text."""
    verdict, why, where = vault_arn_fault(text(written))

    assert (verdict, why, shown(where)) == (YES, reason, written if part is None else part)
    assert vault_arn(text(written)) is None


@pytest.mark.parametrize(
    ("written", "expected", "has_fields"),
    [
        (CENTRAL, NO, True),
        ("arn:aws-us-gov:backup:us-gov-west-1:444455556666:backup-vault:central", NO, True),
        ("arn:aws-cn:backup:cn-north-1:444455556666:backup-vault:central", NO, True),
        ("arn:aws-eusc:backup:eusc-de-east-1:444455556666:backup-vault:central", NO, True),
        ("arn:aws-iso-b:backup:us-isob-east-1:444455556666:backup-vault:central", NO, True),
        (f"arn:aws:backup:eu-west-1:444455556666:backup-vault:{EFS_VAULT}", NO, True),
        ("arn|:|aws|:|backup|:|eu-west-1|:|444455556666|:|backup-vault|:|central", NO, True),
        # Unknown fields: right as far as one can tell.
        ("arn:<partition>:backup:<region>:<account>:backup-vault:<name>", UNKNOWN, True),
        ("arn:<any>:<any>:<any>:<any>:<any>:<any>", UNKNOWN, False),
        ("arn:aws:backup:<any>:<any>:backup-vault:central", UNKNOWN, True),
        ("arn:aws:backup:eu-<any>-1:<any>6666:backup-vault:central", UNKNOWN, True),
        ("arn:aws:backup:eu-west-1:444455556666:backup-<any>:central", UNKNOWN, False),
        # An unknown that may hold several fields.
        ("<any>", UNKNOWN, False),
        ("<arn>", UNKNOWN, False),
        ("<arns>", UNKNOWN, False),
        ("<both>", UNKNOWN, False),
        ("<any>:backup-vault:central", UNKNOWN, False),
        ("<arn>:central", UNKNOWN, False),
        ("<any>:aws:backup:eu-west-1:444455556666:vault:central", UNKNOWN, False),
        ("arn:aws:<any>", UNKNOWN, False),
        ("arn:aws:backup:<any>:backup-vault:central", UNKNOWN, False),
        ("arn:aws:backup:eu-west-1:<any>", UNKNOWN, False),
        ("arn:aws:backup:eu-west-1:444455556666:<any>", UNKNOWN, False),
        # Another tool's marks.
        ("${self:custom.centralVaultArn}", UNKNOWN, False),
    ],
)
def test_a_text_that_may_be_the_arn_of_a_vault(written: str, expected: Verdict, has_fields: bool) -> None:
    verdict, why, _ = vault_arn_fault(text(written))

    assert verdict is expected
    assert why in (("",) if has_fields else ("", "unknown", "not-substituted"))
    assert (vault_arn(text(written)) is not None) == has_fields


FIELDS = ("aws", "backup", "eu-west-1", "444455556666", "backup-vault", "central")
SHAPE_OF_FIELD = ("partition", "name", "region", "account", "name", "name")


@given(st.sets(st.integers(0, 5)), st.booleans())
def test_not_to_know_a_field_of_a_right_arn_is_no_fault(unknown: set[int], shaped: bool) -> None:
    fields = [f"<{SHAPE_OF_FIELD[i] if shaped else 'any'}>" if i in unknown else FIELDS[i] for i in range(6)]

    assert vault_arn_fault(text(":".join(["arn", *fields])))[0] is (UNKNOWN if unknown else NO)


RIGHT = (
    CENTRAL,
    "arn:aws-us-gov:backup:us-gov-west-1:444455556666:backup-vault:My_Vault-1",
)


@pytest.mark.parametrize("written", RIGHT)
def test_not_to_know_any_piece_of_a_right_arn_is_no_fault(written: str) -> None:
    """However the unknown lies across the fields."""
    for start in range(len(written)):
        for end in range(start + 1, len(written) + 1):
            assert vault_arn_fault(text(f"{written[:start]}<any>{written[end:]}"))[0] is UNKNOWN


@pytest.mark.parametrize("written", [*RIGHT, "arn:", "arn", "central", "ar-vault", ":arn:"])
def test_what_is_said_of_a_text_in_part_is_said_of_the_whole(written: str) -> None:
    for start in range(len(written)):
        for end in range(start, len(written) + 1):
            partly = is_arn(text(f"{written[:start]}<any>{written[end:]}"))
            assert partly in (UNKNOWN, is_arn(text(written)))
