"""Which actions and condition keys exist, what a wrong action means, and what patterns match."""

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.policy import actions

EVERY = actions.expand("*")


@pytest.mark.parametrize(
    ("action", "is_real"),
    [
        ("backup:CopyIntoBackupVault", True),
        ("backup:StartCopyJob", True),
        ("kms:CreateGrant", True),
        ("kms:ReEncryptFrom", True),
        ("backup-storage:MountCapsule", True),
        ("backup:copyintobackupvault", True),
        ("KMS:CREATEGRANT", True),
        # in no API model: permissions only
        ("backup:CopyFromBackupVault", True),
        ("backup:PutBackupVaultSharingPolicy", True),
        ("kms:SynchronizeMultiRegionKey", True),
        # young ones
        ("backup:ListBackupAccessPointsByResource", True),
        ("backup:GetPITRMalwareScanResults", True),
        ("kms:GetKeyLastUsage", True),
        ("kms:Encapsulate", True),
        # widespread inventions
        ("backup:CreateBackup", False),
        ("backup:DescribeBackupPlan", False),
        # an operation, but the actions are ReEncryptFrom and ReEncryptTo
        ("kms:ReEncrypt", False),
        # real under another prefix
        ("backup:MountCapsule", False),
        ("s3:GetObject", False),
        # patterns are no actions
        ("backup:*", False),
        ("backup:Copy*", False),
        ("*", False),
        ("CopyIntoBackupVault", False),
        ("backup:", False),
        ("backup: CopyIntoBackupVault", False),
        ("", False),
    ],
)
def test_exists(action: str, is_real: bool) -> None:
    assert actions.exists(action) is is_real


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("backup:CopyIntoBackupVault", True),
        ("kms:ViaService", True),
        ("backup-storage:MountCapsule", True),
        ("Backup:NoSuchThing", True),
        ("backup:*", True),
        ("aws:PrincipalOrgID", False),
        ("s3:GetObject", False),
        ("backup-gateway:Backup", False),
        ("back*:StartBackupJob", False),
        ("*", False),
        ("backup", False),
        ("", False),
    ],
)
def test_owned(name: str, is_ours: bool) -> None:
    assert actions.owned(name) is is_ours


@pytest.mark.parametrize(
    ("action", "spelling"),
    [
        ("backup:copyintobackupvault", "backup:CopyIntoBackupVault"),
        ("KMS:generatedatakeywithoutplaintext", "kms:GenerateDataKeyWithoutPlaintext"),
        ("backup:getpitrmalwarescanresults", "backup:GetPITRMalwareScanResults"),
        ("backup:CreateBackup", "backup:CreateBackup"),
        ("S3:getobject", "S3:getobject"),
    ],
)
def test_canonical(action: str, spelling: str) -> None:
    assert actions.canonical(action) == spelling


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("backup:CopyIntoBackupVault", "write"),
        ("backup:PutBackupVaultAccessPolicy", "permissions"),
        ("kms:CreateGrant", "permissions"),
        ("kms:Decrypt", "write"),
        ("backup:tagresource", "tagging"),
        ("backup:DescribeBackupVault", "read"),
        # its name says list, its level is read
        ("backup:ListTags", "read"),
        ("backup:ListBackupVaults", "list"),
        # its name says list, but it gives others a way in
        ("backup:ListIndexedRecoveryPointsForSearch", "permissions"),
        # AWS documents every action of backup-storage as write
        ("backup-storage:GetChunk", "write"),
    ],
)
def test_access_level(action: str, level: str) -> None:
    assert actions.access_level(action) == level


def test_an_action_that_does_not_exist_has_no_access_level() -> None:
    with pytest.raises(KeyError):
        actions.access_level("backup:CreateBackup")


