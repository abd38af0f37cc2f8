"""Logically air-gapped vaults: where they can be, and with whom they can be shared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

from xbackup_lint.checks.hit import Hit, assumptions_of, check
from xbackup_lint.model.estate import Estate
from xbackup_lint.model.share import Share
from xbackup_lint.model.vault import Vault
from xbackup_lint.policy.arn import Arn, vault_arn
from xbackup_lint.values.text import Text
from xbackup_lint.values.verdict import YES


class _Regions(TypedDict):
    unavailable: list[str]
    unavailable_beginnings: list[str]


@cache
def _regions() -> _Regions:
    """Read when the first air-gapped vault in a known region is met."""
    path = Path(__file__).with_name("data").joinpath("air-gapped-regions.json")
    found: _Regions = json.loads(path.read_bytes())
    return found


@check
def air_gapped_is_unavailable(vault: Vault, _: Estate) -> Iterator[Hit]:
    """An air-gapped vault in a region that has none (F4.24)."""
    region = vault.region.known
    if vault.kind != "air-gapped" or region is None:
        return
    regions = _regions()
    if region in regions["unavailable"] or region.startswith(tuple(regions["unavailable_beginnings"])):
        yield Hit(vault.span, YES, vault.guard)


@check
def vault_is_shared_with_organization(share: Share, estate: Estate) -> Iterator[Hit]:
    """A vault is shared with an organization or a unit of it. Fact: `principal`. Label: `resource`.

    AWS: of vaults only the air-gapped can be shared, and with accounts only (F4.20).
    """
    for guard, resource in share.resources:
        for other, principal in share.principals:
            both, arn = guard & other, Arn.of(principal)
            if both is None or arn is None or arn.service.known != "organizations":
                continue
            if _is_vault(resource, estate):
                yield Hit(
                    principal.span,
                    YES,
                    both,
                    facts={"principal": str(principal)},
                    also=(("resource", resource.span),),
                    assumptions=assumptions_of(resource, principal),
                )


def _is_vault(resource: Text, estate: Estate) -> bool:
    """Whether it is certainly a vault: its ARN, or what `Ref` gives of one, which is refused if it is a name."""
    place = resource.hole.place if resource.hole is not None else None
    return vault_arn(resource) is not None or place in estate.vaults_by_place
