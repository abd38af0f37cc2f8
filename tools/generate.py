"""Write what is generated: the runs that README.md shows, and the table of rules. `--check` only compares."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from tools.rule_schema import rule_schema
from xbackup_lint.engine.load import load_rules

ROOT = Path(__file__).resolve().parents[1]
# <!-- run: xbackup-lint … --> and <!-- end --> around what the command prints; `run in FOLDER:` runs commands, with
# ` && ` between them, in a copy of a folder; <!-- file: PATH --> is around the text of a file.
SHOWN = re.compile(
    r"(?P<head><!-- (?P<what>run|file)(?: in (?P<folder>\S+))?: (?P<rest>[^\n]*) -->\n)"
    r"(?P<body>.*?)(?P<foot><!-- end -->)",
    re.DOTALL,
)


def run(command: str, folder: Path = ROOT) -> str:
    """What a command of ours prints, and its exit status where it is not 0."""
    program, *arguments = command.split()
    if program != "xbackup-lint":
        raise SystemExit(f"only runs of xbackup-lint are shown, not `{command}`")
    done = subprocess.run(
        [sys.executable, "-m", "xbackup_lint", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout or done.stderr).rstrip() + "\n"


def runs(commands: str, folder: str | None) -> str:
    """Commands and what they print, as a terminal shows it."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        if folder is not None:
            shutil.copytree(ROOT / folder, copy)
        place = copy if folder is not None else ROOT
        return "\n".join(f"$ {command}\n{run(command, place)}" for command in commands.split(" && "))


def with_runs(text: str) -> str:
    """A document with every shown run and file made anew."""

    def shown(match: re.Match[str]) -> str:
        if match["what"] == "file":
            path = ROOT / match["rest"]
            body = f"```{path.suffix[1:]}\n{path.read_text('utf-8')}```\n"
        else:
            told = runs(match["rest"], match["folder"])
            fence = "`" * max(3, *(len(mark) + 1 for mark in re.findall("`{3,}", told)), 3)
            body = f"{fence}text\n{told}{fence}\n"
        return f"{match['head']}{body}{match['foot']}"

    return SHOWN.sub(shown, text)


def rules_table() -> str:
    """rules/README.md: all rules by family."""
    lines = [
        "# The rules",
        "",
        "Generated from the rule files. `xbackup-lint explain RULE` tells more of each.",
        "",
    ]
    rules = sorted(load_rules(ROOT / "rules"), key=lambda rule: (rule.family, rule.id))
    for family, group in groupby(rules, key=lambda rule: rule.family):
        lines += [f"## {family}", "", "| rule | severity | what it says |", "|---|---|---|"]
        lines += [
            f"| [{rule.id}]({family}/{rule.id}.yaml) | {rule.severity} | {rule.prose.title} |"
            for rule in group
        ]
        lines.append("")
    return "\n".join(lines)


def generated() -> dict[Path, str]:
    """Every generated file, and what it should hold."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    made = {path: with_runs(path.read_text("utf-8")) for path in documents if path.exists()}
    rules = ROOT / "rules"
    return made | {rules / "README.md": rules_table(), rules / "rule.schema.json": rule_schema()}


def main(arguments: list[str]) -> int:
    stale = []
    for path, text in generated().items():
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.relative_to(ROOT).as_posix())
            if "--check" not in arguments:
                path.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        print(f"stale: {', '.join(stale)}; `make docs` writes them anew", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
