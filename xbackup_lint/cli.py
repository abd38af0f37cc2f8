"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from xbackup_lint.arguments import Wanted, did_you_mean, wanted
from xbackup_lint.config.deployments import UsageError
from xbackup_lint.config.word import BrokenConfiguration
from xbackup_lint.discover import discover
from xbackup_lint.engine.check import Run, check
from xbackup_lint.engine.load import BrokenRule, load_rules
from xbackup_lint.engine.result import Result
from xbackup_lint.report.options import Options
from xbackup_lint.text.source import Span

COMMANDS = ("check", "copies", "explain", "init")
OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool; the exit status is returned."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = given.pop(0) if given and given[0] in COMMANDS else "check"
    work = {"check": _check, "copies": _copies, "explain": _explain, "init": _init}[command]
    try:
        status = work(given)
        sys.stdout.flush()
    except UsageError as problem:
        return _complain(str(problem))
    except BrokenConfiguration as problem:
        return _complain(f"broken configuration: {problem.message}", problem.span)
    except BrokenRule as problem:
        return _complain(f"broken rule: {problem.message}", problem.span)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has seen enough; the interpreter must not flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _complain(message: str, span: Span | None = None) -> int:
    print(f"xbackup-lint: {message}", file=sys.stderr)
    if span is not None:
        from xbackup_lint.engine.finding import location
        from xbackup_lint.report.place import caret

        print(caret(location(span)), file=sys.stderr)
    return FAILED


def _check(given: list[str]) -> int:
    asked = wanted(given)
    run = _run(asked)
    _report(asked, run.result, _render(asked.options.format))
    levels = {"unsure" if f.certainty == "unsure" else f.severity for f in run.result.findings}
    return FOUND if levels & asked.fail_on and not asked.options.exit_zero else OK


def _copies(given: list[str]) -> int:
    """Every copy and what becomes of it; the status tells whether one fails."""
    from xbackup_lint.report import copies

    asked = wanted(given)
    run = _run(asked)
    as_json = asked.options.format == "json"
    _report(asked, run.result, _render("json") if as_json else copies.render, always=True)
    return FOUND if run.result.summary.copies_fail and not asked.options.exit_zero else OK


def _run(asked: Wanted) -> Run:
    """Read and check what was asked for; complain of what cannot be."""
    options = asked.options
    inputs, complaints = discover(options.paths, options.stdin_filename, asked.configuration)
    run = check(inputs, asked.rules, asked.assignments)
    for name in asked.assignments.parameters:
        if name not in run.readings.parameters:
            hint = did_you_mean(name, run.readings.parameters)
            raise UsageError(f"`--parameter {name}`: no template declares it{hint}")
    for complaint in complaints:
        print(f"xbackup-lint: {complaint}", file=sys.stderr)
    if options.verbose:
        _say_what_was_read(run)
    if not run.readings.read and not run.readings.unreadable:
        files = f"{len(inputs)} files, none of them" if inputs else "no file that could be"
        raise UsageError(f"nothing to check: {files} a template or policy, under {', '.join(options.paths)}")
    return run


def _say_what_was_read(run: Run) -> None:
    for path in run.readings.read:
        print(f"read {path}", file=sys.stderr)
    for path, why in run.readings.passed_over:
        print(f"passed over {path}: {why}", file=sys.stderr)
    for deployment in run.readings.estate.deployments:
        if deployment.how:
            print(f"{deployment.path}: account {deployment.account}, from {deployment.how}", file=sys.stderr)


Render = Callable[[Result, Options], str]


def _render(name: str) -> Render:
    from xbackup_lint.report import concise, json_report, text

    return {"text": text.render, "concise": concise.render, "json": json_report.render}[name]


def _report(asked: Wanted, result: Result, render: Render, *, always: bool = False) -> None:
    options = asked.options
    if options.quiet and not result.findings and options.format != "json" and not always:
        return
    terminal = not options.output and sys.stdout.isatty()
    colour = terminal and not options.no_color and not os.environ.get("NO_COLOR")
    width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else None
    text = render(result, Options(width or None, colour, options.show == "info"))
    if options.output:
        _write_file(Path(options.output), text)
    else:
        _print(text)


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
    from xbackup_lint.explain import explain, listing

    parser = argparse.ArgumentParser(
        "xbackup-lint explain", description="What a rule checks, and how to mend it."
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the id of a rule; without it all are listed")
    name = parser.parse_args(given).rule
    rules = {rule.id: rule for rule in load_rules()}
    if name is None:
        _print(listing(rules.values()))
        return OK
    if name not in rules:
        raise UsageError(f"there is no rule `{name}`{did_you_mean(name, set(rules))}")
    _print(explain(rules[name]))
    return OK


def _init(given: list[str]) -> int:
    """Write a configuration that names what is still to be filled in."""
    from xbackup_lint.init import configuration_for

    parser = argparse.ArgumentParser("xbackup-lint init", description="Write .xbackup-lint.yaml.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="the folders that are to be checked")
    parser.add_argument("--force", action="store_true", help="replace a configuration that is there already")
    options = parser.parse_args(given)
    path = Path(".xbackup-lint.yaml")
    if path.exists() and not options.force:
        raise UsageError(f"`{path}` is there already; `--force` replaces it")
    asked = wanted(options.paths)
    text, advice = configuration_for(_run(asked))
    _write_file(path, text)
    _print(advice)
    return OK
