"""What holds of every run, whatever it reads: the laws that the fuzzer and the hostile tests hold runs to."""

from __future__ import annotations

import json
import time
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft202012Validator, ValidationError

from xbackup_lint.config.configuration import Configuration
from xbackup_lint.config.configuration import read as read_configuration
from xbackup_lint.config.deployments import Assignments, UsageError
from xbackup_lint.config.word import BrokenConfiguration
from xbackup_lint.engine.check import check
from xbackup_lint.engine.load import load_rules
from xbackup_lint.engine.result import Location, Result
from xbackup_lint.engine.rule import Rule
from xbackup_lint.report import copies
from xbackup_lint.report.formats import FORMATS, renderer
from xbackup_lint.report.options import Options
from xbackup_lint.sources.files import Input
from xbackup_lint.text.source import BOM, Source

CONFIGURATION = ".xbackup-lint.yaml"
LONGEST = 5.0
"""Seconds of CPU that a run may take."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FOR_EYES = ("text", "concise", "github", "markdown")


class Broken(AssertionError):
    """A law that a run has broken: which, and how."""

    def __init__(self, law: str, how: str) -> None:
        super().__init__(f"{law}: {how}")
        self.law = law


@dataclass(frozen=True)
class Case:
    """The input of one run: files by path, and the text of a configuration."""

    files: dict[str, str]
    config: str | None = None


@cache
def shipped() -> list[Rule]:
    """All rules of the tool."""
    return load_rules()


def hold(case: Case, *, schemas: bool = True) -> Result | None:
    """Run a case with all rules and in every format; the result, or None where it is refused. Raises Broken."""
    started = time.process_time()
    first = run(case, shipped())
    spent = time.process_time() - started
    if spent > LONGEST:
        raise Broken("time", f"a run takes {spent:.1f} s")
    if first is None:
        return None
    for place in _places(first):
        _within(place, case)
    reports = rendered(first)
    for name in (*_FOR_EYES, "narrow", "copies"):
        bad = {char for char in reports[name] if char != "\n" and unicodedata.category(char) in _UNSEEN}
        if bad:
            raise Broken("terminal", f"{name} prints {sorted(bad)}")
    _are_read(reports, schemas=schemas)
    again = run(case, shipped())
    if again is None or rendered(again) != reports:
        raise Broken("determinism", "a second run gives other bytes")
    return first


def run(case: Case, rules: Sequence[Rule]) -> Result | None:
    """One run, as a walk meets the files; None where the configuration or the accounts refuse it. Raises Broken."""
    try:
        configuration = _configuration(case.config)
        inputs = [Input(path, path, named=True, text=text) for path, text in sorted(case.files.items())]
        ran = check(inputs, rules, Assignments(configuration=configuration))
    except (UsageError, BrokenConfiguration):
        return None
    for mishap in ran.readings.estate.mishaps:
        raise Broken("mishap", f"{mishap.error} ({mishap.doing})")
    return ran.result


def _configuration(written: str | None) -> Configuration | None:
    return None if written is None else read_configuration(Source(CONFIGURATION, written), Path())


def rendered(result: Result) -> dict[str, str]:
    """Every report of a result, by format."""
    reports = {name: renderer(name)(result, Options(show_info=True)) for name in FORMATS}
    reports["narrow"] = renderer("text")(result, Options(width=60))
    reports["copies"] = copies.render(result, Options())
    return reports


def _places(result: Result) -> Iterator[Location]:
    for finding in (*result.findings, *result.suppressed):
        yield finding.location
        yield from (one.location for one in finding.related)
        yield from (cause.location for cause in finding.causes if cause.location is not None)
        yield from finding.others
    for copy in result.copies:
        yield copy.location
        yield from (one.location for one in copy.requirements if one.location is not None)


def _within(place: Location, case: Case) -> None:
    """A place lies within its file, and shows its lines."""
    text = case.config if place.path == CONFIGURATION else case.files.get(place.path)
    if text is None:
        raise Broken("places", f"{place} is in no file")
    lines = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").removeprefix(BOM).split("\n")
    first, last = place.start_line, place.end_line
    if not 1 <= first <= last <= len(lines):
        raise Broken("places", f"{place} of {len(lines)} lines")
    ends = place.end_column <= len(lines[last - 1]) + 1 and place.start_column <= len(lines[first - 1]) + 1
    if not (ends and place.start_column >= 1 and (first, place.start_column) <= (last, place.end_column)):
        raise Broken("places", f"{place} in {lines[first - 1]!r}")


def _are_read(reports: Mapping[str, str], *, schemas: bool) -> None:
    """What other programs read, they can read."""
    for name in reports:
        reports[name].encode("utf-8")
    documents = {
        name: json.loads(reports[name], parse_constant=_refuse) for name in ("json", "sarif", "gitlab")
    }
    ElementTree.fromstring(reports["junit"].encode())  # noqa: S314 — entities are none of what we write
    if schemas:
        try:
            _schema().validate(documents["json"])
        except ValidationError as error:
            raise Broken("schema", error.message) from error


def _refuse(word: str) -> None:
    raise Broken("json", f"{word} is no JSON")


@cache
def _schema() -> Draft202012Validator:
    text = files("xbackup_lint.report").joinpath("report.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
