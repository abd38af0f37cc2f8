"""What the HTML page is made of, as plain JSON: its script only lays it out. All text in it is visible text."""

from __future__ import annotations

from collections.abc import Iterable

from xbackup_lint.engine.result import (
    Account,
    Arrow,
    CopyRow,
    Finding,
    Location,
    Node,
    Picture,
    Region,
    Requirement,
    Result,
    RuleInfo,
)
from xbackup_lint.report.excerpt import Frame, digits, excerpts
from xbackup_lint.report.visible import visible
from xbackup_lint.report.wording import all_findings, kind, places, question, remarks

Json = dict[str, object]

_WIDTH = 76
"""Columns of an excerpt: they are beside the picture."""


def page_data(result: Result, *, with_findings: bool) -> Json:
    """The picture and the copies, and where they are asked for the findings, those included that are accepted."""
    rules = {rule.id: rule for rule in result.rules}
    return {
        "accounts": _names(result),
        "findings": [_finding(one, rules.get(one.rule)) for one in all_findings(result)]
        if with_findings
        else None,
        "copies": [_copy(copy) for copy in result.copies],
        "picture": _picture(result.picture or Picture((), ())),
    }


def _names(result: Result) -> list[str]:
    """Every account by which one can filter."""
    accounts = result.picture.accounts if result.picture is not None else ()
    found = {name for account in accounts for name in (account.name, *account.alike)}
    found |= {name for finding in all_findings(result) for name in finding.accounts}
    return sorted(map(visible, found))


def _finding(finding: Finding, rule: RuleInfo | None) -> Json:
    around = places(finding)
    spots = [finding.location, *(place.location for place in around)]
    frame = Frame(digits(spots), kind(finding), _WIDTH)
    suppressed = finding.suppressed
    return {
        "kind": kind(finding),
        "rule": visible(finding.rule),
        "title": visible(rule.title) if rule is not None else "",
        "message": question(finding),
        "place": _place(finding.location),
        "accounts": [visible(account) for account in finding.accounts],
        "remarks": [[word, "\n".join(map(visible, text.split("\n")))] for word, text in remarks(finding)],
        "related": [f"{visible(place.message)} {_place(place.location)}" for place in around],
        "excerpt": [[list(piece) for piece in line] for line in excerpts(finding.location, around, frame)],
        "accepted": visible(f"{suppressed.kind}: {suppressed.reason}") if suppressed is not None else "",
        "spots": list(dict.fromkeys(map(_spot, spots))),
    }


def _copy(copy: CopyRow) -> Json:
    vault = f"{copy.destination_account}/{copy.destination_region} {copy.vault}"
    assumed = [row.name for row in copy.requirements if row.verdict == "assumed"]
    return {
        "verdict": copy.verdict,
        "plan": visible(copy.plan),
        "rule": visible(copy.rule),
        "source": visible(f"{copy.source_account}/{copy.source_region}"),
        "source_account": visible(copy.source_account),
        "destination": visible(vault if copy.vault else copy.destination_arn),
        "destination_account": visible(copy.destination_account),
        "kept": visible(copy.retention),
        "when": visible(copy.when),
        "place": _place(copy.location),
        "spot": _spot(copy.location),
        "assumed": f"assumed: {', '.join(assumed)}" if assumed else "",
        "requirements": [_requirement(row) for row in copy.requirements],
    }


def _requirement(row: Requirement) -> Json:
    return {
        "name": row.name,
        "verdict": row.verdict,
        "because": visible(row.because),
        "place": _place(row.location) if row.location is not None else "",
    }


def _picture(picture: Picture) -> Json:
    return {
        "accounts": [_account(account) for account in picture.accounts],
        "arrows": [_arrow(arrow) for arrow in picture.arrows],
    }


def _account(account: Account) -> Json:
    return {
        "name": visible(account.name),
        "note": visible(account.note),
        "alike": _seen(account.alike),
        "regions": [_region(region) for region in account.regions],
    }


def _region(region: Region) -> Json:
    return {
        "name": visible(region.name),
        "alike": _seen(region.alike),
        "nodes": [_node(node) for node in region.nodes],
    }


def _node(node: Node) -> Json:
    return {
        "id": node.id,
        "kind": node.kind,
        "label": visible(node.label),
        "place": _place(node.location) if node.location is not None else "",
        "told": _seen(node.told),
        "alike": _seen(node.alike),
    }


def _arrow(arrow: Arrow) -> Json:
    return {
        "kind": arrow.kind,
        "start": arrow.start,
        "end": arrow.end,
        "verdict": arrow.verdict,
        "decides": _requirement(arrow.decides) if arrow.decides is not None else None,
        "copies": list(arrow.copies),
    }


def _seen(texts: Iterable[str]) -> list[str]:
    return [visible(text) for text in texts]


def _place(location: Location) -> str:
    return f"{visible(location.path)}:{location.start_line}:{location.start_column}"


def _spot(location: Location) -> str:
    """A line of a file: what findings and copies have in common that speak of the same."""
    return f"{visible(location.path)}:{location.start_line}"
