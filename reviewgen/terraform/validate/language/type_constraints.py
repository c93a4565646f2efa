"""Type constraints of variables: what an expression such as ``map(object({ name = string }))`` means, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Call, Expression, Invalid, Literal, Object, Traversal
from reviewgen.model.hcl import Tuple as ListExpression
from reviewgen.terraform.schema.types import DYNAMIC, Type

from .. import places
from ..places import Span
from ..types.convert import mismatch
from . import static
from .frame import Frame

_SUMMARY = "Invalid type specification"
_PRIMITIVES = ("bool", "number", "string")
_COLLECTIONS = ("list", "set", "map")
_NEEDS = {
    "list": "The list type constructor requires one argument specifying the element type.",
    "set": "The set type constructor requires one argument specifying the element type.",
    "map": "The map type constructor requires one argument specifying the element type.",
    "object": "The object type constructor requires one argument specifying the attribute types and values as a map.",
    "tuple": "The tuple type constructor requires one argument specifying the element types as a list.",
}
_NO_TYPE = (
    "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string)."
)
_ONLY_IN_OBJECTS = 'Keyword "optional" is valid only as a modifier for object type attributes.'
_QUOTED = (
    "Terraform 0.11 and earlier required type constraints to be given in quotes, but that form is now deprecated and will be removed in a "
    'future version of Terraform. Remove the quotes around "{}"{}.'
)
_OLD = {
    "string": "",
    "list": " and write list(string) instead to explicitly indicate that the list elements are strings",
    "map": " and write map(string) instead to explicitly indicate that the map elements are strings",
}


class Constraint:
    """The ``type`` argument of a variable, read.

    Attributes:
        found: What is wrong with it.
    """

    def __init__(self, frame: Frame, attribute: Attribute) -> None:
        """Read the argument; ``type`` then gives the type."""
        self.found: list[Diagnostic] = []
        self._site = frame
        self._attribute = attribute
        self._data = frame.file(attribute).data
        self.type = self._whole(attribute.expr)
        if self.found:
            self.type = DYNAMIC

    def _whole(self, expr: Expression) -> Type:
        if isinstance(expr, Literal) and isinstance(expr.value, str):
            return self._in_quotes(expr.value)
        if isinstance(expr, Traversal) and not expr.steps and expr.root in ("list", "map"):
            return Type(expr.root, DYNAMIC)
        return self._type(expr)

    def _in_quotes(self, word: str) -> Type:
        if word in _OLD:
            summary, detail = "Invalid quoted type constraints", _QUOTED.format(word, _OLD[word])
        else:
            summary = "Invalid legacy variable type hint"
            detail = "To provide a full type expression, remove the surrounding quotes and give the type expression directly."
        self.found.append(self._site.at(self._attribute, self._attribute.expr, summary, detail))
        return DYNAMIC

    def _wrong(self, span: Span, detail: str) -> Type:
        self.found.append(self._site.at_span(self._attribute, span, _SUMMARY, detail))
        return DYNAMIC

    def _type(self, expr: Expression) -> Type:
        if isinstance(expr, Call):
            return self._call(expr)
        word = _keyword(expr)
        if word is None:
            return DYNAMIC if isinstance(expr, Invalid) else self._wrong(places.whole(expr, self._data), _NO_TYPE)
        if word == "any":
            return DYNAMIC
        if word in _PRIMITIVES:
            return Type(word)
        if word == "optional":
            return self._wrong((expr.start, expr.end), _ONLY_IN_OBJECTS)
        return self._wrong((expr.start, expr.end), _NEEDS.get(word, f'The keyword "{word}" is not a valid type specification.'))

    def _call(self, call: Call) -> Type:
        name, arguments = call.name, call.args
        opening = self._data.find(b"(", call.start)
        if name in _PRIMITIVES or name == "any":
            what = "Primitive type keyword" if name in _PRIMITIVES else "Type constraint keyword"
            return self._wrong((opening, call.end), f'{what} "{name}" does not expect arguments.')
        if name == "optional":
            return self._wrong((call.start, opening), _ONLY_IN_OBJECTS)
        if name not in _NEEDS:
            return self._wrong((call.start, call.end), f'Keyword "{name}" is not a valid type constructor.')
        if not arguments:
            return self._wrong((opening, call.end), _NEEDS[name])
        if len(arguments) > 1:
            return self._wrong((arguments[1].start, arguments[-1].end), _NEEDS[name])
        if name in _COLLECTIONS:
            return Type(name, self._type(arguments[0]))
        return self._object(arguments[0]) if name == "object" else self._tuple(arguments[0])

    def _tuple(self, expr: Expression) -> Type:
        if not isinstance(expr, ListExpression):
            return self._wrong(places.whole(expr, self._data), "Tuple type constructor requires a list of element types.")
        return Type("tuple", items=tuple(self._type(item) for item in expr.items))

    def _object(self, expr: Expression) -> Type:
        if not isinstance(expr, Object):
            detail = (
                "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding "
                "attribute types."
            )
            return self._wrong(places.whole(expr, self._data), detail)
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        for key, value in expr.items:
            name = key.value if isinstance(key, Literal) else None
            if not isinstance(name, str) or not places.NAME.fullmatch(name):
                self._wrong(_with_parentheses(key, self._data), "Object constructor map keys must be attribute names.")
                continue
            if isinstance(value, Call) and value.name == "optional":
                optional.add(name)
                attributes[name] = self._optional(value)
            else:
                attributes[name] = self._type(value)
        return Type("object", attributes=attributes, optional=frozenset(optional))

    def _optional(self, call: Call) -> Type:
        opening = self._data.find(b"(", call.start)
        if not call.args:
            return self._wrong((opening, call.end), "Optional attribute modifier requires the attribute type as its argument.")
        kind = self._type(call.args[0])
        if len(call.args) > 2:
            detail = "Optional attribute modifier expects at most two arguments: the attribute type, and a default value."
            return self._wrong((opening, call.end), detail)
        if len(call.args) == 2:
            self.found.extend(self._default(call.args[1], kind))
        return kind

    def _default(self, expr: Expression, kind: Type) -> Iterator[Diagnostic]:
        refused = list(static.refusals(self._site, self._attribute, expr))
        yield from refused
        why = "" if refused else mismatch(hcl.evaluate(expr), kind)
        if why:
            detail = f"This default value is not compatible with the attribute's type constraint: {why}."
            yield self._site.at(self._attribute, expr, "Invalid default value for optional attribute", detail)


def _keyword(expr: Expression) -> str | None:
    """Return a bare word; ``true``, ``false`` and ``null`` are words, too."""
    if isinstance(expr, Traversal) and not expr.steps:
        return expr.root
    if isinstance(expr, Literal) and (expr.value is None or isinstance(expr.value, bool)):
        return {None: "null", True: "true", False: "false"}[expr.value]
    return None


def _with_parentheses(key: Expression, data: bytes) -> Span:
    start, end = key.start, key.end
    return (start - 1, end + 1) if data[start - 1 : start] == b"(" and data[end : end + 1] == b")" else (start, end)
