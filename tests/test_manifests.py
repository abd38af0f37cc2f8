"""Manifests that say where templates go: a cloud assembly of the CDK, and Customizations for AWS Control Tower."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.runs import run

ESTATES = Path(__file__).parent / "fixtures" / "estates"
VAULT = "Resources: {Central: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: central}}}\n"


def copied(name: str, to: Path) -> Path:
    return Path(shutil.copytree(ESTATES / name, to / name))


def report(folder: Path, *paths: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(*(paths or (".",)), "--format", "json", cwd=folder).out)
    return document


def verdicts(document: dict[str, Any]) -> dict[tuple[str, str], str]:
    """By source and plan."""
    return {
        (f"{copy['source']['account']}/{copy['source']['region']}", copy["source"]["plan"]): copy["verdict"]
        for copy in document["copies"]
    }


# The CDK: its own tools made the assembly of `app.js` (see package.json beside it)


def test_stacks_of_an_assembly_are_where_its_manifest_says(tmp_path: Path) -> None:
    """One copy lands, one fails for a key that is not shared, one is of a stack for any account."""
    document = report(copied("cdk", tmp_path))

    assert verdicts(document) == {
        ("111122223333/eu-west-1", "files"): "lands",
        ("111122223333/eu-west-1", "documents"): "fails",
        ("${AWS::AccountId}/${AWS::Region}", "anywhere"): "unsure",
    }


def test_a_nested_stack_is_where_its_parent_is(tmp_path: Path) -> None:
    document = report(copied("cdk", tmp_path))

    places = {vault["vault"]: (vault["account"], vault["region"]) for vault in document["vaults"]}
    assert places["archive"] == ("444455556666", "eu-west-1")


def test_a_finding_names_the_construct(tmp_path: Path) -> None:
    document = report(copied("cdk", tmp_path))

    (finding,) = (one for one in document["findings"] if one["rule"] == "source-key-not-shared")
    assert finding["construct"] == "Prod/Documents/Plan/Resource"
    assert finding["location"]["path"] == "cdk.out/assembly-Prod/ProdDocumentsA60FA058.template.json"
    assert "= construct Prod/Documents/Plan/Resource\n" in run(".", cwd=tmp_path / "cdk").out


def test_assets_are_not_looked_at(tmp_path: Path) -> None:
    folder = copied("cdk", tmp_path)
    asset = folder / "cdk.out" / "asset.0123"
    asset.mkdir()
    (asset / "vault.yaml").write_text(VAULT)
    (folder / "cdk.out" / "tree.json").write_text('{"BackupVault": 1}')

    said = run(".", "-v", cwd=folder).err
    assert "asset.0123" not in said
    assert "tree.json" not in said
    assert "read cdk.out/manifest.json" in said


def test_a_plan_of_the_cdk_and_a_vault_of_a_template(tmp_path: Path) -> None:
    """Kinds of input are joined like any other: the vault that another repository keeps as a template refuses."""
    folder = copied("cdk", tmp_path)
    (folder / "cdk.out" / "Central.template.json").unlink()
    place = folder / "444455556666" / "eu-west-1"
    place.mkdir(parents=True)
    (place / "vault.yaml").write_text(VAULT)

    document = report(folder)

    assert set(verdicts(document).values()) == {"fails"}
    assert "cdk.out/manifest.json: `Central.template.json`, which it names, is not among the files" in (
        " ".join(run(".", cwd=folder).out.split())
    )


def test_the_command_line_goes_before_the_manifest(tmp_path: Path) -> None:
    folder = copied("cdk", tmp_path)

    options = ("--account", "999900001111=cdk.out/Files.template.json")
    document = json.loads(run("copies", ".", *options, "--format", "json", cwd=folder).out)

    (files,) = (copy for copy in document["copies"] if copy["source"]["plan"] == "files")
    assert files["source"]["account"] == "999900001111"


# Customizations for AWS Control Tower


def test_stack_sets_are_where_the_manifest_says(tmp_path: Path) -> None:
    """Accounts of the units by the configuration; regions; parameters that stand in the manifest."""
    document = report(copied("control-tower", tmp_path))

    assert verdicts(document) == {
        ("111122223333/eu-west-1", "member"): "lands",
        ("111122223333/eu-central-1", "member"): "lands",
        ("222233334444/eu-west-1", "member"): "fails",
        ("222233334444/eu-central-1", "member"): "fails",
    }


def test_without_a_configuration_units_are_accounts_that_are_not_known(tmp_path: Path) -> None:
    folder = copied("control-tower", tmp_path)
    (folder / ".xbackup-lint.yaml").unlink()

    assert verdicts(report(folder)) == {
        ("${AWS::AccountId}/eu-west-1", "member"): "unsure",
        ("${AWS::AccountId}/eu-central-1", "member"): "unsure",
    }


def test_a_manifest_that_names_a_missing_file_is_told(tmp_path: Path) -> None:
    out = " ".join(run(".", cwd=copied("control-tower", tmp_path)).out.split())

    assert "note: manifest.yaml: `templates/lost.yaml`, which it names, is not among the files" in out


NO_MANIFESTS = [
    '{"version": "1", "artifacts": {"x": {"type": "aws:cloudformation:stack"}}}',
    '{"version": "1", "artifacts": {"x": "aws:cloudformation:stack"}}',
    "resources: [{resource_file: [a]}, 1, {resource_file: s3://bucket/vault.yaml}]\n",
    "resources: [{resource_file: vault.yaml, deploy_method: scp, deployment_targets: x, regions: y, parameters: z}]\n",
]


@pytest.mark.parametrize("text", NO_MANIFESTS)
def test_manifests_of_any_shape_do_no_harm(tmp_path: Path, text: str) -> None:
    (tmp_path / ("manifest.json" if text.startswith("{") else "manifest.yaml")).write_text(text)
    (tmp_path / "vault.yaml").write_text(VAULT)

    assert report(tmp_path)["summary"]["files"]["read"] == 2


# StackSets that name organizational units


SETS = """\
Resources:
  Vaults:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: vaults
      PermissionModel: SERVICE_MANAGED
      TemplateURL: vault.yaml
      StackInstancesGroup:
        - DeploymentTargets: {targets}
          Regions: [eu-west-1]
