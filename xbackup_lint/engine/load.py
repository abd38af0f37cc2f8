"""The rules that there are: those that the tool ships, and those of its users."""

from __future__ import annotations

import stat
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from xbackup_lint.config.word import BrokenConfiguration, Word, did_you_mean
from xbackup_lint.engine.compiler import compile_rule, compile_trusted
from xbackup_lint.engine.rule import BrokenRule, Rule
from xbackup_lint.text.source import Source, Span

if TYPE_CHECKING:
    from xbackup_lint.config.configuration import Configuration

__all__ = ["BrokenRule", "fault", "first_document", "load_all", "load_rule", "load_rules", "rules_folder"]


_LARGEST = 1024 * 1024
"""Bytes of a rule file, its examples included."""


def rules_folder() -> Path:
    """Where the rules are: in the package of an installed tool, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent / "rules"


def is_shipped(rule: Rule) -> bool:
    """Whether a rule came with the tool, and is no user's own."""
    return rule.path.is_relative_to(rules_folder())


def load_rules(folder: Path | None = None, shown: str = "rules") -> list[Rule]:
    """Every rule of a folder of families, by id; `shown` is what to call the folder. Raises BrokenRule."""
    root = folder or rules_folder()
    # Ours are checked as a whole by the tests of this program.
    compiled = compile_rule if folder is not None else compile_trusted
    paths = sorted((*root.glob("*/*.yaml"), *root.glob("*/*.yml")))
    rules = [load_rule(path, f"{shown}/{path.parent.name}/{path.name}", compiled) for path in paths]
    return sorted(rules, key=lambda rule: rule.id)


def load_all(configuration: Configuration | None) -> list[Rule]:
    """The rules that the tool ships and those in `rule-paths`. Raises BrokenConfiguration, BrokenRule."""
    rules = load_rules()
    if configuration is None or not configuration.rule_paths:
        return rules
    known = {rule.id: rule for rule in rules}
    own: list[Rule] = []
    for word in configuration.rule_paths:
        for rule in _of_folder(configuration.root / word.text, word):
            if rule.id in known:
                raise fault(rule, rule.id, f"there is a rule of this id already: {known[rule.id].shown}")
            known[rule.id] = rule
            own.append(rule)
    for rule in own:
        for other in rule.yields_to:
            if other not in known:
                raise fault(rule, other, f"there is no rule `{other}`{did_you_mean(other, known)}")
    return rules + own


def _of_folder(folder: Path, word: Word) -> list[Rule]:
    if not folder.is_dir():
        raise BrokenConfiguration(f"`{word.text}`: no such folder", word.span)
    rules = load_rules(folder, folder.as_posix())
    if not rules:
        wanted = f"`{word.text}/FAMILY/ID.yaml`"
        raise BrokenConfiguration(f"`{word.text}` holds no rules; they are called {wanted}", word.span)
    return rules


def load_rule(path: Path, shown: str, compiled: Callable[[Source, Path], Rule] = compile_rule) -> Rule:
    """One rule file; its second document, the examples, is not read. Raises BrokenRule."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # to open a pipe is to wait for it
            raise OSError("not a file")
        if status.st_size > _LARGEST:
            raise OSError(f"larger than {_LARGEST // 1024 // 1024} MiB")
        with path.open(encoding="utf-8") as file:
            text = "".join(takewhile(lambda line: not _is_end(line), file))
    except OSError as error:
        message = f"cannot be read: {error.strerror.lower() if error.strerror else error}"
        raise BrokenRule(message, Span(Source(shown, ""), 0, 0)) from error
    except UnicodeDecodeError as error:
        raise BrokenRule("not UTF-8", Span(Source(shown, ""), 0, 0)) from error
    return compiled(Source(shown, text), path)


def fault(rule: Rule, wanted: str, message: str) -> BrokenRule:
    """What is wrong with a rule that is loaded, at the first place of its file where some text stands."""
    try:
        source = Source(rule.shown, rule.path.read_text("utf-8"))
    except OSError:  # it was there when it was loaded
        source = Source(rule.shown, "")
    start = source.text.find(wanted)
    return BrokenRule(message, Span(source, max(start, 0), start + len(wanted) if start >= 0 else 0))


def first_document(text: str) -> str:
    """What stands before the line `---`."""
    return "".join(takewhile(lambda line: not _is_end(line), text.splitlines(keepends=True)))


def _is_end(line: str) -> bool:
    return line.startswith("---") and line.rstrip() == "---"
