"""What the AWS CLI prints: vaults, their policies, plans and keys as they are deployed."""

from __future__ import annotations

from collections.abc import Callable

from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.model.estate import Estate, Listing
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.plans import API, CLOUDFORMATION, Form, PlanReader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.sources.policy_documents import kind_of
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

Reading = Callable[[Mapping, Deployment, Estate], None]


def reading_of(root: Node) -> Reading | None:
    """What to do with a document: which call printed or takes it, told by its members."""
    if not isinstance(root, Mapping):
        return None
    members = {key.text for key, _ in root.entries}
    if _is_plan(root.get("BackupPlan")):
        return _plan
    if "BackupPlanName" in members and _is_plan(root):
        return _bare_plan
    if isinstance(root.get("BackupVaultList"), Sequence):
        return _vault_list
    if _is_vault(members):
        return _vault
    if isinstance(root.get("Policy"), Scalar) and members <= {"Policy", "PolicyName"}:
        return _key_policy
    return None


def _is_vault(members: set[str]) -> bool:
    """AWS: what is in a vault (backups, jobs) is printed with the vault's name too, and with its `ResourceArn`."""
    told = "BackupVaultArn" in members or "Policy" in members
    return "BackupVaultName" in members and told and "ResourceArn" not in members


def _is_plan(node: Node | None) -> bool:
    """Whether a mapping holds a list of rules, whatever it is called."""
    return isinstance(node, Mapping) and any(
        isinstance(value, Sequence) and (key.text == API.rules or API.plan.meant(key.text) == API.rules)
        for key, value in node.entries
    )


def _plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-backup-plan`, and the input of `create-backup-plan`."""
    own = _placed(root.get("BackupPlanArn"), here)
    body = root.get("BackupPlan")
    name = body.get("BackupPlanName") if isinstance(body, Mapping) else None
    estate.deployments.append(own)
    PlanReader(estate, own, _form(body)).read((name or root).span, literal(root).get("BackupPlan"))


def _form(body: Node | None) -> Form:
    """The form in which a plan is written throughout. AWS: Cloud Control takes it in that of CloudFormation."""
    rules = body.get(CLOUDFORMATION.rules) if isinstance(body, Mapping) else None
    items = rules.items if isinstance(rules, Sequence) else ()
    targets = [item.get(CLOUDFORMATION.target) for item in items if isinstance(item, Mapping)]
    return CLOUDFORMATION if targets and None not in targets else API


def _bare_plan(root: Mapping, here: Deployment, estate: Estate) -> None:
    """The value of `--backup-plan`."""
    estate.deployments.append(here)
    PlanReader(estate, here, API).read((root.get("BackupPlanName") or root).span, literal(root))


def _vault_list(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`list-backup-vaults`: with it a name that is not there is known to be missing."""
    items = root.get("BackupVaultList")
    vaults = [
        _described(item, _placed(item.get("BackupVaultArn"), here))
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


def _vault(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`describe-backup-vault`; `get-backup-vault-access-policy`, and the input of `put-…`."""
    own = _placed(root.get("BackupVaultArn"), here)
    estate.deployments.append(own)
    vault = _described(root, own)
    estate.vaults.append(vault)
    if root.get("Policy") is not None:
        add_policy(estate, vault.policy, "vault", own, vault=vault)


def _key_policy(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-key-policy`: the policy of a key whose ARN it does not print.

    AWS: `s3api get-bucket-policy` and others print nothing but a `Policy` too; what it says tells them apart.
    """
    policy = read_policy(literal(root).get("Policy"))
    if policy is not None:
        estate.deployments.append(here)
        kind = "key" if root.get("PolicyName") is not None else kind_of(policy)
        add_policy(estate, policy, kind, here)


def _described(root: Mapping, own: Deployment) -> Vault:
    """A vault as a call prints it. What that call does not print is unknown, not absent."""
    document = literal(root)
    name = document.get("BackupVaultName").texts()
    return Vault(
        span=(root.get("BackupVaultName") or root).span,
        deployment=own,
        kind="standard" if _is_standard(document) else "air-gapped",
        name=name,
        encryption_key=_key(document),
        policy=_policy(document, root),
        guard=ALWAYS,
        names=frozenset(text.known for text in name.values if text is not None and text.known),
        min_retention_days=_limit(document, "MinRetentionDays"),
        max_retention_days=_limit(document, "MaxRetentionDays"),
        is_printed=True,
    )


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


def _limit(document: Field, name: str) -> Texts:
    """What a lock asks for. AWS: whoever prints it says as well whether there is one, `Locked`."""
    told = not document.get("Locked").is_absent
    return document.get(name).texts() if told else Alternatives(())


def _policy(document: Field, root: Mapping) -> Policy | None:
    if root.get("Policy") is not None:
        return read_policy(document.get("Policy"))
    hole = Hole((root.span.source.path, f"{root.span.start}"), "this call of the AWS CLI does not show it")
    return Policy(root.span, (), unknown=((ALWAYS, hole),))


def _placed(arn_node: Node | None, here: Deployment) -> Deployment:
    """The account and region in an ARN that a call printed; else those of the file."""
    arn = Arn.of(Text.of(arn_node)) if isinstance(arn_node, Scalar) else None
    if arn_node is None or arn is None or not arn.account.known or not arn.region.known:
        return here
    return deployment(here.path, arn_node.span, arn.account.known, arn.region.known, "the ARN in it")