"""
TREE = """\
accounts: {production: "111122223333", sandbox: "222233334444", backup: "444455556666"}
organization-tree:
  id: r-ab12
  ous:
    Backup: {id: ou-ab12-11111111, accounts: [backup]}
    Workloads:
      id: ou-ab12-22222222
      accounts: [production]
      ous:
        Sandbox: {id: ou-ab12-33333333, accounts: [sandbox]}
"""
UNITS = [
    ("{OrganizationalUnitIds: [ou-ab12-11111111]}", ["444455556666"]),
    ("{OrganizationalUnitIds: [ou-ab12-22222222]}", ["111122223333", "222233334444"]),
    ("{OrganizationalUnitIds: [r-ab12]}", ["111122223333", "222233334444", "444455556666"]),
    (
        "{OrganizationalUnitIds: [ou-ab12-22222222], Accounts: ['222233334444'], AccountFilterType: INTERSECTION}",
        ["222233334444"],
    ),
    (
        "{OrganizationalUnitIds: [ou-ab12-22222222], Accounts: ['222233334444'], AccountFilterType: DIFFERENCE}",
        ["${AWS::AccountId}"],
    ),
    ("{OrganizationalUnitIds: [ou-ab12-99999999]}", ["${AWS::AccountId}"]),
]


@pytest.mark.parametrize(("targets", "accounts"), UNITS)
def test_a_stack_set_goes_to_the_accounts_of_its_units(
    tmp_path: Path, targets: str, accounts: list[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".xbackup-lint.yaml").write_text(TREE)
    (tmp_path / "sets.yaml").write_text(SETS.replace("{targets}", targets))
    (tmp_path / "vault.yaml").write_text(VAULT)

    assert sorted(vault["account"] for vault in report(tmp_path)["vaults"]) == accounts


# Control policies of Control Tower


CONTROL = """\
  - name: protect
    resource_file: policies/protect.json
    deploy_method: scp
    deployment_targets:
      organizational_units: [{unit}]
"""
DENIES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "NoCopies", "Effect": "Deny", "Action": "backup:CopyFromBackupVault", "Resource": "*"}
        ],
    }
)


@pytest.mark.parametrize(
    ("unit", "verdicts_of_control"),
    [
        ("Workloads", {"fails"}),
        ("Root", {"fails"}),
        ("Security", {"assumed"}),
        ("Workloads:Sandbox", {"fails", "assumed"}),
    ],
)
def test_a_manifest_attaches_control_policies(
    tmp_path: Path, unit: str, verdicts_of_control: set[str]
) -> None:
    folder = copied("control-tower", tmp_path)
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text() + CONTROL.format(unit=unit))
    (folder / "policies").mkdir()
    (folder / "policies" / "protect.json").write_text(DENIES)

    rows = [
        row
        for copy in report(folder)["copies"]
        for row in copy["requirements"]
        if row["name"] == "service-control"
    ]

    assert {row["verdict"] for row in rows} == verdicts_of_control
    assert len(rows) == 4
