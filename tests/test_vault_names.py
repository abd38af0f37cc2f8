"""Vaults by name: which names are taken for misspellings of each other, and who is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.model.deployment import Deployment
from xbackup_lint.model.vault import Vault
from xbackup_lint.model.vault_names import VaultNames, similar
from xbackup_lint.text.source import Source, Span
from xbackup_lint.values.alternatives import ALWAYS, Alternatives
from xbackup_lint.values.hole import ACCOUNT, REGION, Hole
from xbackup_lint.values.text import Text

SPAN = Span(Source("vaults.yaml", "vault"), 0, 5)


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        # Case, and what separates words.
        ("central", "Central", True),
        ("prod", "Prod", True),
        ("daily-backups", "daily_backups", True),
        ("daily-backups", "DailyBackups", True),
        # One letter more, another letter, two that changed places.
        ("daily-backup", "daily-backups", True),
        ("central", "cental", True),
        ("central", "cantral", True),
        ("central", "cetnral", True),
        ("central", "centrla", True),
        # Two letters.
        ("central", "cantrel", False),
        ("central", "centralized", False),
        ("daily", "weekly", False),
        # The same name is no misspelling of itself.
        ("central", "central", False),
        # Numbered, lettered.
        ("vault-1", "vault-2", False),
        ("vault1", "vault", False),
        ("vault-a", "vault-b", False),
        ("VaultA", "VaultB", False),
        ("VaultA", "Vault", False),
        ("db-vault", "dc-vault", False),
        ("vault-12", "vault-21", False),
        # Short.
        ("prod", "prd", False),
        ("dev", "dew", False),
        ("", "a", False),
    ],
)
def test_similar(name: str, other: str, expected: bool) -> None:
    assert similar(name, other) is expected
    assert similar(other, name) is expected


def text(value: str) -> Text:
    return Text.literal(value, SPAN)


def symbol(name: str) -> Text:
    return Text.unknown(Hole((name, "AWS::AccountId"), "not known", ACCOUNT), SPAN)


def vault(name: str, account: Text) -> Vault:
    region = Text.unknown(Hole(("x", "AWS::Region"), "not known", REGION), SPAN)
    return Vault(
        SPAN,
        Deployment("vaults.yaml", account, region),
        "standard",
        Alternatives.of(text(name)),
        Alternatives.of(None),
        None,
        ALWAYS,
        frozenset({name}),
    )


ACCOUNTS = {
    "111122223333": text("111122223333"),
    "444455556666": text("444455556666"),
    "a": symbol("a"),
    "b": symbol("b"),
}


@pytest.mark.parametrize(
    ("asked", "certain", "perhaps"),
    [
        ("111122223333", ["111122223333"], ["a", "b"]),
        ("a", ["a"], ["111122223333", "444455556666", "b"]),
    ],
)
def test_a_vault_is_in_an_account_or_perhaps(asked: str, certain: list[str], perhaps: list[str]) -> None:
    """An id is another id's no, and every symbol's perhaps."""
    vaults = {name: vault("central", account) for name, account in ACCOUNTS.items()}
    names = VaultNames(vaults.values())

    assert names.named("central", ACCOUNTS[asked]) == [vaults[name] for name in certain]
    assert set(names.declared("central", ACCOUNTS[asked])) == {vaults[name] for name in (*certain, *perhaps)}


def test_a_vault_of_an_account_that_is_partly_known_is_in_none() -> None:
    partly = Text.join([text("1111"), symbol("a")], SPAN)
    names = VaultNames([vault("central", partly)])

    assert names.of(partly) == names.of(ACCOUNTS["a"]) == []
    assert list(names.declared("central", ACCOUNTS["a"])) != []


@given(
    st.lists(st.text("abAB-_1", min_size=1, max_size=12), max_size=8),
    st.text("abAB-_1", min_size=1, max_size=12),
)
def test_near_finds_all_that_are_similar(others: list[str], name: str) -> None:
    """The index leaves out no name that a comparison with each of them would find."""
    account = ACCOUNTS["111122223333"]
    found = VaultNames([vault(other, account) for other in others]).near(name, account)

    assert sorted(near for _, near in found) == sorted(other for other in others if similar(name, other))


@pytest.mark.parametrize("name", ["a" * 51, "a" * 100_000])
def test_a_name_that_no_vault_can_have_is_near_to_none(name: str) -> None:
    account = ACCOUNTS["111122223333"]
    names = VaultNames([vault(name, account)])

    assert names.near(name.upper(), account) == []
    assert names.near("central", account) == []
