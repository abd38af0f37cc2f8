"""IAM roles and identity policies that templates declare."""

from __future__ import annotations

from xbackup_lint.model.role import Role
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.declared import Declared, Reader
from xbackup_lint.sources.policies import add_policy


def _role(declared: Declared) -> None:
    name, path = declared.texts("RoleName"), declared.texts("Path")
    declared.estate.roles.append(Role(declared.span, declared.deployment, name, path, declared.guard))
    for inline in declared.properties.get("Policies").elements():
        _identity(declared, read_policy(inline.get("PolicyDocument")))


def _policy(declared: Declared) -> None:
    _identity(declared, declared.policy("PolicyDocument"))


def _identity(declared: Declared, policy: Policy | None) -> None:
    add_policy(declared.estate, policy, "identity", declared.deployment)


READERS: dict[str, Reader] = {
    "AWS::IAM::Role": _role,
    "AWS::IAM::Policy": _policy,
    "AWS::IAM::ManagedPolicy": _policy,
}
