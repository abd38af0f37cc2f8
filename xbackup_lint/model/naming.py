"""The names of plans, rules and selections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.plan import Plan, Rule
from xbackup_lint.model.selection import Selection
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Guard
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.verdict import UNKNOWN, YES, Verdict

# AWS: BC:BackupRuleName, BackupSelectionName; CloudFormation's schema lets selections have a colon too, which is not
# judged. What plans may be called is documented in two ways: the wider one stands here (F2.15, F2.17).
_ALLOWED = {"rule": regex(r"[a-zA-Z0-9._-]*"), "selection": regex(r"[a-zA-Z0-9._:-]*")}
# AWS: names of what AWS makes by itself, such as the plan of EFS's automatic backups (F2.5).
_OF_AWS = "aws/"
_LONGEST = {"rule": 50, "selection": 50, "plan": 200}


@dataclass(frozen=True, eq=False)
class Name:
    """The name of a plan, a rule or a selection."""

    kind: str
    """`plan`, `rule` or `selection`."""
    text: Text
    """The name as given."""
    guard: Guard
    deployment: Deployment

    @property
    def key(self) -> Span:
        return self.text.span

    @property
    def span(self) -> Span:
        return self.text.span

    @property
    def length(self) -> int:
        """How many characters of it are known."""
        return sum(len(part.text) for part in self.text.parts if isinstance(part, Fragment))

    @property
    def longest(self) -> int:
        """How many characters AWS Backup takes."""
        return _LONGEST[self.kind]

    @cached_property
    def reason(self) -> str:
        """A word for what is wrong: `empty`, `too-long`, `characters`; empty where nothing certainly is."""
        allowed = _ALLOWED.get(self.kind)
        if not self.text.parts:
            return "empty"
        if self.text.starts_with(_OF_AWS):
            return ""
        if self.length > self.longest:
            return "too-long"
        known = (part.text for part in self.text.parts if isinstance(part, Fragment))
        return "characters" if allowed is not None and not all(map(allowed.fullmatch, known)) else ""

    @cached_property
    def valid(self) -> Verdict:
        """Whether AWS Backup takes the name."""
        if self.reason:
            return ~YES
        return UNKNOWN if self.text.holes else YES


def names_of(plans: Iterable[Plan], rules: Iterable[Rule], selections: Iterable[Selection]) -> Iterator[Name]:
    """The names of all of them."""
    named: tuple[tuple[str, Iterable[Plan | Rule | Selection]], ...] = (
        ("plan", plans),
        ("rule", rules),
        ("selection", selections),
    )
    for kind, nouns in named:
        for noun in nouns:
            for guard, text in noun.name:
                both = guard & noun.guard
                if text is not None and both is not None:
                    yield Name(kind, text, both, noun.deployment)
