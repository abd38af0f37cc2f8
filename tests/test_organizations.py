"""Organizations backup policies in all that holds them, and the plans that they come to."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.runs import run
from xbackup_lint.config.configuration import Configuration, read
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.model.estate import Estate
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings
from xbackup_lint.text.node import Scalar
from xbackup_lint.text.source import NOWHERE, Source, Span
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

CENTRAL = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"


def readings(files: dict[str, str], configuration: str | None = None, **told: Any) -> Readings:
    inputs = [Input(path, Path(path), text=text) for path, text in sorted(files.items())]
    return read_inputs(inputs, Assignments(configuration=configured(configuration), **told))


def configured(text: str | None) -> Configuration | None:
    return read(Source(".xbackup-lint.yaml", text), Path()) if text is not None else None


def estate(files: dict[str, str], configuration: str | None = None, **told: Any) -> Estate:
    return readings(files, configuration, **told).estate


def plan(regions: Any = ("eu-west-1",), destination: str = CENTRAL, **rule: Any) -> dict[str, Any]:
    """A plan with one rule, one copy and one selection."""
    return {
        "regions": {"@@assign": list(regions)},
        "rules": {
            "nightly": {
                "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
                "target_backup_vault_name": {"@@assign": "backups"},
                "copy_actions": {destination: {"target_backup_vault_arn": {"@@assign": destination}}},
                **rule,
            }
        },
        "selections": {
            "tags": {
                "daily": {
                    "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/backup"},
                    "tag_key": {"@@assign": "backup"},
                    "tag_value": {"@@assign": ["daily"]},
                }
            }
        },
    }


def policy(**plans: Any) -> str:
    return json.dumps({"plans": plans or {"daily": plan()}}, indent=2)


WITH_OBJECT = """\
Resources:
  Policy:
    Type: AWS::Organizations::Policy
    Properties:
      Name: daily
      Type: BACKUP_POLICY
      Content:
        plans:
          daily:
            regions:
              "@@assign": [eu-west-1]
            rules:
              nightly:
                schedule_expression: {"@@assign": cron(0 5 ? * * *)}
                target_backup_vault_name:
                  "@@assign": backups
                copy_actions:
                  arn:aws:backup:eu-west-1:444455556666:backup-vault:central:
                    target_backup_vault_arn:
                      "@@assign": arn:aws:backup:eu-west-1:444455556666:backup-vault:central
            selections:
              tags:
                daily:
                  iam_role_arn:
                    "@@assign": arn:aws:iam::$account:role/backup
                  tag_key: {"@@assign": backup}
                  tag_value: {"@@assign": [daily]}
"""
WITH_LOOPS = """\
Transform: AWS::LanguageExtensions
Resources:
  Policy:
    Type: AWS::Organizations::Policy
    Properties:
      Name: daily
      Type: BACKUP_POLICY
      Content:
        plans:
          Fn::ForEach::Plans:
            - Name
            - [daily]
            - ${Name}:
                regions:
                  "@@assign": [eu-west-1]
                rules:
                  nightly:
                    schedule_expression: {"@@assign": cron(0 5 ? * * *)}
                    target_backup_vault_name:
                      "@@assign": backups
                    copy_actions:
                      Fn::ForEach::Copies:
                        - Vault
                        - [arn:aws:backup:eu-west-1:444455556666:backup-vault:central]
                        - ${Vault}:
                            target_backup_vault_arn:
                              "@@assign": !Ref Vault
                selections:
                  tags:
                    daily:
                      iam_role_arn:
                        "@@assign": arn:aws:iam::$account:role/backup
                      tag_key: {"@@assign": backup}
                      tag_value: {"@@assign": [daily]}
"""
JSON_TEXT = """\
                {
                  "plans": {
                    "daily": {
                      "regions": {"@@assign": ["REGION"]},
                      "rules": {
                        "nightly": {
                          "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
                          "target_backup_vault_name": {"@@assign": "backups"},
                          "copy_actions": {"VAULT": {"target_backup_vault_arn": {"@@assign": "VAULT"}}}
                        }
                      },
                      "selections": {
                        "tags": {
                          "daily": {
                            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/backup"},
                            "tag_key": {"@@assign": "backup"},
                            "tag_value": {"@@assign": ["daily"]}
                          }
                        }
                      }
                    }
                  }
                }
