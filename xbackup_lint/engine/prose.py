"""What a rule says: read of few rules in a run, and checked as a whole where a rule is a user's own."""

from __future__ import annotations

from xbackup_lint.engine.fields import TO_DO, mapping, refuse_to_do
from xbackup_lint.engine.nouns import kind_of
from xbackup_lint.engine.rule import BrokenRule, Prose, Words
from xbackup_lint.engine.rule_file import RuleFile
from xbackup_lint.text.node import Mapping, Node, Scalar
from xbackup_lint.text.origin import span_within

KEYS = (
    "id", "title", "severity", "since", "tags", "rationale", "remediation", "false-positives", "references",
    "subject", "when", "at", "check", "with", "unknown", "yields-to", "message", "help", "reasons", "labels",
)  # fmt: skip
REQUIRED = ("id", "title", "severity", "since", "rationale", "remediation", "false-positives", "references",
            "subject", "message")  # fmt: skip


def check_keys(file: RuleFile) -> None:
    """Nothing, where a file has the keys that a rule has, and nothing in it is still to be written."""
    mapping(file.root, "a rule", KEYS)
    for name in REQUIRED:
        if file.root.get(name) is None:
            raise BrokenRule(f"a rule needs `{name}`", file.head)
    if TO_DO in file.source.text:
        refuse_to_do(file.root)


def prose_of(file: RuleFile) -> Prose:
    """The words of a rule. Raises BrokenRule."""
    made = Prose(
        title=file.text("title"),
        since=file.text("since"),
        tags=file.texts("tags"),
        rationale=file.text("rationale"),
        remediation=file.text("remediation"),
        false_positives=file.texts("false-positives"),
        references=file.texts("references"),
        message=Words(file.text("message")),
        help=file.words("help"),
        reasons=file.words("reasons"),
        labels=file.words("labels"),
    )
    if file.root.get("check") is None:
        _check_names(file, file.text("subject"))
    return made


def _check_names(file: RuleFile, subject: str) -> None:
    """Without a check, every name in a text is an attribute of the subject."""
    if subject == "problem":  # its facts are the words of what noticed it
        return
    for key in ("message", "help", "reasons"):
        for node in _scalars(file.root.get(key)):
            for name in Words(node.text).names:
                if name != "reason" and kind_of(subject, name) is None:
                    start = node.text.index(f"{{{name}}}") + 1
                    file.no_attribute(subject, name, span_within(node, start, start + len(name)))


def _scalars(node: Node | None) -> list[Scalar]:
    """A text, or the texts of a mapping."""
    found = [value for _, value in node.entries] if isinstance(node, Mapping) else [node]
    return [value for value in found if isinstance(value, Scalar)]
