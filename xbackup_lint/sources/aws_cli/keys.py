"""What the AWS CLI prints of keys: `describe-key` and `get-key-policy`."""

from __future__ import annotations

from collections.abc import Callable

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.sources.aws_cli.placed import placed
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.sources.policy_documents import kind_of
from xbackup_lint.text.node import Mapping, Scalar
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text

Reading = Callable[[Mapping, Deployment, Estate], None]


def reading_of(root: Mapping, members: set[str]) -> Reading | None:
    """What to do with a document, if one of the two calls printed it."""
    metadata = root.get("KeyMetadata")
    if isinstance(metadata, Mapping) and isinstance(metadata.get("Arn"), Scalar):
        return _metadata
    if isinstance(root.get("Policy"), Scalar) and members <= {"Policy", "PolicyName"}:
        return _policy
    return None


def _policy(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-key-policy`: the policy of a key whose ARN it does not print.

    AWS: `s3api get-bucket-policy` and others print nothing but a `Policy` too; what it says tells them apart.
    """
    policy = read_policy(literal(root).get("Policy"))
    if policy is not None:
        estate.deployments.append(here)
        kind = "key" if root.get("PolicyName") is not None else kind_of(policy)
        add_policy(estate, policy, kind, here)


def _metadata(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`describe-key`: whether a key can be used. Its policy another call prints."""
    metadata = root.get("KeyMetadata")
    arn = metadata.get("Arn") if isinstance(metadata, Mapping) else None
    if not isinstance(metadata, Mapping) or not isinstance(arn, Scalar):
        return
    own = placed(arn, here)
    document = literal(metadata)
    estate.deployments.append(own)
    estate.keys.append(
        Key(
            span=arn.span,
            deployment=own,
            arn=Text.of(arn),
            policy=None,
            guard=ALWAYS,
            state=document.get("KeyState").texts(),
            spec=document.get("KeySpec").texts(),
            usage=document.get("KeyUsage").texts(),
            shows_policy=False,
        )
    )
