"""Organizations policies in all that holds them: documents, resources of templates, what the AWS CLI prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.organization import BackupPolicy, is_account, is_root
from xbackup_lint.model.problem import Problem
from xbackup_lint.regex import regex
from xbackup_lint.sources.organization.bounded import bounded
from xbackup_lint.sources.organization.form import checked
from xbackup_lint.sources.plans import POLICY_DOCUMENT, POLICY_IN_TEMPLATE
from xbackup_lint.text.node import Document, Mapping, Node, Remark, Scalar, Sequence
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.hole import ACCOUNT, Hole
from xbackup_lint.values.literal import literal
from xbackup_lint.values.size import least_size
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.value import Field, Items, Record, Value, absent

BACKUP_POLICY = "BACKUP_POLICY"

# AWS: characters that a policy may have (F5.10, F7.18). Blanks count from the AWS CLI and not in the console: they
# are not counted here.
_LARGEST = {BACKUP_POLICY: 10_000, "SERVICE_CONTROL_POLICY": 5_120, "RESOURCE_CONTROL_POLICY": 5_120}
_CALLED = {
    BACKUP_POLICY: "backup policy",
    "SERVICE_CONTROL_POLICY": "service control policy",
    "RESOURCE_CONTROL_POLICY": "resource control policy",
}
_NEVER_TOKENS = {"plans", "rules", "regions", "selections", "tags", "resources", "lifecycle"}


@dataclass(frozen=True, slots=True)
class Found:
    """A backup policy, where something holds one."""

    document: Field
    span: Span
    remarks: tuple[Remark, ...] = ()
    """What is wrong with its JSON."""
    account: Text | None = None
    """Of an effective policy the account, where it tells it."""
    is_effective: bool = False


def is_backup_policy(value: Value) -> bool:
    """Whether a value is a backup policy: `plans` by their names, in the language of Organizations."""
    plans = value.entry("plans") if isinstance(value, Record) else None
    if plans is None or not any(True for _ in plans.value.records()):
        return False
    return any(name.startswith("@@") or name == "target_backup_vault_name" for name in _keys(plans.value))


def _keys(field: Field) -> Iterator[str]:
    """The keys of all mappings in a value, at any depth."""
    for _, value in field:
        match value:
            case Record(entries=entries):
                for entry in entries:
                    yield entry.key.known or ""
                    yield from _keys(entry.value)
            case Items(elements=elements):
                for element in elements:
                    yield from _keys(element)


def _has_operators(field: Field) -> bool:
    return any(name.startswith("@@") for name in _keys(field))


def policies_in(document: Document) -> list[Found]:
    """The backup policies of a document: one, a list of them, or what holds one for the AWS CLI."""
    found = list(_in_node(document.root))
    return [replace(one, remarks=(*document.remarks, *one.remarks)) for one in found]


def _in_node(root: Node) -> Iterator[Found]:
    if isinstance(root, Sequence):
        for item in root.items:
            if isinstance(item, Mapping) and item.get("plans") is not None:
                yield from _in_node(item)
    elif isinstance(root, Mapping) and root.get("plans") is not None:
        policy = bounded(literal(root))
        if any(is_backup_policy(value) for _, value in policy):
            key = root.key("plans") or root
            yield Found(policy, key.span, is_effective=not _has_operators(policy))
    elif isinstance(root, Mapping):
        yield from _printed(root)


def _printed(root: Mapping) -> Iterator[Found]:
    """`describe-effective-policy`, `describe-policy`, and the input of `create-policy`."""
    effective, inner = root.get("EffectivePolicy"), root.get("Policy")
    if isinstance(effective, Mapping):
        content, account = effective.get("PolicyContent"), effective.get("TargetId")
        known = Text.of(account) if isinstance(account, Scalar) else None
    else:
        content = (inner if isinstance(inner, Mapping) else root).get("Content")
        known = None
    if not isinstance(content, Scalar) or '"plans"' not in content.text:
        return
    embedded = read_json(Text.of(content))
    policy = bounded(embedded.root) if embedded.root is not None else absent(content.span)
    if any(is_backup_policy(value) for _, value in policy):
        yield Found(policy, content.span, embedded.remarks, known, isinstance(effective, Mapping))


def read_document(found: Iterable[Found], here: Deployment, estate: Estate) -> None:
    """Add the policies of a document. One that is effective is in force where the document is from."""
    for one in found:
        _add(one, estate, effective_in=(one.account or _account_of(here)) if one.is_effective else None)


def _account_of(here: Deployment) -> Text:
    if here.is_account_known:
        return here.account.at(NOWHERE)
    hole = Hole((here.path, "$account"), "the account of this effective policy is not known", ACCOUNT)
    return Text.unknown(hole, NOWHERE)


def read_resource(properties: Field, span: Span, estate: Estate) -> None:
    """A resource of type AWS::Organizations::Policy."""
    kinds = [text.known for text in properties.get("Type").texts().values if text is not None]
    attached = (text for one in properties.get("TargetIds").elements() for text in one.texts().values)
    targets = tuple(text for text in attached if text is not None)
    for guard, value in properties.get("Content"):
        found = content_of(value, guard, span)
        kind = kinds[0] if len(kinds) == 1 else None
        if kind == BACKUP_POLICY or (kind is None and _is_policy(found)):
            _add(found, estate, is_in_template=True, attached_to=targets)
        elif kind in _LARGEST:
            judge_size(found.document, kind or "", span, estate)


def content_of(value: Value, guard: Guard, span: Span) -> Found:
    """A policy given as an object, or as the text of one. What is not known is a policy that says nothing."""
    if not isinstance(value, Text):
        return Found(bounded(Field.of(value, span, guard)), span)
    embedded = read_json(value)
    root = bounded(embedded.root) if embedded.root is not None else absent(value.span)
    return Found(root.under(guard), span, embedded.remarks)


def _is_policy(found: Found) -> bool:
    return any(is_backup_policy(value) for _, value in found.document)


def read_custom(properties: Field, span: Span, estate: Estate) -> None:
    """A custom resource: a backup policy as one of its properties, with tokens that others fill."""
    for guard, record in properties.records():
        tokens: dict[str, Text] | None = None
        for entry in record.entries:
            for own, value in bounded(entry.value.under(guard)):
                if not _may_hold_policy(value):
                    continue
                if tokens is None:
                    tokens = dict(_tokens(record))
                given = Field.of(value, entry.value.span, own).replaced(tokens)
                targets = tuple(_targets(record))
                for found in _in_property(given, span):
                    _add(found, estate, is_in_template=True, attached_to=targets)


def _targets(record: Record) -> Iterator[Text]:
    """The ids of roots, organizational units and accounts in a property that holds nothing else.

    What a custom resource calls it is its author's choice; only a list that is about nothing but targets counts.
    """
    for entry in record.entries:
        texts = [text for one in entry.value.elements() for text in one.texts().values if text is not None]
        if texts and all(
            is_root(one) or is_account(one) or _UNIT.fullmatch(one.known or "") for one in texts
        ):
            yield from texts


# AWS: the id of an organizational unit (Organizations API, OrganizationalUnit).
_UNIT = regex(r"ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}")


def _may_hold_policy(value: Value) -> bool:
    match value:
        case Text(parts=parts):
            return any('"plans"' in part.text for part in parts if isinstance(part, Fragment))
        case Items(elements=elements):
            return any(is_backup_policy(inner) for element in elements for _, inner in element)
        case _:
            return is_backup_policy(value)


def _in_property(given: Field, span: Span) -> Iterator[Found]:
    for guard, value in given:
        found = content_of(value, guard, span)
        for element in found.document.elements():
            if any(is_backup_policy(inner) for _, inner in element):
                yield replace(found, document=element)


def _tokens(record: Record) -> Iterator[tuple[str, Text]]:
    """Names and what they stand for: of the properties that are mappings, or lists of mappings with one key."""
    for entry in record.entries:
        for element in entry.value.elements():
            for _, mapping in element.records():
                is_list = any(isinstance(value, Items) for _, value in entry.value)
                if is_backup_policy(mapping) or (is_list and len(mapping.entries) != 1):
                    continue
                for token in mapping.entries:
                    value = token.value.texts().only
                    name = token.key.known or ""
                    if value is not None and len(name) > 1 and name not in _NEVER_TOKENS:
                        yield name, value


def _add(
    found: Found,
    estate: Estate,
    *,
    is_in_template: bool = False,
    attached_to: tuple[Text, ...] = (),
    effective_in: Text | None = None,
) -> None:
    form = POLICY_IN_TEMPLATE if is_in_template else POLICY_DOCUMENT
    read = checked(found.document, form.filled_in)
    lacks = tuple(read.lacks)
    if effective_in is None:
        estate.problems.extend(_of_remarks(found.remarks))
        estate.problems.extend(read.problems)
        judge_size(found.document, BACKUP_POLICY, found.span, estate)
    else:
        lacks = ()  # nobody wrote it
    policy = BackupPolicy(found.span, read.document, is_in_template, attached_to, effective_in, lacks)
    estate.backup_policies.append(policy)


def _of_remarks(remarks: Iterable[Remark]) -> Iterator[Problem]:
    """What is not JSON is told once: the rest of it is the same fault."""
    told = set[str]()
    for remark in remarks:
        if remark.kind == "duplicate-key" or remark.kind not in told:
            told.add(remark.kind)
            facts = {"what": remark.message}
            yield Problem("organization-policy-invalid", remark.span, remark.kind, facts, remark.related)


def judge_size(document: Field, kind: str, span: Span, estate: Estate) -> None:
    """Add that a policy is longer than one of its `Type` may be, where it certainly is."""
    size = least_size(document)
    if size > _LARGEST[kind]:
        facts = {"size": f"{size:,}", "most": f"{_LARGEST[kind]:,}", "policy": _CALLED[kind]}
        estate.problems.append(Problem("organization-policy-too-large", span, "", facts))
