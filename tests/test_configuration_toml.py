"""Where things stand in TOML: the reader agrees with tomllib on what is said, and knows the place of it."""

from __future__ import annotations

import math
import tomllib
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xbackup_lint.config.toml_reader import read
from xbackup_lint.text.node import Mapping, Node, Scalar, Sequence, Unreadable
from xbackup_lint.text.source import Source


def plain(node: Node) -> object:
    """What a tree says, each scalar read by tomllib from the very characters of its span."""
    if isinstance(node, Mapping):
        for key, _ in node.entries:
            assert list(tomllib.loads(f"{key.span.text} = 0")) == [key.text]
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    value = tomllib.loads(f"x = {node.span.text}")["x"]
    assert node.tag == _tag(value)
    if node.tag == "str":
        assert node.text == value
    return _comparable(value)


def _tag(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, date | datetime | time):
        return "timestamp"
    return {str: "str", int: "int", float: "float"}[type(value)]


def _comparable(value: object) -> object:
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    return "nan" if isinstance(value, float) and math.isnan(value) else value


def agrees(text: str) -> None:
    assert plain(read(Source("p.toml", text)).root) == _comparable(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        'a = "b"\n',
        "[a.b]\nc = 1\n[a.b.d]\ne = 2\n[a]\nf = 3",
        "a.b.c = 1\na.b.d = 2\n\"x y\".'z' . w = 3",
        "a = [1, 2, [3,\n  4, # four\n], ]\nb = []",
        "a = {b = 1, c.d = [{e = 'x'}]}\nf = {}",
        "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\n[[a.e]]\nf = 1",
        '[ a . "b" ]\n  c = 1 # comment ] = "\n',
        'a = "q\\"\\u00e9\\t# no comment"\nb = \'C:\\d\'',
        "a = \"\"\"\nx\\\n   y\"\"\"\nb = '''\nl1\nl2'''\nc = \"\"\"\"quoted\"\"\"\"\nd = '''''x'''''\ne = \"\"\nf = ''",
        "a = 0x1F\nb = -1_000\nc = 1e3\nd = -inf\ne = nan\nf = true\ng = false\nh = +1.5",
        "a = 2026-01-02\nb = 2026-01-02T03:04:05Z\nc = 2026-01-02 03:04:05.5+01:00\nd = 03:04:05\ne = [2026-01-02 03:04:05, 2026-01-02]",
        "a = 1\r\n[b]\r\nc = '''x\r\ny'''\r\nd = [\r\n1,\r\n]\r\n",
    ],
)
def test_says_what_tomllib_says(text: str) -> None:
    agrees(text)


_KEYS = st.one_of(
    st.from_regex(r"[a-c0-9_-]{1,2}", fullmatch=True),
    st.text(st.characters(exclude_characters="'\"\\", exclude_categories=("C", "Z")), max_size=3).map(
        lambda k: f"'{k}'"
    ),
    st.sampled_from(['"a"', '"\\u0061"', '""', '"a.b"']),
)
_NAMES = st.lists(_KEYS, min_size=1, max_size=3).map(" . ".join)
_SCALARS = st.sampled_from(
    [
        "1",
        "1.5",
        "true",
        "-inf",
        "2026-01-02",
        "2026-01-02 03:04:05",
        '"x"',
        "''",
        '"\\n"',
        '"""a\n"b" ""c"""',
        "'''\n'a''b'''",
        "'#'",
    ]
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.tuples(st.lists(inner, max_size=3), st.sampled_from([", ", ",\n # c\n ", " ,"])).map(
            lambda p: f"[{p[1].join(p[0])}]"
        ),
        st.lists(st.tuples(_NAMES, inner).map(" = ".join), max_size=3).map(
            lambda p: "{" + ", ".join(p) + "}"
        ),
    ),
    max_leaves=6,
)
_LINES = st.one_of(
    st.tuples(_NAMES, _VALUES).map(" = ".join),
    _NAMES.map(lambda name: f"[{name}]"),
    _NAMES.map(lambda name: f"[[{name}]]"),
    st.sampled_from(["", "# comment", "  "]),
)
_TEXTS = st.tuples(st.lists(_LINES, max_size=8), st.sampled_from(["\n", "\r\n"])).map(
    lambda p: p[1].join(p[0])
)
_CUT = st.tuples(
    _TEXTS,
    st.integers(0, 80),
    st.integers(0, 3),
    st.sampled_from(["", "]", "'", '"', "=", "\n", ".", "{", "\\"]),
)
_BROKEN = _CUT.map(lambda p: p[0][: p[1]] + p[3] + p[0][p[1] + p[2] :])


