"""Coverage-guided fuzzing of files as bytes, with atheris (`pip install atheris`). By hand: it has no end."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("t.yaml", "t.json", "manifest.json", "111122223333/eu-west-1/t.template")


def main() -> int:
    """Change bytes as their way through the program suggests, from the examples of rules onwards."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz_coverage", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["xbackup_lint"]):
        from tools.fuzz import seeds
        from tools.fuzz_documents import as_json, as_yaml
        from tools.fuzz_laws import Case, hold

    def one(data: bytes) -> None:
        """The first byte says what the file is called, the others are its text."""
        name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
        hold(Case({name: data[1:].decode("utf-8", "surrogateescape")}), schemas=False)

    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds()):
            for path, tree in seed.files.items():
                is_json = path.endswith(".json")
                text = as_json(tree) if is_json else as_yaml(tree)
                (Path(folder) / str(number)).write_bytes(bytes([is_json]) + text.encode("utf-8", "replace"))
        limits = [f"-max_total_time={options.seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"]
        atheris.Setup([sys.argv[0], *limits, folder], one)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
