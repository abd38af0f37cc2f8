"""The configuration: which file it is, what it says, and what is said of it where it is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from xbackup_lint.config.configuration import (
    BrokenConfiguration,
    Configuration,
    Glob,
    Unit,
    Word,
    find,
    load,
    read,
)
from xbackup_lint.config.deployments import UsageError, parse_assignment
from xbackup_lint.text.source import Source, Span

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "xbackup_lint/config/configuration.schema.json").read_text("utf-8"))
TOOL = "[tool.xbackup-lint]\n"


def configured(text: str, path: str = ".xbackup-lint.yaml") -> Configuration:
    return read(Source(path, text), Path())


def broken(text: str, path: str = ".xbackup-lint.yaml") -> BrokenConfiguration:
    with pytest.raises(BrokenConfiguration) as caught:
        configured(text, path)
    return caught.value


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


# Which file


@pytest.mark.parametrize(
    ("files", "start", "found"),
    [
        ({".xbackup-lint.yaml": ""}, ".", ".xbackup-lint.yaml"),
        ({".xbackup-lint.yml": ""}, ".", ".xbackup-lint.yml"),
        ({"pyproject.toml": TOOL}, ".", "pyproject.toml"),
        ({"plan.yaml": ""}, ".", None),
        # above
        ({".xbackup-lint.yaml": "", "a/b/plan.yaml": ""}, "a/b", ".xbackup-lint.yaml"),
        ({".xbackup-lint.yaml": "", "a/b/plan.yaml": ""}, "a/b/plan.yaml", ".xbackup-lint.yaml"),
        ({".xbackup-lint.yaml": ""}, "not/there", ".xbackup-lint.yaml"),
        # the nearest
        ({".xbackup-lint.yaml": "", "a/pyproject.toml": TOOL, "a/b/x": ""}, "a/b", "a/pyproject.toml"),
        # not above the repository, but at its top; `.git` is a file in a worktree
        ({".xbackup-lint.yaml": "", "a/.git/config": "", "a/b/x": ""}, "a/b", None),
        ({".xbackup-lint.yaml": "", "a/.git": "", "a/b/x": ""}, "a/b", None),
        ({"a/.xbackup-lint.yaml": "", "a/.git/config": "", "a/b/x": ""}, "a/b", "a/.xbackup-lint.yaml"),
        # a pyproject.toml that is not about us
        ({"pyproject.toml": "[project]\nname = 'xbackup-lint'\n"}, ".", None),
        ({"pyproject.toml": "[tool.xbackup-lint-more]\n"}, ".", None),
        ({"pyproject.toml": "[tool.ruff]\n", ".xbackup-lint.yaml": ""}, ".", ".xbackup-lint.yaml"),
        # other ways to spell it
        ({"pyproject.toml": "tool.xbackup-lint.baseline = 'b'\n"}, ".", "pyproject.toml"),
        ({"pyproject.toml": '[ tool . "xbackup-lint" . accounts]\n'}, ".", "pyproject.toml"),
        # broken, but it seems to be about us: reading it will tell
        ({"pyproject.toml": "[tool.xbackup-lint]\nselect = \n"}, ".", "pyproject.toml"),
        ({"pyproject.toml": "# xbackup-lint\nselect = \n"}, ".", None),
    ],
)
def test_find(tmp_path: Path, files: dict[str, str], start: str, found: str | None) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert find(tmp_path / start) == (tmp_path / found if found else None)


@pytest.mark.parametrize(
    "names",
    [
        (".xbackup-lint.yaml", ".xbackup-lint.yml"),
        (".xbackup-lint.yaml", "pyproject.toml"),
        (".xbackup-lint.yml", "pyproject.toml"),
    ],
)
def test_two_in_one_folder_are_an_error(tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        (tmp_path / name).write_text(TOOL)

    with pytest.raises(UsageError, match=f"two configuration files: `{names[0]}` and `{names[1]}`"):
        find(tmp_path)


def test_nothing_up_to_the_top() -> None:
    assert find(Path(Path.cwd().anchor)) is None


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".xbackup-lint.yaml").mkdir()

    with pytest.raises(UsageError, match="is not a file"):
        find(tmp_path)


def test_a_relative_start_gives_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".xbackup-lint.yaml").write_text("baseline: b.json\n")
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")

    found = find(Path())

    assert found == Path("../.xbackup-lint.yaml")
    assert load(found).root == Path("..")


def test_without_a_configuration_nothing_is_imported_to_read_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    script = (
        "import sys; from pathlib import Path; from xbackup_lint.config.location import find;"
        f"assert find(Path({str(tmp_path)!r})) is None;"
        "print([name for name in ('jsonschema', 'tomllib', 'yaml', 'difflib') if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"


# Reading a file


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    for text in (
        "",
        "\n",
        "# accounts:\n  # all commented out\n",
        "---\n",
        "{}",
        "\ufeff# a byte order mark\n",
    ):
        (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
        configuration = load(tmp_path / "c.yaml")

        assert (configuration.accounts, configuration.deployments_of("a.yaml")) == ((), ())
        assert configuration.root == tmp_path
        assert not configuration.excludes("a.yaml")


def test_the_path_is_shown_as_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("acounts: {}")

    with pytest.raises(BrokenConfiguration) as caught:
        load(tmp_path / "c.yaml", "../c.yaml")
    assert str(caught.value.span) == "../c.yaml:1:1"


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"baseline: caf\xe9\n", "not UTF-8: byte 0xe9", "1:14"),
        (b"#" * (5 * 1024 * 1024 + 1), "larger than 5 MiB", "1:1"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes, message: str, place: str) -> None:
    (tmp_path / "c.yaml").write_bytes(data)

    with pytest.raises(BrokenConfiguration) as caught:
        load(tmp_path / "c.yaml", "c.yaml")
    assert (caught.value.message, str(caught.value.span)) == (message, f"c.yaml:{place}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BrokenConfiguration, match="cannot be read: no such file"):
        load(tmp_path / "c.yaml")


# Everything that can be said, in both languages

WHOLE_YAML = """\
organization: o-a1b2c3d4e5
organization-tree:
  id: r-ab12
  policies: [root.json]
  accounts: [management]
  ous:
    Security:
      id: ou-ab12-11111111
      accounts: {backup: {policies: [backup.json]}}
accounts:
  management: "012345670123"
  backup: {id: "444455556666", complete: true}
