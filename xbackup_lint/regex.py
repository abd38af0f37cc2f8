"""Regular expressions of modules, compiled when they are first used: a run uses few of those that it loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import compile as regex
else:
    import re

    class regex:  # noqa: N801 -- stands for a function
        """Like `re.compile`, later."""

        def __init__(self, text, flags=0):
            self._written = text, flags

        def __getattr__(self, name):
            """What is asked of it before it is compiled. From then on its methods are those of the expression."""
            compiled = re.compile(*self._written)
            for method in ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "pattern"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)


__all__ = ["regex"]
