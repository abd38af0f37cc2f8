"""What JSON is read as, where each part of it stands, and what is refused or forgiven."""

from __future__ import annotations

import json
import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text_trees import marked, node_at, nodes, plain
from xbackup_lint.text.json_reader import read
from xbackup_lint.text.node import Document, Mapping, Node, Scalar, Sequence, Unreadable
from xbackup_lint.text.source import Source

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def reading(text: str, *, tolerant: bool = False, hole: str = "") -> Document:
    return read(Source("t.json", text), tolerant=tolerant, hole=hole)


def value(node: Node) -> Json:
    """What `json.loads` would make of a node's text."""
    if isinstance(node, Mapping):
        return {key.text: value(child) for key, child in node.entries}
    if isinstance(node, Sequence):
        return [value(child) for child in node.items]
    assert isinstance(node, Scalar)
    assert node.style == "json"
    made: dict[str, Json] = {"true": True, "false": False, "null": None}
    match node.tag:
        case "str":
            return node.text
        case "int":
            return int(node.text)
        case "float":
            return float(node.text)
    return made[node.text]


# --- meaning


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b"}',
        '{"a": ["b", {"c": "d"}], "e": {}, "f": []}',
        '{\n\t"a" : "b" ,\r\n\t"c":1\n}\n',
        '{"a":"b","c":["d","e"]}',
        '"a"',
        " [ ] ",
        "{ }",
        '["", "a b", "\\"", "\\\\", "\\/", "\\b\\f\\n\\r\\t"]',
        '{"\\u0061": "\\u00e9\\u20ac"}',
        "[0, -1, 111122223333, -0, 1.5, 1e3, 1E-3, -1.25e+2]",
        "[true, false, null]",
        # odd, and JSON in Python's eyes
        "[NaN, Infinity, -Infinity]",
        "[1" + "0" * 400 + ", 1e999, 0.1e-999]",
        '["\\ud83d\\ude00", "\\ud83d", "\\ude00\\ud83d", "\\ud83d\\u0061"]',
        '["\ud800"]',
        '["\x7f\x80\u2028\xa0", "\U0001f600"]',
        '{"' + "k" * 2000 + '": 1}',
        '{"": {"": ""}}',
        '["\ufeff"]',
    ],
)
def test_it_means_what_json_loads_says(text: str) -> None:
    expected = json.loads(text)
    assert repr(value(reading(text).root)) == repr(expected)


@pytest.mark.parametrize(
    ("written", "text", "tag"),
    [
        ('"b"', "b", "str"),
        ('"\\u0062"', "b", "str"),
        ("12", "12", "int"),
        ("1.50", "1.50", "float"),
        ("1E5", "1E5", "float"),
        ("true", "true", "bool"),
        ("null", "null", "null"),
        ("NaN", "NaN", "float"),
        ("-Infinity", "-Infinity", "float"),
        ("9" * 5000, "9" * 5000, "int"),  # `json.loads` may refuse to convert it; we never do
    ],
)
def test_scalars_keep_their_text(written: str, text: str, tag: str) -> None:
    scalar = node_at(reading(f"[{written}]").root, 0)
    assert isinstance(scalar, Scalar)
    assert (scalar.text, scalar.tag, scalar.style) == (text, tag, "json")
    assert scalar.span.text == written


# --- places


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('«{"a": "b"}»', []),
        (' «{"a": "b"}» \n', []),
        ('{"a": «"b"»}', ["a"]),
        ('{"a" : «"b"» , "c": 1}', ["a"]),
        ('{"a": «{"b": 1 }» }', ["a"]),
        ('{"a": «[1, 2 ]» }', ["a"]),
        ('{"a": [1, «-2.5e3» ]}', ["a", 1]),
        ('{"a": [1, «true»]}', ["a", 1]),
        ('{"a": «"b\\n\\"c"» }', ["a"]),
        ('{"\\u00e9": «""»}', ["\xe9"]),
        ('{\r\n\t"\U0001f600": "\U0001f600",\r\n\t"b": «"c"»\r\n}', ["b"]),
        ("«[]»", []),
    ],
)
def test_where_it_stands(text: str, path: list[str | int]) -> None:
    bare, start, end = marked(text)
    span = node_at(reading(bare).root, *path).span
    assert (span.start, span.end) == (start, end)


@pytest.mark.parametrize("text", ['{"x": 1, «"a"» : 2}', '{«"\\u0061"»:2}', '{ «"a"»\n:2}'])
def test_where_a_key_stands(text: str) -> None:
    bare, start, end = marked(text)
    root = reading(bare).root
    assert isinstance(root, Mapping)
    key = root.key("a")
    assert key is not None
    assert (key.span.start, key.span.end) == (start, end)


