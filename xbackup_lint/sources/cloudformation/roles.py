"""IAM roles, and the policies of identities, that templates declare."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.model.role import IdentityPolicy, Role
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Guarded, Policy
from xbackup_lint.sources.cloudformation.declared import Declared, Reader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.template.references import of_resource
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field


def _role(declared: Declared) -> None:
    properties = declared.properties
    documents = (inline.get("PolicyDocument") for inline in properties.get("Policies").elements())
    inline = tuple(policy for policy in map(read_policy, documents) if policy is not None)
    role = Role(
        declared.span,
        declared.deployment,
        declared.texts("RoleName"),
        declared.texts("Path"),
        declared.guard,
        arns=_returned(declared, "Arn").texts(),
        inline=inline,
        managed=tuple(_listed(properties.get("ManagedPolicyArns"))),
        boundary=declared.texts("PermissionsBoundary"),
        trust_document=properties.get("AssumeRolePolicyDocument"),
    )
    declared.estate.roles.append(role)
    for policy in inline:
        add_policy(declared.estate, policy, "identity", declared.deployment)


def _policy(declared: Declared) -> None:
    """`AWS::IAM::Policy`: it names the roles that it is put into."""
    _identity(declared, tuple(_listed(declared.properties.get("Roles"))))


def _role_policy(declared: Declared) -> None:
    """`AWS::IAM::RolePolicy`: the same, for one role."""
    _identity(declared, tuple(_listed(declared.properties.get("RoleName"))))


def _managed_policy(declared: Declared) -> None:
    """`AWS::IAM::ManagedPolicy`: it names roles, and roles name it."""
    _identity(declared, tuple(_listed(declared.properties.get("Roles"))), tuple(_arns(declared)))


def _arns(declared: Declared) -> Iterator[Text]:
    """What the ARN of a managed policy may be written as."""
    for attribute in (None, "PolicyArn"):
        yield from (text for text in _returned(declared, attribute).texts().values if text is not None)
    scope = declared.resource.evaluator.scope
    for _, name in declared.texts("ManagedPolicyName"):
        for _, path in declared.texts("Path"):
            if name is not None:
                pieces: tuple[Text, ...] = (
                    Text.literal("arn:", declared.span),
                    scope.pseudo("AWS::Partition", declared.span),
                    Text.literal(":iam::", declared.span),
                    declared.deployment.account,
                    Text.literal(":policy", declared.span),
                    path or Text.literal("/", declared.span),
                    name,
                )
                yield Text.join(pieces, declared.span)


def _identity(declared: Declared, roles: tuple[Guarded, ...], arns: tuple[Text, ...] = ()) -> None:
    policy: Policy | None = declared.policy("PolicyDocument")
    if policy is None:
        return
    add_policy(declared.estate, policy, "identity", declared.deployment)
    declared.estate.identity_policies.append(
        IdentityPolicy(declared.span, declared.deployment, declared.guard, policy, arns, roles)
    )


def _returned(declared: Declared, attribute: str | None) -> Field:
    """What `Fn::GetAtt` of an attribute gives, or `Ref`."""
    resource = declared.resource
    return of_resource(resource.evaluator, resource.logical_id, attribute, declared.span, declared.guard)


def _listed(field: Field) -> Iterator[Guarded]:
    for element in field.elements():
        yield from ((guard, text) for guard, text in element.texts() if text is not None)


READERS: dict[str, Reader] = {
    "AWS::IAM::Role": _role,
    "AWS::IAM::Policy": _policy,
    "AWS::IAM::RolePolicy": _role_policy,
    "AWS::IAM::ManagedPolicy": _managed_policy,
}
