"""The part of `dataclasses` that this program uses, with methods that are written when they are first called.

The standard library writes and compiles up to six methods of every class while it is imported, and imports `inspect`
to do so: a third of the time of a short run, which then uses few of these classes (docs/performance.md). That nobody
assigns to a field of a frozen class is for the type checker to see: at run time it would make every object dearer.

Not handled, since nothing here needs it: inheritance of fields, class variables, order, keyword-only fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    _NONE = object()

    class _Field:
        """What `field` said of a field."""

        __slots__ = ("compare", "default", "factory", "repr")

        def __init__(self, default, factory, compare, repr):  # noqa: A002 -- the name of the standard library
            self.default = default
            self.factory = factory
            self.compare = compare
            self.repr = repr

    def field(*, default=_NONE, default_factory=_NONE, compare=True, repr=True):  # noqa: A002
        """Like `dataclasses.field`."""
        return _Field(default, default_factory, compare, repr)

    def dataclass(*, frozen=False, slots=False, eq=True):
        """Like `dataclasses.dataclass`."""
        return lambda cls: _made(cls, frozen, slots, eq)

    def replace(record, **changes):
        """Like `dataclasses.replace`."""
        for name in record.__dataclass_fields__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return record.__class__(**changes)

    def _made(cls, frozen, slots, eq):
        fields = {name: _of(cls.__dict__.get(name, _NONE)) for name in cls.__annotations__}
        if slots:
            cls = _with_slots(cls, tuple(fields))
        else:
            for name in fields:
                if isinstance(cls.__dict__.get(name), _Field):
                    delattr(cls, name)
        cls.__dataclass_fields__ = fields
        cls.__match_args__ = tuple(fields)
        cls.__repr__ = _repr
        _later(cls, "__init__", _init)
        if eq:
            _later(cls, "__eq__", _eq)
            if frozen:
                _later(cls, "__hash__", _hash)
            else:
                cls.__hash__ = None
        return cls

    def _of(given):
        return given if isinstance(given, _Field) else _Field(given, _NONE, True, True)

    def _with_slots(cls, names):
        """The same class with slots, which can only be said when a class is made."""
        namespace = {name: value for name, value in cls.__dict__.items() if name not in names}
        del namespace["__dict__"], namespace["__weakref__"]
        namespace |= {"__slots__": names, "__qualname__": cls.__qualname__}
        return type(cls)(cls.__name__, cls.__bases__, namespace)

    def _later(cls, name, write):
        """Let a method be written when it is first called."""

        def first(self, *given, **named):
            text, names = write(cls)
            exec(f"def {name}{text}", names)  # noqa: S102 -- made of the names of fields, as in the standard library
            method = names[name]
            method.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(cls, name, method)
            return method(self, *given, **named)

        setattr(cls, name, first)

    def _init(cls):
        names = {"_NONE": _NONE}
        parameters, lines = ["self"], []
        for name, one in cls.__dataclass_fields__.items():
            if one.factory is not _NONE:
                names[f"_make_{name}"] = one.factory
                parameters.append(f"{name}=_NONE")
                lines.append(f"self.{name} = _make_{name}() if {name} is _NONE else {name}")
                continue
            if one.default is not _NONE:
                names[f"_default_{name}"] = one.default
                parameters.append(f"{name}=_default_{name}")
            else:
                parameters.append(name)
            lines.append(f"self.{name} = {name}")
        lines.append("self.__post_init__()" if hasattr(cls, "__post_init__") else "pass")
        return f"({', '.join(parameters)}):\n " + "\n ".join(lines), names

    def _eq(cls):
        same = " and ".join(f"self.{name} == other.{name}" for name in _compared(cls)) or "True"
        return (
            "(self, other):\n if self is other: return True\n"
            f" if other.__class__ is not self.__class__: return NotImplemented\n return {same}"
        ), {}

    def _hash(cls):
        values = "".join(f"self.{name}, " for name in _compared(cls))
        return f"(self):\n return hash(({values}))", {}

    def _compared(cls):
        return [name for name, one in cls.__dataclass_fields__.items() if one.compare]

    def _repr(self):
        shown = (
            f"{name}={getattr(self, name)!r}" for name, one in self.__dataclass_fields__.items() if one.repr
        )
        return f"{self.__class__.__qualname__}({', '.join(shown)})"


__all__ = ["dataclass", "field", "replace"]