deployments:
  - templates: [cfn/*.yaml]
    accounts: [backup]
    regions: [eu-west-1]
    parameters: {Days: 35, Locked: true}
documents:
  policies/*.json: {vault: central, account: backup, region: eu-west-1}
trusted-key-accounts: ["999900001111"]
rule-paths: [rules]
select: [copy]
ignore: [key]
per-file-ignores: {"old/**": [copy-to-itself]}
severity: {copy-to-itself: info}
fail-on: [error, unsure]
exclude: [build]
baseline: base.json
"""
WHOLE_TOML = """\
[project]
name = "estate"

[tool.xbackup-lint]
organization = "o-a1b2c3d4e5"
trusted-key-accounts = ["999900001111"]
rule-paths = ["rules"]
select = ["copy"]
ignore = ['key']
per-file-ignores."old/**" = ["copy-to-itself"]
severity = {copy-to-itself = "info"}
fail-on = ["error", "unsure"]
exclude = ["build"]
baseline = "base.json"

[tool.xbackup-lint.organization-tree]
id = "r-ab12"
policies = ["root.json"]
accounts = ["management"]
[tool.xbackup-lint.organization-tree.ous.Security]
id = "ou-ab12-11111111"
accounts.backup.policies = ["backup.json"]

[tool.xbackup-lint.accounts]
management = "012345670123"
backup.id = "444455556666"
backup.complete = true

[[tool.xbackup-lint.deployments]]
templates = ["cfn/*.yaml"]
accounts = ["backup"]
regions = ["eu-west-1"]
parameters = {Days = 35, Locked = true}

[tool.xbackup-lint.documents."policies/*.json"]
vault = "central"
account = "backup"
region = "eu-west-1"
"""


@pytest.mark.parametrize(("text", "path"), [(WHOLE_YAML, "c.yaml"), (WHOLE_TOML, "pyproject.toml")])
def test_all_keys_are_read_the_same_from_both_languages(text: str, path: str) -> None:
    found = configured(text, path)

    assert found.organization is not None
    assert found.organization.text == "o-a1b2c3d4e5"
    root, security = found.organization_tree
    assert (root.id, root.parent, texts(root.policies)) == ("r-ab12", None, ["root.json"])
    assert (security.name, security.id, security.parent) == ("Security", "ou-ab12-11111111", root)
    management, backup = found.accounts
    assert (management.id, management.name, management.unit) == ("012345670123", "management", root)
    assert (backup.id, backup.name, backup.unit) == ("444455556666", "backup", security)
    assert (texts(management.policies), texts(backup.policies)) == ([], ["backup.json"])
    assert (management.complete, backup.complete) == (False, True)
    (deployed,) = found.deployments_of("cfn/plan.yaml")
    assert (deployed.account, deployed.region) == ("444455556666", "eu-west-1")
    assert deployed.parameters == {"Days": "35", "Locked": "true"}
    (attached,) = found.attachments_of("policies/a.json")
    assert (attached.kind, attached.name.text, attached.arn) == ("vault", "central", None)
    assert (attached.account, attached.region) == ("444455556666", "eu-west-1")
    assert texts(found.trusted_key_accounts) == ["999900001111"]
    assert texts(found.rule_paths) == ["rules"]
    assert texts(found.select) == ["copy"]
    assert texts(found.ignore) == ["key"]
    assert texts(found.ignored_in("old/a/b.yaml")) == ["copy-to-itself"]
    assert texts(found.ignored_in("new/a/b.yaml")) == []
    assert [(rule.text, level.text) for rule, level in found.severity] == [("copy-to-itself", "info")]
    assert texts(found.fail_on) == ["error", "unsure"]
    assert (found.excludes("build/a.yaml"), found.excludes("cfn/build.yaml")) == (True, False)
    assert found.baseline is not None
    assert found.baseline.text == "base.json"


@pytest.mark.parametrize(("text", "path"), [(WHOLE_YAML, "c.yaml"), (WHOLE_TOML, "pyproject.toml")])
def test_every_word_knows_its_place(text: str, path: str) -> None:
    found = configured(text, path)
    words = [*found.select, *found.ignore, *found.rule_paths, *found.fail_on, *found.trusted_key_accounts]
    words += [word for pair in found.severity for word in pair]
    words += [rule for _, rules in found.per_file_ignores for rule in rules]
    words += [word for entry in found.deployments.entries for pair in entry.parameters for word in pair]
    words += [found.organization, found.baseline]  # type: ignore[list-item]

    for word in words:
        assert word.span.text.strip("'\"") == word.text
    assert [account.span.text for account in found.accounts] == ["management", "backup"]
    assert found.deployments_of("cfn/a.yaml")[0].span.text.strip('"') == "backup"


# Globs


@pytest.mark.parametrize(
    ("glob", "covered", "not_covered"),
    [
        ("cfn/plan.yaml", ["cfn/plan.yaml"], ["plan.yaml", "cfn/plan.yaml.bak", "a/cfn/plan.yaml", "cfn/plan.yml"]),
        ("plan.yaml", ["plan.yaml"], ["cfn/plan.yaml"]),
        ("cfn", ["cfn/a.yaml", "cfn/a/b.yaml"], ["cfnx/a.yaml", "a/cfn/b.yaml"]),
        ("cfn/", ["cfn/a.yaml"], ["cfnx/a.yaml"]),
        ("./cfn//a.yaml", ["cfn/a.yaml"], []),
        ("/cfn", ["cfn/a.yaml"], ["a/cfn/a.yaml"]),
        (".", ["a.yaml", "a/b.yaml"], []),
        ("cfn/*.yaml", ["cfn/a.yaml", "cfn/.yaml"], ["cfn/a/b.yaml", "cfn/a.yml"]),
        ("*/a.yaml", ["x/a.yaml"], ["a.yaml", "x/y/a.yaml"]),
        ("a?c.yaml", ["abc.yaml"], ["ac.yaml", "a/c.yaml"]),
        ("a[bc].yaml", ["ab.yaml", "ac.yaml"], ["ad.yaml", "a[bc].yaml"]),
        ("a[!b].yaml", ["ac.yaml"], ["ab.yaml"]),
        ("a[.yaml", ["a[.yaml"], ["a.yaml"]),
        ("cfn/**", ["cfn/a.yaml", "cfn/a/b.yaml"], ["a.yaml"]),
        ("**", ["a.yaml", "a/b.yaml"], []),
        ("cfn/**/vault.yaml", ["cfn/vault.yaml", "cfn/a/vault.yaml", "cfn/a/b/vault.yaml"], ["vault.yaml", "cfn/a/xvault.yaml"]),
        ("**/*.json", ["a.json", "a/b/c.json"], ["a/b/c.yaml"]),
        ("**/a/**/b", ["a/b", "x/a/b", "x/a/y/z/b", "a/x/a/b/c"], ["b", "x/b", "a", "ab"]),
        ("**/a/*/b", ["a/x/b", "a/a/x/b", "a/a/b/b", "a/a/a/b"], ["a/b", "a/x/y/b"]),
        ("a**b", ["ab", "axxb"], ["a/b"]),
        ("../shared/*.yaml", ["../shared/a.yaml"], ["shared/a.yaml"]),
        ("A.yaml", ["A.yaml"], ["a.yaml"]),
    ],
)  # fmt: skip
def test_globs(glob: str, covered: list[str], not_covered: list[str]) -> None:
    pattern = Glob.of(Word(glob, Span(Source("c", ""), 0, 0)))

    assert [path for path in covered if not pattern.covers(path)] == []
    assert [path for path in not_covered if pattern.covers(path)] == []


