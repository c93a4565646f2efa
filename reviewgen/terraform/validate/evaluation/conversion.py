"""Whether a value of one type can become one of another, and in which words Terraform says that it cannot.

Texts become numbers and booleans and the other way round; tuples and objects become collections when their elements agree. Unknown values
are judged by their type alone.
"""

from __future__ import annotations

from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.evaluate import text
from reviewgen.terraform.schema.types import DYNAMIC, Type
from reviewgen.terraform.validate.types import unify
from reviewgen.terraform.validate.types.convert import number

from .value import Value

_SEQUENCES = ("list", "set", "tuple")
_MAPPINGS = ("map", "object")


def mismatch(value: Value, wanted: Type) -> str:
    """Return why a value cannot become one of a type; empty when it can."""
    if value.null:
        return ""
    return _types(value.type, wanted) or _texts(value, wanted)


def _types(have: Type, wanted: Type) -> str:
    if wanted.kind == "dynamic" or have.kind == "dynamic" or have == wanted:
        return ""
    if wanted.primitive:
        fits = have.primitive and ("string" in (have.kind, wanted.kind) or have.kind == wanted.kind)
        return "" if fits else f"{wanted.friendly} required"
    if wanted.element is not None:
        return _collection(have, wanted, wanted.element)
    if wanted.kind == "object" and have.kind in _MAPPINGS:
        return _object(have, wanted)
    if wanted.kind == "tuple" and have.kind == "tuple" and len(have.items) == len(wanted.items):
        return next((why for h, w in zip(have.items, wanted.items, strict=True) if (why := _types(h, w))), "")
    return f"{wanted.friendly} required"


def _collection(have: Type, wanted: Type, element: Type) -> str:
    if have.kind not in (_MAPPINGS if wanted.kind == "map" else _SEQUENCES):
        return f"{name_of(wanted)} required"
    if have.element is not None:
        return f"incorrect {wanted.kind} element type: {why}" if (why := _types(have.element, element)) else ""
    if wanted.kind == "map":
        found = ((f'element "{n}"', _types(t, element)) for n, t in sorted(have.attributes.items()))
    else:
        found = ((f"element {i}", _types(t, element)) for i, t in enumerate(have.items))
    return next((f"{place}: {why}" for place, why in found if why), "")


def name_of(wanted: Type) -> str:
    """Return the words by which messages name a type that is wanted."""
    if wanted.element is not None and wanted.element.kind == "dynamic":
        return f"{wanted.kind} of any single type"
    return wanted.friendly


def _object(have: Type, wanted: Type) -> str:
    if have.kind == "map":
        return ""
    missing = sorted(n for n in wanted.attributes if n not in have.attributes and n not in wanted.optional)
    if missing:
        words = ", ".join(f'"{n}"' for n in missing)
        return f"attribute {words} is required" if len(missing) == 1 else f"attributes {words} are required"
    both = ((n, _types(have.attributes[n], t)) for n, t in sorted(wanted.attributes.items()) if n in have.attributes)
    return next((f'attribute "{n}": {why}' for n, why in both if why), "")


def _texts(value: Value, wanted: Type) -> str:
    """Read known texts as what the type wants."""
    if value.data is UNKNOWN or value.data is None:
        return ""
    if wanted.element is not None:
        items = value.data.values() if isinstance(value.data, dict) else value.data
        return next((why for item in items if (why := _texts(item, wanted.element))), "")
    if wanted.kind == "number" and isinstance(value.data, str):
        return "" if number(value.data) is not None else "a number is required"
    if wanted.kind == "bool" and isinstance(value.data, str):
        return "" if value.data in ("true", "false", "1", "0") else _no_bool(value.data)
    return ""


def _no_bool(given: str) -> str:
    hint = f'; to convert from string, use lowercase "{given.lower()}"' if given.lower() in ("true", "false") else ""
    return f"a bool is required{hint}"


def converted(value: Value, wanted: Type) -> Value:
    """Return a value that fits a type as one of that type."""
    if wanted.kind == "dynamic" or value.type == wanted:
        return value
    return _converted(value, wanted).hidden(value.sensitive)


