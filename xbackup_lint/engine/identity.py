"""What a finding is about, whatever line it stands on: rule, file, resource, and what it speaks of there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.raw import Raw
from xbackup_lint.template.template import Template, text
from xbackup_lint.text.node import Mapping
from xbackup_lint.text.source import Span


@dataclass(frozen=True, slots=True)
class Identity:
    """Moved code keeps it; the same fault in another resource has another one."""

    rule: str
    path: str
    resource: str
    """The logical id of the resource that it stands in; empty outside of resources."""
    target: str
    """What is underlined: the destination of a copy, the name of an action."""
    certainty: str

    @property
    def text(self) -> str:
        return f"{self.rule}\n{self.path}\n{self.resource}\n{self.target}"


class Identities:
    """Tells what findings are about, by the templates that they stand in."""

    def __init__(self, templates: Iterable[Template]) -> None:
        self._templates: dict[str, list[Template]] = {}
        for template in templates:
            self._templates.setdefault(template.source.path, []).append(template)
        self._by_path: dict[str, _Resources] = {}

    def of(self, raw: Raw) -> Identity:
        place = raw.hit.at
        certainty = "certain" if raw.certain else "unsure"
        return Identity(raw.rule.id, place.source.path, self._resource(place), place.text, certainty)

    def construct(self, place: Span) -> str:
        """The construct of the CDK that made the resource in which a place stands; empty where none did."""
        return self._resources(place).construct(self._resource(place))

    def _resource(self, place: Span) -> str:
        return self._resources(place).around(place)

    def _resources(self, place: Span) -> _Resources:
        path = place.source.path
        if path not in self._by_path:
            self._by_path[path] = _Resources(self._templates.get(path, []))
        return self._by_path[path]


@dataclass(frozen=True)
class _Resources:
    templates: list[Template]

    @cached_property
    def _starts(self) -> list[tuple[int, int, str]]:
        found = (resource for template in self.templates for resource in template.resources.values())
        return sorted((name.span.start, body.span.end, name.text) for name, body in found)

    def construct(self, resource: str) -> str:
        """AWS: the CDK writes the path of a construct into the metadata of its resource."""
        found = (template.resources.get(resource) for template in self.templates)
        bodies = (one[1].get("Metadata") for one in found if one is not None)
        paths = (text(one.get("aws:cdk:path")) for one in bodies if isinstance(one, Mapping))
        return next((path for path in paths if path), "")

    def around(self, place: Span) -> str:
        """The logical id of the resource in which a place stands."""
        at = bisect_right(self._starts, place.start, key=lambda one: one[0]) - 1
        if at < 0:
            return ""
        _, end, name = self._starts[at]
        return name if place.start < end else ""
