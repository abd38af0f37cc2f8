"""Laws of all reports, over any result."""

from __future__ import annotations

import json
import re
import unicodedata

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.report_samples import SCHEMA
from xbackup_lint.engine.result import Cause, Finding, Location, Related, Result, Summary
from xbackup_lint.report import concise, json_report, text
from xbackup_lint.report.options import Options

WORDS = st.text(st.sampled_from("ab `/.\t\n\r\x1b\x9b\u202e\ud800日🎉e\u0301\ufe0f["), max_size=12)
LINES = st.one_of(WORDS, st.tuples(WORDS, st.integers(1, 60)).map(lambda pair: pair[0] * pair[1]))


FILES = st.dictionaries(
    st.one_of(st.sampled_from(["a.yaml", "b/c.json"]), WORDS),
    st.lists(LINES, min_size=1, max_size=4),
    min_size=1,
)


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Results as the engine makes them: places lie within their files, whose text is not always at hand."""
    files = {path: [line.replace("\n", "") for line in lines] for path, lines in draw(FILES).items()}
    offset = draw(st.sampled_from([1, 9, 98, 12345]))

    @st.composite
    def locations(draw: st.DrawFn) -> Location:
        path = draw(st.sampled_from(list(files)))
        lines = files[path]
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(lines) - 1)] * 2)))
        start, end = draw(st.integers(0, len(lines[first]))), draw(st.integers(0, len(lines[last])))
        if first == last:
            start, end = sorted((start, end))
        shown = tuple(lines[first : last + 1]) if draw(st.booleans()) else ()
        return Location(path, first + offset, start + 1, last + offset, end + 1, shown)

    causes = st.builds(
        Cause, st.sampled_from(["`X` has no default", "a macro"]), st.none() | locations(), WORDS
    )
    findings = st.builds(
        Finding,
        st.from_regex(r"[a-c](-[a-c])?", fullmatch=True),
        st.sampled_from(("error", "warning", "info")),
        st.sampled_from(("certain", "unsure")),
        WORDS,
        locations(),
        because=st.lists(WORDS, max_size=2).map(tuple),
        causes=st.lists(causes, max_size=2).map(tuple),
        help=WORDS,
        related=st.lists(st.builds(Related, WORDS, locations()), max_size=4).map(tuple),
        when=st.lists(WORDS, max_size=2).map(tuple),
        deployments=st.lists(WORDS, max_size=5).map(tuple),
    )
    return Result(tuple(draw(st.lists(findings, max_size=8))), (), Summary())


RESULTS = results()
OPTIONS = st.builds(Options, st.none() | st.integers(1, 200), st.booleans(), st.booleans())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def printed(result: Result, options: Options) -> int:
    """How many findings reports for people have to print."""
    hidden = [f for f in result.findings if f.severity == "info" and f.certainty == "certain"]
    return len(result.findings) - (0 if options.show_info else len(hidden))


def seen(output: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


@given(RESULTS, OPTIONS)
def test_no_report_loses_a_finding(result: Result, options: Options) -> None:
    full = seen(text.render(result, options))
    alone = re.findall(r"^(?:error|warning|info|unsure)\[", full, re.MULTILINE)
    folded = re.findall(r"^ +  = (\d+)×", full, re.MULTILINE)
    assert len(alone) + sum(map(int, folded)) == printed(result, options)
    assert len(seen(concise.render(result, options)).splitlines()) - 1 == printed(result, options)
    assert len(json.loads(json_report.render(result, options))["findings"]) == len(result.findings)


@given(RESULTS, OPTIONS)
def test_nothing_from_a_file_acts_on_the_terminal(result: Result, options: Options) -> None:
    for form in (text, concise, json_report):
        output = form.render(result, options)
        visible = seen(output)
        categories = {unicodedata.category(char) for char in visible.replace("\n", "")}
        assert categories.isdisjoint({"Cc", "Cf", "Cs"})
        assert options.colour or visible == output
        output.encode("utf-8")


@given(RESULTS)
def test_json_keeps_to_its_schema(result: Result) -> None:
    VALIDATOR.validate(json.loads(json_report.render(result, Options())))


@given(RESULTS, st.integers(30, 200))
def test_excerpts_keep_to_the_width(result: Result, width: int) -> None:
    output = text.render(result, Options(width=width))
    for line in output.splitlines():
        if re.match(r" *\d* \| ", line) and not label(line):
            assert cell_len(line) <= width


def label(line: str) -> bool:
    """Whether the line holds a message: a word of one is never broken."""
    return bool(re.match(r" +\| ", line)) and re.search(r"[^ |^-]", line.split("| ", 1)[1]) is not None


@given(
    st.text(st.sampled_from("ab: \t\x1b\x9b\u202e日値🎉e\u0301"), max_size=60),
    st.sampled_from([None, 60, 80]),
    st.data(),
)
def test_carets_stand_under_what_they_mark(line: str, width: int | None, data: st.DataObject) -> None:
    """Widths are rich's, as a second opinion."""
    before = data.draw(st.text(st.sampled_from("ab日🎉\t\x1b"), max_size=60))
    after = data.draw(st.text(st.sampled_from("ab日🎉\t\x1b"), max_size=60))
    marked = f"<{line}>"
    location = Location("a.yaml", 1, len(before) + 1, 1, len(before + marked) + 1, (before + marked + after,))
    found = Finding("some-rule", "error", "certain", "marked", location)
    output = text.render(Result((found,), (), Summary()), Options(width=width)).splitlines()
    source, carets = (line[5:] for line in output[3:5])
    start, end = carets.index("^"), len(carets)
    assert carets == " " * start + "^" * (end - start)
    opening = source.index("<")
    assert cell_len(source[:opening]) == start
    if ">" in source:
        assert cell_len(source[: source.index(">") + 1]) == end
    else:
        assert source[-1] == "…"
        assert cell_len(source) == end
