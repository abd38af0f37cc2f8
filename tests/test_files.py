"""Opening files: what is read, what is refused and where, what is passed over, and what is never touched."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xbackup_lint.sources import files
from xbackup_lint.sources.files import (
    LARGEST_JSON,
    LARGEST_YAML,
    MARKERS,
    Input,
    Opened,
    may_be_ours,
    open_input,
)
from xbackup_lint.text.node import Mapping, Scalar

YAML = b"BackupVaultName: central\n"
JSON = b'{"BackupVaultName": "central"}'


@pytest.fixture
def put(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Writes bytes to a file and opens it: named on the command line, or met while walking."""

    def opened(content: bytes, name: str = "a.yaml", *, named: bool = True) -> Opened:
        (tmp_path / name).write_bytes(content)
        return open_input(Input(name, tmp_path / name, named))

    return opened


def reason(opened: Opened) -> str:
    assert opened.problem is not None
    assert opened.problem.kind == "input-unreadable"
    return opened.problem.facts["what"]


def place(opened: Opened) -> tuple[int, int, str]:
    """Line and column of a problem, and the text underlined."""
    assert opened.problem is not None
    return (*opened.problem.span.begin, opened.problem.span.text)


# What is read


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", YAML),
        ("a.yml", YAML),
        ("a.json", JSON),
        ("a.template", YAML),
        ("a.template", JSON),
        ("a.template", b"\xef\xbb\xbf \r\n" + JSON),
        ("policy", JSON),
        ("policy.txt", YAML),
        ("A.YAML", YAML),
        ("A.JSON", JSON),
        ("a.yaml", JSON),
        # a byte order mark, line ends of Windows, both
        ("a.yaml", b"\xef\xbb\xbf" + YAML),
        ("a.json", b"\xef\xbb\xbf" + JSON),
        ("a.yaml", b"# first\r\n" + YAML.replace(b"\n", b"\r\n")),
        ("a.json", b"\xef\xbb\xbf\r\n" + JSON + b"\r\n"),
        # the marks around a document
        ("a.yaml", b"---\n" + YAML + b"...\n"),
        ("a.yaml", b"%YAML 1.1\n---\n" + YAML),
    ],
)  # fmt: skip
@pytest.mark.parametrize("named", [True, False])
def test_read(put, name: str, content: bytes, named: bool) -> None:  # type: ignore[no-untyped-def]
    opened = put(content, name, named=named)

    assert opened.problem is None
    root = opened.document.root
    assert isinstance(root, Mapping)
    value = root.get("BackupVaultName")
    assert isinstance(value, Scalar)
    assert value.text == "central"
    assert value.span.text.strip('"') == "central"
    line = content.removeprefix(b"\xef\xbb\xbf").decode().split("\n")[value.span.begin[0] - 1]
    assert line[value.span.begin[1] - 1 :].startswith(value.span.text)


def test_json_is_not_read_as_yaml_nor_yaml_as_json(put) -> None:  # type: ignore[no-untyped-def]
    """A tab before a value is nothing in JSON and a fault in YAML; a comment is the other way round."""
    assert put(b'{\n\t"BackupVaultName": "central"\n}', "a.json").document is not None
    assert put(b'{\n\t"BackupVaultName": "central"\n}', "a.template").document is not None
    assert put(b"# {\n" + YAML, "a.template").document is not None


# What is refused where it was named


