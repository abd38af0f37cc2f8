"""The report of `xbackup-lint copies`: every copy and what becomes of it, every vault, then the summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.engine.result import CopyRow, Location, Requirement, Result, VaultRow
from xbackup_lint.report.colour import Line, Style, paint, path_piece
from xbackup_lint.report.options import Options
from xbackup_lint.report.summary import summary_lines
from xbackup_lint.report.visible import columns, visible, wrap

_STYLES: dict[str, Style] = {"lands": "info", "fails": "error", "unsure": "unsure"}


def render(result: Result, options: Options) -> str:
    """The copies in the order of the files, those that say the same in several stacks once."""
    lines: list[Line] = []
    for rows in _folded(result.copies):
        lines += [*_copy(rows, options), []]
    for vaults in _alike(result.vaults):
        lines += [*_vault(vaults, options), []]
    return paint([*lines, *summary_lines(result.summary, options)], options.colour, options.links)


def _folded(copies: Iterable[CopyRow]) -> Iterator[list[CopyRow]]:
    """Copies by what is said of them: of one place, to one destination, with one verdict for the same reasons."""
    groups: dict[object, list[CopyRow]] = {}
    for copy in copies:
        # What copies that land rest on names their own accounts and roles: it is the same for all but for these.
        words = copy.verdict != "lands"
        reasons = tuple((row.name, row.because if words else "") for row in _of_note(copy))
        key = (copy.location.path, copy.location.start_line, copy.location.start_column, copy.when)
        groups.setdefault((key, copy.destination_arn, copy.verdict, reasons), []).append(copy)
    yield from groups.values()


def _copy(rows: list[CopyRow], options: Options) -> Iterator[Line]:
    first = rows[0]
    name = "/".join(part for part in (first.plan, first.rule) if part)
    head: Line = [(f"{first.verdict:<6}", _STYLES[first.verdict]), (f"  {visible(name)}", "headline")]
    yield from _headline(head, first.location, options)
    source = ", ".join(dict.fromkeys(f"{copy.source_account}/{copy.source_region}" for copy in rows[:3]))
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    to = f"{first.destination_account}/{first.destination_region} {first.vault}".strip()
    route = f"{source}{more} → {to if first.vault else first.destination_arn}, kept {first.retention}"
    yield from _indented(visible(route), options)
    if first.when:
        yield from _indented(f"when {visible(first.when)}", options)
    for row in _of_note(first):
        yield from _requirement(row, options)


def _of_note(copy: CopyRow) -> list[Requirement]:
    """What decides: that which fails or is not known; of a copy that lands what it is taken to rest on."""
    wanted = ("assumed",) if copy.verdict == "lands" else ("fails", "unsure")
    return [row for row in copy.requirements if row.verdict in wanted]


def _requirement(row: Requirement, options: Options) -> Iterator[Line]:
    at = (
        f" ({row.location.path}:{row.location.start_line}:{row.location.start_column})"
        if row.location
        else ""
    )
    mark = {"assumed": "if", "fails": "fails", "unsure": "unsure"}[row.verdict]
    yield from _indented(f"{mark} {row.name}: {visible(row.because)}{visible(at)}", options)


def _alike(vaults: Iterable[VaultRow]) -> Iterator[list[VaultRow]]:
    """Vaults by what is said of them: of one place, and the same in all stacks but for the account's own id."""
    groups: dict[object, list[VaultRow]] = {}
    for vault in vaults:
        told = (access.text.replace(vault.account, "") for access in (*vault.may_copy_in, *vault.may_delete))
        place = (vault.location.path, vault.location.start_line, vault.location.start_column)
        groups.setdefault((place, vault.name, *told), []).append(vault)
    yield from groups.values()


def _vault(vaults: list[VaultRow], options: Options) -> Iterator[Line]:
    first = vaults[0]
    more = f" and {len(vaults) - 1} more" if len(vaults) > 1 else ""
    name = visible(f"{first.account}/{first.region} {first.name}{more}")
    yield from _headline([(f"vault   {name}", "headline")], first.location, options)
    for what, told in (("copy in", first.may_copy_in), ("delete", first.may_delete)):
        yield from _indented(f"{what}: {visible('; '.join(access.text for access in told))}", options)


def _headline(head: Line, location: Location, options: Options) -> Iterator[Line]:
    """What it is about, and where: below it where both are too wide for the terminal."""
    place: Line = [
        path_piece(location.path),
        (f":{location.start_line}:{location.start_column}", "plain"),
    ]
    line: Line = [*head, ("  ", "plain"), *place]
    if options.width is None or sum(columns(text) for text, _ in line) <= options.width:
        yield line
    else:
        yield from (head, [(" " * 8, "plain"), *place])


def _indented(text: str, options: Options) -> Iterator[Line]:
    for number, line in enumerate(wrap(text, 8, 12, options.width)):
        yield [(f"{' ' * (12 if number else 8)}{line}", "plain")]
