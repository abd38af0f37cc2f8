"""Every fact that the code cites by a number can be looked up."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBER = re.compile(r"\bF[0-9]{1,2}\.[0-9]{1,2}b?\b")


def test_cited_facts_are_documented() -> None:
    documented = set(
        re.findall(r"^\| (F[0-9.]+b?) \|", (ROOT / "docs" / "aws-facts.md").read_text(), re.MULTILINE)
    )
    files = [*(ROOT / "xbackup_lint").rglob("*.py"), *(ROOT / "xbackup_lint").rglob("*.json")]
    files += list((ROOT / "rules").rglob("*.yaml"))

    cited = {number: path.name for path in files for number in NUMBER.findall(path.read_text("utf-8"))}

    assert len(cited) >= 40
    assert {number: name for number, name in cited.items() if number not in documented} == {}