def _converted(value: Value, wanted: Type) -> Value:
    if value.data is UNKNOWN or value.data is None:
        return Value(wanted, value.data)
    if wanted.element is not None and isinstance(value.data, dict):
        return Value(_typed(wanted, value.type), {n: converted(v, wanted.element) for n, v in value.data.items()})
    if wanted.element is not None and isinstance(value.data, tuple):
        return Value(_typed(wanted, value.type), tuple(converted(v, wanted.element) for v in value.data))
    if wanted.kind == "object" and isinstance(value.data, dict):
        given = {n: converted(value.data[n], t) for n, t in wanted.attributes.items() if n in value.data}
        return Value(wanted, {n: given.get(n, Value(t, None)) for n, t in wanted.attributes.items()})
    return Value(wanted, _primitive(value.data, wanted.kind)) if wanted.primitive else Value(wanted)


def _typed(wanted: Type, have: Type) -> Type:
    """Return a wanted collection type with the elements' common type, where any is allowed."""
    if wanted.element is None or wanted.element.kind != "dynamic":
        return wanted
    elements = [have.element] if have.element is not None else [*have.items, *have.attributes.values()]
    first = elements[0] if elements else DYNAMIC
    return Type(wanted.kind, first if all(e == first for e in elements) else DYNAMIC)


def _primitive(data: Any, kind: str) -> Any:
    if kind == "string":
        return text(data)
    if kind == "number" and isinstance(data, str):
        found = number(data)
        return UNKNOWN if found is None else int(found) if found.is_integer() else found
    if kind == "bool" and isinstance(data, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(data, UNKNOWN)
    return data


def common(left: Type, right: Type) -> Type | None:
    """Return the type that two branches of a condition share, ``dynamic`` when that is open, None when they certainly share none."""
    if left == right:
        return left
    if not (_collections(left) or _collections(right)):
        return unify.common((left, right))
    if "dynamic" in (left.kind, right.kind):
        return DYNAMIC
    if left.element is None and right.element is None and left.kind == right.kind:
        return DYNAMIC
    for group in (_SEQUENCES, _MAPPINGS):
        if left.kind in group and right.kind in group:
            agree = all(common(one, other) is not None for one in _inside(left) for other in _inside(right))
            return DYNAMIC if agree else None
    return None


def _inside(kind: Type) -> tuple[Type, ...]:
    """Return the types of the elements."""
    return (kind.element,) if kind.element is not None else (*kind.items, *kind.attributes.values())


def _collections(kind: Type) -> bool:
    """Whether a type has lists, sets or maps in it: with tuples and objects they agree by rules of their own."""
    return kind.element is not None or any(map(_collections, (*kind.items, *kind.attributes.values())))


def difference(yes: Type, no: Type) -> str:
    """Return in which words Terraform tells the types of two branches apart."""
    if yes.kind == no.kind == "object":
        return _of_objects(yes, no)
    if yes.kind == no.kind == "tuple":
        if len(yes.items) != len(no.items):
            return f"The 'true' tuple has length {len(yes.items)}, but the 'false' tuple has length {len(no.items)}."
        place = next(i for i, (one, other) in enumerate(zip(yes.items, no.items, strict=True)) if one != other)
        return f"Type mismatch for tuple element {place}: {difference(yes.items[place], no.items[place])}"
    return f"The 'true' value is {yes.friendly}, but the 'false' value is {no.friendly}."


def _of_objects(yes: Type, no: Type) -> str:
    for name, kind in sorted(yes.attributes.items()):
        if name not in no.attributes:
            return f"The 'true' value includes object attribute \"{name}\", which is absent in the 'false' value."
        if kind != no.attributes[name]:
            return f'Type mismatch for object attribute "{name}": {difference(kind, no.attributes[name])}'
    name = min(no.attributes.keys() - yes.attributes.keys())
    return f"The 'false' value includes object attribute \"{name}\", which is absent in the 'true' value."
