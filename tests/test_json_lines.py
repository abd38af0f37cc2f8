"""JSON lines: each line a document with its places in the file, and a broken line is one clear error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runs import run
from tests.text_trees import plain
from xbackup_lint.sources.files import Input, open_input
from xbackup_lint.text.json_lines import is_lines, read_lines
from xbackup_lint.text.source import Source

VAULT = '{"BackupVaultName": "central", "BackupVaultArn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central"}'
SETTINGS = '{"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}}'


def read(text: str) -> tuple[list[object], list[tuple[str, str]]]:
    """The documents, and for each fault where it stands and what it says."""
    documents, faults = read_lines(Source("a.jsonl", text))
    places = [":".join(map(str, fault.span.begin)) for fault in faults]
    return [plain(one.root) for one in documents], list(
        zip(places, (one.message for one in faults), strict=True)
    )


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ('{"a": "1"}\n{"a": "2"}\n', [{"a": "1"}, {"a": "2"}]),
        ('{"a": "1"}\n{"a": "2"}', [{"a": "1"}, {"a": "2"}]),
        ('\n  {"a": "1"}  \r\n\r\n["b"]\r\n', [{"a": "1"}, ["b"]]),
        ('{"a": "one\\ntwo"}', [{"a": "one\ntwo"}]),
        ("", []),
    ],
)
def test_each_line_is_a_document(text: str, documents: list[object]) -> None:
    assert read(text) == (documents, [])


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ('{"a": "1"', "2:9", "the line ends before its JSON does"),
        ('{"a": "1', "2:8", "the line ends before its JSON does"),
        ('{"a":', "2:5", "the line ends before its JSON does"),
        ("{", "2:1", "the line ends before its JSON does"),
        ('{"a": "1"} {"a": "2"}', "2:12", "text after the end of the JSON"),
        ("{'a': 1}", "2:2", "strings take double quotes"),
        ('{"a": None}', "2:7", "`None` is written `null`"),
        ("An error occurred", "2:1", "strings take double quotes"),
    ],
)
def test_a_broken_line_is_told_and_the_others_are_read(line: str, place: str, message: str) -> None:
    documents, faults = read(f'{{"first": "1"}}\n{line}\n{{"last": "2"}}\n')

    assert documents == [{"first": "1"}, {"last": "2"}]
    assert faults == [(place, message)]


def test_the_last_line_may_be_the_broken_one() -> None:
    assert read('{"a": "1"}\n{"b": ')[1] == [("2:6", "expecting a value, found the end of the text")]


def test_places_are_those_of_the_file() -> None:
    documents, _ = read_lines(Source("a.jsonl", '{"a": "1"}\n{"b": {"c": "2"}}\n'))

    assert [str(one.root.span) for one in documents] == ["a.jsonl:1:1", "a.jsonl:2:1"]
    assert documents[1].root.span.text == '{"b": {"c": "2"}}'


_VALUES = st.recursive(
    st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)  # fmt: skip


@given(st.lists(_VALUES, max_size=5))
def test_what_json_writes_comes_back(values: list[object]) -> None:
    assert read("\n".join(map(json.dumps, values))) == (values, [])


@given(st.text(alphabet='{}[]":,\\ab1 \r\n\t/*#\0', max_size=60))
def test_every_line_is_a_document_or_a_fault_in_it(text: str) -> None:
    source = Source("a.jsonl", text)
    documents, faults = read_lines(source)

    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    told = [one.root.span.begin[0] for one in documents] + [one.span.begin[0] for one in faults]
    assert sorted(told) == lines
    assert all("\n" not in one.root.span.text for one in documents)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"b": 2}', True),
        ('{"a": 1}\n\n  {"b": 2', True),
        ('{"a": 1}', False),
        ('{\n"a": 1}\n{"b": 2}', False),
        ('{"a": {}\n{"b": 2}', True),
        ("[1]\n[2]", False),
    ],
)
def test_what_begins_like_json_lines(text: str, said: bool) -> None:
    assert is_lines(text) is said


# Files


@pytest.mark.parametrize("name", ["calls.jsonl", "calls.NDJSON", "calls.json"])
def test_files_of_lines(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(f"{VAULT}\n{SETTINGS}\n")

    opened = open_input(Input(name, tmp_path / name))

    assert (opened.document, len(opened.lines), opened.problems) == (None, 2, ())


def test_a_file_with_a_broken_line(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text(f'{VAULT}\n{{"Policy": "\n{SETTINGS}\n')

    ran = run(".", "--format", "concise", cwd=tmp_path)
    report = json.loads(run(".", "--format", "json", cwd=tmp_path).out)

    assert ran.status == 1
    errors = [line for line in ran.out.splitlines() if "error[input-unreadable]" in line]
    assert errors == [
        "calls.jsonl:2:12: error[input-unreadable] this line cannot be read: the line ends before its JSON does"
    ]
    assert [vault["vault"] for vault in report["vaults"]] == ["central"]


def test_a_file_of_other_lines_is_passed_over(tmp_path: Path) -> None:
    """A log may say anything, and break off anywhere."""
    (tmp_path / "log.jsonl").write_text('{"level": "info", "said": "BackupVault made"}\n{"level": \n')

    (tmp_path / "vault.json").write_text(VAULT)

    report = json.loads(run(".", "--format", "json", cwd=tmp_path).out)

    assert report["findings"] == []
    assert report["summary"]["files"] == {"read": 1, "passed_over": 1, "unreadable": 0}


def test_a_json_file_that_is_broken_is_told_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "vault.json").write_text(VAULT + "}")

    out = run("vault.json", "--format", "concise", cwd=tmp_path).out

    assert "text after the end of the JSON" in out
