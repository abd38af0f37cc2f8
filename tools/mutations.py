"""Small faults that a program could have: each a piece of its text, and what could stand there instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
_OPERATIONS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
_NAMES = {"YES": "NO", "NO": "YES", "UNKNOWN": "NO", "any": "all", "all": "any", "min": "max", "max": "min"}
_ATTRIBUTES = {"any": "all", "all": "any", "startswith": "endswith", "endswith": "startswith"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: where it is, by the function and the line before and after; `source` is the whole module with it."""

    path: str
    function: str
    line: int
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays the same when lines move."""
        return self.path, self.function, self.before, self.after


def mutations(path: str, source: str) -> list[Mutation]:
    """Every fault of a module, in the order of its text; of those with one key the first."""
    found: dict[tuple[str, str, str, str], Mutation] = {}
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    encoded = [line.encode() for line in lines]

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + len(encoded[line - 1][:column].decode())

    for function, node in _functions(ast.parse(source)):
        for place, end, old, new in _edits(node):
            start, stop = offset(*place), offset(*end)
            at = source.find(old, start, stop)
            if at < 0:
                continue
            text = source[:at] + new + source[at + len(old) :]
            number = source.count("\n", 0, at) + 1
            before, after = lines[number - 1].strip(), text.splitlines()[number - 1].strip()
            mutation = Mutation(path, function, number, before, after, text)
            found.setdefault(mutation.key, mutation)
    return sorted(found.values(), key=lambda mutation: (mutation.line, mutation.after))


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """The nodes inside functions, each with the name of its function. What runs at import is data."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            name = f"{within}.{node.name}" if within else node.name
            if isinstance(node, ast.FunctionDef):
                yield from ((name, inner) for statement in node.body for inner in _code(statement))
            else:
                yield from _functions(node, name)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those in it, but for docstrings, annotations, and the words of errors."""
    if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _code(child)


_Place = tuple[int, int]
_Edit = tuple[_Place, _Place, str, str]


def _edits(node: ast.AST) -> Iterator[_Edit]:
    """What could be changed at a node: between two places, this text into that."""
    match node:
        case ast.Compare():
            lefts = [node.left, *node.comparators]
            for left, operator, right in zip(lefts, node.ops, node.comparators, strict=False):
                yield _end(left), _start(right), *_COMPARISONS[type(operator)]
        case ast.BoolOp():
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield _end(left), _start(right), old, new
        case ast.BinOp(op=operator) if type(operator) in _OPERATIONS:
            yield _end(node.left), _start(node.right), *_OPERATIONS[type(operator)]
        case ast.UnaryOp():
            yield from _negations(node)
        case ast.Name(id=name) if name in _NAMES:
            yield _start(node), _end(node), name, _NAMES[name]
        case ast.Attribute(attr=name) if name in _ATTRIBUTES:
            yield _end(node.value), _end(node), name, _ATTRIBUTES[name]
        case ast.Constant():
            yield from _constants(node)
        case ast.Continue():
            yield _start(node), _end(node), "continue", "break"
        case ast.If() | ast.IfExp() | ast.While():
            yield from _condition(node.test)


def _negations(node: ast.UnaryOp) -> Iterator[_Edit]:
    if isinstance(node.op, ast.Not | ast.Invert):
        yield _start(node), _start(node.operand), "not " if isinstance(node.op, ast.Not) else "~", ""


def _constants(node: ast.Constant) -> Iterator[_Edit]:
    value = node.value
    if isinstance(value, bool):
        yield _start(node), _end(node), str(value), str(not value)
    elif isinstance(value, int):
        yield _start(node), _end(node), str(value), str(value + 1)
    elif isinstance(value, str) and node.lineno == node.end_lineno:
        quoted = f'"{value}"'
        yield _start(node), _end(node), quoted, f'"{value}~"'


def _condition(test: ast.expr) -> Iterator[_Edit]:
    """A condition the other way round, where nothing smaller in it does the same."""
    if isinstance(test, ast.Call | ast.Name | ast.Attribute) and test.lineno == test.end_lineno:
        text = ast.unparse(test)
        yield _start(test), _end(test), text, f"not {text}"


def _start(node: ast.expr | ast.stmt) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.stmt) -> _Place:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
