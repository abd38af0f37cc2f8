"""`functools.cached_property` without its lock, which no thread of ours needs and Python 3.12 has dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property:  # noqa: N801 -- the name of the standard library
        """Works out an attribute once, and leaves it in the object's dictionary, where it is found from then on."""

        def __init__(self, func):
            self.func = func
            self.name = func.__name__
            self.__doc__ = func.__doc__

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            found = instance.__dict__[self.name] = self.func(instance)
            return found


__all__ = ["cached_property"]
