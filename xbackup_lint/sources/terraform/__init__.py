"""What `terraform show -json` prints."""

from __future__ import annotations

from xbackup_lint.config.word import member
from xbackup_lint.text.node import Mapping


def root_module(root: Mapping) -> Mapping | None:
    """The resources of a plan or state; None of a document that is neither."""
    if root.get("format_version") is None:
        return None
    module = member(root.get("planned_values") or root.get("values"), "root_module")
    return module if isinstance(module, Mapping) else None
