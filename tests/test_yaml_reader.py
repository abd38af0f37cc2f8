"""What YAML is read as, where each part of it stands, and what is refused."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text_trees import Plain, children, marked, node_at, nodes, plain
from xbackup_lint.text import yaml_composer
from xbackup_lint.text.node import Document, Mapping, Node, Scalar, Sequence, Tagged, Unreadable
from xbackup_lint.text.source import Source
from xbackup_lint.text.yaml_reader import read


def reading(text: str) -> Document:
    return read(Source("t.yaml", text))


@pytest.fixture(params=["libyaml", "python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without libyaml reads the same, slowly."""
    if request.param == "python":
        monkeypatch.setattr(yaml_composer, "_Loader", yaml_composer.asked_less(yaml.SafeLoader))


# --- meaning


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: b\n", {"a": "b"}),
        ("a: b", {"a": "b"}),
        ("a:\n  - b\n  - c: d\n    e: f\n", {"a": ["b", {"c": "d", "e": "f"}]}),
        ("a:\n- b\n- c\n", {"a": ["b", "c"]}),
        ("{a: [b, 'c', \"d\"], e: {}, f: []}", {"a": ["b", "c", "d"], "e": {}, "f": []}),
        ("just text", "just text"),
        ("a: |\n  b\n  c\nd: >\n  e\n  f\n", {"a": "b\nc\n", "d": "e f\n"}),
        ("a: |-\n  b\nd: >+\n  e\n\ng: h\n", {"a": "b", "d": "e\n\n", "g": "h"}),
        # functions
        ("a: !Ref b\n", {"a": ("!Ref", "b")}),
        ("a: !GetAtt b.Arn\n", {"a": ("!GetAtt", "b.Arn")}),
        ("a: !Sub '${b}'\n", {"a": ("!Sub", "${b}")}),
        ("a: !Sub |\n  b\n", {"a": ("!Sub", "b\n")}),
        ("a: !If [b, !Ref c, d]\n", {"a": ("!If", ["b", ("!Ref", "c"), "d"])}),
        ("a: !If\n  - b\n  - c\n", {"a": ("!If", ["b", "c"])}),
        ("a: !If\n- b\n- c\n", {"a": ("!If", ["b", "c"])}),
        ("a: !Transform {Name: b}\n", {"a": ("!Transform", {"Name": "b"})}),
        ("a: !Transform\n  Name: b\n", {"a": ("!Transform", {"Name": "b"})}),
        ("!Ref a", ("!Ref", "a")),
        ("a: !Ref\nb: c\n", {"a": ("!Ref", ""), "b": "c"}),
        ("[!Ref , !Ref a]", [("!Ref", ""), ("!Ref", "a")]),
        ("a: !Fn::Sub b\n", {"a": ("!Fn::Sub", "b")}),
        ("a: !<!Sub> b\n", {"a": ("!Sub", "b")}),
        ("%TAG !c! !\n---\na: !c!Sub b\n", {"a": ("!Sub", "b")}),
        # what the constructor of PyYAML would convert, or fail at
        ("a: 012345670123\n", {"a": "012345670123"}),
        ("a: 2012-10-17\n", {"a": "2012-10-17"}),
        ("a: On\nOn: a\n", {"a": "On", "On": "a"}),
        ("a: =\n=: b\n", {"a": "=", "=": "b"}),
        ("a: 2012-99-99\n", {"a": "2012-99-99"}),
        ("a: 1:30:00\nb: 0x_\nc: .inf\n", {"a": "1:30:00", "b": "0x_", "c": ".inf"}),
        ("a:\nb: ~\nc: ''\n", {"a": "", "b": "~", "c": ""}),
        # standard tags say nothing that we do not see
        ("a: !!str 12\nb: !!int '3'\nc: ! d\n", {"a": "12", "b": "3", "c": "d"}),
        ("a: !!map {b: c}\nd: !!seq [e]\n", {"a": {"b": "c"}, "d": ["e"]}),
        ("a: !<tag:yaml.org,2002:str> b\n", {"a": "b"}),
        ("a: !!binary x\nb: !!python/name:os.system ''\n", {"a": "x", "b": ""}),
        # several lines
        ("a: b\n  c\n\n  d\n", {"a": "b c\nd"}),
        ("a: 'b''c\n  d'\n", {"a": "b'c d"}),
        ('a: "b\\tc\\\n  d\n  e"\n', {"a": "b\tcd e"}),
        # keys
        ("1: a\n? b\n: c\n'd e': f\n", {"1": "a", "b": "c", "d e": "f"}),
        ("? [a]\n: b\n? {c: d}\n: e\nf: g\n", {"f": "g"}),
        ("? !Ref a\n: b\nc: d\n", {"c": "d"}),
        ("!Ref a: b\nc: d\n", {"c": "d"}),
        ("? a\nb:\n", {"a": "", "b": ""}),
        ("[a: b, {c, d: }]", [{"a": "b"}, {"c": "", "d": ""}]),
        ("? " + "k" * 1100 + "\n: a\n", {"k" * 1100: "a"}),
        # other characters
        ("é: 日本\n\U0001f600: '\U0001f389'\n", {"é": "日本", "\U0001f600": "\U0001f389"}),
        ("a: b\x85c: d\u2028e: f\u2029", {"a": "b", "c": "d", "e": "f"}),
        # around the document
        ("# c\n\n---\na: b\n...\n# d\n", {"a": "b"}),
        ("%YAML 1.1\n---\na: b\n", {"a": "b"}),
        ("--- a", "a"),
        ("---\n...\n", ""),
    ],
)
def test_a_text_is_read_as(text: str, tree: Plain) -> None:
    assert plain(reading(text).root) == tree
    windows = text.replace("\n", "\r\n")
    assert plain(reading(windows).root) == tree


