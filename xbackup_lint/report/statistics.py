"""How often each rule found something, most first: what `--statistics` adds to a report."""

from __future__ import annotations

from collections import Counter

from xbackup_lint.engine.result import Result
from xbackup_lint.report.colour import Line, paint
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns, visible, wrap
from xbackup_lint.report.wording import kind

_WORDS = {"info": "note"}
_NARROWEST = 24
"""Columns that titles have at least: where there are fewer they stand below."""


def render(result: Result, options: Options) -> str:
    """A line for each rule that found something, and one for what it is unsure of. Notes are counted, too.

    What is accepted is not counted: the summary has it as ignored.
    """
    counts = Counter((finding.rule, kind(finding)) for finding in result.findings)
    titles = {rule.id: rule.title for rule in result.rules}
    number = len(str(max(counts.values(), default=0)))
    name = max((columns(visible(rule)) for rule, _ in counts), default=0)
    lines: list[Line] = []
    for (rule, style), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        start: Line = [
            (f"{count:>{number}}  ", "headline"),
            (f"{_WORDS.get(style, style):<7}", style),
            (f"  {visible(rule):<{name}}  ", "plain"),
        ]
        indent = sum(columns(text) for text, _ in start)
        title = visible(titles.get(rule, ""))
        if options.width is not None and options.width - indent < _NARROWEST:
            first, indent, others = "", 4, wrap(title, 4, 4, options.width)
        else:
            first, *others = wrap(title, indent, indent, options.width)
        lines.append([*start, (first, "plain")])
        lines += [[(" " * indent + other, "plain")] for other in others if other]
    return paint(_trimmed(lines), options.colour)


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without blanks at the ends of lines."""
    trimmed: list[Line] = []
    for line in lines:
        *before, (text, style) = (piece for piece in line if piece[0])
        trimmed.append([*before, (text.rstrip(), style)])
    return trimmed
