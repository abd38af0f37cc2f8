"""Resource shares that templates declare."""

from __future__ import annotations

from xbackup_lint.model.share import Share, listed
from xbackup_lint.sources.cloudformation.declared import Declared, Reader


def _share(declared: Declared) -> None:
    properties = declared.properties
    resources, principals = listed(properties.get("ResourceArns")), listed(properties.get("Principals"))
    share = Share(declared.span, declared.deployment, resources, principals, declared.guard)
    declared.estate.shares.append(share)


READERS: dict[str, Reader] = {"AWS::RAM::ResourceShare": _share}
