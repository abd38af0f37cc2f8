"""KMS keys, and what can be the ARN of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from xbackup_lint.cached import cached_property
from xbackup_lint.dataclass import dataclass
from xbackup_lint.model.deployment import Deployment
from xbackup_lint.policy.arn import Arn, Fault, is_arn, lacks_sub
from xbackup_lint.policy.statement import Policy
from xbackup_lint.regex import regex
from xbackup_lint.text.source import Span
from xbackup_lint.values.alternatives import Alternatives, Guard
from xbackup_lint.values.hole import ACCOUNT, KEY_ID, REGION, Shape
from xbackup_lint.values.size import least_size
from xbackup_lint.values.text import Fragment, Text
from xbackup_lint.values.value import Field
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

# AWS: a key id is a UUID, that of a multi-Region key `mrk-` and 32 hexadecimal digits (KMS: key identifiers).
_KEY_ID = regex(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}", re.IGNORECASE
)

Texts = Alternatives[Text | None]
_NONE: Texts = Alternatives.of(None)
_NOT_SHOWN: Texts = Alternatives(())

# AWS: the most characters that a key policy may have (F3.26).
LARGEST_POLICY = 32_768

_ENCRYPTS = "ENCRYPT_DECRYPT"
_NO = ("false", "no", "off")
"""What YAML 1.1 takes for false, which templates are (CFN: template formats)."""
# AWS: the states in which a key encrypts and decrypts (KMS: key states).
_USABLE = ("Enabled", "Creating", "Updating")


@dataclass(frozen=True, eq=False)
class Key:
    """A KMS key, or the replica of one, and its key policy."""

    span: Span
    """The logical id, or the ARN that names the key in a document."""
    deployment: Deployment
    arn: Text
    """The ARN that names the key."""
    policy: Policy | None
    guard: Guard
    is_replica: bool = False
    """Whether it is the replica of a key in another region."""
    enabled: Texts = _NONE
    """`Enabled`; None is yes."""
    state: Texts = _NONE
    """`KeyState`, where the AWS CLI printed it."""
    spec: Texts = _NONE
    """`KeySpec`; None is `SYMMETRIC_DEFAULT`."""
    usage: Texts = _NONE
    """`KeyUsage`; None is `ENCRYPT_DECRYPT`."""
    origin: Texts = _NONE
    """`Origin`: where its material comes from; None is AWS KMS."""
    rotation: Texts = _NOT_SHOWN
    """`EnableKeyRotation`; None is no. No alternative at all where no input shows it."""
    primary: Texts = _NONE
    """`PrimaryKeyArn` of a replica."""
    retained: Verdict = UNKNOWN
    """Whether it outlives its stack, by its `DeletionPolicy`."""
    pending_window_days: Texts = _NONE
    """`PendingWindowInDays`: days from its deletion to the loss of what it encrypts; None is 30."""
    shows_policy: bool = True
    """Whether the input that describes it would show a policy; if so, and there is none, it has the default one."""
    document: Field | None = None
    """The policy as it is written, to be measured."""

    @property
    def key(self) -> Span:
        return self.span

    @property
    def account(self) -> Text:
        """The account that owns the key."""
        return self.deployment.account

    @property
    def label(self) -> str:
        """What the files call the key: its logical id, or its ARN."""
        return self.span.unquoted or str(self.arn)

    @cached_property
    def decided(self) -> dict[object, object]:
        """What its policy says to those who share it, kept for all that ask: see `key_asking.sharing`."""
        return {}

    @cached_property
    def policy_size(self) -> int:
        """Characters that the key policy has at least; 0 where it, or its file, is too short for one too large."""
        # Few are near that long: functions and aliases that repeat long texts in a short policy are not looked for.
        if self.document is None or not _may_be_too_large(self.document.span):
            return 0
        texts = [value for _, value in self.document if isinstance(value, Text)]
        return min(map(_without_spaces, texts)) if texts else least_size(self.document)

    @property
    def _kind_is_left_out(self) -> bool:
        return all(text is None for text in self.spec.values)

    def faults(self) -> Iterator[tuple[Guard, Verdict, str, Text]]:
        """Why no vault can be encrypted with it: when, how certain, a word, and what says so (F3.31, F8.3)."""
        tests: tuple[tuple[str, Texts, Callable[[str, Text], bool]], ...] = (
            ("disabled", self.enabled, _is_false),
            ("state", self.state, lambda known, _: known not in _USABLE),
            ("kind", self.spec, lambda known, _: known != "SYMMETRIC_DEFAULT"),
            # What is for other uses is of another kind, which is told if the kind is.
            ("usage", self.usage if self._kind_is_left_out else _NONE, lambda known, _: known != _ENCRYPTS),
        )
        for reason, given, is_wrong in tests:
            for guard, text in given:
                if text is None:
                    continue
                verdict = UNKNOWN if text.known is None else Verdict.of(is_wrong(text.known, text))
                if verdict is not NO:
                    yield guard, verdict, reason, text


def _may_be_too_large(written: Span) -> bool:
    """Whether a policy that is written there can have so many characters."""
    whole = len(written.source.text)
    own = written.end - written.start
    return own >= LARGEST_POLICY // 8 or (whole >= LARGEST_POLICY and own >= LARGEST_POLICY // 64)


def _without_spaces(document: Text) -> int:
    """Characters of a policy that is given as text: how it is set out may not count."""
    return sum(len("".join(part.text.split())) for part in document.parts if isinstance(part, Fragment))


def is_false(text: Text) -> Verdict:
    """Whether a text says no, as CloudFormation and the API read it."""
    return UNKNOWN if text.known is None else Verdict.of(_is_false(text.known, text))


def _is_false(known: str, text: Text) -> bool:
    return known.lower() in (_NO if text.tag == "bool" else _NO[:1])


def key_arn_fault(text: Text) -> Fault:
    """Whether a text cannot be the ARN of a KMS key, as `EncryptionKeyArn` takes it (AWS: F3.1).

    An empty text is not judged: what AWS makes of it is not documented.
    """
    literal = lacks_sub(text)
    if literal is not NO:
        return literal, "not-substituted", text
    if text.starts_with("alias/"):
        return YES, "alias", text
    begins = is_arn(text)
    if begins is not YES:
        certain = begins is NO and text.parts
        return (YES, _why_no_arn(text), text) if certain else (UNKNOWN, "", text)
    arn = Arn.of(text)
    if arn is None:
        open_ended = any(hole.shape.may_contain(":") for hole in text.holes)
        return (UNKNOWN, "", text) if open_ended else (YES, "too-few-fields", text)
    return _fault_in_a_field(arn)


def _why_no_arn(text: Text) -> str:
    if text.hole is not None and text.hole.shape is KEY_ID:
        return "reference"
    return "key-id" if text.known is not None and _KEY_ID.fullmatch(text.known) else "not-an-arn"


def _fault_in_a_field(arn: Arn) -> Fault:
    kind, *rest = arn.resource.split("/", 1, trusting=True) or [arn.resource]
    key_id = rest[0] if rest and rest[0].parts else None
    checks = (
        ("wrong-service", arn.service, arn.service.known not in (None, "kms")),
        ("alias", arn.text, kind.known == "alias"),
        ("wrong-region", arn.region, _cannot_be(arn.region, REGION)),
        ("wrong-account", arn.account, _cannot_be(arn.account, ACCOUNT)),
        ("not-a-key", arn.resource, kind.known is not None and (kind.known != "key" or key_id is None)),
        ("not-a-key-id", key_id or arn.resource, key_id is not None and _is_no_key_id(key_id)),
    )
    found: Iterator[Fault] = ((YES, reason, part) for reason, part, wrong in checks if wrong)
    return next(found, (NO, "", arn.text))


def _cannot_be(field: Text, shape: Shape) -> bool:
    return field.known is not None and not shape.could_be(field.known)


def _is_no_key_id(text: Text) -> bool:
    return text.known is not None and _KEY_ID.fullmatch(text.known) is None
