"""The line that closes every report for people."""

from __future__ import annotations

from xbackup_lint.engine.result import Summary
from xbackup_lint.report.colour import Line, Style
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns, wrap


def summary_lines(summary: Summary, options: Options) -> list[Line]:
    """What was found; what was read. One line, or broken behind `;` where the width asks for it."""
    found, read = _found(summary, options), what_was_read(summary)
    line: Line = [*found, (f"; {read}", "plain")]
    if options.width is None or columns("".join(text for text, _ in line)) <= options.width:
        return [line]
    rest: list[Line] = [[(text, "plain")] for text in wrap(read, 0, 0, options.width)]
    return [[*found, (";", "plain")], *rest]


def _found(summary: Summary, options: Options) -> Line:
    hidden = "" if options.show_info else " (--show info)"
    counts: list[tuple[int, str, Style]] = [
        (summary.errors, _plural(summary.errors, "error"), "error"),
        (summary.warnings, _plural(summary.warnings, "warning"), "warning"),
        (summary.unsure, f"{summary.unsure} unsure", "unsure"),
        (summary.ignored, f"{summary.ignored} ignored", "plain"),
        (summary.infos, _plural(summary.infos, "note") + hidden, "plain"),
    ]
    parts: Line = [(text, style) for count, text, style in counts if count]
    if not (summary.errors or summary.warnings or summary.unsure):
        parts.insert(0, ("no errors", "headline"))
    return [piece for part in parts for piece in ((", ", "plain"), part)][1:]


def what_was_read(summary: Summary) -> str:
    """Files, accounts and copies, counted."""
    copies = summary.copies_land + summary.copies_fail + summary.copies_unsure
    parts = [_plural(summary.files_read, "file") if summary.files_read else "no files"]
    if summary.accounts:
        parts.append(_plural(summary.accounts, "account"))
    if copies:
        verdicts = [
            (summary.copies_land, "lands" if summary.copies_land == 1 else "land"),
            (summary.copies_fail, "fails" if summary.copies_fail == 1 else "fail"),
            (summary.copies_unsure, "unsure"),
        ]
        fates = ", ".join(f"{count} {fate}" for count, fate in verdicts if count)
        parts.append(f"{copies} {'copy' if copies == 1 else 'copies'} ({fates})")
    if summary.files_unreadable:
        parts.append(f"{_plural(summary.files_unreadable, 'file')} unreadable")
    if summary.files_passed_over:
        parts.append(f"{_plural(summary.files_passed_over, 'file')} passed over")
    return ", ".join(parts)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
