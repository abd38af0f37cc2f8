"""The picture as a Mermaid flowchart, which GitHub, GitLab and others draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.engine.result import Account, Arrow, Node, Picture, Region, Result
from xbackup_lint.regex import regex
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import visible

_LONGEST = 60
_LETTER_OR_INNER_DASH = regex(r"(?<=[A-Za-z0-9])-(?=[A-Za-z0-9])|[^\W_]| ")
"""What stays as it is in a label. All else is written as `#35;`, for Mermaid acts on much: `"`, `#`, `;`, `<`, `- `."""
_SHAPES = {"plan": ('(["', '"])'), "vault": ('[("', '")]'), "key": ('{{"', '"}}')}
_LINES = {"lands": "-->", "fails": "--x", "unsure": "-.->", "keeps": "-->", "encrypts": "-.-"}
_COLOURS = {"lands": "#1a8f4a", "fails": "#d1242f", "unsure": "#b98900"}
_MARKS = {"lands": "✓", "fails": "✕", "unsure": "?"}


def render(result: Result, options: Options) -> str:
    """The picture as text; without one, what stands in its place."""
    picture = result.picture or Picture((), ())
    lines = ["flowchart LR"]
    for number, account in enumerate(picture.accounts, 1):
        lines += _account(f"a{number}", account)
    lines += [f"  {_arrow(arrow)}" for arrow in picture.arrows]
    lines += _styles(picture)
    return "\n".join(lines) + "\n"


def _account(name: str, account: Account) -> Iterator[str]:
    more = f" and {len(account.alike)} more accounts" if account.alike else ""
    note = f" ({_shortened(account.note)})" if account.note else ""
    yield f'  subgraph {name}["{_text(f"account {_shortened(account.name)}{more}{note}")}"]'
    for number, region in enumerate(account.regions, 1):
        yield from _region(f"{name}r{number}", region)
    yield "  end"


def _region(name: str, region: Region) -> Iterator[str]:
    more = f" and {len(region.alike)} more regions" if region.alike else ""
    yield f'    subgraph {name}["{_text(f"{_shortened(region.name)}{more}")}"]'
    yield from (f"      {_node(node)}" for node in region.nodes)
    yield "    end"


def _node(node: Node) -> str:
    before, after = _SHAPES[node.kind]
    more = f" and {len(node.alike)} more" if node.alike else ""
    return f"{node.id}{before}{_text(f'{node.kind} {_shortened(node.label)}{more}')}{after}"


def _arrow(arrow: Arrow) -> str:
    line = _LINES[arrow.verdict or arrow.kind]
    if not arrow.verdict:
        return f"{arrow.start} {line} {arrow.end}"
    reason = f" {arrow.decides.name}" if arrow.decides is not None else ""
    many = f" ×{len(arrow.copies)}" if len(arrow.copies) > 1 else ""
    label = f"{_MARKS[arrow.verdict]} {_text(f'{arrow.verdict}{reason}')}{many}"
    return f'{arrow.start} {line}|"{label}"| {arrow.end}'


def _styles(picture: Picture) -> Iterator[str]:
    """Colours, which say nothing that labels and lines do not; dashes round what no file describes."""
    for verdict, colour in _COLOURS.items():
        numbers = [str(number) for number, arrow in enumerate(picture.arrows) if arrow.verdict == verdict]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{colour},stroke-width:2px"
    absent = [node.id for node in _nodes(picture.accounts) if node.location is None]
    if absent:
        yield "  classDef absent stroke-dasharray:4 3"
        yield f"  class {','.join(absent)} absent"


def _nodes(accounts: Iterable[Account]) -> Iterator[Node]:
    return (node for account in accounts for region in account.regions for node in region.nodes)


def _shortened(text: str) -> str:
    seen = visible(text)
    return seen if len(seen) <= _LONGEST else f"{seen[: _LONGEST - 1]}…"


def _text(text: str) -> str:
    """Text as text, by Mermaid's own character references. Mermaid takes no empty label."""
    text = text if text.strip() else "–"
    kept = {match.start() for match in _LETTER_OR_INNER_DASH.finditer(text)}
    return "".join(char if number in kept else f"#{ord(char)};" for number, char in enumerate(text))