@pytest.mark.parametrize(
    ("written", "tag", "style"),
    [
        ("b", "str", "plain"),
        ("'b'", "str", "'"),
        ('"b"', "str", '"'),
        ("|\n  b", "str", "|"),
        (">\n  b", "str", ">"),
        ("12", "int", "plain"),
        ("'12'", "str", "'"),
        ("111122223333", "int", "plain"),
        ("012345670123", "int", "plain"),
        ("012345678901", "str", "plain"),
        ("1.5", "float", "plain"),
        ("1e5", "str", "plain"),
        (".nan", "float", "plain"),
        ("true", "bool", "plain"),
        ("On", "bool", "plain"),
        ("'true'", "str", "'"),
        ("null", "null", "plain"),
        ("~", "null", "plain"),
        ("", "null", "plain"),
        ("2012-10-17", "timestamp", "plain"),
        ("'2012-10-17'", "str", "'"),
        ("=", "other", "plain"),
        ("!!str 12", "str", "plain"),
        ("!!int '12'", "str", "'"),
        ("!!binary x", "other", "plain"),
        # under a function: what the text itself would be
        ("!Ref b", "str", "plain"),
        ("!Ref 12", "int", "plain"),
        ("!Ref true", "bool", "plain"),
        ("!Ref", "null", "plain"),
        ("!Ref '12'", "str", "'"),
        ("!Sub |\n  12", "str", "|"),
    ],
)
def test_what_yaml_would_make_of_a_scalar(written: str, tag: str, style: str) -> None:
    node = node_at(reading(f"a: {written}\n").root, "a")
    scalar = node.argument if isinstance(node, Tagged) else node
    assert isinstance(scalar, Scalar)
    assert (scalar.tag, scalar.style) == (tag, style)