@pytest.mark.parametrize(
    ("name", "content", "why", "where"),
    [
        ("a.yaml", b"a: [1, 2\n", "did not find expected ',' or ']' while parsing a flow sequence", (1, 9, "\n")),
        ("a.yaml", b"a:\n\tb: 1\n", "a tab where YAML takes spaces only", (2, 1, "\t")),
        ("a.yaml", b"a: 1\n---\nb: 2\n", "more than one document in the file", (2, 1, "-")),
        ("a.yaml", b"", "file is empty", (1, 1, "")),
        ("a.yaml", b"# nothing\n", "file is empty", (1, 1, "#")),
        ("a.yaml", b"\xef\xbb\xbf", "file is empty", (1, 1, "")),
        ("a.yaml", b"a: \x00\n", "control character U+0000 cannot stand in YAML", (1, 4, "\0")),
        ("a.json", b'{"a": 1,}', "trailing comma before `}`", (1, 8, ",")),
        ("a.json", b'{"a": 012345678901}', "a number cannot begin with 0; account ids take double quotes", (1, 7, "0")),
        ("a.json", b"a: 1\n", "strings take double quotes", (1, 1, "a")),
        ("a.json", b"", "empty, where a JSON value is expected", (1, 1, "")),
        # other encodings
        ("a.yaml", b"a: 1\nb: M\xfcnchen\n", "not UTF-8: byte 0xfc", (2, 5, "�")),
        ("a.yaml", b"\xef\xbb\xbfb: M\xfcnchen\n", "not UTF-8: byte 0xfc", (1, 5, "�")),
        ("a.json", b"\xff", "not UTF-8: byte 0xff", (1, 1, "�")),
        ("a.yaml", "a: 1".encode("utf-16"), "UTF-16, where UTF-8 is expected", (1, 1, "")),
        ("a.json", "{}".encode("utf-16-be").join([b"\xfe\xff", b""]), "UTF-16, where UTF-8 is expected", (1, 1, "")),
    ],
)  # fmt: skip
def test_refused_where_named(put, name: str, content: bytes, why: str, where: tuple[int, int, str]) -> None:  # type: ignore[no-untyped-def]
    opened = put(content, name)

    assert opened.document is None
    assert reason(opened).startswith(why)
    assert place(opened) == where


def test_a_file_of_any_content_is_opened_where_named(put) -> None:  # type: ignore[no-untyped-def]
    """What was named is parsed even if it says nothing of backups: somebody wants to know."""
    assert put(b"a: 1\n").document is not None
    assert put(b"{{ a }}: {").problem is not None


