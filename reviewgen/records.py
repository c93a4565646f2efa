"""``dataclass`` as the standard library has it, for the classes of this package, which are many: made in a quarter of the time.

Up to Python 3.12 the standard library compiles six functions from text for each class; that took a fifth of a report's time. Here only the
constructor is compiled, when it is first called. Fields, slots, ``replace`` and ``fields`` are the standard library's own, and so is what a
type checker sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from operator import attrgetter

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False):
        """Return a class as a data class; the arguments are those of ``dataclasses.dataclass``."""

        def made(cls):
            written = frozenset(vars(cls))
            cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard library works out a signature for it, a long way round
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
            for name, method in _methods(cls, frozen, eq).items():
                if name not in written:
                    setattr(cls, name, method)
            return cls

        return made if cls is None else made(cls)

    def _methods(cls, frozen, eq):
        fields = dataclasses.fields(cls)
        methods = {"__init__": _constructor(cls, frozen), "__repr__": _represent}
        if eq:
            values = _values([f.name for f in fields if f.compare])

            def __eq__(self, other):
                return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

            def __hash__(self):
                return hash(values(self))

            methods |= {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}
        if frozen:
            methods |= {"__setattr__": _refuse, "__delattr__": _refuse, "__setstate__": _restore}
        return methods

    def _constructor(cls, frozen):
        """Return a constructor that gives way to a compiled one when it is first called; a fourth of the classes is never made."""

        def __init__(self, *values, **named):
            cls.__init__ = _compiled(cls, frozen)
            cls.__init__(self, *values, **named)

        return __init__

    def _compiled(cls, frozen):
        known = {"_set": object.__setattr__}
        parameters, body = ["self"], []
        for field in dataclasses.fields(cls):
            name, default, value = field.name, "", field.name
            if field.default_factory is not dataclasses.MISSING:
                known[f"_new_{name}"], known["_NONE"] = field.default_factory, dataclasses.MISSING
                default, value = "=_NONE", f"_new_{name}() if {name} is _NONE else {name}"
            elif field.default is not dataclasses.MISSING:
                known[f"_default_{name}"] = field.default
                default = f"=_default_{name}"
            parameters.append(name + default)
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"]), known)
        known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
        return known["__init__"]

    def _values(names):
        return attrgetter(*names) if len(names) > 1 else lambda self: tuple(getattr(self, name) for name in names)

    def _represent(self):
        shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
        return f"{self.__class__.__qualname__}({shown})"

    def _refuse(self, name, *_):
        raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")

    def _restore(self, state):
        """Take what was pickled: a mapping, or with slots a pair of mappings of which the first may be missing."""
        for part in state if isinstance(state, tuple) else (state,):
            for name, value in (part or {}).items():
                object.__setattr__(self, name, value)
