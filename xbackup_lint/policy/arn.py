"""Amazon Resource Names whose fields may be unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xbackup_lint.values.hole import ACCOUNT, ANY, ARN, PARTITION, REGION
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: BC:BackupVaultName; the API also shows the vault of EFS's automatic backups (F2.1, F2.5).
VAULT_NAME = re.compile(r"[a-zA-Z0-9\-_]{2,50}")
EFS_VAULT = "aws/efs/automatic-backup-vault"


@dataclass(frozen=True, slots=True, eq=False)
class Arn:
    """An ARN in its fields. A hole in a field has that field's shape."""

    text: Text
    partition: Text
    service: Text
    region: Text
    account: Text
    resource: Text

    @staticmethod
    def of(text: Text) -> Arn | None:
        """The ARN that a text spells; None where it is none, or where its fields cannot be told apart."""
        pieces = text.split(":", 5, trusting=True)
        if pieces is None or len(pieces) != 6 or pieces[0].known != "arn":
            return None
        _, partition, service, region, account, resource = pieces
        return Arn(
            text,
            partition.shaped(PARTITION),
            service,
            region.shaped(REGION),
            account.shaped(ACCOUNT),
            resource,
        )


@dataclass(frozen=True, slots=True, eq=False)
class VaultArn:
    """`arn:<partition>:backup:<region>:<account>:backup-vault:<name>`."""

    arn: Arn
    name: Text

    @staticmethod
    def of(text: Text) -> VaultArn | None:
        arn = Arn.of(text)
        if arn is None or arn.service.known != "backup":
            return None
        pieces = arn.resource.split(":", 1, trusting=True)
        if pieces is None or len(pieces) != 2 or pieces[0].known != "backup-vault":
            return None
        return VaultArn(arn, pieces[1])

    @property
    def account(self) -> Text:
        return self.arn.account

    @property
    def region(self) -> Text:
        return self.arn.region


def is_arn(text: Text) -> Verdict:
    """Whether a text is an ARN, well formed or not: whether it begins with `arn:`."""
    first = text.parts[0] if text.parts else None
    if first is None:
        return NO
    if isinstance(first, Fragment):
        known = "".join(part.text for part in text.parts if isinstance(part, Fragment))
        if first.text.startswith("arn:"):
            return YES
        return UNKNOWN if "arn:".startswith(first.text) and len(text.parts) > 1 and len(known) < 4 else NO
    shape = first.shape
    if shape.options:
        arns = [option.startswith("arn:") for option in shape.options]
        return YES if all(arns) else UNKNOWN if any(arns) else NO
    if shape is ARN:
        return YES
    return UNKNOWN if shape is ANY else NO


def vault_arn_fault(text: Text) -> tuple[Verdict, str, Text]:
    """Whether a text cannot be a vault's ARN; a word for why, and the part that is wrong."""
    arn = is_arn(text)
    if arn is NO:
        return YES, "not-an-arn", text
    if arn is UNKNOWN or text.hole is not None:
        return UNKNOWN if arn is UNKNOWN else NO, "unknown", text
    parsed = Arn.of(text)
    if parsed is None:
        open_ended = any(hole.shape.may_contain(":") for hole in text.holes)
        return UNKNOWN if open_ended else YES, "too-few-fields", text
    return _field_fault(parsed)


def _field_fault(arn: Arn) -> tuple[Verdict, str, Text]:
    checks = (
        ("wrong-service", arn.service, arn.service.known not in (None, "backup")),
        ("no-region", arn.text, arn.region.known == ""),
        ("no-account", arn.text, arn.account.known == ""),
        ("wrong-account", arn.account, _is_not(arn.account, r"[0-9]{12}")),
        ("wrong-region", arn.region, _is_not(arn.region, r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")),
    )
    for reason, part, wrong in checks:
        if wrong:
            return YES, reason, part
    pieces = arn.resource.split(":", 1, trusting=True) or []
    head = pieces[0].known if pieces else None
    if head != "backup-vault":
        open_ended = bool(pieces and pieces[0].holes)
        return UNKNOWN if open_ended else YES, "wrong-resource", arn.resource
    if len(pieces) < 2:
        return YES, "wrong-resource", arn.resource
    if _is_not(pieces[1], VAULT_NAME.pattern):
        return YES, "wrong-name", pieces[1]
    return NO, "", arn.text


def _is_not(text: Text, pattern: str) -> bool:
    known = text.known
    return known is not None and re.fullmatch(pattern, known) is None