def test_too_large(put, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(files, "LARGEST_YAML", 40)
    monkeypatch.setattr(files, "LARGEST_JSON", 50)

    assert put(YAML.ljust(40)).document is not None
    assert put(YAML.ljust(41)).problem is not None
    assert put(JSON.ljust(50), "a.json").document is not None
    assert put(JSON.ljust(51), "a.json").problem is not None


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("a.yaml", LARGEST_YAML + 1, "larger than 5 MiB"),
        ("a.json", LARGEST_JSON + 1, "larger than 64 MiB"),
        ("a.yaml", 50 * LARGEST_JSON, "larger than 5 MiB"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_what_is_too_large_costs_little(tmp_path: Path, name: str, size: int, why: str, named: bool) -> None:
    file = tmp_path / name
    file.write_bytes(YAML)
    os.truncate(file, size)

    tracemalloc.start()
    opened = open_input(Input(name, file, named))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (reason(opened) if named else opened.why.partition(";")[0]) == why
    assert peak < 2.5 * LARGEST_YAML


# What claims to be ours, of files met while walking


HEAD = "AWSTemplateFormatVersion: '2010-09-09'\n"
VAULT = "Resources:\n  V:\n    Type: AWS::Backup::BackupVault\n"
FAULT = "    - : [\n"
JSON_VAULT = '{"Resources": {"V": {"Type": "AWS::Backup::BackupVault"'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", HEAD + VAULT + FAULT),
        ("a.yaml", VAULT + FAULT),
        ("a.yaml", f'"AWSTemplateFormatVersion": 2010-09-09\n{VAULT}{FAULT}'),
        (
            "a.yaml",
            VAULT.replace("Type: AWS::Backup::BackupVault", "'Type': 'AWS::Backup::BackupVault'") + FAULT,
        ),
        ("a.json", JSON_VAULT),
        ("a.json", '{"AWSTemplateFormatVersion": "2010-09-09", "Description": "BackupVault"'),
        ("a.template", "\n " + JSON_VAULT),
        ("a.template", HEAD + VAULT + FAULT),
        # dynamic references are CloudFormation's own
        ("a.yaml", HEAD + VAULT + '    Name: "{{resolve:ssm:/vault}}"\n' + FAULT),
        # the fault of a comment that names another tool's mark is none
        ("a.yaml", HEAD + "# two braces: { {\n" + VAULT + FAULT),
    ],
)
def test_a_template_is_unreadable_wherever_it_is_met(put, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    opened = put(text.encode(), name, named=False)

    assert opened.document is None
    assert opened.problem is not None
    assert opened.problem.span.source.text == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # the claim comes after the fault, or never
        ("a.yaml", "a: b: c\n" + HEAD + VAULT),
        ("a.yaml", "Description: of AWS::Backup::BackupVault\n" + FAULT),
        ("a.json", '{"Statement": [{"Action": "backup:CopyIntoBackupVault",]}'),
        # a claim that is somebody else's text
        ("a.yaml", "# AWSTemplateFormatVersion: is what a template begins with, BackupVault\na: [\n"),
        ("a.yaml", "run: |\n  AWSTemplateFormatVersion: 2010-09-09 > BackupVault.yaml\nb: [\n"),
        ("a.yaml", "steps:\n  Resources:\n    V: {Type: AWS::Backup::BackupVault}\n" + FAULT),
        ("a.yaml", "Resources:\n  V:\n    Type: Custom::BackupVault\n" + FAULT),
        ("a.yaml", "Type: AWS::Backup::BackupVault\nResources:\n" + FAULT),
        # templates of other tools
        ("a.yaml", HEAD + VAULT + "    Name: {{ .Values.name }}\n" + FAULT),
        ("a.yaml", HEAD + "{% if vault %}\n" + VAULT),
        ("a.yaml", HEAD + VAULT + "    Name: <%= name %>\n" + FAULT),
        ("a.json", JSON_VAULT + ', "Name": ${ACCEL_LOOKUP::Name}}}}'),
        # after the fault counts too: it is the whole file that the other tool fills in
        ("a.yaml", HEAD + VAULT + FAULT + "{{ end }}\n"),
    ],
)
def test_other_broken_files_are_passed_over(put, name: str, text: str) -> None:  # type: ignore[no-untyped-def]
    opened = put(text.encode(), name, named=False)

    assert (opened.document, opened.problem) == (None, None)
    assert opened.why != ""
    assert put(text.encode(), name).problem is not None, "what is named is never passed over"


@pytest.mark.parametrize(
    ("content", "claims"),
    [
        ((HEAD + VAULT).encode() + b"  # M\xfcnchen\n", True),
        (b"# M\xfcnchen\n" + (HEAD + VAULT).encode(), False),
        (YAML + b"a: M\xfcnchen\n", False),
        ((HEAD + VAULT).encode("utf-16"), True),
        ((HEAD + VAULT).encode("utf-16-le"), False),
        (YAML.decode().encode("utf-16"), False),
        (b"a: 1".decode().encode("utf-16"), False),
    ],
)
def test_other_encodings_met_while_walking(put, content: bytes, claims: bool) -> None:  # type: ignore[no-untyped-def]
    opened = put(content, named=False)

    assert opened.document is None
    assert (opened.problem is not None) == claims
    assert (opened.why == "") == claims


def test_what_is_too_large_and_claims_is_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(HEAD)
    os.truncate(file, LARGEST_YAML + 1)

    assert reason(open_input(Input("a.yaml", file))) == "larger than 5 MiB"


# What is not even parsed


