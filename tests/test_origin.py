"""A part of a decoded text is found where the file spells it, whatever the style."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.text_trees import marked, node_at, scalars
from xbackup_lint.text import json_reader, yaml_reader
from xbackup_lint.text.node import Node, Scalar, Style, Unreadable
from xbackup_lint.text.origin import span_within
from xbackup_lint.text.source import Source, Span


def root_of(text: str) -> Node:
    reader = json_reader.read if text.startswith(("{", "[")) else yaml_reader.read
    return reader(Source("t", text)).root


def scalar_around(text: str, start: int, end: int) -> Scalar:
    """The scalar of the text that holds a range of it."""
    around = [s for s in scalars(root_of(text)) if s.span.start <= start and end <= s.span.end]
    assert len(around) == 1
    return around[0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        # plain
        ("a: arn:«aws»:iam\n", "aws"),
        ("a: «arn:aws:iam»  # c\n", "arn:aws:iam"),
        ("a: !Sub arn:«aws»:iam\n", "aws"),
        ("a: &b arn:«aws»:iam\n", "aws"),
        ("a: b\n  c «d» e\n", "d"),
        ("a: b\n  c «d\n  e» f\n", "d e"),
        ("a: b  \n\n\n    «c» d\n", "c"),
        ("a: «b\n\n  c» d\n", "b\nc"),
        # quoted
        ("a: 'b «c» d'\n", "c"),
        ("a: 'it''s «c» d'\n", "c"),
        ("a: 'it«''»s'\n", "'"),
        ("a: 'b\n  «c»\n\n  d'\n", "c"),
        ('a: "b «c» d"\n', "c"),
        ('a: "\\tb\\\\ «c» d"\n', "c"),
        ('a: "b«\\n»c"\n', "\n"),
        ('a: "b \\x41«\\u00e9»\\U0001f600"\n', "\xe9"),
        ('a: "\\\n  b\\\n  «c» d"\n', "c"),
        ('a: "b \\\n\n  «c» d"\n', "c"),
        ('a: "b\\ \n  «c»\n  d"\n', "c"),
        ('a: "b\\  \n  «c»\n  d"\n', "c"),
        ('a: "{\\"b\\": «\\"c\\"»}"\n', '"c"'),
        # blocks
        ("a: |\n  b\n  «c» d\n", "c"),
        ("a: |\n  «b\n  c» d\n", "b\nc"),
        ("a: |-   # c\n\n    b\n\n      «c»\n\nd: e\n", "c"),
        ("a: !Sub |\n  {\n    «b»\n  }\n", "b"),
        ("a: |2\n     b\n    «c»\n", "c"),
        ("a: |+1\n    \n   «b»\n\n", "b"),
        ("x:\n  - a: |\n      b\n      «c»\n", "c"),
        ("a: |\n  b\n  \t«c»\n", "c"),
        ("a: >\n  b\n  «c» d\n", "c"),
        ("a: >\n  b «c\n  d» e\n", "c d"),
        ("a: >-\n  b\n\n  c\n    d\n    «e»\n  f\n", "e"),
        ("a: >\n\n  b\n\n\n  «c»\n\n", "c"),
        ("a: >\n  b\u2028  «c»\n", "c"),
        # JSON
        ('{"a": "b «c» d"}', "c"),
        ('{"a": "b\\n\\"«c»\\" d"}', "c"),
        ('{"a": "b«\\/»c"}', "/"),
        ('{"a": "\\ud83d\\ude00\\ud83d «c»"}', "c"),
        ('{"a": "b«\\ud83d\\ude00»"}', "\U0001f600"),
        ('{"a": "\\u00e9«\\n»b"}', "\n"),
        ('{"a": 1«23»4}', "23"),
        ('{"a": «true»}', "true"),
        # other characters
        ("\U0001f600: \xe9\na: 'it''s \U0001f600 «\u65e5» d'\n", "\u65e5"),
        ("a: |\n  b\x85  «c»\u2028  d\n", "c"),
    ],
)
def test_a_part_is_found(text: str, part: str) -> None:
    for written in (text, text.replace("\n", "\r\n")):
        bare, start, end = marked(written)
        scalar = scalar_around(bare, start, end)
        begin = scalar.text.index(part)
        span = span_within(scalar, begin, begin + len(part))
        assert (span.start, span.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a: «»bc\n", 0),
        ("a: b«»c\n", 1),
        ("a: bc«»\n", 2),
        ("a: '«»bc'\n", 0),
        ("a: 'it''«»s'\n", 3),
        ("a: 'it''s«»'\n", 4),
        ("a: «»''\n", 0),
        ('a: "b\\n«»c"\n', 2),
        ('a: "b\\nc«»"\n', 3),
        ("a: |\n  b\n  «»c\n", 2),
        ("a: |\n  b«»\n", 1),
        ("a: |\n  b«»\n", 2),
        ("a: |«»\nb: c\n", 0),
        ('{"a": "b\\n«»c"}', 2),
        ('{"a": "b\\nc«»"}', 3),
    ],
)
def test_an_empty_range_has_its_place(text: str, at: int) -> None:
    bare, start, _ = marked(text)
    if "''" in bare and at == 0 and "it" not in bare:
        start += 1  # between the quotes
    scalar = scalar_around(bare, start, start)
    assert span_within(scalar, at, at) == Span(scalar.span.source, start, start)


@pytest.mark.parametrize(
    ("text", "decoded", "part", "expected"),
    [
        ("['it\\'s «c» \"d\"']", 'it\'s c "d"', "c", "c"),
        ("['b\\u00e9«\\n»c']", "b\xe9\nc", "\n", "\\n"),
    ],
)
def test_json_in_single_quotes(text: str, decoded: str, part: str, expected: str) -> None:
    bare, start, end = marked(text)
    scalar = node_at(json_reader.read(Source("t", bare), tolerant=True).root, 0)
    assert isinstance(scalar, Scalar)
    assert scalar.text == decoded
    span = span_within(scalar, decoded.index(part), decoded.index(part) + len(part))
    assert (span.start, span.end, span.text) == (start, end, expected)


def test_a_range_over_everything_is_the_text_without_its_quotes() -> None:
    for text in (
        "a: «b c»\n",
        "a: '«b''c»'\n",
        'a: "«b\\nc»"\n',
        "a: |\n  «b\n  c»\n",
        "a: >-\n  «b\n  c»\n",
    ):
        bare, start, end = marked(text)
        scalar = scalar_around(bare, start, end)
        span = span_within(scalar, 0, len(scalar.text))
        assert (span.start, span.end) == (start, end)
        assert span == span_within(scalar, 0, len(scalar.text) + 5)


@pytest.mark.parametrize("text", ["other text", "something", "another"])
@pytest.mark.parametrize("style", ["plain", "'", '"', "|", ">", "json"])
def test_where_the_source_does_not_spell_the_text_the_answer_is_the_whole(style: Style, text: str) -> None:
    source = Source("t", "a: 'b c d' e\n")
    scalar = Scalar.at(Span(source, 3, 12), text, style, "str")
    assert span_within(scalar, 2, 4) == scalar.span


def test_what_is_too_finely_cut_is_underlined_as_a_whole() -> None:
    fine = scalar_around('a: "' + "\\tb" * 20_000 + '"', 5, 6)
    assert span_within(fine, 2, 3).text == "\\t"
    finer = scalar_around('a: "' + "\\tb" * 30_000 + '"', 5, 6)
    assert span_within(finer, 2, 3) == finer.span


@pytest.mark.parametrize(
    "written",
    [
        "b" * 1_000_000,
        "b" + " " * 1_000_000 + "c\n  d",
        "'" + "''" * 20_000 + " " * 1_000_000 + "'",
        '"' + "\\ " * 500_000 + '"',
        '"' + "\\ " * 10_000 + " " * 500_000 + '\n  "',
        "|\n" + "  b\n" * 20_000,
        ">\n" + "  b\n" * 300_000,
        ">\n  b\n" + "\n" * 300_000 + "  c\n",
        "|\n  b\n  " + " " * 1_000_000 + "c\n",
    ],
    ids=lambda written: repr(written[:5]),
)
def test_many_parts_of_a_huge_scalar_are_found_quickly(written: str) -> None:
    scalar = scalar_around(f"a: {written}\n", 4, 4)
    begin = time.perf_counter()
    for at in range(0, len(scalar.text), len(scalar.text) // 2000):
        span_within(scalar, at, at + 1)
    assert time.perf_counter() - begin < 3


# --- laws


def spelled(scalar: Scalar, written: str) -> str:
    """What a piece of a scalar decodes to by itself."""
    if scalar.style == '"':
        node = yaml.compose(f'"{written}"', Loader=yaml.CSafeLoader)
        assert node is not None
        return str(node.value)
    if scalar.style == "json" and scalar.tag == "str":
        return str(json.loads(f'"{written}"'))
    return written.replace("''", "'") if scalar.style == "'" else written


def check_every_character(scalar: Scalar) -> None:
    text = scalar.text
    places = [span_within(scalar, at, at + 1) for at in range(len(text))]
    if text.isspace() and scalar.style in ("|", ">"):
        return  # how far a block without words is indented cannot be seen
    for at, (char, place) in enumerate(zip(text, places, strict=True)):
        assert scalar.span.contains(place)
        if not char.isspace():
            assert spelled(scalar, place.text) == char
        begin = span_within(scalar, at, at)
        assert (begin.start, begin.end) == (place.start, place.start)
    for first, then in pairwise(places):
        assert first.start <= then.start
        assert first.end <= then.end
    middle = len(text) // 2
    if middle:
        first, last = places[middle - 1], places[-1]
        assert span_within(scalar, middle - 1, len(text)) == Span(first.source, first.start, last.end)


CHARACTERS = st.sampled_from("abc \xe9\U0001f600:#-'\"\\/{}[],&*!|>%\n\t\x07\x85\xa0\u2028\0")
TEXTS = st.text(CHARACTERS, max_size=25)


@settings(max_examples=300)
@given(
    st.lists(TEXTS, min_size=1, max_size=3),
    st.lists(st.booleans(), max_size=4),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([True, False, None]),
    st.integers(2, 9),
    st.integers(10, 60),
    st.booleans(),
    st.booleans(),
)
def test_every_character_of_what_pyyaml_writes(
    texts: list[str],
    nesting: list[bool],
    style: str | None,
    flow: bool | None,
    indent: int,
    width: int,
    unicode: bool,
    windows: bool,
) -> None:
    tree: object = texts
    for in_list in nesting:
        tree = [tree] if in_list else {"k": tree}
    written = yaml.dump(
        tree, default_style=style, default_flow_style=flow, indent=indent, width=width, allow_unicode=unicode
    )
    try:
        root = root_of("---\n" + (written.replace("\n", "\r\n") if windows else written))
    except Unreadable:  # PyYAML does not always read what it writes
        assume(False)
    for scalar in scalars(root):
        check_every_character(scalar)


@given(st.lists(TEXTS | st.text(max_size=5), max_size=3), st.booleans(), st.sampled_from([None, 1]))
def test_every_character_of_what_json_writes(texts: list[str], ascii_only: bool, indent: int | None) -> None:
    written = json.dumps([texts, 12.5, True], ensure_ascii=ascii_only, indent=indent)
    for scalar in scalars(root_of(written)):
        check_every_character(scalar)


BLOCKS = st.lists(
    st.sampled_from([*"ab# \t", "\xe9", "  ", "\n", "\n  ", "\n   ", "\n    ", "\n\n   "]), max_size=14
)
QUOTED = st.lists(
    st.sampled_from(
        [*"ab: \t", "\xe9", "  ", "\n  ", "\n\n   ", "''", "\\n", "\\ ", "\\\n  ", "\\u00e9", "\\/", "\\\\"]
    ),
    max_size=14,
)
HEADERS = st.sampled_from(["|", ">", "|-", ">+", "|2", ">1-", "|+3", ">  # c", "|\t"])
ENDS = st.sampled_from(["", "\n", "\n\n", "\n  d: e\n", "\n# d\n"])


@settings(max_examples=400)
@given(
    st.tuples(HEADERS, BLOCKS.map("".join)).map("\n   ".join)
    | QUOTED.map("".join).map(lambda text: f"'{text}'")
    | QUOTED.map("".join).map(lambda text: f'"{text}"')
    | QUOTED.map("".join).map(lambda text: f"p{text}"),
    st.sampled_from(["", "!Sub ", "&x ", "!Sub &x # c\n   "]),
    ENDS,
    st.sampled_from(["\n", "\r\n", "\r", "\u2028"]),
)
def test_every_character_of_what_people_write(written: str, before: str, after: str, line_break: str) -> None:
    try:
        root = root_of(f"x:\n  a: {before}{written}{after}".replace("\n", line_break))
    except Unreadable:
        assume(False)
    for scalar in scalars(root):
        check_every_character(scalar)
