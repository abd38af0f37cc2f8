"""What a configuration changes in a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runs import run

BAD = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: central
            Lifecycle:
              MoveToColdStorageAfterDays: 30
              DeleteAfterDays: {days}
"""
OWN_ARN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "cfn").mkdir()
    (tmp_path / "cfn" / "bad.yaml").write_text(BAD.format(days=90))
    return tmp_path


def configured(
    folder: Path, text: str, *arguments: str, name: str = ".xbackup-lint.yaml"
) -> tuple[int, str, str]:
    (folder / name).write_text(text)
    ran = run(*(arguments or (".", "--format", "concise")), cwd=folder)
    return ran.status, ran.out, ran.err


SILENCED = [
    "ignore: [cold-storage-under-90-days]\n",
    "select: [copy]\n",
    "severity: {cold-storage-under-90-days: info}\n",
    "per-file-ignores: {cfn/*.yaml: [cold-storage-under-90-days]}\n",
    "per-file-ignores: {cfn: [retention]}\n",
    "fail-on: unsure\n",
]


@pytest.mark.parametrize("text", SILENCED)
def test_a_configuration_makes_the_run_pass(folder: Path, text: str) -> None:
    assert configured(folder, text)[0] == 0


def test_what_is_ignored_in_a_file_is_counted(folder: Path) -> None:
    text = "select: [retention]\nper-file-ignores: {cfn/*.yaml: [cold-storage-under-90-days]}\n"

    status, out, _ = configured(folder, text)

    assert (status, out) == (0, "no errors, 1 ignored; 1 file, 1 account\n")


def test_pyproject_serves_as_well(folder: Path) -> None:
    text = "[tool.xbackup-lint]\nignore = ['cold-storage-under-90-days']\n"

    assert configured(folder, text, name="pyproject.toml")[0] == 0


def test_the_configuration_is_found_from_below(folder: Path) -> None:
    (folder / ".xbackup-lint.yaml").write_text("ignore: [cold-storage-under-90-days]\n")

    assert run(".", cwd=folder / "cfn").status == 0


def test_excluded_folders_are_not_walked(folder: Path) -> None:
    status, _, err = configured(folder, "exclude: [cfn]\n")

    assert status == 2
    assert "nothing to check" in err


def test_a_named_file_is_checked_though_excluded(folder: Path) -> None:
    assert configured(folder, "exclude: [cfn]\n", "cfn/bad.yaml")[0] == 1


def test_a_stack_for_each_deployment_and_one_finding_for_all(folder: Path) -> None:
    text = (
        "accounts: {a: '111122223333', b: '444455556666'}\n"
        "deployments: [{templates: cfn/bad.yaml, accounts: [a, b], regions: [eu-west-1, eu-central-1]}]\n"
    )

    _, out, _ = configured(folder, text, ".", "--format", "json", "--select", "retention")

    (finding,) = json.loads(out)["findings"]
    assert finding["rule"] == "cold-storage-under-90-days"
    assert json.loads(out)["summary"]["accounts"] == 2


def test_parameters_of_deployments_tell_which_of_them_fail(folder: Path) -> None:
    """One template, two accounts, two values: the finding says where it holds."""
    (folder / "cfn" / "bad.yaml").write_text(
        "Parameters: {Days: {Type: Number}}\n" + BAD.format(days="!Ref Days")
    )
    text = (
        "accounts: {a: '111122223333', b: '444455556666', c: '777788889999'}\n"
        "deployments:\n"
        "  - {templates: cfn, accounts: [a, b], regions: [eu-west-1], parameters: {Days: 100}}\n"
        "  - {templates: cfn, accounts: [c], regions: [eu-west-1], parameters: {Days: 400}}\n"
    )

    status, out, _ = configured(folder, text, ".", "--format", "json", "--select", "retention")

    (finding,) = json.loads(out)["findings"]
    assert status == 1
    assert finding["deployments"] == ["111122223333/eu-west-1", "444455556666/eu-west-1"]