# --- duplicate keys


@pytest.mark.parametrize(
    ("text", "expected", "places"),
    [
        ('{"a": 1, "b": 2, "a": 3}', {"b": "2", "a": "3"}, [(17, 1)]),
        ('{"a": 1, "\\u0061": 2}', {"a": "2"}, [(9, 1)]),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', {"a": "3"}, [(15, 7), (24, 1)]),
    ],
)
def test_a_key_given_twice(text: str, expected: object, places: list[tuple[int, int]]) -> None:
    document = reading(text)
    assert repr(plain(document.root)) == repr(expected)  # in this order, too
    assert [(r.span.start, r.related and r.related.start) for r in document.remarks] == places
    assert {(r.kind, r.message[-15:]) for r in document.remarks} == {("duplicate-key", " is given twice")}


# --- what is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("«»", "empty, where a JSON value is expected"),
        (" «\n»", "empty, where a JSON value is expected"),
        ('{"a": 1«,»}', "trailing comma before `}`"),
        ("[1«,» ]", "trailing comma before `]`"),
        ('{"a": «// b»\n1}', "a comment is not JSON"),
        ('{"a": 1, «# b»\n"c": 2}', "a comment is not JSON"),
        ('{"a": 1 «/* b */»}', "a comment is not JSON"),
        ('«# a»\n{"a": 1}', "a comment is not JSON"),
        ('{"a": «/»* b', "a comment that is never closed"),
        ("{«'a'»: 1}", "strings take double quotes"),
        ("{\"a\": «'b'»}", "strings take double quotes"),
        ("{«a»: 1}", "keys take double quotes"),
        ('{"a": «b»c}', "strings take double quotes"),
        ('{"a": «T»rue}', "`True` is written `true`"),
        ('{"a": «N»one}', "`None` is written `null`"),
        ('{"a": «u»ndefined}', "`undefined` is written `null`"),
        ('{"a" «1»}', "expected `:` after the key"),
        ('{"a"«}»', "expected `:` after the key"),
        ('{"a": 1 «"»b": 2}', "expected `,` or `}`"),
        ('{"a": 1\n «"»b": 2}', "expected `,` or `}`"),
        ('["a" «"»b"]', "expected `,` or `]`"),
        ('["a"«}»', "expected `,` or `]`"),
        ('{"a": "b«"»', "expected `,` or `}`, found the end of the text"),
        ('{"a": «:» 1}', "expecting a value"),
        ('{"a": «}»', "expecting a value"),
        ("[«,»]", "expecting a value"),
        ("[1,«,»]", "expecting a value"),
        ("{«,»}", "expecting a key in double quotes"),
        ('{"a": 1,«,»}', "expecting a key in double quotes"),
        ("{«1»: 2}", "expecting a key in double quotes"),
        ("«{»", "expecting a key, found the end of the text"),
        ("«[»", "expecting a value, found the end of the text"),
        ('{"a"«:»', "expecting a value, found the end of the text"),
        ('{"a": «"»b}', "a string that is never closed"),
        ('{"a": "b«\n»"}', "control character in a string; write \\n"),
        ('{"a": "b«\t»"}', "control character in a string; write \\t"),
        ('{"a": "b«\x00»"}', "control character in a string; write \\u0000"),
        ('{"a«\x1f»": 1}', "control character in a string; write \\u001f"),
        ('{"a": "b«\\»d"}', "`\\d` is no escape in JSON"),
        ('{"a": "b«\\»u12"}', "`\\u` takes four hexadecimal digits"),
        ('{"a": «0»12345670123}', "a number cannot begin with 0; account ids take double quotes"),
        ('{"a": «+»1}', "expecting a value"),
        ('{"a": «.»5}', "expecting a value"),
        ('{"a": 1«.»}', "expected `,` or `}`"),
        ('{"a": «\x00»}', "expecting a value"),
        ('{"a": 1«\xa0»}', "expected `,` or `}`"),
        ('{"a": 1}«x»', "text after the end of the JSON"),
        ('{"a": 1}\n«{»"b": 2}', "text after the end of the JSON"),
        ('«\ufeff»{"a": 1}', "a byte order mark is not JSON"),
    ],
)
def test_a_fault_and_its_place(text: str, message: str) -> None:
    bare, start, end = marked(text)
    with pytest.raises(Unreadable) as caught:
        reading(bare)
    found = caught.value
    assert (found.message, found.span.start, found.span.end) == (message, start, end)
    with pytest.raises(json.JSONDecodeError):
        json.loads(bare)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("tolerant", [False, True])
