"""Findings that their authors have accepted: taken out, and what is accepted in vain told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.raw import Raw
from xbackup_lint.engine.result import Suppressed
from xbackup_lint.engine.rule import Rule
from xbackup_lint.engine.run import run_rules
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.mishap import Mishap
from xbackup_lint.model.problem import Problem
from xbackup_lint.model.suppression import Suppression
from xbackup_lint.text.near import most_like

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

UNUSED = "suppression-unused"
"""The rule that tells of suppressions that suppress nothing."""


@dataclass(slots=True)
class Suppressing:
    """What is left of findings, and what was taken out of them."""

    kept: list[Raw]
    taken: list[tuple[Raw, Suppressed]]


def suppress(
    raws: Iterable[Raw], suppressions: Iterable[Suppression]
) -> tuple[Suppressing, set[Suppression]]:
    """Take out what comments and metadata suppress. Returned with the suppressions that were used."""
    by_rule: dict[str, list[Suppression]] = {}
    for one in suppressions:
        if not one.fault:
            by_rule.setdefault(one.rule, []).append(one)
    found, used = Suppressing([], []), set[Suppression]()
    for raw in raws:
        meant = [one for one in by_rule.get(raw.rule.id, ()) if one.is_for(raw.rule.id, raw.hit.at)]
        used.update(meant)
        if meant:
            found.taken.append((raw, Suppressed(meant[0].kind, meant[0].reason)))
        else:
            found.kept.append(raw)
    return found, used


def suppress_in_files(found: Suppressing, configuration: Configuration) -> None:
    """Take out what `per-file-ignores` of the configuration does not want."""
    paths = {raw.hit.at.source.path for raw in found.kept}
    unwanted = {path: {word.text for word in configuration.ignored_in(path)} for path in paths}
    kept = []
    for raw in found.kept:
        if unwanted[raw.hit.at.source.path] & {raw.rule.id, raw.rule.family}:
            found.taken.append((raw, Suppressed("per-file-ignores", "")))
        else:
            kept.append(raw)
    found.kept = kept


def unused(
    suppressions: Iterable[Suppression], rules: Sequence[Rule], known: Iterable[str], mishaps: list[Mishap]
) -> list[Raw]:
    """What the rule on unused suppressions says of some; `known` are the ids of all rules, run or not."""
    teller = [rule for rule in rules if rule.id == UNUSED]
    ran, names = {rule.id for rule in rules}, set(known)
    hints = _Hints(names)
    problems = [_problem(one, ran, hints) for one in suppressions] if teller else []
    estate = Estate(problems=[problem for problem in problems if problem is not None], mishaps=mishaps)
    return run_rules(teller, estate)


class _Hints:
    """The rules that misspelt names may mean. To look for one takes long: of thousands a few are looked for."""

    _MOST = 50
    _LONGEST = 100

    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.names = sorted(known)
        self.found: dict[str, str] = {}

    def near(self, name: str) -> str:
        """The rule that is meant; empty where none is like it."""
        if name not in self.found:
            if len(self.found) >= self._MOST or len(name) > self._LONGEST:
                return ""
            self.found[name] = most_like(name, self.names, 0.5) or ""
        return self.found[name]


def _problem(one: Suppression, ran: set[str], hints: _Hints) -> Problem | None:
    """What is wrong with a suppression that was not used; nothing is, where its rule did not run."""
    reason = one.fault or ("unused" if one.rule in ran else "" if one.rule in hints.known else "unknown-rule")
    if not reason:
        return None
    near = hints.near(one.rule) if reason == "unknown-rule" else ""
    return Problem(
        UNUSED, one.span, reason, {"rule": one.rule, "near": f"; did you mean `{near}`?" if near else ""}
    )
