"""Input made to do harm: it ends in a finding or a clear error, soon, in little memory, and blinds nobody to the rest."""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import socket
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.hostile import (
    ARN,
    HARMFUL,
    VAULT,
    Files,
    alias_bomb,
    as_json,
    copy_to,
    many_values,
    named,
    plan,
    statement,
    vault,
)
from tests.runs import Ran, run
from tools.fuzz_laws import Case, hold
from xbackup_lint.dataclass import replace
from xbackup_lint.engine import nouns
from xbackup_lint.engine.load import load_rules
from xbackup_lint.engine.patterns import may_take_for_ever
from xbackup_lint.report.formats import FORMATS
from xbackup_lint.text.node import holds_at_most

ROOT = Path(__file__).parents[1]
SECONDS, MEGABYTES = 5, 300
WITNESS = f"Resources:\n  Witness: {{Type: {VAULT}, Properties: {{BackupVaultName: witness}}}}\n"
"""A file with a fault of its own, which is found whatever lies beside it."""


@dataclass(frozen=True)
class Ended:
    """How a run in a process of its own ended: seconds of CPU, and what memory grew by, in MB."""

    ran: Ran
    seconds: float
    megabytes: float

    @property
    def found(self) -> list[dict[str, Any]]:
        document: dict[str, list[dict[str, Any]]] = json.loads(self.ran.out)
        return document["findings"]


def run_apart(folder: Path, *arguments: str) -> Ended:
    """A run in a child of this process, so that what it takes can be measured and what hangs can be ended."""
    load_rules()  # what every run needs, so that the child does not pay for it
    reader, writer = os.pipe()
    before = _resident()
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        status = 1
        try:
            with os.fdopen(writer, "wb") as file:
                pickle.dump(run(*arguments, cwd=folder), file)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read()
    _, ended, used = os.wait4(child, 0)
    assert ended == 0, f"ended by {ended}"
    return Ended(pickle.loads(said), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024 - before)


