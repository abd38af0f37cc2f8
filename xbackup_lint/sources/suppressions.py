"""Suppressions in files: comments, and the Metadata of resources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xbackup_lint.model.suppression import Suppression
from xbackup_lint.template.template import entries
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.walk import scalars

MARK = "xbackup-lint"
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*xbackup-lint:[ \t]*(?P<said>[^\n]*)", re.MULTILINE)
_IGNORE = re.compile(r"ignore\[(?P<rules>[^\]]*)\](?P<reason>.*)")
_NAME = re.compile(r"[^,\s]+")


def suppressions_in(source: Source, root: Node) -> Iterator[Suppression]:
    """What a document says of the findings in it, in the order of the file."""
    if MARK not in source.text:
        return
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
    long = [scalar.span for scalar in scalars(root) if "\n" in scalar.span.text]
    for comment in found:
        if not any(span.start < comment.start() < span.end for span in long) and not _is_quoted(
            source, root, comment.start()
        ):
            yield from _comment(source, comment, _covered(source, comment.start(), long))


def _is_quoted(source: Source, root: Node, at: int) -> bool:
    """Whether a place is within a text of one line."""
    before = source.text[source.text.rfind("\n", 0, at) + 1 : at]
    if "'" not in before and '"' not in before:
        return False
    return any(scalar.span.start < at < scalar.span.end for scalar in scalars(root))


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


def _covered(source: Source, at: int, long: list[Span]) -> Span:
    """The line of a comment, or the next that holds more than one; with all of a text that begins on it."""
    number = source.line_and_column(at)[0]
    if not source.text[source.line_start(number) : at].strip():
        last = source.text.count("\n") + 1
        while number < last and source.line(number).strip()[:1] in ("", "#"):
            number += 1
    start = source.line_start(number)
    end = start + len(source.line(number))
    ends = (span.end for span in long if start <= span.start <= end)
    return Span(source, start, max((end, *ends)))
