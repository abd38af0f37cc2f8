"""JUnit's XML, for servers that know tests only: a file is a suite, a finding is a case that fails."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from xbackup_lint.engine.result import Finding, Result
from xbackup_lint.regex import regex
from xbackup_lint.report.options import Options
from xbackup_lint.report.visible import visible
from xbackup_lint.report.wording import all_findings, kind, question, remarks

_NOT_XML = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_NOTHING_FOUND = """\
  <testsuite name="xbackup-lint" tests="1" failures="0" skipped="0">
    <testcase classname="xbackup-lint" name="all files"/>
  </testsuite>"""


def render(result: Result, options: Options) -> str:
    """Errors, warnings and doubts fail their cases; advice and what is accepted is skipped."""
    suites: dict[str, list[Finding]] = {}
    for finding in all_findings(result):
        suites.setdefault(finding.location.path, []).append(finding)
    total = _counts([*result.findings], [*result.suppressed])
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {total}>"]
    for path in sorted(suites):
        lines += _suite(path, suites[path])
    if not suites:
        lines += [_NOTHING_FOUND]
    return "\n".join((*lines, "</testsuites>", ""))


def _counts(found: list[Finding], accepted: list[Finding]) -> str:
    skipped = len(accepted) + sum(kind(finding) == "info" for finding in found)
    tests = len(found) + len(accepted)
    return f'tests="{tests or 1}" failures="{tests - skipped}" skipped="{skipped}"'


def _suite(path: str, findings: list[Finding]) -> Iterator[str]:
    accepted = [finding for finding in findings if finding.suppressed]
    found = [finding for finding in findings if not finding.suppressed]
    yield f"  <testsuite name={_attribute(path)} {_counts(found, accepted)}>"
    for finding in findings:
        yield from _case(finding)
    yield "  </testsuite>"


def _case(finding: Finding) -> Iterator[str]:
    place = finding.location
    name = f"{finding.rule} at line {place.start_line}, column {place.start_column}"
    yield f"    <testcase classname={_attribute(place.path)} name={_attribute(name)}>"
    if finding.suppressed:
        yield f"      <skipped message={_attribute(finding.suppressed.reason or finding.suppressed.kind)}/>"
    elif kind(finding) == "info":
        yield f"      <skipped message={_attribute(question(finding))}/>"
    else:
        said = [f"{visible(place.path)}:{place.start_line}:{place.start_column}"]
        said += [f"{word}: {text}" for word, text in remarks(finding)]
        text = "\n".join(visible(line) for one in said for line in one.split("\n"))
        attributes = f"type={_attribute(kind(finding))} message={_attribute(question(finding))}"
        yield f"      <failure {attributes}>{escape(_xml(text))}</failure>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_xml(visible(text)))


def _xml(text: str) -> str:
    """Text without the characters that XML does not have."""
    return _NOT_XML.sub("\ufffd", text)
