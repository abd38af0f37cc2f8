"""What the documents name is there: the files and headings that they link to, rules, options, commands and facts."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.runs import run
from xbackup_lint.checks.needs import requirement_is_not_met
from xbackup_lint.cli import COMMANDS
from xbackup_lint.config.configuration import Configuration
from xbackup_lint.engine import requirement_words
from xbackup_lint.engine.examples import KEYS as EXAMPLE_KEYS
from xbackup_lint.engine.load import load_rules
from xbackup_lint.engine.nouns import NOUNS, attributes, written
from xbackup_lint.engine.prose import KEYS
from xbackup_lint.report.formats import FORMATS

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]

FENCE = re.compile(r"^(```+)[^\n]*\n(.*?)^\1 *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]*)\)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
FACT = re.compile(r"\bF[0-9]{1,2}\.[0-9]{1,2}b?\b")

OTHERS_OPTIONS = {"--all-files", "--help", "--oracle"}
"""Options of other programs, and of tools of this repository, that documents name by themselves."""


def prose(text: str) -> str:
    """A document without the blocks that show code and output."""
    return FENCE.sub("", text)


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(
        slug(line.lstrip("#")) for line in prose(path.read_text("utf-8")).splitlines() if line[:1] == "#"
    )


def dead_links(path: Path, text: str) -> list[str]:
    """The relative links of a document that lead nowhere."""
    dead = []
    for target in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(target)
    return dead


@cache
def words() -> frozenset[str]:
    """What `rule-id` and the like in a text may be: a word of this tool."""
    rules = load_rules(ROOT / "rules")
    named = {rule.id for rule in rules} | {rule.family for rule in rules} | set(requirement_words._WORDS)
    named |= {*KEYS, *EXAMPLE_KEYS, *NOUNS, *COMMANDS, *FORMATS}
    named |= {written(name) for _, kind in NOUNS.values() for name in attributes(kind)}
    named |= {written(name) for name in Configuration.__annotations__}
    schema = json.loads((ROOT / "xbackup_lint/config/configuration.schema.json").read_text("utf-8"))
    named |= set(schema["properties"])
    return frozenset(named)


OTHERS_WORDS = frozenset(
    {"xbackup-lint", "cfn-flip", "cfn-lint", "pre-commit", "iam-simulate", "policy-sentry", "security-events"}
)
"""Programs, and words of theirs."""

COMMANDS_OF_AWS = re.compile(r"(batch-get|create|delete|describe|get|list|put|select|update)-[a-z-]+")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


def unknown_words(text: str) -> list[str]:
    """Words in backquotes that look like rules and are nothing that the tool has."""
    spans = [code for code in CODE.findall(prose(text)) if KEBAB.fullmatch(code)]
    return [
        code
        for code in dict.fromkeys(spans)
        if code not in words() | OTHERS_WORDS
        and not COMMANDS_OF_AWS.fullmatch(code)
        and not REGION.fullmatch(code)
    ]


@cache
def options(command: str) -> frozenset[str]:
    """The options that the help of a command tells."""
    helped = run(command, "--help")
    assert helped.status == 0
    return frozenset(OPTION.findall(helped.out))


def commands(text: str) -> list[str]:
    """The lines in code, and spans in the text, that run the tool; comments and outputs are none."""
    blocks = [body for _, body in FENCE.findall(text)]
    lines = [line.strip() for body in blocks for line in body.splitlines()]
    found = [
        line.removeprefix("$ ") for line in lines if line.startswith(("$ xbackup-lint ", "xbackup-lint "))
    ]
    found += [code for code in CODE.findall(prose(text)) if code.startswith("xbackup-lint ")]
    return [part.strip() for line in found for part in line.partition("  #")[0].split("&&")]


def unknown_options(text: str) -> list[str]:
    """Options in commands, and alone in backquotes, that no command takes."""
    unknown = []
    for command in commands(text):
        if command.startswith("xbackup-lint "):
            first = command.split()[1]
            known = options(first if first in COMMANDS else "check")
            unknown += [f"{command}: {option}" for option in OPTION.findall(command) if option not in known]
    every = frozenset().union(*map(options, COMMANDS)) | OTHERS_OPTIONS
    alone = [code for code in CODE.findall(prose(text)) if code.startswith("--")]
    return unknown + [code for code in alone if not set(OPTION.findall(code)) <= every]


CASES = [
    ("a file that is there", "[a](docs/README.md)", []),
    ("a file that is not", "[a](docs/nothing.md)", ["docs/nothing.md"]),
    ("a heading", "[a](docs/formats.md#exit-statuses)", []),
    ("no such heading", "[a](docs/formats.md#exits)", ["docs/formats.md#exits"]),
    ("a heading of its own, with code in the link", "# Two `words`\n[`a`](#two-words)", []),
    ("the web", "[a](https://example.com/x)", []),
    ("what only looks like one, in a block", "```text\n[a](b)\n```\n", []),
]


@pytest.mark.parametrize(("text", "dead"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_how_links_are_followed(text: str, dead: list[str], tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text(text)
    (tmp_path / "docs").symlink_to(ROOT / "docs")

    assert dead_links(document, text) == dead


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`copy-refused-by-vault` of `vault-policy`, in `per-file-ignores`", []),
        ("`copy-refused-by-valt`", ["copy-refused-by-valt"]),
        ("`describe-global-settings` in `eu-west-1`", []),
        ("`cold-storage-over-90-days` and ``cold-storage`-``", ["cold-storage-over-90-days"]),
    ],
)
def test_how_words_are_known(text: str, unknown: list[str]) -> None:
    assert unknown_words(text) == unknown


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`--fail-on warning,unsure`", []),
        ("`--fail-of`", ["--fail-of"]),
        ("```console\nxbackup-lint copies a/ --format json  # --no-such\n```\n", []),
        ("`xbackup-lint explain --nouns`", []),
        ("`xbackup-lint copies --nouns`", ["xbackup-lint copies --nouns: --nouns"]),
        ("```text\n$ xbackup-lint a --formt text\n```\n", ["xbackup-lint a --formt text: --formt"]),
    ],
)
def test_how_options_are_known(text: str, unknown: list[str]) -> None:
    assert unknown_options(text) == unknown


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    assert dead_links(path, path.read_text("utf-8")) == []


@pytest.mark.parametrize("name", NAMES)
def test_rules_and_keys_exist(name: str) -> None:
    assert unknown_words((ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", NAMES)
def test_options_and_commands_exist(name: str) -> None:
    assert unknown_options((ROOT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_documented(name: str) -> None:
    documented = set(
        re.findall(r"^\| (F[0-9.]+b?) \|", (ROOT / "docs/aws-facts.md").read_text("utf-8"), re.MULTILINE)
    )
    cited = set(FACT.findall(prose((ROOT / name).read_text("utf-8"))))

    assert cited <= documented


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}

    assert {page for page in pages if f"]({page})" not in index} == set()


def sections() -> dict[str, str]:
    """The requirements that the document tells of, in its order, each with its text."""
    text = (ROOT / "docs/what-a-copy-needs.md").read_text("utf-8")
    parts = re.split(r"^## ([a-z-]+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_requirement_has_its_section_in_the_order_of_the_rows() -> None:
    assert list(sections()) == list(requirement_words._WORDS)


def test_each_section_names_the_rules_that_select_its_requirement() -> None:
    told = sections()
    missing = [
        (requirement, rule.id)
        for rule in load_rules(ROOT / "rules")
        if rule.check is requirement_is_not_met
        and f"`{rule.id}`" not in told[requirement := str(rule.options["requirement"])]
    ]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_modules_are_where_documents_say(name: str) -> None:
    spans = CODE.findall(prose((ROOT / name).read_text("utf-8")))
    modules = {code for code in spans if re.fullmatch(r"[a-z_/0-9]+/[a-z_0-9]+\.py", code)}

    assert {
        code for code in modules if not (ROOT / code).exists() and not (ROOT / "xbackup_lint" / code).exists()
    } == set()


def test_every_format_has_its_section() -> None:
    assert set(FORMATS) <= anchors(ROOT / "docs/formats.md")


def test_the_picture_is_what_the_tool_draws() -> None:
    """Made anew by `xbackup-lint graph cfn --config answers.yaml --output picture.mermaid` in its folder."""
    folder = ROOT / "examples/first-run"
    drawn = run("graph", "cfn", "--config", "answers.yaml", cwd=folder)

    assert (drawn.status, drawn.out) == (0, (folder / "picture.mermaid").read_text("utf-8"))
