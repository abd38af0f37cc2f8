"""The types of resources that AWS Backup backs up, and what it does with the backups of each.

`data/resource-types.json` is read once, when the first question is asked.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from xbackup_lint.dataclass import dataclass
from xbackup_lint.values.comparison import glob, like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


class _Data(TypedDict):
    types: dict[str, dict[str, object]]


@dataclass(frozen=True, slots=True, eq=False)
class ResourceType:
    """A type of resource. UNKNOWN stands for what AWS's sources disagree on, or say nothing of."""

    name: str
    arns: tuple[tuple[str, str], ...]
    """Service and beginning of the resource in an ARN."""
    declared: tuple[str, ...]
    """CloudFormation's types."""
    managed: Verdict
    """Whether it is fully managed: its backups are encrypted with the key of their vault (F3.6, F3.7)."""
    cross_account: Verdict
    cross_region: Verdict
    cold_storage: Verdict
    air_gapped: Verdict
    """Whether a logically air-gapped vault takes its backups (F4.22)."""
    continuous: bool
    service: str
    """The service through which a copy reaches the resource's own key; empty of fully managed types."""
    not_in_opt_in_regions: tuple[str, ...]
    off: str
    """The type that it is where its advanced features are off (F6.4); empty of most."""


Types = frozenset[ResourceType]


@cache
def _data() -> _Data:
    path = Path(__file__).with_name("data").joinpath("resource-types.json")
    data: _Data = json.loads(path.read_bytes())
    return data


@cache
def by_name() -> dict[str, ResourceType]:
    """Every type, by its name."""
    return {name: _type(name, row) for name, row in _data()["types"].items()}


def _type(name: str, row: dict[str, object]) -> ResourceType:
    def verdict(key: str) -> Verdict:
        return {True: YES, False: NO}.get(row[key], UNKNOWN)  # type: ignore[call-overload, no-any-return]

    def words(key: str) -> tuple[str, ...]:
        found = row.get(key, ())
        return tuple(map(str, found)) if isinstance(found, list) else ()

    pairs = (arn.partition(":") for arn in words("arns"))
    return ResourceType(
        name,
        tuple((service, kind) for service, _, kind in pairs),
        words("declared"),
        verdict("managed"),
        verdict("cross-account"),
        verdict("cross-region"),
        verdict("cold-storage"),
        verdict("air-gapped"),
        bool(row.get("continuous")),
        str(row.get("service", "")),
        words("not-in-opt-in-regions"),
        str(row.get("off", "")),
    )


@cache
def opt_in_regions() -> frozenset[str]:
    """The regions that are off until an account turns them on (F1.28)."""
    return frozenset(_data()["opt-in-regions"])  # type: ignore[typeddict-item]


@cache
def every_type() -> Types:
    """What a selection by tags may pick."""
    return frozenset(one for one in by_name().values() if one.arns)


@cache
def declared_as(kind: str) -> Types:
    """The types that a resource of CloudFormation may be."""
    return frozenset(one for one in by_name().values() if kind in one.declared)


def types_of(arn: Text) -> Types:
    """The types that an ARN or pattern may pick; every type where nothing tells."""
    fields = (arn.split(":", 5, trusting=True) or [arn]) if arn.parts else [arn]
    if fields[0].known != "arn":
        return every_type()
    reaches = {one for one in every_type() if any(_may_pick(fields, *form) for form in one.arns)}
    # Whatever AWS Backup has learnt since may be meant by what none of the forms fits.
    return frozenset(reaches) or every_type()


def _may_pick(fields: list[Text], service: str, kind: str) -> bool:
    """Whether a pattern in its fields may fit resources of a form. A last `*` stands for all fields that follow."""
    if len(fields) < 3:
        return fields[-1].known in ("*", "arn")
    if like(service, fields[2]) is NO:
        return False
    if len(fields) < 6:
        return (fields[-1].known or "*").endswith("*")
    return _reaches(fields[5], kind)


def _reaches(resource: Text, kind: str) -> bool:
    """Whether a resource may begin with `kind`: as far as it is known before any wildcard or hole."""
    start = resource.beginning
    wild = min((start.find(letter) for letter in "*?" if letter in start), default=-1)
    head = start[:wild] if wild >= 0 else start
    open_ended = wild >= 0 or bool(resource.holes)
    return head.startswith(kind) or (open_ended and kind.startswith(head))


def excluded_by(pattern: Text) -> Types:
    """The types of which a pattern leaves nothing: it stands for all resources of them."""
    known = pattern.known
    if known is None:
        return frozenset()
    return frozenset(
        one
        for one in every_type()
        if all(glob(f"arn:\0:{service}:\0:\0:{kind}\0", _any_partition(known)) for service, kind in one.arns)
    )


def _any_partition(pattern: str) -> str:
    """AWS: the ARNs of S3's buckets have neither region nor account; patterns write them so."""
    fields = pattern.split(":", 5)
    if len(fields) == 6:
        fields[1] = "*"
        if fields[2] == "s3":
            fields[3] = fields[4] = "*"
    return ":".join(fields)


def names(types: Types, most: int = 4) -> str:
    """Types in words: `EC2, EBS and RDS`. Of many the first: `EC2, EBS, S3 and 5 more types`."""
    listed = [name for name, one in by_name().items() if one in types]
    if len(listed) > most:
        return f"{', '.join(listed[: most - 1])} and {len(listed) - most + 1} more types"
    return f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else "".join(listed)