@pytest.mark.parametrize(
    ("service", "count"),
    # F9.1: 118 actions and 4 operations that are younger; KMS: 55, GetKeyLastUsage, Encapsulate and Decapsulate
    [("backup", 118 + 4), ("kms", 55 + 3), ("backup-storage", 15)],
)
def test_the_lists_are_complete(service: str, count: int) -> None:
    assert len(actions.expand(f"{service}:*")) == count


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        # known confusions, F9.11
        ("backup:CreateBackup", "backup:StartBackupJob"),
        ("backup:CreateBackupJob", "backup:StartBackupJob"),
        ("backup:CreateRecoveryPoint", "backup:StartBackupJob"),
        ("backup:CopyBackup", "backup:StartCopyJob"),
        ("backup:StartCopy", "backup:StartCopyJob"),
        ("backup:ListRecoveryPoints", "backup:ListRecoveryPointsByBackupVault"),
        ("backup:DescribeBackupPlan", "backup:GetBackupPlan"),
        ("backup:DescribeBackupSelection", "backup:GetBackupSelection"),
        ("backup:describebackupselection", "backup:GetBackupSelection"),
        ("backup:GetBackupVaultLockConfiguration", "backup:DescribeBackupVault"),
        ("kms:ReEncrypt", "kms:ReEncryptFrom"),
        ("kms:DeleteKey", "kms:ScheduleKeyDeletion"),
        # slips of the pen
        ("backup:CopyIntoBackupVualt", "backup:CopyIntoBackupVault"),
        ("backup:StratBackupJob", "backup:StartBackupJob"),
        ("kms:Decrpyt", "kms:Decrypt"),
        ("kms:Encrypts", "kms:Encrypt"),
        # a word left out, or one too many
        ("backup:CopyIntoVault", "backup:CopyIntoBackupVault"),
        ("backup:ListVaults", "backup:ListBackupVaults"),
        ("backup:DescribePlan", "backup:GetBackupPlan"),
        ("backup:GetBackupVaultPolicy", "backup:GetBackupVaultAccessPolicy"),
        ("backup:ListBackupPlanSelections", "backup:ListBackupSelections"),
        # another verb of the same kind
        ("backup:UpdateBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"),
        ("backup:GetBackupVault", "backup:DescribeBackupVault"),
        ("backup:CreateCopyJob", "backup:StartCopyJob"),
        ("backup:createcopyjob", "backup:StartCopyJob"),
        ("backup:DeleteBackupJob", "backup:StopBackupJob"),
        ("kms:DeleteGrant", "kms:RevokeGrant"),
        ("kms:UpdateKeyPolicy", "kms:PutKeyPolicy"),
        # the verb, then one or many, decide among equals
        ("backup:ListBackupVault", "backup:ListBackupVaults"),
        ("backup:DescribeBackupVaults", "backup:DescribeBackupVault"),
        ("backup:DescribeBackupPlans", "backup:ListBackupPlans"),
        # and then the letters: delete, or disassociate?
        ("backup:RemoveRecoveryPoint", "backup:DeleteRecoveryPoint"),
        # what exists is its own nearest
        ("backup:startcopyjob", "backup:StartCopyJob"),
    ],
)
def test_nearest(wrong: str, meant: str) -> None:
    assert actions.nearest(wrong) == meant


@pytest.mark.parametrize(
    "wrong",
    [
        # into, or from?
        "backup:CopyBackupVault",
        # another verb would suggest another thing, or the opposite
        "backup:RestoreRecoveryPoint",
        "backup:ResetBackupVaultNotifications",
        "kms:GetKeyDeletion",
        # of another service
        "backup:AssumeRole",
        "backup:RunInstances",
        "backup:GetObject",
        "backup:Decrypt",
        # of a service we do not own
        "s3:GetObjects",
        "CopyIntoBackupVualt",
        "backup:",
        "backup:*",
        "",
        "backup:" + "CopyIntoBackupVault" * 100_000,
    ],
    ids=lambda wrong: wrong[:40],
)
def test_nothing_is_near(wrong: str) -> None:
    assert actions.nearest(wrong) is None


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("backup:CopyIntoBackupVault", ("backup:CopyIntoBackupVault",)),
        ("backup:Copy*", ("backup:CopyFromBackupVault", "backup:CopyIntoBackupVault")),
        ("kms:ReEncrypt*", ("kms:ReEncryptFrom", "kms:ReEncryptTo")),
        (
            "kms:GenerateDataKey*",
            (
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyPair",
                "kms:GenerateDataKeyPairWithoutPlaintext",
                "kms:GenerateDataKeyWithoutPlaintext",
            ),
        ),
        ("backup:copy????backupvault", ("backup:CopyFromBackupVault", "backup:CopyIntoBackupVault")),
        (
            "BACKUP:*VaultLock*",
            ("backup:DeleteBackupVaultLockConfiguration", "backup:PutBackupVaultLockConfiguration"),
        ),
        ("*:Decrypt", ("kms:Decrypt",)),
        ("backup:CreateBackup", ()),
        ("kms:Decrypt?", ()),
        ("s3:*", ()),
        # no character classes, no dots
        ("kms:[DE]*crypt", ()),
        ("kms:.*", ()),
        ("", ()),
        ("?" * 1_000_000, ()),
        ("*" * 1_000_000 + "MountCapsule", ("backup-storage:MountCapsule",)),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_expand(pattern: str, matched: tuple[str, ...]) -> None:
    assert actions.expand(pattern) == matched


