"""KMS keys that templates declare."""

from __future__ import annotations

from xbackup_lint.model.key import Key
from xbackup_lint.sources.cloudformation.declared import Declared, Reader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.values.alternatives import Alternatives
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, Verdict

_RETAINING = ("Retain", "RetainExceptOnCreate")


def _key(declared: Declared) -> None:
    replica = declared.resource.type.endswith("ReplicaKey")
    policy = declared.policy("KeyPolicy")
    key = Key(
        span=declared.span,
        deployment=declared.deployment,
        arn=declared.arn,
        policy=policy,
        guard=declared.guard,
        is_replica=replica,
        enabled=declared.texts("Enabled"),
        spec=declared.texts("KeySpec"),
        usage=declared.texts("KeyUsage"),
        origin=declared.texts("Origin"),
        # AWS: a replica's rotation is its primary's (F3.5).
        rotation=Alternatives(()) if replica else declared.texts("EnableKeyRotation"),
        primary=declared.texts("PrimaryKeyArn"),
        retained=_retained(declared),
        pending_window_days=declared.texts("PendingWindowInDays"),
        document=declared.properties.get("KeyPolicy"),
    )
    declared.estate.keys.append(key)
    add_policy(declared.estate, policy, "key", declared.deployment, kms_key=key)


def _retained(declared: Declared) -> Verdict:
    """AWS: a key that its template does not retain is deleted with its stack (F8.5)."""
    found = declared.attribute("DeletionPolicy")
    if not found.options:
        return UNKNOWN
    return Verdict.any(_is_kept(text) for text in found.values)


def _is_kept(policy: Text | None) -> Verdict:
    if policy is None:
        return NO
    return UNKNOWN if policy.known is None else Verdict.of(policy.known in _RETAINING)


READERS: dict[str, Reader] = {"AWS::KMS::Key": _key, "AWS::KMS::ReplicaKey": _key}
