"""Files of a repository that have nothing to do with backups: what a run has to pass over.

A tenth are templates of other things and a tenth speak of backups as other programs do: these hold words that make
a reader look twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

_PER_FOLDER = 25
_NOUNS = """
account address agent amount archive balance basket branch cache channel client cluster config
contract country currency customer delivery device discount document event export factor field
filter gateway group image import index invoice item journal label ledger limit locale market member
message metric network note offer option order origin owner parcel partner payment period planner
policy price product profile quota queue range rate reason receipt record region report result
return route sample schedule schema section sender service session shipment source state status
stock store stream summary tariff task tenant ticket token total track trial user value vendor
version visit voucher wallet window worker zone
"""
_WORDS = _NOUNS.split()


def write_irrelevant(folder: Path, files: int, seed: int = 1) -> None:
    """Write so many files, by 25 in a folder; the same for the same seed."""
    random = Random(seed)
    for number, (name, text) in enumerate(islice(_endless(random), files)):
        place = folder / f"team-{number // _PER_FOLDER // 40:02d}" / f"part-{number // _PER_FOLDER:04d}"
        if number % _PER_FOLDER == 0:
            place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:05d}-{name}").write_text(text, "utf-8")


def _endless(random: Random) -> Iterator[tuple[str, str]]:
    """File after file, of every kind in turn: name and content."""
    while True:
        yield "deployment.yaml", _deployment(random)
        yield "package.json", _package(random)
        yield "workflow.yml", _workflow(random)
        yield "messages.json", _messages(random)
        yield "openapi.yaml", _interface(random)
        yield "fixture.json", _fixture(random)
        yield "values.yaml", _values(random)
        yield "dashboard.json", _dashboard(random)
        yield "queues.yaml", _template(random)
        yield "velero.yaml", _other_backup(random)


def _name(random: Random, words: int = 2) -> str:
    return "-".join(random.choices(_WORDS, k=words))


def _sentence(random: Random) -> str:
    return " ".join(random.choices(_WORDS, k=random.randrange(4, 14))).capitalize() + "."


def _deployment(random: Random) -> str:
    name = _name(random)
    containers = "".join(
        f"        - name: {_name(random)}\n"
        f"          image: registry.example.com/{_name(random)}:{random.randrange(40)}.{random.randrange(20)}\n"
        f"          ports: [{{containerPort: {random.randrange(1024, 9000)}}}]\n"
        "          resources:\n"
        f"            requests: {{cpu: {random.randrange(50, 900)}m, memory: {random.randrange(64, 2048)}Mi}}\n"
        "          env:\n" + "".join(
            f"            - name: {_name(random).upper().replace('-', '_')}\n              value: {_name(random)}\n"
            for _ in range(random.randrange(3, 12))
        )
        for _ in range(random.randrange(1, 4))
    )  # fmt: skip
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  labels: {{app: {name}}}\nspec:\n"
        f"  replicas: {random.randrange(1, 9)}\n  selector:\n    matchLabels: {{app: {name}}}\n  template:\n"
        f"    metadata:\n      labels: {{app: {name}}}\n    spec:\n      containers:\n{containers}"
    )


def _package(random: Random) -> str:
    versions = {_name(random): f"^{random.randrange(9)}.{random.randrange(30)}.0" for _ in range(30)}
    body = {
        "name": _name(random),
        "version": "1.0.0",
        "description": _sentence(random),
        "scripts": {_name(random, 1): f"node {_name(random)}.js" for _ in range(5)},
        "dependencies": versions,
    }
    return json.dumps(body, indent=2)


def _workflow(random: Random) -> str:
    steps = "".join(
        f"      - name: {_sentence(random)}\n        run: |\n          make {_name(random)}\n"
        f"          ./scripts/{_name(random)}.sh --{_name(random, 1)} {_name(random)}\n"
        for _ in range(random.randrange(4, 16))
    )
    return (
        f"name: {_name(random)}\non: [push, pull_request]\njobs:\n  {_name(random, 1)}:\n"
        f"    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    )


def _messages(random: Random) -> str:
    return json.dumps(
        {_name(random, 3): _sentence(random) for _ in range(random.randrange(10, 60))}, indent=2
    )


def _interface(random: Random) -> str:
    paths = "".join(
        f"  /{_name(random, 1)}/{{id}}:\n    get:\n      summary: {_sentence(random)}\n      responses:\n"
        f"        '200':\n          description: {_sentence(random)}\n"
        for _ in range(random.randrange(5, 25))
    )
    return f"openapi: 3.1.0\ninfo:\n  title: {_name(random)}\n  version: '1'\npaths:\n{paths}"


def _fixture(random: Random) -> str:
    rows = [
        {
            _name(random, 1): random.randrange(10**6),
            _name(random, 1): _name(random),
            "ok": random.random() > 0.5,
        }
        for _ in range(random.randrange(10, 60))
    ]
    return json.dumps(rows)


def _values(random: Random) -> str:
    return "".join(
        f"{_name(random)}:\n  enabled: {random.choice(('true', 'false'))}\n  image: {_name(random)}\n"
        f"  # {_sentence(random)}\n  limit: {random.randrange(100)}\n"
        for _ in range(random.randrange(10, 40))
    )


def _dashboard(random: Random) -> str:
    panels = [
        {"title": _sentence(random), "type": "graph", "gridPos": {"x": 0, "y": row, "w": 12, "h": 8},
         "targets": [{"expr": f"rate({_name(random).replace('-', '_')}_total[5m])"}]}
        for row in range(random.randrange(5, 20))
    ]  # fmt: skip
    return json.dumps({"title": _name(random), "panels": panels, "schemaVersion": 39}, indent=2)


def _template(random: Random) -> str:
    resources = "".join(
        f"  Queue{row}:\n    Type: AWS::SQS::Queue\n    Properties:\n"
        f"      QueueName: !Sub '${{AWS::StackName}}-{_name(random)}'\n"
        f"      VisibilityTimeout: {random.randrange(30, 900)}\n      KmsMasterKeyId: alias/aws/sqs\n"
        f"  Policy{row}:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [!Ref Queue{row}]\n"
        "      PolicyDocument:\n        Statement:\n          - Effect: Allow\n"
        "            Principal: {Service: sns.amazonaws.com}\n            Action: sqs:SendMessage\n"
        f"            Resource: !GetAtt Queue{row}.Arn\n"
        for row in range(random.randrange(3, 10))
    )
    return f"AWSTemplateFormatVersion: '2010-09-09'\nResources:\n{resources}"


def _other_backup(random: Random) -> str:
    name = _name(random)
    schedules = "---\n".join(
        f"apiVersion: velero.io/v1\nkind: Schedule\nmetadata:\n  name: backup-{name}-{row}\nspec:\n"
        f"  schedule: '{random.randrange(60)} 3 * * *'\n  template:\n    ttl: 720h0m0s\n"
        f"    includedNamespaces: [{_name(random)}, {_name(random)}]\n    storageLocation: backups\n"
        for row in range(random.randrange(2, 8))
    )
    return f"# Backups of {name}: {_sentence(random)}\n{schedules}"
