"""Runs one command and prints what it cost: wall and CPU seconds, peak memory in KiB, exit status.

A process of its own that imports next to nothing: the peak memory of a process begins with that of whoever starts it.
The peak is that of the largest of its processes, the CPU time that of all of them.
"""

from __future__ import annotations

import os
import sys
import time


def main(command: list[str]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, null, stream) for stream in (0, 1, 2)]
    began = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=streams)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - began
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(sys.argv[1:])
