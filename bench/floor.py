"""The least that a linter must do: parse all files of the working folder, with the quickest parsers that there are.

libyaml composes YAML, without making values of it; `json` loads JSON. The collector is off, and nothing is kept.
"""

from __future__ import annotations

import gc

gc.disable()

import json  # noqa: E402
import os  # noqa: E402

import yaml  # noqa: E402


def main() -> None:
    for folder, _, names in os.walk("."):
        for name in names:
            path = f"{folder}/{name}"
            if name.endswith(".json"):
                with open(path, "rb") as file:  # noqa: PTH123 -- pathlib takes longer
                    json.loads(file.read())
            elif name.endswith(".yaml"):
                with open(path, "rb") as file:  # noqa: PTH123
                    yaml.compose(file.read(), Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    main()
