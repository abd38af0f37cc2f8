"""JSON lines: a document a line, each with its places in the file."""

from __future__ import annotations

from xbackup_lint.text import json_faults as faults
from xbackup_lint.text.json_reader import Reader
from xbackup_lint.text.node import Document, Unreadable
from xbackup_lint.text.source import Source, Span


def read_lines(source: Source) -> tuple[tuple[Document, ...], tuple[Unreadable, ...]]:
    """The documents of a file, and what is wrong with the lines that are none. Raises nothing."""
    reader = Reader(source, tolerant=False, hole="")
    reader.text = reader.text.replace("\n", "\0")  # no value goes over the end of its line
    documents: list[Document] = []
    wrong: list[Unreadable] = []
    start = 0
    while start < len(source.text):
        end = source.text.find("\n", start)
        end = end if end != -1 else len(source.text)
        if source.text[start:end].strip():
            try:
                documents.append(_line(reader, start, end))
            except Unreadable as fault:
                wrong.append(_placed(fault, source, start, end))
        start = end + 1
    return tuple(documents), tuple(wrong)


def _line(reader: Reader, start: int, end: int) -> Document:
    reader.at, reader.remarks = start, []
    reader.skip()
    root = reader.value(0)
    reader.skip()
    if reader.at < end:
        raise faults.at_end(reader.source, reader.at)
    return Document(root, tuple(sorted(reader.remarks, key=lambda remark: remark.span.start)))


def _placed(fault: Unreadable, source: Source, start: int, end: int) -> Unreadable:
    """A fault that is found where a line ends is told of its last character: the document goes no further."""
    if fault.span.start < end:
        return fault
    last = max(start, end - 1)
    return Unreadable("the line ends before its JSON does", Span(source, last, last + 1))


def is_lines(text: str) -> bool:
    """Whether a text that is no JSON as a whole begins like JSON lines: with two objects, a line each."""
    first, _, rest = text.strip().partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")
