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
    from dataclasses import MISSING
    from functools import cache
    from operator import attrgetter
    from types import FunctionType, MemberDescriptorType

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
        """Return the constructor: code that all classes with as many fields share, under the names of this one's."""
        fields = dataclasses.fields(cls)
        slots = [getattr(cls, f.name, None) for f in fields] if frozen else []
        slotted = tuple(isinstance(slot, MemberDescriptorType) for slot in slots)
        code = _code(tuple(f.default_factory is not MISSING for f in fields), slotted, hasattr(cls, "__post_init__"))
        names = {f"_{number}": field.name for number, field in enumerate(fields)}
        own = {part: tuple(names.get(value, value) for value in getattr(code, part)) for part in ("co_varnames", "co_consts", "co_names")}
        known = {"_MISSING": MISSING, **{f"_new_{n}": f.default_factory for n, f in enumerate(fields)}}
        known |= {f"_set_{n}": slot.__set__ for n, slot in enumerate(slots) if slotted[n]}
        defaults = tuple(f.default for f in fields if f.default is not MISSING or f.default_factory is not MISSING)
        made = FunctionType(code.replace(**own), known, "__init__", defaults)
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    @cache
    def _code(made, slotted, post_init):
        """Return a constructor's code for fields ``_0``, ``_1``, ..., of which some get a new default made for them.

        Those of frozen classes are set past ``__setattr__``, which refuses: through their slots, or in the dictionary.
        """
        parameters, body = ["self"], [] if all(slotted) else ["own = self.__dict__"]
        for number, new in enumerate(made):
            name = f"_{number}"
            value = f"_new{name}() if {name} is _MISSING else {name}" if new else name
            parameters.append(name)
            if not slotted:
                body.append(f"self.{name} = {value}")
            else:
                body.append(f"_set{name}(self, {value})" if slotted[number] else f"own[{name!r}] = {value}")
        if post_init:
            body.append("self.__post_init__()")
        known = {}
        exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"]), known)
        return known["__init__"].__code__

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
