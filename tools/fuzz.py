"""Changes valid documents at random, runs everything on them, and tells what breaks. By hand: it has no end."""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tools.fuzz_documents import (
    WAYS,
    Change,
    Tree,
    as_json,
    as_lines,
    as_yaml,
    changed,
    copy_of,
    parsed,
    size,
    subtrees,
)
from tools.fuzz_laws import CONFIGURATION, Broken, Case, hold, run, shipped
from xbackup_lint.engine.baseline import load as load_baseline
from xbackup_lint.engine.broken import BrokenBaseline
from xbackup_lint.engine.compiler import compile_rule
from xbackup_lint.engine.examples import examples_of
from xbackup_lint.engine.load import first_document
from xbackup_lint.engine.rule import BrokenRule
from xbackup_lint.text.source import Source

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tests/fixtures/estates/*", "tests/fixtures/clean/*", "examples/*")
_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"\"?\bid\"?: \"?([a-z0-9-]+)")
_LARGEST = 60_000
_BATCH = 100


@dataclass(frozen=True)
class Seed:
    """A valid input as trees: the files, and the configuration that goes with them."""

    files: dict[str, Tree]
    config: Tree | None = None


@cache
def kinds() -> list[list[Seed]]:
    """Examples of rules, those of them that are no templates, fixtures, and what has a configuration."""
    examples = list(_of_rules())
    folders = [folder for pattern in FOLDERS for folder in sorted(ROOT.glob(pattern)) if folder.is_dir()]
    fixtures = [one for folder in folders for one in _of_folder(folder)]
    pair = next(one for one in examples if len(one.files) > 1)
    blocks = _BLOCK.findall((ROOT / "docs/configuration.md").read_text("utf-8"))
    documented = [Seed(pair.files, tree) for block in blocks if (tree := parsed(CONFIGURATION, block))]
    configured = [one for one in (*examples, *fixtures) if one.config is not None]
    others = [one for one in examples if any(path.endswith(".json") for path in one.files)]
    return [examples, others, fixtures, configured + documented]


def seeds() -> list[Seed]:
    """All of them."""
    return [one for kind in kinds() for one in kind]


def _of_rules() -> Iterator[Seed]:
    for rule in shipped():
        for example in examples_of(rule):
            trees = {path: parsed(path, text) for path, text in example.files.items()}
            files = {path: tree for path, tree in trees.items() if tree is not None}
            if files:
                yield Seed(files, parsed(CONFIGURATION, example.config) if example.config else None)


def _of_folder(folder: Path) -> Iterator[Seed]:
    trees: dict[str, Tree] = {}
    config = None
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".yaml", ".template"):
            tree = parsed(path.name, path.read_text("utf-8"))
            if path.name == CONFIGURATION:
                config = tree
            elif tree is not None:
                trees[path.relative_to(folder).as_posix()] = tree
    if trees:
        yield Seed(trees, config)
        yield from (Seed({path: tree}) for path, tree in trees.items() if size(tree) < _LARGEST)


@cache
def donors() -> list[Tree]:
    """Parts that are put where others stood."""
    dice = random.Random(1)
    found = [part for one in seeds() for tree in one.files.values() for part in subtrees(tree)]
    return [part for part in dice.sample(found, min(20_000, len(found))) if size(part) < 2_000]


@cache
def keys() -> list[str]:
    """Keys that documents have."""
    found = set()
    for one in seeds():
        for tree in (*one.files.values(), *([one.config] if one.config is not None else [])):
            for part in subtrees(tree):
                if hasattr(part, "pairs"):
                    found |= {key for key, _ in part.pairs}
    return sorted(key for key in found if len(key) < 80)


NUMBERS = st.integers(0, 1 << 20)
CHANGES = st.builds(Change, st.integers(0, 9), NUMBERS, st.sampled_from(WAYS), NUMBERS)
MANGLED = st.tuples(st.sampled_from(("none",) * 8 + ("cut", "insert", "crlf", "bom", "twice")), NUMBERS)
_INSERTED = (
    "\0", "\t", "\r", "\x1b[2J", "---\n", "%YAML 9.9\n", "&a [*a]", "<<: *x", "!!python/object:os.system x", "\ud800",
    "# xbackup-lint: ignore[*] x\n", "}", "]", '"', "'", ":", "\u2028",
)  # fmt: skip


def _mangled(text: str, how: str, number: int) -> str:
    """A text with a fault that no tree has."""
    at = number % (len(text) + 1)
    if how == "cut":
        return text[:at]
    if how == "insert":
        return text[:at] + _INSERTED[number % len(_INSERTED)] + text[at:]
    if how == "crlf":
        return text.replace("\n", "\r\n" if number % 2 else "\r")
    return {"bom": "\ufeff" + text, "twice": text + "\n" + text}.get(how, text)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A valid input with a few changes, each file written in one of several ways."""
    one = draw(st.one_of(*map(st.sampled_from, kinds())))
    files = {path: copy_of(tree) for path, tree in one.files.items()}
    config = copy_of(one.config) if one.config is not None else None
    names = [*files, *([CONFIGURATION] if config is not None else [])]
    for change in draw(st.lists(CHANGES, min_size=1, max_size=8)):
        name = names[change.file % len(names)]
        if name == CONFIGURATION and config is not None:
            config = changed(config, change, donors(), keys())
        else:
            files[name] = changed(files[name], change, donors(), keys())
    return Case(
        {path: draw(_written(path, tree)) for path, tree in files.items()},
        draw(_written(CONFIGURATION, config)) if config is not None else None,
    )


@st.composite
def _written(draw: st.DrawFn, path: str, tree: Tree) -> str:
    writers = (as_json, as_lines) if path.endswith(".json") else (as_yaml, as_yaml, as_yaml, as_lines)
    text = draw(st.sampled_from(writers))(tree)
    return _mangled(text, *draw(MANGLED))


@cache
def rule_trees() -> list[Tree]:
    trees = (parsed("rule.yaml", first_document(rule.path.read_text("utf-8"))) for rule in shipped())
    return [tree for tree in trees if tree is not None]


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    """A rule of one's own, changed."""
    tree = copy_of(draw(st.sampled_from(rule_trees())))
    for change in draw(st.lists(CHANGES, min_size=1, max_size=4)):
        tree = changed(tree, change, donors(), keys())
    return draw(_written("rule.yaml", tree))


BASELINE = '{"version": 1, "findings": [{"rule": "a", "path": "b", "resource": "c", "target": "d", "certainty": "e"}]}'


@st.composite
def baselines(draw: st.DrawFn) -> str:
    tree = parsed("baseline.json", BASELINE) or ""
    for change in draw(st.lists(CHANGES, max_size=4)):
        tree = changed(tree, change, donors(), keys())
    return draw(_written("baseline.json", tree))


# Running


def _case_holds(case: Case) -> None:
    hold(case)


def _rule_is_read(text: str) -> None:
    """A rule file is a rule or broken at a place; what it says then runs."""
    name = _ID.search(text)
    path = Path("ours") / f"{name[1] if name else 'rule'}.yaml"
    try:
        rule = compile_rule(Source("ours/rule.yaml", text), path)
    except BrokenRule as fault:
        _place_is_within(fault.span.start, fault.span.end, len(text))
        return
    like = next((one for one in shipped() if one.id == rule.id), shipped()[len(text) % len(shipped())])
    for example in examples_of(like)[:3]:
        with suppress(
            BrokenRule, OSError
        ):  # to tell a fault at its place, its file is read again: here is none
            run(Case(example.files, example.config), [rule])


def _baseline_is_read(text: str) -> None:
    path = Path(tempfile.gettempdir()) / f"xbackup-lint-fuzz-{os.getpid()}.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_baseline(path)
    except BrokenBaseline as fault:
        _place_is_within(fault.span.start, fault.span.end, len(fault.span.source.text))
    finally:
        path.unlink()


def _place_is_within(start: int, end: int, length: int) -> None:
    if not 0 <= start <= end <= length:
        raise Broken("places", f"{start}–{end} of {length}")


TARGETS: dict[str, tuple[st.SearchStrategy[Case] | st.SearchStrategy[str], Callable[..., None], int]] = {
    "documents": (cases(), _case_holds, 8),
    "rules": (rule_files(), _rule_is_read, 1),
    "baselines": (baselines(), _baseline_is_read, 1),
}
"""What is made, what must hold of it, and how often it comes in turn."""


@dataclass
class Tally:
    """What a run has seen: inputs by target, and each fault once, with the smallest input that shows it."""

    inputs: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0


def _signature(error: BaseException) -> str:
    """A fault by its kind and where it comes out: the same fault is told once."""
    if isinstance(error, Broken):
        return (
            re.sub(r"[0-9]+", "0", str(error).partition(" (")[0])[:90] if error.law != "places" else error.law
        )
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "xbackup_lint" in frame.filename
    ]
    where = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "?"
    return f"{type(error).__name__} in {where}"


def fuzz(seconds: float, number: int, only: str | None = None) -> Tally:
    """Run until the time is over."""
    tally = Tally()
    end = time.monotonic() + seconds
    turns = [name for name, (_, _, times) in TARGETS.items() for _ in range(times) if only in (None, name)]
    batch = number * 1_000_000
    while time.monotonic() < end:
        for name in turns:
            batch += 1
            _one_batch(name, batch, tally, end)
    return tally


def _one_batch(name: str, number: int, tally: Tally, end: float) -> None:
    strategy, law, _ = TARGETS[name]
    latest: list[tuple[object, Exception]] = []

    @seed(number)
    @settings(
        max_examples=_BATCH,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(strategy)
    def one(made: object) -> None:
        if time.monotonic() > end:
            return
        tally.inputs[name] += 1
        started = time.monotonic()
        try:
            law(made)
        except Exception as error:
            if _signature(error) in tally.faults:
                return
            latest[:] = [(made, error)]
            raise
        finally:
            tally.slowest = max(tally.slowest, time.monotonic() - started)

    try:
        one()
    except Exception as error:  # noqa: BLE001 — any fault is what is looked for
        made, first = latest[0] if latest else (None, error)
        shown = "".join(traceback.format_exception(first)[-12:])
        tally.faults[_signature(first)] = f"{shown}\n{_shown(made)}"
        print(f"\n== {_signature(first)}\n{shown}\n{_shown(made)}", flush=True)


def _shown(made: object) -> str:
    if isinstance(made, Case):
        parts = [f"--- {path}\n{text[:3000]!a}" for path, text in made.files.items()]
        return "\n".join([*parts, f"--- configuration\n{made.config!a}"])
    return repr(made)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--only", choices=sorted(TARGETS), help="one kind of input")
    options = parser.parse_args()
    print(f"seed {options.seed}, {len(seeds())} valid inputs to begin with", flush=True)
    tally = fuzz(options.seconds, options.seed, options.only)
    counted = ", ".join(f"{count:,} {name}" for name, count in sorted(tally.inputs.items()))
    print(f"{counted}; slowest {tally.slowest:.1f} s; {len(tally.faults)} faults")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