"""
PARAMETERS = f"""\
Parameters:
  Region:
    Type: String
    Default: eu-west-1
  Vault:
    Type: String
    Default: {CENTRAL}
"""


def template(kind: str, properties: str) -> str:
    return f"{PARAMETERS}Resources:\n  Policy:\n    Type: {kind}\n    Properties:\n{properties}"


ORGANIZATIONS = "AWS::Organizations::Policy"
UNDER_SUB = JSON_TEXT.replace("REGION", "${Region}").replace("VAULT", "${Vault}")
KNOWN = JSON_TEXT.replace("REGION", "eu-west-1").replace("VAULT", CENTRAL)

SHAPES: dict[str, tuple[str, str]] = {
    "a document": ("policy.json", policy()),
    "a list of documents": ("policies.json", f"[{policy()}]"),
    "a document in YAML": (
        "policy.yaml",
        "\n".join(line.removeprefix("        ") for line in WITH_OBJECT.splitlines()[7:]),
    ),
    "describe-policy": (
        "policy.json",
        json.dumps({"Policy": {"PolicySummary": {"Type": "BACKUP_POLICY"}, "Content": policy()}}),
    ),
    "the input of create-policy": (
        "policy.json",
        json.dumps({"Name": "daily", "Type": "BACKUP_POLICY", "Content": policy()}),
    ),
    "an object in a template": ("policy.yaml", WITH_OBJECT),
    "a template in JSON": (
        "policy.json",
        json.dumps({
            "Resources": {
                "Policy": {"Type": ORGANIZATIONS, "Properties": {"Type": "BACKUP_POLICY", "Content": json.loads(policy())}}
            }
        }),
    ),
    "Fn::ToJsonString": (
        "policy.yaml",
        WITH_OBJECT.replace("      Content:\n", "      Content:\n       Fn::ToJsonString:\n"),
    ),
    "text in a template": ("policy.yaml", template(ORGANIZATIONS, f"      Type: BACKUP_POLICY\n      Content: |\n{KNOWN}")),
    "text under Fn::Sub": (
        "policy.yaml",
        template(ORGANIZATIONS, f"      Type: BACKUP_POLICY\n      Content: !Sub |\n{UNDER_SUB}"),
    ),
    "a type that is not known": (
        "policy.yaml",
        template(ORGANIZATIONS, f"      Type: !ImportValue Type\n      Content: |\n{KNOWN}"),
    ),
    "keys that Fn::ForEach makes": ("policy.yaml", WITH_LOOPS),
    "text in a custom resource": (
        "policy.yaml",
        template("AWS::CloudFormation::CustomResource", f"      Attach: true\n      Policy: !Sub |\n{UNDER_SUB}"),
    ),
    "an object in a custom resource": (
        "policy.yaml",
        WITH_OBJECT.replace(ORGANIZATIONS, "Custom::Policy").replace("      Type: BACKUP_POLICY\n", ""),
    ),
    "tokens in a list": (
        "policy.yaml",
        template(
            "Custom::Policy",
            f"      Policy: |\n{JSON_TEXT}      Tokens:\n        - REGION: !Ref Region\n        - VAULT: !Ref Vault\n",
        ),
    ),
    "tokens in a mapping, one the beginning of another": (
        "policy.yaml",
        template(
            "Custom::Policy",
            f"      Policies: |\n                [\n{JSON_TEXT.replace('VAULT', 'VAULT_ARN')}                ]\n"
            "      Tokens: {REGION: !Ref Region, VAULT: backups, VAULT_ARN: !Ref Vault, COUNT: 3}\n",
        ),
    ),
    "tokens in an object": (
        "policy.yaml",
        WITH_OBJECT.replace(ORGANIZATIONS, "Custom::Policy")
        .replace("      Type: BACKUP_POLICY\n", "      Tokens: {VAULT_ARN: " + CENTRAL + "}\n")
        .replace(CENTRAL, "VAULT_ARN").replace("{VAULT_ARN: VAULT_ARN}", "{VAULT_ARN: " + CENTRAL + "}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), SHAPES.values(), ids=SHAPES)
def test_every_shape_comes_to_the_same_plan(path: str, text: str) -> None:
    found = estate({path: text})

    assert [(one.label, one.form, one.deployment.label) for one in found.plans] == [
        ("daily", "organizations", "$account/eu-west-1")
    ]
    (copy,) = found.copies
    assert [str(arn) for arn in copy.destination_arn.values] == [CENTRAL]
    assert [str(target) for target in copy.rule.target_vault.values] == ["backups"]
    assert copy.rule.label == "nightly"
    (selection,) = found.selections
    assert [str(role) for role in selection.role.values] == ["arn:aws:iam::$account:role/backup"]
    assert selection.belongs_to(copy.rule.plan)
    assert found.problems == []


NOT_OURS: dict[str, tuple[str, str]] = {
    "plans of something else": (
        "plans.json",
        '{"plans": {"basic": {"price": 3, "note": "AWS::Backup::BackupPlan"}}}',
    ),
    "a list of plans": ("plans.json", '{"plans": [{"target_backup_vault_name": {"@@assign": "a"}}]}'),
    "a tag policy": ("tags.json", '{"tags": {"backup": {"tag_key": {"@@assign": "backup"}}}}'),
    "a list of other things": ("list.json", '[{"plan": {"@@assign": "backup"}}, "@@assign", 3]'),
    "content that is no policy": ("p.json", '{"Content": "{\\"plans\\": 1}", "note": "@@assign"}'),
    "content that is no JSON": (
        "p.json",
        '{"Content": "the \\"plans\\" of @@assign", "Type": "BACKUP_POLICY"}',
    ),
    "an effective policy of another kind": (
        "p.json",
        '{"EffectivePolicy": {"PolicyContent": "{\\"tags\\": {}}", "TargetId": "111122223333"}, "note": "@@assign"}',
    ),
    "an effective policy without content": (
        "p.json",
        '{"EffectivePolicy": {"TargetId": "1"}, "note": "@@assign"}',
    ),
}


@pytest.mark.parametrize(("path", "text"), NOT_OURS.values(), ids=NOT_OURS)
def test_what_is_none_of_ours_is_passed_over(path: str, text: str) -> None:
    found = readings({path: text})

    assert (found.read, [path for path, _ in found.passed_over]) == ([], [path])
    assert (found.estate.plans, found.estate.problems) == ([], [])


NOT_OURS_IN_TEMPLATES: dict[str, str] = {
    "another kind of policy": template(
        ORGANIZATIONS, f"      Type: SERVICE_CONTROL_POLICY\n      Content: |\n{KNOWN}"
    ),
    "nothing to tell by": template(ORGANIZATIONS, "      Content: !Ref Vault\n"),
    "a parameter for a policy": template(
        ORGANIZATIONS, "      Type: BACKUP_POLICY\n      Content: !ImportValue Policy\n"
    ),
    "no content": template(ORGANIZATIONS, "      Type: BACKUP_POLICY\n"),
    "a custom resource with plans of its own": template(
        "Custom::Plans",
        '      plans: {basic: {price: 3}}\n      Text: \'{"plans": {"basic": {"price": 3}}}\'\n',
    ),
    "a custom resource whose text is no JSON": template("Custom::Plans", "      Text: '\"plans\" {'\n"),
    "a resource that says plans, and no custom one": template("AWS::S3::Bucket", f"      Policy: |\n{KNOWN}"),
}


@pytest.mark.parametrize("text", NOT_OURS_IN_TEMPLATES.values(), ids=NOT_OURS_IN_TEMPLATES)
def test_resources_that_are_none_of_ours_are_passed_over(text: str) -> None:
    found = estate({"template.yaml": text})

    assert (found.plans, found.problems) == ([], [])


def test_a_plan_is_made_in_each_region() -> None:
    found = estate(
        {"policy.json": policy(daily=plan(["eu-west-1", "us-east-1"]), weekly=plan(["eu-west-1"]))}
    )

    assert [(one.label, str(one.deployment.region)) for one in found.plans] == [
        ("daily", "eu-west-1"),
        ("daily", "us-east-1"),
        ("weekly", "eu-west-1"),
    ]
    assert len({id(one.deployment) for one in found.plans}) == 2, "one for each region, whatever the plan"
    assert found.accounts == frozenset()
    assert found.symbolic_accounts == 1


REGIONS: dict[str, tuple[str, list[str]]] = {
    "a parameter without a default": ("!Ref Regions", ["${Regions}"]),
    "one with a default": ("!Ref Known", ["eu-west-1", "us-east-1"]),
    "the region of the stack": ('[!Ref "AWS::Region"]', ["${AWS::Region}"]),
    "one known and one not": ('[eu-west-1, !Ref "AWS::Region"]', ["eu-west-1", "${AWS::Region}"]),
    "some under a condition": (
        "!If [All, [eu-west-1, us-east-1], [eu-west-1]]",
        ["eu-west-1", "us-east-1", "eu-west-1"],
    ),
    "none": ("[]", ["$region"]),
}


@pytest.mark.parametrize(("regions", "expected"), REGIONS.values(), ids=REGIONS)
def test_regions_as_far_as_they_are_known(regions: str, expected: list[str]) -> None:
    head = """\
