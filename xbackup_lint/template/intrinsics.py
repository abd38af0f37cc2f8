"""Intrinsic functions: what a node of a template turns out to be."""

from __future__ import annotations

from collections.abc import Callable

from xbackup_lint.cached import cached_property
from xbackup_lint.template.foreach import PREFIX, expand
from xbackup_lint.template.later import with_holes
from xbackup_lint.template.references import get_att, import_value, ref
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.strings import find_in_map, join, length, select, split, sub
from xbackup_lint.template.template import Template, call_of, entries, text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.values.alternatives import ALWAYS, Alternatives, Guard, TooMany
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Entry, Field, Items, Record, Value

_FARTHEST = 20
"""Resources through which the property of another is followed."""
_LATER = {
    "Fn::GetAZs": "availability zones are known only once deployed",
    "Fn::Transform": "a macro makes this value at deployment",
    "Fn::Cidr": "`Fn::Cidr` is worked out at deployment",
    "Fn::Base64": "`Fn::Base64` is not read",
}


class Evaluator:
    """Works out the nodes of one deployment of a template. Cycles and towers end in a hole."""

    def __init__(
        self, scope: Scope, names: dict[str, Text] | None = None, within: Evaluator | None = None
    ) -> None:
        self.scope = scope
        self.names = names or {}
        self._memo: dict[tuple[int, Guard], Field] = {}
        # What is in a loop may lead back to what the loop is in.
        self._active: set[tuple[str, str]] = within._active if within is not None else set()

    @property
    def template(self) -> Template:
        return self.scope.template

    def field(self, node: Node, guard: Guard = ALWAYS) -> Field:
        """The value of a node where `guard` holds; its guards imply that one."""
        if isinstance(node, Scalar):  # most nodes: nothing is called that need not be
            return Field(node, Alternatives(((guard, self._scalar(node)),)))
        key = (id(node), guard)
        done = self._memo.get(key)
        if done is None:
            done = self._memo[key] = self._work_out(node, guard)
        return done

    def forget(self) -> None:
        """Give back what its answers took. Asked again, it works them out anew."""
        self._memo.clear()

    def _work_out(self, node: Node, guard: Guard) -> Field:
        call = call_of(node)
        if call is not None:
            try:
                return self._call(call.function, call.argument, node, guard)
            except TooMany:
                why = "it depends on too many conditions at once"
                return Field.of(self.unknown(node, call.function, why), node.span, guard)
        if isinstance(node, Sequence):
            return Field.of(
                Items(node.span, tuple([self.field(one, guard) for one in node.items])), node.span, guard
            )
        if isinstance(node, Mapping):
            record = Record(node.span, tuple(self._entries(node, guard)))
            return Field.of(record, node.span, guard)
        raise TypeError(node)

    def _entries(self, node: Mapping, guard: Guard) -> list[Entry]:
        found: list[Entry] = []
        for key, value in node.entries:
            if not key.text.startswith(PREFIX):
                found.append(Entry(key, self.field(value, guard)))
                continue
            for made in expand(self, key, value, guard):
                inner = Evaluator(self.scope, {**self.names, **made.names}, self) if made.names else self
                found.append(Entry(made.key, inner.field(made.node, guard)))
        return found

    def _call(self, function: str, argument: Node, node: Node, guard: Guard) -> Field:
        match function:
            case "Ref":
                return ref(self, text(argument) or "", node.span, guard)
            case "Fn::GetAtt":
                return get_att(self, argument, node.span, guard)
            case "Fn::If":
                return self._if(argument, node, guard)
            case "Fn::ImportValue":
                return import_value(self, argument, node.span, guard)
            case "Fn::ToJsonString":
                # The object itself: whoever reads a policy takes an object as gladly as its text.
                return self.field(argument, guard)
        worker = _WORKERS.get(function)
        if worker is not None:
            return self._with_holes(worker(self, argument, node, guard))
        why = _LATER.get(function, f"`{function}` is worked out at deployment")
        return Field.of(self.unknown(node, function, why), node.span, guard)

    def _if(self, argument: Node, node: Node, guard: Guard) -> Field:
        items = argument.items if isinstance(argument, Sequence) else ()
        name = text(items[0]) if len(items) == 3 else None
        if name is None:
            why = "`Fn::If` takes the name of a condition and two values"
            return Field.of(self.unknown(node, "Fn::If", why), node.span, guard)
        condition = self.scope.conditions.named(name)
        if condition is None:
            return Field.of(self.unknown(node, name, f"condition `{name}` is not declared"), node.span, guard)
        if isinstance(condition, bool):
            return self.field(items[1] if condition else items[2], guard)
        options: list[tuple[Guard, Value]] = []
        for value, branch in ((True, items[1]), (False, items[2])):
            under = guard.assume(condition, value)
            if under is not None:
                options.extend(self.field(branch, under))
        if len(options) > 16:
            raise TooMany
        return Field(node.span, Alternatives(tuple(options)))

    def _scalar(self, scalar: Scalar) -> Value:
        """A literal. AWS: CloudFormation replaces `{{resolve:…}}` wherever it stands."""
        if scalar.tag == "null":
            return None
        text = Text.of(scalar)
        return with_holes(text, self.scope.owner) if "{{" in scalar.text else text

    def _with_holes(self, made: Field) -> Field:
        """The texts that a function makes, `{{resolve:…}}` in them being replaced like any other."""
        owner = self.scope.owner
        texts = made.alternatives.map(
            lambda value: with_holes(value, owner) if isinstance(value, Text) else value
        )
        return Field(made.span, texts)

    def unknown(self, node: Node, name: str, why: str) -> Text:
        """A hole for a node that cannot be worked out; each node is a symbol of its own."""
        return Text.unknown(
            Hole((self.scope.owner, f"{name}@{node.span.start}"), why, place=node.span), node.span
        )

    def resource_property(self, logical_id: str, name: str, guard: Guard) -> Field | None:
        """A property of another resource; None where it is not given, or while it refers to itself."""
        found = self.template.resources.get(logical_id)
        key = (logical_id, name)
        if found is None or key in self._active or len(self._active) >= _FARTHEST:
            return None
        properties = found[1].get("Properties")
        node = properties.get(name) if isinstance(properties, Mapping) else None
        if node is None:
            return None
        self._active.add(key)
        try:
            return self.field(node, guard)
        finally:
            self._active.discard(key)

    @cached_property
    def resources(self) -> list[Resource]:
        """Every resource of the template, those that `Fn::ForEach` makes included."""
        found = []
        for key, node in entries(self.template.root.get("Resources")):
            if key.text.startswith(PREFIX):
                for made in expand(self, key, node, ALWAYS):
                    inner = Evaluator(self.scope, {**self.names, **made.names}, self)
                    found.append(Resource(made.key, made.node, inner))
            else:
                found.append(Resource(Text.of(key), node, self))
        return found


