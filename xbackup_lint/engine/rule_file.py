"""The file of a rule as its author writes it: its parts by their keys; all raise BrokenRule for what they are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from xbackup_lint.config.word import did_you_mean
from xbackup_lint.engine.fields import text, texts, texts_by_name
from xbackup_lint.engine.nouns import NOUNS, attributes, written
from xbackup_lint.engine.rule import BrokenRule, Words
from xbackup_lint.text.node import Mapping, Node, Scalar, Unreadable
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.yaml_reader import read


class RuleFile:
    """The first document of a rule file. Raises BrokenRule where that is no mapping."""

    def __init__(self, source: Source, path: Path) -> None:
        try:
            document = read(source)
        except Unreadable as problem:
            raise BrokenRule(problem.message, problem.span) from problem
        for remark in document.remarks:
            raise BrokenRule(remark.message, remark.span)
        if not isinstance(document.root, Mapping):
            raise BrokenRule("a rule is a mapping", document.root.span)
        self.source = source
        self.root = document.root
        self.path = path

    @property
    def head(self) -> Span:
        """Where a rule begins: its first key."""
        return self.root.entries[0][0].span if self.root.entries else self.root.span

    def node(self, name: str) -> Node:
        return self.root.get(name) or self.root

    def text(self, name: str) -> str:
        node = self.root.get(name)
        return text(node, name).strip() if node is not None else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        node = self.root.get(name)
        if isinstance(node, Scalar) and node.tag != "null":
            return (node.text.strip(),)
        return tuple(item.strip() for item in texts(node, name))

    def words(self, name: str) -> dict[str, Words]:
        """One text, or a text for each reason (or label)."""
        node = self.root.get(name)
        if node is None:
            return {}
        if isinstance(node, Scalar):
            return {"": Words(node.text.rstrip())}
        return {key: Words(words.rstrip()) for key, words in texts_by_name(node, name).items()}

    def one_of(self, name: str, allowed: Sequence[str], otherwise: str = "") -> str:
        found = self.text(name) or otherwise
        if found not in allowed:
            hint = did_you_mean(found, allowed)
            raise BrokenRule(f"`{name}` is one of {', '.join(allowed)}{hint}", self.node(name).span)
        return found

    @staticmethod
    def no_attribute(subject: str, name: str, span: Span) -> NoReturn:
        known = [written(found) for found in attributes(NOUNS[subject][1])]
        hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        raise BrokenRule(f"`{subject}` has no attribute `{name}`{hint}", span)
