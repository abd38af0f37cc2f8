"""Write what is generated: the runs that README.md shows, and the table of rules. `--check` only compares."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import groupby
from pathlib import Path

from xbackup_lint.engine.load import load_rules

ROOT = Path(__file__).resolve().parents[1]
# <!-- run: xbackup-lint … --> and <!-- end --> around what the command prints.
SHOWN = re.compile(
    r"(?P<head><!-- run: (?P<command>[^\n]*) -->\n)(?P<body>.*?)(?P<foot><!-- end -->)", re.DOTALL
)


def run(command: str) -> str:
    """What a command of ours prints, and its exit status where it is not 0."""
    program, *arguments = command.split()
    if program != "xbackup-lint":
        raise SystemExit(f"only runs of xbackup-lint are shown, not `{command}`")
    done = subprocess.run(
        [sys.executable, "-m", "xbackup_lint", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout or done.stderr).rstrip() + "\n"


def with_runs(text: str) -> str:
    """A document with every shown run made anew."""

    def shown(match: re.Match[str]) -> str:
        return f"{match['head']}```text\n$ {match['command']}\n{run(match['command'])}```\n{match['foot']}"

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
            f"| [{rule.id}]({family}/{rule.id}.yaml) | {rule.severity} | {rule.title} |" for rule in group
        ]
        lines.append("")
    return "\n".join(lines)


def generated() -> dict[Path, str]:
    """Every generated file, and what it should hold."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    made = {path: with_runs(path.read_text("utf-8")) for path in documents if path.exists()}
    return made | {ROOT / "rules" / "README.md": rules_table()}


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