_PARTS = st.lists(st.sampled_from(["a", "b", "ab", "*", "?b", "a*", "**"]), min_size=1, max_size=6)
_PATHS = st.lists(st.sampled_from(["a", "b", "ab", "aab", "c"]), min_size=1, max_size=6)


@given(_PARTS, _PATHS)
def test_law_a_glob_is_its_regular_expression(parts: list[str], names: list[str]) -> None:
    one = {"**": "(?:[^/]+/)*", "*": "[^/]*/", "?b": "[^/]b/", "a*": "a[^/]*/"}
    expression = "".join(one.get(part, f"{part}/") for part in parts)
    path = "/".join(names)

    covers = Glob.of(Word("/".join(parts), Span(Source("c", ""), 0, 0))).covers(path)

    assert covers == (re.match(expression, path + "/") is not None)


def test_globs_take_no_time_that_explodes() -> None:
    glob = Glob.of(Word("/".join(["**", "a*a*a*a*b"] * 40), Span(Source("c", ""), 0, 0)))

    assert not glob.covers("/".join(["a" * 60] * 400))


def test_globs_are_relative_to_the_folder_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".xbackup-lint.yaml").write_text("exclude: [a/x.yaml]\n")
    (tmp_path / "a").mkdir()
    found = load(tmp_path / ".xbackup-lint.yaml")
    monkeypatch.chdir(tmp_path / "a")

    assert found.excludes("x.yaml")
    assert found.excludes(str(tmp_path / "a" / "x.yaml"))
    assert not found.excludes("a/x.yaml")
    assert found.relative("../../y.yaml") == "../y.yaml"


# Accounts and the organization


def test_names_and_ids_of_accounts() -> None:
    found = configured('accounts: {prod: "111122223333", "222233334444": {complete: yes}}')

    assert found.account_id("prod") == "111122223333"
    assert found.account_id("222233334444") == "222233334444"
    assert found.account_id("999999999999") == "999999999999"
    assert found.account_id("dev") is None
    assert found.account_name("111122223333") == "prod"
    assert found.account_name("222233334444") is None
    assert found.account_name("999999999999") is None
    assert found.is_complete("222233334444")
    assert not found.is_complete("111122223333")
    assert not found.is_complete("999999999999")


def test_ids_are_read_as_they_are_written() -> None:
    """YAML takes the first for octal, the second for a number without its zero, the third for a number."""
    text = """\
accounts:
  a: 012345670123
  b: 012345678901
  c: {id: 111122223333}
  000011112222: {}
deployments: [{templates: x, accounts: [a, 012345678901, 000011112222]}]
trusted-key-accounts: 000000000001
"""
    found = configured(text)

    assert [account.id for account in found.accounts] == [
        "012345670123",
        "012345678901",
        "111122223333",
        "000011112222",
    ]
    assert [deployed.account for deployed in found.deployments_of("x")] == [
        "012345670123",
        "012345678901",
        "000011112222",
    ]
    assert texts(found.trusted_key_accounts) == ["000000000001"]


TREE = """\
organization: o-a1b2c3d4e5
organization-tree:
  ous:
    Security: {id: ou-ab12-11111111, ous: {Backup: {id: ou-ab12-22222222}}}
    Work: {ous: {ou-ab12-33333333: , Prod: {accounts: [b, "777788889999"]}}}
"""


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("accounts: {a: {id: '111122223333', ou: Security}}", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"),
        (
            "accounts: {a: {id: '111122223333', ou: Security/Backup}}",
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
        ),
        # by id; by the last id alone; as it stands in policies
        (
            "accounts: {a: {id: '111122223333', ou: ou-ab12-11111111/Backup}}",
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
        ),
        (
            "accounts: {a: {id: '111122223333', ou: ou-ab12-22222222}}",
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
        ),
        (
            "accounts: {a: {id: '111122223333', ou: o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/}}",
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
        ),
        ("accounts: {a: {id: '111122223333', ou: r-ab12}}", "o-a1b2c3d4e5/r-ab12/"),
        # an OU on the way has no id; no OU at all
        ("accounts: {a: {id: '111122223333', ou: Work/ou-ab12-33333333}}", None),
        ("accounts: {a: {id: '111122223333', ou: Work}}", None),
        ("accounts: {a: '111122223333'}", None),
    ],
)
def test_ou_path_with_a_tree(text: str, path: str | None) -> None:
    tree = TREE.replace('b, "777788889999"', '"777788889999"')

    assert configured(tree + text).ou_path("111122223333") == path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (
            "organization: o-a1b2c3d4e5\naccounts: {a: {id: '111122223333', ou: ou-ab12-11111111/ou-ab12-22222222}}",
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/",
        ),
        # the root's id comes from another account's OU
        (
            "organization: o-a1b2c3d4e5\naccounts: {b: {id: '222233334444', ou: ou-ab12-11111111}, a: {id: '111122223333', ou: /}}",
            "o-a1b2c3d4e5/r-ab12/",
        ),
        ("organization: o-a1b2c3d4e5\naccounts: {a: {id: '111122223333', ou: Work/Prod}}", None),
        ("accounts: {a: {id: '111122223333', ou: ou-ab12-11111111}}", None),
    ],
)
def test_ou_path_without_a_tree(text: str, path: str | None) -> None:
    found = configured(text)

    assert found.ou_path("111122223333") == path
    assert found.ou_path("999999999999") is None
    assert found.organization_tree == ()


