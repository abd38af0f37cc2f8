"""What the commands take, in words for `--help`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from xbackup_lint import __version__
from xbackup_lint.report.formats import FORMATS

_DESCRIPTION = """\
Will every AWS Backup copy between accounts land? Reads CloudFormation templates and JSON policies as
they lie in a repository, joins them across files, accounts and regions, and says what will fail and why.
"""
_EPILOG = """\
exit status: 0 nothing at or above --fail-on; 1 findings; 2 the job could not be done.
other commands:
  xbackup-lint copies PATH…     every copy, whether it lands, and what that rests on
  xbackup-lint graph PATH…      the estate as a picture, in the formats mermaid and html
  xbackup-lint init PATH…       write a configuration with what is still to be filled in
  xbackup-lint explain [RULE…]  what rules check, and how to mend what they find
  xbackup-lint new-rule F/ID    write a rule of your own, of family F; or test its examples
"""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, which is asked without `shutil`: every option is laid out once, to be tried."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size(1).columns)
        except (ValueError, OSError):
            columns = 80
        super().__init__(prog, width=columns - 2)


def parser(formats: Sequence[str] = FORMATS) -> argparse.ArgumentParser:
    """The options of `check`, `copies` and `graph`, whose formats differ."""
    made = argparse.ArgumentParser(
        "xbackup-lint",
        "%(prog)s [check | copies | graph] [options] PATH…",
        _DESCRIPTION,
        _EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="a file, a folder, or `-` for standard input")
    add(
        "--format",
        action="append",
        default=[],
        metavar="NAME[=FILE]",
        help=f"form of a report, and where to write it: {', '.join(formats)}",
    )
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
    add("--baseline", metavar="FILE", help="findings that are accepted for now: only what is new is reported")
    add(
        "--write-baseline",
        action="store_true",
        help="accept all findings of this run, in the baseline's file",
    )
    add("--no-color", action="store_true", help="no colours, even on a terminal")
    add("--quiet", "-q", action="store_true", help="print findings only, no summary where there are none")
    add(
        "--verbose",
        "-v",
        action="store_true",
        help="say what was read or passed over and why, and what told each account",
    )
    add("--statistics", action="store_true", help="after the report, how often each rule found something")
    add("--show-files", action="store_true", help="print the files that would be read, and check nothing")
    add("--version", action="version", version=f"xbackup-lint {__version__}")
    return made


def explain_parser() -> argparse.ArgumentParser:
    """The options of `explain`."""
    made = argparse.ArgumentParser(
        "xbackup-lint explain",
        description="What rules check, and how to mend what they find.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add(
        "names",
        nargs="*",
        metavar="RULE",
        help="a rule to explain, or a family to list; alone all are listed",
    )
    add("--nouns", action="store_true", help="what rules can speak of; with names, these nouns only")
    add("--format", choices=("text", "json"), default="text", help="form of the answer (default: text)")
    add(
        "--config",
        metavar="FILE",
        help="configuration with `rule-paths` and `severity`, instead of the nearest",
    )
    add("--no-color", action="store_true", help="no colours, even on a terminal")
    return made


def new_rule_parser() -> argparse.ArgumentParser:
    """The options of `new-rule`."""
    made = argparse.ArgumentParser(
        "xbackup-lint new-rule",
        "%(prog)s [--folder DIR] FAMILY/ID | --check PATH… | --schema",
        "Write a rule file in which only words are missing, or see whether the examples of rules hold.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add(
        "names",
        nargs="*",
        metavar="FAMILY/ID",
        help="the rule to write; with --check, rule files and folders",
    )
    add("--folder", metavar="DIR", help="write under DIR instead of the first of `rule-paths`, or `rules`")
    add(
        "--check", action="store_true", help="run the examples of rules; 1 where one does not do what it says"
    )
    add("--schema", action="store_true", help="print the JSON Schema of rule files, for editors")
    add("--config", metavar="FILE", help="configuration with `rule-paths`, instead of the nearest")
    return made


def init_parser() -> argparse.ArgumentParser:
    """The options of `init`."""
    made = argparse.ArgumentParser("xbackup-lint init", description="Write .xbackup-lint.yaml.")
    add = made.add_argument
    add("paths", nargs="+", metavar="PATH", help="the folders that are to be checked")
    add("--force", action="store_true", help="replace a configuration that is there already")
    return made
