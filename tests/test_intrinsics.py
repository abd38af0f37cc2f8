"""What nodes of a template turn out to be."""

from __future__ import annotations

from pathlib import Path

import cfn_flip
import pytest

from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Items, Record

HEAD = """\
Parameters:
  Known: {Type: String, Default: value}
  Open: {Type: String}
  Empty: {Type: String, Default: ""}
  One: {Type: String, AllowedValues: [only]}
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Accounts: {Type: CommaDelimitedList, Default: "111122223333, 444455556666"}
  Told: {Type: "AWS::SSM::Parameter::Value<String>", Default: /backup/vault}
Mappings:
  ByStage: {dev: {Days: 7}, prod: {Days: 35}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  HasOpen: !Not [!Equals [!Ref Open, ""]]
  Never: !Equals [a, b]
Resources:
  Vault: {Type: "AWS::Backup::BackupVault", Properties: {BackupVaultName: central}}
  Gapped: {Type: "AWS::Backup::LogicallyAirGappedBackupVault", Properties: {BackupVaultName: gapped}}
  Key: {Type: "AWS::KMS::Key", Properties: {}}
  Alias: {Type: "AWS::KMS::Alias", Properties: {AliasName: alias/backup}}
  Role: {Type: "AWS::IAM::Role", Properties: {RoleName: backup, Path: /service-role/}}
  Loop: {Type: "AWS::Backup::BackupVault", Properties: {BackupVaultName: !Ref Loop}}
  It: {Type: Test, Properties: {Value: VALUE}}
"""


def value(written: str, account: str | None = "111122223333", region: str | None = "eu-west-1") -> Field:
    """What VALUE is in the template above."""
    source = Source("t.yaml", HEAD.replace("VALUE", written))
    root = yaml_reader.read(source).root
    assert isinstance(root, Mapping)
    evaluator = Evaluator(Scope(Template(source, root), account, region))
    (resource,) = [resource for resource in evaluator.resources if resource.logical_id == "It"]
    return resource.properties(resource.guards[0]).get("Value")


