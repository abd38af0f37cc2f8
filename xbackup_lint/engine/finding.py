"""From what rules found to plain data: places as lines and columns, causes, fingerprints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from xbackup_lint.engine.identity import Identities
from xbackup_lint.engine.raw import Raw
from xbackup_lint.engine.result import Cause, Finding, Location, Related, Suppressed
from xbackup_lint.text.source import Span
from xbackup_lint.values.hole import Hole

_MOST_LINES = 20
"""Lines of a place that are kept for its excerpt."""


def location(span: Span) -> Location:
    """A span as lines and columns, with the text of its lines."""
    start_line, start_column = span.begin
    end_line, end_column = span.finish
    last = min(end_line, start_line + _MOST_LINES - 1)
    lines = tuple(span.source.line(number) for number in range(start_line, last + 1))
    return Location(span.source.path, start_line, start_column, end_line, end_column, lines)


def findings(
    found: Iterable[tuple[Raw, Suppressed | None]], identities: Identities, *, advice_in_full: bool = True
) -> Iterator[Finding]:
    """Findings as data, in the order given. Twins are told apart in their fingerprints by a number.

    Where advice (info) is not told in full, it is without its help, which may be a policy to be written out.
    """
    twins: Counter[str] = Counter()
    for raw, suppressed in found:
        base = identities.of(raw).text
        twins[base] += 1
        digest = _digest(f"{base}\n{twins[base]}" if twins[base] > 1 else base)
        in_full = advice_in_full or raw.rule.severity != "info"
        words = _help(raw) if in_full and raw.certain else ""
        yield _finding(raw, words, digest, identities.construct(raw.hit.at), suppressed)


def _finding(
    raw: Raw, words: str, fingerprint: str, construct: str, suppressed: Suppressed | None
) -> Finding:
    hit, rule = raw.hit, raw.rule
    stacks = tuple(dict.fromkeys(deployment.label for deployment in raw.deployments))
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        certainty="certain" if raw.certain else "unsure",
        message=raw.message,
        location=location(hit.at),
        because=hit.assumptions if raw.certain else tuple(dict.fromkeys(hole.why for hole in hit.holes)),
        causes=tuple(dict.fromkeys(map(_cause, hit.holes))) if not raw.certain else (),
        help=words,
        fingerprint=fingerprint,
        related=tuple(_related(raw)),
        when=tuple(str(guard) for guard in raw.guards if guard.assigned),
        deployments=stacks if len(stacks) > 1 else (),
        construct=construct,
        others=tuple(map(location, raw.others)),
        suppressed=suppressed,
        accounts=_accounts(raw),
    )


def _accounts(raw: Raw) -> tuple[str, ...]:
    stacks = raw.deployments or tuple(filter(None, (raw.deployment,)))
    return tuple(dict.fromkeys(str(stack.account) for stack in stacks))


def _related(raw: Raw) -> Iterator[Related]:
    for span in raw.hit.underline:
        yield Related("", location(span))
    for label, span in raw.hit.also:
        words = raw.rule.prose.labels.get(label)
        yield Related(words.filled(raw.fact) if words is not None else label, location(span))


def _help(raw: Raw) -> str:
    words = raw.rule.prose.help.get(raw.hit.reason) or raw.rule.prose.help.get("")
    if words is None:
        return ""
    # Only what we lay out ourselves has several lines.
    return words.filled(
        lambda name: raw.fact(name) if name == "snippet" else raw.fact(name).replace("\n", "␊")
    )


def _cause(hole: Hole) -> Cause:
    return Cause(hole.why, location(hole.place) if hole.place is not None else None, hole.remedy)


def _digest(text: str) -> str:
    import hashlib  # a run without findings does without it

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
