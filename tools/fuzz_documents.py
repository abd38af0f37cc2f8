"""Documents for the fuzzer: valid ones as trees, what may be done to them, and their text."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xbackup_lint.template.template import call_of
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Mapping, Node, Scalar, Tagged, Unreadable
from xbackup_lint.text.source import BOM, Source


@dataclass(frozen=True)
class Raw:
    """Something written as it stands: a number that no reader of numbers takes, an alias."""

    text: str


@dataclass
class Map:
    """Keys and values; a key may stand twice."""

    pairs: list[tuple[str, Tree]]


Tree = str | Raw | list["Tree"] | Map


def tree_of(node: Node) -> Tree:
    """A document as a tree that can be changed; functions in their long form."""
    if isinstance(node, Scalar):
        plain = node.tag in ("int", "float", "bool", "null") and node.text != ""
        return Raw("null" if node.tag == "null" else node.text) if plain else node.text
    if isinstance(node, Tagged):
        call = call_of(node)
        return Map([(call.function if call else node.function, tree_of(node.argument))])
    if isinstance(node, Mapping):
        return Map([(key.text, tree_of(value)) for key, value in node.entries])
    return [tree_of(item) for item in node.items]


def parsed(path: str, text: str) -> Tree | None:
    """The tree of a file; None of one that no reader reads."""
    source = Source(path, text.removeprefix(BOM))
    try:
        document = json_reader.read(source) if path.endswith(".json") else yaml_reader.read(source)
    except Unreadable:
        return None
    return tree_of(document.root)


# Writing

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def as_json(tree: Tree) -> str:
    if isinstance(tree, Map):
        return "{" + ", ".join(f"{json.dumps(key)}: {as_json(value)}" for key, value in tree.pairs) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(as_json, tree)) + "]"
    return tree.text if isinstance(tree, Raw) else json.dumps(tree)


def as_lines(tree: Tree, indent: str = "") -> str:
    """JSON of many lines, so that findings stand in several."""
    inner = indent + "  "
    if isinstance(tree, Map) and tree.pairs:
        parts = [f"{inner}{json.dumps(key)}: {as_lines(value, inner)}" for key, value in tree.pairs]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(tree, list) and tree:
        return "[\n" + ",\n".join(inner + as_lines(item, inner) for item in tree) + f"\n{indent}]"
    return as_json(tree)


def as_yaml(tree: Tree, indent: int = 0) -> str:
    """Block YAML; functions as tags where a scalar stands under them."""
    pad = "\n" + " " * indent
    if isinstance(tree, Map) and tree.pairs:
        if len(tree.pairs) == 1 and isinstance(tree.pairs[0][1], str):
            key = tree.pairs[0][0]
            if key == "Ref" or re.fullmatch(r"Fn::\w+", key):
                return f"!{key.removeprefix('Fn::')} {_scalar(tree.pairs[0][1])}"
        return "".join(f"{pad}{_scalar(key)}: {as_yaml(value, indent + 2)}" for key, value in tree.pairs)
    if isinstance(tree, list) and tree:
        return "".join(f"{pad}- {as_yaml(item, indent + 2)}" for item in tree)
    return _scalar(tree) if isinstance(tree, str) else as_json(tree)


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text)


# Changing

NUMBERS = (
    "0", "-1", "1", "7", "89", "90", "36500", "1.5", "1e5", "1e999", "-0", "012345670123", "1_000", "0x1F",
    "1:30", "190:20:30", ".inf", ".nan", "NaN", "-Infinity", "9" * 1000, "9" * 5000, "1e-9", "99999999999999999999",
)  # fmt: skip
OTHERS = ("null", "~", "true", "false", "[]", "{}", '""', "2012-10-17", "2024-02-30T25:61:61Z")
TEXTS = (
    "*", "?", "arn:aws:backup:eu-west-1:444455556666:backup-vault:central", "arn:aws:backup:::backup-vault:",
    "arn:::::", ":" * 40, "${", "${}", "${AWS::AccountId}", "${!Literal}", "${aws:PrincipalArn}", "${A.B.C}",
    "{{resolve:ssm:/a:1}}", "AWS::NoValue", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "a\nb\r\nc", "\x00",
    "\x85\u2028", "\ud800", "\ufeff", "日本語🎉", "é" * 300, "x" * 70000, "<script>alert(1)</script>", "]]>&amp;",
    "::error file=a::b", "%0A%0D", "@everyone |`*_[]()", "../../etc/passwd", "{'a': 'b',}", "[" * 250,
    '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}',
    "cron(0 5 ? * * *)", "cron(0/0 99 L-40 2#9 ? *)", "rate(0 days)", "cron(" + "1-2," * 500 + "1 * * * ? *)",
    "o-abcdefghij", "111122223333", "12345678901", "a" * 20 + "*" * 20 + "b", "*a" * 200, "Fn::Transform", "default",
    "Default", "AWS::Backup::BackupVault", "AWS::KMS::Key", "@@assign", "@@append", "eu-west-1", "us-gov-west-1",
    "xx-nowhere-9",
)  # fmt: skip

_PARTS = ("Ref", "Fn::Sub", "Fn::GetAtt", "Fn::ImportValue", "Fn::Split", "Fn::Length", "Fn::Transform")


@dataclass(frozen=True)
class Change:
    """One change: at which node of which file, what, and numbers that decide the rest."""

    file: int
    node: int
    what: str
    choice: int


@dataclass
class _Slot:
    """A place in a tree: the node there, and how to put another in."""

    node: Tree
    put: Callable[[Tree], None]
    parent: list[Tree] | Map | None
    index: int


def _slots(tree: Tree, put: Callable[[Tree], None]) -> Iterator[_Slot]:
    yield _Slot(tree, put, None, 0)
    waiting: list[Tree] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            for index, (_, value) in enumerate(node.pairs):
                yield _Slot(value, _putter(node, index), node, index)
                waiting.append(value)
        elif isinstance(node, list):
            for index, value in enumerate(node):
                yield _Slot(value, _putter(node, index), node, index)
                waiting.append(value)


def _putter(parent: list[Tree] | Map, index: int) -> Callable[[Tree], None]:
    def put(tree: Tree) -> None:
        if isinstance(parent, Map):
            parent.pairs[index] = parent.pairs[index][0], tree
        else:
            parent[index] = tree

    return put


def changed(tree: Tree, change: Change, donors: list[Tree], keys: list[str]) -> Tree:
    """The tree with one change; it is changed in place where that can be."""
    holder = [tree]
    slots = list(_slots(tree, lambda other: holder.__setitem__(0, other)))
    slot = slots[change.node % len(slots)]
    dice = random.Random(change.choice)
    _CHANGES[change.what](slot, slots, dice, _Stock(donors, keys))
    return holder[0]


@dataclass(frozen=True)
class _Stock:
    donors: list[Tree]
    keys: list[str]


_Doing = Callable[[_Slot, list[_Slot], random.Random, _Stock], None]


def _junk(slot: _Slot, _slots: list[_Slot], dice: random.Random, _stock: _Stock) -> None:
    kind = dice.randrange(4)
    slot.put(Raw(dice.choice(NUMBERS if kind == 0 else OTHERS)) if kind < 2 else dice.choice(TEXTS))


def _donate(slot: _Slot, _slots: list[_Slot], dice: random.Random, stock: _Stock) -> None:
    slot.put(copy_of(dice.choice(stock.donors)))


def _delete(slot: _Slot, _slots: list[_Slot], _dice: random.Random, _stock: _Stock) -> None:
    if isinstance(slot.parent, Map):
        del slot.parent.pairs[slot.index]
    elif slot.parent is not None:
        del slot.parent[slot.index]


def _repeat(slot: _Slot, slots: list[_Slot], dice: random.Random, _stock: _Stock) -> None:
    """The same again, or something from elsewhere under the same key."""
    other = copy_of(dice.choice((slot.node, dice.choice(slots).node)))
    if isinstance(slot.parent, Map):
        slot.parent.pairs.insert(slot.index, (slot.parent.pairs[slot.index][0], other))
    elif slot.parent is not None:
        slot.parent[slot.index : slot.index] = [other] * dice.choice((1, 2, 40))


def _swap(slot: _Slot, slots: list[_Slot], dice: random.Random, _stock: _Stock) -> None:
    """The content of two places."""
    other = dice.choice(slots)
    one, two = copy_of(slot.node), copy_of(other.node)
    slot.put(two)
    other.put(one)


def _rename(slot: _Slot, _slots: list[_Slot], dice: random.Random, stock: _Stock) -> None:
    if isinstance(slot.parent, Map) and slot.index < len(slot.parent.pairs):
        value = slot.parent.pairs[slot.index][1]
        slot.parent.pairs[slot.index] = dice.choice((dice.choice(stock.keys), dice.choice(TEXTS))), value


def _wrap(slot: _Slot, slots: list[_Slot], dice: random.Random, stock: _Stock) -> None:
    """Under a function, in a list or in a mapping."""
    node = slot.node
    other = copy_of(dice.choice(slots).node)
    name = dice.choice(stock.keys)
    wrapped: list[Tree] = [
        [node],
        [node, other],
        Map([(name, node)]),
        Map([("Fn::If", [name, node, other])]),
        Map([("Fn::If", [name, node, Map([("Ref", "AWS::NoValue")])])]),
        Map([("Fn::Join", [dice.choice(("", ":", ",")), [node, other]])]),
        Map([("Fn::Select", [Raw(dice.choice(("0", "1", "-1", "9" * 30))), [node, other]])]),
        Map([("Fn::FindInMap", [name, node, other])]),
        Map([("Fn::Sub", [node, Map([(name, other)])])]),
        Map([("Fn::ToJsonString", node)]),
        Map([("Fn::ForEach::Loop", ["X", [node, "b"], Map([("${X}", other)])])]),
        Map([(dice.choice(_PARTS), node)]),
        as_json(node),
    ]
    slot.put(dice.choice(wrapped))


def _letters(slot: _Slot, _slots: list[_Slot], dice: random.Random, _stock: _Stock) -> None:
    """Something in a text."""
    text = slot.node if isinstance(slot.node, str) else as_json(slot.node)
    start = dice.randrange(len(text) + 1)
    end = min(len(text), start + dice.choice((0, 0, 1, 5, 1000)))
    slot.put(
        text[:start] + dice.choice(("", "*", ":", "${", "}", "-", ",", " ", "\n", '"', *TEXTS)) + text[end:]
    )


_CHANGES: dict[str, _Doing] = {
    "junk": _junk,
    "donate": _donate,
    "delete": _delete,
    "repeat": _repeat,
    "swap": _swap,
    "rename": _rename,
    "wrap": _wrap,
    "letters": _letters,
}
WAYS = tuple(_CHANGES)


def copy_of(tree: Tree) -> Tree:
    if isinstance(tree, Map):
        return Map([(key, copy_of(value)) for key, value in tree.pairs])
    return [copy_of(item) for item in tree] if isinstance(tree, list) else tree


def subtrees(tree: Tree) -> Iterator[Tree]:
    """Every part of a tree."""
    return (slot.node for slot in _slots(tree, lambda _: None))


def size(tree: Tree) -> int:
    """How many characters a tree is, as JSON."""
    return len(as_json(tree))
