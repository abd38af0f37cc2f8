"""What the command line and the configuration ask for, checked and taken together."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from xbackup_lint.cached import cached_property
from xbackup_lint.config.deployments import Assignments, UsageError, parse_assignment
from xbackup_lint.config.location import find
from xbackup_lint.dataclass import dataclass, replace
from xbackup_lint.engine.load import load_all
from xbackup_lint.engine.result import Severity
from xbackup_lint.engine.rule import Rule
from xbackup_lint.output import Output, look, outputs
from xbackup_lint.parsers import parser
from xbackup_lint.report.formats import FORMATS
from xbackup_lint.report.options import Options
from xbackup_lint.text.near import most_like

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration
    from xbackup_lint.config.word import Word

LEVELS = ("error", "warning", "info", "unsure")

DEFAULT_BASELINE = ".xbackup-lint-baseline.json"
"""Where `--write-baseline` writes, if nothing else is said."""


@dataclass(frozen=True)
class Wanted:
    """One run, as it was asked for."""

    options: argparse.Namespace
    rules: list[Rule]
    assignments: Assignments
    fail_on: frozenset[str]
    known: frozenset[str] = frozenset()
    """The ids of all rules, those included that do not run."""
    formats: tuple[str, ...] = FORMATS
    """Those that the command has; the first is what it writes if nothing else is said."""

    @property
    def configuration(self) -> Configuration | None:
        return self.assignments.configuration

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        """The reports that are wanted. Raises UsageError."""
        return outputs(self.options.format or [self.formats[0]], self.options.output, self.formats)

    @property
    def shows_advice(self) -> bool:
        """Whether a report shows notes (info), which those for terminals only count if nothing else is said."""
        return self.look.show_info or any(one.format not in ("text", "concise") for one in self.outputs)

    @property
    def look(self) -> Options:
        """How a report on standard output is to look."""
        return look(no_color=self.options.no_color, show_info=self.options.show == "info")

    @property
    def baseline(self) -> Path | None:
        """Where the baseline lies: as `--baseline` says, else the configuration."""
        if self.options.baseline is not None:
            return Path(self.options.baseline)
        configuration = self.configuration
        if configuration is not None and configuration.baseline is not None:
            path = configuration.root / configuration.baseline.text
            return Path(os.path.relpath(path))
        return None


def wanted(given: Sequence[str], formats: tuple[str, ...] = FORMATS) -> Wanted:
    """Command line and configuration together. Raises UsageError, BrokenConfiguration, BrokenRule."""
    options = parser(formats).parse_args(given)
    if not options.paths:
        raise UsageError("name a file or a folder: `xbackup-lint path/`")
    configuration = configuration_of(options.config)
    assignments = Assignments(
        tuple(parse_assignment(text, "account") for text in options.account),
        tuple(parse_assignment(text, "region") for text in options.region),
        _parameters(options.parameter),
        configuration,
    )
    if sum(not assignment.pattern for assignment in assignments.accounts) > 1:
        raise UsageError("only one `--account` may go without a glob")
    every = all_rules(configuration)
    rules = _chosen(every, options, configuration)
    configured = [word.text for word in configuration.fail_on] if configuration is not None else []
    fail_on = _levels(options.fail_on or ",".join(configured) or "warning")
    made = Wanted(options, rules, assignments, fail_on, frozenset(rule.id for rule in every), formats)
    _ = made.outputs  # a report that cannot be is told before the work is done
    return made


def configuration_of(named: str | None) -> Configuration | None:
    """The configuration that `--config` names, else the nearest. Raises UsageError, BrokenConfiguration."""
    if named is not None and not Path(named).is_file():
        raise UsageError(f"`--config {named}`: no such file")
    path = configuration_file(named)
    if path is None:
        return None
    from xbackup_lint.config.configuration import load

    return load(path)


def configuration_file(named: str | None) -> Path | None:
    """Where the configuration lies."""
    return Path(named) if named is not None else find(Path())


def all_rules(configuration: Configuration | None) -> list[Rule]:
    """The rules that the tool ships and those in `rule-paths`, with the severities that are configured.

    Raises BrokenConfiguration, also for a name that no rule has, and BrokenRule.
    """
    rules = load_all(configuration)
    if configuration is None:
        return rules
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    for word in (*configuration.select, *configuration.ignore):
        _known(word, names)
    for word, _ in configuration.severity:
        _known(word, {rule.id for rule in rules})
    for _, words in configuration.per_file_ignores:
        for word in words:
            _known(word, names)
    levels = {rule.text: cast("Severity", level.text) for rule, level in configuration.severity}
    return [replace(rule, severity=levels.get(rule.id, rule.severity)) for rule in rules]


def _known(word: Word, names: set[str]) -> None:
    if word.text not in names:
        from xbackup_lint.config.word import BrokenConfiguration

        raise BrokenConfiguration(
            f"there is no rule `{word.text}`{did_you_mean(word.text, names)}", word.span
        )


def _levels(text: str) -> frozenset[str]:
    """The levels at which a run fails: a level brings those above it; `unsure` stands alone."""
    found: set[str] = set()
    for level in text.split(","):
        if level not in LEVELS:
            raise UsageError(f"`--fail-on {text}`: `{level}` is none of {', '.join(LEVELS)}")
        found |= {level} if level == "unsure" else set(LEVELS[: LEVELS.index(level) + 1])
    return frozenset(found)


def _chosen(
    rules: list[Rule], options: argparse.Namespace, configuration: Configuration | None
) -> list[Rule]:
    """The rules that run: `--select` stands for the configured `select`, `--ignore` adds to its `ignore`."""
    select, ignore = _split(options.select), _split(options.ignore)
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    for name in (*select, *ignore):
        if name not in names:
            raise UsageError(f"there is no rule `{name}`{did_you_mean(name, names)}")
    if configuration is not None:
        select = select or [word.text for word in configuration.select]
        ignore += [word.text for word in configuration.ignore]
    kept = [rule for rule in rules if not select or {rule.id, rule.family} & set(select)]
    return [rule for rule in kept if not {rule.id, rule.family} & set(ignore)]


def _split(values: Iterable[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def did_you_mean(name: str, names: set[str]) -> str:
    """`; did you mean …?` where a name is near, else nothing."""
    close = most_like(name, sorted(names), 0.5)
    return f"; did you mean `{close}`?" if close is not None else ""


def _parameters(values: Iterable[str]) -> dict[str, str]:
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise UsageError(f"`--parameter {value}`: write NAME=VALUE")
        found[name] = text
    return found
