"""Whole runs: repositories of several accounts, and all that is said of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.runs import run

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures"
CLEAN = FIXTURES / "clean" / "by-folder"
PRODUCTION, BACKUP = "111122223333", "444455556666"


def test_the_article() -> None:
    """Every mistake of the tutorial, each at its line (the text report of it opens README.md)."""
    ran = run("examples/two-accounts", "--format", "concise", cwd=ROOT)

    found = [line.split(": ", 1) for line in ran.out.splitlines()[:-1]]
    vault, plan = "examples/two-accounts/backup-account.yaml", "examples/two-accounts/production.yaml"
    assert ran.status == 1
    assert [(place, said.split(" ")[0]) for place, said in found] == [
        (f"{vault}:9:64", "error[vault-key-malformed]"),
        (f"{vault}:18:24", "warning[vault-policy-trusts-whole-account]"),
        (f"{vault}:18:57", "error[vault-policy-invalid]"),
        (f"{vault}:22:17", "error[vault-policy-unknown-action]"),
        (f"{vault}:47:17", "warning[vault-policy-grant-without-effect]"),
        (f"{plan}:10:9", "error[plan-property-misnamed]"),
        (f"{plan}:12:32", "error[target-vault-is-an-arn]"),
        (f"{plan}:12:57", "warning[copy-destination-account-mismatch]"),
        (f"{plan}:18:32", "error[cold-storage-under-90-days]"),
    ]


def by_folder(work: Path) -> tuple[str, ...]:
    shutil.copytree(CLEAN, work, dirs_exist_ok=True)
    return ()


def by_option(work: Path) -> tuple[str, ...]:
    """Both files side by side: the command line says whose they are."""
    shutil.copy(CLEAN / PRODUCTION / "eu-west-1" / "backups.yaml", work)
    shutil.copy(CLEAN / BACKUP / "eu-west-1" / "central.yaml", work)
    return (
        "--account",
        f"{PRODUCTION}=backups.yaml",
        "--account",
        f"{BACKUP}=central.yaml",
        "--region",
        "eu-west-1",
    )


def by_inference(work: Path) -> tuple[str, ...]:
    """Both files side by side: each names its account in what it says of itself."""
    for account, name in ((PRODUCTION, "backups.yaml"), (BACKUP, "central.yaml")):
        text = (CLEAN / account / "eu-west-1" / name).read_text()
        literal = text.replace("iam::${AWS::AccountId}:root", f"iam::{account}:root")
        (work / name).write_text(literal.replace(
            'Action: backup:CopyIntoBackupVault\n            Resource: "*"',
            f"Action: backup:CopyIntoBackupVault\n            Resource: arn:aws:backup:eu-west-1:{account}:backup-vault:central",
        ))  # fmt: skip
    return ()


@pytest.mark.parametrize("told", [by_folder, by_option, by_inference])
def test_a_correct_pair_is_silent(tmp_path: Path, told) -> None:  # type: ignore[no-untyped-def]
    """Own keys, a shared source key, grants to a role and to the organization, a lock, retention within it."""
    ran = run(".", *told(tmp_path), cwd=tmp_path)

    assert ran.status == 0
    assert ran.out.count("\n") == 1
    assert ran.out.startswith("no errors; 2 files, 2 accounts, 2 copies")


def test_a_correct_pair_is_silent_in_json(tmp_path: Path) -> None:
    """Neither do notes or doubts hide behind the summary."""
    ran = run(".", *by_folder(tmp_path), "--format", "json", "--fail-on", "info,unsure", cwd=tmp_path)

    assert ran.status == 0
    assert '"findings": []' in ran.out
