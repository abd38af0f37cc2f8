"""What templates say to each other: SSM parameters by name, exports and imports, nested stacks.

A link holds within one account and region. It is followed when it is asked for, and never round in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.template.intrinsics import Evaluator
from xbackup_lint.template.parameters import Parameter
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import call_of, entries
from xbackup_lint.text.node import Mapping, Node, Sequence, Tagged
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Guard
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field, Items, Value


@dataclass(frozen=True, slots=True, eq=False)
class Provider:
    """A value that a stack gives others under a name."""

    scope: Scope
    node: Node
    span: Span


_FARTHEST = 20
"""Links through which a value is followed."""

Passed = Callable[[], Field | None]
"""A parameter's value as a parent stack (or a parameter file) gives it, worked out when it is asked for."""


class Links:
    """The links between the stacks of a run."""

    def __init__(self) -> None:
        self._evaluators: dict[Scope, Evaluator] = {}
        self._scopes: dict[str, Scope] = {}
        self._passed: dict[tuple[Scope, str], Passed] = {}
        self._children: dict[tuple[Scope, str], Scope] = {}
        self._ssm: dict[str, list[Provider]] | None = None
        self._exports: dict[str, list[Provider]] | None = None
        self._active: set[tuple[object, ...]] = set()

    def evaluator(self, scope: Scope) -> Evaluator:
        """The one evaluator of a stack."""
        found = self._evaluators.get(scope)
        if found is None:
            found = self._evaluators[scope] = Evaluator(scope)
            self._scopes[scope.owner] = scope
            self._ssm = self._exports = None
        return found

    def evaluator_of(self, owner: str) -> Evaluator | None:
        """The evaluator of the stack that the symbols of an owner belong to."""
        scope = self._scopes.get(owner)
        return self._evaluators.get(scope) if scope is not None else None

    def forget(self, scope: Scope) -> None:
        """Leave out a stack that proved to be another one."""
        self._evaluators.pop(scope, None)
        self._ssm = self._exports = None

    def forget_values_of_moved(self) -> None:
        """Work out anew what was worked out before anything told a stack's place, or all, where links pass it on."""
        moved = {scope for scope in self._evaluators if scope.place.is_moved()}
        if moved:
            anew = self._evaluators if self._passed or self._ssm or self._exports else moved
            self._evaluators |= {scope: Evaluator(scope) for scope in anew}
            self._ssm = self._exports = None

    def pass_parameter(self, child: Scope, name: str, value: Passed) -> None:
        """Say what a parent gives a parameter of a child."""
        self._passed[child, name] = value

    def nest(self, parent: Scope, logical_id: str, child: Scope) -> None:
        """Say which stack a nested-stack resource makes."""
        self._children[parent, logical_id] = child

    def parameter(self, scope: Scope, parameter: Parameter, span: Span, guard: Guard) -> Field | None:
        """A parameter that a parent passes, or that names an SSM parameter of the files; None if neither."""
        passed = self._passed.get((scope, parameter.name))
        found = self._once(("passed", scope, parameter.name), passed) if passed is not None else None
        if found is not None and not parameter.is_ssm:
            return _standing(found, span, guard, parameter)
        name = parameter.default if found is None else _known(found)
        if not parameter.is_ssm or name is None:
            return None
        value = self._follow(
            ("ssm", name), scope, self.providers_of_ssm(name), f"SSM parameter `{name}`", span
        )
        return _standing(value, span, guard, parameter) if value is not None else None

    def export(self, scope: Scope, name: str, span: Span, guard: Guard) -> Field | None:
        """The value that another stack exports as `name`; None where no template of the run does."""
        value = self._follow(
            ("export", name), scope, self.providers_of_export(name), f"export `{name}`", span
        )
        return _standing(value, span, guard) if value is not None else None

    def output(self, scope: Scope, logical_id: str, output: str, span: Span, guard: Guard) -> Field | None:
        """An output of a nested stack; None where its template is not among the files."""
        child = self._children.get((scope, logical_id))
        section = child.template.root.get("Outputs") if child is not None else None
        body = section.get(output) if isinstance(section, Mapping) else None
        node = body.get("Value") if isinstance(body, Mapping) else None
        if child is None or node is None:
            return None
        value = self._once(("output", child, output), lambda: self.evaluator(child).field(node))
        return _standing(value, span, guard) if value is not None else None

    def providers_of_ssm(self, name: str) -> list[Provider]:
        """Who declares an SSM parameter."""
        if self._ssm is None:
            self._ssm = {}  # what is asked for while the index is made is not in it
            self._ssm = self._indexed(_ssm_values)
        return self._ssm.get(name, [])

    def providers_of_export(self, name: str) -> list[Provider]:
        """Who exports a name."""
        if self._exports is None:
            self._exports = {}
            self._exports = self._indexed(_export_values)
        return self._exports.get(name, [])

    def _indexed(
        self, values: Callable[[Evaluator], Iterable[tuple[str, Provider]]]
    ) -> dict[str, list[Provider]]:
        index: dict[str, list[Provider]] = {}
        for evaluator in list(self._evaluators.values()):
            for name, provider in values(evaluator):
                index.setdefault(name, []).append(provider)
        return index

    def _follow(
        self, key: tuple[str, str], scope: Scope, providers: list[Provider], called: str, span: Span
    ) -> Field | None:
        """The value behind a name. Two that may be meant make it unknown, and both are named."""
        meant = [provider for provider in providers if provider.scope.place.may_be(scope.place)]
        places = list(dict.fromkeys(str(provider.span) for provider in meant))
        if len(places) > 1:
            why = f"{called} is declared more than once: {' and '.join(places)}"
            return Field.of(Text.unknown(Hole((places[0], called), why, place=meant[0].span), span), span)
        if not meant:
            return None
        provider = meant[0]
        found = self._once(
            (*key, provider.scope), lambda: self.evaluator(provider.scope).field(provider.node)
        )
        if found is None:
            why = f"{called} depends on itself: {places[0]}"
            return Field.of(Text.unknown(Hole((places[0], called), why, place=provider.span), span), span)
        return found

    def _once(self, key: tuple[object, ...], value: Callable[[], Field | None]) -> Field | None:
        """A value, unless it is being worked out already: then the links go round in a circle."""
        if key in self._active or len(self._active) >= _FARTHEST:
            return None
        self._active.add(key)
        try:
            return value()
        finally:
            self._active.discard(key)


