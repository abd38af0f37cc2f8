"""Who a policy statement speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from xbackup_lint.policy.arn import Arn
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text

# AWS: the service-linked role that works for AWS Backup in every account (F1.8).
SERVICE_LINKED_ROLE = "aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"

_UNIQUE_ID = re.compile(r"A(ROA|IDA|GPA|IPA|NPA|NVA|SIA|KIA)[A-Z0-9]{5,}")
_DIGITS = re.compile(r"[0-9]+")


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
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Principal:
    """One principal of a statement. `kind` is the key it stands under: AWS, Service, Federated, CanonicalUser."""

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
        if self.arn is not None:
            return self._form_of_arn(self.arn)
        known = self.text.known
        if known is None:
            return Form.UNKNOWN
        if known == "*":
            return Form.ANYONE
        if _UNIQUE_ID.fullmatch(known):
            return Form.UNIQUE_ID
        return Form.ACCOUNT if re.fullmatch(r"[0-9]{12}", known) else Form.MALFORMED

    @staticmethod
    def _form_of_arn(arn: Arn) -> Form:
        account, service = arn.account.known, arn.service.known
        if account is not None and not re.fullmatch(r"[0-9]{12}|cloudfront", account):
            return Form.MALFORMED
        first = arn.resource.parts[0] if arn.resource.parts else None
        if arn.resource.known == "root":
            return Form.ACCOUNT
        if service == "sts":
            return Form.SESSION
        if first is None or (not arn.resource.known and arn.resource.hole is not None):
            return Form.UNKNOWN if first is not None else Form.MALFORMED
        for prefix, form in (("role/", Form.ROLE), ("user/", Form.USER)):
            if arn.resource.starts_with(prefix):
                return form
        return Form.OTHER if arn.resource.known is None else Form.MALFORMED

    @property
    def fault(self) -> str:
        """A word for why no such principal can exist; empty where it can."""
        if self.form is Form.UNIQUE_ID:
            return "unique-id"
        if self.form is not Form.MALFORMED or not self.text.known:
            return "no-account" if self.form is Form.MALFORMED and self.text.holes else ""
        if self.arn is not None:
            account = self.arn.account.known
            if account == "":
                return "no-account"
            return (
                "wrong-account" if account and not re.fullmatch(r"[0-9]{12}", account) else "not-a-principal"
            )
        return "wrong-account" if _DIGITS.fullmatch(self.text.known) else "not-a-principal"

    @property
    def account(self) -> Text | None:
        """The account that the principal is or belongs to; None for services, everyone and what is malformed."""
        if self.form in (Form.MALFORMED, Form.ANYONE, Form.SERVICE, Form.UNIQUE_ID, Form.OTHER):
            return self.arn.account if self.form is Form.OTHER and self.arn is not None else None
        return self.arn.account if self.arn is not None else self.text
