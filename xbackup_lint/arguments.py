"""What the command line and the configuration ask for, checked and taken together."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast

from xbackup_lint import __version__
from xbackup_lint.config.deployments import Assignments, UsageError, parse_assignment
from xbackup_lint.config.location import find
from xbackup_lint.engine.load import load_rules
from xbackup_lint.engine.result import Severity
from xbackup_lint.engine.rule import Rule

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration
    from xbackup_lint.config.word import Word

FORMATS = ("text", "concise", "json")
LEVELS = ("error", "warning", "info", "unsure")

_DESCRIPTION = """\
Will every AWS Backup copy between accounts land? Reads CloudFormation templates and JSON policies as
they lie in a repository, joins them across files, accounts and regions, and says what will fail and why.
"""
_EPILOG = """\
exit status: 0 nothing at or above --fail-on; 1 findings; 2 the job could not be done.
other commands:
  xbackup-lint copies PATH…     every copy, whether it lands, and what that rests on
  xbackup-lint init PATH…       write a configuration with what is still to be filled in
  xbackup-lint explain [RULE]   what a rule checks, and how to mend what it finds
"""


def parser() -> argparse.ArgumentParser:
    """The options of `check` and `copies`."""
    made = argparse.ArgumentParser(
        "xbackup-lint",
        "%(prog)s [check | copies] [options] PATH…",
        _DESCRIPTION,
        _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    add("--format", choices=FORMATS, default="text", help="form of the report (default: text)")
    add("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    add("--select", action="append", default=[], metavar="RULE", help="run only these rules or families")
    add("--ignore", action="append", default=[], metavar="RULE", help="do not run these rules or families")
    add("--show", choices=("info",), help="print notes (info) too, which are otherwise only counted")
    add("--fail-on", metavar="LEVEL", help="error, warning (default), info, unsure, or several: error,unsure")
    add("--exit-zero", action="store_true", help="exit with 0 even where there are findings")
    add(
        "--config",
        metavar="FILE",
        help="configuration, instead of the nearest .xbackup-lint.yaml or pyproject.toml",
    )
    add("--account", action="append", default=[], metavar="ID[=GLOB]", help="account that files are for")
    add("--region", action="append", default=[], metavar="NAME[=GLOB]", help="region that files are for")
    add(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="value of a template's parameter",
    )
    add(
        "--stdin-filename", default="", metavar="NAME", help="what to call standard input, and how to read it"
    )
    add("--no-color", action="store_true", help="no colours, even on a terminal")
    add("--quiet", "-q", action="store_true", help="print findings only, no summary where there are none")
    add("--verbose", "-v", action="store_true", help="say what was read, what was passed over, and why")
    add("--version", action="version", version=f"xbackup-lint {__version__}")
    return made


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run, as it was asked for."""

    options: argparse.Namespace
    rules: list[Rule]
    assignments: Assignments
    fail_on: frozenset[str]

    @property
    def configuration(self) -> Configuration | None:
        return self.assignments.configuration


def wanted(given: Sequence[str]) -> Wanted:
    """Command line and configuration together. Raises UsageError, BrokenConfiguration, BrokenRule."""
    options = parser().parse_args(given)
    if not options.paths:
        raise UsageError("name a file or a folder: `xbackup-lint path/`")
    configuration = _configuration(options.config)
    assignments = Assignments(
        tuple(parse_assignment(text, "account") for text in options.account),
        tuple(parse_assignment(text, "region") for text in options.region),
        _parameters(options.parameter),
        configuration,
    )
    if sum(not assignment.pattern for assignment in assignments.accounts) > 1:
        raise UsageError("only one `--account` may go without a glob")
    rules = _chosen(_all_rules(configuration), _split(options.select), _split(options.ignore))
    configured = [word.text for word in configuration.fail_on] if configuration is not None else []
    fail_on = _levels(options.fail_on or ",".join(configured) or "warning")
    return Wanted(options, rules, assignments, fail_on)


def _configuration(named: str | None) -> Configuration | None:
    if named is not None and not Path(named).is_file():
        raise UsageError(f"`--config {named}`: no such file")
    path = Path(named) if named is not None else find(Path())
    if path is None:
        return None
    from xbackup_lint.config.configuration import load

    return load(path)


def _all_rules(configuration: Configuration | None) -> list[Rule]:
    """The rules that the tool ships and those in `rule-paths`, as the configuration wants them."""
    rules = load_rules()
    if configuration is None:
        return rules
    for word in configuration.rule_paths:
        rules += load_rules(configuration.root / word.text, shown=word.text)
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    for word in (*configuration.select, *configuration.ignore, *(rule for rule, _ in configuration.severity)):
        _known(word, names)
    for _, words in configuration.per_file_ignores:
        for word in words:
            _known(word, names)
    levels = {rule.text: cast("Severity", level.text) for rule, level in configuration.severity}
    rules = [replace(rule, severity=levels.get(rule.id, rule.severity)) for rule in rules]
    return _chosen(rules, [w.text for w in configuration.select], [w.text for w in configuration.ignore])


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


def _chosen(rules: list[Rule], select: list[str], ignore: list[str]) -> list[Rule]:
    """The rules that a selection leaves. Raises UsageError for a name that no rule has."""
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    for name in (*select, *ignore):
        if name not in names:
            raise UsageError(f"there is no rule `{name}`{did_you_mean(name, names)}")
    kept = [rule for rule in rules if not select or {rule.id, rule.family} & set(select)]
    return [rule for rule in kept if not {rule.id, rule.family} & set(ignore)]


def _split(values: Iterable[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def did_you_mean(name: str, names: set[str]) -> str:
    """`; did you mean …?` where a name is near, else nothing."""
    close = get_close_matches(name, sorted(names), 1, 0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


def _parameters(values: Iterable[str]) -> dict[str, str]:
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise UsageError(f"`--parameter {value}`: write NAME=VALUE")
        found[name] = text
    return found
