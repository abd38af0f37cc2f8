"""The text report: whole outputs for whole results."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from typing import cast

import pytest

from tests.report_samples import CENTRAL, DESTINATION, EVERYTHING, PARAMETER, at
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Cause, Finding, Location, Related, Result, Summary
from xbackup_lint.report import text
from xbackup_lint.report.options import Options


def finding(message: str, location: Location, **rest: object) -> Finding:
    return replace(Finding("some-rule", "error", "certain", message, location), **rest)  # type: ignore[arg-type]


def report(*findings: Finding) -> str:
    """The report without the line that closes it."""
    output = text.render(Result(findings, (), Summary(files_read=1)), Options())
    summary = "no errors; 1 file\n"
    assert output.endswith(summary)
    return output.removesuffix(summary)


REFUSED = EVERYTHING.findings[0]

SHAPES = [
    pytest.param(
        [finding("vault `central` has no lock", CENTRAL)],
        """\
error[some-rule]: vault `central` has no lock
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^

""",
        id="one place",
    ),
    pytest.param(
        [REFUSED],
        """\
error[copy-refused-by-vault]: `backup-vault:central` refuses copies from account 111122223333
  --> 111122223333/eu-west-1/plan.yaml:8:44
   |
 8 |               - DestinationBackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
   |                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  ::: 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ------- this vault's policy does not name the source account
   = because no statement of the policy names account 111122223333
   = when HasCentralVault is true
   = deployed in 111122223333/eu-west-1, 111122223333/eu-central-1
   = help: allow `backup:CopyIntoBackupVault` to the role that copies:
       - Effect: Allow
         Action: backup:CopyIntoBackupVault

""",
        id="two files, reasons, conditions, deployments, and help with a snippet",
    ),
    pytest.param(
        [
            finding(
                "warned",
                CENTRAL,
                severity="warning",
                because=("of this", "of that"),
                when=("HasCentralVault is true", "IsProduction is false"),
                deployments=("a", "b", "c", "d", "e"),
                help="write\n  a: 1\n\n  b: 2",
            ),
            finding(
                "x is refused",
                at("plan.yaml:3", "«x»"),
                certainty="unsure",
                because=("`x` is a macro",),
                deployments=("a", "b", "c"),
            ),
        ],
        """\
warning[some-rule]: warned
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^
   = because of this
   = because of that
   = when HasCentralVault is true
   = when IsProduction is false
   = deployed in a, b, c and 2 more
   = help: write
       a: 1

       b: 2

unsure[some-rule]: cannot tell whether x is refused
  --> plan.yaml:3:1
   |
 3 | x
   | ^
   = because `x` is a macro
   = deployed in a, b, c

""",
        id="a warning, and a doubt that has no cause to fold by",
    ),
    pytest.param(
        [
            finding(
                "the second is named",
                at("vault.yaml:12", "  Second: «b»"),
                related=(
                    Related("the first is like it", at("vault.yaml:11", "  First: «b»")),
                    Related("the third is not", at("vault.yaml:98", "  Third: «c»")),
                ),
            )
        ],
        """\
error[some-rule]: the second is named
   --> vault.yaml:12:11
    |
 11 |   First: b
    |          - the first is like it
 12 |   Second: b
    |           ^
...
 98 |   Third: c
    |          - the third is not

""",
        id="places of one file stand in one excerpt, in the order of its lines",
    ),
    pytest.param(
        [
            finding(
                "far apart",
                at("a.yaml:9", "«a»"),
                related=(
                    Related("there", at("b.yaml:1200", "  «b»: 1")),
                    Related("", at("c.yaml:10", "«c»")),
                    Related("and there", at("b.yaml:3", "«B»:")),
                ),
            )
        ],
        """\
error[some-rule]: far apart
     --> a.yaml:9:1
      |
    9 | a
      | ^
     ::: b.yaml:3:1
      |
    3 | B:
      | - and there
  ...
 1200 |   b: 1
      |   - there
     ::: c.yaml:10:1
      |
   10 | c
      | -

