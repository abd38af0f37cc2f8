"""Markdown for a comment on a pull request: the copies, then the findings, folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xbackup_lint.engine.result import CopyRow, Finding, Result
from xbackup_lint.regex import regex
from xbackup_lint.report import mermaid
from xbackup_lint.report.options import Options
from xbackup_lint.report.summary import summary_lines
from xbackup_lint.report.visible import visible
from xbackup_lint.report.wording import is_shown, kind, question, remarks

_ACTS = regex(r"[\\`*_{}\[\]()#+!|<>~@&:/$^=-]")
"""What Markdown, and GitHub in it, makes something of: emphasis, links, mentions, tables, HTML."""
_MARKS = {"lands": "✅ lands", "fails": "❌ fails", "unsure": "❔ unsure"}
_LONGEST_PICTURE = 50_000
_MOST_EDGES = 500
"""What Mermaid draws in the set-up that GitHub gives it: characters, and edges."""
_MOST = 100
"""Copies, and findings, that are listed: comments have a greatest length."""


def render(result: Result, options: Options) -> str:
    """Summary, copies and findings. Text from files stays text."""
    summary = ["".join(text for text, _ in line) for line in summary_lines(result.summary, Options())]
    lines = ["### xbackup-lint", "", *map(_text, summary), ""]
    if result.copies:
        lines += [*_copies(result.copies), ""]
        lines += [*_picture(result, options), ""]
    shown = [finding for finding in result.findings if is_shown(finding, options)]
    for finding in shown[:_MOST]:
        lines += [*_finding(finding), ""]
    if len(shown) > _MOST:
        lines += [f"… and {len(shown) - _MOST} more findings", ""]
    return "\n".join(lines)


def _picture(result: Result, options: Options) -> Iterator[str]:
    """The estate as a picture, where GitHub would draw it."""
    drawn = mermaid.render(result, options) if result.picture is not None else ""
    if drawn and len(drawn) <= _LONGEST_PICTURE and drawn.count("-->") + drawn.count("-.->") <= _MOST_EDGES:
        yield "<details><summary>The estate</summary>"
        yield ""
        yield "```mermaid"
        yield from drawn.rstrip().split("\n")
        yield "```"
        yield ""
        yield "</details>"


def _copies(copies: Sequence[CopyRow]) -> Iterator[str]:
    yield "| copy | from | to | kept | verdict |"
    yield "|---|---|---|---|---|"
    for copy in copies[:_MOST]:
        vault = f"{copy.destination_account}/{copy.destination_region} {copy.vault}"
        to = vault if copy.vault else copy.destination_arn
        cells = (
            "/".join(part for part in (copy.plan, copy.rule) if part),
            f"{copy.source_account}/{copy.source_region}",
            to.strip(),
            copy.retention,
        )
        yield f"| {' | '.join(map(_text, cells))} | {_MARKS[copy.verdict]} |"
    if len(copies) > _MOST:
        yield f"| … and {len(copies) - _MOST} more | | | | |"


def _finding(finding: Finding) -> Iterator[str]:
    place = finding.location
    head = f"{kind(finding)}[{finding.rule}]"
    yield f"<details><summary><b>{_text(head)}</b> {_text(question(finding))}</summary>"
    yield ""
    yield f"{_text(f'{place.path}:{place.start_line}:{place.start_column}')}"
    if place.lines:
        yield ""
        yield from (f"    {visible(line)}" for line in place.lines)
    for word, text in remarks(finding):
        first, *rest = text.split("\n")
        yield ""
        yield f"**{word}** {_text(first)}"
        if rest:
            yield ""
            yield from (f"    {visible(line)}" for line in rest)
    yield ""
    yield "</details>"


def _text(text: str) -> str:
    """Text as text: whatever Markdown would act on is a character reference."""
    return _ACTS.sub(lambda match: f"&#{ord(match[0])};", visible(text))
