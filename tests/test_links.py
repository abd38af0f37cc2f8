"""What templates say to each other: SSM parameters, exports, nested stacks, StackSets, pipelines, parameter files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from xbackup_lint.config.deployments import Assignments, parse_assignment
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings

PLAN = """\
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            CopyActions:
              - DestinationBackupVaultArn: {arn}
"""
ARN = "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"
VAULT = """\
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
"""


def plan(arn: str, parameters: str = "") -> str:
    return f"{parameters}Resources:\n  Plan:\n{PLAN.format(arn=arn)}"


def ssm(value: str, name: str = "/backup/vault") -> str:
    return (
        "  Told:\n    Type: AWS::SSM::Parameter\n    Properties:\n"
        f"      Name: {name}\n      Type: String\n      Value: {value}\n"
    )


READS_SSM = (
    "Parameters:\n  Vault:\n    Type: AWS::SSM::Parameter::Value<String>\n    Default: /backup/vault\n"
)
TAKES = "Parameters:\n  Vault:\n    Type: String\n"


def read(files: Mapping[str, str], *accounts: str) -> Readings:
    inputs = [Input(path, Path(path), text=text) for path, text in sorted(files.items())]
    return read_inputs(inputs, Assignments(tuple(parse_assignment(text, "account") for text in accounts)))


def destinations(readings: Readings) -> list[str]:
    return sorted(str(arn) for copy in readings.estate.copies for arn in copy.destination_arn.values)


def whys(readings: Readings) -> list[str]:
    arns = [arn for copy in readings.estate.copies for arn in copy.destination_arn.values if arn is not None]
    return [hole.why for arn in arns for hole in arn.holes]


FOLLOWED = [
    pytest.param(
        {"plan.yaml": plan("!Ref Vault", READS_SSM), "root.yaml": f"Resources:\n{ssm(ARN)}"},
        id="an SSM parameter by name",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!ImportValue central-vault"),
            "vault.yaml": "Resources:\n"
            + VAULT
            + f"Outputs:\n  Arn:\n    Value: {ARN}\n    Export: {{Name: central-vault}}\n",
        },
        id="an import of an export",
    ),
    pytest.param(
        {
            "root.yaml": "Resources:\n  Plans:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
            f"      TemplateURL: ./plan.yaml\n      Parameters:\n        Vault: {ARN}\n",
            "plan.yaml": plan("!Ref Vault", TAKES),
        },
        id="a parameter of a nested stack",
    ),
    pytest.param(
        {
            "deploy/root.yaml": "Resources:\n  Plans:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
            "      TemplateURL: !Sub https://s3.amazonaws.com/${AWS::StackName}/templates/plan.yaml\n"
            f"      Parameters:\n        Vault: {ARN}\n",
            "templates/plan.yaml": plan("!Ref Vault", TAKES),
        },
        id="a nested stack by the end of its URL",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!GetAtt Vaults.Outputs.Arn")
            + "  Vaults:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: vault.yaml\n",
            "vault.yaml": f"Resources:\n{VAULT}Outputs:\n  Arn:\n    Value: {ARN}\n",
        },
        id="an output of a nested stack",
    ),
    pytest.param(
        {
            "root.yaml": "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
            "      TemplateURL: https://bucket.s3.amazonaws.com/plan.yaml\n      Parameters:\n"
            f"        - ParameterKey: Vault\n          ParameterValue: {ARN}\n"
            "      StackInstancesGroup:\n        - DeploymentTargets: {Accounts: ['111122223333']}\n"
            "          Regions: [eu-west-1]\n",
            "plan.yaml": plan("!Ref Vault", TAKES),
        },
        id="a parameter of a StackSet",
    ),
    pytest.param(
        {
            "pipeline.yaml": "Resources:\n  Pipeline:\n    Type: AWS::CodePipeline::Pipeline\n    Properties:\n"
            "      Stages:\n        - Name: Deploy\n          Actions:\n            - Name: Plans\n              Configuration:\n"
            "                TemplatePath: Source::cfn/plan.yaml\n                ParameterOverrides: |\n"
            f'                  {{"Vault": "{ARN}"}}\n',
            "cfn/plan.yaml": plan("!Ref Vault", TAKES),
        },
        id="ParameterOverrides of a pipeline",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!Ref Vault", TAKES),
            "plan.prod.json": f'[{{"ParameterKey": "Vault", "ParameterValue": "{ARN}"}}]',
        },
        id="a parameter file of the AWS CLI",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!Ref Vault", TAKES),
            "config/prod.json": f'{{"Parameters": {{"Vault": "{ARN}"}}}}',
        },
        id="a template configuration of CodePipeline",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!Ref Vault", READS_SSM),
            "root.yaml": f"Resources:\n{ssm('!GetAtt Vaults.Outputs.Arn')}"
            "  Vaults:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: vault.yaml\n",
            "vault.yaml": f"Resources:\n{VAULT}Outputs:\n  Arn:\n    Value: {ARN}\n",
        },
        id="through three files",
    ),
]


@pytest.mark.parametrize("files", FOLLOWED)
def test_a_destination_is_followed(files: dict[str, str]) -> None:
    assert destinations(read(files)) == [ARN]


def test_a_link_makes_two_symbolic_accounts_one() -> None:
    """Who reads an SSM parameter stands in the account of the one that declares it."""
    own = "!Sub arn:aws:backup:eu-west-1:${AWS::AccountId}:backup-vault:central"
    readings = read({"plan.yaml": plan("!Ref Vault", READS_SSM), "root.yaml": f"Resources:\n{ssm(own)}"})

    (copy,) = readings.estate.copies
    (crosses,) = copy.crosses_accounts.values
    assert crosses.verdict.name == "NO"


def test_a_known_account_holds_for_what_is_linked_to_it() -> None:
    own = "!Sub arn:aws:backup:eu-west-1:${AWS::AccountId}:backup-vault:central"
    files = {"plan.yaml": plan("!Ref Vault", READS_SSM), "root.yaml": f"Resources:\n{ssm(own)}"}

    readings = read(files, "444455556666=root.yaml")

    assert destinations(readings) == [ARN]
    assert {deployment.account.known for deployment in readings.estate.deployments} == {"444455556666"}


def test_known_and_different_accounts_never_join() -> None:
    files = {"plan.yaml": plan("!Ref Vault", READS_SSM), "root.yaml": f"Resources:\n{ssm(ARN)}"}

    readings = read(files, "444455556666=root.yaml", "111122223333=plan.yaml")

    assert destinations(readings) == ["${Vault}"]
    assert whys(readings) == [
        "parameter `Vault` is read from the SSM parameter `/backup/vault` at deployment"
    ]


def test_a_stack_set_does_not_make_accounts_one() -> None:
    files = {
        "root.yaml": "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
        "      TemplateURL: plan.yaml\n      Parameters:\n"
        "        - ParameterKey: Vault\n          ParameterValue: !Sub arn:aws:backup:eu-west-1:${AWS::AccountId}:backup-vault:central\n"
        "      StackInstancesGroup:\n        - DeploymentTargets: {OrganizationalUnitIds: [ou-ab12-11111111]}\n"
        "          Regions: [eu-west-1, eu-central-1]\n",
        "plan.yaml": plan("!Ref Vault", TAKES),
    }

    readings = read(files)

    assert [str(copy.deployment.region) for copy in readings.estate.copies] == ["eu-west-1", "eu-central-1"]
    assert {
        answer.verdict.name for copy in readings.estate.copies for answer in copy.crosses_accounts.values
    } == {"UNKNOWN"}


def test_each_parameter_file_is_a_stack_of_its_own() -> None:
    files = {
        "plan.yaml": plan("!Ref Vault", TAKES),
        "plan.test.json": f'{{"Parameters": {{"Vault": "{ARN}-test"}}}}',
        "plan.prod.json": f'{{"Parameters": {{"Vault": "{ARN}"}}}}',
    }

    assert destinations(read(files)) == [ARN, f"{ARN}-test"]


def test_a_parameter_file_for_no_template_is_worth_a_note() -> None:
    readings = read(
        {"vault.yaml": f"Resources:\n{VAULT}", "other.json": '{"Parameters": {"Colour": "blue"}}'}
    )

    assert readings.notes == ["other.json: parameters of no template among the files"]


def test_two_that_declare_one_name_make_it_unknown_and_are_named() -> None:
    files = {
        "plan.yaml": plan("!Ref Vault", READS_SSM),
        "one.yaml": f"Resources:\n{ssm(ARN)}",
        "two.yaml": f"Resources:\n{ssm(ARN)}",
    }

    assert whys(read(files)) == [
        "SSM parameter `/backup/vault` is declared more than once: one.yaml:2:3 and two.yaml:2:3"
    ]


CIRCLES = [
    pytest.param(
        {
            "plan.yaml": plan("!Ref Vault", READS_SSM),
            "root.yaml": "Parameters:\n  Vault: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /backup/vault}\n"
            f"Resources:\n{ssm('!Ref Vault')}",
        },
        id="an SSM parameter that reads itself",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!ImportValue a"),
            "a.yaml": "Resources:\n" + VAULT + "Outputs:\n  A: {Value: !ImportValue b, Export: {Name: a}}\n",
            "b.yaml": "Resources:\n" + VAULT + "Outputs:\n  B: {Value: !ImportValue a, Export: {Name: b}}\n",
        },
        id="two exports of each other",
    ),
    pytest.param(
        {
            "plan.yaml": plan("!GetAtt Other.Outputs.Arn")
            + "  Other:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: other.yaml}\n",
            "other.yaml": "Resources:\n  Plans:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: plan.yaml}\n"
            "Outputs:\n  Arn: {Value: !GetAtt Plans.Outputs.Arn}\n",
        },
        id="nested stacks in a circle",
    ),
]


@pytest.mark.parametrize("files", CIRCLES)
def test_a_circle_ends_as_unknown(files: dict[str, str]) -> None:
    readings = read(files)

    assert len(readings.estate.copies) >= 1
    assert whys(readings)


INLINE = """\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: vaults
      Parameters:
        - {ParameterKey: Name, ParameterValue: central.vault}
      StackInstancesGroup:
        - DeploymentTargets: {Accounts: ["444455556666"]}
          Regions: [eu-west-1]
      TemplateBody: |
        Parameters:
          Name: {Type: String}
        Resources:
          Central:
            Type: AWS::Backup::BackupVault
            Properties:
              BackupVaultName: !Ref Name
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: central.vault
"""


def test_a_template_in_the_body_of_a_stack_set() -> None:
    """It is a stack of its own, in the account that the StackSet names, and its places are those of the file."""
    readings = read({"root.yaml": INLINE})

    (vault,) = readings.estate.vaults
    (rule,) = readings.estate.rules
    (target,) = rule.target_vault.values
    assert (vault.account.known, vault.region.known, vault.label) == (
        "444455556666",
        "eu-west-1",
        "central.vault",
    )
    assert target is not None
    assert str(target.span) == "root.yaml:26:40"
    assert target.span.text == "central.vault"
    assert target.span.source.line(26) == "                    TargetBackupVault: central.vault"