Parameters:
  Regions: {Type: CommaDelimitedList}
  Known: {Type: CommaDelimitedList, Default: "eu-west-1,us-east-1"}
  Reach: {Type: String}
Conditions:
  All: !Equals [!Ref Reach, all]
"""
    found = estate({"policy.yaml": head + WITH_OBJECT.replace("[eu-west-1]", regions)})

    assert [str(one.deployment.region) for one in found.plans] == expected


def test_a_plan_that_is_only_changed_names_no_region() -> None:
    changed = {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "70"}}}}}
    found = estate({"policy.json": policy(daily=changed)})

    assert [one.deployment.label for one in found.plans] == ["$account/$region"]
    (lifecycle,) = found.lifecycles
    assert [str(days) for days in lifecycle.delete_after_days.values] == ["70"]


def test_the_variables_are_the_account_and_region_of_the_plan() -> None:
    destination = "arn:aws:backup:$region:$account:backup-vault:backups"
    found = estate({"policy.json": policy(daily=plan(["eu-west-1"], destination))})
    (copy,) = found.copies

    assert [answer.verdict for answer in copy.crosses_accounts.values] == [NO]
    assert [answer.verdict for answer in copy.to_itself.values] == [YES]
    assert [str(arn) for arn in copy.destination_arn.values] == [
        "arn:aws:backup:eu-west-1:$account:backup-vault:backups"
    ]


def test_accounts_of_different_documents_are_not_the_same_symbol() -> None:
    found = estate({"one.json": policy(), "two.json": policy()})

    one, two = (plan.deployment for plan in found.plans)
    assert one.is_account(one.account) is YES
    assert one.is_account(two.account) is UNKNOWN


SPANS: dict[str, tuple[str, str, str]] = {
    "a document": ("policy.json", policy(), f'"{CENTRAL}"'),
    "an object": ("policy.yaml", WITH_OBJECT, CENTRAL),
    "a loop": ("policy.yaml", WITH_LOOPS, "!Ref Vault"),
    "text": (*SHAPES["text in a template"], f'"{CENTRAL}"'),
    "under Sub": (*SHAPES["text under Fn::Sub"], '"${Vault}"'),
    "a token": (*SHAPES["tokens in a list"], '"VAULT"'),
}


@pytest.mark.parametrize(("path", "text", "written"), SPANS.values(), ids=SPANS)
def test_values_are_underlined_where_they_are_written(path: str, text: str, written: str) -> None:
    (copy,) = estate({path: text}).copies
    (arn,) = copy.destination_arn.values

    assert arn is not None
    assert arn.span.text == written


def test_an_effective_policy_is_in_force_in_its_account() -> None:
    content = {"plans": {"daily": {"regions": ["eu-west-1"], "rules": {"nightly": {
        "target_backup_vault_name": "backups",
        "copy_actions": {"arn:aws:backup:eu-north-1:$account:backup-vault:copies": {
            "target_backup_vault_arn": {"@@assign": "arn:aws:backup:eu-north-1:$account:backup-vault:copies"}}}}}}}}  # fmt: skip
    printed = {"EffectivePolicy": {"PolicyContent": json.dumps(content), "TargetId": "111122223333"}}
    found = estate({"effective.json": json.dumps(printed, indent=2)})

    (copy,) = found.copies
    assert copy.deployment.label == "111122223333/eu-west-1"
    assert copy.deployment.evidence is not None
    assert copy.deployment.evidence.text == '"111122223333"'
    assert [str(arn) for arn in copy.destination_arn.values] == [
        "arn:aws:backup:eu-north-1:111122223333:backup-vault:copies"
    ]
    assert found.problems == []


def test_an_effective_policy_without_envelope_is_of_the_account_of_its_folder() -> None:
    """Its copy actions may stand without a key, as in one of AWS's examples."""
    content = {"plans": {"daily": {"regions": ["eu-west-1"], "rules": {"nightly": {
        "target_backup_vault_name": "backups", "copy_actions": {"target_backup_vault_arn": CENTRAL}}}}}}  # fmt: skip
    found = estate(
        {"111122223333/effective.json": json.dumps(content), "effective.json": json.dumps(content)}
    )

    assert [copy.deployment.label for copy in found.copies] == [
        "111122223333/eu-west-1",
        "$account/eu-west-1",
    ]
    assert [str(arn) for copy in found.copies for arn in copy.destination_arn.values] == [CENTRAL, CENTRAL]
    assert found.problems == []


