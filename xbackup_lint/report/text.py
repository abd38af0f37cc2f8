"""The report for people: each finding with its places underlined, each doubt with what would settle it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.engine.result import Cause, Finding, Location, Result
from xbackup_lint.report.colour import Line, Style, paint
from xbackup_lint.report.excerpt import Frame, digits, excerpts, unmarked
from xbackup_lint.report.options import Options
from xbackup_lint.report.summary import summary_lines
from xbackup_lint.report.visible import columns, visible, wrap
from xbackup_lint.report.wording import is_shown, kind, question

_FEW = 3
"""How many places, or deployments, are named before the others are only counted."""


def render(result: Result, options: Options) -> str:
    """The result as text, to the width and in the colours of `options`."""
    lines: list[Line] = []
    for block in blocks(result.findings, options):
        lines += [*block, []]
    for note in result.notes:
        lines += _prose([("note", "headline"), (": ", "plain")], visible(note), 2, options.width)
    return paint([*lines, *summary_lines(result.summary, options)], options.colour, options.links)


def blocks(findings: Sequence[Finding], options: Options) -> Iterator[list[Line]]:
    """One block a finding; but one for all doubts with the same first cause, where the first of them is."""
    folds: dict[Cause, list[Finding]] = {}
    for finding in findings:
        if _folds(finding):
            folds.setdefault(finding.causes[0], []).append(finding)
    for finding in findings:
        if not _folds(finding):
            if is_shown(finding, options):
                yield _block(finding, options)
        elif folded := folds.pop(finding.causes[0], []):
            yield _fold(finding.causes[0], folded, options)


def _folds(finding: Finding) -> bool:
    return finding.certainty == "unsure" and bool(finding.causes)


def _block(finding: Finding, options: Options) -> list[Line]:
    style = kind(finding)
    frame = _frame([finding.location, *(place.location for place in finding.related)], style, options)
    lines = _headline(f"{style}[{visible(finding.rule)}]", question(finding), style, options.width)
    lines += excerpts(finding.location, finding.related, frame)
    for because in finding.because:
        lines += _remark("because ", because, frame)
    for when in finding.when:
        lines += _remark("when ", when, frame)
    if finding.construct:
        lines += _remark("construct ", finding.construct, frame)
    if finding.others:
        lines += _remark(
            "also at ", _few([f"{place.path}:{place.start_line}" for place in finding.others]), frame
        )
    if finding.deployments:
        lines += _remark("deployed in ", _few(finding.deployments), frame)
    return lines + (_remark("help: ", finding.help, frame) if finding.help else [])


def _fold(cause: Cause, findings: Sequence[Finding], options: Options) -> list[Line]:
    frame = _frame([cause.location] if cause.location else [], "unsure", options)
    lines = _headline("unsure", visible(cause.text), "unsure", options.width)
    if cause.location:
        lines += excerpts(cause.location, (), frame)
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        rules.setdefault(finding.rule, []).append(finding)
    for rule, asked in rules.items():
        questions = f"{_questions(asked)} [{visible(rule)}] at {_places(asked)}"
        lines += _remark(f"{len(asked)}× ", questions, frame)
    return lines + (_remark("help: ", visible(cause.remedy), frame) if cause.remedy else [])


def _questions(asked: Sequence[Finding]) -> str:
    """One rule's questions in the words of the first."""
    alike = len({finding.message for finding in asked}) == 1
    return question(asked[0]) + ("" if alike else ", and the like")


def _places(asked: Sequence[Finding]) -> str:
    return _few([f"{finding.location.path}:{finding.location.start_line}" for finding in asked])


def _few(names: Sequence[str]) -> str:
    """The first of the names, each once, and how many more there are."""
    distinct = [visible(name) for name in dict.fromkeys(names)]
    more = f" and {len(distinct) - _FEW} more" if len(distinct) > _FEW else ""
    return ", ".join(distinct[:_FEW]) + more


def _frame(places: Sequence[Location], style: Style, options: Options) -> Frame:
    longest = max((len(str(len(lines))) for lines in options.whole.values()), default=1)
    return Frame(max(digits(places), longest), style, options.width, options.whole)


def files(options: Options) -> list[Line]:
    """The files that are shown whole, where no finding speaks of them."""
    return unmarked(_frame((), "plain", options))


def _headline(name: str, message: str, style: Style, width: int | None) -> list[Line]:
    return _prose([(name, style), (": ", "headline")], message, 4, width, "headline")


def _remark(word: str, text: str, frame: Frame) -> list[Line]:
    """`= word text` under an excerpt. Lines after the first are a snippet: indented, and never wrapped."""
    first, *others = text.split("\n")
    indent = frame.digits + 4
    start: Line = [(" " * (frame.digits + 2) + "= ", "gutter"), (word, "headline")]
    lines = _prose(start, visible(first), indent, frame.width)
    return lines + [[(" " * indent + visible(other), "plain")] if other else [] for other in others]


def _prose(start: Line, text: str, indent: int, width: int | None, style: Style = "plain") -> list[Line]:
    """A line that begins with `start` and goes on with text, wrapped under itself."""
    taken = sum(columns(piece) for piece, _ in start)
    first, *others = wrap(text, taken, indent, width)
    if not first:
        start = [*start[:-1], (start[-1][0].rstrip(), start[-1][1])]
    return [[*start, (first, style)], *([(" " * indent + other, style)] for other in others)]
