"""The roles that AWS Backup works as, and the policies that say what they may do."""

from __future__ import annotations

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Guarded, Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field

Texts = Alternatives[Text | None]
_NONE: Texts = Alternatives.of(None)


@dataclass(frozen=True, eq=False)
class Role:
    """An IAM role, as a template declares it or as it was printed."""

    span: Span
    deployment: Deployment
    name: Texts
    """`RoleName`; None where AWS makes one up."""
    path: Texts
    """`Path`; None is `/`."""
    guard: Guard
    arns: Texts = _NONE
    """Its ARN, as `Fn::GetAtt` gives it."""
    inline: tuple[Policy, ...] = ()
    """The policies that it holds itself."""
    managed: tuple[Guarded, ...] = ()
    """`ManagedPolicyArns` as given."""
    boundary: Texts = _NONE
    """`PermissionsBoundary` as given."""
    trust_document: Field | None = None
    """`AssumeRolePolicyDocument` as given."""
    is_printed: bool = False
    """Whether the AWS CLI printed it: it is there already. A template says what will be."""
    shows_policies: bool = True
    """Whether the inputs that describe it show all its policies."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def label(self) -> str:
        """The role's name, for messages; its logical id where AWS makes the name up."""
        return next((str(name) for name in self.name.values if name is not None), self.span.unquoted)

    @cached_property
    def trust(self) -> Policy | None:
        """Who may assume it."""
        return read_policy(self.trust_document) if self.trust_document is not None else None


@dataclass(frozen=True, eq=False)
class IdentityPolicy:
    """A policy that stands by itself and is attached to roles: by its own `Roles`, or by its ARN in theirs.

    Whoever reads policies may add one to `Estate.identity_policies`, until the first question about roles is asked.
    """

    span: Span
    deployment: Deployment
    guard: Guard
    policy: Policy
    arns: tuple[Text, ...] = ()
    """What a role may name it by."""
    roles: tuple[Guarded, ...] = ()
    """Names of roles in its own account, or ARNs, to which it says that it is attached."""
    name: str = ""
    """Of one that stands in a role and that the AWS CLI printed by itself: its name there."""
    is_printed: bool = False
    """Whether the AWS CLI printed it: roles that templates declare do not have it for that."""