TARGETS: dict[str, tuple[str, list[str]]] = {
    "nothing": ("[]", ["$account"]),
    "a parameter": ("!Ref Targets", ["$account"]),
    "a unit": ("[ou-ab12-workload]", ["$account"]),
    "an account": ('["111122223333"]', ["111122223333"]),
    "accounts and a unit": ('["111122223333", ou-ab12-workload, "222233334444"]', ["111122223333", "222233334444", "$account"]),
}  # fmt: skip


@pytest.mark.parametrize(("targets", "accounts"), TARGETS.values(), ids=TARGETS)
def test_a_policy_is_in_force_where_it_is_attached(targets: str, accounts: list[str]) -> None:
    head = "Parameters: {Targets: {Type: CommaDelimitedList}}\n"
    text = head + WITH_OBJECT.replace("      Content:", f"      TargetIds: {targets}\n      Content:")

    assert [str(one.deployment.account) for one in estate({"policy.yaml": text}).plans] == accounts


def test_what_is_attached_below_the_root_changes_what_is_attached_to_it() -> None:
    def resource(name: str, target: str, said: Any) -> dict[str, Any]:
        properties = {
            "Name": name,
            "Type": "BACKUP_POLICY",
            "TargetIds": [target],
            "Content": {"plans": said},
        }
        return {"Type": ORGANIZATIONS, "Properties": properties}

    longer = {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "70"}}}}}
    resources = {
        "Root": resource("root", "r-ab12", {"daily": plan(), "weekly": plan()}),
        "Unit": resource("unit", "ou-ab12-workload", {"daily": longer}),
    }
    found = estate({"policies.json": json.dumps({"Resources": resources})})

    assert [(one.label, len(one.attached_to)) for one in found.plans] == [
        ("daily", 1),
        ("weekly", 1),
        ("daily", 2),
    ]
    changed = found.rules[-1]
    assert [str(target) for target in changed.target_vault.values] == ["backups"]
    assert [str(days) for days in changed.delete_after_days.values] == ["70"]


