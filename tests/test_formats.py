"""The reports for other programs, each read back by something that is not ours."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from tests.report_samples import EVERYTHING
from tests.runs import run
from tests.test_report_laws import RESULTS
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import CopyRow, Finding, Location, Result, RuleInfo, Summary, Suppressed
from xbackup_lint.report import github, gitlab, junit, markdown, sarif
from xbackup_lint.report.formats import FORMATS, renderer
from xbackup_lint.report.options import Options
from xbackup_lint.report.wording import is_shown, kind

SCHEMA = (
    Path(__file__).parent / "formats/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)
ALL = Options(show_info=True)

AT = Location("a,b:c/plan.yaml", 3, 5, 3, 9, ("    name: <b>",))
RULE = RuleInfo(
    "copy-to-itself", "copy", "Copies go where the backup is", "warning", "Why.", "Do.", ("https://docs.aws",)
)
HOSTILE = (
    "<script>alert(1)</script> ::error::x%0A |`*_ @everyone \x1b[31m\u202e\n::warning::y ]]> &amp; \ud800"
)


def finding(**changes: Any) -> Finding:
    made = Finding("copy-to-itself", "warning", "certain", "it copies to itself", AT, fingerprint="f1")
    return replace(made, **changes)


def result(*findings: Finding, **changes: Any) -> Result:
    return replace(Result(findings, (), Summary(warnings=len(findings)), rules=(RULE,)), **changes)


def sarif_of(given: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sarif.render(given, Options()))
    return document["runs"][0]  # type: ignore[no-any-return]


# SARIF


@pytest.mark.skipif(
    not SCHEMA.is_file(), reason="the schema of SARIF is not installed (npm install --prefix tests/formats)"
)
@settings(max_examples=60, deadline=None)
@given(RESULTS)
def test_sarif_keeps_to_its_schema(given: Result) -> None:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
    for one in (given, replace(EVERYTHING, rules=(RULE,)), result()):
        validator.validate(json.loads(sarif.render(one, Options())))


def test_sarif_names_the_rule_the_place_and_the_fingerprint() -> None:
    run_ = sarif_of(result(finding()))

    assert run_["tool"]["driver"]["rules"][0]["id"] == "copy-to-itself"
    assert run_["tool"]["driver"]["rules"][0]["defaultConfiguration"] == {"level": "warning"}
    (found,) = run_["results"]
    assert (found["ruleId"], found["ruleIndex"], found["level"], found["kind"]) == (
        "copy-to-itself",
        0,
        "warning",
        "fail",
    )
    assert found["partialFingerprints"] == {"xbackupLint/v1": "f1"}
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a,b%3Ac/plan.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}


SARIF = [
    (finding(severity="error"), ("error", "fail")),
    (finding(severity="info"), ("note", "fail")),
    (finding(certainty="unsure"), ("none", "review")),
]


@pytest.mark.parametrize(("given", "expected"), SARIF)
def test_sarif_levels(given: Finding, expected: tuple[str, str]) -> None:
    (found,) = sarif_of(result(given))["results"]

    assert (found["level"], found["kind"]) == expected


@pytest.mark.parametrize(
    ("kind_", "expected"), [("comment", "inSource"), ("metadata", "inSource"), ("baseline", "external")]
)
def test_sarif_tells_what_is_accepted(kind_: str, expected: str) -> None:
    accepted = finding(suppressed=Suppressed(kind_, "for audit"))

    (found,) = sarif_of(result(suppressed=(accepted,)))["results"]

    assert found["suppressions"] == [{"kind": expected, "justification": "for audit"}]


def test_sarif_relates_the_other_places() -> None:
    other = Location("/abs/vault.yaml", 1, 1, 1, 2)

    (found,) = sarif_of(result(finding(others=(other,))))["results"]

    (place,) = found["relatedLocations"]
    assert place["message"] == {"text": "the same here"}
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "file:///abs/vault.yaml"}


# GitHub


def test_github_annotates_the_line() -> None:
    assert github.render(result(finding(help="write\n  - another")), Options()).splitlines()[0] == (
        "::warning file=a%2Cb%3Ac/plan.yaml,line=3,endLine=3,col=5,endColumn=9,title=warning[copy-to-itself]::"
        "it copies to itself%0Ahelp: write%0A  - another"
    )


GITHUB = [
    (finding(severity="error"), "::error "),
    (finding(certainty="unsure"), "::notice "),
    (finding(severity="info"), "no errors"),
]


@pytest.mark.parametrize(("given", "start"), GITHUB)
def test_github_levels(given: Finding, start: str) -> None:
    summary = Summary() if given.severity == "info" else Summary(errors=1)

    assert github.render(replace(result(given), summary=summary), Options()).startswith(start)


def test_nothing_in_a_finding_makes_another_command() -> None:
    hostile = finding(message=HOSTILE, help=HOSTILE, because=(HOSTILE,), location=replace(AT, path=HOSTILE))

    output = github.render(result(hostile), Options())

    assert [line[:2] for line in output.splitlines()].count("::") == 1
    assert "\x1b" not in output


# GitLab


@given(RESULTS)
def test_gitlab_has_what_a_code_quality_report_needs(given: Result) -> None:
    issues = json.loads(gitlab.render(given, Options()))

    assert len(issues) == len(given.findings)
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(issue)
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1


def test_gitlab_issue() -> None:
    (issue,) = json.loads(gitlab.render(result(finding(severity="error")), Options()))

    assert (issue["severity"], issue["fingerprint"]) == ("critical", "f1")
    assert issue["location"] == {"path": "a,b:c/plan.yaml", "lines": {"begin": 3, "end": 3}}


# JUnit


@given(RESULTS)
def test_junit_is_read_by_a_parser_of_others(given: Result) -> None:
    suites = JUnitXml.fromstring(junit.render(given, Options()).encode())

    failing = [one for one in given.findings if kind(one) != "info"]
    assert sum(suite.failures for suite in suites) == len(failing)
    assert sum(suite.tests for suite in suites) == max(len(given.findings), 1)


def test_junit_of_a_hostile_text_is_text() -> None:
    output = junit.render(result(finding(message=HOSTILE, help=HOSTILE)), Options())

    root = ElementTree.fromstring(output.encode())
    (failure,) = root.iter("failure")
    assert (failure.get("message") or "").startswith("<script>alert(1)</script>")
    assert list(failure) == []


def test_junit_of_nothing_passes() -> None:
    suites = JUnitXml.fromstring(junit.render(result(), Options()).encode())

    assert [(suite.tests, suite.failures) for suite in suites] == [(1, 0)]


# Markdown


def html_of(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_markdown_of_a_hostile_text_is_text() -> None:
    hostile = finding(
        message=HOSTILE, help=f"{HOSTILE}\n{HOSTILE}", location=replace(AT, path=HOSTILE, lines=(HOSTILE,))
    )
    copy = CopyRow("1", "2", HOSTILE, HOSTILE, AT, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "fails", (), HOSTILE)

    html = html_of(markdown.render(result(hostile, copies=(copy,)), Options()))

    assert set(re.findall(r"<(\w+)", html)) <= {
        "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "strong", "pre", "code",
    }  # fmt: skip
    assert html.count("<td>") == 5
    assert "\x1b" not in html


def test_markdown_shows_copies_and_findings() -> None:
    html = html_of(markdown.render(replace(EVERYTHING, findings=EVERYTHING.findings[:1]), Options()))

    assert html.count("<tr>") == len(EVERYTHING.copies) + 1
    assert html.count("<details>") == 1


# All


COUNT: dict[str, Callable[[str], int]] = {
    "json": lambda text: len(json.loads(text)["findings"]),
    "sarif": lambda text: len(json.loads(text)["runs"][0]["results"]),
    "gitlab": lambda text: len(json.loads(text)),
    "junit": lambda text: (
        len(list(ElementTree.fromstring(text.encode()).iter("failure")))
        + len(list(ElementTree.fromstring(text.encode()).iter("skipped")))
    ),
    "github": lambda text: sum(line.startswith("::") for line in text.splitlines()),
    "markdown": lambda text: text.count("<details><summary>"),
    "html": lambda text: len(json.loads(re.findall(r'id="data">(.*)</script>', text)[0])["findings"]),
}


@pytest.mark.parametrize("name", COUNT)
@settings(max_examples=40, deadline=None)
@given(given=RESULTS)
def test_no_format_loses_a_finding(name: str, given: Result) -> None:
    assert COUNT[name](renderer(name)(given, ALL)) == len(given.findings)


@pytest.mark.parametrize("name", FORMATS)
def test_advice_is_left_out_for_people_only(name: str) -> None:
    given = result(finding(severity="info", message="advice"), finding(message="wrong"))
    shown = renderer(name)(given, Options())

    assert "wrong" in shown
    assert ("advice" in shown) == (name in ("json", "sarif", "gitlab", "junit", "html"))
    assert [is_shown(one, Options()) for one in given.findings] == [False, True]


# Which, and where to


PLAN = """\
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: daily
        BackupPlanRule:
          - RuleName: daily
            TargetBackupVault: local
            Lifecycle: {MoveToColdStorageAfterDays: 30, DeleteAfterDays: 60}
"""


def test_several_reports_of_one_run(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN)
    formats = ("--format", "sarif=out.sarif", "--format", "junit=out.xml", "--format", "concise")

    ran = run(".", *formats, "--select", "cold-storage-under-90-days", cwd=tmp_path)

    assert ran.status == 1
    assert ran.out.startswith("plan.yaml:10:")
    assert len(json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]) == 1
    assert "<failure" in (tmp_path / "out.xml").read_text()


WRONG = [
    (("--format", "serif"), "did you mean `sarif`?"),
    (("--format", "json", "--format", "sarif"), "only one report can go to standard output"),
    (("--format", "json="), "name a file behind `=`"),
    (("--format", "json=a", "--format", "sarif=a"), "two reports would be written to `a`"),
    (("--format", "json=a", "--output", "b"), "which of the reports?"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_reports_that_cannot_be(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN)

    ran = run(".", *options, cwd=tmp_path)

    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
