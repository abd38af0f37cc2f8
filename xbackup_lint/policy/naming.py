"""Whether a principal of a policy is the caller of a request, or the account that the caller belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from xbackup_lint.policy.matching import same
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.request import Caller
from xbackup_lint.text.source import NOWHERE
from xbackup_lint.values.comparison import equals
from xbackup_lint.values.hole import Hole
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_ROLE_IDS = ("AROA", "ASIA")


def names(principal: Principal, caller: Caller) -> Verdict:
    """Whether a principal of a statement stands for the caller."""
    if principal.form is Form.ANYONE:
        return YES
    if caller.service:
        return _service(principal, caller.service)
    match principal.form:
        case Form.ACCOUNT if principal.account is not None:
            return equals(principal.account, caller.account)
        case Form.ROLE:
            return _role(principal, caller)
        case Form.SESSION:
            return _session(principal, caller)
        case Form.UNIQUE_ID:
            # Which role an id is of is not in any file.
            return UNKNOWN if (principal.text.known or "").startswith(_ROLE_IDS) else NO
        case Form.UNKNOWN:
            return _unknown(principal, caller)
    return NO


def spares(principals: Sequence[Principal], caller: Caller) -> Verdict:
    """Whether `NotPrincipal` leaves the caller out.

    AWS: it has to name the account beside the role, or may deny it all the same (IAM: NotPrincipal); what the
    account alone is good for AWS does not say. Principals with a boundary it always denies.
    """
    if caller.bounded:
        return NO
    found = [(principal.form, names(principal, caller)) for principal in principals]
    if caller.service or any(form is Form.ANYONE for form, _ in found):
        return Verdict.any(verdict for _, verdict in found)
    account = Verdict.any(verdict for form, verdict in found if form is Form.ACCOUNT)
    role = Verdict.any(verdict for form, verdict in found if form is not Form.ACCOUNT)
    return role if role is account else UNKNOWN


def why(principal: Principal, caller: Caller) -> tuple[Hole, ...]:
    """Why it cannot be told whether a principal is the caller."""
    own = (*caller.account.holes, *(caller.arn.holes if caller.arn is not None else ()))
    nobody = Hole(("request", "caller"), f"{caller.name or 'the role that calls'} is not known")
    return principal.text.holes or own or (nobody,)


def _service(principal: Principal, service: str) -> Verdict:
    if principal.form is not Form.SERVICE:
        return UNKNOWN if principal.form is Form.UNKNOWN else NO
    # Whether `*` stands for every service AWS does not say.
    return UNKNOWN if principal.text.known == "*" else equals(principal.text, service)


def _role(principal: Principal, caller: Caller) -> Verdict:
    if caller.arn is not None:
        return same(principal.text, caller.arn)
    return equals(principal.account, caller.account) & UNKNOWN if principal.account is not None else UNKNOWN


def _session(principal: Principal, caller: Caller) -> Verdict:
    """`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: the role without its path."""
    if principal.arn is None:
        return UNKNOWN
    account = equals(principal.arn.account, caller.account)
    pieces = principal.arn.resource.split("/", trusting=True)
    if not principal.arn.resource.starts_with("assumed-role/"):
        return NO
    if pieces is None or len(pieces) != 3:
        return account & UNKNOWN
    session = equals(pieces[2], caller.session) if caller.session is not None else UNKNOWN
    return account & _is_role_name(pieces[1], caller) & session


def _is_role_name(name: Text, caller: Caller) -> Verdict:
    path = caller.arn.split("/") if caller.arn is not None else None
    return equals(name, path[-1]) if path is not None else UNKNOWN


def _unknown(principal: Principal, caller: Caller) -> Verdict:
    """A principal whose form is not known: the role, its account by number or ARN, or everyone."""
    forms = [
        caller.account,
        Text.join(
            [Text.literal("arn:aws:iam::", NOWHERE), caller.account, Text.literal(":root", NOWHERE)], NOWHERE
        ),
        Text.literal("*", NOWHERE),
    ]
    role = _role(principal, caller)
    return role | (Verdict.any(same(principal.text, form) for form in forms) & UNKNOWN)
