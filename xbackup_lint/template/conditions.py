"""A template's conditions: which are settled, and which can hold together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.template.template import Template, call_of, entries, text
from xbackup_lint.text.node import Mapping, Node, Sequence
from xbackup_lint.values.alternatives import Condition

_OTHER = "\0other"
"""Stands for every value of a variable that no condition names."""

_DEEPEST = 50
"""Conditions that ask for conditions are followed so far; deeper ones are open."""
_MOST = 4096
"""Assignments that are tried; beyond them conditions are taken to be open and consistent."""


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A parameter or pseudo parameter that the files leave open, and the values that it may take."""

    name: str
    allowed: tuple[str, ...] = ()


Operand = Literal | Variable | None
"""None: a value that is neither known nor one parameter."""

Assignment = dict[str, str]
"""Values of variables. What formulas have worked out of them is kept there too, under names of its own."""
Formula = Callable[[Assignment], bool]


@dataclass(slots=True)
class _Domains:
    """The variables that formulas read, and the values that matter to them."""

    values: dict[str, set[str]]
    closed: set[str]

    def note(self, variable: Variable, literal: str) -> None:
        known = self.values.setdefault(variable.name, set(variable.allowed) or {_OTHER})
        if variable.allowed:
            self.closed.add(variable.name)
        elif variable.name not in self.closed:
            known.add(literal)

    def opaque(self, name: str) -> None:
        self.values.setdefault(name, {"true", "false"})


class ConditionSet:
    """The conditions of one deployment of a template. `operand` says what a value in `Fn::Equals` is."""

    def __init__(self, template: Template, operand: Callable[[Node], Operand], owner: str = "") -> None:
        self._template = template
        self._owner = owner or template.path
        self._operand = operand
        self._formulas: dict[str, Formula | None] = {}
        self._reads: dict[str, frozenset[str]] = {}
        self._reading: list[set[str]] = []
        self._heights: dict[str, int] = {}
        self._height = 0
        self._domains = _Domains({}, set())
        self._memo: dict[frozenset[tuple[str, bool]], bool] = {}
        for name in template.conditions:
            self._formula(name)

    def named(self, name: str) -> Condition | bool | None:
        """A condition by name: settled, open, or (None) not declared."""
        if name not in self._template.conditions:
            return None
        can_hold, can_fail = (
            self.consistent(frozenset({(name, True)})),
            self.consistent(frozenset({(name, False)})),
        )
        if can_hold and can_fail:
            return Condition(self._owner, name, self, self._template.conditions[name][0].span)
        return can_hold

    def consistent(self, assigned: frozenset[tuple[str, bool]]) -> bool:
        """Whether these conditions can have these values together."""
        if assigned not in self._memo:
            self._memo[assigned] = next(self._models(assigned, ()), None) is not None
        return self._memo[assigned]

    def possible(self, variable: str, assigned: frozenset[tuple[str, bool]]) -> set[str | None]:
        """The values that a variable can have under a guard; None stands for all that no condition names."""
        if variable not in self._domains.values:
            return {None}
        found = {model[variable] for model in self._models(assigned, (variable,))}
        return {None if value == _OTHER else value for value in found}

    def _models(self, assigned: frozenset[tuple[str, bool]], also: tuple[str, ...]) -> Iterator[Assignment]:
        names = [name for name, _ in assigned if self._formulas.get(name) is not None]
        reads = set(also).union(*(self._reads[name] for name in names))
        variables = sorted(reads)
        domains = [sorted(self._domains.values[variable]) for variable in variables]
        if math.prod(map(len, domains)) > _MOST:
            yield dict.fromkeys(variables, _OTHER)
            return
        wanted = [(self._formulas[name], value) for name, value in assigned if name in names]
        for values in itertools.product(*domains):
            model = dict(zip(variables, values, strict=True))
            if all(formula is not None and formula(model) == value for formula, value in wanted):
                yield model

    def _formula(self, name: str) -> Formula:
        """A named condition; one that refers to itself is open."""
        if name in self._formulas:
            self._height = max(self._height, self._heights.get(name, 0))
            done = self._formulas[name]
            self._note(self._reads.get(name, frozenset()))
            return done or self._opaque(f"condition {name}")
        self._formulas[name] = None
        self._reading.append(set())
        around, self._height = self._height, 0
        formula = self._worked_out(name)
        self._reads[name] = frozenset(self._reading.pop())
        self._formulas[name] = formula
        self._note(self._reads[name])
        self._heights[name] = self._height + 1
        self._height = max(around, self._heights[name])
        return formula

    def _worked_out(self, name: str) -> Formula:
        """What a condition says, asked once for each assignment: others may ask for it many times."""
        said = self._template.conditions.get(name)
        if said is None or len(self._reading) > _DEEPEST:
            return self._opaque(f"condition {name}")
        formula = self._build(said[1])
        if self._height >= _DEEPEST:
            self._height = 0
            return self._opaque(f"condition {name}")
        key = f"\0condition {name}"

        def ask(model: Assignment) -> bool:
            if key not in model:
                model[key] = "true" if formula(model) else "false"
            return model[key] == "true"

        return ask

    def _note(self, variables: frozenset[str] | set[str]) -> None:
        if self._reading:
            self._reading[-1] |= variables

    def _opaque(self, name: str) -> Formula:
        self._domains.opaque(name)
        self._note({name})
        return lambda model: model[name] == "true"

    def _build(self, node: Node) -> Formula:
        function, argument = self._function(node)
        arguments = argument.items if isinstance(argument, Sequence) else ()
        match function:
            case "Condition" if (name := text(argument)) is not None:
                return self._formula(name)
            case "Fn::Not" if len(arguments) == 1:
                inner = self._build(arguments[0])
                return lambda model: not inner(model)
            case "Fn::And" | "Fn::Or" if arguments:
                parts = [self._build(argument) for argument in arguments]
                together = all if function == "Fn::And" else any
                return lambda model: together(part(model) for part in parts)
            case "Fn::Equals" if len(arguments) == 2:
                return self._equals(*arguments)
        return self._opaque(f"expression at {node.span.start}")

    @staticmethod
    def _function(node: Node) -> tuple[str, Node]:
        call = call_of(node)
        if call is not None:
            return call.function, call.argument
        match entries(node) if isinstance(node, Mapping) else ():
            case ((key, argument),) if key.text == "Condition":
                return "Condition", argument
        return "", node

    def _equals(self, left_node: Node, right_node: Node) -> Formula:
        left, right = self._operand(left_node), self._operand(right_node)
        if isinstance(right, Variable):
            left, right = right, left
        match left, right:
            case Literal(), Literal():
                same = left == right
                return lambda _: same
            case Variable(name=name), Variable(name=other) if name == other:
                return lambda _: True
            case Variable(name=name), Literal(text=literal):
                self._domains.note(left, literal)
                self._note({name})
                return lambda model: model[name] == literal
        return self._opaque(f"{left_node.span.text} = {right_node.span.text}")
