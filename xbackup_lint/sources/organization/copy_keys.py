"""The copy actions of an Organizations backup policy: the key that each stands under, against its destination."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xbackup_lint.model.problem import Problem
from xbackup_lint.policy.arn import vault_arn_fault
from xbackup_lint.sources.organization.inheritance import ASSIGN
from xbackup_lint.template.later import with_holes
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.value import Field, Record
from xbackup_lint.values.verdict import UNKNOWN, YES

_MISMATCH = "organization-copy-key-mismatch"
_VARIABLES = {"$account": "account", "$region": "region"}


def judge_copy(key: Text, action: Field, filled_in: re.Pattern[str], is_whole: bool) -> Iterator[Problem]:
    """What is wrong between a key of `copy_actions` and what it holds.

    `is_whole` says that the plan is given here; of one that is only changed, the destination is in another policy.
    """
    for guard, record in action.records():
        entry = record.entry("target_backup_vault_arn")
        if entry is None or entry.value.is_absent:
            if is_whole and record.hole is None:
                facts = {"key": str(key)}
                yield Problem(_MISMATCH, key.span, "no-destination", facts, guard=guard)
            continue
        for own, target in value_of(entry.value.under(guard)).texts():
            if target is not None:
                yield from _mismatch(key, target, filled_in, own)
                yield from _variables(target, own)


def value_of(setting: Field) -> Field:
    """The value that a key is given, without its operator."""
    if any(isinstance(value, Record) for _, value in setting):
        return setting.get(ASSIGN)
    return setting


def _mismatch(key: Text, target: Text, filled_in: re.Pattern[str], guard: Guard) -> Iterator[Problem]:
    """AWS: the key is the ARN of the vault, letter for letter (F7.3)."""
    path = key.span.source.path
    same = equals(with_holes(key, path, filled_in), with_holes(target, path, filled_in))
    if same is YES:
        return
    facts = {"key": str(key), "destination": str(target)}
    is_no_arn = vault_arn_fault(_with_account(key))[0] is YES and filled_in.search(str(key)) is None
    doubt = same is UNKNOWN and not is_no_arn
    yield Problem(
        _MISMATCH,
        key.span,
        "no-arn" if is_no_arn else "other",
        facts,
        target.span,
        guard,
        (*with_holes(key, path, filled_in).holes, *with_holes(target, path, filled_in).holes)
        if doubt
        else (),
    )


def _with_account(key: Text) -> Text:
    """A key as an ARN of some account and region: its variables stand for what is right there."""
    some = {"$account": "111122223333", "$region": "us-east-1"}
    return key.replaced({name: Text.literal(value, key.span) for name, value in some.items()})


def _variables(target: Text, guard: Guard) -> Iterator[Problem]:
    for part in target.parts:
        for variable, reason in _VARIABLES.items():
            at = part.text.find(variable) if isinstance(part, Fragment) else -1
            if at >= 0 and isinstance(part, Fragment):
                pieces = target.split(":", 6, trusting=True) or []
                facts = {"destination": str(target), "name": str(pieces[6]) if len(pieces) == 7 else ""}
                span = part.slice(at, at + len(variable)).span
                yield Problem("organization-copy-arn-has-variable", span, reason, facts, guard=guard)
