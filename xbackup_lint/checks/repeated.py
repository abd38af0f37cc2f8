"""What a plan's rule says twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.plan import Copy, Rule
from xbackup_lint.policy.arn import vault_identity
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES

_Destinations = dict[object, list[tuple[Guard, Text]]]
_KNOWN: WeakKeyDictionary[Rule, _Destinations] = WeakKeyDictionary()


@check
def destination_is_repeated(copy: Copy, estate: Estate) -> Iterator[Hit]:
    """An earlier copy action of the rule has the same destination. Fact: `destination`."""
    if copy.rule not in _KNOWN:
        _KNOWN[copy.rule] = _destinations(copy.rule, estate)
    for guard, destination in copy.destination_arn:
        own = guard & copy.guard
        if destination is None or own is None:
            continue
        alike = _KNOWN[copy.rule][vault_identity(destination)]
        own_place = next(at for at, (_, text) in enumerate(alike) if text is destination)
        earlier = ((own & other, first) for other, first in alike[:own_place])
        found = next(((both, first) for both, first in earlier if both is not None), None)
        if found is not None:
            both, first = found
            yield Hit(
                destination.span,
                YES,
                both,
                facts={"destination": str(destination)},
                also=(("first", first.span),),
                assumptions=assumptions_of(destination, first),
            )


def _destinations(rule: Rule, estate: Estate) -> _Destinations:
    """Where, and under which guards, a rule copies to the same vault, in the order of its copy actions."""
    found: _Destinations = defaultdict(list)
    for copy in estate.copies_of[rule]:
        for guard, arn in copy.destination_arn:
            own = guard & copy.guard
            if arn is not None and own is not None:
                found[vault_identity(arn)].append((own, arn))
    return found