TREE = """\
accounts: {shop: "111122223333", search: "222233334444", lab: "333344445555", management: "999988887777"}
organization-tree:
  policies: [root.json]
  accounts: [management]
  ous:
    Workloads:
      policies: [workloads.json]
      ous:
        Prod: {accounts: {shop: {policies: [shop.json]}, search: {}}}
    Sandbox: {id: ou-ab12-sandboxes, accounts: [lab]}
    Empty: {policies: [workloads.json]}
"""


def test_the_tree_of_the_configuration() -> None:
    """Each account has what its levels come to; a unit without accounts stands for those that it may have."""
    days = {"rules": {"nightly": {"lifecycle": {"delete_after_days": {"@@assign": "70"}}}}}
    files = {
        "root.json": policy(daily=plan()),
        "workloads.json": policy(daily={"regions": {"@@append": ["us-east-1"]}}),
        "shop.json": policy(daily=days),
        "loose.json": policy(other=plan()),
    }
    found = estate(files, TREE)

    assert sorted((one.label, one.deployment.label) for one in found.plans) == [
        ("daily", "$account/eu-west-1"),
        ("daily", "$account/us-east-1"),
        ("daily", "111122223333/eu-west-1"),
        ("daily", "111122223333/us-east-1"),
        ("daily", "222233334444/eu-west-1"),
        ("daily", "222233334444/us-east-1"),
        ("daily", "333344445555/eu-west-1"),
        ("daily", "999988887777/eu-west-1"),
        ("other", "$account/eu-west-1"),
    ]
    kept = {
        str(one.deployment.account): [str(days) for days in one.delete_after_days.values]
        for one in found.rules
    }
    assert kept["111122223333"] == ["70"]
    assert kept["222233334444"] == ["None"]


