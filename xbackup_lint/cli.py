"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

from xbackup_lint import __version__
from xbackup_lint.config.deployments import Assignments, UsageError, parse_assignment
from xbackup_lint.discover import discover
from xbackup_lint.engine.check import Run, check
from xbackup_lint.engine.load import BrokenRule, load_rules
from xbackup_lint.engine.result import Result
from xbackup_lint.engine.rule import Rule
from xbackup_lint.report.options import Options

COMMANDS = ("check", "copies", "explain")
FORMATS = ("text", "concise", "json")
LEVELS = ("error", "warning", "info", "unsure")

OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Will every AWS Backup copy between accounts land? Reads CloudFormation templates and JSON policies as
they lie in a repository, joins them across files, accounts and regions, and says what will fail and why.
"""
_EPILOG = """\
exit status: 0 nothing at or above --fail-on; 1 findings; 2 the job could not be done.
other commands:
  xbackup-lint copies PATH…     every copy, whether it lands, and what that rests on
  xbackup-lint explain [RULE]   what a rule checks, and how to mend what it finds
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool; the exit status is returned."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = given.pop(0) if given and given[0] in COMMANDS else "check"
    try:
        status = _explain(given) if command == "explain" else _check(given, copies=command == "copies")
        sys.stdout.flush()
    except UsageError as problem:
        return _complain(str(problem))
    except BrokenRule as problem:
        line, column = problem.span.begin
        caret = " " * (column - 1) + "^" * max(1, min(len(problem.span.text.partition("\n")[0]), 60))
        return _complain(
            f"broken rule: {problem.message}\n  --> rules/{problem.span.source.path}:{line}:{column}\n"
            f"   | {problem.span.source.line(line)}\n   | {caret}"
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has seen enough; the interpreter must not flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _complain(message: str) -> int:
    print(f"xbackup-lint: {message}", file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "xbackup-lint",
        "%(prog)s [check] [options] PATH…",
        _DESCRIPTION,
        _EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    add("--format", choices=FORMATS, default="text", help="form of the report (default: text)")
    add("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    add("--select", action="append", default=[], metavar="RULE", help="run only these rules or families")
    add("--ignore", action="append", default=[], metavar="RULE", help="do not run these rules or families")
    add("--show", choices=("info",), help="print notes (info) too, which are otherwise only counted")
    add(
        "--fail-on",
        default="warning",
        metavar="LEVEL",
        help="error, warning, info, unsure, or several (error,unsure)",
    )
    add("--exit-zero", action="store_true", help="exit with 0 even where there are findings")
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
    return parser


def _check(given: list[str], *, copies: bool) -> int:
    options = _parser().parse_args(given)
    if not options.paths:
        raise UsageError("name a file or a folder: `xbackup-lint path/`")
    fail_on = _levels(options.fail_on)
    rules = _chosen(load_rules(), options.select, options.ignore)
    assignments = Assignments(
        tuple(parse_assignment(text, "account") for text in options.account),
        tuple(parse_assignment(text, "region") for text in options.region),
        _parameters(options.parameter),
    )
    if sum(not assignment.pattern for assignment in assignments.accounts) > 1:
        raise UsageError("only one `--account` may go without a glob")
    inputs, complaints = discover(options.paths, options.stdin_filename)
    run = check(inputs, rules, assignments)
    _known_parameters(assignments, run)
    for complaint in complaints:
        print(f"xbackup-lint: {complaint}", file=sys.stderr)
    if options.verbose:
        _say_what_was_read(run)
    if not run.readings.read and not run.readings.unreadable:
        files = f"{len(inputs)} files, none of them" if inputs else "no file that could be"
        raise UsageError(f"nothing to check: {files} a template or policy, under {', '.join(options.paths)}")
    _write(options, run.result, copies=copies)
    if copies:
        return FOUND if run.result.summary.copies_fail and not options.exit_zero else OK
    failed = any(_level(finding.severity, finding.certainty) & fail_on for finding in run.result.findings)
    return FOUND if failed and not options.exit_zero else OK


def _levels(text: str) -> frozenset[str]:
    """The levels at which a run fails: a level brings those above it; `unsure` stands alone."""
    wanted: set[str] = set()
    for level in text.split(","):
        if level not in LEVELS:
            raise UsageError(f"`--fail-on {text}`: `{level}` is none of {', '.join(LEVELS)}")
        wanted |= {level} if level == "unsure" else set(LEVELS[: LEVELS.index(level) + 1])
    return frozenset(wanted)


def _level(severity: str, certainty: str) -> frozenset[str]:
    return frozenset({"unsure" if certainty == "unsure" else severity})


def _chosen(rules: list[Rule], select: list[str], ignore: list[str]) -> list[Rule]:
    """The rules that `--select` and `--ignore` leave. Raises UsageError for a name that no rule has."""
    names = {rule.id for rule in rules} | {rule.family for rule in rules}
    wanted, unwanted = _split(select), _split(ignore)
    for name in (*wanted, *unwanted):
        if name not in names:
            raise UsageError(f"there is no rule `{name}`{_did_you_mean(name, names)}")
    return [
        rule
        for rule in rules
        if (not wanted or {rule.id, rule.family} & set(wanted)) and not {rule.id, rule.family} & set(unwanted)
    ]


def _split(values: list[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _did_you_mean(name: str, names: set[str]) -> str:
    close = get_close_matches(name, sorted(names), 1, 0.5)
    return f"; did you mean `{close[0]}`?" if close else ""


def _parameters(values: list[str]) -> dict[str, str]:
    found = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise UsageError(f"`--parameter {value}`: write NAME=VALUE")
        found[name] = text
    return found


def _known_parameters(assignments: Assignments, run: Run) -> None:
    for name in assignments.parameters:
        if name not in run.readings.parameters:
            hint = _did_you_mean(name, run.readings.parameters)
            raise UsageError(f"`--parameter {name}`: no template declares it{hint}")


def _say_what_was_read(run: Run) -> None:
    for path in run.readings.read:
        print(f"read {path}", file=sys.stderr)
    for path, why in run.readings.passed_over:
        print(f"passed over {path}: {why}", file=sys.stderr)
    for deployment in run.readings.estate.deployments:
        if deployment.how:
            print(f"{deployment.path}: account {deployment.account}, from {deployment.how}", file=sys.stderr)


def _write(options: argparse.Namespace, result: Result, *, copies: bool) -> None:
    if options.quiet and not result.findings and options.format != "json" and not copies:
        return
    terminal = not options.output and sys.stdout.isatty()
    colour = terminal and not options.no_color and not os.environ.get("NO_COLOR")
    width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else None
    text = _render(options.format, copies)(result, Options(width or None, colour, options.show == "info"))
    if options.output:
        _write_file(Path(options.output), text)
    else:
        _print(text)


def _render(name: str, copies: bool) -> Callable[[Result, Options], str]:
    from xbackup_lint.report import concise, copies as copies_report, json_report, text

    if copies and name != "json":
        return copies_report.render
    return {"text": text.render, "concise": concise.render, "json": json_report.render}[name]


def _print(text: str) -> None:
    """To standard output as UTF-8, whatever the locale: half a report is worse than a strange letter."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _write_file(path: Path, text: str) -> None:
    """All of it or nothing: written beside the file, then put in its place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(text.encode("utf-8", "backslashreplace"))
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}") from error


def _explain(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "xbackup-lint explain", description="What a rule checks, and how to mend it."
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the id of a rule; without it all are listed")
    wanted = parser.parse_args(given).rule
    rules = {rule.id: rule for rule in load_rules()}
    from xbackup_lint.explain import explain, listing

    if wanted is None:
        _print(listing(rules.values()))
        return OK
    if wanted not in rules:
        raise UsageError(f"there is no rule `{wanted}`{_did_you_mean(wanted, set(rules))}")
    _print(explain(rules[wanted]))
    return OK
