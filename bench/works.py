"""The pieces of work, and who does them how often."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.assembly import write_assembly
from bench.irrelevant import write_irrelevant
from bench.pairs import COPIES, write_pairs
from bench.peers import Peer
from bench.process import ROOT, environment
from bench.results import COMPOSE, GREP, OURS, PYTHON, Sizes

SMALL, TEMPLATES, MANY, FILES, ASSEMBLY = (
    "2 templates",
    "templates",
    "many templates",
    "other files",
    "cdk.out",
)
"""The pieces of work; each is a folder of that name."""

LEAST: tuple[str, ...] = (sys.executable, str(ROOT / "bench" / "floor.py"))
NOTHING: tuple[str, ...] = (sys.executable, "-c", "pass")

WATCHED = (TEMPLATES, MANY)
"""The works for which the memory of all processes together is looked at."""

MARKS = (
    "AWS::Backup::|AWS::KMS::|AWS::CloudFormation::Stack|AWS::Organizations::Policy|backup:[A-Za-z*?]|kms:[A-Za-z*?]|"
    "backup\\.amazonaws\\.com|AWSBackup|aws\\.backup|BackupVault|BackupPlan|backup[-_]vault|aws_backup_|aws_kms_key|"
    "aws:cloudformation:stack|ParameterKey|SelectionName|@@[a-z]|:organizations::[0-9]{12}:"
)
"""What grep looks for: signs that a file has to do with backups, as a run looks for them too."""

FOUND_OR_NOT = (0, 1)
"""With which a run of ours ends if it did its work."""


@dataclass(frozen=True, slots=True)
class Job:
    """One program over one piece of work, so many times."""

    work: str
    who: str
    folder: Path
    command: Sequence[str]
    times: int
    statuses: Collection[int] = (0,)


@dataclass(frozen=True, slots=True)
class Bench:
    """All that runs have in common."""

    scratch: Path
    sizes: Sizes
    ours: Sequence[str]
    peers: Sequence[Peer] = ()
    most: int = 15
    """Runs of what is quick."""
    facts: dict[str, str] = field(default_factory=dict)

    def folder(self, work: str) -> Path:
        return self.scratch / work.replace(" ", "-")

    def ours_over(self, work: str, times: int) -> Job:
        return Job(work, OURS, self.folder(work), [*self.ours, "."], times, FOUND_OR_NOT)

    def floor_of(self, work: str, times: int, who: str = COMPOSE, command: Sequence[str] = LEAST) -> Job:
        return Job(work, who, self.folder(work), command, times)

    def peer_over(self, peer: Peer, work: str, times: int) -> Job:
        folder = self.folder(work)
        return Job(work, peer.name, folder, peer.command(folder), times, peer.statuses)


def write_small(bench: Bench) -> None:
    """The templates that even a report on ratios needs, and a look at whether we read them."""
    write_pairs(bench.folder(SMALL), 2)
    write_pairs(bench.folder(TEMPLATES), bench.sizes.templates)
    _look_at(bench, SMALL, 2, COPIES)
    _look_at(bench, TEMPLATES, bench.sizes.templates, bench.sizes.templates // 2 * COPIES)


def write_large(bench: Bench) -> None:
    sizes = bench.sizes
    write_pairs(bench.folder(MANY), sizes.many)
    write_irrelevant(bench.folder(FILES), sizes.files)
    write_pairs(bench.folder(FILES) / "backup", 2)
    write_assembly(bench.folder(ASSEMBLY), sizes.services)
    _look_at(bench, MANY, sizes.many, sizes.many // 2 * COPIES)
    _look_at(bench, FILES, 2, COPIES)
    _look_at(bench, ASSEMBLY, 3, 1)
    for work in (SMALL, TEMPLATES, MANY, FILES, ASSEMBLY):
        size = sum(path.stat().st_size for path in bench.folder(work).rglob("*") if path.is_file())
        bench.facts[work] = f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _look_at(bench: Bench, work: str, files: int, copies: int) -> None:
    """Raises SystemExit where a run does not do the work that is measured."""
    folder = bench.folder(work)
    summary = counted(bench, folder)
    if summary != Counted(0, files, copies):
        raise SystemExit(f"{work}: {Counted(0, files, copies)} was expected, not {summary}")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a run says that it did."""

    errors: int
    files: int
    copies_that_land: int


def counted(bench: Bench, folder: Path) -> Counted:
    """What a run counts. It also warms up: the files are in memory and modules compiled from here on."""
    done = subprocess.run(
        [*bench.ours, ".", "--format", "json"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode not in FOUND_OR_NOT:
        raise SystemExit(done.stderr.decode("utf-8"))
    told = json.loads(done.stdout)["summary"]
    return Counted(told["errors"], told["files"]["read"], told["copies"]["lands"])


def ratio_jobs(bench: Bench) -> list[Job]:
    """The few runs that tell how far we are from the floor."""
    return [
        bench.ours_over(SMALL, 5),
        bench.floor_of(SMALL, 5, PYTHON, NOTHING),
        bench.ours_over(TEMPLATES, 3),
        bench.floor_of(TEMPLATES, 3),
    ]


def goal_jobs(bench: Bench) -> list[list[Job]]:
    """Everything that has a goal, work by work: ours, the floor and the peers."""
    most, some, few = bench.most, max(bench.most // 3, 2), min(bench.most, 3)
    grep = ("grep", "-rlE", MARKS, ".")
    return [
        [
            bench.ours_over(SMALL, most),
            bench.floor_of(SMALL, most, PYTHON, NOTHING),
            bench.floor_of(SMALL, most),
            *(bench.peer_over(peer, SMALL, some if peer.is_quick else few) for peer in bench.peers),
        ],
        [
            bench.ours_over(TEMPLATES, most),
            bench.floor_of(TEMPLATES, most),
            *(bench.peer_over(peer, TEMPLATES, some if peer.is_quick else few) for peer in bench.peers),
        ],
        [
            bench.ours_over(MANY, some),
            bench.floor_of(MANY, some),
            *(bench.peer_over(peer, MANY, few) for peer in bench.peers if peer.is_quick),
        ],
        [bench.ours_over(FILES, some), bench.floor_of(FILES, some, GREP, grep)],
        [bench.ours_over(ASSEMBLY, some), bench.floor_of(ASSEMBLY, some)],
    ]