def test_a_template_attaches_by_the_ids_of_the_tree() -> None:
    text = WITH_OBJECT.replace("      Content:", "      TargetIds: [ou-ab12-sandboxes]\n      Content:")
    found = readings({"policy.yaml": text, "root.json": policy(daily=plan())}, TREE)

    labels = {one.deployment.label for one in found.estate.plans}
    assert {"333344445555/eu-west-1", "999988887777/eu-west-1"} <= labels
    assert [note.partition(":")[0] for note in found.notes] == ["workloads.json", "shop.json"]


def test_a_configuration_without_a_tree_attaches_nothing() -> None:
    found = estate({"policy.json": policy()}, 'accounts: {shop: "111122223333"}')

    assert [one.deployment.label for one in found.plans] == ["$account/eu-west-1"]


def test_conditions_of_a_template_are_kept() -> None:
    head = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    text = head + WITH_OBJECT.replace(
        "copy_actions:\n                  arn:aws",
        "copy_actions: !If\n                 - IsProd\n                 - arn:aws",
    ).replace("            selections:", "                 - !Ref AWS::NoValue\n            selections:")
    text = text.replace(
        "                    target_backup_vault_arn:", "                     target_backup_vault_arn:"
    )
    text = text.replace(
        '                      "@@assign": arn:aws:backup',
        '                       "@@assign": arn:aws:backup',
    )

    (copy,) = estate({"policy.yaml": text}).copies
    assert str(copy.guard) == "IsProd is true"


def test_all_of_a_rule_is_read() -> None:
    """By the names of the API: whatever a plan of the API is asked, a plan of a policy is asked too."""
    rule: dict[str, Any] = {
        "enable_continuous_backup": {"@@assign": "true"},
        "lifecycle": {
            "move_to_cold_storage_after_days": {"@@assign": "30"},
            "delete_after_days": {"@@assign": "365"},
        },
    }
    (found,) = estate({"policy.json": policy(daily=plan(**rule))}).rules

    assert [str(value) for value in found.continuous.values] == ["true"]
    assert [str(value) for value in found.lifecycle.move_to_cold_storage_after_days.values] == ["30"]
    assert [str(value) for value in found.delete_after_days.values] == ["365"]


def text_of(*parts: str | Hole) -> Text:
    joined = "".join(part for part in parts if isinstance(part, str))
    source = Source("a.json", joined)
    pieces, at = [], 0
    for part in parts:
        if isinstance(part, str):
            span = Span(source, at, at + len(part))
            pieces.append(Text.of(Scalar.at(span, part, "plain", "str")))
            at += len(part)
        else:
            pieces.append(Text.unknown(part, NOWHERE))
    return Text.join(pieces, Span(source, 0, len(joined)))


VAULT = Hole(("a", "Vault"), "not known")
TOKENS = {
    "A": Text.literal("one", NOWHERE),
    "AB": Text.literal("two", NOWHERE),
    "B": Text.unknown(VAULT, NOWHERE),
    "one": Text.literal("three", NOWHERE),
}
REPLACED: dict[str, tuple[Text, str]] = {
    "nothing": (text_of("xyz"), "xyz"),
    "a token": (text_of("x-A-y"), "x-one-y"),
    "the longest first": (text_of("ABA"), "twoone"),
    "by what is not known": (text_of("x-B"), "x-${Vault}"),
    "around what is not known": (text_of("A", VAULT, "A"), "one${Vault}one"),
    "not what was put in": (text_of("A one"), "one three"),
    "an empty text": (text_of(), ""),
}