""",
        id="each other file has one excerpt, and all have one gutter",
    ),
    pytest.param(
        [
            finding(
                "account 444455556666 is named",
                at("p.yaml:7", "  Principal: {AWS: [111122223333, «444455556666», 777788889999]}"),
                related=(
                    Related(
                        "", at("p.yaml:7", "  Principal: {AWS: [111122223333, 444455556666, «777788889999»]}")
                    ),
                    Related(
                        "", at("p.yaml:7", "  Principal: {AWS: [«111122223333», 444455556666, 777788889999]}")
                    ),
                ),
            )
        ],
        """\
error[some-rule]: account 444455556666 is named
  --> p.yaml:7:35
   |
 7 |   Principal: {AWS: [111122223333, 444455556666, 777788889999]}
   |                     ------------  ^^^^^^^^^^^^  ------------

""",
        id="marks that do not touch share a row",
    ),
    pytest.param(
        [
            finding(
                "account 444455556666 is named",
                at("p.yaml:7", "  Principal: {AWS: [111122223333, «444455556666»]}"),
                related=(
                    Related("who", at("p.yaml:7", "  «Principal»: {AWS: [111122223333, 444455556666]}")),
                    Related(
                        "all of them", at("p.yaml:7", "  Principal: {AWS: «[111122223333, 444455556666]»}")
                    ),
                    Related("one", at("p.yaml:7", "  Principal: {AWS: [«111122223333», 444455556666]}")),
                    Related(
                        "the same place", at("p.yaml:7", "  Principal: {AWS: [111122223333, «444455556666»]}")
                    ),
                ),
            )
        ],
        """\
error[some-rule]: account 444455556666 is named
  --> p.yaml:7:35
   |
 7 |   Principal: {AWS: [111122223333, 444455556666]}
   |   ---------         ------------  ^^^^^^^^^^^^ the same place
   |   |                 one
   |   who
   |                    ---------------------------- all of them

""",
        id="messages have rows of their own where needed, overlapping marks too",
    ),
    pytest.param(
        [
            finding(
                "side by side",
                at("p.yaml:7", "ab«cd»efgh"),
                related=(
                    Related("before", at("p.yaml:7", "«ab»cdefgh")),
                    Related("after", at("p.yaml:7", "abcd«ef»gh")),
                    Related("last", at("p.yaml:7", "abcdef«gh»")),
                ),
            ),
        ],
        """\
error[some-rule]: side by side
  --> p.yaml:7:3
   |
 7 | abcdefgh
   | --^^-- after
   | before
   |       -- last

""",
        id="marks of one kind need a gap between them",
    ),
    pytest.param(
        [
            finding(
                "four of them",
                at("p.yaml:7", "a b c «d» e"),
                related=(
                    Related("of a", at("p.yaml:7", "«a» b c d e")),
                    Related("of b", at("p.yaml:7", "a «b» c d e")),
                    Related("more of b", at("p.yaml:7", "a «b» c d e")),
                    Related("of c", at("p.yaml:7", "a b «c» d e")),
                    Related("", at("p.yaml:7", "a b c d «e»")),
                ),
            ),
        ],
        """\
error[some-rule]: four of them
  --> p.yaml:7:7
   |
 7 | a b c d e
   | - - - ^ -
   | | | of c
   | | of b
   | | more of b
   | of a

""",
        id="messages from the last mark to the first, each led to its mark",
    ),
    pytest.param(
        [
            finding(
                "one line between",
                at("vault.yaml:12", "«b»"),
                related=(Related("", at("vault.yaml:14", "«d»")), Related("", at("vault.yaml:15", "«e»"))),
            )
        ],
        """\
error[some-rule]: one line between
   --> vault.yaml:12:1
    |
 12 | b
    | ^
...
 14 | d
    | -
 15 | e
    | -

""",
        id="a gap of one line",
    ),
    pytest.param(
        [
            finding(
                "statement without effect",
                at("vault.yaml:4", "      -   «Effect: Allow", "          Action: backup:*", "»  Next:"),
                related=(Related("block", at("vault.yaml:9", "  Policy: «|  ", "    {", "    }»")),),
            )
        ],
        """\
error[some-rule]: statement without effect
  --> vault.yaml:4:11
   |
 4 |       -   Effect: Allow
   |           ^^^^^^^^^^^^^
...
 9 |   Policy: |
   |           - block