def test_a_star_is_every_action_of_ours_in_a_fixed_order() -> None:
    assert list(EVERY) == sorted(EVERY)
    assert {action.partition(":")[0] for action in EVERY} == {"backup", "backup-storage", "kms"}


def test_dangerous_actions_come_in_the_order_of_the_facts() -> None:
    assert actions.dangerous()[:4] == (
        "backup:PutBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteBackupVault",
        "backup:DeleteRecoveryPoint",
    )
    assert actions.dangerous()[-1] == "backup:UpdateGlobalSettings"
    assert len(actions.dangerous()) == len(set(actions.dangerous())) == 19


def test_dangerous_actions_exist_and_copying_in_is_none_of_them() -> None:
    assert set(actions.dangerous()) <= set(EVERY)
    assert "backup:CopyIntoBackupVault" not in actions.dangerous()
    assert not [action for action in actions.dangerous() if actions.access_level(action) in ("read", "list")]


@pytest.mark.parametrize(
    ("action", "works"),
    [
        ("kms:Decrypt", True),
        ("kms:CreateGrant", True),
        ("kms:DescribeKey", True),
        ("kms:ReEncryptTo", True),
        ("kms:ListGrants", True),
        ("kms:RetireGrant", True),
        ("kms:GetKeyRotationStatus", True),
        ("kms:verifymac", True),
        ("kms:PutKeyPolicy", False),
        ("kms:ScheduleKeyDeletion", False),
        ("kms:ListAliases", False),
        ("kms:GetKeyPolicy", False),
        ("kms:GenerateRandom", False),
        ("kms:ReEncrypt", False),
        ("backup:CopyIntoBackupVault", False),
    ],
)
def test_across_accounts(action: str, works: bool) -> None:
    assert actions.across_accounts(action) is works


def test_across_accounts_work_the_cryptographic_actions_and_seven_more() -> None:
    # F3.24
    seven = {
        "CreateGrant",
        "DescribeKey",
        "GetKeyRotationStatus",
        "GetPublicKey",
        "ListGrants",
        "RetireGrant",
        "RevokeGrant",
    }
    patterns = ("*crypt*", "*capsulate", "GenerateDataKey*", "*Mac", "Sign", "Verify", "DeriveSharedSecret")
    cryptographic = {action for pattern in patterns for action in actions.expand(f"kms:{pattern}")}
    expected = cryptographic | {f"kms:{name}" for name in seven}
    assert {action for action in EVERY if actions.across_accounts(action)} == expected


@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("backup:CopyTargets", "ArrayOfARN"),
        ("backup:CopyTargetOrgPaths", "ArrayOfString"),
        ("backup:MinRetentionDays", "Numeric"),
        ("Backup:changeablefordays", "Numeric"),
        ("backup:MpaApprovalTeamArn", "ARN"),
        ("kms:ViaService", "String"),
        ("kms:GrantIsForAWSResource", "Bool"),
        ("kms:EncryptionContextKeys", "ArrayOfString"),
        ("kms:ResourceAliases", "ArrayOfString"),
        ("kms:ValidTo", "Date"),
        ("kms:EncryptionContext:aws:backup:backup-vault", "String"),
        ("KMS:ENCRYPTIONCONTEXT:Team/Name", "String"),
        ("kms:RecipientAttestation:ImageSha384", "String"),
        ("kms:RecipientAttestation:PCR31", "String"),
        ("kms:RecipientAttestation:NitroTPMPCR7", "String"),
        ("kms:GranteeServicePrincipal", "String"),
        # F3.23: the guide's misprint
        ("kms:ResourcesAliases", None),
        ("backup:CopyTarget", None),
        ("backup:CopyTargets:x", None),
        ("backup:CopyTargets/x", None),
        # the name of a context key is missing
        ("kms:EncryptionContext", None),
        ("kms:EncryptionContext:", None),
        ("kms:EncryptionContext:*", None),
        ("kms:EncryptionContext/team", None),
        ("kms:RecipientAttestation:Other", None),
        # of other services
        ("aws:PrincipalOrgID", None),
        ("s3:prefix", None),
        ("backup-storage:Anything", None),
        ("ViaService", None),
        ("", None),
    ],
)
def test_condition_keys(key: str, type_: str | None) -> None:
    assert actions.condition_key_exists(key) is (type_ is not None)
    assert actions.condition_key_type(key) == type_


