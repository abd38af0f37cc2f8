"""YAML as a tree with places. PyYAML composes; its constructor, which converts values, never runs."""

from __future__ import annotations

from sys import intern

import yaml
from yaml.nodes import CollectionNode, MappingNode, ScalarNode

from xbackup_lint.regex import regex
from xbackup_lint.text.node import (
    DEEPEST,
    Document,
    Mapping,
    Node,
    Remark,
    Scalar,
    Sequence,
    Style,
    Tag,
    Tagged,
    Unreadable,
    given_twice,
    too_deep,
)
from xbackup_lint.text.source import Source, Span
from xbackup_lint.text.yaml_composer import Composed, compose

_STANDARD = "tag:yaml.org,2002:"
_TAGS: dict[str, Tag] = {
    _STANDARD + "str": "str",
    _STANDARD + "int": "int",
    _STANDARD + "float": "float",
    _STANDARD + "bool": "bool",
    _STANDARD + "null": "null",
    _STANDARD + "timestamp": "timestamp",
}
_STYLES: dict[str, Style] = {"'": "'", '"': '"', "|": "|", ">": ">"}

_MOST_MERGED = 100_000
"""Keys that all `<<` of one file may copy: a chain of merges grows with the square of its length."""

_PROPERTIES = regex(r"(?:\s+|#[^\r\n\x85\u2028\u2029]*|&[0-9A-Za-z_-]+|(!<[^>\s]*>|![^\s,\[\]{}]*))*")
_ALIAS_OR_COMMENT = regex(r"(?<!\S)#[^\r\n\x85\u2028\u2029]*|\*[0-9A-Za-z_-]+")


def read(source: Source) -> Document:
    """The tree of the one document in `source`. Raises Unreadable.

    An alias is the very node of its anchor, so that what is repeated costs nothing.
    """
    root = compose(source)
    tree = (_SharedTree if "&" in source.text else _Tree)(source)
    node = tree.node(root, 0)
    return Document(node, tuple(sorted(tree.remarks, key=lambda remark: remark.span.start)))


