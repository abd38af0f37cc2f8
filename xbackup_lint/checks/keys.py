"""The keys that vaults are encrypted with, and who can manage keys."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check, holes_of
from xbackup_lint.dataclass import replace
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.key import Key, is_false, key_arn_fault
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.principal import Form, Principal
from xbackup_lint.policy.statement import Statement
from xbackup_lint.text.source import Span
from xbackup_lint.values.comparison import like
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import NO, UNKNOWN, YES, Verdict

_PUT_POLICY = "kms:PutKeyPolicy"


@check
def vault_key_is_malformed(vault: Vault, _: Estate) -> Iterator[Hit]:
    """`EncryptionKeyArn` cannot be the ARN of a KMS key.

    Facts: `key` (as it is known, or as it is written), `part` (what is wrong in it, in backquotes),
    `resource` (where the id of a key is referred to: that key).
    """
    for guard, key in vault.encryption_key:
        if key is None:
            continue
        verdict, reason, part = key_arn_fault(key)
        facts = {
            "key": key.known or _written(key.span),
            "part": f"`{part}`" if part.parts else "nothing",
            "resource": _resource(key),
        }
        yield Hit(part.span, verdict, guard, reason, facts, assumptions=assumptions_of(key))


def _written(span: Span) -> str:
    """The text of a place on one line."""
    return " ".join(span.text.split())


def _resource(key: Text) -> str:
    """The logical id of the key whose id is referred to."""
    return key.hole.name.removesuffix(".KeyId") if key.hole is not None else ""


@check
def vault_key_is_unusable(key: Key, estate: Estate) -> Iterator[Hit]:
    """A vault is encrypted with a key that cannot be used for it. Facts: `key`, `value`, `vaults`."""
    vaults = estate.vaults_with(key)
    for guard, verdict, reason, text in key.faults():
        both = key.guard & guard
        if vaults and both is not None:
            yield Hit(
                text.span,
                verdict,
                both,
                reason,
                facts={"key": key.label, "value": str(text), "vaults": _names(vaults)},
                also=_places(vaults),
                holes=text.holes if verdict is UNKNOWN else (),
                assumptions=assumptions_of(text),
            )


def _names(vaults: list[Vault]) -> str:
    return ", ".join(dict.fromkeys(f"`{vault.label}`" for vault in vaults))


def _places(vaults: list[Vault]) -> tuple[tuple[str, Span], ...]:
    return tuple(("vault", span) for span in dict.fromkeys(vault.span for vault in vaults))


@check
def key_is_deletable(key: Key, estate: Estate) -> Iterator[Hit]:
    """The key of a vault goes with its stack. Facts: `key`, `vaults`, `days` that it then waits."""
    vaults = estate.vaults_with(key)
    if not vaults or key.retained is not NO:
        return
    days = next(
        (text.known for text in key.pending_window_days.values if text is not None and text.known), "30"
    )
    yield Hit(
        key.span,
        YES,
        key.guard,
        facts={"key": key.label, "vaults": _names(vaults), "days": days},
        also=_places(vaults),
    )


@check
def key_rotation_is_off(key: Key, estate: Estate) -> Iterator[Hit]:
    """The key of a vault is never rotated. Facts: `key`, `vaults`.

    AWS: keys whose material comes from elsewhere, and asymmetric ones, are not rotated by KMS (KMS: rotation).
    """
    vaults = estate.vaults_with(key)
    told = (*key.origin.values, *key.spec.values)
    special = any(text is not None and text.known not in ("AWS_KMS", "SYMMETRIC_DEFAULT") for text in told)
    for guard, text in key.rotation if vaults and not special else ():
        both = key.guard & guard
        if both is not None and (text is None or is_false(text) is YES):
            place = text.span if text is not None else key.span
            yield Hit(
                place, YES, both, facts={"key": key.label, "vaults": _names(vaults)}, also=_places(vaults)
            )


@check
def key_policy_lacks_own_account(key: Key, estate: Estate) -> Iterator[Hit]:
    """Nobody in the key's own account may change its policy. Facts: `key`, `account`."""
    policy = key.policy
    if policy is None:
        return
    managers = [one for statement in policy if statement.allows is not NO for one in _managers(statement)]
    verdicts = [(one, _is_of_owner(one, key)) for one in managers]
    found = Verdict.any(verdict for _, verdict in verdicts)
    if policy.unknown and found is NO:
        found = UNKNOWN
    doubtful = [one.text for one, verdict in verdicts if verdict is UNKNOWN]
    own = key.account.holes if doubtful else ()
    holes = (*holes_of(*doubtful), *own, *(hole for _, hole in policy.unknown))
    yield Hit(
        key.span,
        ~found,
        key.guard,
        facts={"key": key.label, "account": str(key.account)},
        also=tuple(("manager", one.span) for one in managers[:1]),
        holes=tuple(dict.fromkeys(holes)) if found is UNKNOWN else (),
        assumptions=assumptions_of(*(one.text for one in managers)),
    )


def _managers(statement: Statement) -> Iterator[Principal]:
    """Those whom a statement may let change the policy; of `NotPrincipal` everybody who is not named."""
    allowed = any(like(_PUT_POLICY, action, ignore_case=True) is not NO for _, action in statement.actions)
    if allowed or statement.not_actions:
        yield from statement.principals
        yield from (replace(one, text=Text.literal("*", one.span)) for one in statement.not_principals)


def _is_of_owner(principal: Principal, key: Key) -> Verdict:
    """Whether a principal may be of the key's account."""
    if principal.form is Form.ANYONE:
        return YES
    return key.deployment.is_account(principal.account) if principal.account is not None else NO