def _resident() -> float:
    """MB that this process holds now, which its child holds too."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def put(folder: Path, files: Files) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "witness.yaml").write_text(WITNESS)


needs_fork = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measures as Linux does")


@needs_fork
@pytest.mark.parametrize("name", HARMFUL)
def test_harm_is_bounded_and_the_rest_is_checked(tmp_path: Path, name: str) -> None:
    put(tmp_path, HARMFUL[name]())

    ended = run_apart(tmp_path, ".", "--format", "json")

    assert ended.ran.status in (0, 1)
    assert ended.ran.err.count("\n") <= 20
    assert "Traceback" not in ended.ran.err
    assert "internal error" not in ended.ran.err
    assert any(one["location"]["path"] == "witness.yaml" for one in ended.found)
    assert ended.seconds < SECONDS
    assert ended.megabytes < MEGABYTES


SAID = [
    ("deep flow", "t.yaml", "nested more than 200 levels deep"),
    ("deep json", "t.json", "nested more than 200 levels deep"),
    ("too large", "t.yaml", "larger than 5 MiB"),
    ("many values", "flow.yaml", "more than 400,000 values"),
    ("many values", "flat.json", "more than 600,000 values"),
    ("cyclic anchor", "t.yaml", "an anchor that contains itself"),
    ("encodings", "utf16.yaml", "UTF-16, where UTF-8 is expected"),
    ("encodings", "latin.yaml", "not UTF-8: byte 0xe9"),
]


@pytest.mark.parametrize(("name", "path", "said"), SAID)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, path: str, said: str) -> None:
    put(tmp_path, {path: HARMFUL[name]()[path]})

    ran = run(path, "--format", "concise", cwd=tmp_path)

    assert ran.status == 1
    assert "error[input-unreadable]" in ran.out
    assert said in ran.out


def test_a_line_of_megabytes_with_thousands_of_findings_is_shown_in_part(tmp_path: Path) -> None:
    vaults = {f"V{number}": vault() for number in range(1_000)}
    put(tmp_path, {"t.json": b"\n" + as_json(vaults, Description="x" * 3_000_000) + b"\n"})

    ended = run_apart(tmp_path, ".", "--format", "text", "--show", "info")

    assert ended.ran.out.count("--> t.json:2:") > 100
    assert len(ended.ran.out) < 3_000_000
    assert ended.megabytes < MEGABYTES


# Other files that are read


CONFIGURATIONS: list[tuple[str, Callable[[], bytes]]] = [
    ("aliases", lambda: b"A: &a [x]\n" + b"".join(b"B%d: &a [*a, *a]\n" % n for n in range(60))),
    ("depth", lambda: b"accounts: " + b"[" * 5_000 + b"]" * 5_000),
    ("depth in TOML", lambda: b"[tool.xbackup-lint]\nselect = " + b"[" * 5_000 + b"]" * 5_000),
    ("numbers", lambda: b"organization: " + b"9" * 6_000),
    ("wrong kinds", lambda: b"accounts: [null, 1, {}]\nselect: {a: 1}\nseverity: [a]\nbaseline: {}\n"),
    ("a tag of Python", lambda: b"select: !!python/object/apply:os.system ['touch owned']\n"),
    ("globs", lambda: b"exclude: ['" + b"**/*a" * 300 + b"']\nselect: [nonsense]\n"),
    ("no text", lambda: b"\xff\xfe\x00"),
    ("size", lambda: b"#" * (6 * 1024 * 1024)),
    ("a cycle", lambda: b"accounts: &a [*a]\n"),
    ("rules that are not there", lambda: b"rule-paths: [/nonsense/\x00, '" + b"x" * 5_000 + b"']\n"),
]


@pytest.mark.parametrize(("name", "text"), CONFIGURATIONS)
def test_a_configuration_that_is_broken_is_2_with_its_place(
    tmp_path: Path, name: str, text: Callable[[], bytes]
) -> None:
    file = "pyproject.toml" if "TOML" in name else ".xbackup-lint.yaml"
    put(tmp_path, {file: text()})

    ended = run_apart(tmp_path, "witness.yaml")

    assert ended.ran.status == 2
    assert ended.ran.err.startswith("xbackup-lint: ")
    assert "internal error" not in ended.ran.err
    assert ended.seconds < SECONDS
    assert ended.megabytes < MEGABYTES
    assert not (tmp_path / "owned").exists()


def test_units_in_thousands_of_units(tmp_path: Path) -> None:
    """AWS has five levels; that a configuration has more of them is no reason to break."""
    path = "/".join(f"unit-{number}" for number in range(5_000))
    put(
        tmp_path,
        {
            ".xbackup-lint.yaml": f"accounts: {{a: {{id: '111122223333', ou: '{path}'}}}}\n".encode(),
            "111122223333/eu-west-1/t.json": as_json({"P": copy_to(ARN)}),
        },
    )

    ended = run_apart(tmp_path, ".", "--format", "json")

    assert (ended.ran.status, ended.ran.err) == (1, "")
    assert ended.seconds < SECONDS


RULES = [
    ("nothing", b"{}", "a rule needs `id`"),
    ("a list", b"[]", "a rule is a mapping"),
    ("aliases", b"id: &a [*a]\n", "an anchor that contains itself"),
    ("depth", b"id: " + b"[" * 999 + b"]" * 999, "nested more than 200 levels"),
    ("numbers", b"when: {at-least: 1}\nid: 1", "a rule needs `title`"),
    ("size", b"# " + b"x" * (1024 * 1024), "larger than 1 MiB"),
    ("no text", b"\xff", "not UTF-8"),
]


@pytest.mark.parametrize(("name", "text", "said"), RULES)
def test_a_rule_that_is_broken_is_2_with_its_place(tmp_path: Path, name: str, text: bytes, said: str) -> None:
    put(tmp_path, {".xbackup-lint.yaml": b"rule-paths: [lint]\n", "lint/ours/a.yaml": text})

    ran = run("witness.yaml", cwd=tmp_path)

    assert ran.status == 2
    assert said in ran.err


def own_rule(when: str) -> bytes:
    return (
        "id: a\ntitle: T\nseverity: error\nsince: 0.1.0\nrationale: r\nremediation: r\nfalse-positives: []\n"
        f"references: []\nsubject: vault\nwhen: {{{when}}}\nat: name\nmessage: m\n"
    ).encode()


NUMBERS = ["0x1F", "0o17", "1_000", "1:30", "9" * 5_000]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_yaml_that_is_none_of_ours(tmp_path: Path, number: str) -> None:
    put(
        tmp_path,
        {
            ".xbackup-lint.yaml": b"rule-paths: [lint]\n",
            "lint/ours/a.yaml": own_rule(f"name: {{at-least: {number}}}"),
        },
    )

    ran = run("witness.yaml", cwd=tmp_path)

    assert ran.status in (0, 1, 2)
    assert "internal error" not in ran.err


PATTERNS = [
    ("prod-.*", False),
    ("[a-z]+-(prod|dev)-.*", False),
    (r"arn:aws:iam::\d{12}:role/(?:x/)?.+", False),
    ("(ab){3}", False),
    (r"\(a+\)+", False),
    ("[(+]+", False),
    ("(a+)+", True),
    ("(a|a)*", True),
    ("(?:(?:a)*)*", True),
    ("(a?){30}a{30}", True),
    ("(?P<x>a{1,9})*b", True),
    ("a*a*a*a*b", True),
    ("a?" * 30 + "a" * 30, True),
]


@pytest.mark.parametrize(("pattern", "refused"), PATTERNS)
def test_an_expression_that_may_take_for_ever_is_refused(tmp_path: Path, pattern: str, refused: bool) -> None:
    rule = own_rule(f"name: {{matches: {json.dumps(pattern)}}}")
    put(
        tmp_path,
        {".xbackup-lint.yaml": b"rule-paths: [lint]\n", "lint/ours/a.yaml": rule, **named("a" * 2_000)},
    )

    ran = run(".", cwd=tmp_path)

    assert may_take_for_ever(pattern) == refused
    assert ("may take for ever" in ran.err) == refused
    assert (ran.status == 2) == refused


BASELINES: list[tuple[str, bytes]] = [
    ("depth", b"[" * 5_000),
    ("values", b'{"version": 1, "findings": [' + b"0," * 700_000 + b"0]}"),
    ("numbers", b'{"version": ' + b"1" * 6_000 + b"}"),
    ("wrong kinds", b'{"version": 1, "findings": [{"rule": [], "path": null}]}'),
    ("control characters", b'{"version": 1, "findings": "\\u001b[31m\x1b"}'),
    ("no text", b"\xff\xfe"),
]


@pytest.mark.parametrize(("name", "text"), BASELINES)
def test_a_baseline_that_is_broken_is_2(tmp_path: Path, name: str, text: bytes) -> None:
    put(tmp_path, {"b.json": text})

    ran = run("witness.yaml", "--baseline", "b.json", cwd=tmp_path)

    assert ran.status == 2
    assert ran.err.startswith("xbackup-lint: broken baseline: ")
    assert_acts_on_nothing(ran.err)


# The file system


@pytest.mark.parametrize(
    "path", [".xbackup-lint.yaml", "lint/ours/a.yaml", "b.json", "t.yaml", "folder.yaml/t.yaml"]
)
def test_a_pipe_is_never_waited_for(tmp_path: Path, path: str) -> None:
    """Wherever a file is expected. The alarm of `run_apart` ends whoever waits."""
    put(tmp_path, {})
    if path.startswith("lint"):
        (tmp_path / ".xbackup-lint.yaml").write_text("rule-paths: [lint]\n")
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / path)

    ended = run_apart(tmp_path, ".", *(("--baseline", "b.json") if path == "b.json" else ()))

    if path in ("t.yaml", "folder.yaml/t.yaml"):
        assert ended.ran.status == 0
    else:
        assert ended.ran.status == 2
        assert "not a file" in ended.ran.err


def test_odd_files_hide_no_others(tmp_path: Path) -> None:
    """Sockets, links that go round or out of the tree, folders called like files."""
    put(tmp_path / "in", {"other.yaml": WITNESS.encode()})
    (tmp_path / "outside.yaml").write_text(WITNESS)
    (tmp_path / "in/out.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "in/round.yaml").symlink_to("round.yaml")
    (tmp_path / "in/up").symlink_to("..")
    (tmp_path / "in/gone.yaml").symlink_to("nothing")
    (tmp_path / "in/zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "in/t.yaml").mkdir()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "in/s.json")[:100])
        ran = run(".", "--format", "concise", "--fail-on", "info", cwd=tmp_path / "in")

    assert ran.status == 1
    assert "3 files" in ran.out
    assert "round.yaml" in ran.err


NAMES = [
    b"a\nb.yaml",
    b"a\r\n::error::b.yaml",
    b"a\x1b[31mb.yaml",
    b"a\x7f\xc2\x9b2Jb.yaml",
    b"a\xe2\x80\xaeb.yaml",
    b"a\xff\xfeb.yaml",
    b"a\xed\xa0\x80b.yaml",
    b"<script>alert(1)<|script>.yaml",
    b"::warning file=x::y.yaml",
    b"a`|*_[x](y)@everyone.yaml",
    b'a"b&amp;]]>.yaml',
    b"%0A%0D%25.yaml",
    b"-->.yaml",
    "日本語🎉.yaml".encode(),
]
TEXTS = "\x1b[31m \x07 \x9b \u202e \u2028 <script>alert(1)</script> ]]> &amp; `|*_ @everyone ::error::x %0A\n::warning::y"


def hostile_template() -> bytes:
    """Texts of all kinds wherever messages take their words from."""
    body = {
        TEXTS: vault(
            BackupVaultName=TEXTS, EncryptionKeyArn=TEXTS, AccessPolicy={TEXTS: TEXTS, "Statement": TEXTS}
        ),
        "P": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {
                "BackupPlan": {
                    "BackupPlanName": TEXTS,
                    TEXTS: TEXTS,
                    "BackupPlanRule": [
                        {
                            "RuleName": TEXTS,
                            "TargetBackupVault": TEXTS,
                            "ScheduleExpression": TEXTS,
                            "CopyActions": [
                                {
                                    "DestinationBackupVaultArn": f"arn:aws:backup:eu-west-1:444455556666:backup-vault:{TEXTS}"
                                },
                                {"DestinationBackupVaultArn": {"Ref": TEXTS}},
                            ],
                        }
                    ],
                }
            },
        },
    }
    return as_json(body, Parameters={TEXTS: {"Type": "String"}})


def assert_acts_on_nothing(output: str) -> None:
    unseen = {
        char
        for char in output
        if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }
    assert unseen == set()


@pytest.fixture(scope="module")
def of_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One template under every name that a file system lets a stranger choose."""
    folder = tmp_path_factory.mktemp("names")
    for number, name in enumerate(NAMES):
        inner = folder / str(number)
        inner.mkdir()
        (inner / os.fsdecode(name)).write_bytes(hostile_template())
    return folder


