"""The program: `xbackup-lint`, or `python -m xbackup_lint`."""

from __future__ import annotations

import gc
import sys


def run() -> int:
    """Load the command line and run it; the exit status is returned."""
    gc.disable()  # what is loaded stays: to look for garbage in it takes a twentieth of a short run
    try:
        from xbackup_lint.cli import main
    except MemoryError:
        sys.stderr.write("xbackup-lint: out of memory: nothing is checked\n")
        return 2
    gc.freeze()
    gc.enable()
    return main()


if __name__ == "__main__":
    raise SystemExit(run())
