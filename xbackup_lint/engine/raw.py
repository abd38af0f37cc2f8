"""What a rule found, its words filled in, before it is told as data."""

from __future__ import annotations

from xbackup_lint.checks.hit import Hit
from xbackup_lint.dataclass import dataclass
from xbackup_lint.engine.load import fault
from xbackup_lint.engine.match import alternatives
from xbackup_lint.engine.nouns import attribute_name
from xbackup_lint.engine.rule import Rule
from xbackup_lint.engine.snippet import snippet
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.verdict import YES


@dataclass(frozen=True, slots=True)
class Raw:
    """A hit of a rule on a subject, with its words filled in. `guards` are those under which it holds."""

    rule: Rule
    hit: Hit
    subject: object
    message: str
    guards: tuple[Guard, ...]
    deployments: tuple[Deployment, ...] = ()
    """The stacks of one template in which it holds."""
    others: tuple[Span, ...] = ()
    """Where else the same place decides the same."""

    @property
    def certain(self) -> bool:
        return self.hit.verdict is YES

    @property
    def order(self) -> tuple[str | int, ...]:
        """Findings stand by path, offset and rule."""
        return (*self.hit.at.sort_key, self.rule.id, self.message)

    @property
    def key(self) -> Span:
        found: Span = self.subject.key  # type: ignore[attr-defined]
        return found

    @property
    def deployment(self) -> Deployment | None:
        """The stack of its subject, for nouns that belong to one."""
        found: Deployment | None = getattr(self.subject, "deployment", None)
        return found

    def fact(self, name: str) -> str:
        return fact(self.rule, self.hit, self.subject, name)


def said(rule: Rule, hit: Hit, subject: object) -> str:
    """The message of a rule for one hit."""
    return rule.prose.message.filled(lambda name: fact(rule, hit, subject, name))


def fact(rule: Rule, hit: Hit, subject: object, name: str) -> str:
    """What a name in a rule's text stands for: the reason, a fact of the hit, an attribute of the subject."""
    if name == "reason":
        words = rule.prose.reasons.get(hit.reason)
        return words.filled(lambda inner: fact(rule, hit, subject, inner)) if words else hit.reason
    if name == "snippet" and hit.remedy is not None:
        return "".join(f"  {line}" if line.strip() else line for line in snippet(hit.remedy).splitlines(True))
    if name in hit.facts:
        return hit.facts[name]
    given = getattr(subject, "facts", {})
    if name in given:
        return str(given[name])
    if not hasattr(subject, attribute_name(name)):
        message = f"`{name}` is neither a fact of the check nor an attribute of `{rule.subject}`"
        raise fault(rule, f"{{{name}}}", message)
    values = [value for guard, value in alternatives(subject, name) if guard & hit.guard is not None]
    return next((str(value) for value in values if value is not None), "")
