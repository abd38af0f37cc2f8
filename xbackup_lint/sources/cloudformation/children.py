"""The stacks that a template makes of others: nested stacks, StackSets, actions of a pipeline."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Dict

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.template.intrinsics import Evaluator, Resource
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Mapping, Scalar
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.embedded import read_json
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Record

NESTED = "AWS::CloudFormation::Stack"
STACK_SET = "AWS::CloudFormation::StackSet"
PIPELINE = "AWS::CodePipeline::Pipeline"
MAKERS = (NESTED, STACK_SET, PIPELINE)


@dataclass(frozen=True, slots=True, eq=False)
class Child:
    """A stack that a resource makes of a template: where, with which parameters.

    `shares_place` says that it stands where its parent stands. `account` and `region` are those that a StackSet
    names; None is one that it does not tell.
    """

    logical_id: str
    span: Span
    url: Text
    parameters: dict[str, Callable[[], Field]] = field(default_factory=dict)
    shares_place: bool = False
    account: Text | None = None
    region: Text | None = None


AccountsBelow = Callable[[str], Sequence[str]]
"""The accounts in a root or organizational unit, by its id; none where nothing tells."""


def children(evaluator: Evaluator, below: AccountsBelow = lambda _: ()) -> Iterator[Child]:
    """The stacks that a template makes, as far as it names their templates."""
    for resource in evaluator.resources:
        for guard in resource.guards:
            match resource.type:
                case "AWS::CloudFormation::Stack":
                    yield from _nested(resource, guard)
                case "AWS::CloudFormation::StackSet":
                    yield from _stack_set(resource, guard, below)
                case "AWS::CodePipeline::Pipeline":
                    yield from _actions(evaluator, resource, guard)
                case _:
                    pass


def _nested(resource: Resource, guard: Guard) -> Iterator[Child]:
    properties = resource.properties(guard)
    url = _asset(resource) or _text(properties.get("TemplateURL"))
    if url is not None:
        parameters = dict(_of_mapping(properties.get("Parameters")))
        yield Child(resource.logical_id, resource.key.span, url, parameters, shares_place=True)


def _asset(resource: Resource) -> Text | None:
    """The template that the CDK keeps beside its parent. AWS: its name stands in `aws:asset:path`."""
    metadata = resource.node.get("Metadata") if isinstance(resource.node, Mapping) else None
    path = metadata.get("aws:asset:path") if isinstance(metadata, Mapping) else None
    return Text.of(path) if isinstance(path, Scalar) else None


def _stack_set(resource: Resource, guard: Guard, below: AccountsBelow) -> Iterator[Child]:
    properties = resource.properties(guard)
    url = _text(properties.get("TemplateURL"))
    if url is None and not properties.get("TemplateBody").is_absent:
        url = Text.literal(f"#{resource.logical_id}", resource.key.span)
    if url is None:
        return
    parameters = dict(_of_list(properties.get("Parameters")))
    for group in properties.get("StackInstancesGroup").elements():
        for account in _accounts(group.get("DeploymentTargets"), below):
            for region in _or_unknown(_texts(group.get("Regions"))):
                yield Child(
                    resource.logical_id, resource.key.span, url, parameters, account=account, region=region
                )


def _accounts(targets: Field, below: AccountsBelow) -> Sequence[Text | None]:
    """The accounts that a StackSet names; of an organizational unit those that the configuration has in it.

    AWS: a unit stands for the accounts in the units below it too, and `Accounts` beside units chooses among theirs
    (CloudFormation: StackSet, DeploymentTargets). A unit of which no account is known is one that is not known.
    """
    kind = _text(targets.get("AccountFilterType"))
    filtered = kind.known if kind is not None else "NONE"
    named = _texts(targets.get("Accounts"))
    units = _texts(targets.get("OrganizationalUnitIds"))
    if filtered not in ("INTERSECTION", "NONE"):
        return [None]
    if named or not units:
        return _or_unknown(named)
    found = [Text.literal(account, unit.span) for unit in units for account in below(unit.known or "")]
    return _or_unknown(found)


def _or_unknown(texts: list[Text]) -> list[Text | None]:
    return [*texts] or [None]


def _actions(evaluator: Evaluator, resource: Resource, guard: Guard) -> Iterator[Child]:
    """AWS: a CloudFormation action names its template `Artifact::path` (CodePipeline: action reference)."""
    own = evaluator.scope.account_text(resource.key.span)
    for stage in resource.properties(guard).get("Stages").elements():
        for action in stage.get("Actions").elements():
            configuration = action.get("Configuration")
            path = _text(configuration.get("TemplatePath"))
            pieces = path.split("::", 1, trusting=True) if path is not None else None
            if pieces is not None and len(pieces) == 2:
                role = _text(configuration.get("RoleArn"))
                here = role is None or any(own.parts == account for account in _accounts_in(role))
                parameters = dict(_overrides(configuration.get("ParameterOverrides")))
                yield Child(resource.logical_id, pieces[1].span, pieces[1], parameters, shares_place=here)


def _accounts_in(role: Text) -> Iterator[tuple[object, ...]]:
    pieces = role.split(":", 5, trusting=True) or []
    if len(pieces) == 6:
        yield pieces[4].parts


def _overrides(field: Field) -> Iterator[tuple[str, Callable[[], Field]]]:
    """`ParameterOverrides`: an object, or the text of one."""
    for _, value in field:
        if isinstance(value, Record):
            yield from _of_mapping(Field.of(value, value.span))
        elif isinstance(value, Text):
            root = read_json(value).root
            if root is not None:
                yield from _of_mapping(root)


def _of_mapping(field: Field) -> Iterator[tuple[str, Callable[[], Field]]]:
    for _, record in field.records():
        for entry in record.entries:
            if entry.key.known is not None:
                yield entry.key.known, lambda value=entry.value: value  # type: ignore[misc]


def _of_list(field: Field) -> Iterator[tuple[str, Callable[[], Field]]]:
    for element in field.elements():
        key = _text(element.get("ParameterKey"))
        if key is not None and key.known is not None:
            value = element.get("ParameterValue")
            yield key.known, lambda value=value: value  # type: ignore[misc]


def _text(field: Field) -> Text | None:
    return field.texts().values[0] if field.alternatives.options else None


def _texts(field: Field) -> list[Text]:
    return [text for element in field.elements() for text in element.texts().values if text is not None]


def template_of(child: Child, parent: Template, templates: Dict[str, Template]) -> Template | None:
    """The file that a child's URL or path means: beside its parent, or the one whose path ends most like it."""
    written = _tail(child.url)
    if written.startswith("#"):
        return templates.get(f"{parent.path}{written}")
    if not written:
        return None
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(parent.path), written))
    if beside in templates:
        return templates[beside]
    alike = {path: _shared(path.split("/"), written.split("/")) for path in templates}
    most = max(alike.values(), default=0)
    best = [path for path, count in alike.items() if count == most and most > 0]
    return templates[best[0]] if len(best) == 1 else None


def _tail(url: Text) -> str:
    """The known end of a URL, from behind its last hole; of `https://bucket/key` the key."""
    last = str(url).rpartition("}")[2] if url.holes else (url.known or "")
    path = last.partition("?")[0]
    return path.partition("://")[2].partition("/")[2] if "://" in path else path.lstrip("/")


def _shared(path: list[str], other: list[str]) -> int:
    """How many last parts two paths have in common."""
    count = 0
    while count < min(len(path), len(other)) and path[-1 - count] == other[-1 - count]:
        count += 1
    return count
