"""Where the AWS CLI printed a document: the account and region of an ARN in it."""

from __future__ import annotations

from xbackup_lint.model.deployment import Deployment, deployment
from xbackup_lint.policy.arn import Arn
from xbackup_lint.text.node import Node, Scalar
from xbackup_lint.values.text import Text


def placed(arn_node: Node | None, here: Deployment) -> Deployment:
    """The account and region in an ARN that a call printed; else those of the file."""
    return placed_by(Text.of(arn_node) if isinstance(arn_node, Scalar) else None, here)


def placed_by(text: Text | None, here: Deployment) -> Deployment:
    """The same, by the text of an ARN. Those of IAM have no region."""
    arn = Arn.of(text) if text is not None else None
    if text is None or arn is None or not arn.account.known or arn.region.known is None:
        return here
    region = arn.region.known or here.region.known
    return deployment(here.path, text.span, arn.account.known, region, "the ARN in it")
