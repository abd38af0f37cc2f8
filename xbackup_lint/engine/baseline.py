"""Findings that are accepted for now, in a file: what is new still fails a run."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.engine.broken import BrokenBaseline
from xbackup_lint.engine.identity import Identities, Identity
from xbackup_lint.engine.raw import Raw
from xbackup_lint.engine.result import Suppressed
from xbackup_lint.engine.suppress import Suppressing
from xbackup_lint.text import json_reader
from xbackup_lint.text.node import Mapping, Node, Scalar, Unreadable
from xbackup_lint.text.node import Sequence as Items
from xbackup_lint.text.source import BOM, Source

_VERSION = 1
_LARGEST = 64 * 1024 * 1024
_KEYS = ("rule", "path", "resource", "target", "certainty")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that a file accepts. Their paths are relative to its folder."""

    path: Path
    entries: tuple[Identity, ...]

    def suppress(self, found: Suppressing, identities: Identities) -> list[Identity]:
        """Take the accepted out of the findings, each as often as it is accepted. What was not found is returned."""
        left = Counter(self.entries)
        kept: list[Raw] = []
        for raw in found.kept:
            entry = _relative(identities.of(raw), self.path)
            if left[entry] > 0:
                left[entry] -= 1
                found.taken.append((raw, Suppressed("baseline", "")))
            else:
                kept.append(raw)
        found.kept = kept
        return list(left.elements())

    def is_stale(self, entry: Identity, read: Iterable[str], ran: Iterable[str]) -> bool:
        """Whether an entry that was not found is out of date: its file was read, or is there no more."""
        if entry.rule not in set(ran):
            return False
        file = self.path.parent / entry.path
        return not file.exists() or any(
            os.path.relpath(path, self.path.parent) == entry.path for path in read
        )


def load(path: Path) -> Baseline:
    """Read a baseline. Raises BrokenBaseline and OSError."""
    if path.exists() and not path.is_file():  # to open a pipe is to wait for it
        raise OSError("not a file")
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(f"larger than {_LARGEST // 1024 // 1024} MiB")
    source = Source(path.as_posix(), data.decode("utf-8", "replace").removeprefix(BOM))
    try:
        root = json_reader.read(source).root
    except Unreadable as fault:
        raise BrokenBaseline(fault.message, fault.span) from fault
    version = root.get("version") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or not isinstance(version, Scalar) or version.text != str(_VERSION):
        raise BrokenBaseline(f'a baseline says `"version": {_VERSION}`', (version or root).span)
    listed = root.get("findings")
    if not isinstance(listed, Items):
        raise BrokenBaseline("`findings` is a list", (listed or root).span)
    return Baseline(path, tuple(_entry(item) for item in listed.items))


def _entry(item: Node) -> Identity:
    values = [item.get(key) if isinstance(item, Mapping) else None for key in _KEYS]
    texts = [value.text for value in values if isinstance(value, Scalar)]
    if len(texts) != len(_KEYS):
        lacking = next(key for key, value in zip(_KEYS, values, strict=True) if not isinstance(value, Scalar))
        raise BrokenBaseline(f"a finding has the text `{lacking}`", item.span)
    return Identity(*texts)


def written(raws: Sequence[Raw], identities: Identities, path: Path) -> str:
    """The text of a baseline that accepts findings: sorted, a line each, so that two merge well."""
    entries = sorted(
        (_relative(identities.of(raw), path) for raw in raws),
        key=lambda one: (one.path, one.resource, one.rule, one.target, one.certainty),
    )
    lines = [json.dumps({key: getattr(entry, key) for key in _KEYS}, ensure_ascii=False) for entry in entries]
    listed = ",\n    ".join(lines)
    inner = f"\n    {listed}\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "findings": [{inner}]\n}}\n'


def _relative(identity: Identity, baseline: Path) -> Identity:
    path = os.path.relpath(identity.path, baseline.parent).replace(os.sep, "/")
    return replace(identity, path=path)
