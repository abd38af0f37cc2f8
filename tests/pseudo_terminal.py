"""Runs on a terminal that is none: what the program prints there, escape sequences and all."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

_ROOT = Path(__file__).parents[1]
_ASKED = ("CI", "FORCE_HYPERLINK", "NO_COLOR", "SSH_CONNECTION", "TERM_PROGRAM", "VTE_VERSION", "WT_SESSION")
_SEQUENCES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;[^\x1b]*\x1b\\")


class Terminal:
    """A terminal to print on. It is read all the time: one that is full would make the program wait."""

    def __init__(self, columns: int = 80) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream: TextIO = os.fdopen(theirs, "w", encoding="utf-8")
        self._pieces: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while piece := os.read(self._ours, 65536):
                self._pieces.append(piece)
        except OSError:
            pass  # so Linux says that nobody prints any more

    def printed(self) -> str:
        """All that was printed; nothing can be any more."""
        self.stream.close()
        self._reader.join(10)
        os.close(self._ours)
        return b"".join(self._pieces).decode().replace("\r\n", "\n")


def on_terminal(
    *arguments: str, cwd: Path, columns: int = 80, variables: Mapping[str, str] | None = None
) -> str:
    """What a run prints, standard output and standard error being one terminal."""
    env = {name: value for name, value in os.environ.items() if name not in _ASKED}
    env |= {"TERM": "xterm-256color", "PYTHONPATH": str(_ROOT)} | dict(variables or {})
    terminal = Terminal(columns)
    subprocess.run(
        [sys.executable, "-m", "xbackup_lint", *arguments],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=terminal.stream,
        stderr=terminal.stream,
        timeout=30,
        check=False,
    )
    return terminal.printed()


def plain(text: str) -> str:
    """The text as it is seen: without colours and links."""
    return _SEQUENCES.sub("", text)
