"""After the copies: who may copy into each vault, who may delete, and which statement says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import run

VAULT = """\
Parameters:
  OrgId: {Type: String}
Conditions:
  IsProduction: !Equals [!Ref AWS::StackName, production]
Resources:
  Central:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: central
"""
POLICY = (
    VAULT
    + """\
      AccessPolicy:
        Statement:
"""
)

IN_WORDS = [
    pytest.param(
        VAULT,
        "nobody outside account 444455556666: the vault has no access policy",
        "identities of account 444455556666 that IAM lets",
        id="no policy",
    ),
    pytest.param(
        POLICY
        + """\
          - Sid: Copy
            Effect: Allow
            Principal: {AWS: ["arn:aws:iam::111122223333:role/backup", "222233334444"]}
            Action: [backup:CopyIntoBackupVault, backup:ListTags]
            Resource: "*"
""",
        "arn:aws:iam::111122223333:role/backup, 222233334444 (Copy)",
        "identities of account 444455556666 that IAM lets",
        id="a role and an account",
    ),
    pytest.param(
        POLICY
        + """\
          - Effect: Allow
            Principal: "*"
            Action: backup:CopyIntoBackupVault
            Resource: "*"
            Condition: {StringEquals: {aws:PrincipalOrgID: !Ref OrgId}}
          - Sid: Keep
            Effect: Deny
            Principal: "*"
            Action: [backup:DeleteRecoveryPoint, backup:UpdateRecoveryPointLifecycle]
            Resource: "*"
""",
        "everyone, if aws:PrincipalOrgID StringEquals ${OrgId} (line 12)",
        "not everyone (Keep)",
        id="everyone of an organization, and nobody deletes",
    ),
    pytest.param(
        POLICY
        + """\
          - Sid: Keep
            Effect: Deny
            Principal: "*"
            NotAction: backup:CopyIntoBackupVault
            Resource: "*"
            Condition: {ArnNotLike: {aws:PrincipalArn: "arn:aws:iam::444455556666:role/admin"}}
""",
        "nobody outside account 444455556666: no statement allows backup:CopyIntoBackupVault",
        "identities of account 444455556666 that IAM lets; "
        "not everyone, if aws:PrincipalArn ArnNotLike arn:aws:iam::444455556666:role/admin (Keep)",
        id="all but an administrator, by NotAction",
    ),
    pytest.param(
        POLICY
        + """\
          - Sid: Copy
            Effect: Allow
            NotPrincipal: {AWS: "arn:aws:iam::222233334444:root"}
            Action: backup:CopyIntoBackupVault
            Resource: "*"
          - Sid: ButNot
            Effect: Deny
            Principal: {AWS: "arn:aws:iam::333344445555:root"}
            Action: "backup:*"
            Resource: "*"
""",
        "everyone but arn:aws:iam::222233334444:root (Copy); not arn:aws:iam::333344445555:root (ButNot)",
        "identities of account 444455556666 that IAM lets; not arn:aws:iam::333344445555:root (ButNot)",
        id="all but one, and a denial",
    ),
    pytest.param(
        POLICY
        + """\
          - !If
            - IsProduction
            - {Sid: Copy, Effect: Allow, Principal: {AWS: "111122223333"}, Action: backup:CopyIntoBackupVault, Resource: "*"}
            - !Ref AWS::NoValue
""",
        "111122223333, when IsProduction is true (Copy)",
        "identities of account 444455556666 that IAM lets",
        id="under a condition of the template",
    ),
]


@pytest.mark.parametrize(("template", "copy_in", "delete"), IN_WORDS)
def test_in_words(tmp_path: Path, template: str, copy_in: str, delete: str) -> None:
    (tmp_path / "vault.yaml").write_text(template)

    out = run("copies", ".", "--account", "444455556666", "--region", "eu-west-1", cwd=tmp_path).out

    assert out.split("\n\n")[0] == (
        "vault   444455556666/eu-west-1 central  vault.yaml:6:3\n"
        f"        copy in: {copy_in}\n"
        f"        delete: {delete}"
    )


def test_one_line_for_all_accounts_that_say_the_same(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "vault.yaml").write_text(VAULT)
    (tmp_path / ".xbackup-lint.yaml").write_text(
        "deployments: [{templates: vault.yaml, accounts: ['111122223333', '444455556666'], regions: eu-west-1}]\n"
    )

    out = run("copies", ".", cwd=tmp_path).out

    assert out.startswith("vault   111122223333/eu-west-1 central and 1 more  vault.yaml:6:3\n")
