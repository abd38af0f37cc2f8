"""Logic that joins several nouns; no words."""

from __future__ import annotations

from xbackup_lint.checks import (
    copies,
    grants,
    keys,
    lifecycles,
    needs,
    organizations,
    policies,
    resources,
    targets,
)
from xbackup_lint.checks.hit import CHECKS

__all__ = [
    "CHECKS",
    "copies",
    "grants",
    "keys",
    "lifecycles",
    "needs",
    "organizations",
    "policies",
    "resources",
    "targets",
]
