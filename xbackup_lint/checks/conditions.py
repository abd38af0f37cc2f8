"""Conditions of statements: keys that do not exist or are not there, and values that nothing can have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xbackup_lint.checks.callers import has_wildcard
from xbackup_lint.checks.grants import listed
from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.statement import PolicyStatement
from xbackup_lint.policy import actions
from xbackup_lint.policy.condition import Clause, present
from xbackup_lint.policy.operators import OPERATORS
from xbackup_lint.regex import regex
from xbackup_lint.values.comparison import like
from xbackup_lint.values.hole import ORGANIZATION
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import UNKNOWN, YES, Verdict


@check
def condition_key_is_unknown(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A `backup:` condition key that does not exist. Facts: `key`, `nearest` (what was probably meant)."""
    for clause in subject.statement.clauses:
        if clause.name.startswith("backup:") and not actions.condition_key_exists(clause.name):
            near = actions.nearest_condition_key(clause.name) or ""
            facts = {"key": str(clause.key), "nearest": near}
            yield Hit(clause.span, YES, clause.guard, "near" if near else "", facts)


@check
def condition_key_is_never_there(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A condition of a vault's policy on a key that requests for none of the statement's actions carry.

    Reasons: `never` met, or `always`. Facts: `key`, `actions`.
    """
    statement = subject.statement
    if subject.policy_kind != "vault" or statement.not_actions:
        return
    for clause in statement.clauses:
        asked = [text for guard, text in statement.actions if guard & clause.guard is not None]
        carriers = _carriers(clause.name)
        if not asked or carriers is None or not clause.is_known:
            continue
        carried = Verdict.any(_is_one(text, carriers) for text in asked)
        yield Hit(
            clause.span,
            ~carried,
            clause.guard,
            "always" if clause.met_without_key else "never",
            facts={"key": str(clause.key), "actions": listed(asked)},
            holes=holes_of(*asked) if carried is UNKNOWN else (),
            assumptions=assumptions_of(*asked),
        )


def _carriers(key: str) -> tuple[str, ...] | None:
    """The actions whose requests carry a key; None of a key that may be in any request."""
    if not actions.owned(key) or not actions.condition_key_exists(key):
        return None
    # AWS: a key of a service is carried by requests to that service (IAM: service condition keys).
    return actions.condition_key_carriers(key) if key.startswith("backup:") else ()


def _is_one(action: Text, carriers: tuple[str, ...]) -> Verdict:
    if action.known is not None and has_wildcard(action):
        # It is told of the pattern that AWS Backup takes none.
        return YES
    return Verdict.any(like(carrier, action, ignore_case=True) for carrier in carriers)


@check
def set_operator_is_missing(
    subject: PolicyStatement, estate: Estate, *, policies: list[str], keys: list[str], for_all: bool = False
) -> Iterator[Hit]:
    """A key with several values under an operator for one. Facts: `key`, `operator`, `meant`.

    `for_all` asks for `ForAllValues` in an Allow too, which requests without the key meet (F1.13): reason `for-all`.
    """
    if subject.policy_kind not in policies:
        return
    names = {key.lower() for key in keys}
    clauses = subject.statement.clauses
    there = present(clauses)
    allows = for_all and subject.statement.allows is YES
    for clause in clauses:
        if clause.name in names and clause.operator in OPERATORS:
            fault = _set_fault(clause.qualifier, open_to_absence=allows and clause.name not in there)
            facts = {"key": str(clause.key), "operator": str(clause.written)}
            facts["meant"] = _with_set_operator(clause, denies=subject.statement.denies is YES)
            yield Hit(clause.span, Verdict.of(bool(fault)), clause.guard, fault, facts)


def _with_set_operator(clause: Clause, *, denies: bool) -> str:
    """AWS: a denial of all but what is named takes `ForAllValues`, which is met without the key too (F1.21)."""
    single = str(clause.written).rpartition(":")[2]
    return f"{'ForAllValues' if denies and clause.is_negated else 'ForAnyValue'}:{single}"


def _set_fault(qualifier: str, *, open_to_absence: bool) -> str:
    if not qualifier:
        return "missing"
    return "for-all" if qualifier == "forallvalues" and open_to_absence else ""


_NOT_OURS = regex(r"\$\{|\{\{|<%|%\{")
"""Begins what IAM or another tool fills in."""
_ROOT = regex(r"r-[a-z0-9]{4,32}")
_UNIT = regex(r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}")
_PATTERN = regex(r"[a-z0-9*?-]*")


@check
def organization_is_malformed(subject: PolicyStatement, estate: Estate) -> Iterator[Hit]:
    """A vault's policy asks for an organization, or a path in one, that none can be. Fact: `value`."""
    if subject.policy_kind != "vault":
        return
    for clause in subject.statement.clauses:
        for guard, value in clause.values if clause.operator in OPERATORS else ():
            fault = _fault(clause, value.known) if value.known is not None else ""
            if fault:
                where = guard & clause.guard or guard
                yield Hit(
                    value.span, YES, where, fault, {"value": str(value)}, assumptions=assumptions_of(value)
                )


def _fault(clause: Clause, value: str) -> str:
    """A word for why a value is none of an organization; empty where it may be one, or is not asked for one."""
    if _NOT_OURS.search(value):
        return ""
    if clause.operator.endswith("ignorecase"):
        value = value.lower()
    wild = "*" in value or "?" in value
    if wild and not OPERATORS[clause.operator].takes_wildcards:
        return {"aws:principalorgid": "wildcard", "aws:principalorgpaths": "wildcard"}.get(clause.name, "")
    if clause.name == "aws:principalorgid":
        return _fault_of_id(value)
    return _fault_of_path(value) if clause.name == "aws:principalorgpaths" else ""


def _fault_of_id(value: str) -> str:
    if _UNIT.fullmatch(value) or _ROOT.fullmatch(value):
        return "unit"
    if "/" in value:
        return "path"
    return "" if _may_be(ORGANIZATION.pattern, value, "o-") else "id"


def _fault_of_path(value: str) -> str:
    if value.startswith(("*", "?")):
        return ""
    organization, *below = value.split("/")
    if not _may_be(ORGANIZATION.pattern, organization, "o-"):
        return "no-organization"
    if "*" in organization:
        return ""
    if below and _UNIT.match(below[0]):
        return "no-root"
    return "" if value.endswith(("/", "*")) else "no-slash"


def _may_be(shape: re.Pattern[str] | None, value: str, prefix: str) -> bool:
    """Whether a value, in which wildcards may stand, can be of a shape that starts in a certain way."""
    if "*" not in value and "?" not in value:
        return shape is None or shape.fullmatch(value) is not None
    start = re.split(r"[*?]", value, maxsplit=1)[0]
    return start.startswith(prefix[: len(start)]) and _PATTERN.fullmatch(value) is not None
