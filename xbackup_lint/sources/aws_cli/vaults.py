"""Vaults as the AWS CLI prints them, and their policies and notifications."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.aws_cli.placed import placed
from xbackup_lint.sources.cloudformation import notifications as notification_resources
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field
from xbackup_lint.values.verdict import NO, YES


def is_vault(members: set[str]) -> bool:
    """AWS: what is in a vault (backups, jobs) is printed with the vault's name too, and with its `ResourceArn`."""
    told = "BackupVaultArn" in members or "Policy" in members
    return "BackupVaultName" in members and told and "ResourceArn" not in members


def read_list(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`list-backup-vaults`: with it a name that is not there is known to be missing."""
    items = root.get("BackupVaultList")
    vaults = [
        _printed(item, placed(item.get("BackupVaultArn"), here))
        for item in (items.items if isinstance(items, Sequence) else ())
        if isinstance(item, Mapping)
    ]
    estate.vaults.extend(vaults)
    estate.deployments.extend(vault.deployment for vault in vaults)
    own = vaults[0].deployment if vaults else here
    # A page of a longer list, as `--max-items` gives it, does not tell what is missing; nor does a list of
    # vaults that other accounts share.
    shared = any(vault.account != own.account or vault.region != own.region for vault in vaults)
    if literal(root).get("NextToken").is_absent and not shared:
        estate.listings.append(Listing(own, (root.key("BackupVaultList") or root).span))


def read_vault(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`describe-backup-vault`; `get-backup-vault-access-policy`, and the input of `put-…`."""
    own = placed(root.get("BackupVaultArn"), here)
    estate.deployments.append(own)
    vault = _printed(root, own)
    estate.vaults.append(vault)
    if root.get("Policy") is not None:
        add_policy(estate, vault.policy, "vault", own, vault=vault)


def read_notification(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-vault-notifications`, and the input of `put-…`."""
    own = placed(root.get("BackupVaultArn"), here)
    notification_resources.read_document(root, own, estate)
    if root.get("BackupVaultArn") is not None:
        read_vault(root, here, estate)


def _printed(root: Mapping, own: Deployment) -> Vault:
    document = literal(root)
    policy = read_policy(document.get("Policy")) if root.get("Policy") is not None else not_shown(root.span)
    return described(document, (root.get("BackupVaultName") or root).span, own, policy)


def described(document: Field, place: Span, own: Deployment, policy: Policy | None) -> Vault:
    """A vault as a call prints it. What that call does not print is unknown, not absent."""
    name = document.get("BackupVaultName").texts()
    return Vault(
        span=place,
        deployment=own,
        kind="standard" if _is_standard(document) else "air-gapped",
        name=name,
        encryption_key=_key(document),
        policy=policy,
        guard=ALWAYS,
        names=frozenset(text.known for text in name.values if text is not None and text.known),
        min_retention_days=_limit(document, "MinRetentionDays"),
        max_retention_days=_limit(document, "MaxRetentionDays"),
        is_printed=True,
        locked=_locked(document),
        lock_date=_limit(document, "LockDate"),
    )


def not_shown(place: Span, what: str = "this call of the AWS CLI") -> Policy:
    """The policy of what is printed without it."""
    remedy = "add what `get-backup-vault-access-policy` prints to the files"
    hole = Hole((place.source.path, f"{place.start}"), f"{what} does not show it", remedy=remedy)
    return Policy(place, (), unknown=((ALWAYS, hole),))


def _is_standard(document: Field) -> bool:
    """AWS: of the two other types one is air-gapped, the other a view of one (BC:VaultType)."""
    kind = document.get("VaultType").texts().only
    return kind is None or kind.known == "BACKUP_VAULT"


def _key(document: Field) -> Texts:
    """The key, AWS's own, or (no alternative) nothing said of it. AWS: BC:EncryptionKeyType."""
    if not document.get("EncryptionKeyArn").is_absent:
        return document.get("EncryptionKeyArn").texts()
    kind = document.get("EncryptionKeyType").texts().only
    owned = kind is not None and kind.known == "AWS_OWNED_KMS_KEY"
    return Alternatives.of(None) if owned else Alternatives(())


def _locked(document: Field) -> Alternatives[Answer]:
    """Whether it is limited at all. AWS: an air-gapped vault always is (F4.18)."""
    told = document.get("Locked").texts()
    if not _is_standard(document):
        return Alternatives.of(Answer(YES))
    return Alternatives(()) if told.only is None else told.map(_is_true)


def _is_true(text: Text | None) -> Answer:
    return Answer(equals(text, "true", ignore_case=True) if text is not None else NO)


def _limit(document: Field, name: str) -> Texts:
    """What a lock asks for. AWS: whoever prints it says as well whether there is one, `Locked`."""
    told = not document.get("Locked").is_absent
    return document.get(name).texts() if told else Alternatives(())
