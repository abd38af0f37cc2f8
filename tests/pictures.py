"""Estates to draw, given as files, and a result in which every text is hostile."""

from __future__ import annotations

from pathlib import Path

from xbackup_lint.config.deployments import Assignments
from xbackup_lint.engine.picture import picture
from xbackup_lint.engine.result import (
    Account,
    Arrow,
    CopyRow,
    Finding,
    Location,
    Node,
    Picture,
    Region,
    Requirement,
    Result,
    Summary,
)
from xbackup_lint.engine.vaults import vault_rows
from xbackup_lint.sources.files import Input
from xbackup_lint.sources.reading import read_inputs

CENTRAL = "arn:aws:backup:eu-west-1:999988887777:backup-vault:central"
PLAN = """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: {vault}
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: nightly
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: !Ref Vault
            Lifecycle: {{DeleteAfterDays: 35}}
            CopyActions:
              - DestinationBackupVaultArn: {destination}
"""
VAULT = """\
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
      EncryptionKeyArn: arn:aws:kms:eu-west-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab
      AccessPolicy:
        Version: "2012-10-17"
        Statement:
          - Sid: Members
            Effect: Allow
            Principal: {{AWS: [{accounts}]}}
            Action: backup:CopyIntoBackupVault
            Resource: "*"
"""


def plan(destination: str = CENTRAL, vault: str = "local") -> str:
    """A template with a plan that copies from a vault."""
    return PLAN.format(destination=destination, vault=vault)


def central(*accounts: str) -> str:
    """A template with a vault into which accounts may copy."""
    return VAULT.format(accounts=", ".join(f'"{account}"' for account in accounts))


def many(count: int, *, own_names: bool = False) -> dict[str, str]:
    """The files of accounts that copy into one vault, which every fifth of them may not."""
    accounts = [f"1111{number:08}" for number in range(count - 1)]
    files = {
        f"{account}/eu-west-1/plan.yaml": plan(vault=f"vault-{number}" if own_names else "local")
        for number, account in enumerate(accounts)
    }
    let_in = (account for number, account in enumerate(accounts) if number % 5 != 1)
    return files | {"999988887777/eu-west-1/vault.yaml": central(*let_in)}


def write(folder: Path, files: dict[str, str]) -> Path:
    """The folder, with files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def picture_of(files: dict[str, str]) -> Picture:
    """The picture of what files say, in which nothing is folded."""
    estate = read_inputs([Input(path, path, text=text) for path, text in files.items()], Assignments()).estate
    return picture(estate, vault_rows(estate))


HOSTILE = (
    "<script>window.hit = 1</script>",
    "</script><img src=x onerror='window.hit = 2'>",
    "<!-- <script> -->",
    "\"quoted' `ticks` ${x} \\",
    "two\nlines\r\n\tand a tab",
    "long-" * 60,
    "שלום \u202ereversed\u2066",
    "\x00\x1b[31m\x7f\x9b\u2028",
    "\ud800",
    "@@data@@ @@script@@ &lt;b&gt;",
    "%%{init: {}}%% end; style n1 fill:#f00; #quot;",
    "style x:#35;",
    'click n1 "javascript:window.hit = 3"',
    "- list",
    "1. list",
    "*b* _i_ [l](javascript:alert(1)) $$x$$",
    "",
)
"""Names that act in HTML, in JavaScript, in Mermaid, in Markdown or on a terminal, if they are let."""


def hostile() -> Result:
    """A result in which every name and every text is one of these."""
    accounts: list[Account] = []
    arrows: list[Arrow] = []
    copies: list[CopyRow] = []
    findings: list[Finding] = []
    for number, name in enumerate(HOSTILE):
        line = name.split("\n")[0]
        place = Location(f"{name}.yaml", 1, 3, 1, 3 + len(line), (f"  {line}",))
        plan_, vault, key = (f"n{number}{letter}" for letter in "abc")
        kinds: tuple[tuple[str, str], ...] = ((plan_, "plan"), (vault, "vault"), (key, "key"))
        nodes = tuple(Node(id_, kind, name, place, (name,)) for id_, kind in kinds)  # type: ignore[arg-type]
        accounts.append(Account(name, (Region(name, nodes),), note=name))
        reason = Requirement("vault-policy", "fails", name, place)
        arrows.append(Arrow("keeps", plan_, vault))
        arrows.append(Arrow("copy", vault, "n0b", "fails", reason, (number,)))
        copies.append(
            CopyRow(name, name, name, name, place, name, name, name, name, "fails", (reason,), name, name)
        )
        findings.append(
            Finding("a-rule", "error", "certain", name, place, (name,), help=name, accounts=(name,))
        )
    drawn = Picture(tuple(accounts), tuple(arrows))
    return Result(tuple(findings), tuple(copies), Summary(errors=len(HOSTILE)), picture=drawn)
