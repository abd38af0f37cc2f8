"""What `create-resource-share` and `associate-resource-share` take, as JSON."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.share import Share, listed
from xbackup_lint.text.node import Mapping
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal


def is_share(members: set[str]) -> bool:
    """Whether it is what one of the two calls takes."""
    return {"resourceArns", "principals"} <= members


def read_share(root: Mapping, here: Deployment, estate: Estate) -> None:
    """A share. A file that says nothing of backup vaults is not read that far."""
    document = literal(root)
    resources, principals = listed(document.get("resourceArns")), listed(document.get("principals"))
    span = (root.get("name") or root.get("resourceShareArn") or root).span
    estate.deployments.append(here)
    estate.shares.append(Share(span, here, resources, principals, ALWAYS))