def test_copies_of_each_deployment(folder: Path) -> None:
    """Copied to account 444455556666, from three accounts: one of them is that account itself."""
    (folder / "cfn" / "bad.yaml").write_text(OWN_ARN)
    text = (
        "accounts: {a: '111122223333', b: '444455556666', c: '777788889999'}\n"
        "deployments: [{templates: cfn, accounts: [a, b, c], regions: [eu-west-1]}]\n"
    )

    _, out, _ = configured(folder, text, "copies", ".", "--format", "json")

    copies = json.loads(out)["copies"]
    assert [copy["source"]["account"] for copy in copies] == ["111122223333", "444455556666", "777788889999"]


def test_keys_of_a_trusted_account_are_not_foreign(folder: Path) -> None:
    (folder / "cfn" / "bad.yaml").write_text(
        "Resources:\n  Vault:\n    Type: AWS::Backup::BackupVault\n    Properties:\n      BackupVaultName: central\n"
        "      EncryptionKeyArn: arn:aws:kms:eu-west-1:777788889999:key/11111111-2222-3333-4444-555555555555\n"
    )
    placed = "deployments: [{templates: cfn, accounts: ['111122223333'], regions: [eu-west-1]}]\n"

    assert "error[vault-key-in-foreign-account]" in configured(folder, placed)[1]
    assert configured(folder, placed + "trusted-key-accounts: ['777788889999']\n")[0] == 0


BROKEN = [
    (
        "ignore: [cold-storage-under-90-day]\n",
        "did you mean `cold-storage-under-90-days`?",
        ".xbackup-lint.yaml:1:10",
    ),
    ("ignores: [x]\n", "did you mean `ignore`?", ".xbackup-lint.yaml:1:1"),
    ("accounts: {a: '12345'}\n", "12", ".xbackup-lint.yaml:1:15"),
    ("deployments: [{templates: x.yaml, accounts: [nobody]}]\n", "nobody", ".xbackup-lint.yaml:1:46"),
]


@pytest.mark.parametrize(("text", "said", "place"), BROKEN, ids=lambda value: value[:30])
def test_a_broken_configuration_is_2_with_a_caret(folder: Path, text: str, said: str, place: str) -> None:
    status, out, err = configured(folder, text)

    assert (status, out) == (2, "")
    assert said in err
    assert f"--> {place}" in err
    assert "^" in err


def test_two_configurations_in_one_folder_are_2(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.xbackup-lint]\n")

    assert "two configuration files" in configured(folder, "ignore: [copy]\n")[2]


def test_the_command_line_contradicts_the_configuration(folder: Path) -> None:
    text = "deployments: [{templates: cfn, accounts: ['111122223333'], regions: [eu-west-1]}]\n"

    status, _, err = configured(folder, text, ".", "--account", "444455556666=cfn/*")

    assert status == 2
    assert "the configuration deploys it elsewhere" in err


RULE = """\
id: no-default-vault
title: Nobody here uses the default vault
severity: error
since: 1.0.0
rationale: We keep backups in vaults that we declare ourselves, and nowhere else, so that all have a policy.
remediation: Name another vault.
false-positives: []
references: [https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html]
subject: rule
when: {target-vault: central}
at: target-vault
unknown: silent
message: "`{target-vault}` is not for this team"
"""


def test_rules_of_ones_own(folder: Path) -> None:
    (folder / "lint" / "ours").mkdir(parents=True)
    (folder / "lint" / "ours" / "no-default-vault.yaml").write_text(RULE)

    status, out, _ = configured(folder, "rule-paths: [lint]\nselect: [ours]\n")

    assert status == 1
    assert out.startswith("cfn/bad.yaml:9:32: error[no-default-vault] `central` is not for this team\n")


def test_a_broken_rule_is_2_with_a_caret_in_its_file(folder: Path) -> None:
    (folder / "lint" / "ours").mkdir(parents=True)
    (folder / "lint" / "ours" / "no-default-vault.yaml").write_text(
        RULE.replace("{target-vault: central}", "{target: x}")
    )

    status, _, err = configured(folder, "rule-paths: [lint]\n")

    assert status == 2
    assert "broken rule: `rule` has no attribute `target`" in err
    assert "--> lint/ours/no-default-vault.yaml:10:8" in err
    assert "^^^^^^" in err
