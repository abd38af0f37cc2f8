"""Policies in files of their own that the configuration's `documents` attaches to a vault, key or role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.role import IdentityPolicy
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.sources.policy_documents import is_policy
from xbackup_lint.template.scope import partition_of
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text

if TYPE_CHECKING:
    from xbackup_lint.config.documents import Attachment


def policy_in(root: Node) -> Policy | None:
    """The policy that a document is, or that `get-key-policy` and its like printed: what nothing else names."""
    if is_policy(root):
        return read_policy(literal(root))
    if isinstance(root, Mapping) and {key.text for key, _ in root.entries} <= {"Policy", "PolicyName"}:
        return read_policy(literal(root).get("Policy")) if isinstance(root.get("Policy"), Scalar) else None
    return None


def attach_document(
    policy: Policy, attachments: Iterable[Attachment], here: Deployment, estate: Estate
) -> None:
    """Add a policy to an estate as that of each vault, key or role that the configuration names."""
    for attached in attachments:
        own = _deployment(attached, here)
        estate.deployments.append(own)
        if attached.kind == "vault":
            _of_vault(policy, attached, own, estate)
        elif attached.kind == "key":
            _of_key(policy, attached, own, estate)
        elif attached.kind == "role":
            _of_role(policy, attached, own, estate)


def _deployment(attached: Attachment, here: Deployment) -> Deployment:
    """Where the configuration says that it is in force, else where the file is."""
    account = attached.account or here.account.known
    region = attached.region or here.region.known
    how = "the configuration" if attached.account else here.how
    return deployment(here.path, attached.name.span, account, region, how)


def _of_vault(policy: Policy, attached: Attachment, own: Deployment, estate: Estate) -> None:
    """A vault of which nothing but its policy is told, as if `get-backup-vault-access-policy` had printed it."""
    name = Text.literal(attached.name.text, attached.name.span)
    vault = Vault(
        span=attached.name.span,
        deployment=own,
        kind="standard",
        name=Alternatives.of(name),
        encryption_key=Alternatives(()),
        policy=policy,
        guard=ALWAYS,
        names=frozenset({attached.name.text}),
        min_retention_days=Alternatives(()),
        max_retention_days=Alternatives(()),
        is_printed=True,
        locked=Alternatives(()),
    )
    estate.vaults.append(vault)
    add_policy(estate, policy, "vault", own, vault=vault)


def _of_role(policy: Policy, attached: Attachment, own: Deployment, estate: Estate) -> None:
    """A policy of a role. Where no file declares the role, this may be one of several that it has."""
    span = attached.name.span
    name = Text.literal(attached.arn or attached.name.text.rpartition("/")[2], span)
    add_policy(estate, policy, "identity", own)
    estate.identity_policies.append(IdentityPolicy(span, own, ALWAYS, policy, roles=((ALWAYS, name),)))


def _of_key(policy: Policy, attached: Attachment, own: Deployment, estate: Estate) -> None:
    span = attached.name.span
    key = Key(span, own, _key_arn(attached, own), policy, ALWAYS)
    estate.keys.append(key)
    add_policy(estate, policy, "key", own, kms_key=key)


def _key_arn(attached: Attachment, own: Deployment) -> Text:
    span = attached.name.span
    if attached.arn is not None:
        return Text.literal(attached.arn, span)
    name = attached.name.text if attached.name.text.startswith("alias/") else f"key/{attached.name.text}"
    partition = partition_of(own.region.known) if own.region.known is not None else "aws"
    texts = (f"arn:{partition}:kms:", own.region, ":", own.account, f":{name}")
    return Text.join([Text.literal(text, span) if isinstance(text, str) else text for text in texts], span)
