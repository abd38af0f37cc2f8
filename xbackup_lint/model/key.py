"""KMS keys, and what can be the ARN of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import Arn, Fault, is_arn, lacks_sub
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import ACCOUNT, KEY_ID, REGION, Shape
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES

# AWS: a key id is a UUID, that of a multi-Region key `mrk-` and 32 hexadecimal digits (KMS: key identifiers).
_KEY_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Key:
    """A KMS key, or the replica of one, and its key policy."""

    span: Span
    """The logical id, or the ARN that names the key in a document."""
    deployment: Deployment
    arn: Text
    policy: Policy | None
    guard: Guard
    is_replica: bool = False

    @cached_property
    def key(self) -> Span:
        return self.span


def key_arn_fault(text: Text) -> Fault:
    """Whether a text cannot be the ARN of a KMS key, as `EncryptionKeyArn` takes it (AWS: F3.1).

    An empty text is not judged: what AWS makes of it is not documented.
    """
    literal = lacks_sub(text)
    if literal is not NO:
        return literal, "not-substituted", text
    if text.starts_with("alias/"):
        return YES, "alias", text
    begins = is_arn(text)
    if begins is not YES:
        certain = begins is NO and text.parts
        return (YES, _why_no_arn(text), text) if certain else (UNKNOWN, "", text)
    arn = Arn.of(text)
    if arn is None:
        open_ended = any(hole.shape.may_contain(":") for hole in text.holes)
        return (UNKNOWN, "", text) if open_ended else (YES, "too-few-fields", text)
    return _fault_in_a_field(arn)


def _why_no_arn(text: Text) -> str:
    if text.hole is not None and text.hole.shape is KEY_ID:
        return "reference"
    return "key-id" if text.known is not None and _KEY_ID.fullmatch(text.known) else "not-an-arn"


def _fault_in_a_field(arn: Arn) -> Fault:
    kind, *rest = arn.resource.split("/", 1, trusting=True) or [arn.resource]
    key_id = rest[0] if rest and rest[0].parts else None
    checks = (
        ("wrong-service", arn.service, arn.service.known not in (None, "kms")),
        ("alias", arn.text, kind.known == "alias"),
        ("wrong-region", arn.region, _cannot_be(arn.region, REGION)),
        ("wrong-account", arn.account, _cannot_be(arn.account, ACCOUNT)),
        ("not-a-key", arn.resource, kind.known is not None and (kind.known != "key" or key_id is None)),
        ("not-a-key-id", key_id or arn.resource, key_id is not None and _is_no_key_id(key_id)),
    )
    found: Iterator[Fault] = ((YES, reason, part) for reason, part, wrong in checks if wrong)
    return next(found, (NO, "", arn.text))


def _cannot_be(field: Text, shape: Shape) -> bool:
    return field.known is not None and not shape.could_be(field.known)


def _is_no_key_id(text: Text) -> bool:
    return text.known is not None and _KEY_ID.fullmatch(text.known) is None
