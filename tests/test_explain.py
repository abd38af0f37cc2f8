"""`explain`: rules in words, with an example that is run to be shown."""

from __future__ import annotations

import json
import re

import pytest

from tests.rule_examples import RULES
from tests.runs import run
from xbackup_lint.engine.rule import Rule
from xbackup_lint.explain import answer, explain
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import columns


def test_a_rule_is_told_whole() -> None:
    """What its file says is there, in this order; and its first examples, with what is reported on them."""
    ran = run("explain", "target-vault-is-an-arn")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("error[target-vault-is-an-arn]: TargetBackupVault is an ARN where AWS takes a")
    headings = re.findall(r"^[A-Z].*$", ran.out, re.MULTILINE)
    assert headings == [
        "Why",
        "To mend it",
        "Where it may be wrong",
        "Reported: the vault of another account",
        "Not reported: a name",
        "References",
    ]
    assert (
        " 9 |             TargetBackupVault: arn:aws:backup:eu-west-1:444455556666:backup-vault:central\n"
        f"   |                                {'^' * 58}\n"
    ) in ran.out
    assert " 1 | Resources:\n 2 |   Plan:\n" in ran.out
    assert " 9 |             TargetBackupVault: central\n" in ran.out
    assert "  https://docs.aws.amazon.com/" in ran.out


def test_a_join_shows_both_files() -> None:
    out = run("explain", "copy-refused-by-vault").out

    assert re.search(r"^ +--> .*plan\.yaml:\d+:\d+$", out, re.MULTILINE)
    assert re.search(r"^ +::: .*vault\.yaml", out, re.MULTILINE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_shows_what_it_reports(rule: Rule) -> None:
    text = explain(rule, Options())

    assert f"{rule.severity}[{rule.id}]: " in text.split("\nReported: ")[1]
    assert re.search(r"\|[ -]*\^", text), "something is underlined"
    assert "\nNot reported: " in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("width", [80, 200])
def test_nothing_is_wider_than_the_terminal(rule: Rule, width: int) -> None:
    """Snippets and addresses are there to be copied: they are never broken."""
    kept = {
        line.strip()
        for text in (rule.prose.remediation, *rule.prose.references)
        for line in text.splitlines()
    }
    for line in explain(rule, Options(width)).splitlines():
        snippet = line.startswith("      ") or line.strip() in kept
        assert columns(line) <= width or snippet or " " not in line.strip()


def test_colours_are_those_of_a_report() -> None:
    (rule,) = [rule for rule in RULES if rule.id == "copy-to-itself"]

    coloured, plain = explain(rule, Options(80, colour=True)), explain(rule, Options(80))

    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1;33mwarning[copy-to-itself]" in coloured


def test_a_family_is_listed() -> None:
    out = run("explain", "input").out

    assert out.startswith("input\n  account-id-not-text ")
    assert "copy-to-itself" not in out


def test_several_are_told_in_the_order_asked_for() -> None:
    out = run("explain", "copy-to-itself", "input", "account-id-not-text", "copy-to-itself").out

    firsts = [
        out.index("warning[copy-to-itself]: A"),
        out.index("\n\ninput\n"),
        out.index("error[account-id"),
    ]
    assert firsts == sorted(firsts)
    assert out.count("warning[copy-to-itself]: A rule") == 1


def test_alone_it_lists_every_rule_by_family() -> None:
    lines = run("explain").out.splitlines()

    told = [line.split()[:2] for line in lines if line.startswith("  ")]
    ordered = sorted(RULES, key=lambda rule: (rule.family, rule.id))
    assert told == [[rule.id, rule.severity] for rule in ordered]
    assert [line for line in lines if line[:1].isalpha()] == list(dict.fromkeys(r.family for r in ordered))


def test_the_list_wraps_titles_under_themselves() -> None:
    text = answer([], RULES, Options(80))

    assert max(columns(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("copy-to-itsself",), "there is no rule `copy-to-itsself`; did you mean `copy-to-itself`?"),
        (("copy-to-itself", "kye"), "there is no rule `kye`; did you mean `key`?"),
        (("zzz",), "there is no rule `zzz`\n"),
        (("--nouns", "cpoy"), "there is no noun `cpoy`; did you mean `copy`?"),
        (("--format", "json", "zzz"), "there is no rule `zzz`"),
    ],
)
def test_an_unknown_name_is_2_with_the_nearest(arguments: tuple[str, ...], said: str) -> None:
    ran = run("explain", *arguments)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_json_holds_the_words_of_the_rules() -> None:
    (told,) = json.loads(run("explain", "copy-to-itself", "--format", "json").out)

    (rule,) = [rule for rule in RULES if rule.id == "copy-to-itself"]
    assert (told["id"], told["severity"], told["family"]) == ("copy-to-itself", "warning", "copy")
    assert told["rationale"] == rule.prose.rationale
    assert told["references"] == list(rule.prose.references)


def test_json_of_all_and_of_a_family() -> None:
    assert len(json.loads(run("explain", "--format", "json").out)) == len(RULES)
    family = json.loads(run("explain", "key", "--format", "json").out)
    assert {told["family"] for told in family} == {"key"}
