"""A fault of this program, met while it worked on one thing: the rest of the run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from xbackup_lint.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Mishap:
    """What was worked on, and how that ended."""

    doing: str
    """`rule x, plan.yaml`."""
    error: str
    """The exception, and where in this program it came up."""

    def __str__(self) -> str:
        return f"internal error ({self.doing}): {self.error}"

    @staticmethod
    def of(error: Exception, doing: str) -> Mishap:
        """From an exception that nobody expected."""
        import traceback  # most runs have none

        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1] if frames else None
        place = f" at {'/'.join(PurePath(last.filename).parts[-2:])}:{last.lineno}" if last else ""
        said = str(error)[:200]
        return Mishap(doing, f"{type(error).__name__}{place}{f': {said}' if said else ''}")


@contextmanager
def survived(mishaps: list[Mishap], doing: str, *expected: type[Exception]) -> Iterator[None]:
    """Go on behind the block whatever happens in it, but for what is `expected` of it; a mishap is written down.

    Where there is no more memory there is nothing to go on with.
    """
    try:
        yield
    except expected:
        raise
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 -- one fault of ours must not hide what all else finds
        mishaps.append(Mishap.of(error, doing))