# --- places


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: «b»\n", ["a"]),
        ("a: «b c»   # d\n", ["a"]),
        ("«a: b\nc: d»\n\n", []),
        ("a: «'b'» # c\n", ["a"]),
        ('a: «"b"» # c\n', ["a"]),
        ("a:\n  «b: c\n  d: e»\n\n\nf: g\n", ["a"]),
        ("a:\n  «- b\n  - c»\n\n# d\ne: f\n", ["a"]),
        ("a:\n«- b\n- c»\nd: e\n", ["a"]),
        ("a:\n  - «b: c\n    d: e»\n  - f\n", ["a", 0]),
        ("a: «[b, c]» # d\n", ["a"]),
        ("a: «{b: c,\n  d: e\n  }»\nf: g\n", ["a"]),
        ("a: [«b: c» ]\n", ["a", 0]),
        # block scalars end with their last character
        ("a: «|\n  b\n  c»\n\nd: e\n", ["a"]),
        ("a: «>+ # b\n\n  c»\n\n\n# d\n", ["a"]),
        ("a: «|»\nb: c\n", ["a"]),
        # a function with what it is applied to, and the argument alone
        ("a: «!Ref b»\n", ["a"]),
        ("a: !Ref «b»\n", ["a", "!"]),
        ("a: «!Sub |\n  b»\n\nc: d\n", ["a"]),
        ("a: !Sub «|\n  b»\n\nc: d\n", ["a", "!"]),
        ("a: «!If\n  - b\n  - c»\n\n# d\n\ne: f\n", ["a"]),
        ("a: !If\n  «- b\n  - c»\n\n# d\n\ne: f\n", ["a", "!"]),
        ("a: !If   «[b]»\n", ["a", "!"]),
        ("a: !If # b\n  «[c]»\n", ["a", "!"]),
        ("a: «!Ref»\nb: c\n", ["a"]),
        ("a: !Ref«» # b\nc: d\n", ["a", "!"]),
        ("[«!Ref a»,!Ref b]", [0]),
        # anchors are no part of what they name
        ("a: &b «c»\n", ["a"]),
        ("a: &b «!Ref c»\n", ["a"]),
        ("a: !Ref &b «c»\n", ["a", "!"]),
        ("a: «!Ref &b c»\n", ["a"]),
        ("a: &b\n  «c: d»\n", ["a"]),
        ("a:\n  «&b c: d»\n", ["a"]),
        ("a:\n  «!b c: d\n  e: f»\n", ["a"]),
        ("a: !!str «b»\n", ["a"]),
        # behind an alias, whose node stands elsewhere
        ("a: &a [b]\nc:\n  «d: e\n  f: *a» # *g\n  # *h\n\ni: j\n", ["c"]),
        ("a: &a [b]\nc:\n  «- d\n  - *a\n  - *a»\n\ne: f\n", ["c"]),
        ("a: &a b\nc: «[*a]»\n", ["c"]),
        ("a: &a b\n«c»: d\n", ["key c"]),
        # nothing
        ("a:«»\nb: c\n", ["a"]),
        ("a: «''»\n", ["a"]),
        ("a: «{}»\n", ["a"]),
        ("a:\n  «? b»\n\nc: d\n", ["a"]),
        # marks count characters
        ("\U0001f600: 日本\n«é»: \U0001f389\n", ["key é"]),
        ("\U0001f600: 日本\né: «\U0001f389»\n", ["é"]),
        ("a: «b\n   c»\n\nd: e\n", ["a"]),
    ],
)
def test_where_it_stands(text: str, path: list[str | int]) -> None:
    for written in (text, text.replace("\n", "\r\n")):
        bare, start, end = marked(written)
        node = reading(bare).root
        for step in path:
            node = stepped(node, step)
        assert node.span.text == bare[start:end]
        assert (node.span.start, node.span.end) == (start, end)


def stepped(node: Node, step: str | int) -> Node:
    """A step of a path: a key, an index, "key k" for the key itself, "!" for a function's argument."""
    if step == "!":
        assert isinstance(node, Tagged)
        return node.argument
    if isinstance(step, str) and step.startswith("key "):
        assert isinstance(node, Mapping)
        key = node.key(step.removeprefix("key "))
        assert key is not None
        return key
    return node_at(node, step)


# --- duplicate keys


@pytest.mark.parametrize(
    ("text", "tree", "remarks"),
    [
        ("a: b\nc: d\n", {"a": "b", "c": "d"}, []),
        ("a: b\nc: d\na: e\n", {"c": "d", "a": "e"}, [("a", 3, 1)]),
        ("a: b\na: c\na: d\n", {"a": "d"}, [("a", 2, 1), ("a", 3, 2)]),
        ("{a: b, 'a': c}", {"a": "c"}, [("a", 1, 1)]),
        ("1: b\n'1': c\n", {"1": "c"}, [("1", 2, 1)]),
        ("x:\n  a: {b: 1, b: 2}\n  a: c\n", {"x": {"a": "c"}}, [("b", 2, 2), ("a", 3, 2)]),
        ("a: b\na: {c: 1, c: 2}\n", {"a": {"c": "2"}}, [("a", 2, 1), ("c", 2, 2)]),
    ],
)
def test_a_key_given_twice(text: str, tree: Plain, remarks: list[tuple[str, int, int]]) -> None:
    document = reading(text)
    assert repr(plain(document.root)) == repr(tree)  # in this order, too
    found = []
    for remark in document.remarks:
        assert remark.kind == "duplicate-key"
        assert remark.related is not None
        name = remark.related.text.strip("'")
        assert remark.message == f"key `{name}` is given twice"
        found.append((remark.span.text.strip("'"), remark.span.begin[0], remark.related.begin[0]))
        assert remark.related.start < remark.span.start
    assert found == remarks