class Resource:
    """One resource of a template. Its properties are worked out when they are asked for."""

    def __init__(self, key: Text, node: Node, evaluator: Evaluator) -> None:
        self.key = key
        self.node = node
        self.evaluator = evaluator
        self.policies: dict[tuple[str, Guard], object] = {}
        """Policies that were read of its properties, kept by whoever reads them: property and guard to policy."""
        self.type = text(node.get("Type")) or "" if isinstance(node, Mapping) else ""

    @property
    def logical_id(self) -> str:
        return str(self.key)

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        """When the resource is made: always, under its `Condition`, or (empty) never."""
        name = text(self.node.get("Condition")) if isinstance(self.node, Mapping) else None
        condition = self.evaluator.scope.conditions.named(name) if name is not None else True
        if isinstance(condition, bool) or condition is None:
            return () if condition is False else (ALWAYS,)
        guard = ALWAYS.assume(condition, True)
        return (guard,) if guard is not None else ()

    def properties(self, guard: Guard) -> Field:
        node = self.node.get("Properties") if isinstance(self.node, Mapping) else None
        if node is None:
            return Field.of(Record(self.node.span, ()), self.key.span, guard)
        return self.evaluator.field(node, guard)

    def attribute(self, name: str) -> str | None:
        """`DeletionPolicy` and the like."""
        return text(self.node.get(name)) if isinstance(self.node, Mapping) else None


_WORKERS: dict[str, Callable[[Evaluator, Node, Node, Guard], Field]] = {
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::FindInMap": find_in_map,
    "Fn::Length": length,
}