@pytest.mark.parametrize(("text", "expected"), REPLACED.values(), ids=REPLACED)
def test_tokens_are_replaced(text: Text, expected: str) -> None:
    assert str(text.replaced(TOKENS)) == expected


def test_what_is_put_in_stands_where_its_token_stood() -> None:
    found = text_of("x-AB-y").replaced(TOKENS)

    assert [part.span.text for part in found.parts if not isinstance(part, Hole)] == ["x-", "AB", "-y"]
    assert found.span.text == "x-AB-y"


FIXTURE = Path(__file__).parent / "fixtures" / "estates" / "organization-policy"
CONFIGURATION = """\
organization: o-abcdefghij
accounts: {management: "999988887777", backup: "444455556666", shop: "111122223333", search: "222233334444"}
organization-tree:
  accounts: [management]
  ous:
    Backup: {accounts: [backup]}
    Workloads:
      policies: [stacks/backup-policy.yaml]
      accounts: [shop, search]
deployments:
  - templates: [root.yaml, stacks/backup-policy.yaml, stacksets/members.yaml]
    accounts: [management]
    regions: [eu-west-1]
    parameters: {CentralAccountId: "444455556666"}
  - templates: [stacks/central-account.yaml]
    accounts: [backup]
    regions: [eu-west-1]
    parameters: {OrganizationId: o-abcdefghij}
  - templates: [stacks/member-account.yaml]
    accounts: [shop, search]
    regions: [eu-west-1, eu-central-1]
    parameters: {CentralAccountId: "444455556666"}
"""


@dataclass(frozen=True)
class Row:
    """A line of `copies`, without what it takes for granted."""

    verdict: str
    source: str
    destination: str


def rows(folder: Path) -> list[Row]:
    ran = run("copies", ".", "--format", "json", cwd=folder)
    return [
        Row(
            copy["verdict"],
            f"{copy['source']['account']}/{copy['source']['region']}",
            "{account}/{region} {vault}".format(**copy["destination"]),
        )
        for copy in json.loads(ran.out)["copies"]
    ]


def test_an_organization_without_a_configuration(tmp_path: Path) -> None:
    """The ARN is followed through the Parameter Store to the vault of its name; the accounts stay symbols."""
    shutil.copytree(FIXTURE, tmp_path, dirs_exist_ok=True)

    ran = run(".", cwd=tmp_path)
    found = rows(tmp_path)

    assert (ran.status, ran.out.splitlines()[0][:9]) == (0, "no errors")
    assert {(row.source, row.destination) for row in found} == {
        ("$account/eu-west-1", "${CentralAccountId}/eu-west-1 organization-central"),
        ("$account/eu-central-1", "${CentralAccountId}/eu-west-1 organization-central"),
    }
    assert "fails" not in {row.verdict for row in found}


def test_an_organization_whose_accounts_the_configuration_names(tmp_path: Path) -> None:
    """The effective policy of each account, in each of its regions: every copy is decided."""
    shutil.copytree(FIXTURE, tmp_path, dirs_exist_ok=True)
    (tmp_path / ".xbackup-lint.yaml").write_text(CONFIGURATION)

    ran = run(".", cwd=tmp_path)

    assert (ran.status, ran.out.splitlines()[0][:9]) == (0, "no errors")
    assert sorted(rows(tmp_path), key=lambda row: row.source) == [
        Row("lands", f"{account}/{region}", "444455556666/eu-west-1 organization-central")
        for account in ("111122223333", "222233334444")
        for region in ("eu-central-1", "eu-west-1")
    ]