# --- anchors and merges


def test_an_alias_is_the_node_of_its_anchor() -> None:
    root = reading("a: &a {k: &v v}\nb: *a\nc: [*v, *a]\n*v : d\ne: &t !Sub x\nf: *t\n").root
    assert node_at(root, "b") is node_at(root, "a")
    assert node_at(root, "c", 1) is node_at(root, "a")
    assert node_at(root, "c", 0) is node_at(root, "a", "k")
    assert isinstance(root, Mapping)
    assert root.key("v") is node_at(root, "a", "k")
    assert node_at(root, "f") is node_at(root, "e")


@pytest.mark.usefixtures("either_parser")
def test_many_aliases_cost_nothing() -> None:
    lines = ["l0: &l0 lol", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 100))]
    begin = time.perf_counter()
    node = node_at(reading("\n".join(lines)).root, "l99")
    assert time.perf_counter() - begin < 2
    for _ in range(99):
        assert isinstance(node, Sequence)
        assert all(item is node.items[0] for item in node.items)
        node = node.items[0]
    assert plain(node) == "lol"


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n", {"x": "1", "y": "2"}),
        ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n", {"x": "1", "y": "3"}),
        ("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n", {"x": "1", "y": "3"}),
        ("a:\n  - &p {x: 1}\n  - &q {x: 2, y: 2}\nb: {<<: [*p, *q], z: 3}\n", {"x": "1", "y": "2", "z": "3"}),
        ("a:\n  - &p {x: 1}\n  - &q {x: 2}\nb:\n  <<: *p\n  <<: *q\n", {"x": "2"}),
        ("a: &a {x: 1}\nc: &c {<<: *a, y: 2}\nb: {<<: *c}\n", {"x": "1", "y": "2"}),
        ("b: {<<: {x: 1}, y: 2}\n", {"x": "1", "y": "2"}),
        ("b: {<<: []}\n", {}),
        ("b: {'<<': {x: 1}}\n", {"<<": {"x": "1"}}),
        ("b: {!!str <<: {x: 1}}\n", {"<<": {"x": "1"}}),
    ],
)
def test_merged_keys(text: str, tree: Plain) -> None:
    document = reading(text)
    assert plain(node_at(document.root, "b")) == tree
    assert document.remarks == ()


def test_what_is_merged_stands_where_it_is_written() -> None:
    text = "a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n"
    root = reading(text).root
    merged = node_at(root, "b")
    assert isinstance(merged, Mapping)
    assert merged.key("x") is node_key(node_at(root, "a"), "x")
    assert merged.span.text == "<<: *a\n  y: 2"


def node_key(node: Node, name: str) -> Scalar | None:
    assert isinstance(node, Mapping)
    return node.key(name)