@given(st.one_of(_TEXTS, _BROKEN))
def test_law_it_agrees_with_tomllib_or_both_refuse(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(Unreadable) as refused:
            read(Source("p.toml", text))
        span = refused.value.span
        assert 0 <= span.start <= span.end <= len(text)
    else:
        agrees(text)


def test_a_table_has_the_place_of_its_name() -> None:
    root = read(Source("p.toml", "[x]\na.b = 1\n[x.c]\nd = {e = 1}\n[[x.f]]\n")).root

    def span(*path: str) -> str:
        node: Node | None = root
        for name in path:
            assert isinstance(node, Mapping)
            node = node.get(name)
        assert node is not None
        return f"{node.span.begin[0]} {node.span.text}"

    assert span("x") == "1 x"
    assert span("x", "a") == "2 a"
    assert span("x", "c") == "3 c"
    assert span("x", "c", "d") == "4 {e = 1}"
    assert span("x", "f") == "5 f"


@pytest.mark.parametrize(
    ("text", "message", "line", "underlined"),
    [
        # given twice: the key, not the end of its value, which may be lines below
        ("a = 1\na = [\n  2,\n]\n", "key `a` is given twice, or adds to a value that is complete", 2, "a"),
        (
            "[a]\nb = 1\n[c]\n[a]\nb = 2",
            "key `a` is given twice, or adds to a value that is complete",
            4,
            "a",
        ),
        (
            "a = {b = 1}\na.c = '''\n'''",
            "key `a.c` is given twice, or adds to a value that is complete",
            2,
            "a.c",
        ),
        ("x = [\n {a = 1,  a = 2}\n]", "key `a` is given twice, or adds to a value that is complete", 2, "a"),
        ("a = 1\n[a.b]\n", "key `a.b` is given twice, or adds to a value that is complete", 2, "a.b"),
        # what YAML bears
        ("a = 012345670123\n", "an account id that begins with 0 stands in quotes", 1, "012345670123"),
        (
            "a = ['x',\n  012345670123]\n",
            "an account id that begins with 0 stands in quotes",
            2,
            "012345670123",
        ),
        # too deep
        ("a = " + "[" * 5000 + "]" * 5000, "nested more than 200 levels deep", 1, "["),
        ("a = 1\n" + ".".join("b" * 300) + " = 1", "nested more than 200 levels deep", 2, "b"),
    ],
)
def test_refuses(text: str, message: str, line: int, underlined: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(Source("p.toml", text))

    span = refused.value.span
    assert (refused.value.message, span.begin[0], span.text) == (message, line, underlined)


@pytest.mark.parametrize(
    ("text", "line", "underlined"),
    [
        ("a = 1\nb = \n", 2, "\n"),
        ("a = [1,\n", 1, "\n"),
        ("a = 1 b = 2", 1, "b"),
        ("a = 1\r\nb = 2 c\r\n", 2, "c"),
        ("a", 1, "a"),
    ],
)
def test_refuses_in_the_words_of_tomllib_at_its_place(text: str, line: int, underlined: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(Source("p.toml", text))

    span = refused.value.span
    assert (span.begin[0], span.text) == (line, underlined)
    assert refused.value.message[0].islower()
    assert "(at " not in refused.value.message


def test_a_number_too_long_to_be_read() -> None:
    with pytest.raises(Unreadable, match="4300 digits"):
        read(Source("p.toml", "a = " + "1" * 5000))
