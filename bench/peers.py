"""Other linters of templates, where they are installed."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.process import ROOT

_VALIDATE = str(ROOT / "bench" / "validate_folder.py")
_PACKAGE = "import importlib.metadata as m; print(m.version('cloudformation-validate'))"


@dataclass(frozen=True, slots=True)
class Peer:
    """How to run a linter over the templates of a folder."""

    name: str
    program: tuple[str, ...]
    arguments: tuple[str, ...]
    tells_version: tuple[str, ...]
    statuses: Collection[int]
    """With which it ends if it did its work."""
    takes_files: bool = False
    is_quick: bool = False
    """Whether it can be asked to do much."""

    def command(self, folder: Path) -> list[str]:
        files = sorted(path.name for path in folder.glob("*.yaml")) if self.takes_files else []
        return [*self.program, *self.arguments, *files]

    @property
    def version(self) -> str:
        done = subprocess.run(
            [*self.program, *self.tells_version], capture_output=True, text=True, check=True
        )
        return done.stdout.split()[-1]


def _known() -> tuple[Peer, ...]:
    """The peers, with the programs that the machine has."""
    here = (sys.executable,) if find_spec("cloudformation_validate") is not None else ()
    return (
        Peer("cloudformation-validate", here, (_VALIDATE,), ("-c", _PACKAGE), {0}, is_quick=True),
        # Of its exit statuses 4 are warnings and 8 is information; 2 would be an error.
        Peer("cfn-lint", _on_path("cfn-lint"), (), ("--version",), {0, 4, 8, 12}, takes_files=True),
        Peer(
            "checkov",
            _on_path("checkov"),
            ("--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "-d", "."),
            ("--version",),
            {0, 1},
        ),
    )


def _on_path(name: str) -> tuple[str, ...]:
    found = shutil.which(name)
    return (found,) if found is not None else ()


def peers(given: Iterable[str]) -> list[Peer]:
    """The peers that can be run. `given` are NAME=COMMAND. Raises SystemExit for others."""
    commands = dict(_command(one) for one in given)
    known = _known()
    if strange := set(commands) - {peer.name for peer in known}:
        raise SystemExit(f"unknown: {', '.join(sorted(strange))}; known: {', '.join(p.name for p in known)}")
    found = [
        Peer(
            peer.name, commands.get(peer.name, peer.program), peer.arguments, peer.tells_version,
            peer.statuses, peer.takes_files, peer.is_quick,
        )
        for peer in known
    ]  # fmt: skip
    return [peer for peer in found if peer.program]


def _command(given: str) -> tuple[str, tuple[str, ...]]:
    name, _, command = given.partition("=")
    if not command:
        raise SystemExit(f"`{given}`: NAME=COMMAND is expected")
    return name, tuple(shlex.split(command))
