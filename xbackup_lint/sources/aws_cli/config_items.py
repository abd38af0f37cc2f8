"""What AWS Config records of vaults, plans, selections, keys and roles: configuration items."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.sources.aws_cli import plans as plan_documents
from xbackup_lint.sources.aws_cli import roles as role_documents
from xbackup_lint.sources.aws_cli import selections as selection_documents
from xbackup_lint.sources.aws_cli import vaults as vault_documents
from xbackup_lint.sources.cloudformation import notifications as notification_resources
from xbackup_lint.sources.plans import PlanReader
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field
from xbackup_lint.values.verdict import YES

# AWS: `get-resource-config-history` and snapshots; `batch-get-resource-config`; `select-resource-config`, whose
# results are texts (Config API).
_LISTS = ("configurationItems", "baseConfigurationItems", "Results")
_GONE = "Deleted"
_JSON = ("{", "[", '"')


@dataclass(frozen=True, slots=True)
class _Item:
    """A configuration item: what is configured, and where."""

    type: str
    id: str
    item: Field
    configuration: Field
    own: Deployment

    def more(self, name: str) -> Field:
        """A member of `supplementaryConfiguration`."""
        return unfolded(unfolded(self.item.get("supplementaryConfiguration")).get(name))


def holds_items(root: Mapping) -> bool:
    """Whether a document is an item, or holds a list of them."""
    return _is_item(root) or any(_are_items(root.get(name)) for name in _LISTS)


def _is_item(node: Node) -> bool:
    members = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set[str]()
    return {"resourceType", "configuration"} <= members


def _are_items(node: Node | None) -> bool:
    items = node.items if isinstance(node, Sequence) else ()
    return any(_is_item(one) or (isinstance(one, Scalar) and '"resourceType"' in one.text) for one in items)


def read_items(root: Mapping, here: Deployment, estate: Estate) -> None:
    """Add what items describe; of several of one resource the latest, and nothing of what is deleted."""
    latest: dict[tuple[str, ...], tuple[str, _Item]] = {}
    for item in _items(literal(root), here):
        key = (item.type, item.id, str(item.own.account), str(item.own.region))
        when = _text(item.item, "configurationItemCaptureTime")
        if key not in latest or when > latest[key][0]:
            latest[key] = when, item
    for _, item in latest.values():
        if _GONE not in _text(item.item, "configurationItemStatus"):
            _READERS[item.type](item, estate)


def _items(root: Field, here: Deployment) -> Iterator[_Item]:
    listed = [unfolded(one) for name in _LISTS for one in root.get(name).elements()]
    for item in listed or [root]:
        kind = _text(item, "resourceType")
        if kind in _READERS:
            configuration = unfolded(item.get("configuration"))
            found = _text(item, "resourceId") or _text(item, "arn")
            yield _Item(kind, found, item, configuration, _place(item, here))


def _place(item: Field, here: Deployment) -> Deployment:
    """AWS: the account is `accountId` in what calls print, `awsAccountId` in snapshots; IAM is in `global`."""
    account = _text(item, "accountId") or _text(item, "awsAccountId") or here.account.known
    region = _text(item, "awsRegion").replace("global", "") or here.region.known
    return deployment(here.path, item.span, account, region, "AWS Config")


def _text(item: Field, name: str) -> str:
    text = item.get(name).texts().only
    return (text.known or "") if text is not None else ""


def unfolded(field: Field) -> Field:
    """A value that may be given as JSON text, or as the JSON of such a text."""
    text = field.texts().only if any(isinstance(value, Text) for _, value in field) else None
    begins = (text.known or "").lstrip()[:1] if text is not None else ""
    if text is None or begins not in _JSON:
        return field
    inner = read_json(text).root
    return field if inner is None else unfolded(inner) if begins == '"' else inner


def _vault(item: _Item, estate: Estate) -> None:
    document = item.configuration
    name = document.get("BackupVaultName")
    if name.is_absent:
        return
    given = document.get("AccessPolicy")
    policy = (
        vault_documents.not_shown(item.item.span, "AWS Config") if given.is_absent else read_policy(given)
    )
    vault = vault_documents.described(document, name.span, item.own, policy)
    lock = document.get("LockConfiguration")
    if not lock.is_absent:
        vault = replace(
            vault,
            locked=Alternatives.of(Answer(YES)),
            min_retention_days=lock.get("MinRetentionDays").texts(),
            max_retention_days=lock.get("MaxRetentionDays").texts(),
            changeable_for_days=lock.get("ChangeableForDays").texts(),
        )
    estate.deployments.append(item.own)
    estate.vaults.append(vault)
    told = document.get("Notifications")
    arn = document.get("BackupVaultArn").texts().only
    if not told.is_absent and arn is not None:
        notification_resources.add_notification(estate, item.own, name.span, vault.label, arn, told, ALWAYS)
    if not given.is_absent:
        add_policy(estate, policy, "vault", item.own, vault=vault)


def _plan(item: _Item, estate: Estate) -> None:
    plan = item.configuration.get("BackupPlan")
    name = plan.get("BackupPlanName")
    estate.deployments.append(item.own)
    plan_id = _text(item.configuration, "BackupPlanId") or item.id
    reader = PlanReader(estate, item.own, plan_documents.form_of(plan), plan_id=plan_id)
    reader.read((plan if name.is_absent else name).span, plan)


def _selection(item: _Item, estate: Estate) -> None:
    body = item.configuration.get("BackupSelection")
    plan = item.configuration.get("BackupPlanId")
    selection_documents.add_selection(body.get("SelectionName").span, body, plan, item.own, estate)


def _key(item: _Item, estate: Estate) -> None:
    """A key. AWS: its policy is in `supplementaryConfiguration`, as text."""
    document = item.configuration
    arn = document.get("arn").texts().only
    if arn is None:
        return
    given, rotation = item.more("Policy"), item.more("KeyRotationStatus")
    policy = read_policy(given)
    spec = document.get("keySpec")
    key = Key(
        span=arn.span,
        deployment=item.own,
        arn=arn,
        policy=policy,
        guard=ALWAYS,
        state=document.get("keyState").texts(),
        spec=(document.get("customerMasterKeySpec") if spec.is_absent else spec).texts(),
        usage=document.get("keyUsage").texts(),
        origin=document.get("origin").texts(),
        rotation=rotation.texts() if not rotation.is_absent else Alternatives(()),
        shows_policy=policy is not None,
    )
    estate.deployments.append(item.own)
    estate.keys.append(key)
    add_policy(estate, policy, "key", item.own, kms_key=key)


def _camel_case(name: str) -> str:
    """AWS Config's names of IAM's members. AWS: awslabs/aws-config-resource-schema, AWS::IAM::Role."""
    return name[:1].lower() + name[1:]


def _role(item: _Item, estate: Estate) -> None:
    role_documents.add_role(item.configuration, item.own, estate, _camel_case)


def _managed_policy(item: _Item, estate: Estate) -> None:
    role_documents.add_managed_policy(item.configuration, item.own, estate, _camel_case)


# AWS: the properties are those of CloudFormation for AWS Backup, and in camel case those of the API for KMS and IAM
# (awslabs/aws-config-resource-schema).
_READERS: dict[str, Callable[[_Item, Estate], None]] = {
    "AWS::Backup::BackupVault": _vault,
    "AWS::Backup::BackupPlan": _plan,
    "AWS::Backup::BackupSelection": _selection,
    "AWS::KMS::Key": _key,
    "AWS::IAM::Role": _role,
    "AWS::IAM::Policy": _managed_policy,
}
