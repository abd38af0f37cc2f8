"""Rule files as their authors write them, checked with carets, compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn, cast

from xbackup_lint.checks import CHECKS
from xbackup_lint.checks.hit import Check
from xbackup_lint.config.word import did_you_mean
from xbackup_lint.engine.check_options import A_KIND, is_of_kind, options_of, subjects_of
from xbackup_lint.engine.fields import (
    TO_DO,
    constants,
    mapping,
    pattern,
    refuse_to_do,
    text,
    texts,
    texts_by_name,
    whole,
)
from xbackup_lint.engine.nouns import NOUNS, Kind, attribute_name, attributes, kind_of, written
from xbackup_lint.engine.result import Severity
from xbackup_lint.engine.rule import BrokenRule, Clause, Constant, Rule, Test, Words
from xbackup_lint.text.node import Mapping, Node, Scalar, Unreadable
from xbackup_lint.text.origin import span_within
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.yaml_reader import read

KEYS = (
    "id", "title", "severity", "since", "tags", "rationale", "remediation", "false-positives", "references",
    "subject", "when", "at", "check", "with", "unknown", "yields-to", "message", "help", "reasons", "labels",
)  # fmt: skip
REQUIRED = ("id", "title", "severity", "since", "rationale", "remediation", "false-positives", "references",
            "subject", "message")  # fmt: skip
SEVERITIES = ("error", "warning", "info")
UNKNOWNS = ("unsure", "silent")
TESTS = ("not", "at-least", "at-most", "matches")


def compile_rule(source: Source, path: Path) -> Rule:
    """A rule from the text of its file. Raises BrokenRule."""
    try:
        document = read(source)
    except Unreadable as problem:
        raise BrokenRule(problem.message, problem.span) from problem
    for remark in document.remarks:
        raise BrokenRule(remark.message, remark.span)
    root = document.root
    if not isinstance(root, Mapping):
        raise BrokenRule("a rule is a mapping", root.span)
    if TO_DO in source.text:
        refuse_to_do(root)
    return _Compiler(root, path).rule()


class _Compiler:
    """Turns the tree of a rule file into a Rule; whatever does not fit is told with its place."""

    def __init__(self, root: Mapping, path: Path) -> None:
        self.root = root
        self.path = path

    def rule(self) -> Rule:
        mapping(self.root, "a rule", KEYS)
        for name in REQUIRED:
            if self.root.get(name) is None:
                raise BrokenRule(f"a rule needs `{name}`", self._head)
        subject = self._one_of("subject", tuple(NOUNS))
        rule = Rule(
            id=self._id(),
            family=self.path.parent.name,
            title=self._text("title"),
            severity=cast("Severity", self._one_of("severity", SEVERITIES)),
            since=self._text("since"),
            tags=self._texts("tags"),
            rationale=self._text("rationale"),
            remediation=self._text("remediation"),
            false_positives=self._texts("false-positives"),
            references=self._texts("references"),
            subject=subject,
            when=tuple(self._when(subject)),
            at=self._at(subject),
            check=self._check(subject),
            options=self._options(),
            unknown="unsure" if self._one_of("unknown", UNKNOWNS, "silent") == "unsure" else "silent",
            yields_to=self._texts("yields-to"),
            message=Words(self._text("message")),
            help=self._words("help"),
            reasons=self._words("reasons"),
            labels=self._words("labels"),
            path=self.path,
            shown=self.root.span.source.path,
        )
        self._either_when_or_check(rule)
        return rule

    @property
    def _head(self) -> Span:
        """Where a rule begins: its first key."""
        return self.root.entries[0][0].span if self.root.entries else self.root.span

    def _either_when_or_check(self, rule: Rule) -> None:
        if bool(rule.when) == (rule.check is not None):
            raise BrokenRule("a rule has either `when` (with `at`) or `check`", self._head)
        if rule.check is None:
            if rule.options:
                raise BrokenRule("`with` is for a `check`", self._node("with").span)
            self._names(rule)
        else:
            if rule.at:
                raise BrokenRule(
                    "`at` is for a `when`; a check says itself what is wrong", self._node("at").span
                )
            self._fitting_options(rule, rule.check)

    def _names(self, rule: Rule) -> None:
        """Without a check, every name in a text is an attribute of the subject."""
        if rule.subject == "problem":  # its facts are the words of what noticed it
            return
        for key in ("message", "help", "reasons"):
            for node in _scalars(self.root.get(key)):
                for name in Words(node.text).names:
                    if name != "reason" and kind_of(rule.subject, name) is None:
                        start = node.text.index(f"{{{name}}}") + 1
                        self._no_attribute(rule.subject, name, span_within(node, start, start + len(name)))

    @staticmethod
    def _no_attribute(subject: str, name: str, span: Span) -> NoReturn:
        known = [written(found) for found in attributes(NOUNS[subject][1])]
        hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        raise BrokenRule(f"`{subject}` has no attribute `{name}`{hint}", span)

    def _id(self) -> str:
        found = self._text("id")
        if found != self.path.stem:
            raise BrokenRule(f"the id of `{self.path.name}` is `{self.path.stem}`", self._node("id").span)
        return found

    def _node(self, name: str) -> Node:
        return self.root.get(name) or self.root

    def _text(self, name: str) -> str:
        node = self.root.get(name)
        return text(node, name).strip() if node is not None else ""

    def _texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        node = self.root.get(name)
        if isinstance(node, Scalar) and node.tag != "null":
            return (node.text.strip(),)
        return tuple(item.strip() for item in texts(node, name))

    def _one_of(self, name: str, allowed: Sequence[str], otherwise: str = "") -> str:
        found = self._text(name) or otherwise
        if found not in allowed:
            hint = did_you_mean(found, allowed)
            raise BrokenRule(f"`{name}` is one of {', '.join(allowed)}{hint}", self._node(name).span)
        return found

    def _at(self, subject: str) -> str:
        found = self._text("at")
        kind = kind_of(subject, found) if found else "place"
        if kind is None:
            self._no_attribute(subject, found, self._node("at").span)
        if kind not in ("text", "place"):
            raise BrokenRule(f"`{found}` is no text of a file: nothing to underline", self._node("at").span)
        return found

    def _check(self, subject: str) -> Check | None:
        name = self._text("check")
        if not name:
            return None
        if name not in CHECKS:
            raise BrokenRule(
                f"there is no check `{name}`{did_you_mean(name, CHECKS)}", self._node("check").span
            )
        if subject not in subjects_of(CHECKS[name]):
            fitting = ", ".join(f"`{noun}`" for noun in subjects_of(CHECKS[name]))
            raise BrokenRule(f"`{name}` checks {fitting}, not `{subject}`", self._node("check").span)
        return CHECKS[name]

    def _options(self) -> dict[str, Constant | list[Constant]]:
        given = mapping(self.root.get("with"), "`with`")
        return {attribute_name(key.text): constants(value) for key, value in given}

    def _fitting_options(self, rule: Rule, check: Check) -> None:
        """`with` gives a check what it takes, and all that it needs."""
        known = options_of(check)
        names = [written(name) for name in known]
        for key, value in mapping(self.root.get("with"), f"`{check.__name__}`", names):
            if not known:
                raise BrokenRule(f"`{check.__name__}` has no options", key.span)
            kind = known[attribute_name(key.text)].kind
            if not is_of_kind(constants(value), kind):
                raise BrokenRule(f"`{key.text}` is {A_KIND[kind]}", value.span)
        for name, option in known.items():
            if option.required and name not in rule.options:
                place = self._node("check").span
                raise BrokenRule(f"`{check.__name__}` needs `{written(name)}` under `with`", place)

    def _words(self, name: str) -> dict[str, Words]:
        """One text, or a text for each reason (or label)."""
        node = self.root.get(name)
        if node is None:
            return {}
        if isinstance(node, Scalar):
            return {"": Words(node.text.rstrip())}
        return {key: Words(words.rstrip()) for key, words in texts_by_name(node, name).items()}

    def _when(self, subject: str) -> Iterator[Clause]:
        for key, value in mapping(self.root.get("when"), "`when`"):
            kind = kind_of(subject, key.text)
            if kind is None:
                self._no_attribute(subject, key.text, key.span)
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


def _scalars(node: Node | None) -> list[Scalar]:
    """A text, or the texts of a mapping."""
    found = [value for _, value in node.entries] if isinstance(node, Mapping) else [node]
    return [value for value in found if isinstance(value, Scalar)]
