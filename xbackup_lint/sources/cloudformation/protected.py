"""The resources of templates that selections name, and what they are encrypted with.

Only these are read: a template may declare hundreds of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.protected import Encryption, Protected
from xbackup_lint.model.resource_types import Types, by_name, declared_as
from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.link import Links
from xbackup_lint.template.references import dotted_name
from xbackup_lint.template.template import text
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, TooMany
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import absent
from xbackup_lint.values.verdict import NO, YES, Verdict

Default = Literal["service", "default"]

# AWS: what says that a resource is encrypted, what names the key, and what key it is where nothing does
# (F3.10; CFN: the pages of these resources).
_DATABASE: tuple[str, str, Default] = ("StorageEncrypted", "KmsKeyId", "service")
_ENCRYPTION: dict[str, tuple[str, str, Default]] = {
    "AWS::RDS::DBInstance": _DATABASE,
    "AWS::RDS::DBCluster": _DATABASE,
    "AWS::DocDB::DBCluster": _DATABASE,
    "AWS::Neptune::DBCluster": _DATABASE,
    "AWS::EC2::Volume": ("Encrypted", "KmsKeyId", "default"),
}
# What is made of one of these is encrypted as that is.
_MADE_OF = (
    "DBSnapshotIdentifier", "SnapshotIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier",
    "SourceDbiResourceId", "ReplicationSourceIdentifier", "GlobalClusterIdentifier", "DBClusterIdentifier",
    "DBClusterSnapshotIdentifier", "SnapshotId",
)  # fmt: skip


def named_in(texts: Iterable[Text], evaluator: Evaluator, here: Deployment) -> dict[Hole, Protected]:
    """The resources that texts of a template name, its own and those of linked ones, by what stands for them."""
    holes = (hole for one in texts for hole in one.holes)
    found = ((hole, _protected(hole, evaluator, here)) for hole in dict.fromkeys(holes))
    return {hole: resource for hole, resource in found if resource is not None}


def _protected(hole: Hole, reader: Evaluator, here: Deployment) -> Protected | None:
    owner, name = hole.symbol
    links = reader.scope.links
    linked = links.evaluator_of(owner) if isinstance(links, Links) else None
    evaluator = reader if owner == reader.scope.owner else linked
    logical_id, _ = dotted_name(name)
    declared = evaluator.template.resources.get(logical_id) if evaluator is not None else None
    if evaluator is None or declared is None:
        return None
    key, node = declared
    kind = text(node.get("Type")) or ""
    types = _types(kind, logical_id, evaluator)
    if not types:
        return None
    return Protected(key.span, here, kind, types, _encryption(kind, logical_id, key.span, evaluator))


def _types(kind: str, logical_id: str, evaluator: Evaluator) -> Types:
    """The types that it may be, told by the properties on which that depends."""
    types = declared_as(kind)
    names = by_name()
    match kind:
        case "AWS::RDS::DBCluster":
            instances = _texts("DBClusterInstanceClass", logical_id, evaluator)
            if all(one is None for one in instances.values):
                return frozenset({names["Aurora"]})
            return frozenset({names["RDS Multi-AZ cluster"]}) if None not in instances.values else types
        case "AWS::RDS::DBInstance":
            engines = _texts("Engine", logical_id, evaluator).values
            if any(one is not None and one.starts_with("aurora") for one in engines):
                return frozenset({names["Aurora"]})
        case "AWS::FSx::Volume":
            volumes = {
                one.known if one is not None else None
                for one in _texts("VolumeType", logical_id, evaluator).values
            }
            return frozenset({names["FSx for ONTAP"]}) if volumes == {"ONTAP"} else types
    return types


def _texts(name: str, logical_id: str, evaluator: Evaluator) -> Alternatives[Text | None]:
    given = evaluator.resource_property(logical_id, name, ALWAYS)
    return (given or absent(evaluator.template.root.span)).texts()


def _encryption(kind: str, logical_id: str, place: Span, evaluator: Evaluator) -> Alternatives[Encryption]:
    form = _ENCRYPTION.get(kind)
    if form is None:
        return Alternatives.of(Encryption("unknown", place))
    switch, key, default = form
    inherits = any(evaluator.resource_property(logical_id, name, ALWAYS) is not None for name in _MADE_OF)

    def told(on: Text | None, own: Text | None) -> Encryption:
        return _told(on, own, default, place, inherits=inherits)

    try:
        return _texts(switch, logical_id, evaluator).with_(_texts(key, logical_id, evaluator), told)
    except TooMany:
        return Alternatives.of(Encryption("unknown", place))


def _told(on: Text | None, own: Text | None, default: Default, place: Span, *, inherits: bool) -> Encryption:
    """What switch and key say together. AWS: a key without the switch encrypts nothing that is made anew."""
    if own is not None and own.parts:
        managed = _is_service_key(own)
        if managed is YES:
            return Encryption("service", own.span)
        return Encryption("own", own.span, own)
    if inherits:
        return Encryption("unknown", place)
    if on is None or (on.known or "").lower() in ("false", "no", "off"):
        return Encryption("none", place)
    if on.known is None:
        return Encryption("unknown", on.span, holes=on.holes)
    if default == "service":
        return Encryption("service", on.span)
    why = "which key the account takes where none is named is a setting of its region"
    hole = Hole((place.source.path, f"default key {place.start}"), why, place=on.span)
    return Encryption("default", on.span, holes=(hole,))


def _is_service_key(key: Text) -> Verdict:
    """AWS: the aliases of AWS managed keys begin with `aws/`, and no others can (KMS: aliases)."""
    known = key.known
    if known is None:
        return NO
    return Verdict.of(known.startswith("alias/aws/") or (known.startswith("arn:") and ":alias/aws/" in known))
