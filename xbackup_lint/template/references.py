"""Ref and GetAtt: what names, parameters and resources give to those that refer to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xbackup_lint.template.template import text
from xbackup_lint.text.node import Node, Scalar, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.hole import ANY, ARN, KEY_ID, NAME, Hole, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

if TYPE_CHECKING:
    from xbackup_lint.template.intrinsics import Evaluator

_VAULT = "AWS::Backup::BackupVault"
_AIR_GAPPED = "AWS::Backup::LogicallyAirGappedBackupVault"
_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")

# AWS: what `Ref` returns, as the property that holds it (F2.4, F8.3, facts section 8).
_REF_IS_PROPERTY = {
    _VAULT: "BackupVaultName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SSM::Parameter": "Name",
}
_ATTRIBUTE_IS_PROPERTY = {
    (_VAULT, "BackupVaultName"): "BackupVaultName",
    ("AWS::SSM::Parameter", "Value"): "Value",
    ("AWS::SNS::Topic", "TopicName"): "TopicName",
}


def ref(evaluator: Evaluator, name: str, span: Span, guard: Guard) -> Field:
    """What `!Ref name` (or `${name}` in a Sub) gives at `span`."""
    if name in evaluator.names:
        return Field.of(evaluator.names[name].at(span), span, guard)
    if name == "AWS::NoValue":
        return Field.of(None, span, guard)
    if name.startswith("AWS::"):
        return Field.of(evaluator.scope.pseudo(name, span), span, guard)
    parameter = evaluator.template.parameters.get(name)
    if parameter is not None:
        links = evaluator.scope.links
        linked = links.parameter(evaluator.scope, parameter, span, guard) if links is not None else None
        if linked is not None and name not in evaluator.scope.given:
            return linked
        return Field.of(evaluator.scope.parameter(parameter, span, guard), span, guard)
    return of_resource(evaluator, name, None, span, guard)


def get_att(evaluator: Evaluator, argument: Node, span: Span, guard: Guard) -> Field:
    """`Fn::GetAtt`, written `Resource.Attribute` or as a list."""
    match argument:
        case Scalar(text=written) if "." in written:
            return of_resource(evaluator, *dotted_name(written), span, guard)
        case Sequence(items=(first, second)):
            return of_resource(evaluator, text(first) or "", text(second) or "", span, guard)
    hole = Hole((evaluator.scope.owner, f"GetAtt@{span.start}"), "the attribute is not known", place=span)
    return Field.of(Text.unknown(hole, span), span, guard)


def import_value(evaluator: Evaluator, argument: Node, span: Span, guard: Guard) -> Field:
    """`Fn::ImportValue`: another stack's export, not followed here."""
    name = evaluator.field(argument, guard).texts().only
    links = evaluator.scope.links
    if links is not None and name is not None and name.known:
        found = links.export(evaluator.scope, name.known, span, guard)
        if found is not None:
            return found
    called = f"`{name}`" if name is not None else "a value"
    hole = Hole(
        (evaluator.scope.owner, f"import {name}"), f"{called} is exported by another stack", place=span
    )
    return Field.of(Text.unknown(hole, span), span, guard)


def dotted_name(name: str) -> tuple[str, str]:
    """AWS: the logical id ends at the first dot; the attribute may hold more (`Outputs.X`)."""
    resource, _, attribute = name.partition(".")
    return resource, attribute


def of_resource(evaluator: Evaluator, name: str, attribute: str | None, span: Span, guard: Guard) -> Field:
    """What a resource returns: its `Ref` where `attribute` is None, else that attribute."""
    found = evaluator.template.resources.get(name)
    if found is None:
        hole = Hole((evaluator.scope.owner, name), f"`{name}` is not declared in this template", place=span)
        return Field.of(Text.unknown(hole, span), span, guard)
    kind = text(found[1].get("Type")) or ""
    links = evaluator.scope.links
    if links is not None and attribute is not None and attribute.startswith("Outputs."):
        output = links.output(evaluator.scope, name, attribute.removeprefix("Outputs."), span, guard)
        if output is not None:
            return output
    returned = _Returned(evaluator, name, kind, span, guard)
    return Field(span, returned.reference() if attribute is None else returned.attribute(attribute))