@pytest.mark.parametrize(
    ("key", "carriers"),
    [
        # F9.6
        ("backup:CopyTargets", ("backup:CopyFromBackupVault",)),
        ("backup:copytargetorgpaths", ("backup:CopyFromBackupVault",)),
        (
            "backup:MaxRetentionDays",
            ("backup:CreateLogicallyAirGappedBackupVault", "backup:PutBackupVaultLockConfiguration"),
        ),
        # F3.27
        ("kms:GrantIsForAWSResource", ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")),
        # not known to be complete
        ("kms:ViaService", None),
        # no such key
        ("backup:CopyTarget", None),
    ],
)
def test_condition_key_carriers(key: str, carriers: tuple[str, ...] | None) -> None:
    assert actions.condition_key_carriers(key) == carriers


def test_every_backup_condition_key_names_real_carriers() -> None:
    for key in ("ChangeableForDays", "FrameworkArns", "Index", "MinRetentionDays", "MpaApprovalTeamArn"):
        carriers = actions.condition_key_carriers(f"backup:{key}")
        assert carriers
        assert set(carriers) <= set(EVERY)


def test_a_second_opinion_knows_no_action_that_we_do_not() -> None:
    """policyuniverse's list is of 2023: ours is longer, and misses none of it."""
    from policyuniverse.expander_minimizer import all_permissions

    theirs = {action for action in all_permissions if actions.owned(action)}
    assert len(theirs) > 140
    assert sorted(action for action in theirs if not actions.exists(action)) == []


def test_a_second_opinion_agrees_on_access_levels() -> None:
    from policyuniverse.action_categories import categories_for_actions
    from policyuniverse.expander_minimizer import all_permissions

    for action in sorted(filter(actions.owned, all_permissions)):
        (theirs,) = categories_for_actions([action])[action.partition(":")[0]]
        assert (action, actions.access_level(action)) == (action, theirs.lower())


@given(st.sampled_from(EVERY), st.integers(min_value=0))
def test_case_never_matters(action: str, capitals: int) -> None:
    other = "".join(
        letter.upper() if capitals >> i & 1 else letter.lower() for i, letter in enumerate(action)
    )
    assert actions.exists(other)
    assert actions.canonical(other) == action
    assert actions.nearest(other) == action
    assert actions.expand(other) == (action,)


@given(st.text(alphabet="*?:abckmpuysKBCIVet", max_size=14))
def test_patterns_mean_what_a_regular_expression_says(pattern: str) -> None:
    expression = re.compile(fnmatch.translate(pattern), re.IGNORECASE)
    assert actions.expand(pattern) == tuple(action for action in EVERY if expression.match(action))


@given(st.sampled_from(EVERY), st.integers(0, 40), st.sampled_from(["", "x", "Vault", "s"]))
def test_a_suggestion_is_a_real_action_of_the_same_service(action: str, at: int, slip: str) -> None:
    service, _, name = action.partition(":")
    meant = actions.nearest(f"{service}:{name[:at]}{slip}{name[at + 1 :]}")
    assert meant is None or (meant in EVERY and meant.startswith(service + ":"))


@given(st.sampled_from([action for action in EVERY if len(action) > 20]), st.integers(1, 60))
def test_one_letter_too_few_in_a_long_name_still_finds_an_action(action: str, at: int) -> None:
    service, _, name = action.partition(":")
    at = 1 + at % (len(name) - 1)
    assert actions.nearest(f"{service}:{name[:at]}{name[at + 1 :]}") is not None
