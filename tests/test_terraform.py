"""What `terraform show -json` prints: plans and states, whose copies get verdicts like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runs import run

PLAN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "fixtures" / "estates" / "terraform" / "plan.json").read_text()
)
Change = Callable[[dict[str, Any]], None]


def changed(change: Change | None = None) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(json.dumps(PLAN))
    if change is not None:
        change(plan)
    return plan


def report(folder: Path, plan: object, *arguments: str) -> dict[str, Any]:
    (folder / "plan.json").write_text(json.dumps(plan, indent=1))
    document: dict[str, Any] = json.loads(run(".", "--format", "json", *arguments, cwd=folder).out)
    return document


def resource(plan: dict[str, Any], address: str) -> dict[str, Any]:
    root = plan["planned_values"]["root_module"]
    every = [*root["resources"], *(one for child in root["child_modules"] for one in child["resources"])]
    found: dict[str, Any] = next(one for one in every if one["address"] == address)
    return found


def configured(plan: dict[str, Any], address: str) -> dict[str, Any]:
    resources = plan["configuration"]["root_module"]["resources"]
    found: dict[str, Any] = next(one for one in resources if one["address"] == address)["expressions"]
    return found


def verdicts(document: dict[str, Any]) -> list[str]:
    return [copy["verdict"] for copy in document["copies"]]


def rows(copy: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["verdict"] for row in copy["requirements"]}


def test_one_lands_one_fails_one_is_known_after_apply(tmp_path: Path) -> None:
    document = report(tmp_path, PLAN)

    assert verdicts(document) == ["lands", "fails", "unsure"]
    lands, fails, unsure = document["copies"]
    assert lands["source"]["account"] == "111122223333"
    assert lands["destination"] == {
        "arn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
        "account": "444455556666",
        "region": "eu-west-1",
        "vault": "central",
    }
    assert rows(fails)["source-key"] == "fails"
    (row,) = unsure["requirements"][:1]
    assert "`aws_backup_plan.elsewhere.destination_vault_arn` is known after apply" in row["because"]


def test_findings_stand_at_the_resource(tmp_path: Path) -> None:
    document = report(tmp_path, PLAN)

    (finding,) = (
        one
        for one in document["findings"]
        if one["rule"] == "source-key-not-shared" and one["certainty"] == "certain"
    )
    assert "`module.documents.aws_kms_key.this`" in finding["message"]
    lines = (tmp_path / "plan.json").read_text().splitlines()
    assert '"destination_vault_arn": true' in lines[finding["location"]["start"]["line"] - 1]


def short_cold(plan: dict[str, Any]) -> None:
    rule = resource(plan, "aws_backup_plan.production")["values"]["rule"][0]
    rule["lifecycle"][0]["cold_storage_after"] = 30


def zero_is_never(plan: dict[str, Any]) -> None:
    rule = resource(plan, "aws_backup_plan.production")["values"]["rule"][0]
    rule["lifecycle"][0]["cold_storage_after"] = 0


def target_is_an_arn(plan: dict[str, Any]) -> None:
    rule = resource(plan, "aws_backup_plan.production")["values"]["rule"][0]
    rule["target_vault_name"] = "arn:aws:backup:eu-west-1:111122223333:backup-vault:production"


def refused(plan: dict[str, Any]) -> None:
    values = resource(plan, "aws_backup_vault_policy.central")["values"]
    values["policy"] = values["policy"].replace("111122223333", "222233334444")


RULES = [
    pytest.param(short_cold, "cold-storage-under-90-days", True, id="35 days, and cold after 30"),
    pytest.param(zero_is_never, "cold-storage-under-90-days", False, id="0 days of a state are none"),
    pytest.param(target_is_an_arn, "target-vault-is-an-arn", True, id="an ARN as target"),
    pytest.param(refused, "copy-refused-by-vault", True, id="a vault policy that names another account"),
    pytest.param(None, "copy-refused-by-vault", False, id="none of these"),
]


@pytest.mark.parametrize(("change", "rule", "is_found"), RULES)
def test_rules_hold_for_terraform_too(
    tmp_path: Path, change: Change | None, rule: str, is_found: bool
) -> None:
    found = {
        one["rule"] for one in report(tmp_path, changed(change))["findings"] if one["certainty"] == "certain"
    }

    assert (rule in found) is is_found


def no_account(plan: dict[str, Any]) -> None:
    del plan["configuration"]["provider_config"]["aws"]["expressions"]["allowed_account_ids"]


def account_of_a_variable(plan: dict[str, Any]) -> None:
    no_account(plan)
    plan["configuration"]["provider_config"]["aws"]["expressions"]["allowed_account_ids"] = {
        "references": ["var.accounts"]
    }
    plan["variables"]["accounts"] = {"value": ["111122223333"]}


def region_of_the_resource(plan: dict[str, Any]) -> None:
    resource(plan, "aws_backup_vault.central")["values"]["region"] = "eu-central-1"


PLACES = [
    pytest.param(
        account_of_a_variable, ("111122223333", "eu-west-1"), "444455556666/eu-west-1", id="a variable"
    ),
    pytest.param(
        no_account,
        ("111122223333", "eu-west-1"),
        "444455556666/eu-west-1",
        id="none but what its key policy says",
    ),
    pytest.param(
        region_of_the_resource,
        ("111122223333", "eu-west-1"),
        "444455556666/eu-central-1",
        id="a region of its own",
    ),
]


@pytest.mark.parametrize(("change", "source", "destination"), PLACES)
def test_where_resources_are(
    tmp_path: Path, change: Change, source: tuple[str, str], destination: str
) -> None:
    copy = report(tmp_path, changed(change))["copies"][0]

    assert (copy["source"]["account"], copy["source"]["region"]) == source
    assert f"{copy['destination']['account']}/{copy['destination']['region']}" == destination


def key_through_a_variable(plan: dict[str, Any]) -> None:
    """The vault is made by a module, which is given the key: `kms_key_arn = var.key`."""
    root = plan["planned_values"]["root_module"]
    vault = resource(plan, "aws_backup_vault.documents")
    root["resources"].remove(vault)
    vault["address"] = "module.vault.aws_backup_vault.this"
    root["child_modules"].append({"address": "module.vault", "resources": [vault]})
    for change in plan["resource_changes"]:
        if change["address"] == "aws_backup_vault.documents":
            change["address"] = "module.vault.aws_backup_vault.this"
    here = plan["configuration"]["root_module"]
    (own,) = (one for one in here["resources"] if one["address"] == "aws_backup_vault.documents")
    here["resources"].remove(own)
    own |= {"address": "aws_backup_vault.this", "name": "this"}
    own["expressions"]["kms_key_arn"] = {"references": ["var.key"]}
    here["module_calls"]["vault"] = {
        "expressions": {"key": {"references": ["module.documents.key_arn", "module.documents"]}},
        "module": {"resources": [own], "variables": {"key": {}}},
    }


def test_a_key_is_followed_through_variables_and_outputs(tmp_path: Path) -> None:
    fails = report(tmp_path, changed(key_through_a_variable))["copies"][1]

    assert rows(fails)["source-key"] == "fails"


def counted(plan: dict[str, Any]) -> None:
    """Two vaults by `count`: which of them a reference means is not known."""
    vault = resource(plan, "aws_backup_vault.central")
    second = json.loads(json.dumps(vault))
    vault["address"], second["address"] = "aws_backup_vault.central[0]", "aws_backup_vault.central[1]"
    second["values"]["name"] = "archive"
    plan["planned_values"]["root_module"]["resources"].append(second)


def one_of_them(plan: dict[str, Any]) -> None:
    counted(plan)
    expressions = configured(plan, "aws_backup_plan.production")
    expressions["rule"][0]["copy_action"][0]["destination_vault_arn"] = {
        "references": [
            "aws_backup_vault.central[0].arn",
            "aws_backup_vault.central[0]",
            "aws_backup_vault.central",
        ]
    }


@pytest.mark.parametrize(("change", "vault"), [(counted, ""), (one_of_them, "central")])
def test_one_of_several_instances(tmp_path: Path, change: Change, vault: str) -> None:
    assert report(tmp_path, changed(change))["copies"][0]["destination"]["vault"] == vault


def test_a_state_tells_accounts_by_its_arns(tmp_path: Path) -> None:
    vault = resource(PLAN, "aws_backup_vault.central")
    values = vault["values"] | {
        "arn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
        "kms_key_arn": None,
    }
    state = {"format_version": "1.0", "values": {"root_module": {"resources": [vault | {"values": values}]}}}

    (found,) = report(tmp_path, state)["vaults"]

    assert (found["account"], found["region"], found["vault"]) == ("444455556666", "eu-west-1", "central")


def without_central(plan: dict[str, Any]) -> None:
    root = plan["planned_values"]["root_module"]
    root["resources"] = [one for one in root["resources"] if not one["address"].endswith(".central")]
    arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
    for change in (resource(plan, f"aws_backup_plan.{name}") for name in ("production", "documents")):
        change["values"]["rule"][0]["copy_action"][0]["destination_vault_arn"] = arn
    for change in plan["resource_changes"]:
        if change["type"] == "aws_backup_plan":
            change["change"]["after_unknown"]["rule"][0]["copy_action"][0].pop("destination_vault_arn")


def test_a_plan_of_terraform_and_a_vault_of_a_template(tmp_path: Path) -> None:
    place = tmp_path / "444455556666" / "eu-west-1"
    place.mkdir(parents=True)
    (place / "vault.yaml").write_text(
        "Resources:\n  Central:\n    Type: AWS::Backup::BackupVault\n    Properties: {BackupVaultName: central}\n"
    )

    document = report(tmp_path, changed(without_central))

    assert rows(document["copies"][0])["vault-policy"] == "fails"


SHAPES = [
    {"format_version": "1.2", "planned_values": {"root_module": {}}},
    {"format_version": "1.2", "planned_values": {"root_module": {"resources": "aws_backup_vault"}}},
    {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [{"address": "aws_backup_vault.x"}, 7]}},
    },
    PLAN | {"configuration": "none"},
    PLAN | {"resource_changes": [{"change": 1}, "aws_backup_vault"]},
    PLAN | {"configuration": {"provider_config": {"aws": {"expressions": {"region": 1, "assume_role": []}}}}},
    PLAN
    | {
        "configuration": {
            "root_module": {"module_calls": {"documents": {"module": {"outputs": {"key_arn": 1}}}}}
        }
    },
]


@pytest.mark.parametrize("plan", SHAPES)
def test_plans_of_any_shape_do_no_harm(tmp_path: Path, plan: dict[str, Any]) -> None:
    (tmp_path / "vault.yaml").write_text(
        "Resources: {Central: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: x-central}}}\n"
    )

    assert report(tmp_path, plan)["summary"]["files"]["unreadable"] == 0


def test_a_loop_of_modules_ends(tmp_path: Path) -> None:
    def loop(plan: dict[str, Any]) -> None:
        call = plan["configuration"]["root_module"]["module_calls"]["documents"]
        call["module"]["outputs"]["key_arn"] = {"expression": {"references": ["var.key"]}}
        call["expressions"]["key"] = {"references": ["module.documents.key_arn"]}

    assert len(report(tmp_path, changed(loop))["copies"]) == 3