def _ssm_values(evaluator: Evaluator) -> Iterator[tuple[str, Provider]]:
    for resource in evaluator.resources:
        if resource.type != "AWS::SSM::Parameter":
            continue
        properties = resource.node.get("Properties") if isinstance(resource.node, Mapping) else None
        value = properties.get("Value") if isinstance(properties, Mapping) else None
        written = properties.get("Name") if isinstance(properties, Mapping) else None
        name = resource.evaluator.field(written).texts().only if written is not None else None
        if value is not None and name is not None and name.known:
            yield name.known, Provider(evaluator.scope, value, resource.key.span)


def _export_values(evaluator: Evaluator) -> Iterator[tuple[str, Provider]]:
    for key, body in entries(evaluator.template.root.get("Outputs")):
        if not isinstance(body, Mapping):
            continue
        export, value = body.get("Export"), body.get("Value")
        node = export.get("Name") if isinstance(export, Mapping) else None
        name = evaluator.field(node).texts().only if node is not None else None
        if value is not None and name is not None and name.known:
            yield name.known, Provider(evaluator.scope, value, key.span)


def _known(field: Field) -> str | None:
    found = field.texts().only
    return found.known if found is not None else None


def _standing(field: Field, span: Span, guard: Guard, parameter: Parameter | None = None) -> Field:
    """A value from elsewhere, spoken of where it is used; a text for a list parameter in its pieces."""

    def here(value: Value) -> Value:
        if isinstance(value, Items):
            return Items(span, tuple(_standing(element, span, ALWAYS) for element in value.elements))
        if not isinstance(value, Text):
            return value
        standing = value.at(span)
        pieces = standing.split(",") if parameter is not None and parameter.is_list else None
        return (
            Items(span, tuple(Field.of(piece, span) for piece in pieces)) if pieces is not None else standing
        )

    moved: Alternatives[Value] = field.alternatives.map(here)
    return Field(span, moved.under(guard))


def imported_names(evaluator: Evaluator) -> Iterator[str]:
    """The names that a template imports, those that are known."""
    if "ImportValue" in evaluator.template.source.text:
        yield from _imports(evaluator, evaluator.template.root)


def _imports(evaluator: Evaluator, node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        call = call_of(here)
        if call is not None and call.function == "Fn::ImportValue":
            name = evaluator.field(call.argument).texts().only
            if name is not None and name.known:
                yield name.known
        waiting.extend(_inside(here))


def _inside(node: Node) -> Iterator[Node]:
    match node:
        case Mapping(entries=pairs):
            yield from (value for _, value in pairs)
        case Sequence(items=items):
            yield from items
        case Tagged(argument=argument):
            yield argument
        case _:
            return
