"""Roles and their policies as the AWS CLI prints them: `iam get-…` and `get-account-authorization-details`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.role import IdentityPolicy, Role
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Guarded, Policy
from xbackup_lint.sources.aws_cli.placed import placed_by
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping, Scalar, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Value

Naming = Callable[[str], str]
"""How a source writes the names of members."""
_SERVICE = "backup.amazonaws.com"


def as_api(name: str) -> str:
    """IAM's own names of members."""
    return name


def is_role(root: Mapping) -> bool:
    """Whether a document is what `get-role` prints."""
    role = root.get("Role")
    return isinstance(role, Mapping) and isinstance(role.get("AssumeRolePolicyDocument"), Mapping | Scalar)


def is_role_policy(members: set[str]) -> bool:
    """Whether a document is what `get-role-policy` prints."""
    return {"RoleName", "PolicyName", "PolicyDocument"} <= members


def is_managed_policy(root: Mapping) -> bool:
    """Whether a document is what `get-policy` prints. AWS: which version is in force it tells (IAM API: Policy)."""
    policy = root.get("Policy")
    return isinstance(policy, Mapping) and {"Arn", "DefaultVersionId"} <= {
        key.text for key, _ in policy.entries
    }


def is_authorization(members: set[str]) -> bool:
    """Whether a document is what `get-account-authorization-details` prints."""
    return "RoleDetailList" in members


def read_role(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-role`: who may assume it. What it may do other calls print."""
    add_role(literal(root).get("Role"), here, estate, shows_policies=False)


def read_role_policy(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-role-policy`: a policy that stands in a role."""
    document = literal(root)
    policy = read_policy(decoded(document.get("PolicyDocument")))
    name = root.get("PolicyName")
    if policy is None or not isinstance(name, Scalar):
        return
    roles = tuple((guard, text) for guard, text in document.get("RoleName").texts() if text is not None)
    estate.deployments.append(here)
    add_policy(estate, policy, "identity", here)
    found = IdentityPolicy(name.span, here, ALWAYS, policy, (), roles, name.text, is_printed=True)
    estate.identity_policies.append(found)


def read_managed_policy(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-policy`: that there is one. What it says `get-policy-version` prints."""
    add_managed_policy(literal(root).get("Policy"), here, estate)


def read_authorization(root: Mapping, here: Deployment, estate: Estate) -> None:
    """`get-account-authorization-details`: roles, and managed policies, in full."""
    document = literal(root)
    roles = root.get("RoleDetailList")
    for one in document.get("RoleDetailList").elements() if isinstance(roles, Sequence) else ():
        add_role(one, here, estate)
    for one in document.get("Policies").elements():
        add_managed_policy(one, here, estate)


def add_role(
    document: Field,
    here: Deployment,
    estate: Estate,
    named: Naming = as_api,
    *,
    shows_policies: bool = True,
) -> None:
    """A role, with its policies where the source shows these. One without an ARN is passed over."""
    arns = document.get(named("Arn")).texts()
    if arns.only is None:
        return
    own, name = placed_by(arns.only, here), document.get(named("RoleName"))
    inline = document.get(named("RolePolicyList"))
    trust = decoded(document.get(named("AssumeRolePolicyDocument")))
    role = Role(
        _place(name, arns.only),
        own,
        name.texts(),
        document.get(named("Path")).texts(),
        ALWAYS,
        arns=arns,
        inline=tuple(_inline(one, named) for one in inline.elements()),
        managed=tuple(_arns(document.get(named("AttachedManagedPolicies")), named)),
        boundary=document.path(named("PermissionsBoundary"), named("PermissionsBoundaryArn")).texts(),
        trust_document=trust,
        is_printed=True,
        shows_policies=shows_policies,
    )
    estate.roles.append(role)
    if _is_of_backups(role):
        estate.deployments.append(own)
        for policy in role.inline:
            add_policy(estate, policy, "identity", own)


def _place(name: Field, arn: Text) -> Span:
    return arn.span if name.is_absent else name.span


def _is_of_backups(role: Role) -> bool:
    """Whether AWS Backup may assume it. An account has many roles, and what is wrong with others is not ours."""
    principals = (one for statement in role.trust or () for one in statement.principals)
    return any(principal.text.known == _SERVICE for principal in principals)


def _inline(one: Field, named: Naming) -> Policy:
    """A policy that stands in a role. AWS Config may leave out what it says."""
    policy = read_policy(decoded(one.get(named("PolicyDocument"))))
    return policy if policy is not None else unknown_policy(one.get(named("PolicyName")).span)


def _arns(attached: Field, named: Naming) -> Iterator[Guarded]:
    for one in attached.elements():
        yield from ((guard, arn) for guard, arn in one.get(named("PolicyArn")).texts() if arn is not None)


def attached_arns(attached: Field) -> tuple[Guarded, ...]:
    """The ARNs in a list of attached policies."""
    return tuple(_arns(attached, as_api))


def add_managed_policy(document: Field, here: Deployment, estate: Estate, named: Naming = as_api) -> None:
    """A managed policy by its ARN, with what its default version says where the source shows that."""
    arn = document.get(named("Arn")).texts().only
    if arn is None:
        return
    versions = document.get(named("PolicyVersionList")).elements()
    default = (one for one in versions if is_default(one, named))
    policy = next((read_policy(decoded(one.get(named("Document")))) for one in default), None)
    estate.identity_policies.append(
        IdentityPolicy(
            arn.span,
            placed_by(arn, here),
            ALWAYS,
            policy or unknown_policy(arn.span),
            (arn,),
            is_printed=True,
        )
    )


def is_default(version: Field, named: Naming = as_api) -> bool:
    """Whether a version of a managed policy is the one that is in force."""
    told = version.get(named("IsDefaultVersion")).texts().only
    return told is not None and (told.known or "").lower() == "true"


def unknown_policy(place: Span) -> Policy:
    """A policy of which the files tell no more than that it is there."""
    name = place.unquoted
    hole = Hole(
        (place.source.path, f"{place.start}"), f"what policy `{name}` says is not in the files", place=place
    )
    return Policy(place, (), unknown=((ALWAYS, hole),))


def decoded(document: Field) -> Field:
    """A document that may be URL-encoded, as IAM gives them.

    AWS: the AWS CLI decodes them; other tools and AWS Config may not (IAM API: GetRole).
    """
    return Field(document.span, document.alternatives.map(_decoded))


def _decoded(value: Value) -> Value:
    known = value.known if isinstance(value, Text) else None
    if value is None or known is None or not known.lstrip().lower().startswith("%7b"):
        return value
    from urllib.parse import unquote

    return Text.literal(unquote(known), value.span)