def test_accounts_stand_where_the_tree_has_them() -> None:
    found = configured(TREE + "accounts: {b: '111122223333', c: {id: '444455556666', ou: Security/Backup}}")

    def names(unit: Unit | None) -> list[str]:
        return [part.name for part in unit.path] if unit else []

    assert [(account.id, account.name, names(account.unit)) for account in found.accounts] == [
        ("111122223333", "b", ["", "Work", "Prod"]),
        ("444455556666", "c", ["", "Security", "Backup"]),
        ("777788889999", None, ["", "Work", "Prod"]),
    ]
    assert [unit.name for unit in found.organization_tree] == [
        "",
        "Security",
        "Backup",
        "Work",
        "ou-ab12-33333333",
        "Prod",
    ]


def test_both_may_say_where_an_account_stands() -> None:
    found = configured(TREE + "accounts: {b: {id: '111122223333', ou: Work/Prod}}")

    assert found.accounts[0].unit is found.organization_tree[-1]


# Deployments

ACCOUNTS = "accounts: {prod: '111122223333', backup: '444455556666'}\n"


@pytest.mark.parametrize(
    ("deployments", "deployed"),
    [
        # accounts by regions, in order
        (
            "[{templates: a.yaml, accounts: [backup, prod], regions: [eu-west-1, us-east-1]}]",
            [
                ("444455556666", "eu-west-1", {}),
                ("444455556666", "us-east-1", {}),
                ("111122223333", "eu-west-1", {}),
                ("111122223333", "us-east-1", {}),
            ],
        ),
        # what is left out is not known
        ("[{templates: a.yaml, accounts: prod}]", [("111122223333", None, {})]),
        ("[{templates: a.yaml, regions: eu-west-1}]", [(None, "eu-west-1", {})]),
        ("[{templates: a.yaml, parameters: {A: b}}]", [(None, None, {"A": "b"})]),
        # all accounts, those of the tree too
        ("[{templates: a.yaml, accounts: all}]", [("111122223333", None, {}), ("444455556666", None, {})]),
        ("[{templates: a.yaml, accounts: [backup, all]}]", [("444455556666", None, {}), ("111122223333", None, {})]),
        # once: an account by name and by id, a region twice, two globs, two entries
        ("[{templates: a.yaml, accounts: [prod, '111122223333']}]", [("111122223333", None, {})]),
        ("[{templates: ['*', a.yaml], regions: [eu-west-1, us-east-1, eu-west-1]}]", [(None, "eu-west-1", {}), (None, "us-east-1", {})]),
        ("[{templates: a.yaml, accounts: prod}, {templates: '*', accounts: prod}]", [("111122223333", None, {})]),
        # in the order of the entries, however narrow their globs
        ("[{templates: a.yaml, accounts: backup}, {templates: '*', accounts: prod}]", [("444455556666", None, {}), ("111122223333", None, {})]),
        # two stacks of one template
        (
            "[{templates: a.yaml, accounts: prod, parameters: {A: x}}, {templates: a.yaml, accounts: prod, parameters: {A: y}}]",
            [("111122223333", None, {"A": "x"}), ("111122223333", None, {"A": "y"})],
        ),
        # values are texts
        (
            "[{templates: a.yaml, parameters: {A: 012, B: 1.50, C: yes, D: 2012-10-17, E: '', F: 'a,b'}}]",
            [(None, None, {"A": "012", "B": "1.50", "C": "yes", "D": "2012-10-17", "E": "", "F": "a,b"})],
        ),
        ("[{templates: b.yaml, accounts: prod}]", []),
    ],
)  # fmt: skip
def test_deployments(deployments: str, deployed: list[tuple[str | None, str | None, dict[str, str]]]) -> None:
    found = configured(f"{ACCOUNTS}deployments: {deployments}").deployments_of("a.yaml")

    assert [(one.account, one.region, one.parameters) for one in found] == deployed


@pytest.mark.parametrize(
    ("entry", "underlined"),
    [
        ("{templates: [x, a.yaml], accounts: [prod], regions: [eu-west-1]}", "prod"),
        ("{templates: [x, a.yaml], accounts: [prod, '111122223333']}", "prod"),
        ("{templates: [x, a.yaml], accounts: all}", "all"),
        ("{templates: [x, a.yaml], regions: [eu-west-1]}", "eu-west-1"),
        ("{templates: [x, a.yaml]}", "a.yaml"),
    ],
)
def test_a_deployment_points_at_what_tells_it(entry: str, underlined: str) -> None:
    found = configured(f"{ACCOUNTS}deployments: [{entry}]").deployments_of("a.yaml")

    assert {one.span.text for one in found} == {underlined}


def test_hundreds_of_templates_share_what_is_the_same() -> None:
    found = configured(
        ACCOUNTS + "deployments: [{templates: cfn, accounts: all}, {templates: '**', regions: eu-west-1}]"
    )

    assert found.deployments_of("cfn/a.yaml") is found.deployments_of("cfn/b.yaml")
    assert len(found.deployments_of("cfn/a.yaml")) == 3
    assert len(found.deployments_of("b.yaml")) == 1


@given(st.lists(st.tuples(_PARTS, st.integers(0, 3)), min_size=1, max_size=6), _PATHS)
def test_law_the_entries_of_a_template_are_those_whose_globs_cover_it(
    globs: list[tuple[list[str], int]], names: list[str]
) -> None:
    entries = [{"templates": "/".join(parts), "regions": f"eu-west-{n}"} for parts, n in globs]
    found = configured(json.dumps({"deployments": entries}))
    path = "/".join(names)

    covering = [
        entry.regions[0].text for entry in found.deployments.entries if entry.templates[0].covers(path)
    ]
    assert [deployed.region for deployed in found.deployments_of(path)] == list(dict.fromkeys(covering))


# Documents


@pytest.mark.parametrize(
    ("entry", "kind", "name", "arn", "account", "region"),
    [
        ("vault: central, account: backup, region: eu-west-1", "vault", "central", None, "444455556666", "eu-west-1"),
        ("vault: central", "vault", "central", None, None, None),
        (
            "vault: arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
            "vault", "central", "arn:aws:backup:eu-west-1:444455556666:backup-vault:central", "444455556666", "eu-west-1",
        ),
        (
            "key: arn:aws:kms:eu-west-1:444455556666:key/1234, account: backup",
            "key", "1234", "arn:aws:kms:eu-west-1:444455556666:key/1234", "444455556666", "eu-west-1",
        ),
        (
            "key: arn:aws:kms:eu-west-1:444455556666:alias/b",
            "key", "alias/b", "arn:aws:kms:eu-west-1:444455556666:alias/b", "444455556666", "eu-west-1",
        ),
        ("key: alias/b, account: '999900001111'", "key", "alias/b", None, "999900001111", None),
        (
            "role: arn:aws:iam::444455556666:role/service-role/Backup",
            "role", "service-role/Backup", "arn:aws:iam::444455556666:role/service-role/Backup", "444455556666", None,
        ),
        ("scp: protect-backups", "scp", "protect-backups", None, None, None),
        ("scp: protect-backups, account: prod", "scp", "protect-backups", None, "111122223333", None),
    ],
)  # fmt: skip
def test_documents(
    entry: str, kind: str, name: str, arn: str | None, account: str | None, region: str | None
) -> None:
    found = configured(f"{ACCOUNTS}documents: {{p/*.json: {{{entry}}}}}")

    (attached,) = found.attachments_of("p/a.json")
    assert (attached.kind, attached.name.text, attached.arn) == (kind, name, arn)
    assert (attached.account, attached.region) == (account, region)
    assert found.attachments_of("a.json") == ()


