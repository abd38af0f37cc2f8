"""The benchmark: its work is what it claims to be, runs cost what they cost, and the page says what was measured."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.__main__ import PAGE, RESULTS
from bench.assembly import write_assembly
from bench.growing import GROWTHS, Growth
from bench.irrelevant import write_irrelevant
from bench.page import BLOCKS, measured, memory, ratio_lines, rendered, seconds
from bench.pairs import central, source, write_pairs
from bench.peers import peers
from bench.process import cost, together
from bench.results import (
    COMPOSE,
    GREP,
    OURS,
    PYTHON,
    Cost,
    Curve,
    Phase,
    Point,
    Results,
    Series,
    Sizes,
    read,
    write,
)
from bench.series import in_turn, missing_phases, phases
from bench.works import ASSEMBLY, FILES, MANY, MARKS, SMALL, TEMPLATES, Bench, write_small
from tests.runs import run


def summary(folder: Path, *arguments: str) -> tuple[int, int, int, int]:
    """What a run over a folder counts: errors; files read; copies; those that land."""
    told = json.loads(run(".", "--format", "json", *arguments, cwd=folder).out)["summary"]
    copies = told["copies"]
    return told["errors"], told["files"]["read"], sum(copies.values()), copies["lands"]


def test_pairs_are_right_and_each_makes_three_copies(tmp_path: Path) -> None:
    write_pairs(tmp_path, 6)

    assert summary(tmp_path) == (0, 6, 9, 9)


def test_pairs_are_as_large_as_the_page_says() -> None:
    assert [round(text.count("\n"), -1) for text in (source(3), central(3))] == [140, 150]
    assert {text.count("<") for text in (source(3), central(3))} == {0}  # nothing is left to fill in
    types = [set(re.findall(r"Type: AWS::(\w+::\w+)", text)) for text in (source(3), central(3))]
    assert types == [
        {
            "KMS::Key",
            "Backup::BackupVault",
            "IAM::Role",
            "Backup::BackupPlan",
            "Backup::BackupSelection",
            "SNS::Topic",
        },
        {"KMS::Key", "Backup::BackupVault"},
    ]
    assert [source(3).count(word) for word in ("- RuleName:", "DestinationBackupVaultArn:")] == [3, 3]
    assert [
        central(3).count(word) for word in ("::BackupVault\n", "LockConfiguration:", "AccessPolicy:")
    ] == [3, 3, 3]


def test_other_files_are_passed_over_and_hold_none_of_the_signs(tmp_path: Path) -> None:
    write_irrelevant(tmp_path / "other", 60)
    write_pairs(tmp_path / "backup", 2)
    texts = [path.read_text("utf-8") for path in sorted((tmp_path / "other").rglob("*.*"))]

    assert len(texts) == 60
    assert [text for text in texts if re.search(MARKS, text)] == []
    assert summary(tmp_path) == (0, 2, 3, 3)
    # Some make a reader look twice.
    assert sum("AWS::" in text for text in texts) == sum("backup" in text for text in texts) == 6


def test_other_files_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for name, seed in (("first", 1), ("second", 1), ("third", 2)):
        write_irrelevant(tmp_path / name, 30, seed)
    first, second, third = (
        [path.read_bytes() for path in sorted((tmp_path / name).rglob("*.*"))]
        for name in ("first", "second", "third")
    )

    assert first == second != third


def test_an_assembly_is_read_by_its_manifest_and_its_copy_lands(tmp_path: Path) -> None:
    write_assembly(tmp_path / "cdk.out", 20)

    assert summary(tmp_path) == (0, 3, 1, 1)
    assert (tmp_path / "cdk.out/Services.template.json").stat().st_size > 20 * 6000


@pytest.mark.parametrize("growth", GROWTHS, ids=lambda growth: growth.thing)
@pytest.mark.parametrize("size", [2, 12])
def test_all_copies_of_what_grows_land(growth: Growth, size: int, tmp_path: Path) -> None:
    growth.write(tmp_path, size)

    errors, _, copies, landing = summary(tmp_path)
    assert (errors, copies, landing) == (0, growth.copies(size), growth.copies(size))


def test_what_grows_is_there_in_its_number(tmp_path: Path) -> None:
    for growth in GROWTHS:
        (tmp_path / growth.thing).mkdir()
        growth.write(tmp_path / growth.thing, 20)

    def count(word: str, file: str) -> int:
        return (tmp_path / file).read_text("utf-8").count(word)

    assert len(list((tmp_path / "templates").iterdir())) == 20
    assert count('      - "', "deployments/.xbackup-lint.yaml") == 20
    assert count("DestinationBackupVaultArn", "copies/workload.yaml") == 20
    assert (
        count("!Equals", "conditions/workload.yaml")
        == count(" Condition: ", "conditions/workload.yaml")
        == 20
    )
    assert count("Action: backup:CopyIntoBackupVault", "statements/central-9.yaml") == 2
    assert len(list((tmp_path / "other files").glob("team-*/*/*"))) == 20


def python(script: str) -> list[str]:
    return [sys.executable, "-I", "-c", script]


def test_what_a_run_costs(tmp_path: Path) -> None:
    idle = cost(python("import time; time.sleep(0.2)"), tmp_path)
    busy = cost(python("sum(range(3_000_000)); bytearray(b'a') * 200 * 1024 * 1024"), tmp_path)
    nested = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(9_000_000)); b = bytearray(10**8)'])"

    assert idle.wall >= 0.2 > idle.cpu
    assert busy.peak > 190 > 30 > idle.peak
    assert cost(python(nested), tmp_path).cpu > idle.cpu
    assert cost(python(nested), tmp_path).peak > 90


def test_a_run_that_fails_is_no_measurement(tmp_path: Path) -> None:
    assert cost(python("raise SystemExit(1)"), tmp_path, statuses=(0, 1)).wall > 0
    with pytest.raises(SystemExit, match="ended with status 3"):
        cost(python("raise SystemExit(3)"), tmp_path, statuses=(0, 1))


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells it there")
def test_memory_of_all_processes_together(tmp_path: Path) -> None:
    hold = "import time; b = bytearray(60 * 1024 * 1024); time.sleep(0.3)"
    two = f"import subprocess, sys; [p.wait() for p in [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in '12']]"

    found = together(python(two), tmp_path)

    assert found is not None and found > 120
    assert together(python("pass"), tmp_path) is None


@pytest.mark.parametrize(
    ("times", "order"),
    [
        ((3, 3), [0, 1, 0, 1, 0, 1]),
        ((4, 2), [0, 1, 0, 0, 1, 0]),
        ((1, 3, 2), [0, 1, 2, 1, 1, 2]),
    ],
)
def test_programs_run_in_turn(times: tuple[int, ...], order: list[int]) -> None:
    assert sorted(in_turn(times)) == sorted(order)
    assert list(in_turn(times)) == order


def curve(*costs: tuple[int, float], start: float = 0.1) -> Curve:
    points = tuple(
        Point(size, tuple(Cost(cpu, cpu + by, 10) for by in (-0.001, 0, 0.05))) for size, cpu in costs
    )
    return Curve("things", "thing", "some things", start, points)


def exponents(power: float) -> float | None:
    found = curve(*((size, 0.1 + 0.001 * size**power) for size in (100, 200, 400))).exponent
    return found if found is None else round(found, 2)


def test_how_a_curve_grows() -> None:
    assert [exponents(power) for power in (1, 2, 0.5)] == [1.0, 2.0, None]
    slope, start = curve((100, 0.2), (200, 0.3), (300, 0.4)).line
    assert (round(slope, 6), round(start, 6)) == (0.001, 0.1)


def series(work: str, who: str, wall: float, peak: float = 20, together: float | None = None) -> Series:
    return Series(work, who, tuple(Cost(wall * by, wall * by, peak) for by in (0.9, 1, 1.3)), together)


SAMPLE = Results(
    "2026-01-31",
    7.5,
    {
        "processor": "A Processor",
        "cores": "2",
        "memory": "8 GiB",
        "system": "A System 1",
        "kernel": "Linux 6",
    },
    {OURS: "1.2.3", "Python": "CPython 3.11.1", "cfn-lint": "1.58.0"},
    Sizes(),
    {SMALL: "9 kB", TEMPLATES: "0.9 MB", MANY: "9.1 MB", FILES: "50.0 MB", ASSEMBLY: "5.0 MB"},
    (
        series(SMALL, OURS, 0.1),
        series(SMALL, PYTHON, 0.01),
        series(SMALL, "cfn-lint", 1),
        series(TEMPLATES, OURS, 0.24, 45, 61),
        series(TEMPLATES, COMPOSE, 0.12, 22),
        series(TEMPLATES, "cfn-lint", 14.2, 145),
        series(MANY, OURS, 4.096),
        series(FILES, OURS, 0.45),
        series(FILES, GREP, 0.1),
    ),
    (
        replace(curve((10, 0.2), (20, 0.3), (40, 0.5)), thing="deployments"),
        replace(curve((10, 0.2), (20, 0.5), (40, 1.7)), thing="rules"),
    ),
    (Phase("imports", 0.03, 120), Phase("report", 0.01, 1)),
)


def test_the_page_tells_goals_and_whether_they_are_met() -> None:
    cells = [line.strip("| ").split(" | ") for line in BLOCKS["goals"](SAMPLE).splitlines()]

    assert cells[0] == ["work", "floor", "cfn-lint", "must", "goal", "ours", "met"]
    assert cells[2:] == [
        [
            "200 templates, whole process",
            "120 ms (parser alone)",
            "14.2 s",
            "450 ms",
            "250 ms",
            "**240 ms**",
            "goal",
        ],
        [
            "2,000 templates, each of them",
            "– (parser alone)",
            "–",
            "1.30 ms",
            "0.600 ms",
            "**2.00 ms**",
            "no",
        ],
        [
            "2 templates, whole process",
            "10.0 ms (python -c pass)",
            "1.00 s",
            "120 ms",
            "60.0 ms",
            "**100 ms**",
            "must",
        ],
        [
            "20,000 other YAML and JSON files",
            "100 ms (grep -rlE)",
            "–",
            "5 × grep",
            "2 × grep",
            "**450 ms**",
            "must",
        ],
        [
            "peak memory, 200 templates",
            "22 MiB (parser alone)",
            "145 MiB",
            "60 MiB",
            "40 MiB",
            "**45 MiB**",
            "must",
        ],
    ]


def test_the_page_tells_ratios_growth_and_phases() -> None:
    text = measured(SAMPLE)

    assert "| 200 templates, whole process | 2.00 | 0.0169 (cfn-lint) |" in text
    assert "| deployments: some things | 40 | 10.0 ms | 1.00 | yes | 500 ms | 10 MiB |" in text
    assert "| rules: some things | 40 | 51.4 ms | 2.00 | **no** | 1.70 s | 10 MiB |" in text
    assert (
        "One template that 40 accounts deploy, all of them copying into one vault, takes 500 ms and 10 MiB"
        in text
    )
    assert "| imports | 30.0 ms | 75% | 120 |" in text
    assert (
        "| 200 templates | 0.9 MB | xbackup-lint | 3 | 240 ms | 216 ms to 312 ms | 240 ms | 45 MiB | 61 MiB |"
        in text
    )
    assert (
        "Measured on 2026-01-31, in 7.5 minutes, on A Processor, 2 cores, 8 GiB, A System 1, Linux 6." in text
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0 µs"), (0.000026, "26.0 µs"), (0.00108, "1.08 ms"), (0.9994, "999 ms"), (0.9996, "1.00 s"), (9.999, "10.0 s"),
     (99.96, "100 s"), (1234, "1,234 s")],
)  # fmt: skip
def test_seconds(value: float, written: str) -> None:
    assert seconds(value) == written


def test_memory_is_in_whole_mebibytes() -> None:
    assert memory(1234.4) == "1,234 MiB"


def test_the_report_of_ratios() -> None:
    told = [one for one in SAMPLE.series if one.work == TEMPLATES and one.who in (OURS, COMPOSE)]

    assert list(ratio_lines(told, Sizes())) == [
        "200 templates: 240 ms, 45 MiB; parser alone: 120 ms; ratio 2.00"
    ]


def test_only_what_is_between_the_marks_is_made_anew() -> None:
    text = "By hand.\n<!-- measured: ratios -->\nstale\n<!-- end measured -->\nBy hand too.\n"

    made = rendered(text, SAMPLE)

    assert made == text.replace("stale", BLOCKS["ratios"](SAMPLE))
    with pytest.raises(KeyError):
        rendered(text.replace("ratios", "nothing"), SAMPLE)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    write(SAMPLE, tmp_path / "results.json")

    assert read(tmp_path / "results.json") == SAMPLE


def test_the_page_is_what_was_measured() -> None:
    """`make bench-page` writes it anew."""
    text = PAGE.read_text("utf-8")

    assert set(re.findall(r"<!-- measured: (\w+) -->", text)) == set(BLOCKS)
    assert rendered(text, read(RESULTS)) == text


def test_every_phase_is_at_work_in_a_run(tmp_path: Path) -> None:
    """A function that has another name or place now would be counted to what calls it."""
    bench = Bench(tmp_path, Sizes(templates=2), [sys.executable, "-m", "xbackup_lint"])
    write_small(bench)

    found = phases(bench, times=1)

    assert missing_phases(found) == []
    assert 0.05 < sum(phase.seconds for phase in found) < 20


def test_the_figure_is_small_and_the_same_each_time() -> None:
    pytest.importorskip("matplotlib")
    from bench.plot import figure

    curves = [replace(SAMPLE.curves[0], thing=growth.thing, each=growth.each) for growth in GROWTHS]
    drawn = figure(curves)

    assert drawn == figure(curves)
    assert len(drawn) < 150_000


def test_peers_are_told_by_name() -> None:
    (peer,) = [one for one in peers(["cfn-lint=python3 -m cfnlint"]) if one.name == "cfn-lint"]

    assert peer.program == ("python3", "-m", "cfnlint")
    with pytest.raises(SystemExit, match="unknown: lint; known: cloudformation-validate, cfn-lint, checkov"):
        peers(["lint=x"])
    with pytest.raises(SystemExit, match="NAME=COMMAND"):
        peers(["checkov"])


def test_a_peer_gets_the_files_of_the_folder(tmp_path: Path) -> None:
    write_pairs(tmp_path, 2)
    by_name = {peer.name: peer for peer in peers(["cfn-lint=a", "checkov=b"])}

    assert by_name["cfn-lint"].command(tmp_path) == ["a", "central-00000.yaml", "workload-00000.yaml"]
    assert by_name["checkov"].command(tmp_path)[-2:] == ["-d", "."]
