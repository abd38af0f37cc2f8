"""Policies in files of their own: the access policy of a vault, a key policy, an IAM policy."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyKind
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping, Node, Sequence
from xbackup_lint.values.literal import literal

_ELEMENTS = {"Effect", "Action", "NotAction", "Principal", "NotPrincipal"}


def is_policy(root: Node) -> bool:
    """Whether a document is a policy: `Statement` holds something with the elements of one."""
    statement = root.get("Statement") if isinstance(root, Mapping) else None
    items = statement.items if isinstance(statement, Sequence) else (statement,)
    return any(
        isinstance(item, Mapping) and any(key.text in _ELEMENTS for key, _ in item.entries) for item in items
    )


def read_document(root: Node, deployment: Deployment, estate: Estate) -> None:
    """Add a policy that is attached to nothing to an estate, taken for what it says it is."""
    policy = read_policy(literal(root))
    if policy is not None:
        estate.deployments.append(deployment)
        add_policy(estate, policy, kind_of(policy), deployment)


def kind_of(policy: Policy) -> PolicyKind:
    """What a policy can only be attached to. Without a principal it belongs to an identity."""
    if not any(statement.principals or statement.not_principals for statement in policy):
        return "identity"
    actions = [
        action.known or ""
        for statement in policy
        for _, action in (*statement.actions, *statement.not_actions)
    ]
    services = {action.partition(":")[0].lower() for action in actions}
    return "key" if services == {"kms"} else "vault" if "backup" in services else "identity"
