"""From a file's bytes to its tree, or to the problem that it cannot be read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.problem import Problem
from xbackup_lint.regex import regex
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.json_lines import is_lines, read_lines
from xbackup_lint.text.node import Document, Unreadable
from xbackup_lint.text.source import BOM, Source, Span

LARGEST_YAML = 5 * 1024 * 1024
LARGEST_JSON = 64 * 1024 * 1024
_HEAD = 1024 * 1024
"""Bytes of a file too large to be read in which its claim to be a template is looked for."""

# A file without any of these says nothing of backups, keys, their policies or their parameters: it is not
# even parsed. Names of actions are read whatever their case.
MARKERS = {
    b"ackup": regex(
        rb"AWS::Backup::|backup:[A-Za-z*?]|backup\.amazonaws\.com|backup[-_]vault|BackupVault|BackupPlan|CrossAccountBackup|"
        rb"AWSBackup|aws\.backup|AWS/Backup|aws_backup_"
    ),
    b"AWS::": regex(rb"AWS::(?:KMS::|CloudFormation::Stack|SSM::Parameter|Organizations::Policy)"),
    b"kms": regex(rb"kms:[A-Za-z*?]|aws_kms_key"),
    b"Parameter": regex(rb"ParameterKey|\"Parameters\""),
    b"rganizations": regex(
        rb"organizations:LeaveOrganization|aws_organizations_policy|:organizations::[0-9]{12}:"
    ),
    b"@@": regex(rb"@@[a-z]"),
    b"SelectionName": regex(rb"SelectionName"),
    b"ResourceType": regex(rb"ResourceType(?:Management|OptIn)"),
    b"resource_file": regex(rb"resource_file"),
    b"aws:cloud": regex(rb"aws:cloudformation:stack"),
    b'"PolicyNames"': regex(rb"\"PolicyNames\""),
    b'"AttachedPolicies"': regex(rb"\"AttachedPolicies\""),
    b'"DefaultVersionId"': regex(rb"\"DefaultVersionId\""),
}
"""By what is in each of them: plain bytes are found faster than patterns, and most files hold none."""

# What other tools fill in before it is a template: faults before that are none of ours.
_FOREIGN = ("{{", "{%", "<%", "${ACCEL_")
_VERSION = regex(r"^AWSTemplateFormatVersion\s*:|[\"']AWSTemplateFormatVersion[\"']\s*:", re.MULTILINE)
_RESOURCES = regex(r"^Resources\s*:|[\"']Resources[\"']\s*:", re.MULTILINE)
_TYPE = regex(r"\bType[\"']?\s*:\s*[\"']?AWS::")

LINES = (".jsonl", ".ndjson")
"""What files are called that hold a document a line."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `named` says that the user named it himself; others were met while walking."""

    path: str
    """As it is shown: relative, with `/`."""
    file: Path | str
    named: bool = False
    text: str | None = None
    """The content, where it does not come from the disk (standard input)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a file: a tree, a problem, or (neither) passed over, `why` says for what reason."""

    source: Source | None = None
    document: Document | None = None
    problem: Problem | None = None
    why: str = ""
    lines: tuple[Document, ...] = ()
    """Of JSON lines each by itself, in place of the one document."""
    problems: tuple[Problem, ...] = ()
    """The lines that cannot be read."""


def open_input(given: Input) -> Opened:
    """Read one file as far as it can be read. Raises nothing."""
    try:
        data, size = _bytes_of(given)
    except OSError as error:
        return _refused(given, Source(given.path, ""), (error.strerror or str(error)).lower())
    is_json = _is_json(given.path, data)
    largest = LARGEST_JSON if is_json else LARGEST_YAML
    if size > largest:
        why = f"larger than {largest // 1024 // 1024} MiB"
        return _refused(given, Source(given.path, ""), why, said=data[:_HEAD].decode("utf-8", "replace"))
    if not given.named and not may_be_ours(data):
        return Opened(why="says nothing of backups")
    if data.startswith(_UTF_16):
        said = data.decode("utf-16", "replace")
        return _refused(given, Source(given.path, ""), "UTF-16, where UTF-8 is expected", said=said)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf_8(given, data, error.start)
    return _parse(given, Source(given.path, text.removeprefix(BOM)), is_json)


def _bytes_of(given: Input) -> tuple[bytes, int]:
    """The content and its size; of what is too large by any measure only the beginning. Raises OSError.

    A file may have been replaced since it was found: a pipe is not waited for, and nothing is read from it.
    """
    if given.text is not None:
        data = given.text.encode("utf-8", "surrogatepass")
        return data, len(data)
    descriptor = os.open(given.file, os.O_RDONLY | _NO_WAITING)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        size = status.st_size
        return os.read(descriptor, size if size <= LARGEST_JSON else _HEAD), size
    finally:
        os.close(descriptor)


def may_be_ours(data: bytes) -> bool:
    """Whether a file says anything of what we look at."""
    if data.startswith(_UTF_16):
        data = data.replace(b"\0", b"")
    for hint, marker in MARKERS.items():  # noqa: SIM110 -- `any` takes longer, which is felt in large repositories
        if hint in data and marker.search(data) is not None:
            return True
    return False


def _is_json(path: str, data: bytes) -> bool:
    """`.json`, JSON lines, and what is not called YAML and begins like JSON."""
    name = path.lower()
    if name.endswith((".json", *LINES)):
        return True
    return not name.endswith((".yaml", ".yml")) and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _parse(given: Input, source: Source, is_json: bool) -> Opened:
    try:
        document = json_reader.read(source) if is_json else yaml_reader.read(source)
    except Unreadable as fault:
        if is_json and source.text.strip() and (_is_called_lines(given.path) or is_lines(source.text)):
            return _of_lines(given, source)
        return _refused(given, source, fault.message, fault.span, source.text[: fault.span.start])
    return Opened(source, document)


def _is_called_lines(path: str) -> bool:
    return path.lower().endswith(LINES)


def _of_lines(given: Input, source: Source) -> Opened:
    documents, faults = read_lines(source)
    if not documents and faults:
        first = faults[0]
        return _refused(given, source, first.message, first.span, source.text[: first.span.start])
    problems = tuple(_problem(one.span, one.message, "this line") for one in faults)
    return Opened(source, lines=documents, problems=problems)


def _problem(span: Span, why: str, unit: str = "the file") -> Problem:
    return Problem("input-unreadable", span, facts={"what": why, "unit": unit})


def _not_utf_8(given: Input, data: bytes, at: int) -> Opened:
    source = Source(given.path, data.decode("utf-8", "replace").removeprefix(BOM))
    start = len(data[:at].decode("utf-8").removeprefix(BOM))
    span = Span(source, start, start + 1)
    return _refused(given, source, f"not UTF-8: byte 0x{data[at]:02x}", span, source.text[:start])


def _refused(given: Input, source: Source, why: str, span: Span | None = None, said: str = "") -> Opened:
    """A file that cannot be read: a problem if it was named, or claims to be a template in what it said before."""
    if not given.named and not _claims_to_be_ours(said, source.text or said):
        return Opened(source, why=f"{why}; does not claim to be a template" if said else why)
    return Opened(source, problem=_problem(span or Span(source, 0, 0), why))


def _claims_to_be_ours(said: str, whole: str) -> bool:
    """Whether a text calls itself a template, and no other tool is to fill it in first."""
    if _VERSION.search(said) is None:
        resources = _RESOURCES.search(said)
        if resources is None or _TYPE.search(said, resources.end()) is None:
            return False
    text = whole.replace("{{resolve:", "")
    return not any(mark in text for mark in _FOREIGN)
