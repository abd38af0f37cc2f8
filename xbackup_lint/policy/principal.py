"""Who a policy statement speaks of."""

from __future__ import annotations

from enum import Enum

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.policy.arn import Arn
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.hole import ACCOUNT, NAME, Hole
from xbackup_lint.values.text import Fragment, Text

# AWS: the service-linked role that works for AWS Backup in every account (F1.8).
SERVICE_LINKED_ROLE = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"

# AWS: unique ids and access keys, told by their first four letters (IAM: identifiers).
_UNIQUE_ID = regex(r"A(ROA|IDA|GPA|IPA|NPA|NVA|SIA|KIA)[A-Z0-9]{5,}")
_DIGITS = regex(r"[0-9]+")
# AWS: CloudFront's origin access identities are users of an account of that name.
_ACCOUNT = regex(r"[0-9]{12}|cloudfront")


class Form(Enum):
    """The forms of a principal, as IAM distinguishes them."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    ROLE = "role"
    USER = "user"
    SESSION = "session"
    SERVICE = "service"
    UNIQUE_ID = "unique id"
    OTHER = "other"
    """A federated or canonical user."""
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


_OF_AN_ACCOUNT = (Form.ACCOUNT, Form.ROLE, Form.USER, Form.SESSION, Form.UNKNOWN)
_RESOURCES = {
    "iam": {"root": Form.ACCOUNT, "role/": Form.ROLE, "user/": Form.USER},
    "sts": {"assumed-role/": Form.SESSION, "federated-user/": Form.SESSION},
}


@dataclass(frozen=True, eq=False)
class Principal:
    """One principal of a statement. `kind` is the key that it stands under, such as `AWS` or `Service`."""

    text: Text
    kind: str
    guard: Guard

    @property
    def span(self) -> Span:
        return self.text.span

    @cached_property
    def arn(self) -> Arn | None:
        return Arn.of(self.text) if self.kind == "AWS" else None

    @cached_property
    def form(self) -> Form:
        if self.kind != "AWS":
            return Form.SERVICE if self.kind == "Service" else Form.OTHER
        if self.text.known == "*":
            return Form.ANYONE
        if self._has_wildcard:
            return Form.MALFORMED
        if self.arn is not None:
            return _form_of_arn(self.arn)
        if self.text.hole is not None:
            return _form_of_hole(self.text.hole)
        return _form_of_word(self.text.known) if self.text.known is not None else Form.UNKNOWN

    @property
    def _has_wildcard(self) -> bool:
        """AWS: `*` stands alone, never for part of a principal (IAM: Principal)."""
        known = (part.text for part in self.text.parts if isinstance(part, Fragment))
        return any("*" in text or "?" in text for text in known)

    @property
    def fault(self) -> str:
        """A word for why no such principal can exist; empty where one can, or where that is not known."""
        if self.form is Form.UNIQUE_ID:
            return "unique-id"
        if self.form is not Form.MALFORMED:
            return ""
        if self._has_wildcard:
            return "wildcard"
        if self.arn is not None:
            return _fault_of_arn(self.arn)
        if self.text.known is None:
            return "name"
        return "wrong-account" if _DIGITS.fullmatch(self.text.known) else "not-a-principal"

    @property
    def account(self) -> Text | None:
        """The account that it is or belongs to; the text itself where that is all unknown.

        None of services, everyone, and what is malformed or of another kind.
        """
        if self.form not in _OF_AN_ACCOUNT:
            return None
        return self.arn.account if self.arn is not None else self.text


def _form_of_word(word: str) -> Form:
    if _UNIQUE_ID.fullmatch(word):
        return Form.UNIQUE_ID
    return Form.ACCOUNT if ACCOUNT.could_be(word) else Form.MALFORMED


def _form_of_hole(hole: Hole) -> Form:
    """What an unknown can only be, by its shape. A generated name is no principal."""
    if hole.shape is ACCOUNT:
        return Form.ACCOUNT
    forms = {_form_of_word(option) for option in hole.shape.options}
    if forms == {Form.ACCOUNT}:
        return Form.ACCOUNT
    return Form.MALFORMED if hole.shape is NAME else Form.UNKNOWN


def _form_of_arn(arn: Arn) -> Form:
    forms = _RESOURCES.get(arn.service.known or "iam", {})
    if _fault_of_account(arn):
        return Form.MALFORMED
    for start, form in forms.items():
        if arn.resource.known == start if form is Form.ACCOUNT else arn.resource.starts_with(start):
            return form
    beginning = arn.resource.beginning
    open_ended = arn.resource.holes and any(start.startswith(beginning) for start in forms)
    return Form.UNKNOWN if open_ended else Form.MALFORMED


def _fault_of_arn(arn: Arn) -> str:
    of_account = _fault_of_account(arn) if arn.service.known in (None, *_RESOURCES) else ""
    return of_account or "not-a-principal"


def _fault_of_account(arn: Arn) -> str:
    account = arn.account.known
    if account == "":
        return "no-account"
    return "" if account is None or _ACCOUNT.fullmatch(account) else "wrong-account"
