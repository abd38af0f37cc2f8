"""What a template's parameters may be, before anybody has deployed it."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.dataclass import dataclass
from xbackup_lint.regex import regex
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence
from xbackup_lint.text.source import Span
from xbackup_lint.values.hole import ACCOUNT, ANY, NUMBER, ORGANIZATION, Hole, Shape

_ACCOUNT_PATTERN = regex(r"\^?(\\d|\[0-9\])\{12\}\$?")
_ORGANIZATION_PATTERN = regex(r"\^?o-\[a-z0-9\]\{10,32\}\$?")


AFTER_APPLY = "Terraform::AfterApply"
"""The type of what stands for a value that Terraform does not know yet, where its plan is read as a template."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of `Parameters`. A list type's default stays one text, as it is written."""

    name: str
    span: Span
    type: str
    default: str | None
    allowed: tuple[str, ...]
    pattern: str
    default_span: Span | None = None

    @property
    def is_list(self) -> bool:
        return "List<" in self.type or "CommaDelimitedList" in self.type

    @property
    def is_ssm(self) -> bool:
        return self.type.startswith("AWS::SSM::Parameter::Value<")

    @property
    def settled(self) -> str | None:
        """The value, where just one is allowed."""
        return self.allowed[0] if len(self.allowed) == 1 and not self.is_list else None

    @property
    def shape(self) -> Shape:
        """What an unknown value of it looks like. `AllowedPattern` is compared with known ones, never run."""
        if self.allowed and not self.is_list:
            return Shape.one_of(self.allowed)
        if self.type in ("Number", "List<Number>"):
            return NUMBER
        if _ACCOUNT_PATTERN.fullmatch(self.pattern):
            return ACCOUNT
        return ORGANIZATION if _ORGANIZATION_PATTERN.fullmatch(self.pattern) else ANY

    def hole(self, path: str, guard_says: str = "") -> Hole:
        """The parameter as an unknown."""
        if self.is_ssm:
            where = f" `{self.default}`" if self.default else ""
            why = f"parameter `{self.name}` is read from the SSM parameter{where} at deployment"
        elif self.type == AFTER_APPLY:
            return Hole((path, self.name), f"`{self.name}` is known after apply", ANY, self.span)
        elif guard_says:
            why = f"parameter `{self.name}` is unknown: its default does not hold when {guard_says}"
        elif self.default is not None:
            why = f"parameter `{self.name}` is empty by default"
        else:
            why = f"parameter `{self.name}` has no default"
        remedy = f"give it with `--parameter {self.name}=…`"
        return Hole((path, self.name), why, self.shape, self.span, remedy)


def read_parameters(node: Node | None) -> dict[str, Parameter]:
    """The parameters that a template declares."""
    found = {}
    for key, body in node.entries if isinstance(node, Mapping) else ():
        if isinstance(body, Mapping):
            found[key.text] = Parameter(
                name=key.text,
                span=key.span,
                type=_scalar(body.get("Type")) or "String",
                default=_scalar(body.get("Default")),
                allowed=tuple(_scalars(body.get("AllowedValues"))),
                pattern=_scalar(body.get("AllowedPattern")) or "",
                default_span=default.span if (default := body.get("Default")) is not None else None,
            )
    return found


def _scalar(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) else None


def _scalars(node: Node | None) -> Iterator[str]:
    items = node.items if isinstance(node, Sequence) else ()
    return (item.text for item in items if isinstance(item, Scalar))
