"""Rule files as their authors write them, checked with carets, compiled once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from xbackup_lint.checks import CHECKS
from xbackup_lint.checks.hit import Check
from xbackup_lint.config.word import did_you_mean
from xbackup_lint.engine.check_options import A_KIND, is_of_kind, options_of, subjects_of
from xbackup_lint.engine.fields import constants, mapping, pattern, whole
from xbackup_lint.engine.nouns import NOUNS, Kind, attribute_name, kind_of, written
from xbackup_lint.engine.prose import check_keys, prose_of
from xbackup_lint.engine.result import Severity
from xbackup_lint.engine.rule import BrokenRule, Clause, Constant, Prose, Rule, Test
from xbackup_lint.engine.rule_file import RuleFile
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Mapping, Node
from xbackup_lint.text.source import Source

SEVERITIES = ("error", "warning", "info")
UNKNOWNS = ("unsure", "silent")
TESTS = ("not", "at-least", "at-most", "matches")


def compile_rule(source: Source, path: Path) -> Rule:
    """A rule from the text of its file, all of which is checked. Raises BrokenRule."""
    file = RuleFile(source, path)
    check_keys(file)
    rule = _Compiler(file).rule(lambda: prose_of(file))
    _ = rule.prose
    return rule


def compile_trusted(source: Source, path: Path) -> Rule:
    """The same from a text that is known to be one, whose words are read when somebody wants them."""
    file = RuleFile(Source(source.path, without_prose(source.text)), path)
    return _Compiler(file).rule(lambda: prose_of(RuleFile(source, path)))


_PROSE = regex(
    r"^(?:title|since|tags|rationale|remediation|false-positives|references|message|help|reasons|labels):.*"
    r"(?:\n(?![A-Za-z]).*)*",
    re.MULTILINE,
)


def without_prose(text: str) -> str:
    """The text of a rule file without its words; what is left stands on its lines."""
    return _PROSE.sub(lambda match: "\n" * match[0].count("\n"), text)


class _Compiler:
    """Turns the tree of a rule file into a Rule; whatever does not fit is told with its place."""

    def __init__(self, file: RuleFile) -> None:
        self.file = file

    def rule(self, prose: Callable[[], Prose]) -> Rule:
        subject = self.file.one_of("subject", tuple(NOUNS))
        rule = Rule(
            id=self._id(),
            family=self.file.path.parent.name,
            severity=cast("Severity", self.file.one_of("severity", SEVERITIES)),
            subject=subject,
            when=tuple(self._when(subject)),
            at=self._at(subject),
            check=self._check(subject),
            options=self._options(),
            unknown="unsure" if self.file.one_of("unknown", UNKNOWNS, "silent") == "unsure" else "silent",
            yields_to=self.file.texts("yields-to"),
            path=self.file.path,
            shown=self.file.source.path,
            read_prose=prose,
        )
        self._either_when_or_check(rule)
        return rule

    def _either_when_or_check(self, rule: Rule) -> None:
        if bool(rule.when) == (rule.check is not None):
            raise BrokenRule("a rule has either `when` (with `at`) or `check`", self.file.head)
        if rule.check is None:
            if rule.options:
                raise BrokenRule("`with` is for a `check`", self.file.node("with").span)
        else:
            if rule.at:
                raise BrokenRule(
                    "`at` is for a `when`; a check says itself what is wrong", self.file.node("at").span
                )
            self._fitting_options(rule, rule.check)

    def _id(self) -> str:
        found = self.file.text("id")
        if found != self.file.path.stem:
            raise BrokenRule(
                f"the id of `{self.file.path.name}` is `{self.file.path.stem}`", self.file.node("id").span
            )
        return found

    def _at(self, subject: str) -> str:
        found = self.file.text("at")
        kind = kind_of(subject, found) if found else "place"
        if kind is None:
            self.file.no_attribute(subject, found, self.file.node("at").span)
        if kind not in ("text", "place"):
            raise BrokenRule(
                f"`{found}` is no text of a file: nothing to underline", self.file.node("at").span
            )
        return found

    def _check(self, subject: str) -> Check | None:
        name = self.file.text("check")
        if not name:
            return None
        if name not in CHECKS:
            raise BrokenRule(
                f"there is no check `{name}`{did_you_mean(name, CHECKS)}", self.file.node("check").span
            )
        if subject not in subjects_of(CHECKS[name]):
            fitting = ", ".join(f"`{noun}`" for noun in subjects_of(CHECKS[name]))
            raise BrokenRule(f"`{name}` checks {fitting}, not `{subject}`", self.file.node("check").span)
        return CHECKS[name]

    def _options(self) -> dict[str, Constant | list[Constant]]:
        given = mapping(self.file.root.get("with"), "`with`")
        return {attribute_name(key.text): constants(value) for key, value in given}

    def _fitting_options(self, rule: Rule, check: Check) -> None:
        """`with` gives a check what it takes, and all that it needs."""
        known = options_of(check)
        names = [written(name) for name in known]
        for key, value in mapping(self.file.root.get("with"), f"`{check.__name__}`", names):
            if not known:
                raise BrokenRule(f"`{check.__name__}` has no options", key.span)
            kind = known[attribute_name(key.text)].kind
            if not is_of_kind(constants(value), kind):
                raise BrokenRule(f"`{key.text}` is {A_KIND[kind]}", value.span)
        for name, option in known.items():
            if option.required and name not in rule.options:
                place = self.file.node("check").span
                raise BrokenRule(f"`{check.__name__}` needs `{written(name)}` under `with`", place)

    def _when(self, subject: str) -> Iterator[Clause]:
        for key, value in mapping(self.file.root.get("when"), "`when`"):
            kind = kind_of(subject, key.text)
            if kind is None:
                self.file.no_attribute(subject, key.text, key.span)
            if kind == "place":
                raise BrokenRule(f"`{key.text}` is a place: there is nothing to compare it with", key.span)
            yield Clause(key.text, self._test(value, key.text, kind))

    def _test(self, node: Node, name: str, kind: Kind) -> Test:
        if not isinstance(node, Mapping):
            return Test(any_of=tuple(self._fitting(node, name, kind)))
        tests = TESTS if kind != "yes or no" else ("not",)
        found = {key.text: value for key, value in mapping(node, "a test", tests)}
        return Test(
            none_of=tuple(self._fitting(found["not"], name, kind)) if "not" in found else (),
            at_least=whole(found.get("at-least")),
            at_most=whole(found.get("at-most")),
            matches=pattern(found.get("matches")),
        )

    @staticmethod
    def _fitting(node: Node, name: str, kind: Kind) -> list[Constant]:
        """Constants that an attribute of this kind can be equal to."""
        given = constants(node)
        found = given if isinstance(given, list) else [given]
        for constant in found:
            if (kind == "yes or no") > isinstance(constant, bool):
                raise BrokenRule(f"`{name}` is true or false", node.span)
            if kind == "number" and (isinstance(constant, bool) or not isinstance(constant, int)):
                raise BrokenRule(f"`{name}` is a number", node.span)
        return found