def test_a_document_may_be_attached_twice() -> None:
    found = configured("documents: {p/a.json: {vault: one}, p/*.json: {vault: two}}")

    assert [attached.name.text for attached in found.attachments_of("p/a.json")] == ["one", "two"]


# Short forms


def test_one_text_stands_for_a_list_of_one() -> None:
    found = configured(
        "select: copy\nignore: key\nrule-paths: r\nexclude: e\nper-file-ignores: {a: b}\ntrusted-key-accounts: '999900001111'"
    )

    assert texts((*found.select, *found.ignore, *found.rule_paths, *found.trusted_key_accounts)) == [
        "copy",
        "key",
        "r",
        "999900001111",
    ]
    assert found.excludes("e/x")
    assert texts(found.ignored_in("a")) == ["b"]


@pytest.mark.parametrize("text", ["error,unsure", "' error , unsure '", "[error, unsure]"])
def test_fail_on(text: str) -> None:
    levels = configured(f"fail-on: {text}").fail_on

    assert [(level.text, level.span.text) for level in levels] == [("error", "error"), ("unsure", "unsure")]


# What is wrong


@pytest.mark.parametrize(
    ("text", "message", "underlined"),
    [
        # keys
        ("acounts: {a: '111122223333'}", "there is no key `acounts` here; did you mean `accounts`?", "acounts"),
        ("fail_on: error\nselect: x", "there is no key `fail_on` here; did you mean `fail-on`?", "fail_on"),
        (
            "organization-tree:\n  units: {A: {}}",
            "there is no key `units` here; known are id, policies, accounts, ous",
            "units",
        ),
        ("deployments: [{regions: eu-west-1, template: a}]", "there is no key `template` here; did you mean `templates`?", "template"),
        ("accounts: {a: {id: '111122223333', completed: true}}", "there is no key `completed` here; did you mean `complete`?", "completed"),
        ("documents: {a: {valt: b}}", "there is no key `valt` here; did you mean `vault`?", "valt"),
        ("select: a\nselect: b", "key `select` is given twice", "select"),
        ("accounts:\n  a: '111122223333'\n  a: '111122223333'", "key `a` is given twice", "a"),
        # what stands where
        ("- a", "a configuration is a mapping", "- a"),
        ("hello", "a configuration is a mapping", "hello"),
        ("accounts: [a]", "`accounts` is a mapping of names to accounts, not a list", "[a]"),
        ("select: {a: b}", "`select` is a text or a list of texts, not a mapping", "{a: b}"),
        ("select: [[a]]", "an item of `select` is a text, not a list", "[a]"),
        ("deployments: {a: b}", "`deployments` is a list of deployments, not a mapping", "{a: b}"),
        ("organization-tree: r-ab12", "`organization-tree` is a mapping, the root of the organization, not a text", "r-ab12"),
        ("accounts: {a: {id: '111122223333', complete: 'true'}}", "`complete` is true or false, not a text", "'true'"),
        ("deployments: [{templates: a, accounts: [no]}]", "`no` means true or false here: put it in quotes", "no"),
        ("deployments: [{templates: a, parameters: {A: [x]}}]", "`A` is the value of a parameter, one text, not a list", "[x]"),
        # values that are missing
        ("accounts:", "`accounts` has no value", "accounts"),
        ("select: ~", "`select` has no value", "~"),
        ("accounts: {}", "`accounts` is empty", "{}"),
        ("select: []", "`select` is empty", "[]"),
        ("exclude: ['']", "an item of `exclude` is empty", "''"),
        ("deployments: [{templates: a, parameters: {A: }}]", "`A` has no value", "A"),
        ("accounts: {a: {ou: x}}", "`a` needs `id`", "a"),
        ("deployments:\n  - accounts: [prod]\n    regions: [eu-west-1]", "an item of `deployments` needs `templates`", "accounts"),
        ("deployments: [{}]", "an item of `deployments` needs `templates`", "{}"),
        # words that are none of ours
        ("severity: {a: erro}", "`erro` is not one of error, warning, info; did you mean `error`?", "erro"),
        ("severity: {a: unsure}", "`unsure` is not one of error, warning, info", "unsure"),
        ("fail-on: [never]", "`never` is not one of error, warning, info, unsure", "never"),
        ("fail-on: error;info", "`error;info` is not one or more of error, warning, info and unsure, with commas between them", "error;info"),
        ("organization: a1b2c3d4e5", "`a1b2c3d4e5` is not an organization id, `o-` and 10 to 32 letters or digits", "a1b2c3d4e5"),
        ("deployments: [{templates: a, regions: [eu-wset-1]}]", "`eu-wset-1` is not the name of a region", "eu-wset-1"),
        ("deployments: [{templates: a, regions: Frankfurt}]", "`Frankfurt` is not the name of a region, or a list of them", "Frankfurt"),
        # account ids
        ("accounts: {a: '1111222233'}", "`1111222233` is not an account id of 12 digits, or a mapping with `id`", "'1111222233'"),
        ("accounts: {a: {id: 12345670123}}", "`12345670123` is not an account id of 12 digits; was it written without its leading zero?", "12345670123"),
        ("accounts: {a: {id: 1111-2222-3333}}", "`1111-2222-3333` is not an account id of 12 digits; leave the dashes out", "1111-2222-3333"),
        ('accounts: {a: {id: "111122223333\\n"}}', "`111122223333\n` is not an account id of 12 digits", '"111122223333\\n"'),
        ("accounts: {12345: {id: '111122223333'}}", "`12345` is neither a name nor an account id of 12 digits", "12345"),
        ("accounts: {all: '111122223333'}", "no account can be named `all`, which stands for every account", "all"),
        ("accounts: {'111122223333': '222233334444'}", "this account stands under the id `111122223333`", "'222233334444'"),
        ("accounts: {a: '111122223333', b: {id: 111122223333}}", "accounts `a` and `b` have the same id, 111122223333", "111122223333"),
        # accounts that are not there
        ("accounts: {production: '111122223333'}\ndeployments: [{templates: a, accounts: [prodution]}]", "there is no account `prodution` under `accounts`; did you mean `production`?", "prodution"),
        ("deployments: [{templates: a, accounts: [prod]}]", "there is no account `prod` under `accounts`", "prod"),
        ("deployments: [{templates: a, accounts: [1234]}]", "`1234` is not an account id of 12 digits", "1234"),
        ("deployments: [{templates: a, accounts: all}]", "`all` are the accounts of this configuration, and it has none", "all"),
        ("trusted-key-accounts: [them]", "there is no account `them` under `accounts`", "them"),
        ("documents: {a: {vault: b, account: c}}", "there is no account `c` under `accounts`", "c"),
        ("organization-tree: {accounts: [x]}", "there is no account `x` under `accounts`", "x"),
        # the organization
        (TREE + "accounts: {b: {id: '111122223333', ou: Work/Prd}}", "`organization-tree` has no OU `Prd` in `Work`; did you mean `Prod`?", "Prd"),
        (TREE + "accounts: {b: {id: '111122223333', ou: Backup}}", "`organization-tree` has no OU `Backup` in the root", "Backup"),
        (TREE + "accounts: {b: {id: '111122223333', ou: Security}}", "`organization-tree` has this account in `Work/Prod`", "Security"),
        (TREE + "accounts: {b: {id: '111122223333', ou: r-zz99/Work}}", "`r-zz99` is not the root, `r-ab12`", "r-zz99"),
        (TREE + "accounts: {b: {id: '111122223333', ou: o-zzzzzzzzzz/r-ab12}}", "`o-zzzzzzzzzz` is not the organization, `o-a1b2c3d4e5`", "o-zzzzzzzzzz"),
        ("organization-tree: {ous: {A: {id: ou-ab12-11111111}, B: {id: ou-zz99-11111111}}}", "`ou-zz99-11111111` is an OU of root `r-zz99`, not of `r-ab12`", "ou-zz99-11111111"),
        ("organization-tree: {ous: {A: {id: ou-ab12-11111111}, B: {id: ou-ab12-11111111}}}", "two OUs have the id `ou-ab12-11111111`", "ou-ab12-11111111"),
        ("organization-tree: {ous: {ou-ab12-11111111: {id: ou-ab12-22222222}}}", "this OU stands under the id `ou-ab12-11111111`", "ou-ab12-22222222"),
        ("organization-tree: {id: ab12}", "`ab12` is not the id of a root, `r-` and 4 to 32 letters or digits", "ab12"),
        ("organization-tree: {ous: {A: {id: ou-1}}}", "`ou-1` is not the id of an OU, as in `ou-ab12-11111111`", "ou-1"),
        (
            "organization-tree: {accounts: ['111122223333'], ous: {A: {accounts: ['111122223333']}}}",
            "account `111122223333` stands in the root already",
            "'111122223333'",
        ),
        # documents
        ("documents: {a: {account: '111122223333'}}", "`a` takes exactly one of `vault`, `key`, `role` and `scp`", "{account: '111122223333'}"),
        ("documents: {a: {vault: b, key: c}}", "`a` takes exactly one of `vault`, `key`, `role` and `scp`", "{vault: b, key: c}"),
        ("documents: {a: {vault: 'arn:aws:kms:eu-west-1:111122223333:key/1'}}", "`arn:aws:kms:eu-west-1:111122223333:key/1` is not the ARN of a vault", "'arn:aws:kms:eu-west-1:111122223333:key/1'"),
        ("documents: {a: {role: 'arn:aws:iam::111122223333:user/x'}}", "`arn:aws:iam::111122223333:user/x` is not the ARN of a role", "'arn:aws:iam::111122223333:user/x'"),
        ("documents: {a: {key: 'arn:aws:kms:eu-west-1:111122223333:key/1', account: '222233334444'}}", "the ARN says `111122223333`, and this `222233334444`", "'222233334444'"),
        ("documents: {a: {key: 'arn:aws:kms:eu-west-1:111122223333:key/1', region: us-east-1}}", "the ARN says `eu-west-1`, and this `us-east-1`", "us-east-1"),
        # the first fault in the file, of several
        ("select: []\naccounts: [a]\nx: y", "`select` is empty", "[]"),
        # YAML
        ("select: [a\nignore: b", "did not find expected ',' or ']' while parsing a flow sequence that begins on line 1", ":"),
        ("select: !Ref a", "a configuration takes no tags such as `!Ref`", "!Ref a"),
        ("select: a\n---\nselect: b", "more than one document in the file", "-"),
    ],
)  # fmt: skip
def test_broken(text: str, message: str, underlined: str) -> None:
    found = broken(text)

    assert (found.message, found.span.text) == (message, underlined)


