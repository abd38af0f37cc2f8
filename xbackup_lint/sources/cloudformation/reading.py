"""CloudFormation templates: resources to nouns."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.policy.statement import Policy
from xbackup_lint.regex import regex
from xbackup_lint.sources.cloudformation import keys as key_resources
from xbackup_lint.sources.cloudformation import notifications as notification_resources
from xbackup_lint.sources.cloudformation import plans as plan_resources
from xbackup_lint.sources.cloudformation import roles as role_resources
from xbackup_lint.sources.cloudformation import shares as share_resources
from xbackup_lint.sources.cloudformation import vaults as vault_resources
from xbackup_lint.sources.cloudformation.declared import Declared, Reader, policy_of
from xbackup_lint.sources.cloudformation.inference import Evidence, infer
from xbackup_lint.template.foreach import PREFIX
from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.link import Links
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import entries, text
from xbackup_lint.text.node import Mapping, Node

# What a template must hold to tell its account.
_TELLING_VAULTS = regex(r":[0-9]{12}:backup-vault:")
_TELLING_KEYS = regex(
    r"\A(?=(?s:.*?)kms:\*)(?=(?s:.*?)[0-9]{12})"
)  # two looks ahead: each reads the text once


def is_template(root: Node) -> bool:
    """Whether a document is a CloudFormation template: it says so, or has resources with types."""
    if not isinstance(root, Mapping):
        return False
    if root.get("AWSTemplateFormatVersion") is not None:
        return True
    resources = entries(root.get("Resources"))
    types = (text(node.get("Type")) for _, node in resources if isinstance(node, Mapping))
    return any("::" in (kind or "") for kind in types) or any(
        key.text.startswith(PREFIX) for key, _ in resources
    )


def read_stack(scope: Scope, links: Links, estate: Estate) -> None:
    """Add what one stack declares to an estate."""
    _read(links.evaluator(scope), estate)


def infer_account(scope: Scope, links: Links) -> Evidence:
    """What a template says of its own account, its vaults and keys being read as if it were a symbol."""
    text = scope.template.source.text
    first_look = Estate()
    key_policies = list[Policy]()
    if _TELLING_VAULTS.search(text):
        _read(links.evaluator(scope), first_look, tuple(vault_resources.READERS))
    if _TELLING_KEYS.search(text):
        # The policies alone: most of these say nothing of the account, and the keys are read later.
        for resource in links.evaluator(scope).resources:
            if resource.type in key_resources.READERS:
                for guard in resource.guards:
                    policy = policy_of(resource, guard, "KeyPolicy")
                    key_policies += () if policy is None else (policy,)
    return infer(first_look, key_policies, None)


def _read(evaluator: Evaluator, estate: Estate, types: tuple[str, ...] = ()) -> None:
    """Read the resources of a stack: all that we know, or those of certain types."""
    here = _deployment(evaluator)
    estate.deployments.append(here)
    custom = "plans" in evaluator.template.source.text
    for resource in evaluator.resources:
        reader = _READERS.get(resource.type) or (_custom if _is_custom(resource.type) and custom else None)
        if reader is None or (types and resource.type not in types):
            continue
        for guard in resource.guards:
            reader(Declared(resource, guard, here, estate))


def _deployment(evaluator: Evaluator) -> Deployment:
    scope = evaluator.scope
    span = scope.template.root.span
    return Deployment(
        scope.path,
        scope.account_text(span),
        scope.region_text(span),
        scope.place.how if scope.place.account is not None else "",
        scope.place.evidence,
    )


def _is_custom(kind: str) -> bool:
    """Custom resources are worked out only where the template has something of a backup policy."""
    return kind.startswith(("Custom::", "AWS::CloudFormation::CustomResource"))


def _custom(declared: Declared) -> None:
    from xbackup_lint.sources.organization import policies as organizations  # few templates have one

    organizations.read_custom(declared.properties, declared.span, declared.estate)


def _organizations_policy(declared: Declared) -> None:
    from xbackup_lint.sources.organization import control_policies
    from xbackup_lint.sources.organization import policies as organizations

    organizations.read_resource(declared.properties, declared.span, declared.estate)
    control_policies.read_resource(declared)


_READERS: dict[str, Reader] = {
    **vault_resources.READERS,
    **key_resources.READERS,
    **plan_resources.READERS,
    **role_resources.READERS,
    **share_resources.READERS,
    **notification_resources.READERS,
    "AWS::Organizations::Policy": _organizations_policy,
}
