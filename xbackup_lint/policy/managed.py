"""AWS's own managed policies: where they are, and what they say of AWS Backup and AWS KMS.

`data/managed-policies.json` is read once, when the first question is asked. What is not in it is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from xbackup_lint.dataclass import replace
from xbackup_lint.policy.arn import Arn
from xbackup_lint.policy.condition import Clause
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Guarded, Statement
from xbackup_lint.text.source import NOWHERE, Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

_Json = str | list["_Json"] | dict[str, "_Json"]


class _Policy(TypedDict):
    version: str
    statements: list[_Json]


class _Data(TypedDict):
    date: str
    source: str
    paths: dict[str, list[str]]
    policies: dict[str, _Policy]


@cache
def _data() -> _Data:
    path = Path(__file__).with_name("data") / "managed-policies.json"
    data: _Data = json.loads(path.read_bytes())
    return data


@cache
def paths() -> dict[str, str]:
    """The path of each policy that we know, by its name: empty, or `service-role/`."""
    return {name: path for path, names in _data()["paths"].items() for name in names}


def is_of_aws(arn: Text) -> bool:
    """Whether an ARN names a managed policy of AWS's, under whatever path: `arn:aws:iam::aws:policy/…`."""
    fields = arn.split(":", 5, trusting=True) or []
    return len(fields) == 6 and fields[4].known == "aws" and fields[5].starts_with("policy/")


def name_of(arn: Text) -> str | None:
    """The name that the ARN of a managed policy ends in, whatever its path; None where it is not known."""
    parsed = Arn.of(arn)
    known = parsed.resource.known if parsed is not None else None
    return known.rpartition("/")[2] if known is not None else None


@lru_cache(maxsize=4096)
def statements_of(name: str, place: Span) -> tuple[Statement, ...] | None:
    """What a policy says of AWS Backup and AWS KMS, as if it stood at `place`, where it is attached.

    None of a policy that we do not know.
    """
    found = _nowhere(name)
    return tuple([_placed(statement, place) for statement in found]) if found is not None else None


@cache
def _nowhere(name: str) -> tuple[Statement, ...] | None:
    """The statements of a policy, which no file holds."""
    found = _data()["policies"].get(name)
    if found is None:
        return None
    document: _Json = {"Version": "2012-10-17", "Statement": found["statements"]}
    policy = read_policy(_field(document, NOWHERE))
    return policy.statements if policy is not None else ()


def _placed(statement: Statement, place: Span) -> Statement:
    """A statement of known texts as if it stood at a place."""

    def here(text: Text) -> Text:
        return Text.literal(text.known or "", place)

    def all_here(texts: Iterable[Guarded]) -> tuple[Guarded, ...]:
        return tuple([(guard, here(text)) for guard, text in texts])

    return replace(
        statement,
        span=place,
        sid=here(statement.sid) if statement.sid is not None else None,
        effect=here(statement.effect) if statement.effect is not None else None,
        actions=all_here(statement.actions),
        not_actions=all_here(statement.not_actions),
        resources=all_here(statement.resources),
        not_resources=all_here(statement.not_resources),
        clauses=tuple(
            [
                Clause(here(one.written), here(one.key), all_here(one.values), place, one.guard)
                for one in statement.clauses
            ]
        ),
    )


def _field(raw: _Json, place: Span) -> Field:
    return Field.of(_value(raw, place), place)


def _value(raw: _Json, place: Span) -> Value:
    if isinstance(raw, str):
        return Text.literal(raw, place)
    if isinstance(raw, list):
        return Items(place, tuple(_field(one, place) for one in raw))
    entries = (Entry(Text.literal(key, place), _field(value, place)) for key, value in raw.items())
    return Record(place, tuple(entries))
