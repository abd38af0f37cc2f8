"""The command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xbackup_lint import notices, output
from xbackup_lint.arguments import (
    DEFAULT_BASELINE,
    Wanted,
    all_rules,
    configuration_file,
    configuration_of,
    did_you_mean,
    wanted,
)
from xbackup_lint.config.deployments import UsageError
from xbackup_lint.config.word import BrokenConfiguration
from xbackup_lint.discover import discover
from xbackup_lint.engine.broken import BrokenBaseline
from xbackup_lint.engine.check import Run, check
from xbackup_lint.engine.load import BrokenRule, rules_folder
from xbackup_lint.model.mishap import Mishap
from xbackup_lint.parsers import explain_parser, init_parser, new_rule_parser
from xbackup_lint.progress import progress
from xbackup_lint.report.formats import PICTURES, WITH_PICTURE, picture_renderer, renderer
from xbackup_lint.report.visible import visible
from xbackup_lint.sources.reading import read_inputs
from xbackup_lint.sources.readings import Readings
from xbackup_lint.text.source import Span

if TYPE_CHECKING:
    from xbackup_lint.engine.baseline import Baseline
    from xbackup_lint.engine.result import Result
    from xbackup_lint.sources.files import Input

COMMANDS = ("check", "copies", "explain", "graph", "init", "new-rule")
OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool; the exit status is returned."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = given.pop(0) if given and given[0] in COMMANDS else "check"
    output.open_streams()
    try:
        status = _WORK[command](given)
        sys.stdout.flush()
    except UsageError as problem:
        return _complain(str(problem))
    except BrokenConfiguration as problem:
        return _complain(f"broken configuration: {problem.message}", problem.span)
    except BrokenRule as problem:
        return _complain(f"broken rule: {problem.message}", problem.span)
    except BrokenBaseline as problem:
        return _complain(f"broken baseline: {problem.message}", problem.span)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has seen enough.
        output.give_up_on(sys.stdout)
        output.give_up_on(sys.stderr)
        return FAILED
    except OSError as problem:  # a full disk behind standard output
        return _complain(f"cannot go on: {(problem.strerror or str(problem)).lower()}")
    except MemoryError:
        return _complain("out of memory: nothing is checked")
    except Exception as problem:  # noqa: BLE001 -- a traceback would tell users nothing
        return _complain(f"{Mishap.of(problem, command)}; nothing is reported. Please report the fault")
    return status


def _complain(message: str, span: Span | None = None) -> int:
    try:
        notices.say([f"xbackup-lint: {message}"])
        if span is not None:
            from xbackup_lint.engine.finding import location
            from xbackup_lint.report.place import caret

            print(caret(location(span)), file=sys.stderr)
    except OSError:  # nobody hears it: the status tells
        output.give_up_on(sys.stderr)
    return FAILED


def _check(given: list[str]) -> int:
    asked = wanted(given)
    if asked.options.show_files:
        return _show_files(asked)
    run = _run(asked)
    if asked.options.write_baseline:
        if _had_mishaps(run):
            return FAILED
        return _write_baseline(run, asked.baseline or Path(DEFAULT_BASELINE))
    output.report(_with_picture(run, asked), asked.outputs, asked.look, quiet=asked.options.quiet)
    if asked.options.statistics:
        output.statistics(run.result, asked.outputs, asked.look)
    if _had_mishaps(run):
        return FAILED
    levels = {"unsure" if f.certainty == "unsure" else f.severity for f in run.result.findings}
    return FOUND if levels & asked.fail_on and not asked.options.exit_zero else OK


def _copies(given: list[str]) -> int:
    """Every copy and what becomes of it; the status tells whether one fails."""
    from xbackup_lint.report import copies

    asked = wanted(given)
    if asked.options.show_files:
        return _show_files(asked)
    run = _run(asked)
    for one in asked.outputs:
        if one.format not in ("text", "json"):
            raise UsageError(f"`copies` has the formats text and json, not {one.format}")
        output.write(run.result, one, renderer("json") if one.format == "json" else copies.render, asked.look)
    if _had_mishaps(run):
        return FAILED
    return FOUND if run.result.summary.copies_fail and not asked.options.exit_zero else OK


def _graph(given: list[str]) -> int:
    """The estate as a picture. What is wrong in it is for the other commands to fail on."""
    from xbackup_lint.engine.picture import pictured

    asked = wanted(given, PICTURES)
    if asked.options.show_files:
        return _show_files(asked)
    run = _run(asked)
    result = pictured(run.result, run.readings.estate)
    for one in asked.outputs:
        output.write(result, one, picture_renderer(one.format), asked.look)
    return FAILED if _had_mishaps(run) else OK


def _with_picture(run: Run, asked: Wanted) -> Result:
    """The result; with the picture, which costs something, where a report shows it."""
    if all(one.format not in WITH_PICTURE for one in asked.outputs):
        return run.result
    from xbackup_lint.engine.picture import pictured

    return pictured(run.result, run.readings.estate)


def _had_mishaps(run: Run) -> bool:
    """Whether this program failed at something, which is told: a report is not whole then."""
    mishaps = run.readings.estate.mishaps
    notices.say(f"xbackup-lint: {mishap}" for mishap in dict.fromkeys(mishaps))
    if mishaps:
        notices.say(["xbackup-lint: the report lacks what this would have told; please report the fault"])
    return bool(mishaps)


def _run(asked: Wanted) -> Run:
    """Read and check what was asked for; complain of what cannot be."""
    options = asked.options
    inputs = _inputs(asked)
    with progress(quiet=options.quiet, colour=not options.no_color) as watch:
        run = check(
            inputs,
            asked.rules,
            asked.assignments,
            known=asked.known,
            baseline=_baseline(asked),
            watch=watch,
            advice_in_full=asked.shows_advice,
        )
    for name in asked.assignments.parameters:
        if name not in run.readings.parameters:
            hint = did_you_mean(name, run.readings.parameters)
            raise UsageError(f"`--parameter {name}`: no template declares it{hint}")
    if options.verbose:
        notices.say(notices.what_was_read(run, configuration_file(options.config)))
    _want_something(run.readings, len(inputs), options.paths)
    return run


def _inputs(asked: Wanted) -> list[Input]:
    """The files to look at: all but our own."""
    options = asked.options
    inputs, complaints = discover(options.paths, options.stdin_filename, asked.configuration)
    notices.say(f"xbackup-lint: {complaint}" for complaint in complaints)
    return [one for one in inputs if asked.baseline is None or Path(one.path) != asked.baseline]


def _want_something(readings: Readings, looked_at: int, paths: Sequence[str]) -> None:
    if not readings.read and not readings.unreadable:
        files = f"{looked_at} files, none of them" if looked_at else "no file that could be"
        raise UsageError(f"nothing to check: {files} a template or policy, under {', '.join(paths)}")


def _show_files(asked: Wanted) -> int:
    """The files that would be read. They must be opened for that: most JSON and YAML is none of ours."""
    inputs = _inputs(asked)
    readings = read_inputs(inputs, asked.assignments)
    _want_something(readings, len(inputs), asked.options.paths)
    output.show("".join(f"{visible(path)}\n" for path in notices.files(readings)))
    return OK


def _baseline(asked: Wanted) -> Baseline | None:
    """The baseline that the run is measured by; none where it is to be written."""
    path = asked.baseline
    if path is None or asked.options.write_baseline:
        return None
    from xbackup_lint.engine.baseline import load

    try:
        return load(path)
    except OSError as error:
        why = error.strerror.lower() if error.strerror else str(error)
        raise UsageError(f"baseline `{path}`: {why}; `--write-baseline` writes one") from error


def _write_baseline(run: Run, path: Path) -> int:
    from xbackup_lint.engine.baseline import written
    from xbackup_lint.engine.identity import Identities

    output.write_file(path, written(run.raws, Identities(run.readings.templates), path))
    count = len(run.raws)
    output.show(f"wrote {path}: {count} finding{'' if count == 1 else 's'} accepted\n")
    return OK


def _explain(given: list[str]) -> int:
    """Rules in words; families and all rules as a list; the nouns of rules."""
    from xbackup_lint import explain, vocabulary

    asked = explain_parser().parse_args(given)
    look = output.look(no_color=asked.no_color)
    if asked.nouns:
        words = explain.named(asked.names, {noun.name: noun for noun in vocabulary.vocabulary()}, "noun")
        output.show(vocabulary.nouns(words, look) if asked.format == "text" else vocabulary.as_json(words))
        return OK
    rules = all_rules(configuration_of(asked.config))
    output.show(
        explain.answer(asked.names, rules, look)
        if asked.format == "text"
        else explain.as_json(asked.names, rules)
    )
    return OK


def _new_rule(given: list[str]) -> int:
    """Write a rule file that is to be filled in; or see whether the examples of rules hold."""
    from xbackup_lint import new_rule

    asked = new_rule_parser().parse_args(given)
    if asked.schema:
        output.show((rules_folder() / new_rule.SCHEMA).read_text("utf-8"))
        return OK
    if not asked.names or (len(asked.names) > 1 and not asked.check):
        raise UsageError("name one rule: `xbackup-lint new-rule FAMILY/ID`, or files with `--check`")
    if asked.check:
        faults, text = new_rule.checked(asked.names)
        output.show(text)
        return FOUND if faults else OK
    configuration = configuration_of(asked.config)
    path = new_rule.place_for(asked.names[0], asked.folder, configuration)
    new_rule.make_folder(path.parent)
    output.write_file(path, new_rule.template(path.stem))
    output.show(new_rule.next_steps(path, configuration))
    return OK


def _init(given: list[str]) -> int:
    """Write a configuration that names what is still to be filled in."""
    from xbackup_lint.init import configuration_for

    options = init_parser().parse_args(given)
    path = Path(".xbackup-lint.yaml")
    if path.exists() and not options.force:
        raise UsageError(f"`{path}` is there already; `--force` replaces it")
    asked = wanted(options.paths)
    text, advice = configuration_for(_run(asked))
    output.write_file(path, text)
    output.show(advice)
    return OK


_WORK = {
    "check": _check,
    "copies": _copies,
    "explain": _explain,
    "graph": _graph,
    "init": _init,
    "new-rule": _new_rule,
}
