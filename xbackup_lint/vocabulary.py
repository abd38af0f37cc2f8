"""`xbackup-lint explain --nouns`: what rules can speak of, from the docstrings of the code that knows it."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Literal, get_args, get_origin

from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.nouns import NOUNS, Kind, attributes, written
from xbackup_lint.regex import regex
from xbackup_lint.report.colour import Line, paint
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import wrap

_WIDEST = 110
_FACTS = regex(r" \((?:AWS: )?F\d[^)]*\)|AWS: ")

_FOOT = """
`when` compares an attribute with a constant, with several ([a, b]), or by a test: {not: a}, {at-least: 1},
{at-most: 9}, {matches: REGEX}. `at` names the text or place to underline; without it the subject is underlined.
`{attribute}` in a message stands for its value. What the files do not tell passes no test and fails none: the
rule then says nothing, or `unsure`, as its `unknown` has it. What is not written is None, and passes no test.
"""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What rules can ask of a noun: its name as rules write it, and what it can be where that is a few words."""

    name: str
    kind: Kind
    values: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Noun:
    """What a rule can have as its subject."""

    name: str
    meaning: str
    attributes: tuple[Attribute, ...]


def vocabulary() -> list[Noun]:
    """All nouns, in the order of the engine; attributes in the order of the code."""
    return [
        Noun(name, _first_paragraph(kind.__doc__), tuple(_attributes(kind)))
        for name, (_, kind) in NOUNS.items()
    ]


def _attributes(noun: type) -> Iterator[Attribute]:
    for name, kind in attributes(noun).items():
        owner = next(base for base in noun.__mro__ if name in _declared(base))
        annotation, meaning = _declared(owner)[name]
        yield Attribute(written(name), kind, _values(annotation, owner.__module__), meaning)


@cache
def _declared(owner: type) -> dict[str, tuple[str, str]]:
    """The annotation and docstring of each field and property that a class itself declares."""
    tree = _classes(sys.modules[owner.__module__]).get(owner.__name__)
    found: dict[str, tuple[str, str]] = {}
    body = tree.body if tree is not None else []
    for statement, following in zip(body, [*body[1:], None], strict=True):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = ast.unparse(statement.annotation), _text(following)
            case ast.FunctionDef(returns=ast.expr() as returns) if statement.decorator_list:
                doc = _first_paragraph(ast.get_docstring(statement))
                found[statement.name] = ast.unparse(returns), doc
    return found


@cache
def _classes(module: ModuleType) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _text(statement: ast.stmt | None) -> str:
    """A string that stands alone, as the docstring of a field does."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return _first_paragraph(inspect.cleandoc(text))
    return ""


def _first_paragraph(text: str | None) -> str:
    """On one line, without the numbers of facts, which are for those who change the code."""
    return _FACTS.sub("", " ".join((text or "").split("\n\n")[0].split()))


def _values(annotation: str, module: str) -> tuple[str, ...]:
    """The words of a Literal, written out or by its name."""
    if annotation.startswith("Literal["):
        words = annotation.removeprefix("Literal[").removesuffix("]")
        return tuple(ast.literal_eval(f"({words},)"))
    meant = getattr(sys.modules[module], annotation, None)
    return tuple(map(str, get_args(meant))) if get_origin(meant) is Literal else ()


def as_json(wanted: Sequence[Noun]) -> str:
    """Nouns as JSON: a list of what they are."""
    data = [
        {"name": noun.name, "meaning": noun.meaning, "attributes": [_as_data(one) for one in noun.attributes]}
        for noun in wanted
    ]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _as_data(one: Attribute) -> dict[str, object]:
    return {"name": one.name, "kind": one.kind, "values": one.values, "meaning": one.meaning}


def nouns(wanted: Sequence[Noun], options: Options) -> str:
    """Nouns as text: their meaning, and a line for each attribute."""
    width = min(options.width or _WIDEST, _WIDEST)
    widest = max((len(attribute.name) for noun in wanted for attribute in noun.attributes), default=0)
    lines: list[Line] = []
    for noun in wanted:
        first, *others = wrap(noun.meaning, len(noun.name) + 2, 4, width)
        lines.append([(noun.name, "headline"), (f": {first}", "plain")])
        lines += [[(f"    {other}", "plain")] for other in others]
        for attribute in noun.attributes:
            lines += _attribute(attribute, widest, width)
        lines.append([])
    lines += [[(text, "plain")] for text in wrap(" ".join(_FOOT.split()), 0, 0, width)]
    return paint(lines, options.colour)


def _attribute(attribute: Attribute, widest: int, width: int) -> Iterator[Line]:
    values = f" One of {', '.join(attribute.values)}." if attribute.values else ""
    column = widest + 15
    first, *others = wrap(attribute.meaning + values, column, column, width)
    yield [
        (f"  {attribute.name:<{widest}}  ", "label"),
        (f"{attribute.kind:<9}  ", "plain"),
        (first, "plain"),
    ]
    for other in others:
        yield [(" " * column + other, "plain")]
