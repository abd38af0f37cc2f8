"""A request that policies decide on: who asks for what, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping

from xbackup_lint.dataclass import dataclass, field
from xbackup_lint.policy.actions import canonical, condition_key_carriers, owned
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text


@dataclass(frozen=True, slots=True)
class Absent:
    """A key that the request does not carry."""


ABSENT = Absent()

Known = tuple[Text, ...]
"""The values of a key: one of a single-valued key, any number of a multivalued one. A value may have holes."""

KeyValue = Known | Absent | Hole
"""A Hole is a key of which it is not known whether the request carries it, and with what value."""

# AWS: keys with several values in one request (IAM: multivalued context keys; F1.13, F9.5).
MULTIVALUED = frozenset(
    {
        "aws:principalorgpaths",
        "aws:sourceorgpaths",
        "aws:resourceorgpaths",
        "aws:calledvia",
        "aws:tagkeys",
        "aws:principalservicenameslist",
        "aws:vpceorgpaths",
        "backup:copytargets",
        "backup:copytargetorgpaths",
        "backup:frameworkarns",
        "kms:encryptioncontextkeys",
        "kms:resourcealiases",
        "kms:grantoperations",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """Who asks: an IAM role of an account, or a service. `arn` is the role's, path included.

    `name` tells for messages who that is: "the role that copies", "the service-linked role".
    """

    account: Text
    arn: Text | None = None
    service: str = ""
    name: str = ""
    session: Text | None = None
    """The name of the role's session, where that is known."""
    bounded: bool = False
    """Whether it has a permissions boundary."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One action on one resource. Keys of `context` are in lower case; what is not in it is not known."""

    caller: Caller
    action: str
    resource: Text
    context: Mapping[str, KeyValue] = field(default_factory=dict)

    def key(self, name: str) -> KeyValue:
        """What the request carries under a condition key."""
        lower = name.lower()
        found = self.context.get(lower)
        if found is not None:
            return found
        own = self._of_caller(lower)
        if own is not None:
            return own
        if not self._can_carry(lower):
            return ABSENT
        return Hole(("request", lower), f"it is not known what `{name}` is when AWS Backup calls")

    @staticmethod
    def is_multivalued(name: str) -> bool:
        """Whether requests may carry several values of a key."""
        return name.lower() in MULTIVALUED

    def _can_carry(self, name: str) -> bool:
        """Whether there is such a key in requests for this action.

        AWS: keys are `prefix:name`, and a service's own are in the requests of its actions only, some of them in
        those of some actions only (F3.27, F9.6).
        """
        prefix, colon, rest = name.partition(":")
        if not prefix or not colon or not rest or rest.startswith(":"):
            return False
        if not owned(name):
            return True
        if prefix != self.action.partition(":")[0].lower():
            return False
        carriers = condition_key_carriers(name)
        return carriers is None or canonical(self.action) in carriers

    def _of_caller(self, name: str) -> KeyValue | None:
        """Keys that every request of a principal carries (AWS: IAM, global condition keys)."""
        return self._of_service(name) if self.caller.service else self._of_role(name)

    def _of_service(self, name: str) -> KeyValue | None:
        values = {"aws:principalservicename": self.caller.service, "aws:principalisawsservice": "true"}
        if name in values:
            return (Text.literal(values[name], NOWHERE),)
        if name == "aws:principalservicenameslist":
            return None
        return ABSENT if name.startswith("aws:principal") else None

    def _of_role(self, name: str) -> KeyValue | None:
        caller = self.caller
        match name:
            case "aws:principalaccount":
                return (caller.account,)
            case "kms:calleraccount" if self.action.lower().startswith("kms:"):
                return (caller.account,)
            case "aws:principalarn" if caller.arn is not None:
                return (caller.arn,)
            case "aws:principalisawsservice":
                return (Text.literal("false", NOWHERE),)
            case "aws:principalservicename" | "aws:principalservicenameslist":
                return ABSENT
        return None
