"""What a run found, as plain data. Reports see this and nothing else of the program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from xbackup_lint.dataclass import dataclass, field

Severity = Literal["error", "warning", "info"]
Certainty = Literal["certain", "unsure"]


@dataclass(frozen=True, slots=True)
class Location:
    """A range in a file. Lines and columns are 1-based, the end is exclusive.

    `lines` holds the source text of every line from `start_line` to `end_line`, for excerpts.
    """

    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    lines: tuple[str, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of. An empty message only underlines."""

    message: str
    location: Location


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something cannot be told: the unknown thing, and where it is declared.

    `text` reads "parameter `X` has no default"; unsures with an equal cause are folded in text.
    """

    text: str
    location: Location | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """That a finding is accepted: by what, and why."""

    kind: str
    """`comment`, `metadata`, `per-file-ignores` or `baseline`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or (`certainty` unsure) one question that the files do not answer."""

    rule: str
    severity: Severity
    certainty: Certainty
    message: str
    location: Location
    because: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    help: str = ""
    fingerprint: str = ""
    related: tuple[Related, ...] = ()
    when: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()
    construct: str = ""
    """The construct of the CDK that made it, such as `Prod/Backups/Plan/Resource`."""
    others: tuple[Location, ...] = ()
    """Where else the same place decides the same."""
    suppressed: Suppressed | None = None
    accounts: tuple[str, ...] = ()
    """The accounts of the stacks in which it holds."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A rule that ran, in words."""

    id: str
    family: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One of the things that must be true for a copy to land."""

    name: str
    verdict: Literal["holds", "fails", "unsure", "assumed"]
    because: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy action and what becomes of it. Unknown accounts, regions and names are shown as `${…}`."""

    source_account: str
    source_region: str
    plan: str
    rule: str
    location: Location
    destination_arn: str
    destination_account: str
    destination_region: str
    vault: str
    verdict: Literal["lands", "fails", "unsure"]
    requirements: tuple[Requirement, ...] = ()
    retention: str = ""
    """`35 days`, or `for ever`."""
    when: str = ""
    """The conditions under which there is such a copy."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may, or may not, do something with a vault, and the statement that says so."""

    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class VaultRow:
    """A vault, and who could get at the backups in it."""

    account: str
    region: str
    name: str
    location: Location
    may_copy_in: tuple[Access, ...]
    may_delete: tuple[Access, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A plan, a vault or a key of the picture. Without a location no file describes it."""

    id: str
    kind: Literal["plan", "vault", "key"]
    label: str
    location: Location | None = None
    told: tuple[str, ...] = ()
    """What is known of it, a line each."""
    alike: tuple[str, ...] = ()
    """The labels of others that it stands for, where accounts are drawn as one that differ in names."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of an account, and the others in which all is the same."""

    name: str
    nodes: tuple[Node, ...]
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account, and the others of which all that is said is the same."""

    name: str
    """Its id, or `${…}` where it is not known."""
    regions: tuple[Region, ...]
    alike: tuple[str, ...] = ()
    note: str = ""
    """Which of the unknown accounts it is, or what it is taken to be."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From node to node: copies of one verdict for one reason, or what a plan keeps where and a key encrypts."""

    kind: Literal["copy", "keeps", "encrypts"]
    start: str
    end: str
    verdict: Literal["lands", "fails", "unsure", ""] = ""
    """Of copies only."""
    decides: Requirement | None = None
    """The first requirement that is not met, or else not known to be."""
    copies: tuple[int, ...] = ()
    """Which of the result's copies it stands for, counted from 0."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The estate as a graph."""

    accounts: tuple[Account, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts that every report closes with. `ignored` counts suppressed findings."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    unsure: int = 0
    ignored: int = 0
    files_read: int = 0
    files_passed_over: int = 0
    files_unreadable: int = 0
    accounts: int = 0
    copies_land: int = 0
    copies_fail: int = 0
    copies_unsure: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """Findings in their fixed order (path, offset, rule), copies, counts, and notes on what was read."""

    findings: tuple[Finding, ...]
    copies: Sequence[CopyRow]
    summary: Summary
    notes: tuple[str, ...] = ()
    vaults: Sequence[VaultRow] = ()
    suppressed: tuple[Finding, ...] = ()
    """Findings that are accepted: counted as ignored, and told to programs only."""
    rules: Sequence[RuleInfo] = ()
    """The rules that ran, in the order of their ids."""
    picture: Picture | None = None
    """Only where a report that draws it is asked for."""
