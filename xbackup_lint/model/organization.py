"""Organizations backup policies, before anything tells for which accounts they make plans."""

from __future__ import annotations

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.problem import Problem
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

# AWS: the id of a root is `r-` and 4 to 32 lower-case letters and digits (Organizations API, Root).
_ROOT = regex(r"r-[a-z0-9]{4,32}")
_ACCOUNT = regex(r"[0-9]{12}")


@dataclass(frozen=True, slots=True, eq=False)
class Lack:
    """A required key that a policy lacks. Another that is attached above or below it may give it."""

    path: tuple[str, ...]
    """From `plans` down to the key."""
    problem: Problem


@dataclass(frozen=True, eq=False)
class BackupPolicy:
    """A backup policy as its author wrote it, or (`effective`) as Organizations prints what all come to."""

    span: Span
    """The logical id of its resource, or `plans` in a document."""
    document: Field
    """What it says, under the right names, its operators included."""
    is_in_template: bool
    attached_to: tuple[Text, ...] = ()
    """The ids of root, organizational units and accounts, as the files tell them."""
    effective_in: Text | None = None
    """The account that an effective policy is of, known or a symbol."""
    lacks: tuple[Lack, ...] = ()

    @property
    def path(self) -> str:
        return self.span.source.path

    @property
    def roots(self) -> frozenset[str]:
        """The roots that it is attached to."""
        return frozenset(text.known for text in self.attached_to if text.known is not None and is_root(text))

    @property
    def accounts(self) -> tuple[Text, ...]:
        """The accounts that it is attached to itself."""
        return tuple(text for text in self.attached_to if is_account(text))

    def gives(self, path: tuple[str, ...]) -> bool:
        """Whether it says something at a key."""
        return not self.document.path(*path).is_absent

    def is_attached_to(self, target: str) -> bool:
        """Whether the files attach it to a root, organizational unit or account of this id."""
        return any(text.known == target for text in self.attached_to)


@dataclass(frozen=True, slots=True, eq=False)
class Membership:
    """What `describe-organization` and `list-accounts` tell: accounts of an organization."""

    span: Span
    organization: str
    """Its id."""
    accounts: frozenset[str]


def is_root(target: Text) -> bool:
    """Whether a target is certainly the root of an organization."""
    return _ROOT.fullmatch(target.known or "") is not None


def is_account(target: Text) -> bool:
    """Whether a target is certainly an account."""
    return _ACCOUNT.fullmatch(target.known or "") is not None