@pytest.mark.parametrize("form", FORMATS)
def test_names_and_texts_of_strangers_stay_text(of_names: Path, form: str) -> None:
    ran = run(".", "--format", form, "--show", "info", "--verbose", cwd=of_names)

    assert ran.status == 1
    shipped = run("--version", cwd=of_names).out if form != "html" else _page_of_nothing(of_names)
    assert_acts_on_nothing("".join(char for char in ran.out if char not in shipped))
    assert_acts_on_nothing(ran.err)
    for output in (ran.out, ran.err):
        commands = [line for line in output.split("\n") if line.lstrip().startswith("::")]
        assert form == "github" or all(line.lstrip().startswith("::: ") for line in commands)
    if form == "github":
        assert {line.split(" ")[0] for line in ran.out.split("\n") if "::" in line[:2]} <= {
            "::error",
            "::warning",
            "::notice",
        }
    if form in ("html", "junit"):
        assert "<script>alert" not in ran.out
    if form == "markdown":
        parts = MarkdownIt("commonmark").parse(ran.out)
        assert not [part for part in parts if part.type == "html_block" and "<script" in part.content]
        assert not [
            inner
            for part in parts
            for inner in part.children or ()
            if inner.type in ("html_inline", "link_open", "image") and "alert" in str(inner)
        ]
    if form in ("json", "sarif", "gitlab"):
        json.loads(ran.out)