# --- what is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("«»", "file is empty"),
        ("«#» only a comment\n", "file is empty"),
        ("a: b«:» c\n", "mapping values are not allowed in this context"),
        (
            "a: [b, c«\n»",
            "did not find expected ',' or ']' while parsing a flow sequence that begins on line 1",
        ),
        (
            "a: 'b\nc: d«\n»",
            "found unexpected end of stream while scanning a quoted scalar that begins on line 1",
        ),
        (
            "a:\n  b: c\n «d»: e\n",
            "did not find expected key while parsing a block mapping that begins on line 1",
        ),
        ("a:\n«\t»b: c\n", "a tab where YAML takes spaces only"),
        ("a: «@»b\n", "found character that cannot start any token while scanning for the next token"),
        ("a: b\n«-»--\nc: d\n", "more than one document in the file"),
        ("a: «*»b\n", "alias without an anchor before it"),
        ("a: &b c\nd: «&»b e\n", "an anchor of this name stands above already"),
        ("a: «&»b [*b]\n", "an anchor that contains itself"),
        ("a: «&»b {c: {d: *b}}\n", "an anchor that contains itself"),
        ("a: {<<: «b»}\n", "`<<` takes a mapping or a list of mappings"),
        ("a: {<<: [{b: c}, «d»]}\n", "`<<` takes a mapping or a list of mappings"),
        ("a: {<<: «!Ref b»}\n", "`<<` takes a mapping or a list of mappings"),
        ("a: b«\x00»c\n", "control character U+0000 cannot stand in YAML"),
        ("é: '«\x7f»'\n", "control character U+007F cannot stand in YAML"),
        ("\U0001f600: b\n«\x0c»c: d\n", "control character U+000C cannot stand in YAML"),
        ("a: '«\ud800»'\n", "half a surrogate pair, U+D800"),
        ("«\ufeff»a: b\n", "a byte order mark must be taken off before reading"),
        ("k" * 1100 + "«:» a\n", "mapping values are not allowed in this context"),
    ],
)
def test_a_fault_and_its_place(text: str, message: str) -> None:
    bare, start, end = marked(text)
    with pytest.raises(Unreadable) as caught:
        reading(bare)
    found = caught.value
    assert (found.message, found.span.start, found.span.end) == (message, start, end)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: 'b",
        "a: b: c\n",
        "a:\n\tb: c\n",
        "a: *b\n",
        "a: &b [*b]\n",
        "---\n---\n",
        "a: \x00",
        "a: \x7f",
        "",
    ],
)
def test_without_libyaml_the_same_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        reading(text)
    assert 0 <= caught.value.span.start <= caught.value.span.end <= len(text)


# --- depth


def indented(levels: int) -> str:
    return "".join(" " * level + "a:\n" for level in range(levels))


def functions(levels: int) -> str:
    return "".join(f"!If &n{level} [" for level in range(levels)) + "]" * levels


def anchors(levels: int) -> str:
    """As deep as `levels`, half of it behind an alias."""
    half = levels // 2
    return f"- &a {'[' * (half - 1)}{']' * (half - 1)}\n- {'[' * (levels - half)}*a{']' * (levels - half)}\n"


def chained(levels: int) -> str:
    """Each anchor holds the one before it; something flat stands behind every alias."""
    lines = [f"- &a{n} [*a{n - 1}, {{}}]\n" for n in range(1, levels - 1)]
    return "- &a0 []\n" + "".join(lines)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("deep", [lambda n: "[" * n + "]" * n, indented, functions, anchors, chained])
def test_two_hundred_levels_are_read_and_no_more(deep: object) -> None:
    assert callable(deep)
    reading(deep(200))
    with pytest.raises(Unreadable, match="nested more than 200 levels deep"):
        reading(deep(201))
    with pytest.raises(Unreadable, match="nested more than 200 levels deep"):
        reading(deep(900))