""",
        id="of many lines the first is underlined, without the blanks at its end",
    ),
    pytest.param(
        [
            finding("nothing there", at("a.yaml:3", "Vault:«»")),
            finding("a blank line", at("a.yaml:5", "«", "x»")),
            finding("an empty file", at("empty.yaml:1", "«»")),
            finding("behind a blank", at("a.yaml:5", "  Vault: «", "x»")),
        ],
        """\
error[some-rule]: nothing there
  --> a.yaml:3:7
   |
 3 | Vault:
   |       ^

error[some-rule]: a blank line
  --> a.yaml:5:1
   |
 5 |
   | ^

error[some-rule]: an empty file
  --> empty.yaml:1:1
   |
 1 |
   | ^

error[some-rule]: behind a blank
  --> a.yaml:5:10
   |
 5 |   Vault:
   |          ^

""",
        id="an empty span still has its caret",
    ),
    pytest.param(
        [
            finding(
                "cannot be decoded",
                Location("bad.yaml", 1, 1, 1, 1),
                related=(
                    Related("here, too", Location("bad.yaml", 3, 4, 3, 5)),
                    Related("", Location("worse.yaml", 1, 1, 1, 1)),
                ),
                help="write UTF-8",
            )
        ],
        """\
error[some-rule]: cannot be decoded
  --> bad.yaml:1:1
  ::: bad.yaml:3:4 here, too
  ::: worse.yaml:1:1
   = help: write UTF-8

""",
        id="a place without text is named",
    ),
]


@pytest.mark.parametrize(("findings", "expected"), SHAPES)
def test_findings(findings: list[Finding], expected: str) -> None:
    assert report(*findings) == expected


HOSTILE = [
    pytest.param(
        finding("tabs", at("a.json:1", '\t"a":\t«"b"»,')),
        """\
error[some-rule]: tabs
  --> a.json:1:7
   |
 1 |     "a":    "b",
   |             ^^^

""",
        id="a tab is four blanks",
    ),
    pytest.param(
        finding("値 is 🎉", at("ワ.yaml:3", "  日本語: é«🎉値»é")),
        """\
error[some-rule]: 値 is 🎉
  --> ワ.yaml:3:9
   |
 3 |   日本語: é🎉値é
   |            ^^^^

""",
        id="wide characters take two columns",
    ),
    pytest.param(
        finding("accents", at("a.yaml:3", "cafe\u0301: «e\u0301te\u0301» # \u26a0\ufe0f", "")),
        """\
error[some-rule]: accents
  --> a.yaml:3:8
   |
 3 | cafe\u0301: e\u0301te\u0301 # \u26a0
   |       ^^^

""",
        id="combining characters take none, and nothing asks for another form of an emoji",
    ),
    pytest.param(
        finding(
            "`\x1b[31m` and\nmore\x07 [bold]x[/bold]",
            at("\x1b]0;x\x07.yaml:3", "a: «\x1b[2Jb\x9b»\x00 \x7f"),
            related=(Related("\r\b", at("b\n.yaml:1", "«b»")),),
            because=("\x1b[1A",),
            when=("A\x0b is true",),
            deployments=("\x1b\n",),
            help="do\tthis:\n\x1b[2J",
        ),
        """\