def _page_of_nothing(folder: Path) -> str:
    """A page with our own scripts in it, and nothing of strangers."""
    ran = run("examples/backup-pair", "--format", "html", cwd=ROOT)
    assert ran.status == 0
    return ran.out


@pytest.mark.parametrize("arguments", [("--show-files",), ("--statistics",), ("--verbose", "--quiet")])
def test_so_do_they_beside_reports(of_names: Path, arguments: tuple[str, ...]) -> None:
    ran = run(".", *arguments, cwd=of_names)

    assert_acts_on_nothing(ran.out)
    assert_acts_on_nothing(ran.err)


def test_a_name_writes_no_configuration(tmp_path: Path) -> None:
    """What `init` writes of a file's name is read back as that name."""
    put(
        tmp_path,
        {
            "a: b\nignore: [vault].yaml": named("!Ref 'P\nselect'", "Parameters: {P: {Type: String}}\n")[
                "t.yaml"
            ]
        },
    )

    ran = run("init", ".", cwd=tmp_path)
    again = run(".", "--show", "info", cwd=tmp_path)

    assert ran.status == again.status == 0
    assert "[vault-not-retained]" in again.out
    assert "\nignore:" not in (tmp_path / ".xbackup-lint.yaml").read_text()
    assert_acts_on_nothing(ran.out)


