"""KMS keys that templates declare."""

from __future__ import annotations

from xbackup_lint.model.key import Key
from xbackup_lint.sources.declared import Declared, Reader
from xbackup_lint.sources.policies import add_policy


def _key(declared: Declared) -> None:
    replica = declared.resource.type.endswith("ReplicaKey")
    policy = declared.policy("KeyPolicy")
    key = Key(declared.span, declared.deployment, declared.arn, policy, declared.guard, replica)
    declared.estate.keys.append(key)
    add_policy(declared.estate, policy, "key", declared.deployment, kms_key=key)


READERS: dict[str, Reader] = {"AWS::KMS::Key": _key, "AWS::KMS::ReplicaKey": _key}
