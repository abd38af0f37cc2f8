"""Templates in YAML, and the JSON that cfn-flip makes of them: the same is found in both, if in other places."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cfn_flip
import pytest

from tests.rule_examples import RULES, Example, examples_of, run
from xbackup_lint.config.deployments import Assignment, Assignments
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.check import check
from xbackup_lint.engine.result import Result
from xbackup_lint.engine.rule import Rule
from xbackup_lint.sources.files import Input

ONLY_IN_YAML = {
    "account-id-not-text": "JSON has no numbers that begin with 0",
    "input-duplicate-key": "cfn-flip keeps one of them",
    "input-unreadable": "what cannot be read cannot be turned",
    "suppression-unused": "JSON has no comments",
}
"""Rules about how a file is written, and why the JSON has nothing of it."""


def in_json(example: Example) -> Example:
    """The example with its templates in JSON; files are called so wherever they are named."""

    def renamed(text: str) -> str:
        return text.replace(".yaml", ".turned.json").replace(".yml", ".turned.json")

    files = {
        renamed(path) if path.endswith((".yaml", ".yml")) and "Resources:" in text else path: text
        for path, text in example.files.items()
    }
    moved = {path for path in files if path not in example.files}
    return replace(
        example,
        files={
            path: cfn_flip.to_json(renamed(text)) if path in moved else text for path, text in files.items()
        },
        accounts=tuple(map(renamed, example.accounts)),
        regions=tuple(map(renamed, example.regions)),
        config=renamed(example.config) if example.config is not None else None,
    )


def found(result: Result) -> tuple[Counter[Any], Counter[Any]]:
    """What a run says, without places and snippets, which are in the notation of the file."""

    def worded(text: str) -> str:
        # cfn-flip makes a Boolean of the word
        return text.replace(".turned.json", ".yaml").replace("`off`", "`false`")

    findings = Counter(
        (one.rule, one.severity, one.certainty, one.when, one.deployments, one.accounts, worded(one.message),
         tuple(map(worded, one.because)), tuple(worded(other.message) for other in one.related))
        for one in result.findings
    )  # fmt: skip
    copies = Counter(
        (row.source_account, row.source_region, row.destination_account, row.vault, row.verdict, row.retention, row.when,
         tuple((one.name, one.verdict) for one in row.requirements))
        for row in result.copies
    )  # fmt: skip
    return findings, copies


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.id not in ONLY_IN_YAML], ids=lambda rule: rule.id
)
def test_the_same_is_found_in_yaml_and_json(rule: Rule) -> None:
    examples = examples_of(rule)
    for kind in ("bad", "good", "unsure"):
        first = next((one for one in examples if one.kind == kind), None)
        if first is not None:
            assert found(run(in_json(first))) == found(run(first)), first.name


def test_most_rules_have_templates_to_be_turned() -> None:
    examples = [one for rule in RULES if rule.id not in ONLY_IN_YAML for one in examples_of(rule)[:1]]
    turned = [one for one in examples if in_json(one).files != one.files]

    assert len(turned) > 0.7 * len(examples)


def resource(kind: str, **properties: Any) -> Any:
    return {"Type": kind, "Properties": properties}


def allowing(action: str, resource: str | None = None, **principal: str) -> Any:
    of = {} if resource is None else {"Resource": resource}
    return {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": action, **of}]}


COPY = [{"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"}]
NAMELESS = {
    "Key": resource("AWS::KMS::Key", KeyPolicy=allowing("kms:*", "*", AWS="arn:aws:iam::111122223333:root")),
    "Vault": resource("AWS::Backup::BackupVault", EncryptionKeyArn={"Fn::GetAtt": ["Key", "Arn"]}),
    "Role": resource(
        "AWS::IAM::Role", AssumeRolePolicyDocument=allowing("sts:AssumeRole", Service="ec2.amazonaws.com")
    ),
    "Plan": resource(
        "AWS::Backup::BackupPlan",
        BackupPlan={
            "BackupPlanRule": [
                {"RuleName": f"rule{number}", "TargetBackupVault": {"Ref": "Vault"}, "CopyActions": COPY}
                for number in range(11)
            ]
        },
    ),
    "Volume": resource("AWS::EC2::Volume", Encrypted=True, Size=1, AvailabilityZone="eu-west-1a"),
    "Selection": resource(
        "AWS::Backup::BackupSelection",
        BackupPlanId={"Ref": "Plan"},
        BackupSelection={
            "IamRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "Resources": [
                {"Fn::Sub": "arn:aws:ec2:eu-west-1:111122223333:volume/${Volume}"},
                *(f"arn:aws:dynamodb:*:*:table/table{number}*" for number in range(31)),
            ],
        },
    ),
}
"""Resources without names of their own: messages call them by their logical ids."""
IN_JSON = json.dumps({"Resources": NAMELESS}, indent=1)

NOTATIONS = {
    "JSON": ("template.json", IN_JSON),
    "YAML": ("template.yaml", cfn_flip.to_yaml(IN_JSON)),
    "YAML in double quotes": ("template.yaml", IN_JSON),
    "YAML in single quotes": ("template.yaml", IN_JSON.replace('"', "'")),
}
MESSAGES = {
    "key-rotation-off": "key `Key`, which encrypts vault `Vault`, is not rotated",
    "vault-not-retained": "vault `Vault` is to be deleted with its stack, or when another takes its place",
    "role-not-assumable": "role `Role`, which a selection names, does not let AWS Backup assume it: it trusts others",
    "plan-over-quota": "plan `Plan` has 11 rules, and AWS Backup takes 10; "
    "selection `Selection` has 31 resources with wildcards, and AWS Backup takes 30",
    "source-resource-uses-service-key": "`Volume` is encrypted with an AWS managed key: "
    "its backups cannot be copied to account 444455556666",
}


@pytest.mark.parametrize(("path", "text"), NOTATIONS.values(), ids=NOTATIONS)
def test_logical_ids_are_told_without_their_quotes(path: str, text: str) -> None:
    here = Assignments((Assignment("111122223333"),), (Assignment("eu-west-1"),))
    result = check([Input(path, Path(path), text=text)], RULES, here).result

    words: dict[str, dict[str, None]] = {}
    for one in sorted(result.findings, key=lambda one: one.location.start_line):
        words.setdefault(one.rule, {})[one.message] = None
    assert {rule: "; ".join(words.get(rule, ())) for rule in MESSAGES} == MESSAGES
    needs = [need.because for row in result.copies for need in row.requirements]
    assert any("`Volume`" in need for need in needs)
    assert not any(f"{quote}{name}{quote}" in need for need in needs for name in NAMELESS for quote in "\"'")
