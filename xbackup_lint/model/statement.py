"""A statement of a policy, together with what the policy is attached to."""

from __future__ import annotations

from typing import Literal

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.key import Key
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.statement import Policy, Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard

PolicyKind = Literal["vault", "key", "identity", "service-control"]
"""What a policy is attached to. A policy attached to nothing is judged by what it says.

`service-control` is a control policy of an organization, whether for identities or for resources.
"""

_LINKED = "role/aws-service-role/backup.amazonaws.com/"


@dataclass(frozen=True, eq=False)
class PolicyStatement:
    """One statement of a vault's access policy, a key's policy or an identity's policy."""

    statement: Statement
    policy_kind: PolicyKind
    """What its policy is attached to."""
    deployment: Deployment
    policy: Policy
    vault: Vault | None = None
    kms_key: Key | None = None

    @property
    def key(self) -> Span:
        return self.statement.span

    @property
    def guard(self) -> Guard:
        return self.statement.guard

    @property
    def span(self) -> Span:
        return self.statement.span


@dataclass(frozen=True, eq=False)
class StatementPrincipal:
    """One principal that a statement names."""

    principal: Principal
    policy_kind: PolicyKind
    """What the policy of its statement is attached to."""

    @property
    def key(self) -> Span:
        return self.principal.span

    @property
    def guard(self) -> Guard:
        return self.principal.guard

    @property
    def span(self) -> Span:
        """Where the principal is written: in the statement, or as the default of a parameter that it names."""
        text = self.principal.text
        return text.birthplace if text.assumptions else text.span

    @cached_property
    def fault(self) -> str:
        """A word for why no such principal can exist, such as `wrong-account`; empty where one can."""
        return self.principal.fault

    @property
    def is_service_linked_role(self) -> bool:
        """Whether it is the role that works for AWS Backup in an account."""
        arn = self.principal.arn
        return arn is not None and arn.resource.starts_with(_LINKED)

    @property
    def text(self) -> str:
        """The principal as given."""
        return str(self.principal.text)