@pytest.mark.parametrize(
    ("text", "message", "line", "underlined"),
    [
        ("", "there is no `[tool.xbackup-lint]` in this file", 1, ""),
        ("[tool.ruff]\n", "there is no `[tool.xbackup-lint]` in this file", 1, "["),
        ("[[tool.xbackup-lint]]\n", "a configuration is a mapping", 1, "xbackup-lint"),
        (TOOL + "acounts = 1\n", "there is no key `acounts` here; did you mean `accounts`?", 2, "acounts"),
        (
            TOOL + "[tool.xbackup-lint.acounts]\na = '1'\n",
            "there is no key `acounts` here; did you mean `accounts`?",
            2,
            "acounts",
        ),
        (
            TOOL + "select = [\n  'a',\n  1979-05-27,\n  {},\n]\n",
            "an item of `select` is a text, not a mapping",
            5,
            "{}",
        ),
        (TOOL + "organization = true\n", "`true` means true or false here: put it in quotes", 2, "true"),
        (TOOL + "accounts.a.ou = 'x'\n", "`a` needs `id`", 2, "a"),
        (TOOL + "[tool.xbackup-lint.accounts.a]\nou = 'x'\n", "`a` needs `id`", 2, "a"),
        (
            TOOL
            + "[[tool.xbackup-lint.deployments]]\ntemplates = 'a'\n[[tool.xbackup-lint.deployments]]\nregions = 'eu-west-1'\n",
            "an item of `deployments` needs `templates`",
            5,
            "regions",
        ),
        (
            "[tool.xbackup-lint.accounts]\r\na = '111122223333'\r\nb = '''111122223333'''\r\n",
            "accounts `a` and `b` have the same id, 111122223333",
            3,
            "'''111122223333'''",
        ),
        (
            TOOL + "deployments = [{templates = 'a', accounts = [\n  'prod']}]\n",
            "there is no account `prod` under `accounts`",
            3,
            "'prod'",
        ),
        (
            TOOL + "accounts.a = 012345670123\n",
            "an account id that begins with 0 stands in quotes",
            2,
            "012345670123",
        ),
        (TOOL + "select = [\n", "invalid value", 2, "\n"),
    ],
)
def test_broken_in_toml(text: str, message: str, line: int, underlined: str) -> None:
    found = broken(text, "pyproject.toml")

    assert (found.message, found.span.begin[0], found.span.text) == (message, line, underlined)


