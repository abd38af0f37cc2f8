"""CloudFormation templates: resources to nouns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.role import Role, Selection
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources import organizations
from xbackup_lint.sources.inference import Evidence, infer
from xbackup_lint.sources.plans import CLOUDFORMATION, PlanReader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.template.foreach import PREFIX
from xbackup_lint.template.intrinsics import Evaluator, Resource
from xbackup_lint.template.link import Links
from xbackup_lint.template.references import of_resource
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import entries, text
from xbackup_lint.text.node import Mapping, Node
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

# What a template must hold to tell its account, and the resources in which it then does.
_TELLING = (
    (
        re.compile(r":[0-9]{12}:backup-vault:"),
        ("AWS::Backup::BackupVault", "AWS::Backup::LogicallyAirGappedBackupVault"),
    ),
    (re.compile(r"kms:\*(?s:.*)[0-9]{12}|[0-9]{12}(?s:.*)kms:\*"), ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")),
)


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
    _Reading(links.evaluator(scope), estate).read()


def infer_account(scope: Scope, links: Links) -> Evidence:
    """What a template says of its own account, its vaults and keys being read as if it were a symbol."""
    text = scope.template.source.text
    telling = [kind for pattern, kinds in _TELLING if pattern.search(text) for kind in kinds]
    if not telling:
        return Evidence(None, None)
    first_look = Estate()
    _Reading(links.evaluator(scope), first_look).read(tuple(telling))
    return infer(first_look, None)


class _Reading:
    """One pass over the resources of a deployment of a template."""

    def __init__(self, evaluator: Evaluator, estate: Estate) -> None:
        scope = evaluator.scope
        span = scope.template.root.span
        self.estate = estate
        self.evaluator = evaluator
        self.deployment = Deployment(
            scope.path,
            scope.account_text(span),
            scope.region_text(span),
            scope.place.how if scope.place.account is not None else "",
            scope.place.evidence,
        )

    def read(self, types: tuple[str, ...] = ()) -> None:
        self.estate.deployments.append(self.deployment)
        for resource in self.evaluator.resources:
            handler = _HANDLERS.get(resource.type) or self._of_custom_resource(resource.type)
            if handler is None or (types and resource.type not in types):
                continue
            for guard in resource.guards:
                handler(self, _Declared(resource, guard))

    def _of_custom_resource(self, kind: str) -> Callable[[_Reading, _Declared], None] | None:
        """Custom resources are worked out only where the template has something of a backup policy."""
        if not kind.startswith(_CUSTOM) or "plans" not in self.evaluator.template.source.text:
            return None
        return _Reading.custom

    def custom(self, declared: _Declared) -> None:
        organizations.read_custom(declared.properties, declared.resource.key.span, self.estate)

    def organizations_policy(self, declared: _Declared) -> None:
        organizations.read_resource(declared.properties, declared.resource.key.span, self.estate)

    def vault(self, declared: _Declared) -> None:
        name = declared.texts("BackupVaultName")
        air_gapped = declared.resource.type.endswith("LogicallyAirGappedBackupVault")
        lock = declared.properties if air_gapped else declared.properties.get("LockConfiguration")
        vault = Vault(
            span=declared.resource.key.span,
            deployment=self.deployment,
            kind="air-gapped" if air_gapped else "standard",
            name=name,
            encryption_key=declared.texts("EncryptionKeyArn"),
            policy=declared.policy("AccessPolicy"),
            guard=declared.guard,
            names=frozenset(text.known for text in name.values if text is not None and text.known),
            min_retention_days=lock.get("MinRetentionDays").texts(),
            max_retention_days=lock.get("MaxRetentionDays").texts(),
            trusted_key_accounts=self.estate.trusted_key_accounts,
        )
        self.estate.vaults.append(vault)
        add_policy(self.estate, vault.policy, "vault", self.deployment, vault=vault)

    def kms_key(self, declared: _Declared) -> None:
        arn = self._key_arn(declared)
        replica = declared.resource.type.endswith("ReplicaKey")
        policy = declared.policy("KeyPolicy")
        key = Key(declared.resource.key.span, self.deployment, arn, policy, declared.guard, replica)
        self.estate.keys.append(key)
        add_policy(self.estate, policy, "key", self.deployment, kms_key=key)

    def _key_arn(self, declared: _Declared) -> Text:
        span, name = declared.resource.key.span, declared.resource.logical_id
        arn = of_resource(declared.resource.evaluator, name, "Arn", span, declared.guard).texts().values[0]
        return arn if arn is not None else Text(span, ())

    def plan(self, declared: _Declared) -> None:
        document = declared.properties.get("BackupPlan")
        PlanReader(self.estate, self.deployment, CLOUDFORMATION).read(declared.resource.key.span, document)

    def selection(self, declared: _Declared) -> None:
        body = declared.properties.get("BackupSelection")
        self.estate.selections.append(
            Selection(
                declared.resource.key.span,
                self.deployment,
                declared.texts("BackupPlanId"),
                body.get("IamRoleArn").texts(),
                declared.guard,
            )
        )

    def role(self, declared: _Declared) -> None:
        name, path = declared.texts("RoleName"), declared.texts("Path")
        role = Role(declared.resource.key.span, self.deployment, name, path, declared.guard)
        self.estate.roles.append(role)
        for inline in declared.properties.get("Policies").elements():
            self._identity(read_policy(inline.get("PolicyDocument")))

    def identity_policy(self, declared: _Declared) -> None:
        self._identity(declared.policy("PolicyDocument"))

    def _identity(self, policy: Policy | None) -> None:
        add_policy(self.estate, policy, "identity", self.deployment)


@dataclass(frozen=True)
class _Declared:
    """A resource, where a guard holds."""

    resource: Resource
    guard: Guard

    @property
    def properties(self) -> Field:
        return self.resource.properties(self.guard)

    def texts(self, name: str) -> Alternatives[Text | None]:
        return self.properties.get(name).texts()

    def policy(self, name: str) -> Policy | None:
        """A policy that the resource carries, read once: what places a template asks for it too."""
        read = self.resource.policies
        if (name, self.guard) not in read:
            read[name, self.guard] = read_policy(self.properties.get(name))
        return cast("Policy | None", read[name, self.guard])


_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
_HANDLERS: dict[str, Callable[[_Reading, _Declared], None]] = {
    "AWS::Backup::BackupVault": _Reading.vault,
    "AWS::Backup::LogicallyAirGappedBackupVault": _Reading.vault,
    "AWS::KMS::Key": _Reading.kms_key,
    "AWS::KMS::ReplicaKey": _Reading.kms_key,
    "AWS::Backup::BackupPlan": _Reading.plan,
    "AWS::Backup::BackupSelection": _Reading.selection,
    "AWS::IAM::Role": _Reading.role,
    "AWS::IAM::Policy": _Reading.identity_policy,
    "AWS::IAM::ManagedPolicy": _Reading.identity_policy,
    "AWS::Organizations::Policy": _Reading.organizations_policy,
}
