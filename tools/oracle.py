"""A second opinion on our IAM decisions: random policies and requests, decided by us and by another program.

`python -m tools.oracle --oracle FOLDER/oracle.mjs [--count N] [--seed N]`. The folder holds the other program's
package; it runs as a process of its own, and nothing of it is part of the tool. See docs/oracle.md.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tools.oracle_cases import CONTEXT, Case, Maker, Policy
from tools.oracle_differences import DIFFERENCES
from xbackup_lint.policy.authorize import Policies, authorize
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.request import ABSENT, Caller, KeyValue, Request
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.json_reader import read
from xbackup_lint.text.source import NOWHERE, Source
from xbackup_lint.values.alternatives import ALWAYS
from xbackup_lint.values.literal import literal
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES

_PACKAGE = "@cloud-copilot/iam-simulate"

# AWS: attached to every level of an organization by itself (Organizations: resource control policies).
_FULL_ACCESS: Policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def ours(case: Case) -> str:
    """Our answer: `Allowed`, or the name of the verdict."""
    found = authorize(request_of(case), policies_of(case))
    return "Allowed" if found.verdict is YES else found.verdict.name


def request_of(case: Case) -> Request:
    """The request of a case. Keys that it does not name are not in the request."""
    context: dict[str, KeyValue] = {key.lower(): ABSENT for key in (*CONTEXT, "aws:RequestedRegion")}
    for key, value in case.context.items():
        context[key.lower()] = tuple(text(one) for one in (value if isinstance(value, list) else [value]))
    return Request(_caller(case), case.action, text(case.resource), context)


def _caller(case: Case) -> Caller:
    if case.is_service:
        return Caller(text(""), service=case.principal)
    in_session = case.role != case.principal
    session = text(case.principal.rpartition("/")[2]) if in_session else None
    return Caller(text(case.account), text(case.role), session=session)


def policies_of(case: Case) -> Policies:
    """The policies of a case, all of them known."""
    return Policies(
        text(case.owner),
        statements(case.resource_policy),
        statements(case.identity_policy),
        statements(case.boundary) if case.boundary is not None else None,
        tuple(statements(*level) for level in case.service_control),
        tuple(statements(_FULL_ACCESS, *level) for level in case.resource_control),
    )


def text(value: str) -> Text:
    return Text.literal(value, NOWHERE)


def statements(*policies: Policy) -> list[Statement]:
    """The statements of some policies."""
    found = (read_policy(literal(read(Source("p.json", json.dumps(one))).root)) for one in policies)
    return [statement.seen(ALWAYS) for one in found if one is not None for statement in one]


def asked(case: Case) -> str:
    """The question in the other program's form, one line."""
    return json.dumps(
        {
            "request": {
                "principal": case.principal,
                "action": case.action,
                "resource": {"resource": case.resource, "accountId": case.owner},
                "contextVariables": case.context | _of_caller(case),
            },
            "identityPolicies": [] if case.is_service else _named([case.identity_policy]),
            "resourcePolicy": case.resource_policy,
            "serviceControlPolicies": _levels(case.service_control),
            "resourceControlPolicies": _levels(case.resource_control),
            **({"permissionBoundaryPolicies": _named([case.boundary])} if case.boundary is not None else {}),
        }
    )


def _of_caller(case: Case) -> dict[str, str]:
    """Keys that AWS sets for every principal."""
    if case.is_service:
        return {"aws:PrincipalServiceName": case.principal, "aws:PrincipalIsAWSService": "true"}
    keys = {
        "aws:PrincipalArn": case.role,
        "aws:PrincipalAccount": case.account,
        "aws:PrincipalIsAWSService": "false",
    }
    return keys | ({"kms:CallerAccount": case.account} if case.action.startswith("kms:") else {})


def _named(policies: Iterable[Policy]) -> list[dict[str, Any]]:
    return [{"name": f"policy-{index}", "policy": policy} for index, policy in enumerate(policies)]


def _levels(levels: Sequence[Sequence[Policy]]) -> list[dict[str, Any]]:
    return [
        {"orgIdentifier": f"level-{index}", "policies": _named(level)} for index, level in enumerate(levels)
    ]


def theirs(cases: Sequence[Case], oracle: Path) -> list[str]:
    """The other program's answers, in order."""
    done = subprocess.run(
        [shutil.which("node") or "node", str(oracle)],
        input="\n".join(asked(case) for case in cases) + "\n",
        capture_output=True, text=True, check=True, cwd=oracle.parent,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [answer.get("verdict") or f"error: {json.dumps(answer['error'])}" for answer in answers]


def _agree(mine: str, other: str) -> bool:
    """Whether both say the same. With all facts known, we may not be in doubt."""
    return mine == "Allowed" if other == "Allowed" else mine == "NO" and not other.startswith("error")


def _random(count: int, seed: int, oracle: Path, show: int) -> bool:
    """Whether both agree on all of `count` random cases."""
    maker = Maker(seed)
    cases = [maker.case() for _ in range(count)]
    outcomes, kinds = Counter[str](), Counter[str]()
    for case, other in zip(cases, theirs(cases, oracle), strict=True):
        mine = ours(case)
        outcomes[f"agree: {other}" if _agree(mine, other) else f"differ: ours {mine}, theirs {other}"] += 1
        kinds.update(case.kinds)
        if not _agree(mine, other) and sum(outcomes[one] for one in outcomes if one[0] == "d") <= show:
            print(json.dumps({"case": case.__dict__, "ours": mine, "theirs": other}, indent=1))
    print(f"{count} random cases, seed {seed}")
    for counted in (kinds, outcomes):
        for name, number in counted.most_common():
            print(f"{number:7} {name}")
    return not any(outcome.startswith("differ") for outcome in outcomes)


def _known_differences(oracle: Path) -> bool:
    """Whether the differences that docs/oracle.md explains are as it has them."""
    found = theirs([known.case for known in DIFFERENCES], oracle)
    changed = False
    for known, other in zip(DIFFERENCES, found, strict=True):
        mine = ours(known.case)
        if (mine, other) != (known.ours, known.theirs):
            changed = True
            print(f"{known.name}: ours {mine}, theirs {other}; written down: {known.ours}, {known.theirs}")
    print(f"{len(DIFFERENCES)} known differences" + ("" if changed else ", all as written down"))
    return not changed


def _what_is_missing(oracle: Path) -> str:
    if shutil.which("node") is None:
        return "node is not installed"
    if not oracle.is_file():
        return f"there is no {oracle}"
    if not (oracle.parent / "node_modules" / _PACKAGE).is_dir():
        return f"{_PACKAGE} is not installed beside {oracle}"
    return ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", type=Path, required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="disagreements to print")
    given = parser.parse_args(arguments)
    oracle = given.oracle.resolve()
    missing = _what_is_missing(oracle)
    if missing:
        print(f"No second opinion: {missing}.")
        return 0
    agreed = _random(given.count, given.seed, oracle, given.show)
    return 0 if _known_differences(oracle) and agreed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