def test_long_words_are_cut_in_messages() -> None:
    assert (
        broken(f"severity: {{a: {'x' * 1000}}}").message
        == f"`{'x' * 60}…` is not one of error, warning, info"
    )


# What is meant to hurt


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '*a'] * 10)}]\n" for i in range(9)), "more than 200,000 values"),
        ("select: " + "[" * 60 + "]" * 60, "nested more than 40 levels deep"),
        ("select: " + "[" * 5000 + "]" * 5000, "nested more than 200 levels deep"),
        ("select: &a [*a]", "an anchor that contains itself"),
        ("organization-tree: " + "{ous: {A: " * 30 + "{}" + "}}" * 30, "nested more than 40 levels deep"),
        (
            "deployments:\n- templates: a\n  regions: &r [" + ", ".join(f"us-{'x' * n}-east-1" for n in range(1, 120)) + "]\n  accounts: &a ["
            + ", ".join(f"{n:012}" for n in range(9000)) + "]",
            "more than 1,000,000 deployments",
        ),
    ],
)  # fmt: skip
def test_hostile(text: str, message: str) -> None:
    assert broken(text).message == message


def test_organizations_may_be_as_deep_as_aws_lets_them() -> None:
    inner = "{accounts: ['111122223333']}"
    for level in reversed(range(5)):
        inner = (
            f"{{id: ou-ab12-{level:08}, ous: {{L{level}: {inner}}}}}"
            if level
            else f"{{ous: {{L0: {inner}}}}}"
        )

    (account,) = configured(f"organization-tree: {inner}").accounts
    assert account.unit is not None
    assert len(account.unit.path) == 6


def test_a_large_estate() -> None:
    """5,000 accounts, each named in deployments: read in seconds, and a name is found at once."""
    names = [f"account-{n}" for n in range(5000)]
    text = "accounts:\n" + "".join(f"  {name}: '{n:012}'\n" for n, name in enumerate(names))
    text += "deployments:\n" + "".join(f"- {{templates: cfn/{name}, accounts: {name}}}\n" for name in names)

    found = configured(text)

    assert [deployed.account for deployed in found.deployments_of("cfn/account-4999/x.yaml")] == [
        "000000004999"
    ]


# Laws

_NAMES = ["prod", "backup", "a b", "café", "x.y"]
_GLOBS = st.sampled_from(["cfn/*.yaml", "**", "a/", "**/vault.yaml", "plan.yaml", "[x"])
_WORDS = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")), min_size=1, max_size=8)


def _one_or_more(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(one, st.lists(one, min_size=1, max_size=3))


def _some(**options: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={key.replace("_", "-"): value for key, value in options.items()}
    )


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, Any]:
    """What the schema takes, and whose names are there."""
    names = draw(st.lists(st.sampled_from(_NAMES), unique=True, min_size=1))
    ids = draw(
        st.lists(
            st.from_regex(r"[0-9]{12}", fullmatch=True), unique=True, min_size=len(names), max_size=len(names)
        )
    )
    units = draw(st.booleans())
    placed = draw(st.booleans()) and units
    account = st.sampled_from([*names, *ids])
    region = st.sampled_from(["eu-west-1", "us-gov-east-1", "ap-southeast-2"])
    accounts: dict[str, Any] = {}
    for name, known in zip(names, ids, strict=True):
        ou = st.sampled_from(["A", "A/B", "ou-ab12-11111111", "r-ab12/A"]) if not placed else st.nothing()
        accounts[name] = draw(
            st.one_of(
                st.just(known),
                st.fixed_dictionaries(
                    {"id": st.just(known)},
                    optional={"complete": st.booleans(), "ou": ou}
                    if not placed
                    else {"complete": st.booleans()},
                ),
            )
        )
    policies = _one_or_more(_WORDS)
    tree: dict[str, Any] = {
        "id": "r-ab12",
        "ous": {"A": {"id": "ou-ab12-11111111", "ous": {"B": draw(_some(policies=policies))}}},
    }
    if placed:
        tree["ous"]["A"]["accounts"] = draw(
            st.sampled_from([names, {name: {"policies": "x"} for name in names}, dict.fromkeys(ids)])
        )
    found: dict[str, Any] = draw(
        _some(
            organization=st.just("o-a1b2c3d4e5"),
            deployments=st.lists(
                st.fixed_dictionaries(
                    {"templates": _one_or_more(_GLOBS)},
                    optional={
                        "accounts": st.one_of(st.just("all"), _one_or_more(account)),
                        "regions": _one_or_more(region),
                        "parameters": st.dictionaries(_WORDS, st.one_of(_WORDS, st.integers(0, 99), st.booleans()), min_size=1, max_size=2),
                    },
                ),
                min_size=1,
                max_size=3,
            ),
            documents=st.dictionaries(_GLOBS, st.fixed_dictionaries({"vault": st.just("central")}, optional={"account": account, "region": region}), min_size=1, max_size=2),
            trusted_key_accounts=_one_or_more(account),
            rule_paths=_one_or_more(_WORDS),
            select=_one_or_more(_WORDS),
            per_file_ignores=st.dictionaries(_GLOBS, _one_or_more(_WORDS), min_size=1, max_size=2),
            severity=st.dictionaries(_WORDS, st.sampled_from(["error", "info"]), min_size=1, max_size=2),
            fail_on=st.one_of(st.sampled_from(["error", "info, unsure"]), st.lists(st.sampled_from(["error", "unsure"]), min_size=1)),
            exclude=_one_or_more(_GLOBS),
            baseline=_WORDS,
        )
    )  # fmt: skip
    return {**found, "accounts": accounts, **({"organization-tree": tree} if units else {})}


