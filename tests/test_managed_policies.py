"""AWS's managed policies as our data has them, and as AWS publishes them where a copy lies beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_principal import text
from xbackup_lint.policy import managed
from xbackup_lint.text.source import NOWHERE

DATA: dict[str, Any] = json.loads(
    (Path(managed.__file__).parent / "data" / "managed-policies.json").read_bytes()
)
PUBLISHED = Path(__file__).parents[2] / "shared" / "data" / "managed-policies"
BACKUP = "AWSBackupServiceRolePolicyForBackup"


@pytest.mark.parametrize(
    ("arn", "name", "is_of_aws"),
    [
        (f"arn:aws:iam::aws:policy/service-role/{BACKUP}", BACKUP, True),
        (f"arn:aws-cn:iam::aws:policy/{BACKUP}", BACKUP, True),
        (f"arn:aws:iam::111122223333:policy/service-role/{BACKUP}", BACKUP, False),
        ("arn:aws:iam::aws:role/backup", "backup", False),
        (BACKUP, None, False),
        ("", None, False),
    ],
)
def test_a_policy_is_known_by_its_name(arn: str, name: str | None, is_of_aws: bool) -> None:
    assert (managed.name_of(text(arn)), managed.is_of_aws(text(arn))) == (name, is_of_aws)


def test_policies_are_read_as_if_they_stood_where_they_are_attached() -> None:
    statements = managed.statements_of(BACKUP, NOWHERE)

    assert statements is not None
    assert [statement.label for statement in statements][:2] == [
        "BackupVaultPermissions",
        "BackupVaultCopyPermissions",
    ]
    assert {statement.span for statement in statements} == {NOWHERE}
    assert managed.statements_of("ReadOnlyAccess", NOWHERE) is None


def test_each_policy_has_its_place_and_says_nothing_but_of_backups_and_keys() -> None:
    assert DATA["policies"].keys() <= managed.paths().keys()
    for path, names in DATA["paths"].items():
        assert names == sorted(names), path
    for name, policy in DATA["policies"].items():
        for statement in policy["statements"]:
            actions = _listed(statement.get("Action", []))
            assert statement["Effect"] == "Allow"
            assert all(action == "*" or action.startswith(("backup:", "kms:")) for action in actions), name


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="AWS's policies are not beside the repository")
def test_the_policy_for_backups_is_what_aws_publishes() -> None:
    published = json.loads((PUBLISHED / f"{BACKUP}.json").read_text("utf-8"))["PolicyVersion"]
    wanted = [one for one in map(_reduced, published["Document"]["Statement"]) if one is not None]

    ours = [_normal(statement) for statement in DATA["policies"][BACKUP]["statements"]]

    assert DATA["policies"][BACKUP]["version"] == published["VersionId"]
    assert sorted(ours, key=json.dumps) == sorted(wanted, key=json.dumps)


def _reduced(statement: dict[str, Any]) -> dict[str, Any] | None:
    """A statement with its actions of AWS Backup and AWS KMS, for any partition; None of one without."""
    actions = [one for one in _listed(statement["Action"]) if one.startswith(("backup:", "kms:"))]
    return _normal(statement | {"Action": actions}) if actions else None


def _normal(value: Any, key: str = "") -> Any:
    """Lists where one value may stand alone, without regard to order."""
    if isinstance(value, dict):
        return {name: _normal(inner, name) for name, inner in sorted(value.items())}
    if key in ("Effect", "Sid"):
        return value
    return sorted(str(one).replace("arn:aws:", "arn:*:") for one in _listed(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