@pytest.mark.parametrize(
    ("told", "elements"),
    [("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("a,,b", ["a", "", "b"]), ("a,", ["a", ""]), (",", ["", ""]), ("", [])],
)  # fmt: skip
def test_a_list_parameter_has_one_string_more_than_commas(told: str, elements: list[str]) -> None:
    source = Source("t.yaml", HEAD.replace("VALUE", "!Ref Accounts"))
    root = yaml_reader.read(source).root
    assert isinstance(root, Mapping)
    evaluator = Evaluator(Scope(Template(source, root), given={"Accounts": told}))
    (it,) = [resource for resource in evaluator.resources if resource.logical_id == "It"]

    assert shown(it.properties(it.guards[0]).get("Value")) == [elements]


@pytest.mark.parametrize("default", ["", ",", " , "])
def test_an_empty_default_of_a_list_is_unknown(default: str) -> None:
    head = HEAD.replace("111122223333, 444455556666", default).replace("VALUE", "!Ref Accounts")
    root = yaml_reader.read(Source("t.yaml", head)).root
    assert isinstance(root, Mapping)
    evaluator = Evaluator(Scope(Template(Source("t.yaml", head), root)))
    (it,) = [resource for resource in evaluator.resources if resource.logical_id == "It"]

    assert shown(it.properties(it.guards[0]).get("Value")) == ["${Accounts}"]


def shown(field: Field) -> list[object]:
    """A field in plain Python, each alternative behind its guard."""

    def plain(one: object) -> object:
        match one:
            case Text():
                return str(one)
            case Items(elements=elements):
                return [
                    plain(v) for element in elements for v in element.alternatives.values if v is not None
                ]
            case Record(entries=entries):
                return {str(e.key): plain(e.value.alternatives.values[0]) for e in entries}
        return one

    return [
        (f"{guard}: " if guard.assigned else "", plain(v)) if guard.assigned else plain(v)
        for guard, v in field
    ]


KNOWN = [
    ("central", "central"),
    ("!Ref Known", "value"),
    ("{Ref: Known}", "value"),
    ("!Ref One", "only"),
    ("!Ref Accounts", ["111122223333", "444455556666"]),
    ("!Ref AWS::AccountId", "111122223333"),
    ("!Sub '${AWS::Partition}/${AWS::Region}'", "aws/eu-west-1"),
    ('!Sub "${Known} ${!Known} ${Vault}"', "value ${Known} central"),
    ('!Sub ["${A}-${Known}", {A: !Ref One}]', "only-value"),
    ("{'Fn::Sub': '${Vault.BackupVaultArn}'}", "arn:aws:backup:eu-west-1:111122223333:backup-vault:central"),
    ("!Join [':', [a, !Ref Known, !Ref AWS::NoValue, c]]", "a:value:c"),
    ("!Join [',', !Ref Accounts]", "111122223333,444455556666"),
    ("!Select [1, !Split [':', 'arn:aws:x']]", "aws"),
    ("!Select ['0', !Ref Accounts]", "111122223333"),
    ("!FindInMap [ByStage, !Ref Stage, Days]", "7"),
    ("!FindInMap [ByStage, test, Days, {DefaultValue: 1}]", "1"),
    ("!Ref Vault", "central"),
    ("!GetAtt Vault.BackupVaultName", "central"),
    ("!GetAtt [Vault, BackupVaultArn]", "arn:aws:backup:eu-west-1:111122223333:backup-vault:central"),
    ("!Ref Alias", "alias/backup"),
    ("!Ref Role", "backup"),
    ("!GetAtt Role.Arn", "arn:aws:iam::111122223333:role/service-role/backup"),
    ("{'Fn::ToJsonString': {a: !Ref Known}}", {"a": "value"}),
    ("{'Fn::Length': !Ref Accounts}", "2"),
    ("{'Fn::ForEach::A': [N, [x, y], {'${N}-key': !Ref N}]}", {"x-key": "x", "y-key": "y"}),
    ("!If [Never, a, b]", "b"),
    ("[a, !If [Never, b, !Ref AWS::NoValue], c]", ["a", "c"]),
]


@pytest.mark.parametrize(("written", "wanted"), KNOWN, ids=[written for written, _ in KNOWN])
def test_what_is_known(written: str, wanted: object) -> None:
    assert shown(value(written)) == [wanted]


UNKNOWN = [
    ("!Ref Open", "parameter `Open` has no default"),
    ("!Ref Empty", "parameter `Empty` is empty by default"),
    ("!Ref Told", "parameter `Told` is read from the SSM parameter `/backup/vault` at deployment"),
    ("!Ref Nowhere", "`Nowhere` is not declared in this template"),
    ("!Ref Gapped", "what `!Ref Gapped` gives is not certain: documentation and schema disagree"),
    ("!Ref Key", "`Key.KeyId` is assigned when the stack is deployed"),
    ("!ImportValue vault", "`vault` is exported by another stack"),
    ('!GetAZs ""', "availability zones are known only once deployed"),
    ("{'Fn::Transform': {Name: Macro}}", "a macro makes this value at deployment"),
    ("!Split [':', !Ref Open]", "parameter `Open` has no default"),
    ('!Sub "{{resolve:ssm:/x}}"', "`{{resolve:ssm:/x}}` is read at deployment"),
    ("!If [Missing, a, b]", "condition `Missing` is not declared"),
]


@pytest.mark.parametrize(("written", "why"), UNKNOWN, ids=[written for written, _ in UNKNOWN])
def test_what_is_not_known_says_why(written: str, why: str) -> None:
    (found,) = value(written).alternatives.values

    assert isinstance(found, Text)
    assert [hole.why for hole in found.holes] == [why]


def test_an_account_that_is_not_known_is_a_symbol() -> None:
    (found,) = value("!GetAtt Vault.BackupVaultArn", account=None, region=None).alternatives.values

    assert str(found) == "arn:${AWS::Partition}:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:central"


def test_what_refers_to_itself_ends() -> None:
    (found,) = value("!Ref Loop").alternatives.values

    assert isinstance(found, Text)
    assert found.holes


def test_alternatives_stand_under_their_guards() -> None:
    assert shown(value("!If [IsProd, !Ref Stage, other]")) == [
        ("IsProd is true: ", "prod"),
        ("IsProd is false: ", "other"),
    ]


def test_a_guard_that_rules_a_default_out_makes_it_unknown() -> None:
    """Templates guard their cross-account part so: what stands behind the guard must be seen."""
    assert shown(value("!If [HasOpen, !Sub 'arn:${Open}', !Ref AWS::NoValue]")) == [
        ("HasOpen is true: ", "arn:${Open}"),
        ("HasOpen is false: ", None),
    ]


def test_every_piece_knows_where_it_stands() -> None:
    (found,) = value(
        "!Sub 'arn:aws:backup:${AWS::Region}:444455556666:backup-vault:${Known}'"
    ).alternatives.values

    assert isinstance(found, Text)
    pieces = found.split(":", trusting=True)
    assert pieces is not None
    assert [piece.span.text for piece in pieces[3:]] == [
        "${AWS::Region}",
        "444455556666",
        "backup-vault",
        "${Known}",
    ]


def test_a_tower_of_conditions_ends_as_unknown() -> None:
    names = [f"C{number}" for number in range(40)]
    head = "Parameters:\n" + "".join(f"  P{n}: {{Type: String}}\n" for n in range(40))
    head += "Conditions:\n" + "".join(f"  {name}: !Equals [!Ref P{n}, x]\n" for n, name in enumerate(names))
    joined = ", ".join(f"!If [{name}, a, b]" for name in names)
    source = Source(
        "t.yaml", f"{head}Resources:\n  It: {{Type: Test, Properties: {{Value: !Join ['', [{joined}]]}}}}\n"
    )
    root = yaml_reader.read(source).root
    assert isinstance(root, Mapping)
    (resource,) = Evaluator(Scope(Template(source, root))).resources

    (found,) = resource.properties(resource.guards[0]).get("Value").alternatives.values

    assert isinstance(found, Text)
    assert [hole.why for hole in found.holes] == ["it depends on too many conditions at once"]


def test_short_and_long_forms_are_read_as_cfn_flip_reads_them() -> None:
    """A second opinion on tags and on the splitting of GetAtt."""
    text = 'A: !Sub x\nB: !GetAtt V.Arn\nC: !Ref P\nD: !Join ["-", [1, 2]]\nE: !ImportValue z\n'
    flipped = Source("t.json", cfn_flip.to_json(text))
    ours = yaml_reader.read(Source("t.yaml", text)).root
    theirs = json_reader.read(flipped).root
    assert isinstance(ours, Mapping)
    assert isinstance(theirs, Mapping)
    empty = Template(flipped, theirs)

    for key, node in ours.entries:
        other = theirs.get(key.text)
        assert other is not None
        scope = Scope(empty, "111122223333", "eu-west-1")
        assert shown(Evaluator(scope).field(node)) == shown(Evaluator(scope).field(other))


EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(EXAMPLES.rglob("*.yaml")) if "lint" not in path.parts],
    ids=lambda path: path.name,
)
def test_reading_an_example_raises_nothing(path: Path) -> None:
    source = Source(path.name, path.read_text())
    root = yaml_reader.read(source).root
    if isinstance(root, Mapping) and root.get("Resources") is not None:
        for resource in Evaluator(Scope(Template(source, root))).resources:
            for guard in resource.guards:
                shown(resource.properties(guard))
