"""`when`: a rule's flat conjunction, decided on one subject under every guard."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from xbackup_lint.checks.hit import Hit, assumptions_of, holes_of
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.nouns import attribute_name
from xbackup_lint.engine.patterns import LONGEST
from xbackup_lint.engine.rule import Constant, Rule, Test
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import ALWAYS, MOST, Alternatives, Guard
from xbackup_lint.values.answer import Answer
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict


@dataclass(frozen=True, slots=True)
class _Way:
    """One combination of alternatives: where it holds, what the clauses say, what they looked at."""

    guard: Guard
    verdict: Verdict
    values: tuple[object, ...]


def matches(rule: Rule, subject: object) -> Sequence[Hit]:
    """The hits of a rule without a check on one subject."""
    ways: list[_Way] | None = None
    for clause in rule.when:
        test = clause.test
        options = [
            (guard, value, verdict)
            for guard, value in alternatives(subject, clause.attribute)
            if (verdict := compare(value, test)) is not NO
        ]
        if not options:  # so most subjects end, at the first clause
            return ()
        if ways is None:
            ways = [_Way(getattr(subject, "guard", ALWAYS), YES, ())]
        ways = _joined(ways, options)
    ways = ways or []
    if rule.at:
        ways = _joined(ways, [(guard, value, YES) for guard, value in alternatives(subject, rule.at)])
    return [_hit(rule, subject, way) for way in ways]


def _joined(ways: list[_Way], options: Sequence[tuple[Guard, object, Verdict]]) -> list[_Way]:
    """Every way with every option that can hold at once with it."""
    joined = (
        _Way(both, way.verdict & verdict, (*way.values, value))
        for way in ways
        for guard, value, verdict in options
        if (both := way.guard & guard) is not None
    )
    return list(islice(joined, MOST))


def alternatives(subject: object, attribute: str) -> Sequence[tuple[Guard, object]]:
    """What an attribute of a subject, as rules write it, is under which guards."""
    value = getattr(subject, attribute_name(attribute))
    if isinstance(value, Alternatives):
        return value.options
    return ((ALWAYS, value),)


def _hit(rule: Rule, subject: object, way: _Way) -> Hit:
    texts = [value for value in way.values if isinstance(value, Text)]
    answers = [value for value in way.values if isinstance(value, Answer)]
    asked = [value for value in way.values[: len(rule.when)] if isinstance(value, Text)]
    unknown = (*holes_of(*asked), *(hole for answer in answers for hole in answer.holes))
    assumed = (*assumptions_of(*texts), *(what for answer in answers for what in answer.assumptions))
    last = way.values[-1] if rule.at else None
    at = last.span if isinstance(last, Text) else last if isinstance(last, Span) else subject.span  # type: ignore[attr-defined]
    attributes = [clause.attribute for clause in rule.when] + ([rule.at] if rule.at else [])
    facts = {
        name: str(value) for name, value in zip(attributes, way.values, strict=True) if value is not None
    }
    related: Span | None = getattr(subject, "related", None)
    return Hit(
        at=at,
        verdict=way.verdict,
        guard=way.guard,
        reason=str(getattr(subject, "reason", "") or facts.get("fault", "")),
        facts=facts,
        also=(("related", related),) if related is not None else (),
        # Where no clause tells what it could not decide, it is what is underlined.
        holes=(tuple(dict.fromkeys(unknown)) or holes_of(*texts)) if way.verdict is UNKNOWN else (),
        assumptions=tuple(dict.fromkeys(assumed)),
    )


def compare(value: object, test: Test) -> Verdict:
    """Whether a value passes a test. Absence passes none."""
    if value is None:
        return NO
    verdict = YES
    if test.any_of:
        verdict = Verdict.any(_is(value, wanted) for wanted in test.any_of)
    if test.none_of:
        verdict &= ~Verdict.any(_is(value, unwanted) for unwanted in test.none_of)
    if test.at_least is not None:
        verdict &= _bound(value, test.at_least, 1)
    if test.at_most is not None:
        verdict &= _bound(value, test.at_most, -1)
    if test.matches is not None:
        known = value.known if isinstance(value, Text) else str(value)
        if known is None or len(known) > LONGEST:
            verdict &= UNKNOWN
        else:
            verdict &= Verdict.of(test.matches.fullmatch(known) is not None)
    return verdict


def _is(value: object, wanted: Constant) -> Verdict:
    if isinstance(value, Text):
        return _is_text(value, wanted)
    if isinstance(wanted, bool):
        verdict = value.verdict if isinstance(value, Answer) else value
        if isinstance(verdict, Verdict):
            return verdict if wanted else ~verdict
    return Verdict.of(value == wanted)


def _is_text(text: Text, wanted: Constant) -> Verdict:
    if not isinstance(wanted, bool):
        return equals(text, str(wanted))
    if text.tag == "bool" and text.known is not None:
        # AWS: templates are YAML 1.1 (CFN: template formats), where `yes` and `on` are true.
        return Verdict.of((text.known.lower() in ("true", "yes", "on")) == wanted)
    # AWS: CloudFormation and the API take "true" for true.
    return equals(text, "true" if wanted else "false", ignore_case=True)


def _bound(value: object, bound: int, sign: int) -> Verdict:
    if isinstance(value, Text):
        if value.known is None:
            return UNKNOWN
        value = value.number
    if not isinstance(value, int):
        return NO
    return Verdict.of(value * sign >= bound * sign)
