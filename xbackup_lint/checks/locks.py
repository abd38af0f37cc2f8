"""The locks of vaults, and what keeps vaults from being lost."""

from __future__ import annotations

from collections.abc import Iterator

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.checks.receiving import receives
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.vault import Texts, Vault
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


@check
def lock_limits_are_invalid(
    vault: Vault, _: Estate, *, least: int, most: int, least_grace: int
) -> Iterator[Hit]:
    """A lock of a standard vault that AWS Backup refuses.

    Reasons: `minimum`, `maximum`, `grace` (out of range), `contradiction`, `no-minimum`. Facts: `days`, `least`,
    `most`.
    """
    if vault.kind != "standard":
        return
    yield from _out_of_range(vault.min_retention_days, "minimum", least, most)
    yield from _out_of_range(vault.max_retention_days, "maximum", least, most)
    yield from _out_of_range(vault.changeable_for_days, "grace", least_grace, most)
    yield from _contradiction(vault)
    place = vault.lock_configuration
    for guard, days in vault.min_retention_days if place is not None else ():
        for other, lock in vault.locked:
            both = guard & other
            if days is None and lock.verdict is YES and both is not None and place is not None:
                yield Hit(place, YES, both, "no-minimum")


@check
def air_gapped_limits_are_invalid(vault: Vault, _: Estate, *, least: int, most: int) -> Iterator[Hit]:
    """Limits of an air-gapped vault that AWS Backup refuses.

    Reasons: `minimum`, `maximum` (out of range), `contradiction`, `no-minimum`, `no-maximum`, `lock`. Facts: `days`,
    `least`, `most`.
    """
    if vault.kind != "air-gapped":
        return
    if vault.lock_configuration is not None:
        yield Hit(vault.lock_configuration, YES, vault.guard, "lock")
    for name, limits in (("minimum", vault.min_retention_days), ("maximum", vault.max_retention_days)):
        yield from _out_of_range(limits, name, least, most)
        absent = [guard for guard, days in limits if days is None and vault.lock_configuration is None]
        yield from (Hit(vault.span, YES, guard, f"no-{name}") for guard in absent)
    yield from _contradiction(vault)


def _out_of_range(limits: Texts, reason: str, least: int, most: int) -> Iterator[Hit]:
    for guard, days in limits:
        number = days.number if days is not None else None
        if days is not None and number is not None and not least <= number <= most:
            facts = {"days": str(number), "least": str(least), "most": str(most)}
            yield Hit(days.span, YES, guard, reason, facts, assumptions=assumptions_of(days))


def _contradiction(vault: Vault) -> Iterator[Hit]:
    """The minimum is longer than the maximum."""
    for guard, least in vault.min_retention_days:
        for other, most in vault.max_retention_days:
            both, low, high = guard & other, _number(least), _number(most)
            if both is None or least is None or most is None or low <= high or high < 1:
                continue
            yield Hit(
                most.span,
                YES,
                both,
                "contradiction",
                facts={"least": str(low), "most": str(high)},
                also=(("least", least.span),),
                assumptions=assumptions_of(least, most),
            )


def _number(text: Text | None) -> int:
    """0 of what is no number."""
    return (text.number if text is not None else None) or 0


@check
def vault_is_unlocked(vault: Vault, estate: Estate) -> Iterator[Hit]:
    """A vault takes copies from other accounts and has no lock. Reasons and labels: `copy`, `grant`."""
    reception = receives(vault, vault, estate)
    if reception.answer.verdict is not YES:
        return
    for guard, lock in vault.locked:
        yield Hit(
            vault.span,
            ~lock.verdict,
            guard,
            reception.way,
            also=((reception.way, reception.place),) if reception.place is not None else (),
            holes=lock.holes,
            assumptions=reception.answer.assumptions,
        )


@check
def vault_is_not_retained(vault: Vault, _: Estate, *, kept_by: list[str]) -> Iterator[Hit]:
    """A stack deletes, or tries to delete, the vault that it declares. Reasons: `deletion`, `replacement`, `both`."""
    for guard, deletion in vault.deletion_policy:
        for other, replacement in vault.update_replace_policy:
            both = guard & other
            goes = [text is None or text.known not in (*kept_by, None) for text in (deletion, replacement)]
            if both is None or not any(goes):
                continue
            written = (("deletion", deletion), ("replacement", replacement))
            yield Hit(
                vault.span,
                YES,
                both,
                "both" if all(goes) else "deletion" if goes[0] else "replacement",
                also=tuple((name, text.span) for name, text in written if text is not None),
            )


@check
def lock_becomes_permanent(vault: Vault, _: Estate) -> Iterator[Hit]:
    """A lock that can be changed for some days only. Fact: `days`."""
    for guard, days in vault.changeable_for_days:
        for other, permanent in vault.in_compliance_mode:
            both = guard & other
            if days is not None and both is not None:
                yield Hit(
                    days.span,
                    permanent.verdict,
                    both,
                    facts={"days": str(days)},
                    holes=permanent.holes,
                    assumptions=assumptions_of(days),
                )