error[some-rule]: `␛[31m` and␊more␇ [bold]x[/bold]
  --> ␛]0;x␇.yaml:3:4
   |
 3 | a: ␛[2Jb\\x9b␀ ␡
   |    ^^^^^^^^^
  ::: b␊.yaml:1:1
   |
 1 | b
   | - ␍␈
   = because ␛[1A
   = when A␋ is true
   = deployed in ␛␊
   = help: do␉this:
     ␛[2J

""",
        id="control characters and escape sequences are shown, not sent",
    ),
    pytest.param(
        finding(
            "\u202eflipped\u202c",
            at("a\u2066.yaml:3", "a: «\u202eb\u200b»\u2028\ufeff \ud800 \U000e0100\U000e01ef"),
        ),
        """\
error[some-rule]: \\u202eflipped\\u202c
  --> a\\u2066.yaml:3:4
   |
 3 | a: \\u202eb\\u200b\\u2028\\ufeff \\ud800 \\U000e0100\\U000e01ef
   |    ^^^^^^^^^^^^^

""",
        id="bidi controls, unseen characters and lone surrogates are shown",
    ),
]


@pytest.mark.parametrize(("hostile", "expected"), HOSTILE)
def test_text_from_files_is_data(hostile: Finding, expected: str) -> None:
    assert report(hostile) == expected


MINIFIED = '{"a":[' + '{"x":1},' * 60 + '],"Vault":"Default",' + '"y":2,' * 60 + '"Other":"Default"}'


def of(line: str, part: str, nth: int = 0) -> Location:
    start = line.split(part, nth + 1)[0] if not nth else part.join(line.split(part)[: nth + 1])
    return Location("plan.json", 1, len(start) + 1, 1, len(start) + len(part) + 1, (line,))


CUTS = [
    pytest.param(
        60,
        finding("one", DESTINATION),
        """\
error[some-rule]: one
  --> 111122223333/eu-west-1/plan.yaml:8:44
   |
 8 | …arn:aws:backup:eu-west-1:444455556666:backup-vault:ce…
   |  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        id="a span that is wider than the terminal",
    ),
    pytest.param(
        80,
        finding("one", DESTINATION),
        """\
error[some-rule]: one
  --> 111122223333/eu-west-1/plan.yaml:8:44
   |
 8 | …ackupVaultArn: arn:aws:backup:eu-west-1:444455556666:backup-vault:central
   |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        id="the end of a line is seen before more of its beginning",
    ),
    pytest.param(
        60,
        finding("one", of(MINIFIED, '"a"')),
        """\
error[some-rule]: one
  --> plan.json:1:2
   |
 1 | {"a":[{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1}…
   |  ^^^
""",
        id="the beginning of a line is kept",
    ),
    pytest.param(
        60,
        finding(
            "one",
            of(MINIFIED, '"Default"'),
            related=(
                Related("the same word", of(MINIFIED, '"Default"', 1)),
                Related("of this", of(MINIFIED, '"Vault"')),
            ),
        ),
        """\
error[some-rule]: one
  --> plan.json:1:497
   |
 1 | …{"x":1},{"x":1},],"Vault":"Default","y":2,"y":2,"y":2…
   |                    ------- ^^^^^^^^^
   |                    of this
 1 | …y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"Other":"Default"}
   |                                             ---------
   |                                           the same word
""",
        id="a line is shown again for what stands too far away in it",
    ),
    pytest.param(
        None,
        finding("one", of(MINIFIED, '"Default"', 1), related=(Related("", of(MINIFIED, '"Vault"')),)),
        """\
error[some-rule]: one
  --> plan.json:1:875
   |
 1 | …":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},{"x":1},],"Vault":"Default","y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"…
   |                                                                                                 -------
 1 | …"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"y":2,"Other":"Default"}
   |                                                                                                                                                                                              ^^^^^^^^^
""",
        id="minified JSON is cut in a pipe, too",
    ),
    pytest.param(
        50,
        finding("one", at("a.yaml:1", "値" * 30 + "«値»" + "値" * 30)),
        """\
error[some-rule]: one
  --> a.yaml:1:31
   |
 1 | …値値値値値値値値値値値値値値値値値値値値値…
   |                      ^^
""",
        id="wide characters are cut whole",
    ),
    pytest.param(
        60,
        finding(
            "a message that is longer than the terminal is wide, and wraps between words",
            at("a.yaml:1", "Vault: «central»"),
            because=("a reason that is longer than the terminal is wide wraps as well",),
            related=(
                Related(
                    "a label that is not the last has a row below it", at("a.yaml:1", "«Vault»: central")
                ),
                Related(
                    "a label that has no room there either wraps, from the first column on",
                    at("a.yaml:2", "  «Key»: x"),
                ),
            ),
            help="run this, which is never wrapped, for it is there to be copied:\n"
            "  aws backup put-backup-vault-access-policy --backup-vault-name central",
        ),
        """\
error[some-rule]: a message that is longer than the terminal
    is wide, and wraps between words
  --> a.yaml:1:8
   |
 1 | Vault: central
   | -----  ^^^^^^^
   | a label that is not the last has a row below it
 2 |   Key: x
   |   ---
   | a label that has no room there either wraps, from the
   | first column on
   = because a reason that is longer than the terminal is
     wide wraps as well
   = help: run this, which is never wrapped, for it is there
     to be copied:
       aws backup put-backup-vault-access-policy --backup-vault-name central
""",
        id="prose wraps, snippets do not",
    ),
    pytest.param(
        30,
        finding(
            "one",
            at("a.yaml:1", "a:         key: «x»"),
            related=(
                Related("first", at("a.yaml:1", "«a»:         key: x")),
                Related("now goes all of the room", at("a.yaml:1", "a:         «key»: x")),
            ),
        ),
        """\
error[some-rule]: one
  --> a.yaml:1:17
   |
 1 | a:         key: x
   | -          ---  ^
   |  now goes all of the room
   | first
""",
        id="a label moves to the left, if need be to where another is waiting",
    ),
    pytest.param(
        10,
        finding("one", DESTINATION),
        """\
error[some-rule]:
    one
  --> 111122223333/eu-west-1/plan.yaml:8:44
   |
 8 | …arn:aws:backup:eu-…
   |  ^^^^^^^^^^^^^^^^^^^
""",
        id="a terminal too narrow to show anything is written over",
    ),
]


@pytest.mark.parametrize(("width", "shown", "expected"), CUTS)
def test_width(width: int | None, shown: Finding, expected: str) -> None:
    output = text.render(Result((shown,), (), Summary(files_read=1)), Options(width=width))
    assert output.split("\n\n")[0] + "\n" == expected


DIGITS = "0123456789" * 4

LIMITS = [
    # All that fits into the 20 columns behind the gutter is shown; else 18 of them, and what is cut.
    (DIGITS[:20], (9, 10), "01234567890123456789", "         ^"),
    (DIGITS[:21], (9, 10), "012345678901234567…", "         ^"),
    ("日" * 10, (9, 10), "日日日日日日日日日日", "                  ^^"),
    ("日" * 11, (0, 1), "日日日日日日日日日…", "^^"),
    ("e\u0301" * 10, (8, 10), "e\u0301" * 10, "    ^"),
    # The beginning, if the span lies in it …
    ("a" + "日" * 12 + "a", (0, 1), "a日日日日日日日日…", "^"),
    (DIGITS, (0, 1), "012345678901234567…", "^"),
    (DIGITS, (17, 18), "012345678901234567…", "                 ^"),
    # … else as much before the span as behind it …
    (DIGITS, (18, 19), "…012345678901234567…", "         ^"),
    (DIGITS, (16, 20), "…901234567890123456…", "        ^^^^"),
    ("a" * 20 + "日X" + "a" * 20, (21, 22), "…aaaaaa日Xaaaaaaaaa…", "         ^"),
    # … or the end.
    (DIGITS, (36, 37), "…234567890123456789", "               ^"),
    (DIGITS, (39, 40), "…234567890123456789", "                  ^"),
    (DIGITS, (40, 40), "…234567890123456789", "                   ^"),
    # A long span, from its beginning.
    (DIGITS, (22, 40), "…234567890123456789", " ^^^^^^^^^^^^^^^^^^"),
    (DIGITS, (21, 40), "…123456789012345678…", " ^^^^^^^^^^^^^^^^^^^"),
    (DIGITS, (1, 19), "…123456789012345678…", " ^^^^^^^^^^^^^^^^^^"),
    (DIGITS, (0, 40), "012345678901234567…", "^^^^^^^^^^^^^^^^^^^"),
    ("a" * 20 + "日" * 10, (20, 29), "…日日日日日日日日日…", " ^^^^^^^^^^^^^^^^^^"),
    ("a" * 20 + "日" * 10 + "b", (20, 30), "…日日日日日日日日日…", " ^^^^^^^^^^^^^^^^^^^"),
]


@pytest.mark.parametrize(("line", "span", "source", "carets"), LIMITS)
def test_where_a_line_is_cut(line: str, span: tuple[int, int], source: str, carets: str) -> None:
    place = Location("a.yaml", 1, span[0] + 1, 1, span[1] + 1, (line,))
    output = text.render(Result((finding("one", place),), (), Summary()), Options(width=25))
    assert output.splitlines()[3:5] == [f" 1 | {source}", f"   | {carets}"]


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ((27, 28), [" 1 | …012345678901234567…", "   |  ^                -"]),
        (
            (28, 29),
            [
                " 1 | 012345678901234567…",
                "   |           ^",
                " 1 | …012345678901234567…",
                "   |          -",
            ],
        ),
    ],
)
def test_marks_are_shown_together_where_they_fit(second: tuple[int, int], rows: list[str]) -> None:
    first, other = (Location("a", 1, start + 1, 1, end + 1, (DIGITS,)) for start, end in ((10, 11), second))
    shown = finding("one", first, related=(Related("", other),))
    output = text.render(Result((shown,), (), Summary()), Options(width=25))
    assert output.splitlines()[3:-2] == rows


@pytest.mark.parametrize(
    ("length", "source"),
    [(400, DIGITS * 10), (401, (DIGITS * 10)[:198] + "…")],
)
def test_where_a_line_is_cut_in_a_pipe(length: int, source: str) -> None:
    place = Location("a.yaml", 1, 1, 1, 2, ((DIGITS * 11)[:length],))
    assert report(finding("one", place)).splitlines()[3] == f" 1 | {source}"


def test_a_file_in_one_line_costs_no_more_than_its_window() -> None:
    """500 findings in one line of 1 MB: 0.07 s; minutes, if each looked at the whole line."""
    line = '{"x":1},' * 125_000
    places = [Location("a.json", 1, i + 2, 1, i + 5, (line,)) for i in range(0, len(line), 2_000)]
    start = time.process_time()
    output = report(*(finding("one", place) for place in places))
    assert time.process_time() - start < 5
    assert output.count("^^^\n") == len(places) == 500


NO_DEFAULT = Cause(
    "parameter `CentralVaultArn` has no default",
    PARAMETER,
    "set it in .xbackup-lint.yaml, or give --parameter CentralVaultArn=…",
)


def doubt(rule: str, message: str, place: str, *causes: Cause) -> Finding:
    return Finding(rule, "error", "unsure", message, at(place, "«x»"), causes=causes)


FOLDS = [
    pytest.param(
        [doubt("copy-refused-by-vault", "`${CentralVaultArn}` refuses copies", "a.yaml:1", NO_DEFAULT)],
        """\
unsure: parameter `CentralVaultArn` has no default
   --> 111122223333/eu-west-1/root.yaml:12:3
    |
 12 |   CentralVaultArn:
    |   ^^^^^^^^^^^^^^^
    = 1× cannot tell whether `${CentralVaultArn}` refuses copies [copy-refused-by-vault] at a.yaml:1
    = help: set it in .xbackup-lint.yaml, or give --parameter CentralVaultArn=…

""",
        id="one doubt",
    ),
    pytest.param(
        [
            doubt("copy-refused-by-vault", "`x` refuses copies", "a.yaml:1", NO_DEFAULT),
            finding("vault `central` has no lock", CENTRAL),
            doubt("copy-to-itself", "`x` is the source", "a.yaml:1", NO_DEFAULT, Cause("another")),
            doubt("copy-refused-by-vault", "`x` refuses copies", "a.yaml:1", NO_DEFAULT),
            doubt("copy-refused-by-vault", "`x` refuses copies", "b.yaml:2", NO_DEFAULT),
            doubt("copy-denied-by-scp", "`x` is denied", "b.yaml:2", NO_DEFAULT),
            doubt("copy-denied-by-scp", "`y` is denied", "b.yaml:3", NO_DEFAULT),
            *(
                doubt("copy-refused-by-vault", "`x` refuses copies", f"c.yaml:{i}", NO_DEFAULT)
                for i in range(3, 12)
            ),
            doubt(
                "copy-to-itself",
                "`y` is the source",
                "d.yaml:1",
                Cause("the value of `!GetAZs` is not known"),
            ),
            doubt("copy-to-itself", "`z` is the source", "d.yaml:2"),
        ],
        """\
unsure: parameter `CentralVaultArn` has no default
   --> 111122223333/eu-west-1/root.yaml:12:3
    |
 12 |   CentralVaultArn:
    |   ^^^^^^^^^^^^^^^
    = 12× cannot tell whether `x` refuses copies [copy-refused-by-vault] at a.yaml:1, b.yaml:2, c.yaml:3 and 8 more
    = 1× cannot tell whether `x` is the source [copy-to-itself] at a.yaml:1
    = 2× cannot tell whether `x` is denied, and the like [copy-denied-by-scp] at b.yaml:2, b.yaml:3
    = help: set it in .xbackup-lint.yaml, or give --parameter CentralVaultArn=…

error[some-rule]: vault `central` has no lock
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^

unsure: the value of `!GetAZs` is not known
   = 1× cannot tell whether `y` is the source [copy-to-itself] at d.yaml:1

unsure[copy-to-itself]: cannot tell whether `z` is the source
  --> d.yaml:2:1
   |
 2 | x
   | ^

""",
        id="many: a block for each first cause, where the first doubt of it is",
    ),
]


@pytest.mark.parametrize(("findings", "expected"), FOLDS)
def test_doubts_fold_by_their_first_cause(findings: list[Finding], expected: str) -> None:
    assert report(*findings) == expected


SUMMARIES = [
    (Summary(files_read=2, accounts=2, copies_land=1), "no errors; 2 files, 2 accounts, 1 copy (1 lands)\n"),
    (
        Summary(3, 1, 0, 4, 1, 12, 0, 1, 3, 2, 2, 1),
        "3 errors, 1 warning, 4 unsure, 1 ignored; 12 files, 3 accounts, 5 copies (2 land, 2 fail, 1 unsure), 1 file unreadable\n",
    ),
    (
        Summary(errors=1, files_read=1, accounts=1, copies_fail=1),
        "1 error; 1 file, 1 account, 1 copy (1 fails)\n",
    ),
    (Summary(warnings=2, files_read=1, copies_unsure=2), "2 warnings; 1 file, 2 copies (2 unsure)\n"),
    (Summary(unsure=1, files_read=1), "1 unsure; 1 file\n"),
    (Summary(ignored=1, files_read=1), "no errors, 1 ignored; 1 file\n"),
    (Summary(infos=1, files_read=1), "no errors, 1 note (--show info); 1 file\n"),
    (Summary(infos=6, errors=1, files_read=1), "1 error, 6 notes (--show info); 1 file\n"),
    (
        Summary(files_read=0, files_unreadable=2, files_passed_over=1),
        "no errors; no files, 2 files unreadable, 1 file passed over\n",
    ),
    (Summary(), "no errors; no files\n"),
]


@pytest.mark.parametrize(("summary", "expected"), SUMMARIES)
def test_summary(summary: Summary, expected: str) -> None:
    assert text.render(Result((), (), summary), Options()) == expected


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (50, "note: taking vault.yaml to be account 444455556666\nno errors; no files\n"),
        (49, "note: taking vault.yaml to be account\n  444455556666\nno errors; no files\n"),
        (19, "note: taking\n  vault.yaml to be\n  account\n  444455556666\nno errors; no files\n"),
        (18, "note: taking\n  vault.yaml to be\n  account\n  444455556666\nno errors;\nno files\n"),
    ],
)
def test_prose_wraps_where_it_must(width: int, expected: str) -> None:
    result = Result((), (), Summary(), ("taking vault.yaml to be account 444455556666",))
    assert text.render(result, Options(width=width)) == expected


@pytest.mark.parametrize(
    ("label", "rows"),
    [
        ("beside: 18 columns", ["- beside: 18 columns"]),
        ("below it: 19 columns", ["-", "below it: 19 columns"]),
        ("below it: 20 columns", ["-", "below it: 20 columns"]),
        ("below it: 21 columns..", ["-", "below it: 21", "columns.."]),
    ],
)
def test_where_labels_go(label: str, rows: list[str]) -> None:
    place = Related(label, at("a.yaml:1", "«a»"))
    shown = finding("one", Location("b.yaml", 1, 1, 1, 1), related=(place,))
    output = text.render(Result((shown,), (), Summary()), Options(width=25))
    assert output.splitlines()[5:-2] == [f"   | {row}" for row in rows]


def test_summary_breaks_where_the_terminal_asks_for_it() -> None:
    summary = Summary(3, 1, 6, 4, 1, 12, 2, 1, 3, 2, 2, 1)
    assert (
        text.render(Result((), (), summary), Options(width=70))
        == """\
3 errors, 1 warning, 4 unsure, 1 ignored, 6 notes (--show info);
12 files, 3 accounts, 5 copies (2 land, 2 fail, 1 unsure), 1 file
unreadable, 2 files passed over
"""
    )


ADVICE = Result(
    findings=(
        finding("copies are snapshots", CENTRAL, severity="info"),
        finding("the way back is closed", CENTRAL, severity="info", certainty="unsure"),
    ),
    copies=(),
    summary=Summary(infos=1, unsure=1, files_read=1),
    notes=("taking vault.yaml to be account 444455556666", "policy.json is not attached\x1b"),
)

HIDDEN = """\
unsure[some-rule]: cannot tell whether the way back is closed
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^

note: taking vault.yaml to be account 444455556666
note: policy.json is not attached␛
1 unsure, 1 note (--show info); 1 file
"""

SHOWN = """\
info[some-rule]: copies are snapshots
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^

unsure[some-rule]: cannot tell whether the way back is closed
  --> 444455556666/eu-west-1/vault.yaml:2:3
   |
 2 |   Central:
   |   ^^^^^^^

note: taking vault.yaml to be account 444455556666
note: policy.json is not attached␛
1 unsure, 1 note; 1 file
"""


@pytest.mark.parametrize(("show_info", "expected"), [(False, HIDDEN), (True, SHOWN)])
def test_advice_is_shown_on_request_and_doubt_always(show_info: bool, expected: str) -> None:
    assert text.render(ADVICE, Options(show_info=show_info)) == expected


def test_colour() -> None:
    red, bold, blue, cyan, dim, off = (f"\x1b[{code}m" for code in ("1;31", "1", "1;34", "1;36", "34", "0"))
    refused = finding("no [b]lock[/b]", CENTRAL, related=(Related("key :smile:", at("k.yaml:1", "«K»:")),))
    unsure = finding("it lands", CENTRAL, certainty="unsure")
    output = text.render(Result((refused, unsure), (), Summary(errors=1, files_read=1)), Options(colour=True))
    assert (
        output
        == f"""\
{red}error[some-rule]{off}{bold}: {off}{bold}no [b]lock[/b]{off}
{blue}  -->{off} 444455556666/eu-west-1/vault.yaml:2:3
{blue}   |{off}
{blue} 2 |{off}   Central:
{blue}   |{off}   {red}^^^^^^^{off}
{blue}  :::{off} k.yaml:1:1
{blue}   |{off}
{blue} 1 |{off} K:
{blue}   |{off} {dim}-{off}{dim} key :smile:{off}

{cyan}unsure[some-rule]{off}{bold}: {off}{bold}cannot tell whether it lands{off}
{blue}  -->{off} 444455556666/eu-west-1/vault.yaml:2:3
{blue}   |{off}
{blue} 2 |{off}   Central:
{blue}   |{off}   {cyan}^^^^^^^{off}

{red}1 error{off}; 1 file
"""
    )


@pytest.mark.parametrize("width", [None, 80, 40])
def test_colour_adds_nothing_that_is_seen(width: int | None) -> None:
    shown: list[Finding] = []
    for case in (*SHAPES, *FOLDS):
        shown += cast("list[Finding]", case.values[0])
    shown += [cast("Finding", case.values[0]) for case in HOSTILE]
    shown += [cast("Finding", case.values[1]) for case in CUTS]
    result = replace(EVERYTHING, findings=(*EVERYTHING.findings, *shown))
    plain = text.render(result, Options(width=width, show_info=True))
    coloured = text.render(result, Options(width=width, show_info=True, colour=True))
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in plain


def test_plain_text_does_not_import_rich() -> None:
    program = (
        "import sys; from tests.report_samples import EVERYTHING; from xbackup_lint.report import text, concise, json_report;"
        "from xbackup_lint.report.options import Options;"
        "[form.render(EVERYTHING, Options()) for form in (text, concise, json_report)];"
        "sys.exit('rich' in sys.modules)"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False).returncode == 0
