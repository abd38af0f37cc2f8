"""`xbackup-lint explain`: rules in the words of their files, with examples that are run to be shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from xbackup_lint.arguments import did_you_mean
from xbackup_lint.config.deployments import UsageError
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.examples import Example, examples_of, own, run
from xbackup_lint.engine.rule import Rule
from xbackup_lint.report import text as report
from xbackup_lint.report.colour import Line, Style, paint
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns, visible, wrap

Named = TypeVar("Named")

_WIDEST = 100
"""Columns of prose on a wide terminal."""
_IN_A_PIPE = 80
"""Columns of prose where there is no terminal. Examples are not cut there."""


def listing(rules: Iterable[Rule], options: Options) -> str:
    """Rules by family, a line each."""
    ordered = sorted(rules, key=lambda rule: (rule.family, rule.id))
    widest = max((len(rule.id) for rule in ordered), default=0)
    lines: list[Line] = []
    for family, group in groupby(ordered, key=lambda rule: rule.family):
        lines.append([(visible(family), "headline")])
        for rule in group:
            start: Line = [
                (f"  {rule.id:<{widest}}  ", "plain"),
                (f"{rule.severity:<7}", rule.severity),
                ("  ", "plain"),
            ]
            lines += _hanging(start, rule.prose.title, options.width)
        lines.append([])
    return paint(lines[:-1], options.colour)


def explain(rule: Rule, options: Options) -> str:
    """One rule: why it is, how to mend what it finds, where it may be wrong, examples, where AWS says so."""
    width = min(options.width or _IN_A_PIPE, _WIDEST)
    start: Line = [(f"{rule.severity}[{rule.id}]", rule.severity), (": ", "headline")]
    lines = [*_hanging(start, rule.prose.title, width, 4, "headline"), *_prose(_facts(rule), width), []]
    lines += _section("Why", _prose(rule.prose.rationale, width), width)
    lines += _section("To mend it", _prose(rule.prose.remediation, width), width)
    wrong = "\n".join(f"- {text}" for text in rule.prose.false_positives) or "No false alarm is known."
    lines += _section("Where it may be wrong", _prose(wrong, width), width)
    examples = examples_of(rule)
    for kind, heading in (("bad", "Reported"), ("good", "Not reported")):
        first = next((example for example in examples if example.kind == kind), None)
        if first is not None:
            lines += _section(f"{heading}: {first.name}", _shown(first, options), width)
    references: list[Line] = [[(f"  {visible(text)}", "plain")] for text in rule.prose.references]
    lines += _section("References", references, width)
    return paint(lines[:-1], options.colour)


def answer(names: Sequence[str], rules: Sequence[Rule], options: Options) -> str:
    """What was asked for: each rule explained, each family listed; all rules listed where nothing is named."""
    if not names:
        return listing(rules, options)
    parts = []
    for name, group in _chosen(names, rules):
        is_rule = group[0].id == name
        parts.append(explain(group[0], options) if is_rule else listing(group, options))
    return "\n\n".join(parts)


def as_json(names: Sequence[str], rules: Sequence[Rule]) -> str:
    """The same rules as JSON: a list of their words."""
    ordered = sorted(rules, key=lambda rule: (rule.family, rule.id))
    chosen = [rule for _, group in _chosen(names, ordered) for rule in group] if names else ordered
    return json.dumps([_data(rule) for rule in chosen], indent=2, ensure_ascii=False) + "\n"


def _chosen(names: Sequence[str], rules: Iterable[Rule]) -> list[tuple[str, list[Rule]]]:
    """The rules of each name, which is that of a rule or of a family. A rule goes before a family of its name."""
    known: dict[str, list[Rule]] = {}
    for rule in rules:
        known.setdefault(rule.family, []).append(rule)
    known |= {rule.id: [rule] for rule in rules}
    return list(zip(dict.fromkeys(names), named(tuple(dict.fromkeys(names)), known, "rule"), strict=True))


def named(names: Sequence[str], known: Mapping[str, Named], what: str) -> list[Named]:
    """What is known by these names, or all where none is given. Raises UsageError, with the nearest name."""
    for name in names:
        if name not in known:
            raise UsageError(f"there is no {what} `{name}`{did_you_mean(name, set(known))}")
    return [known[name] for name in names] or list(known.values())


def _data(rule: Rule) -> dict[str, str | Sequence[str]]:
    return {
        "id": rule.id,
        "family": rule.family,
        "title": rule.prose.title,
        "severity": rule.severity,
        "since": rule.prose.since,
        "tags": rule.prose.tags,
        "subject": rule.subject,
        "unknown": rule.unknown,
        "rationale": rule.prose.rationale,
        "remediation": rule.prose.remediation,
        "false_positives": rule.prose.false_positives,
        "references": rule.prose.references,
        "yields_to": rule.yields_to,
    }


def _facts(rule: Rule) -> str:
    doubt = "; unsure where the files do not tell" if rule.unknown == "unsure" else ""
    return f"family {rule.family}, since {rule.prose.since}{doubt}"


def _section(heading: str, lines: Sequence[Line], width: int) -> list[Line]:
    return [*_hanging([("", "plain")], heading, width, 2, "headline"), *lines, []] if lines else []


def _shown(example: Example, options: Options) -> list[Line]:
    """What is reported on an example, in its whole files; the files alone where nothing is."""
    given = [f"--account {text}" for text in example.accounts]
    given += [f"--region {text}" for text in example.regions]
    given += [f"--parameter {name}={value}" for name, value in example.parameters.items()]
    lines = _prose(f"with {' '.join(given)}", 0) if given else []
    files = (
        example.files if example.config is None else example.files | {".xbackup-lint.yaml": example.config}
    )
    whole = replace(options, show_info=True, whole={path: text.splitlines() for path, text in files.items()})
    # The first finding is shown in the whole of its files, and others in their lines.
    looks = iter((whole,))
    found = own(run(example, [example.rule]), example)
    for finding in found:
        for block in report.blocks([finding], next(looks, replace(options, show_info=True))):
            lines += block
    return lines + (report.files(whole) if not found else [])


def _hanging(
    start: Line, text: str, width: int | None, indent: int | None = None, style: Style = "plain"
) -> list[Line]:
    """A line that begins with `start`, its text wrapped under itself, or `indent` columns from the left."""
    taken = sum(columns(piece) for piece, _ in start)
    under = taken if indent is None else indent
    first, *others = wrap(visible(text), taken, under, width)
    lines: list[Line] = [[*start, (first, style)]]
    return lines + [[(" " * under + other, style)] for other in others]


def _prose(text: str, width: int) -> list[Line]:
    """Paragraphs wrapped anew two columns from the left; items of lists hang, indented lines stay as they are."""
    lines: list[Line] = []
    for paragraph in _paragraphs(text.splitlines()):
        if paragraph[:1] in (" ", ""):
            lines.append([(f"  {visible(paragraph)}".rstrip(), "plain")])
        else:
            item = paragraph.startswith("- ")
            lines += _hanging([("  ", "plain")], paragraph, width or None, 4 if item else 2)
    return lines


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Lines that belong together as one; each indented and each empty line alone."""
    gathered: list[str] = []
    for line in lines:
        goes_on = gathered and line.strip() and not line.startswith("- ")
        if goes_on and (
            not line.startswith(" ") or (gathered[0].startswith("- ") and not line[:4].isspace())
        ):
            gathered.append(line.strip())
            continue
        if gathered:
            yield " ".join(gathered)
        gathered = []
        if line.startswith(" ") or not line.strip():
            yield line
        else:
            gathered = [line]
    if gathered:
        yield " ".join(gathered)
