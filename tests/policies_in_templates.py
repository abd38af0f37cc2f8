"""Policies as templates give them, and what is read from them in words short enough for tables."""

from __future__ import annotations

from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.principal import Principal
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Guarded, Policy, Statement
from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Source
from xbackup_lint.text.yaml_reader import read
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field


def field_of(template: str, name: str = "Policy") -> Field:
    """The value that stands under a top-level key of a template. Its account and region are not known."""
    source = Source("t.yaml", template)
    root = read(source).root
    assert isinstance(root, Mapping)
    node = root.get(name)
    assert node is not None
    return Evaluator(Scope(Template(source, root))).field(node)


def policy_of(template: str) -> Policy | None:
    """The policy that stands under `Policy`."""
    return read_policy(field_of(template))


def read_from(template: str) -> Policy:
    """The same, where there is one."""
    policy = policy_of(template)
    assert policy is not None
    return policy


def statements(policy: Policy) -> list[str]:
    """`Allow | AWS=111122223333 | backup:CopyIntoBackupVault | * | StringEquals aws:PrincipalOrgID=o-… | IsProd is true`."""
    return [_statement(statement) for statement in policy]


def flaws(policy: Policy) -> list[str]:
    """`no-effect 3:7`, with the place of each."""
    return [
        f"{flaw.reason} {flaw.span.begin[0]}:{flaw.span.begin[1]}{_when(flaw.guard)}" for flaw in policy.flaws
    ]


def unknowns(policy: Policy) -> list[str]:
    return [f"{hole.why}{_when(guard)}" for guard, hole in policy.unknown]


def _statement(statement: Statement) -> str:
    base = statement.guard
    lists = (
        _principals(statement.principals, base) + _negated(_principals(statement.not_principals, base)),
        _texts(statement.actions, base) + _negated(_texts(statement.not_actions, base)),
        _texts(statement.resources, base) + _negated(_texts(statement.not_resources, base)),
        _clauses(statement.clauses, base),
    )
    parts = [_shown(statement.effect), *(", ".join(one) for one in lists), str(base)]
    return " | ".join(parts).rstrip(" |")


def _shown(text: Text | None) -> str:
    return "-" if text is None else str(text)


def _negated(texts: list[str]) -> list[str]:
    return [f"not {text}" for text in texts]


def _principals(principals: tuple[Principal, ...], base: Guard) -> list[str]:
    return [f"{one.kind}={one.text}{_when(one.guard, base)}" for one in principals]


def _texts(texts: tuple[Guarded, ...], base: Guard) -> list[str]:
    return [f"{text}{_when(guard, base)}" for guard, text in texts]


def _clauses(clauses: tuple[Clause, ...], base: Guard) -> list[str]:
    return [
        f"{clause.written} {clause.key}={'+'.join(_texts(clause.values, clause.guard))}{_when(clause.guard, base)}"
        for clause in clauses
    ]


def _when(guard: Guard, base: Guard | None = None) -> str:
    """What a guard says beyond that of the statement."""
    more = Guard(guard.assigned - base.assigned) if base is not None else guard
    return f" if {more}" if more.assigned else ""
