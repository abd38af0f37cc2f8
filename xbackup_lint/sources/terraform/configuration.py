"""The configuration within a Terraform plan: providers, and what expressions refer to."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.template.template import text
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence

_INDEX = regex(r"\[[^\]]*\]")
_STEP = regex(r"module\.([^.\[]+)(?:\[[^\]]*\])?\.")
_ROLE = regex(r"arn:[^:]*:iam::([0-9]{12}):")
_ACCOUNT = regex(r"[0-9]{12}")
_DEEPEST = 10
"""Modules that a reference is followed through."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider configuration: the account and region that it makes resources in, where they are constants."""

    name: str
    account: str | None = None
    region: str | None = None


class Configuration:
    """What a plan says of the files that it was made from; a state says nothing."""

    def __init__(self, root: Mapping) -> None:
        configuration = root.get("configuration")
        self._root = configuration.get("root_module") if isinstance(configuration, Mapping) else None
        self._variables = root.get("variables")
        self._resources: dict[tuple[str, ...], dict[str, Mapping]] = {}
        providers = configuration.get("provider_config") if isinstance(configuration, Mapping) else None
        self._providers = {
            key.text: self._provider(body)
            for key, body in (providers.entries if isinstance(providers, Mapping) else ())
            if isinstance(body, Mapping)
        }

    def provider_of(self, address: str) -> Provider:
        """The provider that makes a resource."""
        resource = self._resource(address)
        key = text(resource.get("provider_config_key")) if resource is not None else None
        # In a module without providers of its own the key is that of the caller (`module.x:aws`).
        found = self._providers.get(key or "") or self._providers.get((key or "").rpartition(":")[2])
        return found or Provider(key or "aws")

    def expressions_of(self, address: str) -> Mapping | None:
        """The expressions that a resource's attributes are given by."""
        resource = self._resource(address)
        found = resource.get("expressions") if resource is not None else None
        return found if isinstance(found, Mapping) else None

    def resources_in(self, expression: Node | None, address: str) -> list[str]:
        """The resources, with the attribute, that an expression is made of: `module.keys.aws_kms_key.backup.arn`."""
        return list(dict.fromkeys(self._followed(expression, _module_of(address), 0, set())))

    def _followed(
        self,
        expression: Node | None,
        module: tuple[str, ...],
        depth: int,
        seen: set[tuple[int, tuple[str, ...]]],
    ) -> Iterator[str]:
        """References, through the variables and outputs of modules. The longest of those to one thing comes first."""
        if (id(expression), module) in seen:  # many ways may lead to one output
            return
        seen.add((id(expression), module))
        given = expression.get("references") if isinstance(expression, Mapping) else None
        items = given.items if isinstance(given, Sequence) else ()
        written = [one.text for one in items if isinstance(one, Scalar)]
        whole = [
            one for one in written if not any(other.startswith((f"{one}.", f"{one}[")) for other in written)
        ]
        for reference in whole if depth < _DEEPEST else ():
            first, _, rest = reference.partition(".")
            name = rest.partition(".")[0]
            if first == "var" and module:
                call = self._call(module)
                given = call.get("expressions") if call is not None else None
                yield from self._followed(
                    given.get(name) if isinstance(given, Mapping) else None, module[:-1], depth + 1, seen
                )
            elif first == "module":
                output = self._output((*module, _INDEX.sub("", name)), rest.partition(".")[2])
                yield from self._followed(output, (*module, _INDEX.sub("", name)), depth + 1, seen)
            elif first not in ("var", "local", "data", "each", "count", "path", "terraform", "self"):
                prefix = "".join(f"module.{part}." for part in module)
                yield f"{prefix}{reference}"

    def _provider(self, body: Mapping) -> Provider:
        expressions = body.get("expressions")
        name = text(body.get("alias"))
        if not isinstance(expressions, Mapping):
            return Provider(f"aws.{name}" if name else "aws")
        accounts = self._constant(expressions.get("allowed_account_ids"))
        roles = expressions.get("assume_role")
        role = roles.items[0] if isinstance(roles, Sequence) and roles.items else roles
        arn = self._constant(role.get("role_arn") if isinstance(role, Mapping) else None)
        found = _ROLE.match(arn[0]) if arn else None
        regions = self._constant(expressions.get("region"))
        account = accounts[0] if len(accounts) == 1 and _ACCOUNT.fullmatch(accounts[0]) else None
        return Provider(
            f"aws.{name}" if name else "aws",
            account or (found[1] if found else None),
            regions[0] if regions else None,
        )

    def _constant(self, expression: Node | None) -> list[str]:
        """The texts of a constant, or of a variable of the root module."""
        if not isinstance(expression, Mapping):
            return []
        value = expression.get("constant_value")
        references = expression.get("references")
        if value is None and isinstance(references, Sequence) and references.items:
            first = text(references.items[0]) or ""
            variables = self._variables if isinstance(self._variables, Mapping) else None
            told = (
                variables.get(first.removeprefix("var.")) if variables and first.startswith("var.") else None
            )
            value = told.get("value") if isinstance(told, Mapping) else None
        if isinstance(value, Sequence):
            return [one.text for one in value.items if isinstance(one, Scalar)]
        return [value.text] if isinstance(value, Scalar) and value.tag != "null" else []

    def _resource(self, address: str) -> Mapping | None:
        names = _module_of(address)
        if names not in self._resources:
            module = self._module(names)
            given = module.get("resources") if module is not None else None
            items = given.items if isinstance(given, Sequence) else ()
            found = [one for one in items if isinstance(one, Mapping)]
            self._resources[names] = {text(one.get("address")) or "": one for one in found}
        return self._resources[names].get(_INDEX.sub("", _STEP.sub("", address)))

    def _module(self, names: tuple[str, ...]) -> Mapping | None:
        if not names:
            return self._root if isinstance(self._root, Mapping) else None
        call = self._call(names)
        module = call.get("module") if call is not None else None
        return module if isinstance(module, Mapping) else None

    def _call(self, names: tuple[str, ...]) -> Mapping | None:
        parent = self._module(names[:-1])
        calls = parent.get("module_calls") if parent is not None else None
        call = calls.get(names[-1]) if isinstance(calls, Mapping) else None
        return call if isinstance(call, Mapping) else None

    def _output(self, names: tuple[str, ...], path: str) -> Node | None:
        module = self._module(names)
        outputs = module.get("outputs") if module is not None else None
        output = outputs.get(path.partition(".")[0]) if isinstance(outputs, Mapping) else None
        return output.get("expression") if isinstance(output, Mapping) else None


def _module_of(address: str) -> tuple[str, ...]:
    """The names of the modules that an address leads through."""
    found = []
    at = 0
    while (step := _STEP.match(address, at)) is not None:
        found.append(step[1])
        at = step.end()
    return tuple(found)
