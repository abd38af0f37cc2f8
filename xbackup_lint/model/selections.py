"""The selections of a run, to be asked for by plan and by account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from xbackup_lint.cached import cached_property
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Plan, Rule
from xbackup_lint.model.region_settings import RegionSettings
from xbackup_lint.model.selection import Selection
from xbackup_lint.model.vault_names import Owner, owner
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


class Selections:
    """Indexes over selections, and over what accounts have turned on for what these pick."""

    def __init__(
        self, selections: Sequence[Selection], rules: Sequence[Rule], settings: Iterable[RegionSettings]
    ) -> None:
        self._all = selections
        self._rules = rules
        self._settings = tuple(settings)

    @cached_property
    def _by_account(self) -> dict[Owner | None, list[Selection]]:
        index: dict[Owner | None, list[Selection]] = defaultdict(list)
        for selection in self._all:
            index[owner(selection.deployment.account)].append(selection)
        return dict(index)

    def of_account(self, account: Text) -> list[Selection]:
        """The selections that are certainly of an account."""
        key = owner(account)
        return self._by_account.get(key, []) if key is not None else []

    @cached_property
    def _by_plan(self) -> dict[tuple[Deployment, Span | None], list[Selection]]:
        index: dict[tuple[Deployment, Span | None], list[Selection]] = defaultdict(list)
        for selection in self._all:
            for place in selection.plans:
                index[selection.deployment, place].append(selection)
        return dict(index)

    @cached_property
    def _by_plan_id(self) -> dict[str, list[Selection]]:
        index: dict[str, list[Selection]] = defaultdict(list)
        for selection in self._all:
            for plan in selection.plan_ids:
                index[plan].append(selection)
        return dict(index)

    def of_plan(self, plan: Plan) -> list[Selection]:
        """The selections of a plan."""
        by_id = self._by_plan_id.get(plan.id, []) if plan.id is not None else []
        here = self._by_plan.get((plan.deployment, plan.span), [])
        return [*here, *(selection for selection in by_id if selection.belongs_to(plan))]

    @cached_property
    def _rules_by_selection(self) -> dict[Selection, list[Rule]]:
        index: dict[Selection, list[Rule]] = defaultdict(list)
        for rule in self._rules:
            for selection in self.of_plan(rule.plan):
                index[selection].append(rule)
        return dict(index)

    def rules_of(self, selection: Selection) -> list[Rule]:
        """The rules under which what a selection picks is backed up."""
        return self._rules_by_selection.get(selection, [])

    def features_off(self, here: Deployment) -> dict[str, Span]:
        """The types whose advanced features are certainly off in an account and region, and where that is said."""
        there = (one for one in self._settings if one.deployment.is_account(here.account) is YES)
        fits = (one for one in there if one.deployment.is_region(here.region) is YES)
        return {name: place for settings in fits for name, place in settings.off.items()}
