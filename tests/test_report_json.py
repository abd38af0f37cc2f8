"""The JSON report: its whole text, and the schema that it keeps to."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.report_samples import EVERYTHING, SCHEMA, at
from xbackup_lint.dataclass import replace
from xbackup_lint.engine.result import Finding, Result, Summary
from xbackup_lint.report import json_report
from xbackup_lint.report.options import Options

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

EMPTY = """\
{
  "version": 1,
  "findings": [],
  "copies": [],
  "vaults": [],
  "summary": {
    "errors": 0,
    "warnings": 0,
    "infos": 0,
    "unsure": 0,
    "ignored": 0,
    "files": {
      "read": 0,
      "passed_over": 0,
      "unreadable": 0
    },
    "accounts": 0,
    "copies": {
      "lands": 0,
      "fails": 0,
      "unsure": 0
    }
  }
}
"""

WHOLE = """\
{
  "version": 1,
  "findings": [
    {
      "rule": "copy-refused-by-vault",
      "severity": "error",
      "certainty": "certain",
      "message": "`backup-vault:central` refuses copies from account 111122223333",
      "because": [
        "no statement of the policy names account 111122223333"
      ],
      "help": "allow `backup:CopyIntoBackupVault` to the role that copies:\\n  - Effect: Allow\\n    Action: backup:CopyIntoBackupVault",
      "fingerprint": "3f2a",
      "location": {
        "path": "111122223333/eu-west-1/plan.yaml",
        "start": {
          "line": 8,
          "column": 44
        },
        "end": {
          "line": 8,
          "column": 102
        }
      },
      "related": [
        {
          "message": "this vault's policy does not name the source account",
          "location": {
            "path": "444455556666/eu-west-1/vault.yaml",
            "start": {
              "line": 2,
              "column": 3
            },
            "end": {
              "line": 2,
              "column": 10
            }
          }
        }
      ],
      "when": [
        "HasCentralVault is true"
      ],
      "deployments": [
        "111122223333/eu-west-1",
        "111122223333/eu-central-1"
      ],
      "construct": "",
      "suppressed": null
    },
    {
      "rule": "copy-refused-by-vault",
      "severity": "error",
      "certainty": "unsure",
      "message": "`${CentralVaultArn}` refuses copies from account 111122223333",
      "because": [
        "parameter `CentralVaultArn` has no default"
      ],
      "help": "",
      "fingerprint": "",
      "location": {
        "path": "111122223333/eu-west-1/plan.yaml",
        "start": {
          "line": 12,
          "column": 1
        },
        "end": {
          "line": 12,
          "column": 21
        }
      },
      "related": [],
      "when": [],
      "deployments": [],
      "construct": "",
      "suppressed": null
    }
  ],
  "copies": [
    {
      "source": {
        "account": "111122223333",
        "region": "eu-west-1",
        "plan": "Daily",
        "rule": "daily",
        "location": {
          "path": "111122223333/eu-west-1/plan.yaml",
          "start": {
            "line": 8,
            "column": 44
          },
          "end": {
            "line": 8,
            "column": 102
          }
        }
      },
      "destination": {
        "arn": "arn:aws:backup:eu-west-1:444455556666:backup-vault:central",
        "account": "444455556666",
        "region": "eu-west-1",
        "vault": "central"
      },
      "verdict": "fails",
      "requirements": [
        {
          "name": "vault policy",
          "verdict": "fails",
          "because": "no statement names the source account",
          "location": {
            "path": "444455556666/eu-west-1/vault.yaml",
            "start": {
              "line": 2,
              "column": 3
            },
            "end": {
              "line": 2,
              "column": 10
            }
          }
        },
        {
          "name": "service control policies",
          "verdict": "assumed",
          "because": "none is among the files",
          "location": null
        }
      ]
    }
  ],
  "vaults": [
    {
      "account": "444455556666",
      "region": "eu-west-1",
      "vault": "central",
      "location": {
        "path": "444455556666/eu-west-1/vault.yaml",
        "start": {
          "line": 2,
          "column": 3
        },
        "end": {
          "line": 2,
          "column": 10
        }
      },
      "may_copy_in": [
        {
          "text": "nobody outside account 444455556666: the vault has no access policy",
          "location": null
        }
      ],
      "may_delete": [
        {
          "text": "not everyone (DenyDelete)",
          "location": {
            "path": "444455556666/eu-west-1/vault.yaml",
            "start": {
              "line": 2,
              "column": 3
            },
            "end": {
              "line": 2,
              "column": 10
            }
          }
        }
      ]
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 1,
    "infos": 1,
    "unsure": 1,
    "ignored": 2,
    "files": {
      "read": 3,
      "passed_over": 4,
      "unreadable": 1
    },
    "accounts": 2,
    "copies": {
      "lands": 0,
      "fails": 1,
      "unsure": 1
    }
  }
}
"""


def test_whole() -> None:
    result = replace(EVERYTHING, findings=EVERYTHING.findings[:2])
    assert json_report.render(result, Options()) == WHOLE


def test_nothing() -> None:
    assert json_report.render(Result((), (), Summary()), Options()) == EMPTY


def test_nothing_depends_on_how_people_want_to_see_it() -> None:
    everything = json_report.render(EVERYTHING, Options())
    assert everything == json_report.render(EVERYTHING, Options(width=40, colour=True, show_info=True))
    assert [finding["severity"] for finding in json.loads(everything)["findings"]] == [
        "error",
        "error",
        "warning",
        "info",
    ]


def test_text_from_files_is_data() -> None:
    """Nothing acts on a terminal, all can be written as UTF-8, and what is read is what there was."""
    message = 'é 日本 🎉 "\\" \x1b[31m \x7f \x9b \u202e \u2028 \ud800 <b>'
    hostile = Finding("some-rule", "error", "certain", message, at("a.yaml:1", "«x»"))
    output = json_report.render(Result((hostile,), (), Summary()), Options())
    assert r'''"message": "é 日本 🎉 \"\\\" \u001b[31m \u007f \u009b \u202e \u2028 \ud800 <b>"''' in output
    assert json.loads(output.encode("utf-8"))["findings"][0]["message"] == message


def test_check_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_schema_is_strict() -> None:
    """Every object says what it holds, all of it required and nothing else allowed."""
    objects = [part for part in parts(SCHEMA) if part.get("type") == "object"]
    assert len(objects) == 15
    for part in objects:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def parts(schema: object) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    found = [schema] if isinstance(schema, dict) else []
    return found + [part for value in inner for part in parts(value)]


@pytest.mark.parametrize("result", [EVERYTHING, Result((), (), Summary())], ids=["everything", "nothing"])
def test_reports_keep_to_the_schema(result: Result) -> None:
    VALIDATOR.validate(json.loads(json_report.render(result, Options())))


def changed(path: str, value: object) -> object:
    """The report of everything with the value at `path` replaced, or taken out where the value is `...`."""
    document = json.loads(json_report.render(EVERYTHING, Options()))
    at = document
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("/"))
    for step in steps:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("findings/0/suppressed", {"kind": "inline", "reason": "a test vault"}),
        ("findings/0/fingerprint", ""),
        ("copies/0/requirements", []),
    ],
)
def test_schema_allows(path: str, value: object) -> None:
    VALIDATOR.validate(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 2),
        ("notes", []),
        ("copies", ...),
        ("findings/0/severity", "fatal"),
        ("findings/0/certainty", "likely"),
        ("findings/0/rule", ""),
        ("findings/0/causes", []),
        ("findings/0/when", ...),
        ("findings/0/suppressed", {"kind": "inline"}),
        ("findings/0/suppressed", "inline"),
        ("findings/0/location/start/line", 0),
        ("findings/0/location/lines", []),
        ("findings/0/related/0/location", None),
        ("copies/0/verdict", "holds"),
        ("copies/0/destination/account", 444455556666),
        ("copies/0/requirements/0/verdict", "lands"),
        ("copies/0/requirements/0/location", ...),
        ("summary/errors", -1),
        ("summary/files/read", 1.5),
        ("summary/copies/unsure", ...),
    ],
)
def test_schema_forbids(path: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(changed(path, value))
