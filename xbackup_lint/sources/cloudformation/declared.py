"""A resource of a stack, as those who read it into an estate meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.estate import Estate
from xbackup_lint.policy.reading import read_policy
from xbackup_lint.policy.statement import Policy
from xbackup_lint.template.intrinsics import Resource
from xbackup_lint.template.references import of_resource
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.value import Field


@dataclass(frozen=True)
class Declared:
    """A resource, where a guard holds, and what it is read into."""

    resource: Resource
    guard: Guard
    deployment: Deployment
    estate: Estate

    @property
    def span(self) -> Span:
        """The logical id."""
        return self.resource.key.span

    @property
    def properties(self) -> Field:
        return self.resource.properties(self.guard)

    @property
    def is_written(self) -> bool:
        """Whether the template is one that somebody wrote, for CloudFormation: see `Template`."""
        return self.resource.evaluator.template.is_written

    def texts(self, name: str) -> Alternatives[Text | None]:
        """A property that is a text."""
        return self.properties.get(name).texts()

    def attribute(self, name: str) -> Alternatives[Text | None]:
        """What stands beside the properties: `DeletionPolicy` and the like; nothing where another tool decides it."""
        if not self.is_written:
            return Alternatives(())
        node = self.resource.node.get(name) if isinstance(self.resource.node, Mapping) else None
        if node is None:
            return Alternatives.of(None, self.guard)
        return self.resource.evaluator.field(node, self.guard).texts()

    def policy(self, name: str) -> Policy | None:
        """A policy that the resource carries."""
        return policy_of(self.resource, self.guard, name)

    @property
    def arn(self) -> Text:
        """The ARN of what CloudFormation makes of it (`Fn::GetAtt` of `Arn`)."""
        name = self.resource.logical_id
        arn = of_resource(self.resource.evaluator, name, "Arn", self.span, self.guard).texts().values[0]
        return arn if arn is not None else Text(self.span, ())


def policy_of(resource: Resource, guard: Guard, name: str) -> Policy | None:
    """A policy that a resource carries, read once: what places a template asks for it too."""
    read = resource.policies
    if (name, guard) not in read:
        read[name, guard] = read_policy(resource.properties(guard).get(name))
    return cast("Policy | None", read[name, guard])


Reader = Callable[[Declared], None]
"""Adds what a resource declares to its estate."""
