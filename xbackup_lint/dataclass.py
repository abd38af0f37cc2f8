"""The part of `dataclasses` that this program uses, with methods that are made when they are first called.

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
    from functools import cache
    from types import FunctionType

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
        """Let a method be made when it is first called."""

        def first(self, *given, **named):
            method = write(cls, f"{cls.__qualname__}.{name}")
            setattr(cls, name, method)
            return method(self, *given, **named)

        setattr(cls, name, first)

    @cache
    def _compiled(text):
        """The code of a method whose fields are called f0, f1 and so on: it serves all classes of its form."""
        names = {}
        exec(text, names)  # noqa: S102 -- texts of this module, as in the standard library
        return names["made"].__code__

    def _method(called, text, fields, names=None, defaults=()):
        """A method that is compiled once for all classes of its form, with the names of the fields of one."""
        code = _compiled(text)
        own = {f"f{number}": name for number, name in enumerate(fields)}
        code = code.replace(
            co_name=called.rpartition(".")[2],
            co_qualname=called,
            co_names=tuple(own.get(name, name) for name in code.co_names),
            co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
        )
        return FunctionType(code, names or {}, code.co_name, defaults)

    def _init(cls, called):
        names, defaults = {"_NONE": _NONE}, []
        parameters, lines = "", []
        for number, one in enumerate(cls.__dataclass_fields__.values()):
            parameters += f", f{number}"
            if one.factory is _NONE:
                lines.append(f"self.f{number} = f{number}")
                defaults += () if one.default is _NONE else (one.default,)
            else:
                lines.append(f"self.f{number} = make{number}() if f{number} is _NONE else f{number}")
                names[f"make{number}"] = one.factory
                defaults.append(_NONE)
        lines.append("self.__post_init__()" if hasattr(cls, "__post_init__") else "pass")
        text = f"def made(self{parameters}):\n " + "\n ".join(lines)
        return _method(called, text, cls.__dataclass_fields__, names, tuple(defaults))

    def _eq(cls, called):
        compared = _compared(cls)
        same = " and ".join(f"self.f{number} == other.f{number}" for number in range(len(compared)))
        text = (
            "def made(self, other):\n if self is other: return True\n"
            f" if other.__class__ is not self.__class__: return NotImplemented\n return {same or True}"
        )
        return _method(called, text, compared)

    def _hash(cls, called):
        compared = _compared(cls)
        values = "".join(f"self.f{number}, " for number in range(len(compared)))
        return _method(called, f"def made(self):\n return hash(({values}))", compared)

    def _compared(cls):
        return [name for name, one in cls.__dataclass_fields__.items() if one.compare]

    def _repr(self):
        shown = (
            f"{name}={getattr(self, name)!r}" for name, one in self.__dataclass_fields__.items() if one.repr
        )
        return f"{self.__class__.__qualname__}({', '.join(shown)})"


__all__ = ["dataclass", "field", "replace"]
