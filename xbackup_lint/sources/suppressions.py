"""Suppressions in files: comments, and the Metadata of resources."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from xbackup_lint.dataclass import replace
from xbackup_lint.model.suppression import Suppression
from xbackup_lint.regex import regex
from xbackup_lint.template.template import entries
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.walk import scalars

MARK = "xbackup-lint"
MOST = 1_000
"""Suppressions of one file that are read."""
_COMMENT = regex(r"(?:^|(?<=[ \t]))#[ \t]*xbackup-lint:[ \t]*(?P<said>[^\n]*)", re.MULTILINE)
_IGNORE = regex(r"ignore\[(?P<rules>[^\]]*)\](?P<reason>.*)")
_NAME = regex(r"[^,\s]+")


def suppressions_in(source: Source, root: Node) -> Iterator[Suppression]:
    """What a document says of the findings in it, in the order of the file; the first thousand."""
    if MARK not in source.text:
        return
    found = _all_in(source, root)
    yield from islice(found, MOST)
    for behind in found:
        yield replace(behind, fault="too-many")
        return


def _all_in(source: Source, root: Node) -> Iterator[Suppression]:
    if isinstance(root, Mapping):
        yield from _of_resources(source, root)
        if root.entries and root.entries[0][0].style == "json":
            return  # JSON has no comments
    yield from _comments(source, root)


def _of_resources(source: Source, root: Mapping) -> Iterator[Suppression]:
    """`Metadata: {xbackup-lint: {ignore: {rule: reason}}}` is for all that stands in its resource."""
    for name, resource in entries(root.get("Resources")):
        metadata = resource.get("Metadata") if isinstance(resource, Mapping) else None
        told = metadata.get(MARK) if isinstance(metadata, Mapping) else None
        ignored = told.get("ignore") if isinstance(told, Mapping) else None
        covers = Span(source, name.span.start, resource.span.end)
        for rule, reason in entries(ignored):
            words = reason.text.strip() if isinstance(reason, Scalar) else ""
            yield Suppression(rule.text, words, rule.span, covers, "metadata", "" if words else "no-reason")


def _comments(source: Source, root: Node) -> Iterator[Suppression]:
    """Comments on a line, or on lines of their own above it. What looks like one within a text is none."""
    found = list(_COMMENT.finditer(source.text))
    if not found:
        return
    spans = sorted({(scalar.span.start, scalar.span.end) for scalar in scalars(root)})
    # Plain texts hold no comments: what looks like one behind them is one.
    texts = _Texts(source, [(start, end) for start, end in spans if _may_hold_more(source.text[start:end])])
    for comment in found:
        if not texts.hold(comment.start()):
            yield from _comment(source, comment, texts.covered(comment.start()))


def _may_hold_more(written: str) -> bool:
    return "\n" in written or written[:1] in ("'", '"')


class _Texts:
    """The quoted texts and those of several lines, by place: none of them holds another."""

    def __init__(self, source: Source, spans: list[tuple[int, int]]) -> None:
        self.source = source
        self.spans = spans
        lines = source.text.split("\n")
        self.telling = [number for number, line in enumerate(lines, 1) if line.strip()[:1] not in ("", "#")]
        """The lines that hold more than a comment."""
        self.last = len(lines)

    def hold(self, at: int) -> bool:
        """Whether a place is within one of them."""
        index = bisect_left(self.spans, (at, 0)) - 1
        return index >= 0 and at < self.spans[index][1]

    def covered(self, at: int) -> Span:
        """The line of a comment, or the next that holds more than one; with all of a text that begins on it."""
        number = self.source.line_and_column(at)[0]
        if not self.source.text[self.source.line_start(number) : at].strip():
            index = bisect_left(self.telling, number)
            number = self.telling[index] if index < len(self.telling) else self.last
        start = self.source.line_start(number)
        end = start + len(self.source.line(number))
        first, behind = bisect_left(self.spans, (start, 0)), bisect_left(self.spans, (end + 1, 0))
        ends = (stop for _, stop in self.spans[first:behind])
        return Span(self.source, start, max((end, *ends)))


def _comment(source: Source, comment: re.Match[str], covers: Span) -> Iterator[Suppression]:
    start, _end = comment.span("said")
    whole = Span(source, start, start + len(comment["said"].rstrip()))
    ignore = _IGNORE.fullmatch(comment["said"].strip())
    if ignore is None:
        yield Suppression("", "", whole, covers, "comment", "not-understood")
        return
    names = list(_NAME.finditer(source.text, start + len("ignore["), start + ignore.end("rules")))
    if not names:
        yield Suppression("", "", whole, covers, "comment", "no-rule")
    reason = ignore["reason"].strip()
    for name in names:
        span = Span(source, *name.span())
        yield Suppression(name[0], reason, span, covers, "comment", "" if reason else "no-reason")
