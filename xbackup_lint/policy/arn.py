"""Amazon Resource Names whose fields may be unknown."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.values.hole import ACCOUNT, ANY, ARN, PARTITION, REGION, Shape
from xbackup_lint.values.once import once
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: BC:BackupVaultName; the API also shows the vault of EFS's automatic backups (F2.1, F2.5).
VAULT_NAME = regex(r"[a-zA-Z0-9\-_]{2,50}")
EFS_VAULT = "aws/efs/automatic-backup-vault"
_NAME_PART = regex(r"[a-zA-Z0-9\-_]*")
_LONGEST_NAME = 50
# AWS: what `Fn::Sub` replaces: logical ids and parameters, their attributes, pseudo parameters (CFN: Fn::Sub).
_VARIABLE = regex(r"\$\{(AWS::)?[A-Za-z0-9]+(\.[A-Za-z0-9.]+)?\}")

_FIELDS = 7
"""`arn`, partition, service, region, account, resource type, name."""
_RESOURCE_TYPE = "backup-vault"


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
    @once
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
    start = text.beginning
    if start or not text.parts:
        return _begins_as_arn(start, goes_on=bool(text.holes))
    shape = text.holes[0].shape
    if shape.options:
        verdicts = {_begins_as_arn(option, goes_on=len(text.parts) > 1) for option in shape.options}
        return verdicts.pop() if len(verdicts) == 1 else UNKNOWN
    if shape is ARN:
        return YES
    return UNKNOWN if shape is ANY else NO


def _begins_as_arn(start: str, *, goes_on: bool) -> Verdict:
    if start.startswith("arn:"):
        return YES
    return UNKNOWN if goes_on and "arn:".startswith(start) else NO


def is_vault_name(text: Text) -> Verdict:
    """Whether a vault that is made can have this name. NO as soon as a known part of it rules that out."""
    known = text.known
    if known is not None:
        return Verdict.of(VAULT_NAME.fullmatch(known) is not None)
    fragments = [part.text for part in text.parts if isinstance(part, Fragment)]
    fits = all(map(_NAME_PART.fullmatch, fragments)) and sum(map(len, fragments)) <= _LONGEST_NAME
    return UNKNOWN if fits else NO


def lacks_sub(text: Text) -> Verdict:
    """Whether `${Name}` stands in a text as it is, no `Fn::Sub` being there to replace it.

    UNKNOWN where CloudFormation has no such names (`${self:custom.vault}`): another tool replaces those.
    """
    known = "".join(part.text for part in text.parts if isinstance(part, Fragment))
    if "${" not in known:
        return NO
    return UNKNOWN if "${" in _VARIABLE.sub("", known) else YES


Fault = tuple[Verdict, str, Text]
"""Whether something is wrong, a word for why, and the part that is."""


@once
def vault_arn_fault(text: Text) -> Fault:
    """Whether a text cannot be the ARN of a vault."""
    literal = lacks_sub(text)
    if literal is not NO:
        return literal, "not-substituted", text
    arn = is_arn(text)
    if arn is NO:
        return YES, "not-an-arn" if text.parts else "empty", text
    if arn is UNKNOWN or text.hole is not None:
        return UNKNOWN, "unknown", text
    # Holes are taken to hold no colon as long as all seven fields are there without.
    fields = text.split(":", _FIELDS - 1, trusting=True) or []
    closed = [not any(hole.shape.may_contain(":") for hole in field.holes) for field in fields]
    if all(closed[:3]) and len(fields) > 2 and _is_other(fields[2], "backup"):
        return YES, "wrong-service", fields[2]
    if len(fields) == _FIELDS:
        return _field_fault(text, fields)
    if not all(closed):
        return UNKNOWN, "unknown", text
    if len(fields) < _FIELDS - 1:
        return YES, "too-few-fields", text
    return YES, "no-name" if fields[5].known == _RESOURCE_TYPE else "wrong-resource", fields[5]


@once
def vault_arn(text: Text) -> VaultArn | None:
    """The ARN of a vault in its fields; None where it cannot be one, or its fields cannot be told apart."""
    return VaultArn.of(text) if vault_arn_fault(text)[0] is not YES else None


def vault_identity(text: Text) -> tuple[object, ...]:
    """The same for ARNs that certainly name one vault, however their partition is written."""
    arn = vault_arn(text)
    return text.identity if arn is None else (arn.region.identity, arn.account.identity, arn.name.identity)


def _field_fault(text: Text, fields: list[Text]) -> Fault:
    _, partition, _, region, account, kind, name = fields
    checks = (
        ("wrong-partition", partition, _cannot_be(partition, PARTITION)),
        ("no-region", text, not region.parts),
        ("wrong-region", region, _cannot_be(region, REGION)),
        ("no-account", text, not account.parts),
        ("wrong-account", account, _cannot_be(account, ACCOUNT)),
        ("wrong-type", kind, _is_other(kind, _RESOURCE_TYPE)),
        ("no-name", text, not name.parts),
        # Backups cannot be copied into EFS's own vault, but its ARN is well formed.
        ("wrong-name", name, is_vault_name(name) is NO and name.known != EFS_VAULT),
    )
    found = ((YES, reason, part) for reason, part, wrong in checks if wrong)
    return next(found, (UNKNOWN if text.holes else NO, "", text))


def _is_other(field: Text, wanted: str) -> bool:
    return field.known not in (None, wanted)


def _cannot_be(field: Text, shape: Shape) -> bool:
    return field.known is not None and not shape.could_be(field.known)
