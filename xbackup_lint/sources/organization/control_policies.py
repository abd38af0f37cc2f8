"""Service and resource control policies: of templates, as the AWS CLI prints them, and in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.control_policy import Attachment, ControlPolicy, Kind
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.sources.cloudformation.declared import Declared
from xbackup_lint.sources.organization.policies import content_of, judge_size
from xbackup_lint.sources.policies import add_policy
from xbackup_lint.sources.policy_documents import is_policy
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration, Unit

_KINDS: dict[str, Kind] = {"SERVICE_CONTROL_POLICY": "service", "RESOURCE_CONTROL_POLICY": "resource"}


def read_resource(declared: Declared) -> None:
    """A resource of type AWS::Organizations::Policy. One of another type is none of ours."""
    kinds = [text.known for text in declared.texts("Type").values if text is not None]
    policy = declared.policy("Content")
    kind = _KINDS.get(kinds[0] or "") if len(kinds) == 1 else None
    if policy is None or kind is None:
        return
    properties = declared.properties
    attached = (text for one in properties.get("TargetIds").elements() for text in one.texts().values)
    targets = tuple(Attachment(text) for text in attached if text is not None)
    names = [text for text in declared.texts("Name").values if text is not None]
    name = str(names[0]) if names else declared.span.unquoted
    _add(declared.estate, ControlPolicy(declared.span, name, policy, kind, targets), declared.deployment)


def read_document(root: Node, here: Deployment, configuration: Configuration | None, estate: Estate) -> bool:
    """Whether a document is a control policy: it says so, or the configuration attaches it as one. Adds it."""
    if not isinstance(root, Mapping):
        return False
    found = _printed(root)
    if found is None and is_policy(root) and is_attached(here.path, configuration):
        content = literal(root)
        found = _Document(root.span, here.path, content, _type_of(read_policy(content)))
    policy = read_policy(found.content) if found is not None else None
    if found is None or policy is None:
        return False
    for guard, value in found.content:
        judge_size(content_of(value, guard, found.span).document, found.type, found.span, estate)
    _add(estate, ControlPolicy(found.span, found.name, policy, _KINDS[found.type]), here)
    return True


@dataclass(frozen=True, slots=True)
class _Document:
    """A control policy in a file of its own, or as the AWS CLI prints it."""

    span: Span
    name: str
    content: Field
    type: str


def _type_of(policy: Policy | None) -> str:
    """AWS: only resource control policies have principals (ORG: RCP syntax)."""
    has_principals = any(statement.principals for statement in policy or ())
    return "RESOURCE_CONTROL_POLICY" if has_principals else "SERVICE_CONTROL_POLICY"


def _printed(root: Mapping) -> _Document | None:
    """`describe-policy`, and the input of `create-policy`."""
    policy = root.get("Policy")
    outer = policy if isinstance(policy, Mapping) else root
    inner = outer.get("PolicySummary")
    summary = inner if isinstance(inner, Mapping) else outer
    kind, name, content = summary.get("Type"), summary.get("Name"), outer.get("Content")
    if not isinstance(kind, Scalar) or kind.text not in _KINDS or content is None:
        return None
    span = name.span if isinstance(name, Scalar) else content.span
    called = name.text if isinstance(name, Scalar) else root.span.source.path
    return _Document(span, called, literal(outer).get("Content"), kind.text)


def _add(estate: Estate, found: ControlPolicy, deployment: Deployment) -> None:
    estate.control_policies.append(found)
    add_policy(estate, found.policy, "service-control", deployment)


def is_attached(path: str, configuration: Configuration | None) -> bool:
    """Whether the configuration attaches what a file holds as a policy of the organization."""
    return configuration is not None and any(_attachments(path, configuration))


def attach_controls(estate: Estate, configuration: Configuration | None) -> None:
    """Attach the control policies to what the configuration says, beside what they say themselves."""
    if configuration is None:
        return
    estate.control_policies = [
        replace(one, attachments=(*one.attachments, *_attachments(one.span.source.path, configuration)))
        for one in estate.control_policies
    ]


def _attachments(path: str, configuration: Configuration) -> Iterator[Attachment]:
    """What the configuration attaches the control policies of a file to, by `documents` and by the tree."""
    for attached in configuration.attachments_of(path):
        if attached.kind == "scp":
            target = Text.literal(attached.account or attached.name.text, attached.name.span)
            yield Attachment(target, everywhere=attached.account is None)
    within = configuration.relative(path)
    for unit in configuration.organization_tree:
        for word in unit.policies:
            if word.text == within:
                yield _unit(unit, Text.literal(unit.id or unit.name, word.span), configuration)
    for account in configuration.accounts:
        for word in account.policies:
            if word.text == within:
                yield Attachment(Text.literal(account.id, word.span))


def _unit(unit: Unit, target: Text, configuration: Configuration) -> Attachment:
    placed = {account.id: account.unit.path for account in configuration.accounts if account.unit is not None}
    below = frozenset(account for account, path in placed.items() if unit in path)
    return Attachment(target, unit.parent is None, below, frozenset(placed) - below)