def test_an_organization_with_faults(tmp_path: Path) -> None:
    """The same, with what people get wrong: each fault is told where it is written."""
    shutil.copytree(FIXTURE, tmp_path, dirs_exist_ok=True)
    (tmp_path / ".xbackup-lint.yaml").write_text(CONFIGURATION.replace("accounts: [backup]}", "}").replace(
        "accounts: [shop, search]\ndeployments", "accounts: [shop, search, backup]\ndeployments"))  # fmt: skip
    stack = tmp_path / "stacks" / "backup-policy.yaml"
    said = stack.read_text()
    said = said.replace('"${CentralVaultArn}": {', '"the central vault": {')
    said = said.replace('{"delete_after_days": {"@@assign": "90"}}', '{"DeleteAfterDays": {"@@assign": "90"}, "move_to_cold_storage_after_days": {"@@assign": "30"}}')  # fmt: skip
    said = said.replace("Default: organization-backup\n", "Default: organization_backup\n")
    stack.write_text(
        said.replace('"cron(0 5 ? * * *)"}', '"cron(0 5 ? * * *)", "@@append": "cron(0 17 ? * * *)"}')
    )

    ran = run(
        ".", "--format", "concise", "--select", "organization,cold-storage-under-90-days,plan", cwd=tmp_path
    )

    found = [line.split(" ", 2)[:2] for line in ran.out.splitlines()[:-1]]
    assert [(place.split(":")[1], rule) for place, rule in found] == [
        ("34", "error[organization-policy-invalid]"),
        ("39", "error[organization-copy-key-mismatch]"),
        ("40", "warning[organization-copies-into-its-own-targets]"),
        ("41", "error[plan-property-misnamed]"),
        ("41", "error[cold-storage-under-90-days]"),
        ("49", "warning[organization-role-missing]"),
    ]


def nested(key: str, levels: int) -> Any:
    said: Any = "deep"
    for _ in range(levels):
        said = {key: said}
    return said


BOMB = "\n".join([
    "a0: &a0 {x: '@@assign'}",
    *(f"a{level}: &a{level} {{'@@assign': *a{level - 1}, l: *a{level - 1}, r: *a{level - 1}}}" for level in range(1, 30)),
    "plans: {daily: {rules: *a29, regions: *a29, selections: *a29, '@@assign': *a29}}",
])  # fmt: skip
IN_A_TEMPLATE = template(
    ORGANIZATIONS,
    "      Type: BACKUP_POLICY\n      Content:\n"
    + "".join(f"        {line}\n" for line in BOMB.splitlines()),
)
HOSTILE: dict[str, tuple[str, str]] = {
    "operators in operators": ("p.json", policy(daily={"rules": nested("@@assign", 150), "regions": nested("@@append", 150)})),
    "deep keys": ("p.json", policy(daily={"rules": nested("a", 150), "other": nested("a", 150), "regions": {"@@assign": [nested("a", 140)]}})),
    "deep text": ("p.json", json.dumps({"Content": policy(daily={"rules": nested("a", 150)}), "Type": "BACKUP_POLICY"})),
    "anchors that double": ("p.yaml", BOMB),
    "anchors that double, in a template": ("p.yaml", IN_A_TEMPLATE),
    "anchors that double, in a custom resource": ("p.yaml", IN_A_TEMPLATE.replace(ORGANIZATIONS, "Custom::Policy")),
    "regions without end": ("p.json", policy(daily=plan([f"region-{number}" for number in range(20_000)]))),
    "a name without end": ("p.json", policy(**{"x" * 100_000: plan(destination="$account$region" * 5_000)})),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_policies_end_soon(path: str, text: str) -> None:
    began = time.process_time()

    found = estate({path: text})

    assert len(found.plans) <= 200
    assert time.process_time() - began < 5


RESOURCE_TARGETS = [
    ("['111122223333', '222233334444']", ["111122223333", "222233334444"]),
    ("!Split [',', '111122223333,222233334444']", ["111122223333", "222233334444"]),
    ("['111122223333', name]", ["$account"]),
    ("nobody", ["$account"]),
]


@pytest.mark.parametrize(("targets", "accounts"), RESOURCE_TARGETS)
def test_the_targets_of_a_custom_resource(targets: str, accounts: list[str]) -> None:
    """Whatever it calls them: a property that holds nothing but ids of accounts, units or roots."""
    text = template("Custom::Policy", f"      Where: {targets}\n      Policy: |\n{KNOWN}")

    assert [one.deployment.account.known or "$account" for one in estate({"p.yaml": text}).plans] == accounts
