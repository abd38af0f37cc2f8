"""What the AWS CLI prints: vaults, their policies, plans and keys as they are deployed."""

from __future__ import annotations

from collections.abc import Callable

from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.plans import API, PlanReader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

Reading = Callable[[Mapping, Deployment, Estate], None]


def reading_of(root: Node) -> Reading | None:
    """What to do with a document: which call printed it, told by its members."""
    if not isinstance(root, Mapping):
        return None
    members = {key.text for key, _ in root.entries}
    if isinstance(root.get("BackupPlan"), Mapping):
        return _plan
    if "Rules" in members and "BackupPlanName" in members:
        return _bare_plan
    if isinstance(root.get("BackupVaultList"), Sequence):
        return _vault_list
    if {"BackupVaultName", "BackupVaultArn"} <= members or {"BackupVaultName", "Policy"} <= members:
        return _vault
    if isinstance(root.get("Policy"), Scalar) and members <= {"Policy", "PolicyName"}:
        return _key_policy
    return None


def _plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-plan`, and the input of `create-backup-plan`."""
    own = _placed(root.get("BackupPlanArn"), here)
    body = root.get("BackupPlan")
    name = body.get("BackupPlanName") if isinstance(body, Mapping) else None
    estate.deployments.append(own)
    PlanReader(estate, own, API).read((name or root).span, literal(root).get("BackupPlan"))


def _bare_plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """The value of `--backup-plan`."""
    estate.deployments.append(here)
    PlanReader(estate, here, API).read((root.get("BackupPlanName") or root).span, literal(root))


def _vault_list(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`list-backup-vaults`: with it a name that is not there is known to be missing."""
    items = root.get("BackupVaultList")
    own = here
    for item in items.items if isinstance(items, Sequence) else ():
        if isinstance(item, Mapping):
            own = _placed(item.get("BackupVaultArn"), here)
            estate.deployments.append(own)
            estate.vaults.append(_described(item, own))
    # A page of a longer list, as `--max-items` gives it, does not tell what is missing.
    if literal(root).get("NextToken").is_absent:
        estate.listings.append(Listing(own, (root.key("BackupVaultList") or root).span))


def _vault(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`describe-backup-vault` and `get-backup-vault-access-policy`."""
    own = _placed(root.get("BackupVaultArn"), here)
    estate.deployments.append(own)
    vault = _described(root, own)
    estate.vaults.append(vault)
    if root.get("Policy") is not None:
        add_policy(estate, vault.policy, "vault", own, vault=vault)


def _key_policy(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-key-policy`: the policy of a key whose ARN it does not print."""
    policy = read_policy(literal(root).get("Policy"))
    estate.deployments.append(here)
    add_policy(estate, policy, "key", here)


def _described(root: Mapping, own: Deployment) -> Vault:
    """A vault as a call prints it. What that call does not print is unknown, not absent."""
    document = literal(root)
    name = document.get("BackupVaultName").texts()
    node = root.get("BackupVaultName")
    span = node.span if node is not None else root.span
    kind = document.get("VaultType").texts().only
    air_gapped = kind is not None and kind.known == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    return Vault(
        span=span,
        deployment=own,
        kind="air-gapped" if air_gapped else "standard",
        name=name,
        encryption_key=(
            document.get("EncryptionKeyArn") if root.get("EncryptionKeyArn") else _not_shown(root)
        ).texts(),
        policy=_policy(document, root),
        guard=ALWAYS,
        names=frozenset(text.known for text in name.values if text is not None and text.known),
    )


def _policy(document: Field, root: Mapping) -> Policy | None:
    if root.get("Policy") is not None:
        return read_policy(document.get("Policy"))
    hole = next(iter(_not_shown(root).holes))
    return Policy(root.span, (), unknown=((ALWAYS, hole),))


def _not_shown(root: Mapping) -> Field:
    hole = Hole((root.span.source.path, f"{root.span.start}"), "this call of the AWS CLI does not show it")
    return Field.of(Text.unknown(hole, root.span), root.span)


def _placed(arn_node: Node | None, here: Deployment) -> Deployment:
    """The account and region in an ARN that a call printed; else those of the file."""
    arn = Arn.of(Text.of(arn_node)) if isinstance(arn_node, Scalar) else None
    if arn_node is None or arn is None or not arn.account.known or not arn.region.known:
        return here
    return deployment(here.path, arn_node.span, arn.account.known, arn.region.known, "the ARN in it")
