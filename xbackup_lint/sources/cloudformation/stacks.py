"""Which stacks a run has: each template once for each deployment that anything tells of, and how they are linked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from xbackup_lint.cached import cached_property
from xbackup_lint.config.deployments import Assignments
from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.regex import regex
from xbackup_lint.sources.cloudformation.children import MAKERS, Child, children, template_of
from xbackup_lint.sources.cloudformation.inference import Evidence
from xbackup_lint.sources.cloudformation.inline import inline_templates, unread_bodies
from xbackup_lint.sources.cloudformation.parameter_files import ParameterFile, template_for
from xbackup_lint.template.link import Links, imported_names
from xbackup_lint.template.place import Place
from xbackup_lint.template.scope import Scope
from xbackup_lint.template.template import Template

if TYPE_CHECKING:
    from xbackup_lint.config.deployed import Deployed
    from xbackup_lint.sources.manifests import Placement

_MAKES_STACKS = regex("|".join(map(re.escape, MAKERS)))
_DEEPEST, _FEW = 40, 40
"""Stacks in stacks that are followed; and templates of which each may make stacks of any other."""
_MOST = 2000
"""Stacks that one template may become."""

Infer = Callable[[Scope, Links], Evidence]
"""What a template says of its own account, its stack being looked at as it is placed so far."""


@dataclass(slots=True)
class Stacks:
    """All stacks of a run, their links, and what is worth a note."""

    links: Links = field(default_factory=Links)
    scopes: list[Scope] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def arrange(
    templates: Sequence[Template],
    files: Sequence[ParameterFile],
    assignments: Assignments,
    infer: Infer,
    placements: Sequence[Placement] = (),
) -> Stacks:
    """Place every stack. Raises UsageError where a file is told two accounts."""
    arranger = _Arranger(templates, assignments, placements)
    arranger.read_parameter_files(files)
    arranger.look_at_each_alone()
    for template in arranger.templates.values():
        arranger.scopes_of(template)
    arranger.link()
    arranger.place_the_rest(infer)
    return arranger.stacks()


class _Arranger:
    def __init__(
        self, templates: Sequence[Template], assignments: Assignments, placements: Sequence[Placement]
    ) -> None:
        inline = [inner for template in templates for inner in inline_templates(template)]
        self.templates = {template.path: template for template in (*templates, *inline)}
        self.assignments = assignments
        self._placements: dict[str, list[Placement]] = {}
        for one in placements:
            self._placements.setdefault(one.template, []).append(one)
        self.links = Links()
        self.notes: list[str] = [
            f"{template.path}: the template of StackSet `{name}` is made by a function, and is not read"
            for template in templates
            for name in unread_bodies(template)
        ]
        self._scopes: dict[str, list[Scope]] = {}
        self._files: dict[str, list[ParameterFile]] = {}
        self._first: dict[str, list[Scope]] = {}
        self._children: dict[Scope, list[tuple[Scope, Child, Template]]] = {}
        self._open: set[str] = set()
        self._depth = 0

    def read_parameter_files(self, files: Iterable[ParameterFile]) -> None:
        for file in files:
            template = template_for(file, self.templates.values())
            if template is None:
                self.notes.append(f"{file.path}: parameters of no template among the files")
            else:
                self._files.setdefault(template.path, []).append(file)

    def look_at_each_alone(self) -> None:
        """Take every template for a stack of its own, so that what one names of another can be worked out."""
        for template in self.templates.values():
            self._first[template.path] = self._on_its_own(template)
            for scope in self._first[template.path]:
                self.links.evaluator(scope)

    def scopes_of(self, template: Template) -> list[Scope]:
        """The stacks of a template: those that others make of it, else one for each of its parameter files."""
        if template.path in self._scopes:
            return self._scopes[template.path]
        first = self._first[template.path]
        if template.path in self._open or self._depth >= _DEEPEST:
            return first
        self._open.add(template.path)
        self._depth += 1
        told = self._deployed(template.path)
        made = [] if told else self._made_by_others(template)[:_MOST]
        if made:
            for scope in first:
                self.links.forget(scope)
            for scope in made:
                self.links.evaluator(scope)
        self._depth -= 1
        self._scopes[template.path] = made or first
        return self._scopes[template.path]

    def _made_by_others(self, template: Template) -> list[Scope]:
        found = [
            pair
            for parent in self._possible_parents(template)
            for pair in self._children_of(parent)
            if pair[2] is template
        ]
        several = len(found) > 1
        return [
            self._child(template, parent, child, f"#{number}" if several else "")
            for number, (parent, child, _) in enumerate(found, 1)
        ]

    def _possible_parents(self, template: Template) -> list[Template]:
        """Of many templates that make stacks those that name its file: to ask all is to ask each for all others."""
        if len(self._makers) <= _FEW:
            return self._makers
        name = PurePosixPath(template.path).stem
        return [one for one in self._makers if name in one.source.text]

    @cached_property
    def _makers(self) -> list[Template]:
        return [
            template for template in self.templates.values() if _MAKES_STACKS.search(template.source.text)
        ]

    def _children_of(self, parent: Template) -> list[tuple[Scope, Child, Template]]:
        return [made for scope in self.scopes_of(parent) for made in self._children_in(scope)]

    def _children_in(self, scope: Scope) -> list[tuple[Scope, Child, Template]]:
        if scope not in self._children:
            parent = scope.template
            made = (
                (c, template_of(c, parent, self.templates))
                for c in children(self.links.evaluator(scope), self._below)
            )
            self._children[scope] = [
                (scope, child, template)
                for child, template in made
                if template is not None and template is not parent
            ]
        return self._children[scope]

    def _below(self, unit: str) -> tuple[str, ...]:
        configuration = self.assignments.configuration
        return configuration.accounts_below(unit) if configuration is not None else ()

    def _child(self, template: Template, parent: Scope, child: Child, name: str) -> Scope:
        told = self._told(template.path)
        if told is not None:
            place = told
        elif child.shares_place:
            place = parent.place
        else:
            how = f"the StackSet `{child.logical_id}` in {parent.path}" if child.account is not None else ""
            place = Place(f"{template.path} {name}".rstrip(), child.account, child.region, how)
        scope = Scope(template, given=self._given(template), links=self.links, own_place=place, name=name)
        for parameter, value in child.parameters.items():
            self.links.pass_parameter(scope, parameter, value)
        self.links.nest(parent, child.logical_id, scope)
        return scope

    def _on_its_own(self, template: Template) -> list[Scope]:
        """The stacks that the configuration tells of, else one for each parameter file, else one."""
        told = self._deployed(template.path)
        if told:
            return [self._configured(template, one, how, len(told) > 1) for one, how in told]
        files = self._files.get(template.path, [])
        if len(files) < 2:
            return [self._alone(template, files[0] if files else None, "")]
        return [self._alone(template, file, f"with {file.path}") for file in files]

    def _alone(self, template: Template, file: ParameterFile | None, name: str) -> Scope:
        given = self._given(template)
        if file is not None:
            given = {key: value.text for key, value in file.values.items()} | given
        told = self._told(template.path) or (self._told(file.path) if file is not None else None)
        place = told or Place(f"{template.path} {name}".rstrip())
        return Scope(template, given=given, links=self.links, own_place=place, name=name)

    def _deployed(self, path: str) -> list[tuple[Deployed, str]]:
        """Where a template is deployed, and what tells it: the configuration, else manifests."""
        told = self.assignments.deployed(path)
        if told:
            return [(one, "the configuration") for one in told]
        return [(one.deployed, one.how) for one in self._placements.get(path, ())]

    def _configured(self, template: Template, told: Deployed, how: str, several: bool) -> Scope:
        name = f"in {told.account or '?'}/{told.region or '?'} (line {told.span.begin[0]})" if several else ""
        files = self._files.get(template.path, [])
        values = {key: value.text for key, value in files[0].values.items()} if len(files) == 1 else {}
        given = values | {k: v for k, v in told.parameters.items() if k in template.parameters}
        place = Place(f"{template.path} {name}".rstrip())
        own = self.assignments.account(template.path)
        if own.how == "`--account`":
            place.tell(own.value, None, own.how, None)
        place.tell(told.account or own.value, told.region, how, None)
        place.tell(None, self.assignments.region(template.path).value, "", None)
        return Scope(
            template, given=given | self._given(template), links=self.links, own_place=place, name=name
        )

    def _given(self, template: Template) -> dict[str, str]:
        return {name: v for name, v in self.assignments.parameters.items() if name in template.parameters}

    def _told(self, path: str) -> Place | None:
        """The place that the command line or a folder gives a file."""
        account, region = self.assignments.account(path), self.assignments.region(path)
        if account.value is None and region.value is None:
            return None
        place = Place(path)
        place.tell(account.value, region.value, account.how, None)
        return place

    def link(self) -> None:
        """Make one the places of stacks that read what another gives: a link holds within one account and region."""
        for scope in self._all():
            for name in self._reads_ssm(scope):
                self._unify(scope, [p.scope for p in self.links.providers_of_ssm(name)])
            for name in imported_names(self.links.evaluator(scope)):
                self._unify(scope, [p.scope for p in self.links.providers_of_export(name)])
        self.links.forget_values_of_moved()

    @staticmethod
    def _reads_ssm(scope: Scope) -> list[str]:
        parameters = scope.template.parameters.values()
        return [scope.given.get(p.name, p.default or "") for p in parameters if p.is_ssm]

    @staticmethod
    def _unify(scope: Scope, providers: list[Scope]) -> None:
        meant = {
            provider.place.owner: provider for provider in providers if provider.place.may_be(scope.place)
        }
        if len(meant) == 1:
            next(iter(meant.values())).place.unify(scope.place)

    def place_the_rest(self, infer: Infer) -> None:
        """What templates say of themselves, and last the account that holds for all others."""
        told: dict[str, tuple[Place, list[Evidence]]] = {}
        for scope in self._all():
            if scope.place.account is None:
                told.setdefault(scope.place.owner, (scope.place, []))[1].append(infer(scope, self.links))
        for place, evidence in told.values():
            accounts = {one.account for one in evidence if one.account is not None}
            accounts.update(account for one in evidence for account in one.contradicting)
            found = next((one for one in evidence if one.account is not None), None)
            if len(accounts) > 1:
                told_of = " and ".join(sorted(accounts))
                self.notes.append(
                    f"{place.owner}: it speaks of {told_of} as its own account: neither is taken"
                )
            elif found is not None:
                place.tell(found.account, found.region, found.how, found.span)
            else:
                place.tell(self.assignments.fallback_account, None, "`--account`", None)
        for scope in self._all():
            scope.place.tell(None, self.assignments.fallback_region, "", None)
        self.links.forget_values_of_moved()

    def _all(self) -> list[Scope]:
        return [scope for scopes in self._scopes.values() for scope in scopes]

    def stacks(self) -> Stacks:
        return Stacks(self.links, self._all(), self.notes)
