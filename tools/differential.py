"""A second opinion on what functions of templates give: cfn-lint's values beside ours. See docs/differential.md.

`python -m tools.differential [--folder FOLDER …] [--count N] [--seed N]`, where cfn-lint is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.differential_cases import (
    EVERY_SWITCH,
    ROOT,
    Maker,
    as_lists,
    files,
    given,
    known_template,
    template,
)
from tools.differential_differences import DIFFERENCES, Asked, named, part
from tools.differential_values import Theirs, evaluator, ours
from xbackup_lint.template.template import Template, call_of, entries
from xbackup_lint.text.node import Mapping, Node, Sequence

_PARTS = {"Resources": "Properties", "Outputs": "Value"}
"""Where values are looked at."""
UNEXPLAINED = "NOT EXPLAINED"


@dataclass(frozen=True)
class Compared:
    """One function of one template, and what both make of it."""

    name: str
    function: str
    node: Node
    asked: Asked

    @property
    def outcome(self) -> str:
        """In which way both agree or differ."""
        mine, other = self.asked.mine, self.asked.other
        if not other.values:
            return "only we know" if mine.values else "neither knows"
        if not mine.values and self.asked.reasons:
            return f"only they know: {', '.join(self.asked.reasons)}"
        if mine.values == other.values:
            return "both agree"
        known = named(self.asked)
        return f"known difference: {known}" if known else part(self.asked) or UNEXPLAINED


def functions(node: Node, value: Any) -> Iterator[tuple[str, Node, Any]]:
    """Every function at a place and in it, by us and as cfn-lint has read it."""
    call = call_of(node)
    if call is not None and isinstance(value, dict) and list(value) == [call.function]:
        yield call.function, node, value
        if call.function != "Fn::GetAtt":
            yield from functions(call.argument, value[call.function])
    elif isinstance(node, Mapping) and isinstance(value, dict):
        for key, inner in node.entries:
            if not key.text.startswith("Fn::"):
                yield from functions(inner, value.get(key.text))
    elif isinstance(node, Sequence) and isinstance(value, list):
        for inner, other in zip(node.items, value, strict=False):
            yield from functions(inner, other)


def compare(own: Template, told: dict[str, str], choices: list[dict[str, str]]) -> Iterator[Compared]:
    """All functions of a template: we are told some parameters, and cfn-lint all, by each of some choices.

    Raises ValueError for a template that cfn-lint does not read.
    """
    theirs = Theirs(own.source.text, [as_lists(own, choice) for choice in choices])
    mine = evaluator(own, told)
    for section, part_of in _PARTS.items():
        for key, node in entries(own.root.get(section)):
            read = theirs.root.get(section, {}).get(key.text)
            inner = node.get(part_of) if isinstance(node, Mapping) else None
            if inner is None or not isinstance(read, dict):
                continue
            for function, one, value in functions(inner, read.get(part_of)):
                asked = Asked(theirs.root, value, ours(mine, one), theirs.possible(value))
                yield Compared(own.path, function, one, asked)


class Report:
    """Counts outcomes, and prints the first of those that nothing explains."""

    def __init__(self, show: int) -> None:
        self._show = show
        self.counts: dict[str, Counter[str]] = {}
        self.skipped = Counter[str]()

    def add(self, found: Compared) -> None:
        outcome = found.outcome
        self.counts.setdefault(outcome, Counter())[found.function] += 1
        if outcome == UNEXPLAINED and self.unexplained <= self._show:
            print(f"{found.name}: {found.node.span.text}")
            print(f"    asked  {found.asked.written}")
            print(f"    ours   {sorted(found.asked.mine.values)} {sorted(found.asked.mine.unknown)}")
            print(f"    theirs {sorted(found.asked.other.values)}")

    @property
    def unexplained(self) -> int:
        return self.counts.get(UNEXPLAINED, Counter()).total()

    def print(self, title: str) -> None:
        print(title)
        for reason, number in self.skipped.most_common():
            print(f"{number:7} {reason}")
        for outcome, kinds in sorted(self.counts.items(), key=lambda one: -one[1].total()):
            print(f"{kinds.total():7} {outcome}")
            print("        " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))


def of_files(folders: list[Path], report: Report) -> None:
    """Every template that there is, under three choices of parameters where it has some."""
    for name, text in files(folders):
        found = template(name, text)
        if found is None:
            report.skipped["files that are no template that we read"] += 1
            continue
        for choice in range(3 if found.parameters else 1):
            try:
                told = given(found, choice)
                for one in compare(found, told, [told]):
                    report.add(one)
            except ValueError:
                report.skipped["templates that cfn-lint does not read"] += 1
                break
        else:
            report.skipped["templates"] += 1


def at_random(count: int, seed: int, report: Report) -> None:
    """Random templates: all parameters told; and those open that only conditions read, so that we see both ways."""
    maker = Maker(random.Random(seed))
    for number in range(count):
        found = known_template(f"template {number}", maker.template())
        defaults = given(found, 0)
        for told in (given(found, choice) for choice in range(3)):
            for one in compare(found, told, [told]):
                report.add(one)
        known = {name: value for name, value in defaults.items() if name not in EVERY_SWITCH[0]}
        for one in compare(found, known, [known | switches for switches in EVERY_SWITCH]):
            report.add(one)


def known_differences() -> bool:
    """Whether the differences that docs/differential.md explains are as it has them."""
    changed = False
    for known in DIFFERENCES:
        own = known_template(known.name, known.template)
        found = next(one for one in compare(own, known.told, [known.told]) if one.node.span.start == known.at)
        mine, other = sorted(found.asked.mine.values), sorted(found.asked.other.values)
        if (mine, other) != (list(known.ours), list(known.theirs)):
            changed = True
            print(f"{known.name}: ours {mine}, theirs {other}; written down: {known.ours}, {known.theirs}")
    print(f"{len(DIFFERENCES)} known differences" + ("" if changed else ", all as written down"))
    return not changed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, action="append", default=[], help="more templates")
    parser.add_argument("--count", type=int, default=1000, help="random templates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5, help="unexplained differences to print")
    told = parser.parse_args(arguments)
    if importlib.util.find_spec("cfnlint") is None:
        print("No second opinion: cfn-lint is not installed.")
        return 0
    written, made = Report(told.show), Report(told.show)
    of_files([ROOT / "tests" / "fixtures", ROOT / "examples", *told.folder], written)
    at_random(told.count, told.seed, made)
    written.print("Templates in files")
    made.print(f"{told.count} random templates, seed {told.seed}")
    as_known = known_differences()
    return 0 if as_known and not written.unexplained and not made.unexplained else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