class _Tree:
    """Turns composed nodes into ours. `depth` counts the collections around a node."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text + "\0"  # a character to look at behind the end
        self.remarks: list[Remark] = []
        self.merged = 0

    def node(self, node: Composed, depth: int) -> Node:
        start = node.start_mark.index
        if self.text[start] in "!&":
            return self.under_properties(node, start, depth)
        if not isinstance(node, ScalarNode):
            make = self.mapping if isinstance(node, MappingNode) else self.sequence
            return make(node, start, depth)
        if node.style:
            return self.quoted(node, start)
        tag = _TAGS.get(node.tag, "other")
        # Most words stand in a file many times, and in many files.
        return Scalar(self.source, start, node.end_mark.index, intern(node.value), "plain", tag)

    def quoted(self, node: ScalarNode, start: int) -> Scalar:
        end = node.end_mark.index
        style = _STYLES[node.style]
        if style in "|>":
            end = self.trimmed(start + 1, end)
        return Scalar(self.source, start, end, node.value, style, "str")

    def sequence(self, node: CollectionNode, start: int, depth: int) -> Sequence:
        if depth >= DEEPEST:
            raise too_deep(self.source, start)
        items: list[Node] = []
        for item in node.value:  # no comprehension: that is a level of recursion
            items.append(self.node(item, depth + 1))  # noqa: PERF401
        end = self.end(node, items[-1] if items else None)
        return Sequence(Span(self.source, start, end), tuple(items))

    def mapping(self, node: CollectionNode, start: int, depth: int) -> Mapping:
        if depth >= DEEPEST:
            raise too_deep(self.source, start)
        entries: dict[str, tuple[Scalar, Node]] = {}
        merges: list[Node] = []
        value: Node | None = None
        for key_node, value_node in node.value:
            key = self.node(key_node, depth + 1) if isinstance(key_node, ScalarNode) else None
            value = self.node(value_node, depth + 1)
            if not isinstance(key, Scalar):  # no AWS document has such keys
                continue
            name = key.text
            if name == "<<" and key_node.tag == _STANDARD + "merge":
                merges.append(value)
                continue
            if name in entries:
                self.remarks.append(given_twice(entries.pop(name)[0], key))
            entries[name] = key, value
        if merges:
            entries = self.merge(merges) | entries
        end = self.end(node, value)
        return Mapping(Span(self.source, start, end), tuple(entries.values()))

    def merge(self, values: list[Node]) -> dict[str, tuple[Scalar, Node]]:
        """The entries that `<<` brings in: of a list the earlier win, of two `<<` the later, as ever."""
        merged: dict[str, tuple[Scalar, Node]] = {}
        for value in values:
            for mapping in reversed(value.items) if isinstance(value, Sequence) else (value,):
                if not isinstance(mapping, Mapping):
                    raise Unreadable("`<<` takes a mapping or a list of mappings", mapping.span)
                self.merged += len(mapping.entries)
                if self.merged > _MOST_MERGED:
                    raise Unreadable(f"`<<` copies more than {_MOST_MERGED:,} keys", mapping.span)
                merged.update((entry[0].text, entry) for entry in mapping.entries)
        return merged

    def under_properties(self, node: Composed, start: int, depth: int) -> Node:
        """A node behind a tag or an anchor. Its own span begins behind these, a Tagged's with the tag."""
        match = _PROPERTIES.match(self.text, start, start if _are_of_first_key(node) else node.end_mark.index)
        written = match[1] if match else None
        begin = match.end() if match else start
        own_tag = written not in (None, "!") and not node.tag.startswith(_STANDARD)
        argument: Node
        if not isinstance(node, ScalarNode):
            make = self.mapping if isinstance(node, MappingNode) else self.sequence
            argument = make(node, begin, depth)
        elif node.style:
            argument = self.quoted(node, begin)
        else:
            end = node.end_mark.index
            tag = _TAGS.get(_implicit_tag(node) if own_tag else node.tag, "other")
            argument = Scalar(self.source, begin, end, node.value, "plain", tag)
        if match is None or not own_tag:
            return argument
        span = Span(self.source, match.start(1), argument.span.end)
        return Tagged(span, node.tag.removeprefix("!"), argument)

    def end(self, node: CollectionNode, last: Node | None) -> int:
        """Where a collection ends. A block's end mark lies behind the blank lines and comments after it."""
        end = node.end_mark.index
        if last is None or (node.flow_style and self.text[end - 1] in "]}"):
            return end
        end = last.span.end
        return end if self.text[end - 1] > " " else self.trimmed(node.start_mark.index, end)

    def trimmed(self, start: int, end: int) -> int:
        text = self.text
        while end > start and text[end - 1].isspace():
            end -= 1
        return end


class _SharedTree(_Tree):
    """A tree of a text with anchors: a node met again is the node made before."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.made: dict[int, tuple[Node | None, int]] = {}
        """By composed node: ours, None while it is being made, and how many levels it holds."""
        self.deepest = 0
        self.met_again = False

    def node(self, node: Composed, depth: int) -> Node:
        made, height = self.made.get(id(node), (None, -1))
        if height == -1:
            self.made[id(node)] = None, 0
            around, self.deepest = self.deepest, depth + isinstance(node, CollectionNode)
            made = super().node(node, depth)
            self.made[id(node)] = made, self.deepest - depth
            self.deepest = max(self.deepest, around)
            self.met_again = False
            return made
        if made is None:
            raise Unreadable.at(self.source, node.start_mark.index, "an anchor that contains itself")
        if depth + height > DEEPEST:
            raise too_deep(self.source, node.start_mark.index)
        self.deepest = max(self.deepest, depth + height)
        self.met_again = True
        return made

    def end(self, node: CollectionNode, last: Node | None) -> int:
        """Behind the last alias, where the last item is one: the node it stands for lies elsewhere."""
        end, mark = super().end(node, last), node.end_mark.index
        if end == mark or not self.met_again:
            return end
        found = _ALIAS_OR_COMMENT.finditer(self.text, node.start_mark.index, mark)
        return max((match.end() for match in found if match[0].startswith("*")), default=mark)


def _are_of_first_key(node: Composed) -> bool:
    """Whether what stands before a block is not its own: in `!Ref x: y` the key has the tag."""
    if not isinstance(node, MappingNode) or not node.value:
        return False
    return bool(node.value[0][0].start_mark.index == node.start_mark.index)


def _implicit_tag(node: ScalarNode) -> str:
    """What the text would be without its tag of its own."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(node.value[:1], ()):
        if pattern.match(node.value):
            return str(tag)
    return _STANDARD + "str"