@pytest.mark.parametrize(
    "text",
    ["[" * 1_000_000, "{a: " * 500_000, "[{a: " * 500_000, "- " * 500_000, "? " * 500_000, indented(3000)],
    ids=lambda text: text[:8],
)
def test_a_million_levels_do_not_hurt(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They never come to the composer: libyaml before 0.2.6 knows no limit, and overflows the stack."""
    monkeypatch.setattr(yaml.CSafeLoader, "get_single_node", None)
    begin = time.perf_counter()
    with pytest.raises(Unreadable, match=r"nested more than 200 levels deep|more than 400,000 values"):
        reading(text)
    assert time.perf_counter() - begin < 5


def test_flat_texts_may_hold_any_number_of_brackets_and_long_lines() -> None:
    items = ", ".join(["[x]"] * 3000)
    assert plain(reading(f"a: [{items}]\nb: '{'[' * 3000}'\n").root) == {"a": [["x"]] * 3000, "b": "[" * 3000}


def test_merges_of_merges_are_bounded() -> None:
    wide = "a: &a {" + ", ".join(f"k{n}: v" for n in range(1000)) + "}\n"
    assert isinstance(
        node_at(reading(wide + "b: {<<: [" + ", ".join(["*a"] * 100) + "]}\n").root, "b"), Mapping
    )
    with pytest.raises(Unreadable, match="`<<` copies more than 100,000 keys"):
        reading(wide + "b: {<<: [" + ", ".join(["*a"] * 101) + "]}\n")


# --- laws

TEXTS = st.text(st.sampled_from("ab é\U0001f600:#-?!&*'\"\\{}[],|>%@`<=~0.\n\t \u2028\x85"), max_size=12)
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(
    TREES,
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.sampled_from([True, False, None]),
    st.integers(2, 9),
    st.integers(10, 90),
    st.booleans(),
)
def test_what_pyyaml_writes_is_read_as_it_reads_it(
    tree: Plain, style: str | None, flow: bool | None, indent: int, width: int, unicode: bool
) -> None:
    text = yaml.dump(
        tree,
        Dumper=yaml.SafeDumper,
        default_style=style,
        default_flow_style=flow,
        indent=indent,
        width=width,
        allow_unicode=unicode,
    )
    try:
        expected = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError:  # PyYAML does not always read what it writes
        return
    assert plain(reading(text).root) == expected


OWN = st.dictionaries(st.sampled_from(["aa", "bb", "cc", "dd"]), st.sampled_from(["p", "q", "r"]), max_size=3)
STEPS = st.lists(
    st.tuples(OWN, st.lists(st.integers(0, 5), max_size=3), st.booleans()), min_size=2, max_size=6
)
Step = tuple[dict[str, str], list[int], bool]


def merging(steps: list[Step]) -> str:
    """One anchored mapping a line, each merging some of those before it, first or last of all its keys."""
    lines = []
    for number, (own, merged, first) in enumerate(steps):
        entries = [f"{key}: {value}" for key, value in own.items()]
        aliases = [f"*m{other}" for other in merged if other < number]
        if aliases:
            merge = aliases[0] if len(aliases) == 1 else f"[{', '.join(aliases)}]"
            entries.insert(0 if first else len(entries), f"<<: {merge}")
        lines.append(f"m{number}: &m{number} {{{', '.join(entries)}}}")
    return "\n".join(lines)


@given(STEPS)
def test_explicit_keys_win_over_merged_ones_and_earlier_merges_over_later_ones(steps: list[Step]) -> None:
    expected: list[dict[str, str]] = []
    for own, merged, _ in steps:
        inherited: dict[str, str] = {}
        for other in merged:
            if other < len(expected):
                inherited = expected[other] | inherited
        expected.append(inherited | own)
    assert plain(reading(merging(steps)).root) == {f"m{n}": tree for n, tree in enumerate(expected)}


@given(STEPS)
def test_merges_of_different_keys_are_what_pyyaml_constructs(steps: list[Step]) -> None:
    """Versions of PyYAML differ on a key that is in two of them."""
    apart = [
        ({f"{key}{number}": value for key, value in own.items()}, merged, first)
        for number, (own, merged, first) in enumerate(steps)
    ]
    text = merging(apart)
    assert plain(reading(text).root) == yaml.safe_load(text)


PIECES = "a |b: |c|: |- |? |\n|\n  |\n    |\r\n|\t| |[|]|{|}|, |'|\"|!Sub |!Ref|!!str |&a |*a|<<: |>-\n  |# c|\\|12|---\n|é|\x00"
FRAGMENTS = st.sampled_from([*PIECES.split("|"), "|\n  ", "\U0001f600"])


@settings(max_examples=400)
@given(st.lists(FRAGMENTS, max_size=14).map("".join))
def test_any_text_is_read_or_refused_as_libyaml_does_and_every_node_lies_in_its_parent(text: str) -> None:
    ours = {"an anchor that contains itself", "`<<` takes a mapping or a list of mappings", "file is empty"}
    try:
        root = reading(text).root
    except Unreadable as refused:
        assert 0 <= refused.span.start <= refused.span.end <= len(text)
        if refused.message not in ours:
            with pytest.raises(yaml.YAMLError):
                yaml.compose(text, Loader=yaml.CSafeLoader)
        return
    assert yaml.compose(text, Loader=yaml.CSafeLoader) is not None
    if "*" in text:  # aliases stand elsewhere
        return
    for node in nodes(root):
        assert node.span.text == node.span.text.strip()
        below = [child.span for child in children(node) if child.span.text]
        assert all(node.span.contains(span) for span in below)
        assert all(first.end <= then.start for first, then in pairwise(below))
