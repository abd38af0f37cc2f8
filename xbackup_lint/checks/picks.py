"""What selections pick, against where the backups of it go."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.picked import Picked, picked, stuck, way_of
from xbackup_lint.model.plan import Lifecycle, Rule
from xbackup_lint.model.requirements import judged
from xbackup_lint.model.resource_types import Types, names
from xbackup_lint.model.route import Route
from xbackup_lint.model.selection import Pick, Selection
from xbackup_lint.text.source import Span
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


def routes_of(selection: Selection, estate: Estate) -> Iterator[Route]:
    """The ways that copies of what a selection picks take."""
    for rule in estate.selected.rules_of(selection):
        for copy in estate.copies_of.get(rule, ()):
            yield from (
                route for route, _ in judged(copy, estate) if route.guard & selection.guard is not None
            )


def picks_of(selection: Selection, route: Route) -> Iterator[Pick]:
    """The entries of a selection that are there where a route is, its account having certain features on."""
    own = {id(text) for _, text in selection.resources}
    yield from (pick for pick in picked(route).picks if id(pick.text) in own)


def ends(route: Route) -> tuple[Text, ...]:
    """What decides whether a route leads to another account or region."""
    here, there = route.copy.deployment, route.destination
    return (here.account, here.region, *((there.account, there.region) if there is not None else ()))


@check
def picks_what_cannot_be_copied(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """An entry of `Resources` picks only types that cannot go where copies of them are to go.

    Facts: `types`, `resource`, `destination`, `region` (of the plan).
    """
    told = set[tuple[Span, Verdict]]()
    for route in routes_of(selection, estate):
        for pick in picks_of(selection, route):
            verdict = stuck(way_of(route), pick.types)
            if verdict is NO or (pick.text.span, verdict) in told:
                continue
            told.add((pick.text.span, verdict))
            setting = (
                estate.selected.features_off(selection.deployment).values() if _is_off(pick.types) else ()
            )
            yield Hit(
                pick.text.span,
                verdict,
                pick.guard,
                _why_stuck(pick.types, route),
                {
                    "types": names(pick.types),
                    "resource": str(pick.text),
                    "destination": str(route.arn),
                    "region": str(selection.deployment.region),
                },
                also=(("destination", route.arn.span), *(("setting", place) for place in setting)),
                holes=holes_of(*ends(route)) if verdict is UNKNOWN else (),
            )


def _is_off(types: Types) -> bool:
    return all(one.name == "DynamoDB without advanced features" for one in types)


def _why_stuck(types: Types, route: Route) -> str:
    if _is_off(types):
        return "features-off"
    if all(one.cross_account is NO and one.cross_region is NO for one in types):
        return "never"
    return "region" if stuck(way_of(route), types) is YES else "somewhere"


@check
def air_gapped_vault_takes_none(selection: Selection, estate: Estate) -> Iterator[Hit]:
    """An entry of `Resources` picks only types that no air-gapped vault takes, and is to go into one.

    Facts: `types`, `resource`. Reasons: `target` (it is kept in the rule's other vault instead), `copy`.
    """
    told = set[tuple[Span, str]]()
    for rule in estate.selected.rules_of(selection):
        for reason, place, picks in _into_air_gapped(selection, rule, estate):
            for pick in picks:
                if (pick.text.span, reason) not in told and all(one.air_gapped is NO for one in pick.types):
                    told.add((pick.text.span, reason))
                    facts = {"types": names(pick.types), "resource": str(pick.text)}
                    yield Hit(pick.text.span, YES, pick.guard, reason, facts, ((reason, place),))


def _into_air_gapped(
    selection: Selection, rule: Rule, estate: Estate
) -> Iterator[tuple[str, Span, tuple[Pick, ...]]]:
    """What goes into air-gapped vaults under a rule: as its target, or by a copy."""
    own = {id(text) for _, text in selection.resources}
    for guard, arn in rule.air_gapped_target:
        if arn is not None:
            picks = Picked(rule.plan, guard, estate).picks
            yield "target", arn.span, tuple(pick for pick in picks if id(pick.text) in own)
    for copy in estate.copies_of.get(rule, ()):
        for route, _ in judged(copy, estate):
            found = route.vault
            if found is not None and found.verdict is YES and found.vault.kind == "air-gapped":
                yield "copy", route.arn.span, tuple(picks_of(selection, route))


@check
def cold_storage_is_ignored(rule: Rule, estate: Estate) -> Iterator[Hit]:
    """Backups are to move to cold storage, and none of what is selected can. Facts: `days`, `types`.

    Reasons: `types`, and `archive` where volumes need `OptInToArchiveForSupportedResources` for it (F4.5, F4.6).
    """
    copies = estate.copies_of.get(rule, ())
    for lifecycle in (rule.lifecycle, *(copy.lifecycle for copy in copies if copy.lifecycle is not None)):
        for guard, days in lifecycle.move_to_cold_storage_after_days:
            if days is None or (days.number or 0) < 1:
                continue
            chosen = Picked(rule.plan, guard, estate)
            reason = _why_ignored(chosen, lifecycle)
            if reason:
                facts = {"days": str(days), "types": names(chosen.types)}
                also = tuple(("selected", pick.text.span) for pick in chosen.picks[:1])
                yield Hit(days.span, YES, guard, reason, facts, also, assumptions=assumptions_of(days))


def _why_ignored(chosen: Picked, lifecycle: Lifecycle) -> str:
    if not chosen.told:
        return ""
    cold = [one for one in chosen.types if one.cold_storage is not NO]
    if not cold:
        return "types"
    opted = [text.known if text is not None else "false" for text in lifecycle.opt_in_to_archive.values]
    off = all((value or "true").lower() in ("false", "no", "off") for value in opted)
    return "archive" if off and all(one.name == "EBS" for one in cold) else ""
