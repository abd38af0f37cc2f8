"""From a file's bytes to its tree, or to the problem that it cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from xbackup_lint.model.problem import Problem
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Document, Unreadable
from xbackup_lint.text.source import BOM, Source, Span

LARGEST_YAML = 5 * 1024 * 1024
LARGEST_JSON = 64 * 1024 * 1024

# A file without any of these says nothing of backups, keys or their policies: it is not even parsed.
MARKERS = re.compile(
    rb"AWS::Backup::|AWS::KMS::|AWS::CloudFormation::Stack|AWS::SSM::Parameter|AWS::Organizations::Policy|"
    rb"backup:[A-Z*]|kms:[A-Z*]|backup\.amazonaws\.com|BackupVault|BackupPlan|backup[-_]vault|ParameterKey|"
    rb"\"Parameters\"|@@assign"
)
# What other tools fill in before it is a template: faults before that are none of ours.
_FOREIGN = ("{{", "{%", "<%", "${ACCEL_")
_CLAIM = re.compile(
    r"AWSTemplateFormatVersion|^[\"']?Resources[\"']?\s*:|^\s*[\"']Resources[\"']\s*:", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read. `named` says that the user named it himself; others were met while walking."""

    path: str
    """As it is shown: relative, with `/`."""
    file: Path
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


def open_input(given: Input) -> Opened:
    """Read one file as far as it can be read. Raises nothing."""
    try:
        data = given.file.read_bytes() if given.text is None else given.text.encode("utf-8", "surrogatepass")
    except OSError as error:
        return _unreadable(Source(given.path, ""), error.strerror or str(error))
    if not given.named and MARKERS.search(data) is None:
        return Opened(why="says nothing of backups")
    is_json = _is_json(given.path, data)
    largest = LARGEST_JSON if is_json else LARGEST_YAML
    if len(data) > largest:
        return _unreadable(Source(given.path, ""), f"larger than {largest // 1024 // 1024} MiB")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        source = Source(given.path, before.removeprefix(BOM))
        end = len(source.text)
        if not given.named and _CLAIM.search(before) is None:
            return Opened(source, why="not UTF-8")
        return _unreadable(source, f"not UTF-8: byte 0x{data[error.start]:02x}", Span(source, end, end))
    source = Source(given.path, text.removeprefix(BOM))
    return _parse(source, is_json, given.named)


def _is_json(path: str, data: bytes) -> bool:
    """`.json`, and `.template` that begins like JSON."""
    if path.endswith(".json"):
        return True
    return not path.endswith((".yaml", ".yml")) and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _parse(source: Source, is_json: bool, named: bool) -> Opened:
    try:
        document = json_reader.read(source) if is_json else yaml_reader.read(source)
    except Unreadable as fault:
        if named or _claims_to_be_ours(source, fault):
            return _unreadable(source, fault.message, fault.span)
        return Opened(source, why=f"cannot be parsed ({fault.message}) and does not claim to be a template")
    return Opened(source, document)


def _claims_to_be_ours(source: Source, fault: Unreadable) -> bool:
    """Whether what was read before the fault calls itself a template, and no other tool fills it in."""
    text = source.text.replace("{{resolve:", "")
    if any(mark in text for mark in _FOREIGN):
        return False
    before = source.text[: fault.span.start]
    claim = _CLAIM.search(before)
    return claim is not None and ("AWSTemplateFormatVersion" in before or "AWS::" in before)


def _unreadable(source: Source, message: str, span: Span | None = None) -> Opened:
    problem = Problem("input-unreadable", span or Span(source, 0, 0), facts={"what": message})
    return Opened(source, problem=problem)
