"""The account of a template, from what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import same_name
from xbackup_lint.policy.arn import VaultArn
from xbackup_lint.policy.principal import Form
from xbackup_lint.policy.statement import Policy
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


@dataclass(frozen=True, slots=True)
class Evidence:
    """An account and region, what told the account, and where it stands."""

    account: str | None
    region: str | None
    how: str = ""
    span: Span | None = None
    contradicting: tuple[str, ...] = ()
    """The accounts that it says it is in, where they are several."""


def infer(estate: Estate, key_policies: Iterable[Policy], region: str | None) -> Evidence:
    """The account of the one template that an estate, and the policies of keys, are of.

    Statements that disagree tell nothing.
    """
    for how, found in (
        ("the resource of its vault's policy", list(_vault_resources(estate))),
        ("the root that its key policies give `kms:*`", list(_key_owners(key_policies))),
    ):
        accounts = sorted({str(account) for account, _ in found})
        if len(accounts) > 1:
            return Evidence(None, region, contradicting=tuple(accounts))
        if found:
            account = found[0][0]
            regions = {text.known for _, text in found if text is not None}
            own = regions.pop() if len(regions) == 1 else None
            return Evidence(account.known, region or own, how, account.span)
    return Evidence(None, region)


Found = tuple[Text, Text | None]
"""An account and, where it stands beside it, a region."""


def _vault_resources(estate: Estate) -> Iterator[Found]:
    """Literal ARNs of a vault's own name, as resources of its own policy."""
    for statement in estate.statements:
        vault = statement.vault
        if vault is None:
            continue
        for _, resource in statement.statement.resources:
            arn = VaultArn.of(resource)
            if arn is not None and _literal(arn.account) and same_name(vault, arn.name) is YES:
                yield arn.account, arn.region if _literal(arn.region) else None


def _key_owners(policies: Iterable[Policy]) -> Iterator[Found]:
    """Literal roots to which key policies give all of `kms:`."""
    for statement in (statement for policy in policies for statement in policy):
        if statement.allows is not YES:
            continue
        if not any(action.known in ("kms:*", "*") for _, action in statement.actions):
            continue
        for principal in statement.principals:
            account = principal.account if principal.form is Form.ACCOUNT else None
            if account is not None and _literal(account):
                yield account, None


def _literal(text: Text) -> bool:
    return text.known is not None and text.known.isdigit() | ("-" in text.known) and not text.assumptions