def test_two_hundred_levels_are_read_and_no_more(opening: str, closing: str, tolerant: bool) -> None:
    inner = "# \n 1" if tolerant else "1"
    reading(opening * 200 + inner + closing * 200, tolerant=tolerant)
    for text in (opening * 201 + inner + closing * 201, opening * 300_000):
        with pytest.raises(Unreadable, match="nested more than 200 levels deep") as caught:
            reading(text, tolerant=tolerant)
        assert caught.value.span.start == 200 * len(opening)


@pytest.mark.parametrize(
    "text",
    [
        '"' + "a" * 1_000_000 + '"',
        '"' + "\\n" * 500_000 + '"',
        '"' + "a" * 1_000_000,
        "'" + "\\'" * 500_000,
        "'" + 'a"' * 500_000 + "'",
        " " * 1_000_000,
        "/* a " * 300_000,
        "# a\n" * 100_000,
        "[" + "1," * 100_000 + "]",
        "[" + "1\n" * 100_000 + "]",
        "1" * 1_000_000,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_time_grows_with_the_text_and_no_faster(text: str) -> None:
    begin = time.perf_counter()
    for tolerant in (False, True):
        try:
            reading(text, tolerant=tolerant)
        except Unreadable as refused:
            assert refused.message
    assert time.perf_counter() - begin < 5


# --- tolerance


@pytest.mark.parametrize(
    ("text", "expected", "remarks"),
    [
        ('{"a": 1}', {"a": 1}, []),
        ('{"a": 1,}', {"a": 1}, [("trailing comma before `}`", ",")]),
        ("[1, [2,],\n]", [1, [2]], [("trailing comma before `]`", ","), ("trailing comma before `]`", ",")]),
        ('{"a": 1 // b\n}', {"a": 1}, [("a comment is not JSON", "// b")]),
        ('# a\n{"a": 1}', {"a": 1}, [("a comment is not JSON", "# a")]),
        (
            '{"a": /* b\n */ 1}# c',
            {"a": 1},
            [("a comment is not JSON", "/* b\n */"), ("a comment is not JSON", "# c")],
        ),
        (
            '{ // a\n"b" # c\n: 1, /**/ "d": [ // e\n], }',
            {"b": 1, "d": []},
            [
                ("a comment is not JSON", "// a"),
                ("a comment is not JSON", "# c"),
                ("a comment is not JSON", "/**/"),
                ("a comment is not JSON", "// e"),
                ("trailing comma before `}`", ","),
            ],
        ),
        # in the order of their places
        ("[1, # a\n]", [1], [("trailing comma before `]`", ","), ("a comment is not JSON", "# a")]),
        (
            "{'a': 'b'}",
            {"a": "b"},
            [("strings take double quotes", "'a'"), ("strings take double quotes", "'b'")],
        ),
        ("['a \"b\" c']", ['a "b" c'], [("strings take double quotes", "'a \"b\" c'")]),
        (
            r"['it\'s', '\n\\\u0061']",
            ["it's", "\n\\a"],
            [("strings take double quotes", r"'it\'s'"), ("strings take double quotes", r"'\n\\\u0061'")],
        ),
        ('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, [("missing comma after this line", "1")]),
        ('{"a": {}\r\n "b": 2}', {"a": {}, "b": 2}, [("missing comma after this line", "}")]),
        (
            '["a"\n# b\n"c"\n{}\n1]',
            ["a", "c", {}, 1],
            [
                ("missing comma after this line", '"'),
                ("a comment is not JSON", "# b"),
                ("missing comma after this line", '"'),
                ("missing comma after this line", "}"),
            ],
        ),
        # inside a string all of this is text
        ('["// a", "# b", "/* c */", "d,]", "\'"]', ["// a", "# b", "/* c */", "d,]", "'"], []),
        (
            '{"a": 1, "a": 2,}',
            {"a": 2},
            [("key `a` is given twice", '"a"'), ("trailing comma before `}`", ",")],
        ),
    ],
)
def test_it_is_read_as_it_was_meant(text: str, expected: Json, remarks: list[tuple[str, str]]) -> None:
    document = reading(text, tolerant=True)
    assert value(document.root) == expected
    assert [(remark.message, remark.span.text) for remark in document.remarks] == remarks
    strict = [remark for remark in document.remarks if remark.kind == "not-json"]
    if strict:
        with pytest.raises(Unreadable):
            reading(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{«a»: 1}", "keys take double quotes"),
        ('{"a": «b»}', "strings take double quotes"),
        ('{"a": 1 «"»b": 2}', "expected `,` or `}`"),
        ('{"a": 1\n«]»', "expected `,` or `}`"),
        ('{"a": 1\n«b»: 2}', "expected `,` or `}`"),
        ("[1,«,»]", "expecting a value"),
        ("[«,»]", "expecting a value"),
        ("{«,»}", "expecting a key in double quotes"),
        ("[1 «/»* a", "a comment that is never closed"),
        ("[«'»a]", "a string that is never closed"),
        ("[«'»a\n']", "a string that is never closed"),
        ("[«'»\\d']", "an escape in this string is not JSON"),
        ('["a«\n»"]', "control character in a string; write \\n"),
        ("«T»rue", "`True` is written `true`"),
        ("# only a commen«t»", "expecting a value, found the end of the text"),
    ],
)
def test_what_no_tolerance_helps(text: str, message: str) -> None:
    bare, start, end = marked(text)
    with pytest.raises(Unreadable) as caught:
        reading(bare, tolerant=True)
    found = caught.value
    assert (found.message, found.span.start, found.span.end) == (message, start, end)


# --- holes


@pytest.mark.parametrize("hole", ["\ufffc", "\x00", "X"])
def test_a_hole_stands_for_a_value(hole: str) -> None:
    text = f'{{"a": {hole}, "b": [{hole} , 1, {hole}], "c": "d{hole}\\n"}}'.replace("\x00\\n", "\\n")
    root = reading(text, hole=hole).root
    for found in (node_at(root, "a"), node_at(root, "b", 0), node_at(root, "b", 2)):
        assert isinstance(found, Scalar)
        assert (found.text, found.style, found.tag, found.span.text) == (hole, "plain", "other", hole)
    text_of_c = node_at(root, "c")
    assert isinstance(text_of_c, Scalar)
    assert text_of_c.text == ("d\n" if hole == "\x00" else f"d{hole}\n")


def test_a_hole_may_be_the_whole_text_and_follow_a_missing_comma() -> None:
    assert plain(reading("\ufffc", hole="\ufffc").root) == "\ufffc"
    assert plain(reading("[1\n\ufffc]", hole="\ufffc", tolerant=True).root) == ["1", "\ufffc"]


@pytest.mark.parametrize(
    "text", ["{\ufffc: 1}", "[\ufffc\ufffc]", '[\ufffc"a"]', '{"a"\ufffc 1}', "[1\ufffc]"]
)
def test_a_hole_is_nothing_but_a_value(text: str) -> None:
    for tolerant in (False, True):
        with pytest.raises(Unreadable):
            reading(text, hole="\ufffc", tolerant=tolerant)


def test_without_a_hole_its_character_is_nothing() -> None:
    with pytest.raises(Unreadable, match="expecting a value"):
        reading("[\ufffc]")


# --- laws

STRINGS = st.text(st.sampled_from("ab \\\"/\n\t\x00\x7f\xe9\u2028\U0001f600\ud800\udc00{}[],:#'"), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4),
    max_leaves=12,
)
WORDS = [
    *"{}[],:\"'\\#/ \n\r\t\x00\x0b\xa0-+.0123eEN",
    "true",
    "null",
    "NaN",
    "-Infinity",
    "//a\n",
    "/* a */",
    "/*",
]
WORDS += [
    "\\u12",
    "\\ud83d",
    "\\ude00",
    "1.",
    "01",
    "1e",
    "--1",
    "None",
    "'a'",
    "\ufeff",
    '"a"',
    '"a":1',
    "\\/",
    "\\x",
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """JSON in any layout, with a few things done to it."""
    text = json.dumps(
        draw(VALUES),
        ensure_ascii=draw(st.booleans()),
        indent=draw(st.sampled_from([None, 1, "\t"])),
        separators=draw(st.sampled_from([None, (",", ":"), (" , ", " :\r\n")])),
    )
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        upto = at + draw(st.sampled_from([0, 0, 1, 2]))
        text = text[:at] + draw(st.sampled_from(WORDS)) + text[upto:]
    return text


@settings(max_examples=500)
@given(texts() | st.lists(st.sampled_from(WORDS), max_size=5).map("".join))
def test_it_accepts_and_means_what_json_loads_does(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(Unreadable) as caught:
            reading(text)
        assert 0 <= caught.value.span.start <= caught.value.span.end <= len(text)
        return
    for tolerant in (False, True):
        document = reading(text, tolerant=tolerant)
        found = value(document.root)
        assert json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)
        assert {remark.kind for remark in document.remarks} <= {"duplicate-key"}


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_every_node_spells_its_own_value(tree: Json, indent: str | int | None) -> None:
    for node in nodes(reading(json.dumps(tree, indent=indent)).root):
        own = json.loads(node.span.text)
        assert repr(own) == repr(value(node)) or (isinstance(own, float) and math.isnan(own))
