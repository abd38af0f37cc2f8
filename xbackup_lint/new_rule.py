"""`xbackup-lint new-rule`: a rule file that wants nothing but its words, and whether its examples hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xbackup_lint import __version__
from xbackup_lint.config.configuration import Configuration
from xbackup_lint.config.deployments import UsageError
from xbackup_lint.engine.examples import disagreements, examples_of, missing_kinds
from xbackup_lint.engine.load import load_rule, load_rules, rules_folder
from xbackup_lint.engine.rule import Rule
from xbackup_lint.regex import regex

SCHEMA = "rule.schema.json"
_NAME = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

_TEMPLATE = """\
# `xbackup-lint explain --nouns` tells which nouns a rule can have as its subject, and what it can ask of them.
id: {id}
title: TODO what is wrong, in a line
severity: warning
since: {version}
tags: []
rationale: |
  TODO what breaks, for whom, and when it is noticed.
remediation: |
  TODO what to type.
false-positives: []
references:
  - https://docs.aws.amazon.com/aws-backup/latest/devguide/TODO
subject: rule
when:
  target-vault: TODO
at: target-vault
unknown: silent
message: "`{{target-vault}}` TODO"
---
bad:
  - name: TODO the plain case
    files:
      plan.yaml: |
        Resources:
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: TODO
    expect:
      - at: "plan.yaml:9 TODO"

good:
  - name: TODO what is near, and right
    files:
      plan.yaml: |
        Resources:
          Plan:
            Type: AWS::Backup::BackupPlan
            Properties:
              BackupPlan:
                BackupPlanName: daily
                BackupPlanRule:
                  - RuleName: daily
                    TargetBackupVault: daily
"""


def template(name: str) -> str:
    """The file of a new rule."""
    return _TEMPLATE.format(id=name, version=__version__)


def place_for(asked: str, folder: str | None, configuration: Configuration | None) -> Path:
    """Where `FAMILY/ID` is written: under `--folder`, else the first of `rule-paths`, else `rules`.

    Raises UsageError for names that are none, and for a rule that there is already.
    """
    family, slash, name = asked.partition("/")
    if not slash or not _NAME.fullmatch(family) or not _NAME.fullmatch(name):
        raise UsageError(
            f"`{asked}`: write FAMILY/ID in small letters, digits and `-`, as in `copy/copy-to-itself`"
        )
    configured = (
        [configuration.root / word.text for word in configuration.rule_paths] if configuration else []
    )
    root = Path(folder) if folder is not None else next(iter(configured), Path("rules"))
    for known in dict.fromkeys((root, *configured, rules_folder())):
        for path in sorted(known.glob(f"*/{name}.y*ml")):
            shown = path.as_posix() if known != rules_folder() else f"rules/{path.parent.name}/{path.name}"
            raise UsageError(f"there is a rule `{name}` already: {shown}")
    return root / family / f"{name}.yaml"


def make_folder(folder: Path) -> None:
    """The folder of a family, and those above it. Raises UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"`{folder.as_posix()}` cannot be made: {(error.strerror or str(error)).lower()}"
        ) from error


def next_steps(path: Path, configuration: Configuration | None) -> str:
    """What to do with a rule file that was just written."""
    steps = [
        "replace each TODO in it; `xbackup-lint explain --nouns` tells what rules can speak of",
        f"see that its examples hold: `xbackup-lint new-rule --check {path.as_posix()}`",
    ]
    root = path.parent.parent
    known = [rules_folder()]
    known += [configuration.root / word.text for word in configuration.rule_paths] if configuration else []
    if root.resolve() not in [folder.resolve() for folder in known]:
        steps.append(f"have it run: `rule-paths: [{root.as_posix()}]` in .xbackup-lint.yaml")
    numbered = "".join(f"{number}. {step}\n" for number, step in enumerate(steps, 1))
    return f"wrote {path.as_posix()}\n{numbered}"


def named_rules(paths: Sequence[str]) -> list[Rule]:
    """The rules in files, and in folders of families. Raises UsageError, BrokenRule."""
    rules: list[Rule] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found = load_rules(path, path.as_posix())
            if not found:
                raise UsageError(f"`{name}` holds no rules; they are called `{name}/FAMILY/ID.yaml`")
            rules += found
        elif path.is_file():
            rules.append(load_rule(path, path.as_posix()))
        else:
            raise UsageError(f"`{name}`: no such file or folder")
    return rules


def checked(paths: Sequence[str]) -> tuple[int, str]:
    """How many faults the examples of the rules in files have, and what to say of it."""
    shipped = load_rules()
    lines: list[str] = []
    count = 0
    for rule in named_rules(paths):
        found = list(_faults(rule, shipped))
        count += len(found)
        examples = len(examples_of(rule))
        lines += found or [f"{rule.shown}: {examples} examples, all do what they say"]
    return count, "".join(f"{line}\n" for line in lines)


def _faults(rule: Rule, shipped: Sequence[Rule]) -> Iterator[str]:
    """What does not hold of a rule's examples, which run with all the rules that the tool ships.

    Raises BrokenRule for examples that cannot be run.
    """
    rules = [*(other for other in shipped if other.id != rule.id), rule]
    examples = examples_of(rule)
    for example in examples:
        line, column = example.span.begin
        for said in disagreements(example, rules):
            yield f"{rule.shown}:{line}:{column}: {example.kind} example `{example.name}`: {said}"
    for kind in missing_kinds(rule, examples):
        yield f"{rule.shown}:1:1: there is no {kind} example"