class _Returned:
    """The return values of one resource."""

    def __init__(self, evaluator: Evaluator, name: str, kind: str, span: Span, guard: Guard) -> None:
        self.evaluator = evaluator
        self.name = name
        self.kind = kind
        self.span = span
        self.guard = guard

    def reference(self) -> Alternatives[Text | None]:
        if self.kind in _KEYS:
            return self._assigned("KeyId", KEY_ID)
        if self.kind == "AWS::SNS::Topic":
            return self._arn("sns", "", self._property("TopicName", NAME))
        if self.kind == _AIR_GAPPED:
            # AWS: documentation says ARN, schema says name (facts section 8, conflict).
            why = f"what `!Ref {self.name}` gives is not certain: documentation and schema disagree"
            return self._hole("Ref", why, ANY)
        if self.kind in _REF_IS_PROPERTY:
            return self._property(_REF_IS_PROPERTY[self.kind], NAME)
        return self._assigned("Ref", ANY)

    def attribute(self, attribute: str) -> Alternatives[Text | None]:
        match self.kind, attribute:
            case (kind, "BackupVaultArn") if kind in (_VAULT, _AIR_GAPPED):
                return self._arn("backup", "backup-vault:", self._property("BackupVaultName", NAME))
            case (kind, "Arn") if kind in _KEYS:
                return self._arn("kms", "key/", self._assigned("KeyId", KEY_ID))
            case (kind, "KeyId") if kind in _KEYS:
                return self._assigned("KeyId", KEY_ID)
            case ("AWS::IAM::Role", "Arn"):
                return self._role_arn()
            case ("AWS::SNS::Topic", "TopicArn"):
                return self.reference()
        owner = _ATTRIBUTE_IS_PROPERTY.get((self.kind, attribute))
        if owner is not None:
            return self._property(owner, NAME)
        # What an output of a nested stack is called says nothing certain of its value.
        is_arn = attribute.endswith("Arn") and not attribute.startswith("Outputs.")
        return self._assigned(attribute, ARN if is_arn else ANY)

    def _hole(self, attribute: str, why: str, shape: Shape) -> Alternatives[Text | None]:
        place = self.evaluator.template.resources[self.name][0].span
        hole = Hole((self.evaluator.scope.owner, f"{self.name}.{attribute}"), why, shape, place)
        return Alternatives.of(Text.unknown(hole, self.span), self.guard)

    def _assigned(self, attribute: str, shape: Shape) -> Alternatives[Text | None]:
        what = f"`{self.name}`" if attribute == "Ref" else f"`{self.name}.{attribute}`"
        return self._hole(attribute, f"{what} is assigned when the stack is deployed", shape)

    def _property(self, name: str, shape: Shape) -> Alternatives[Text | None]:
        """A property that the resource may leave out; AWS then makes one up."""
        field = self.evaluator.resource_property(self.name, name, self.guard)
        if field is None or field.is_absent:
            return self._assigned(name, shape)
        return field.texts().map(lambda value: value.at(self.span) if value is not None else None)

    def _arn(self, service: str, prefix: str, name: Alternatives[Text | None]) -> Alternatives[Text | None]:
        scope = self.evaluator.scope
        region = Text.literal("", self.span) if service == "iam" else scope.region_text(self.span)
        head = (
            self._literal("arn:"),
            scope.pseudo("AWS::Partition", self.span),
            self._literal(f":{service}:"),
            region,
            self._literal(":"),
            scope.account_text(self.span),
            self._literal(f":{prefix}"),
        )
        return name.map(lambda last: Text.join((*head, last) if last is not None else head, self.span))

    def _role_arn(self) -> Alternatives[Text | None]:
        path = self.evaluator.resource_property(self.name, "Path", self.guard)
        name = self._property("RoleName", NAME)
        if path is None or path.is_absent:
            return self._arn("iam", "role/", name)
        both = path.texts().with_(name, self._behind)
        return self._arn("iam", "role", both)

    def _behind(self, path: Text | None, name: Text | None) -> Text | None:
        pieces = [path.at(self.span) if path is not None else self._literal("/")]
        return Text.join([*pieces, *([name] if name is not None else [])], self.span)

    def _literal(self, text: str) -> Text:
        return Text.literal(text, self.span)
