"""Inputs that grow in one thing each: what the cost of a run must grow with no faster than linearly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.irrelevant import write_irrelevant
from bench.pairs import ORGANIZATION, REGION, central_account, filled, source, source_account, write_pairs

_CENTRAL_ACCOUNT = central_account(0)


@dataclass(frozen=True, slots=True)
class Growth:
    """One thing that grows, how to write its input of some size, and what is in it."""

    thing: str
    """In the plural; of it a curve is drawn."""
    each: str
    """One of them."""
    what: str
    write: Callable[[Path, int], None]
    sizes: Sequence[int]
    copies: Callable[[int], int]
    """How many copies a run over it has to judge."""


_VAULT = """\
Parameters: {}
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: keep-<VAULT>
      EncryptionKeyArn: !GetAtt Key.Arn
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
<STATEMENTS>\
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
            Action: "kms:*"
            Resource: "*"
"""
_MEMBERS = """\
          - Sid: Members
            Effect: Allow
            Principal: "*"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
            Condition:
              StringEquals:
                aws:PrincipalOrgID: <ORGANIZATION>
"""
_OTHER_ACCOUNT = """\
          - Sid: Account<NUMBER>
            Effect: Allow
            Principal:
              AWS: "arn:aws:iam::<ACCOUNT>:role/backup-copies"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""
_PLAN = """\
  Plan<NUMBER>:
    Type: AWS::Backup::BackupPlan
<CONDITION>\
    Properties:
      BackupPlan:
        BackupPlanName: plan-<NUMBER>
        BackupPlanRule:
<RULES>\
"""
_RULE = """\
          - RuleName: rule-<NUMBER>
            TargetBackupVault: workload-0
            ScheduleExpression: cron(0 5 ? * * *)
            Lifecycle:
              DeleteAfterDays: 35
            CopyActions:
              - DestinationBackupVaultArn: arn:aws:backup:<REGION>:<CENTRAL>:backup-vault:keep-<VAULT>
                Lifecycle:
                  DeleteAfterDays: 70
"""
_RULES_OF_A_PLAN = 10
_VAULTS = 10
"""Whose policies have many statements: of one of them little would be seen."""


def _central(folder: Path, vault: int = 0, statements: str = "") -> None:
    """The template of a vault that is copied into."""
    text = filled(_VAULT, vault=vault, statements=statements + _MEMBERS)
    (folder / f"central-{vault}.yaml").write_text(filled(text, organization=ORGANIZATION), "utf-8")


def _configuration(folder: Path, accounts: Sequence[str]) -> None:
    """One organization; `workload.yaml` is deployed to all of some accounts, the vaults to another."""
    lines = [
        f"organization: {ORGANIZATION}",
        "accounts:",
        f'  central: {{id: "{_CENTRAL_ACCOUNT}", complete: true}}',
    ]
    lines += [f'  workload-{index}: "{account}"' for index, account in enumerate(accounts)]
    lines += ["deployments:", f"  - {{templates: central-*.yaml, accounts: [central], regions: [{REGION}]}}"]
    lines += ["  - templates: workload.yaml", f"    regions: [{REGION}]", "    accounts:"]
    lines += [f'      - "{account}"' for account in accounts]
    (folder / ".xbackup-lint.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def _rule(number: int, vaults: int = 1) -> str:
    return filled(_RULE, number=number, region=REGION, central=_CENTRAL_ACCOUNT, vault=number % vaults)


def _plans(copies: int, vaults: int = 1) -> str:
    """The plans of so many copies, ten in each, into the vaults in turn."""
    starts = range(0, copies, _RULES_OF_A_PLAN)
    rules = {
        at: [_rule(number, vaults) for number in range(at, min(at + _RULES_OF_A_PLAN, copies))]
        for at in starts
    }
    plans = (filled(_PLAN, number=at, condition="", rules="".join(rules[at])) for at in starts)
    return "Resources:\n" + "".join(plans)


def write_deployments(folder: Path, accounts: int) -> None:
    """One template that so many accounts deploy, all copying into one vault."""
    _configuration(folder, [source_account(number) for number in range(accounts)])
    (folder / "workload.yaml").write_text(source(0), "utf-8")
    _central(folder)


def write_copies(folder: Path, copies: int) -> None:
    """One account with so many copies, ten in a plan, all into one vault."""
    _configuration(folder, [source_account(0)])
    (folder / "workload.yaml").write_text(_plans(copies), "utf-8")
    _central(folder)


def write_conditions(folder: Path, conditions: int) -> None:
    """One account with so many conditions, each on a parameter of its own and of a plan of its own."""
    names = range(conditions)
    parameters = "".join(f'  Want{at}:\n    Type: String\n    AllowedValues: ["yes", "no"]\n' for at in names)
    tests = "".join(f'  Wanted{at}: !Equals [!Ref Want{at}, "yes"]\n' for at in names)
    plans = "".join(
        filled(_PLAN, number=at, condition=f"    Condition: Wanted{at}\n", rules=_rule(at)) for at in names
    )
    text = f"Parameters:\n{parameters}Conditions:\n{tests}Resources:\n{plans}"
    _configuration(folder, [source_account(0)])
    (folder / "workload.yaml").write_text(text, "utf-8")
    _central(folder)


def write_statements(folder: Path, statements: int) -> None:
    """So many statements in the policies of ten vaults; the last of each lets copies in, and there is one of them."""
    others = "".join(
        filled(_OTHER_ACCOUNT, number=number, account=source_account(number + 1))
        for number in range(statements // _VAULTS - 1)
    )
    _configuration(folder, [source_account(0)])
    (folder / "workload.yaml").write_text(_plans(_VAULTS, _VAULTS), "utf-8")
    for vault in range(_VAULTS):
        _central(folder, vault, others)


def write_repository(folder: Path, files: int) -> None:
    """A pair of templates among so many files of other kinds."""
    write_irrelevant(folder, files)
    write_pairs(folder / "backup", 2)


GROWTHS = (
    Growth("templates", "template", "pairs of accounts, one file each", write_pairs,
           (1000, 2500, 5000, 7500, 10_000), lambda size: size // 2 * 3),
    Growth("deployments", "deployment", "one template in so many accounts, with 3 copies into one vault",
           write_deployments, (100, 250, 500, 750, 1000), lambda size: size * 3),
    Growth("copies", "copy", "one template with so many copies into one vault", write_copies,
           (250, 500, 1000, 1500, 2000), lambda size: size),
    Growth("conditions", "condition", "one template with so many conditions, each of a plan with one copy",
           write_conditions, (250, 500, 1000, 1500, 2000), lambda size: size),
    Growth("statements", "statement", "so many in 10 vault policies, with a copy into each", write_statements,
           (2000, 4000, 6000, 8000, 10_000), lambda _: _VAULTS),
    Growth("other files", "other file", "files that have nothing to do with backups, and 2 templates", write_repository,
           (4000, 8000, 12_000, 16_000, 20_000), lambda _: 3),
)  # fmt: skip
