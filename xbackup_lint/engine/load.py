"""Rule files: read, checked with carets, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from xbackup_lint.checks import CHECKS
from xbackup_lint.checks.hit import Check
from xbackup_lint.engine.nouns import NOUNS, has_attribute
from xbackup_lint.engine.result import Severity
from xbackup_lint.engine.rule import Clause, Constant, Rule, Test, Words
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Unreadable
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.yaml_reader import read

_KEYS = {
    "id", "title", "severity", "since", "tags", "rationale", "remediation", "false-positives", "references",
    "subject", "when", "at", "check", "with", "unknown", "yields-to", "message", "help", "reasons", "labels",
}  # fmt: skip
_REQUIRED = ("id", "title", "severity", "since", "rationale", "remediation", "false-positives", "references",
             "subject", "message")  # fmt: skip
_TESTS = {"not", "at-least", "at-most", "matches"}


class BrokenRule(Exception):
    """A rule file that cannot be used: what is wrong, and where."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def rules_folder() -> Path:
    """Where the rules are: in the package of an installed tool, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_rules"
    return shipped if shipped.is_dir() else package.parent / "rules"


def load_rules(folder: Path | None = None, shown: str = "rules") -> list[Rule]:
    """Every rule of a folder of families, by id; `shown` is what to call the folder. Raises BrokenRule."""
    root = folder or rules_folder()
    paths = sorted(root.glob("*/*.yaml"))
    rules = [load_rule(path, f"{shown}/{path.relative_to(root).as_posix()}") for path in paths]
    return sorted(rules, key=lambda rule: rule.id)


def load_rule(path: Path, shown: str) -> Rule:
    """One rule file; its second document, the examples, is not read. Raises BrokenRule."""
    return compile_rule(Source(shown, first_document(path.read_text("utf-8"))), path)


def first_document(text: str) -> str:
    """What stands before the line `---`."""
    return re.split(r"^---\s*$", text, maxsplit=1, flags=re.MULTILINE)[0]


def compile_rule(source: Source, path: Path) -> Rule:
    """A rule from the text of its file. Raises BrokenRule."""
    try:
        root = read(source).root
    except Unreadable as problem:
        raise BrokenRule(problem.message, problem.span) from problem
    if not isinstance(root, Mapping):
        raise BrokenRule("a rule is a mapping", root.span)
    return _Compiler(root, path).rule()


class _Compiler:
    """Turns the tree of a rule file into a Rule; whatever does not fit is told with its place."""

    def __init__(self, root: Mapping, path: Path) -> None:
        self.root = root
        self.path = path

    def rule(self) -> Rule:
        self._keys(self.root, _KEYS, "a rule")
        for name in _REQUIRED:
            if self.root.get(name) is None:
                raise BrokenRule(f"a rule needs `{name}`", self.root.entries[0][0].span)
        subject = self._one_of("subject", tuple(NOUNS))
        rule = Rule(
            id=self._id(),
            family=self.path.parent.name,
            title=self._text("title"),
            severity=cast("Severity", self._one_of("severity", ("error", "warning", "info"))),
            since=self._text("since"),
            tags=self._texts("tags"),
            rationale=self._text("rationale"),
            remediation=self._text("remediation"),
            false_positives=self._texts("false-positives"),
            references=self._texts("references"),
            subject=subject,
            when=tuple(self._when(subject)),
            at=self._attribute("at", subject),
            check=self._check(),
            options=self._options(),
            unknown="unsure"
            if self._one_of("unknown", ("unsure", "silent"), "silent") == "unsure"
            else "silent",
            yields_to=self._texts("yields-to"),
            message=Words(self._text("message")),
            help=self._words("help"),
            reasons=self._words("reasons"),
            labels=self._words("labels"),
        )
        self._either_when_or_check(rule)
        return rule

    def _either_when_or_check(self, rule: Rule) -> None:
        if bool(rule.when) == (rule.check is not None):
            raise BrokenRule("a rule has either `when` (with `at`) or `check`", self.root.entries[0][0].span)
        if rule.check is None:
            self._names(rule)

    def _names(self, rule: Rule) -> None:
        """Without a check, every name in a text is an attribute of the subject."""
        for words in (rule.message, *rule.help.values(), *rule.reasons.values()):
            for name in words.names:
                if name != "reason" and not has_attribute(rule.subject, name) and rule.subject != "problem":
                    place = self.root.get("message") or self.root
                    raise BrokenRule(f"`{rule.subject}` has no attribute `{name}`", place.span)

    def _id(self) -> str:
        found = self._text("id")
        if found != self.path.stem:
            raise BrokenRule(f"the id of `{self.path.name}` is `{self.path.stem}`", self._node("id").span)
        return found

    def _node(self, name: str) -> Node:
        return self.root.get(name) or self.root

    def _text(self, name: str) -> str:
        node = self.root.get(name)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            raise BrokenRule(f"`{name}` is a text", node.span)
        return node.text.strip()

    def _texts(self, name: str) -> tuple[str, ...]:
        node = self.root.get(name)
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        return tuple(self._scalar(item, name).text.strip() for item in items)

    @staticmethod
    def _scalar(node: Node, name: str) -> Scalar:
        if not isinstance(node, Scalar):
            raise BrokenRule(f"`{name}` holds texts", node.span)
        return node

    def _one_of(self, name: str, allowed: Iterable[str], otherwise: str = "") -> str:
        found = self._text(name) or otherwise
        if found not in allowed:
            raise BrokenRule(f"`{name}` is one of {', '.join(allowed)}", self._node(name).span)
        return found

    def _attribute(self, name: str, subject: str) -> str:
        found = self._text(name)
        if found and not has_attribute(subject, found):
            raise BrokenRule(f"`{subject}` has no attribute `{found}`", self._node(name).span)
        return found

    def _check(self) -> Check | None:
        name = self._text("check")
        if name and name not in CHECKS:
            close = get_close_matches(name, CHECKS, 1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            raise BrokenRule(f"there is no check `{name}`{hint}", self._node("check").span)
        return CHECKS[name] if name else None

    def _options(self) -> dict[str, Constant | list[Constant]]:
        node = self.root.get("with")
        if node is None:
            return {}
        return {key.text.replace("-", "_"): _constants(value) for key, value in self._entries(node, "with")}

    @staticmethod
    def _entries(node: Node, name: str) -> tuple[tuple[Scalar, Node], ...]:
        if not isinstance(node, Mapping):
            raise BrokenRule(f"`{name}` is a mapping", node.span)
        return node.entries

    @staticmethod
    def _keys(node: Mapping, allowed: set[str], what: str) -> None:
        for key, _ in node.entries:
            if key.text not in allowed:
                raise BrokenRule(f"{what} has no `{key.text}`", key.span)

    def _words(self, name: str) -> dict[str, Words]:
        """One text, or a text for each reason (or label)."""
        node = self.root.get(name)
        if node is None:
            return {}
        if isinstance(node, Scalar):
            return {"": Words(node.text.rstrip())}
        entries = self._entries(node, name)
        return {key.text: Words(self._scalar(value, name).text.rstrip()) for key, value in entries}

    def _when(self, subject: str) -> Iterator[Clause]:
        node = self.root.get("when")
        for key, value in self._entries(node, "when") if node is not None else ():
            if not has_attribute(subject, key.text):
                raise BrokenRule(f"`{subject}` has no attribute `{key.text}`", key.span)
            yield Clause(key.text, self._test(value))

    def _test(self, node: Node) -> Test:
        if not isinstance(node, Mapping):
            return Test(any_of=tuple(_as_list(_constants(node))))
        self._keys(node, _TESTS, "a test")
        found = {key.text: value for key, value in node.entries}
        return Test(
            none_of=tuple(_as_list(_constants(found["not"]))) if "not" in found else (),
            at_least=_whole(found.get("at-least")),
            at_most=_whole(found.get("at-most")),
            matches=_pattern(found.get("matches")),
        )


def _constant(node: Node) -> Constant:
    if not isinstance(node, Scalar):
        raise BrokenRule("a constant stands here", node.span)
    if node.tag == "bool":
        return node.text.lower() in ("true", "yes", "on")
    return int(node.text) if node.tag == "int" else node.text


def _constants(node: Node) -> Constant | list[Constant]:
    if isinstance(node, Sequence):
        return [_constant(item) for item in node.items]
    return _constant(node)


def _as_list(value: Constant | list[Constant]) -> list[Constant]:
    return value if isinstance(value, list) else [value]


def _whole(node: Node | None) -> int | None:
    if node is None:
        return None
    if not isinstance(node, Scalar) or node.tag != "int":
        raise BrokenRule("a whole number stands here", node.span)
    return int(node.text)


def _pattern(node: Node | None) -> re.Pattern[str] | None:
    if node is None:
        return None
    try:
        return re.compile(node.text if isinstance(node, Scalar) else "")
    except re.error as error:
        raise BrokenRule(f"not a regular expression: {error}", node.span) from error
