"""Policies that nouns carry: their statements and flaws into the estate."""

from __future__ import annotations

import re

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.statement import PolicyKind, PolicyStatement
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.statement import Flaw, Policy, Statement
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text

_ACCOUNT_KEYS = {"aws:principalaccount", "aws:sourceaccount", "kms:calleraccount", "aws:resourceaccount"}


def add_policy(
    estate: Estate,
    policy: Policy | None,
    kind: PolicyKind,
    deployment: Deployment,
    *,
    vault: Vault | None = None,
    kms_key: Key | None = None,
) -> None:
    """Add the statements of a policy, and what is wrong with its form."""
    if policy is None:
        return
    estate.problems.extend(_problem(flaw) for flaw in policy.flaws if _is_told(flaw, kind))
    for statement in policy:
        estate.statements.append(PolicyStatement(statement, kind, deployment, policy, vault, kms_key))
        for guard, text in _accounts(statement):
            if text.tag == "int" and re.fullmatch(r"[0-9]{8,11}", text.known or ""):
                written = text.known or ""
                facts = {"written": written, "digits": str(len(written)), "meant": written.zfill(12)}
                estate.problems.append(
                    Problem("account-id-not-text", text.span, "lost-zeros", facts, guard=guard)
                )


def _is_told(flaw: Flaw, kind: PolicyKind) -> bool:
    """Flaws of vault policies are ours to tell, and keys given twice in any policy."""
    return kind == "vault" or flaw.reason == "duplicate-key"


def _problem(flaw: Flaw) -> Problem:
    if flaw.reason == "duplicate-key":
        return Problem("input-duplicate-key", flaw.span, facts={"what": flaw.detail}, guard=flaw.guard)
    facts = {"detail": flaw.detail, "near": flaw.near}
    return Problem("vault-policy-invalid", flaw.span, flaw.reason, facts, guard=flaw.guard)


def _accounts(statement: Statement) -> list[tuple[Guard, Text]]:
    """The places of a statement where an account id may stand."""
    found = [
        (principal.guard, principal.text) for principal in statement.principals if principal.kind == "AWS"
    ]
    for clause in statement.clauses:
        if (clause.key.known or "").lower() in _ACCOUNT_KEYS:
            found.extend(clause.values)
    return found