def as_toml(value: object) -> str:
    """A value as TOML takes it inside a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: {} if item is None else _without_null(item) for key, item in value.items()}
    return [_without_null(item) for item in value] if isinstance(value, list) else value


def written(data: dict[str, Any], language: str) -> tuple[str, str]:
    if language == "toml":
        lines = [f"{key} = {as_toml(_without_null(value))}" for key, value in data.items()]
        return TOOL + "\n".join(lines) + "\n", "pyproject.toml"
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000), ".xbackup-lint.yaml"


_LANGUAGES = st.sampled_from(["yaml", "toml"])


@given(configurations(), _LANGUAGES)
def test_law_what_validates_loads_and_says_what_it_said(data: dict[str, Any], language: str) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(data)) == []

    found = configured(*written(data, language))

    ids = {name: value if isinstance(value, str) else value["id"] for name, value in data["accounts"].items()}
    assert {account.name: account.id for account in found.accounts} == ids
    assert texts(found.select) == _listed(data.get("select", []))
    assert [level.text for level in found.fail_on] == [
        level.strip() for text in _listed(data.get("fail-on", [])) for level in text.split(",")
    ]
    for entry, given_entry in zip(found.deployments.entries, data.get("deployments", []), strict=True):
        given_accounts = _listed(given_entry.get("accounts", []))
        wanted = (
            list(ids.values())
            if given_accounts == ["all"]
            else [ids.get(name, name) for name in given_accounts]
        )
        assert texts(entry.accounts) == list(dict.fromkeys(wanted))
        assert texts(entry.regions) == list(dict.fromkeys(_listed(given_entry.get("regions", []))))
    for path in ("plan.yaml", "cfn/a.yaml", "a/b/vault.yaml"):
        places = [
            (one.account, one.region, tuple(one.parameters.items())) for one in found.deployments_of(path)
        ]
        assert len(places) == len(set(places))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_EDITS = st.tuples(
    st.floats(0, 1, exclude_max=True),
    st.integers(0, 12),
    st.sampled_from(
        [
            "",
            "x",
            ":",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "'",
            '"',
            "- ",
            "&a ",
            "*a",
            "!t ",
            "~",
            "1",
            "\x00",
            "\r\n",
            "#",
            "é",
            "=",
        ]
    ),
)


def _edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, removed, put in edits:
        at = int(place * len(text))
        text = text[:at] + put + text[at + removed :]
    return text


def _loads_or_points(text: str, path: str) -> None:
    try:
        configured(text, path)
    except BrokenConfiguration as error:
        assert 0 <= error.span.start <= error.span.end <= len(text)
        assert error.span.source.text == text
        assert error.message


@given(configurations(), _LANGUAGES, st.lists(_EDITS, min_size=1, max_size=3))
def test_law_a_broken_text_loads_or_is_told_at_a_place_in_it(
    data: dict[str, Any], language: str, edits: list[tuple[float, int, str]]
) -> None:
    text, path = written(data, language)

    _loads_or_points(_edited(text, edits), path)


_JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["", "x", "all", "error", "111122223333", "ou-ab12-11111111", "arn:aws:x"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "ou", "ous", "accounts", "vault", "x", "all", "111122223333"]), inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip


@given(configurations(), st.sampled_from(sorted(SCHEMA["properties"])), _JUNK, st.booleans())
def test_law_any_value_anywhere_loads_or_is_told(
    data: dict[str, Any], key: str, junk: object, deep: bool
) -> None:
    inside = data.get(key)
    if deep and isinstance(inside, dict) and inside:
        data = {**data, key: {**inside, next(iter(inside)): junk}}
    elif deep and isinstance(inside, list):
        data = {**data, key: [*inside, junk]}
    else:
        data = {**data, key: junk}

    _loads_or_points(*written(data, "yaml"))


# The schema, and what is written of it


def _parts(schema: dict[str, Any], name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield name, schema
    for key in ("properties", "patternProperties", "$defs"):
        for inner, part in schema.get(key, {}).items():
            yield from _parts(part, f"{name}/{inner}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _parts(schema[key], f"{name}/{key}")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described_and_every_shape_has_a_name() -> None:
    for name, part in _parts(SCHEMA):
        if "properties" in part:
            assert [key for key, value in part["properties"].items() if not value.get("description")] == [], (
                name
            )
        if "type" in part:
            assert part.get("title"), name
        for example in part.get("examples", []):
            assert (
                list(Draft202012Validator({"$defs": SCHEMA["$defs"], **part}).iter_errors(example)) == []
            ), name


def test_no_mapping_takes_keys_that_are_not_described() -> None:
    objects = [part for _, part in _parts(SCHEMA) if "object" in part.get("type", ()) or "properties" in part]

    assert len(objects) > 8
    assert all("additionalProperties" in part for part in objects)


def test_the_schema_only_says_what_messages_can_tell() -> None:
    told = {
        "type",
        "enum",
        "pattern",
        "required",
        "oneOf",
        "minLength",
        "minItems",
        "minProperties",
        "additionalProperties",
    }
    other = {
        "title",
        "description",
        "examples",
        "default",
        "properties",
        "patternProperties",
        "items",
        "$ref",
        "$defs",
        "$schema",
        "$comment",
    }

    assert {key for _, part in _parts(SCHEMA) for key in part} <= told | other


@pytest.mark.parametrize(
    "region",
    [
        "eu-west-1",
        "us-gov-east-1",
        "us-iso-west-1",
        "mx-central-1",
        "eu-wset-1",
        "eu-west",
        "",
        "EU-west-1",
        "eusc-de-east-1",
    ],
)
def test_regions_are_those_of_the_command_line(region: str) -> None:
    try:
        parse_assignment(region, "region")
    except UsageError:
        broken(f"deployments: [{{templates: a, regions: ['{region}']}}]")
        broken(f"deployments: [{{templates: a, regions: '{region}'}}]")
    else:
        configured(f"deployments: [{{templates: a, regions: ['{region}']}}]")
        configured(f"deployments: [{{templates: a, regions: '{region}'}}]")


DOCUMENT = (ROOT / "docs/configuration.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(yaml|toml)\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("language", "text"), EXAMPLES)
def test_documented_examples_load(language: str, text: str) -> None:
    configured(text, f"c.{language}")


def test_every_key_is_documented_with_an_example() -> None:
    sections = re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)

    assert {name for name, _ in sections} == set(SCHEMA["properties"])
    assert [name for name, text in sections if f"\n{name}:" not in text] == []
