"""The vaults of an estate as rows: who may copy in, who may delete, by which statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.engine.finding import location
from xbackup_lint.engine.result import Access, VaultRow
from xbackup_lint.model.access import DELETE, Said, allowed, denied
from xbackup_lint.model.context import COPY_INTO
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.mishap import survived
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.values.verdict import YES


def vault_rows(estate: Estate) -> Iterator[VaultRow]:
    """Every vault that a file describes, in each stack."""
    for vault in estate.vaults:
        with survived(estate.mishaps, f"vaults, {vault.span.source.path}"):
            yield VaultRow(
                account=str(vault.account),
                region=str(vault.region),
                name=vault.label,
                location=location(vault.span),
                may_copy_in=tuple(_copying_in(vault)),
                may_delete=tuple(_deleting(vault)),
            )


def _copying_in(vault: Vault) -> Iterator[Access]:
    """AWS: copies within the account need no leave of the vault's policy (F1.3)."""
    nobody = f"nobody outside account {vault.account}"
    if vault.policy is None:
        yield Access(f"{nobody}: the vault has no access policy")
        return
    for _, hole in vault.policy.unknown:
        yield Access(f"not known: {hole.why}")
    grants = allowed(vault, COPY_INTO)
    if not grants and not vault.policy.unknown:
        yield Access(f"{nobody}: no statement allows {COPY_INTO}")
    yield from (_access("", said) for said in grants)
    if grants:
        yield from (_access("not ", said) for said in denied(vault, COPY_INTO))


def _deleting(vault: Vault) -> Iterator[Access]:
    """AWS: other accounts delete nothing, whatever the policy says (F1.4)."""
    refusals = denied(vault, DELETE)
    certain = next((said for said in refusals if said.verdict is YES and _is_for_all(said)), None)
    if certain is not None:
        yield _access("not ", certain)
        return
    yield Access(f"identities of account {vault.account} that IAM lets")
    yield from (_access("not ", said) for said in refusals)


def _is_for_all(said: Said) -> bool:
    statement = said.statement
    return not statement.clauses and any(one.form is Form.ANYONE for one in statement.principals)


def _access(before: str, said: Said) -> Access:
    statement = said.statement
    who = _listed(statement.principals) or f"everyone but {_listed(statement.not_principals)}"
    conditions = "".join(f", if {_condition(clause)}" for clause in statement.clauses)
    doubt = "" if said.verdict is YES else ", if its actions cover it"
    when = f", when {statement.guard}" if str(statement.guard) else ""
    return Access(f"{before}{who}{conditions}{doubt}{when} ({statement.label})", location(statement.span))


def _listed(principals: Iterable[Principal]) -> str:
    return ", ".join("everyone" if one.form is Form.ANYONE else str(one.text) for one in principals)


def _condition(clause: Clause) -> str:
    values = " or ".join(str(value) for _, value in clause.values)
    return f"{clause.key} {clause.written} {values}"
