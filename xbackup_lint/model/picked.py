"""What the selections of a plan pick for a copy, by type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Plan
from xbackup_lint.model.resource_types import ResourceType, Types, by_name, every_type, opt_in_regions
from xbackup_lint.model.route import Route
from xbackup_lint.model.selection import Pick, Selection
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@dataclass(frozen=True, eq=False)
class Picked:
    """What a plan's selections pick where a guard holds, its account having certain features on."""

    plan: Plan
    guard: Guard
    estate: Estate

    @cached_property
    def selections(self) -> tuple[Selection, ...]:
        """The selections of the plan."""
        found = self.estate.selections_for(self.plan)
        return tuple(one for one in found if one.guard & self.guard is not None)

    @cached_property
    def picks(self) -> tuple[Pick, ...]:
        """The entries of `Resources` of all of them, each with the types that it may pick."""
        return tuple(self._picks())

    def _picks(self) -> Iterator[Pick]:
        for selection in self.selections:
            for pick in selection.picks:
                if pick.guard & self.guard is not None:
                    yield Pick(pick.text, pick.guard, self._as_set_up(pick.types), pick.resource)

    def _as_set_up(self, types: Types) -> Types:
        """The types as the settings of the plan's account and region make them (F6.4)."""
        off = self.estate.selected.features_off(self.plan.deployment)
        if not off:
            return types
        return frozenset(by_name()[one.off] if one.off and one.name in off else one for one in types)

    @cached_property
    def told(self) -> bool:
        """Whether the entries tell all that is picked: nothing is selected by tags, or unknown."""
        return bool(self.selections) and all(one.by_arn_alone is YES for one in self.selections)

    @cached_property
    def types(self) -> Types:
        """The types of what may be picked."""
        if not self.selections:
            return self._as_set_up(every_type())
        return self._as_set_up(frozenset().union(*(one.types for one in self.selections)))

    def only(self, wanted: Types) -> tuple[Pick, ...]:
        """The entries that can pick nothing but some types."""
        return tuple(pick for pick in self.picks if pick.types <= wanted)


def picked(route: Route) -> Picked:
    """What a copy is of."""
    return Picked(route.copy.rule.plan, route.guard, route.estate)


@dataclass(frozen=True, slots=True)
class Way:
    """What decides which types can take a route: whether it leads to another account, and to another region."""

    crosses: Verdict
    leaves: Verdict
    opt_in: bool
    """Whether it starts in a region that is off until an account turns it on."""


def way_of(route: Route) -> Way:
    """The way that a route is."""
    here, there = route.copy.deployment.region, route.destination
    leaves = ~equals(here, there.region) if there is not None else UNKNOWN
    return Way(route.crosses_accounts, leaves, here.known in opt_in_regions())


def _abilities(way: Way, one: ResourceType) -> tuple[Verdict, Verdict]:
    """Whether backups of a type can be copied to another account and to another region, from where a way starts."""
    across, between = one.cross_account, one.cross_region
    if way.opt_in:
        across = NO if "cross-account" in one.not_in_opt_in_regions else across
        between = NO if "cross-region" in one.not_in_opt_in_regions else between
    return across, between


@lru_cache(maxsize=1024)
def travels(way: Way, one: ResourceType) -> Verdict:
    """Whether backups of a type can go a way, as far as AWS's sources and its ends tell (F1.27)."""
    across, between = _abilities(way, one)
    if across is NO and between is NO:
        return NO
    return (~way.crosses | across) & (~way.leaves | between)


@lru_cache(maxsize=1024)
def by_management(way: Way, types: Types) -> tuple[Types, Types]:
    """Types that can go a way: those that may be fully managed, and those that are not."""
    copied = frozenset(one for one in types if travels(way, one) is not NO)
    own = frozenset(one for one in copied if one.managed is NO)
    return copied - own, own


def stuck(way: Way, types: Types) -> Verdict:
    """Whether backups of none of some types can go a way. UNKNOWN where it depends on where the way leads.

    What AWS's sources disagree on is taken to work.
    """
    verdicts = {travels(way, one) for one in types}
    if verdicts == {NO}:
        return YES
    doubtful = YES not in verdicts and all(NO in _abilities(way, one) for one in types)
    return UNKNOWN if doubtful else NO