def test_complaints_act_on_nothing(tmp_path: Path) -> None:
    """What cannot be looked at has a name too."""
    put(tmp_path, {})
    (tmp_path / "a\n::error::\x1b[2Jb.yaml").symlink_to("a\n::error::\x1b[2Jb.yaml")

    ran = run(".", cwd=tmp_path)
    no_such = run("a\n::error::\x1b[2Jb", cwd=tmp_path)

    assert_acts_on_nothing(ran.err + no_such.err)
    assert "\n::error" not in ran.err + no_such.err


# Faults of the machine, and of this program


def test_a_fault_of_ours_hides_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule fails at one thing: it is told, with the file, and all else is reported. The status is 2."""
    put(tmp_path, {"other.yaml": WITNESS.replace("witness", "other").encode()})
    rules = load_rules()
    broken = next(rule for rule in rules if rule.check is not None and rule.subject == "vault")

    def fails(subject: Any, *_: Any, **__: Any) -> Any:
        if subject.key.source.path == "other.yaml":
            raise KeyError("nobody expected this")
        return iter(())

    monkeypatch.setattr(
        "xbackup_lint.arguments.load_all",
        lambda _: [replace(rule, check=fails) if rule is broken else rule for rule in rules],
    )
    ran = run(".", "--format", "concise", "--show", "info", cwd=tmp_path)

    assert ran.status == 2
    assert "[vault-not-retained]" in ran.out
    assert "witness.yaml:2" in ran.out
    assert f"internal error (rule {broken.id}, other.yaml): KeyError" in ran.err
    assert "please report" in ran.err


def test_a_baseline_is_not_written_of_half_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {})
    monkeypatch.setitem(nouns.NOUNS, "vault", ("nonsense", nouns.NOUNS["vault"][1]))

    ran = run(".", "--write-baseline", cwd=tmp_path)

    assert ran.status == 2
    assert "internal error (rule " in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["witness.yaml"]


def test_interrupted_is_130_without_a_word_and_without_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"report.json": b"before"})

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    ran = run("witness.yaml", "--format", "json", "--output", "report.json", cwd=tmp_path)

    assert (ran.status, ran.out, ran.err) == (130, "", "")
    assert (tmp_path / "report.json").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "witness.yaml"]


def test_what_is_no_file_stays_what_it_is(tmp_path: Path) -> None:
    """As root, a file put in the place of /dev/null would harm everybody."""
    put(tmp_path, {})
    (tmp_path / "null").symlink_to("/dev/null")

    ran = run("witness.yaml", "--output", "null", cwd=tmp_path)

    assert ran.status == 0
    assert (tmp_path / "null").is_symlink()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_nothing_is_written_through_a_link_that_was_laid(tmp_path: Path) -> None:
    put(tmp_path, {"precious": b"mine"})
    (tmp_path / f".r.json.{os.getpid()}").symlink_to("precious")

    run("witness.yaml", "--output", "r.json", cwd=tmp_path)

    assert (tmp_path / "precious").read_bytes() == b"mine"


def main(
    *arguments: str, cwd: Path, out: Any = subprocess.PIPE, **env: str
) -> subprocess.CompletedProcess[bytes]:
    """A run in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "xbackup_lint", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdout=out,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_2_and_told(tmp_path: Path) -> None:
    put(tmp_path, {})
    with Path("/dev/full").open("wb") as full:
        ended = main("witness.yaml", cwd=tmp_path, out=full)

    assert ended.returncode == 2
    assert ended.stderr == b"xbackup-lint: cannot go on: no space left on device\n"


