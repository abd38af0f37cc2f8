"""Validates the templates of the working folder with cloudformation-validate, which has no command of its own.

One engine for all files, and every rule, as its documentation wants it. Run by the Python that has the package.
"""

from __future__ import annotations

from pathlib import Path

from cloudformation_validate import CompositeEngine


def main() -> None:
    engine = CompositeEngine()
    for path in sorted(Path().rglob("*.yaml")):
        report = engine.validate_template(path)
        for found in report.diagnostics:
            print(path, found.rule_id, found.message)


if __name__ == "__main__":
    main()
