"""The examples in the files of rules: read with their places, run, and compared with what they expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xbackup_lint.config.configuration import Configuration
from xbackup_lint.config.configuration import read as read_configuration
from xbackup_lint.config.deployments import Assignments, UsageError, parse_assignment
from xbackup_lint.config.word import BrokenConfiguration
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.check import check
from xbackup_lint.engine.fields import items, mapping, refuse_to_do, text, texts, texts_by_name
from xbackup_lint.engine.load import first_document
from xbackup_lint.engine.result import Finding, Location, Result
from xbackup_lint.engine.rule import BrokenRule, Rule
from xbackup_lint.sources.files import Input
from xbackup_lint.text.node import Node, Unreadable
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.yaml_reader import read

KINDS = ("bad", "good", "unsure")
KEYS = ("name", "files", "given", "config", "expect", "also-reports")
GIVEN = ("accounts", "regions", "parameters")


@dataclass(frozen=True, slots=True)
class Reported:
    """One finding, as examples name it: `plan.yaml:8 the text underlined`, and the related places alike."""

    at: str
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.at}, also {', '.join(self.also)}" if self.also else self.at


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule: files by path, what the command line says, and what is expected."""

    rule: Rule
    kind: str
    name: str
    span: Span
    """Its name, or its beginning, in the rule's file."""
    files: dict[str, str]
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    parameters: dict[str, str]
    config: str | None
    expected: tuple[Reported, ...]
    also_reports: frozenset[str]

    @property
    def id(self) -> str:
        return f"{self.rule.id}-{self.kind}-{self.name}"


def examples_of(rule: Rule) -> list[Example]:
    """The second YAML document of a rule's file, in its order. Raises BrokenRule."""
    whole = rule.path.read_text("utf-8")
    first = first_document(whole)
    _, _, second = whole[len(first) :].partition("\n")
    if not second.strip():
        return []
    # Empty lines in place of the first document keep the numbers of lines as they are in the file.
    source = Source(rule.shown, "\n" * (first.count("\n") + 1) + second)
    try:
        document = read(source)
    except Unreadable as fault:
        raise BrokenRule(fault.message, fault.span) from fault
    for remark in document.remarks:
        raise BrokenRule(remark.message, remark.span)
    by_kind = mapping(document.root, "the examples of a rule", KINDS)
    return [_example(rule, kind.text, node) for kind, listed in by_kind for node in items(listed, kind.text)]


def _example(rule: Rule, kind: str, node: Node) -> Example:
    given = {key.text: value for key, value in mapping(node, "an example", KEYS)}
    for name in ("name", "files"):
        if name not in given:
            raise BrokenRule(f"an example needs `{name}`", node.span)
    refuse_to_do(given["name"])
    options = {key.text: value for key, value in mapping(given.get("given"), "`given`", GIVEN)}
    config = given.get("config")
    return Example(
        rule,
        kind,
        text(given["name"], "name"),
        given["name"].span,
        texts_by_name(given["files"], "files"),
        texts(options.get("accounts"), "accounts"),
        texts(options.get("regions"), "regions"),
        texts_by_name(options.get("parameters"), "parameters"),
        text(config, "config") if config is not None else None,
        tuple(_expected(item) for item in items(given.get("expect"), "expect")),
        frozenset(texts(given.get("also-reports"), "also-reports")),
    )


def _expected(node: Node) -> Reported:
    given = {key.text: value for key, value in mapping(node, "an item of `expect`", ("at", "also"))}
    if "at" not in given:
        raise BrokenRule("an item of `expect` needs `at`", node.span)
    return Reported(text(given["at"], "at"), texts(given.get("also"), "also"))


def run(example: Example, rules: Sequence[Rule]) -> Result:
    """Rules on the files of an example, as a walk would meet them. Raises BrokenRule for what it is given."""
    try:
        assignments = Assignments(
            tuple(parse_assignment(given, "account") for given in example.accounts),
            tuple(parse_assignment(given, "region") for given in example.regions),
            example.parameters,
            _configuration(example.config),
        )
        inputs = [Input(path, Path(path), text=content) for path, content in sorted(example.files.items())]
        return check(inputs, rules, assignments).result
    except (UsageError, BrokenConfiguration) as fault:
        raise BrokenRule(f"example `{example.name}`: {fault}", example.span) from fault


def _configuration(written: str | None) -> Configuration | None:
    if written is None:
        return None
    return read_configuration(Source(".xbackup-lint.yaml", written), Path())


def own(result: Result, example: Example) -> list[Finding]:
    """What the example's own rule finds."""
    return [finding for finding in result.findings if finding.rule == example.rule.id]


def others(result: Result, example: Example) -> set[str]:
    """The other rules that certainly find something at warning or above."""
    return {
        finding.rule
        for finding in result.findings
        if finding.rule != example.rule.id and finding.certainty == "certain" and finding.severity != "info"
    }


def reported(finding: Finding, example: Example) -> Reported:
    """A finding in the form of `expect`."""
    also = (_short(_place(related.location), example.files) for related in finding.related)
    return Reported(_short(_place(finding.location), example.files), tuple(also))


def _place(location: Location) -> str:
    """`plan.yaml:8 the text underlined`; of several lines the first."""
    first = location.lines[0]
    end = location.end_column - 1 if location.end_line == location.start_line else len(first)
    return f"{location.path}:{location.start_line} {first[location.start_column - 1 : end]}"


def _short(place: str, files: dict[str, str]) -> str:
    """A place with the file as the example names it: by its last part, where only one file has it."""
    path, _, rest = place.partition(":")
    last = path.rsplit("/", 1)[-1]
    alone = sum(name.rsplit("/", 1)[-1] == last for name in files) == 1
    return f"{last if alone else path}:{rest}"


def disagreements(example: Example, rules: Sequence[Rule]) -> Iterator[str]:
    """What an example says that does not come about, and what comes about that it does not say."""
    result = run(example, rules)
    found = own(result, example)
    seen = [reported(finding, example) for finding in found]
    yield from (f"expects {one}: not reported" for one in example.expected if one not in seen)
    yield from (f"reports {one}: not expected" for one in seen if one not in example.expected)
    if sorted(map(str, seen)) == sorted(map(str, example.expected)) and seen != list(example.expected):
        yield f"reports in another order: {'; '.join(map(str, seen))}"
    wanted = "unsure" if example.kind == "unsure" else "certain"
    if any(finding.certainty != wanted for finding in found):
        yield f"what is reported is not {wanted}"
    if example.kind == "good" and (example.expected or example.also_reports):
        yield "is a good example, on which no rule reports anything at warning or above"
    if example.kind != "good" and not example.expected:
        yield f"is {'an' if example.kind == 'unsure' else 'a'} {example.kind} example, and expects nothing"
    others_found = others(result, example)
    yield from (f"`{rule}` reports too" for rule in sorted(others_found - example.also_reports))
    yield from (f"`{rule}` does not report" for rule in sorted(example.also_reports - others_found))


def missing_kinds(rule: Rule, examples: Sequence[Example]) -> list[str]:
    """The kinds of examples that a rule lacks: bad and good ones, and unsure ones where it may be."""
    wanted = ("bad", "good", "unsure") if rule.unknown == "unsure" else ("bad", "good")
    return [kind for kind in wanted if not any(example.kind == kind for example in examples)]