def test_without_a_network_and_other_programs(tmp_path: Path) -> None:
    """Nothing that a command does asks the system for a connection or a process."""
    put(tmp_path, alias_bomb())
    code = (
        "import sys\n"
        "def hook(name, _):\n"
        "    if name.split('.')[0] in ('socket', 'subprocess', 'ctypes') or name in ('os.system', 'os.exec', 'os.fork', 'os.posix_spawn'):\n"
        "        raise SystemExit(f'asked for {name}')\n"
        "sys.addaudithook(hook)\n"
        "from xbackup_lint.cli import main\n"
        "assert main(['init', '.']) == main(['graph', '.']) == main(['new-rule', 'ours/a-rule']) == 0\n"
        "assert main(['explain']) == main(['.', '--write-baseline']) == main(['copies', '.']) == 0\n"
        "sys.exit(main(['.', '--format', 'sarif', '--format', 'html=page.html', '--show', 'info']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (1, b"")


# The same bytes


WHOLE = [
    "tests/fixtures/estates",
    "tests/fixtures/clean/by-folder",
    "examples/two-accounts",
    "examples/backup-pair",
]


def test_the_same_bytes_for_any_seed_and_order(tmp_path: Path) -> None:
    """Whatever order sets and folders have, in another place of the world."""
    options = [f"--format={form}={tmp_path}/{form}" for form in FORMATS]
    first = main(*WHOLE, *options, cwd=ROOT, PYTHONHASHSEED="1", LC_ALL="C", TZ="UTC")
    before = {form: (tmp_path / form).read_bytes() for form in FORMATS}
    second = main(
        *reversed(WHOLE), *options, cwd=ROOT, PYTHONHASHSEED="77", LC_ALL="C.UTF-8", TZ="Asia/Tokyo"
    )

    assert all(before.values())
    assert {form: (tmp_path / form).read_bytes() for form in FORMATS} == before
    assert first.returncode == second.returncode == 1
    assert first.stderr == second.stderr


@pytest.fixture(scope="module")
def in_order() -> Ran:
    return run(*WHOLE, "--format", "json", "--verbose", cwd=ROOT)


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.permutations(WHOLE))
def test_the_same_bytes_for_any_order_of_entries(in_order: Ran, random: Random, paths: list[str]) -> None:
    """File systems list folders in an order of their own, people give folders in theirs."""
    scan = os.scandir

    @contextmanager
    def shuffled(folder: Any) -> Iterator[Iterator[os.DirEntry[str]]]:
        with scan(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        random.shuffle(entries)
        yield iter(entries)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", shuffled)
        ran = run(*paths, "--format", "json", "--verbose", cwd=ROOT)

    assert ran == in_order


# What the fuzzer found


FOUND = [
    # A loop in a property that refers to its own resource once led round and round.
    {"t.yaml": """\
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName:
        Fn::Select:
          - 0
          - - Fn::ForEach::Loop:
                - X
                - [a, b]
                - "${X}": !Ref Vault
            - Fn::ForEach::Loop:
                - X
                - [a, b]
                - "${X}": !GetAtt Vault.BackupVaultName
"""},
    # A variable that nobody fills in, in a document that is no template, once had no hole to be spoken of.
    {"p.json": json.dumps({"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "v", "CopyActions": [{"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:b${"}]}]}})},
    # How a key is shared under another condition once lacked the words of the copy that needs it.
    {"t.json": as_json(
        {
            "K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Fn::If": ["C", {"Statement": [statement(Action="kms:*"), statement(Principal={"AWS": "444455556666"}, Action=["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]), statement(Principal={"AWS": "444455556667"}, Action="kms:CreateGrant")]}, {"Ref": "AWS::NoValue"}]}}},
            "V": vault(EncryptionKeyArn={"Fn::GetAtt": ["K", "Arn"]}),
            "P": plan(TargetBackupVault={"Ref": "V"}, CopyActions=[{"DestinationBackupVaultArn": ARN}]),
        },
        Parameters={"S": {"Type": "String", "AllowedValues": ["a", "b"]}},
        Conditions={"C": {"Fn::Equals": [{"Ref": "S"}, "a"]}},
    ).decode()},
]  # fmt: skip


@pytest.mark.parametrize("files", FOUND)
def test_what_broke_once_holds(files: dict[str, str]) -> None:
    assert hold(Case(files)) is not None


def test_values_are_counted_before_they_are_made() -> None:
    """So that the limit is one of memory, not of patience."""
    largest = max(many_values().values(), key=len)

    assert len(largest) > 30_000_000
    assert not holds_at_most(600_000, largest.decode(), ",", "[", "{")
