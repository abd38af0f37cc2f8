"""Terraform's resources as those of a template, each value with its place in the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from collections.abc import Sequence as List

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex
from xbackup_lint.sources.terraform.planned import Block, Planned, mapping, scalar
from xbackup_lint.sources.terraform.shapes import MERGED, RETURNED, SHAPES, Blocks, Shape
from xbackup_lint.template.template import text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span

_REFERENCE = regex(r"((?:module\.[^.]+\.)*[a-z0-9_]+\.[^.\[]+)(\[[^\]]*\])?(?:\.(.+))?")
_INDEX = regex(r"\[[^\]]*\]")

# AWS: the policy that KMS gives a key that is made without one (KMS: default key policy).
_DEFAULT_KEY_POLICY = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": '
    '"arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}, "Action": "kms:*", "Resource": "*"}]}'
)


def without_index(address: str) -> str:
    """The address of all instances of a resource."""
    return _INDEX.sub("", address)


@dataclass(eq=False)
class Translation:
    """The resources of one provider as those of a template."""

    group: List[Planned]
    everything: Dict[str, Planned]
    arns: Dict[str, str]
    """The ARNs of vaults, where they are known: that of one that another provider makes is all that can be said."""
    by_name: Dict[str, List[Planned]]
    """All resources by their address without an index."""
    unknown: dict[str, Span] = field(default_factory=dict)
    """What is known after apply, as the parameters of the template."""

    def __post_init__(self) -> None:
        self._here = {planned.address for planned in self.group}

    def resources(self) -> Iterator[tuple[Scalar, Mapping]]:
        """Logical ids, which are the addresses, and resources."""
        more: dict[str, list[tuple[str, Node]]] = defaultdict(list)
        for planned in self.group:
            if planned.type in MERGED:
                self._merge(planned, more)
        for planned in self.group:
            shape = SHAPES.get(planned.type)
            if shape is not None:
                yield planned.key, self._resource(planned, shape, more[planned.address])

    def _merge(self, planned: Planned, more: dict[str, list[tuple[str, Node]]]) -> None:
        """What belongs to another resource goes there: a policy to its vault, an attachment to its role."""
        merged = MERGED[planned.type]
        owner = self._owner(planned, merged.owner, merged.by)
        if owner is None:
            return
        properties = dict(self._properties(planned, planned.block, merged.shape))
        node = mapping(planned.key.span, properties) if merged.whole else properties.get(merged.property)
        if node is not None:
            more[owner.address].append((merged.property, node))

    def _owner(self, planned: Planned, kind: str, attribute: str) -> Planned | None:
        """The one resource of a kind that an attribute names: by its name, or by what it refers to."""
        named = text(planned.block.get(attribute))
        for reference in planned.resources_in(planned.block, attribute):
            found = self._referred(reference)
            if found is not None and found[0].type == kind:
                return found[0]
        identities = ("name", "id", "arn", "key_id")
        alike = [
            one
            for one in self.group
            if one.type == kind and named in {text(one.block.get(name)) for name in identities} - {None}
        ]
        return alike[0] if len(alike) == 1 else None

    def _resource(self, planned: Planned, shape: Shape, more: List[tuple[str, Node]]) -> Mapping:
        span = planned.block.values.span
        properties = dict(self._properties(planned, planned.block, shape.attributes))
        for name, node in more:
            if name in shape.lists:
                before = properties.get(name)
                items = before.items if isinstance(before, Sequence) else ()
                properties[name] = Sequence(node.span, (*items, node))
            else:
                properties[name] = node
        if shape.type in _KEYS and "policy" not in _given(planned) and "KeyPolicy" not in properties:
            default = scalar(_DEFAULT_KEY_POLICY, planned.key.span)
            properties["KeyPolicy"] = mapping(planned.key.span, {"Fn::Sub": default})
        body: Node = mapping(span, properties)
        if shape.within:
            outside = {name: properties.pop(name) for name in shape.outside if name in properties}
            body = mapping(span, {**outside, shape.within: mapping(span, properties)})
        # Whether a resource outlives its stack is for Terraform's `lifecycle` to say, which no plan shows.
        kept = scalar("Retain", planned.key.span)
        return mapping(
            span,
            {
                "Type": scalar(shape.type, planned.key.span),
                "DeletionPolicy": kept,
                "UpdateReplacePolicy": kept,
                "Properties": body,
            },
        )

    def _properties(
        self, planned: Planned, block: Block, attributes: Dict[str, str | Blocks]
    ) -> Iterator[tuple[str, Node]]:
        for name, wanted in attributes.items():
            if isinstance(wanted, str):
                node = self._value(planned, block, name)
                if node is not None:
                    yield wanted, node
                continue
            made = [
                mapping(inner.values.span, dict(self._properties(planned, inner, wanted.attributes)))
                for inner in block.blocks(name)
            ]
            if made and wanted.many:
                yield wanted.property, Sequence(block.values.span, tuple(made))
            elif made:
                yield wanted.property, made[0]

    def _value(self, planned: Planned, block: Block, name: str) -> Node | None:
        """An attribute as it is known; else the resource that it comes from; else that it is known later."""
        given = block.get(name)
        if not block.is_later(name):
            is_unset = isinstance(given, Scalar) and given.text == "0" and name in _ZERO_IS_UNSET
            return None if is_unset else given
        if isinstance(block.expressions, Mapping) and block.expression(name) is None:
            return None  # nobody gives it: what AWS makes up is of no matter here, but for a key's policy
        span = block.place_of(name)
        references = planned.resources_in(block, name)
        nodes = [node for one in references if (node := self._reference(one, span)) is not None]
        if isinstance(given, Sequence) or name in _LISTS:
            known = given.items if isinstance(given, Sequence) else ()
            left = [one for one in known if not (isinstance(one, Scalar) and one.tag == "null")]
            if nodes and len(nodes) == len(references):
                return Sequence(span, (*left, *nodes))
            return Sequence(span, (*left, self._later(f"{planned.address}.{name}", span)))
        if len(nodes) == 1 and len(references) == 1:
            return nodes[0]
        return self._later(f"{planned.address}.{name}", span)

    def _reference(self, reference: str, span: Span) -> Node | None:
        """A reference to another resource, as a template has it."""
        found = self._referred(reference)
        if found is None:
            return None
        target, attribute = found
        here = target.address in self._here
        if not here and target.address in self.arns and attribute == "arn":
            return scalar(self.arns[target.address], span)
        returned = RETURNED.get((target.type, attribute))
        if returned is None or not here:
            return None
        name = scalar(target.address, span)
        if returned == "Ref":
            return mapping(span, {"Ref": name})
        return mapping(span, {"Fn::GetAtt": Sequence(span, (name, scalar(returned, span)))})

    def _referred(self, reference: str) -> tuple[Planned, str] | None:
        """The resource that a reference means, where it can only be one, and the attribute."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            return None
        name, index, attribute = match.groups()
        if index and f"{name}{index}" in self.everything:
            return self.everything[f"{name}{index}"], attribute or ""
        alike = self.by_name.get(without_index(name), [])
        return (alike[0], attribute or "") if len(alike) == 1 else None

    def _later(self, name: str, span: Span) -> Node:
        self.unknown.setdefault(name, span)
        return mapping(span, {"Ref": scalar(name, span)})


_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_ZERO_IS_UNSET = frozenset(
    {"cold_storage_after", "delete_after", "max_retention_days", "changeable_for_days"}
)
"""AWS's provider writes 0 into the state for days that were not given."""
_LISTS = frozenset({"resources", "not_resources", "managed_policy_arns"})


def _given(planned: Planned) -> set[str]:
    """The attributes that the configuration, or a state, gives."""
    expressions = planned.block.expressions
    given = {key.text for key, _ in expressions.entries} if isinstance(expressions, Mapping) else set()
    known = {
        key.text for key, node in planned.block.values.entries if planned.block.get(key.text) is not None
    }
    return given | known
