"""The examples in rule files: read, run, and what they are expected to report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xbackup_lint.config.configuration import Configuration, read
from xbackup_lint.config.deployments import Assignments, parse_assignment
from xbackup_lint.engine.check import check
from xbackup_lint.engine.load import load_rules, rules_folder
from xbackup_lint.engine.result import Finding, Location, Result
from xbackup_lint.engine.rule import Rule
from xbackup_lint.sources.files import Input
from xbackup_lint.text.source import Source

RULES = load_rules()
KINDS = ("bad", "good", "unsure")
KEYS = {"name", "files", "given", "config", "expect", "also-reports"}


@dataclass(frozen=True)
class Example:
    """One example: files by path, what the command line says, and what is expected."""

    rule: Rule
    kind: str
    raw: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.rule.id}-{self.kind}-{self.raw['name']}"

    @property
    def files(self) -> dict[str, str]:
        files: dict[str, str] = self.raw["files"]
        return files

    @property
    def expected(self) -> list[dict[str, Any]]:
        return [{"at": one["at"], "also": one.get("also", [])} for one in self.raw.get("expect", [])]

    @property
    def also_reports(self) -> set[str]:
        return set(self.raw.get("also-reports", []))


def examples_of(rule: Rule) -> list[Example]:
    """The second YAML document of a rule's file."""
    path = rules_folder() / rule.family / f"{rule.id}.yaml"
    return [Example(rule, kind, raw) for kind, raws in documents(path)[1].items() for raw in raws or []]


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def run(example: Example, rules: list[Rule] | None = None) -> Result:
    """All rules (or some) on the files of an example, as a walk would meet them."""
    given = example.raw.get("given", {})
    assignments = Assignments(
        tuple(parse_assignment(text, "account") for text in given.get("accounts", [])),
        tuple(parse_assignment(text, "region") for text in given.get("regions", [])),
        {name: str(value) for name, value in given.get("parameters", {}).items()},
        _configuration(example.raw.get("config")),
    )
    inputs = [Input(path, Path(path), text=text) for path, text in sorted(example.files.items())]
    return check(inputs, rules or RULES, assignments).result


def _configuration(text: str | None) -> Configuration | None:
    return read(Source(".xbackup-lint.yaml", text), Path()) if text is not None else None


def place(location: Location) -> str:
    """`plan.yaml:8 the text underlined`; of several lines the first."""
    first = location.lines[0]
    end = location.end_column - 1 if location.end_line == location.start_line else len(first)
    return f"{location.path}:{location.start_line} {first[location.start_column - 1 : end]}"


def reported(finding: Finding, example: Example) -> dict[str, Any]:
    """A finding in the form of `expect`."""
    also = [short(place(related.location), example.files) for related in finding.related]
    return {"at": short(place(finding.location), example.files), "also": also}


def short(text: str, files: dict[str, str]) -> str:
    """A place with the file as the example names it: by its last part, where only one file has it."""
    path, _, rest = text.partition(":")
    last = path.rsplit("/", 1)[-1]
    alone = sum(name.rsplit("/", 1)[-1] == last for name in files) == 1
    return f"{last if alone else path}:{rest}"