@pytest.mark.parametrize(
    "said",
    [
        "Type: AWS::Backup::BackupPlan",
        "Type: AWS::KMS::Key",
        "Type: AWS::CloudFormation::Stack",
        "Type: AWS::SSM::Parameter",
        "Action: backup:CopyIntoBackupVault",
        "Action: backup:copyintobackupvault",
        "Action: backup:*",
        "Action: 'kms:Decrypt'",
        "Action: kms:decrypt",
        "Service: backup.amazonaws.com",
        "a: arn:aws:backup:eu-west-1:111122223333:backup-vault:central",
        "BackupVaultName: central",
        "BackupPlanName: daily",
        "- ParameterKey: Days",
        '"Parameters": {}',
    ],
)
def test_a_file_that_speaks_of_backups_is_parsed(put, said: str) -> None:  # type: ignore[no-untyped-def]
    assert put(f"{said}\n".encode(), named=False).document is not None
    assert "cannot be parsed" not in put(f"{said}\nb: [\n".encode(), named=False).why
    assert put(f"{said}\nb: [\n".encode(), named=False).why != "says nothing of backups"


@pytest.mark.parametrize(
    "content",
    [
        b"on: push\njobs: {}\n",
        b"backup: true\nkms: {enabled: true}\n",
        b'{"name": "backup", "version": "1.0"}',
        b"Type: AWS::S3::Bucket\n",
        b"parameters: [a]\n",
        b"",
        b"\0\xff\xfe not even text",
        b"broken: [\n",
    ],
)
def test_a_file_that_does_not_is_dropped_unparsed(put, content: bytes) -> None:  # type: ignore[no-untyped-def]
    assert put(content, named=False) == Opened(why="says nothing of backups")


@pytest.mark.parametrize("hint", MARKERS)
@given(data=st.data())
def test_a_marker_is_looked_for_by_what_is_in_it(hint: bytes, data: st.DataObject) -> None:
    marked = data.draw(st.from_regex(MARKERS[hint].pattern))
    found = MARKERS[hint].search(marked)

    assert found is not None
    assert hint in found[0]
    assert may_be_ours(marked)


# What is no file, or one no more


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It was there when the folder was listed."""
    gone = tmp_path / "gone.yaml"

    assert reason(open_input(Input("gone.yaml", gone, named=True))) == "no such file or directory"
    assert open_input(Input("gone.yaml", gone)).why == "no such file or directory"


def test_a_file_that_may_not_be_read(put, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)

    assert reason(put(YAML)) == "permission denied"
    assert put(YAML, named=False).why == "permission denied"


def test_a_folder_in_a_file_s_place(tmp_path: Path) -> None:
    assert reason(open_input(Input("a.yaml", tmp_path, named=True))) == "not a regular file"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    found: list[Opened] = []
    given = Input("a.yaml", tmp_path / "a.yaml", named=True)

    waiter = threading.Thread(target=lambda: found.append(open_input(given)), daemon=True)
    waiter.start()
    waiter.join(10)

    assert [reason(opened) for opened in found] == ["not a regular file"]


def test_nothing_is_read_from_a_device() -> None:
    assert reason(open_input(Input("zero", Path("/dev/zero"), named=True))) == "not a regular file"


def test_a_socket_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may be no longer than 108 bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.yaml")

        assert open_input(Input("a.yaml", "a.yaml", named=True)).problem is not None


# Laws


SNIPPETS = [HEAD.encode(), VAULT.encode(), FAULT.encode(), b"BackupVault", b"{{", b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"[", b'{"a": ', b"\n"]  # fmt: skip
CONTENTS = st.lists(st.sampled_from(SNIPPETS) | st.binary(max_size=8)).map(b"".join)


@given(CONTENTS, st.sampled_from(["a.yaml", "a.json", "a.template", "a"]))
@example(b"\xff\xfeB", "a.yaml")
def test_no_content_breaks_anything(content: bytes, name: str) -> None:
    """What is named is read or told; what is met is read, told or passed over with a reason: exactly one of them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(content)
        named, met = open_input(Input(name, file, named=True)), open_input(Input(name, file))

    assert (named.document is None) != (named.problem is None)
    assert sum((met.document is not None, met.problem is not None, met.why != "")) == 1
    if met.problem is not None:
        assert b"Resources" in content or b"AWSTemplateFormatVersion" in content
        assert met.problem.facts == (named.problem.facts if named.problem else None)
