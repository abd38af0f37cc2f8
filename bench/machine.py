"""Where and with what it was measured."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from bench.peers import Peer
from bench.results import OURS
from xbackup_lint import __version__

_GIB = 1024**3


def machine() -> dict[str, str]:
    """Processor, cores, memory, systems, and what else is at work; what the machine does not tell is left out."""
    facts = {
        "processor": _first("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / _GIB:.0f} GiB",
        "system": _first("/etc/os-release", r'^PRETTY_NAME="(.+)"$') or platform.platform(),
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "virtual": "yes" if _first("/proc/cpuinfo", r"^flags\s*:.*\b(hypervisor)\b") else "",
    }
    return {name: fact for name, fact in facts.items() if fact}


def versions(peers: Iterable[Peer]) -> dict[str, str]:
    grep = subprocess.run(["grep", "--version"], capture_output=True, text=True, check=True)
    return {
        OURS: __version__,
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "PyYAML": version("pyyaml"),
        "grep": grep.stdout.splitlines()[0].split()[-1],
        **{peer.name: peer.version for peer in peers},
    }


def _first(path: str, pattern: str) -> str:
    place = Path(path)
    if sys.platform != "linux" or not place.exists():
        return ""
    found = re.search(pattern, place.read_text("utf-8"), re.MULTILINE)
    return found[1].strip() if found else ""
