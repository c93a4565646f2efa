"""Types of arguments that no signature tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reviewgen.terraform.validate.evaluation.refusal import Refused
from reviewgen.terraform.validate.evaluation.value import Value
from reviewgen.terraform.validate.types import unify

Shape = Callable[[Sequence[Value]], None]
_SEQUENCES = ("list", "set", "tuple")
_MAPPINGS = ("map", "object")


def is_(value: Value, *kinds: str) -> bool:
    """Whether a value is of one of some kinds of types, as far as that is known."""
    return value.type.kind == "dynamic" or value.type.kind in kinds


def _of(position: int, kinds: tuple[str, ...], why: str, blamed: int | None = None) -> Shape:
    """Return the check that an argument is of a kind.

    Args:
        position: Which one.
        kinds: What it may be.
        why: What is said of others; ``{}`` stands for the type.
        blamed: Position of the argument that is to blame.
    """

    def check(arguments: Sequence[Value]) -> None:
        if not is_(arguments[position], *kinds):
            raise Refused(why.format(arguments[position].type.friendly), blamed)

    return check


def _length(arguments: Sequence[Value]) -> None:
    if arguments[0].type.kind in ("number", "bool"):
        raise Refused("argument must be a string, a collection type, or a structural type")


def _merge(arguments: Sequence[Value]) -> None:
    for argument in arguments:
        if not argument.null and not is_(argument, *_MAPPINGS):
            raise Refused(f'arguments must be maps or objects, got "{argument.type.friendly}"')


def _concat(arguments: Sequence[Value]) -> None:
    _any(arguments)
    for position, argument in enumerate(arguments):
        if not is_(argument, "list", "tuple"):
            raise Refused(f"all arguments must be lists or tuples; got {argument.type.friendly}", position)


def _coalesce(arguments: Sequence[Value]) -> None:
    if not arguments or unify.common(argument.type for argument in arguments) is None:
        raise Refused("all arguments must have the same type")


def _coalescelist(arguments: Sequence[Value]) -> None:
    _any(arguments)
    for argument in arguments:
        if argument.null or not is_(argument, "list", "tuple"):
            raise Refused("coalescelist arguments must be lists or tuples")


def _reverse(arguments: Sequence[Value]) -> None:
    if not is_(arguments[0], *_SEQUENCES):
        raise Refused(f"can only reverse list or tuple values, not {arguments[0].type.friendly}", 0)


def _setproduct(arguments: Sequence[Value]) -> None:
    if len(arguments) < 2:
        raise Refused("at least two arguments are required")
    for position, argument in enumerate(arguments):
        if not is_(argument, *_SEQUENCES):
            raise Refused("a set or a list is required", position)


def _sets(arguments: Sequence[Value]) -> None:
    elements = [argument.type.element for argument in arguments if argument.type.element is not None]
    if unify.common(elements) is None:
        raise Refused("given sets must all have compatible element types")


def _distinct(arguments: Sequence[Value]) -> None:
    given = arguments[0]
    if isinstance(given.data, tuple) and unify.common(item.type for item in given.data) is None:
        raise Refused("all list elements must have the same type", 0)


def _some(arguments: Sequence[Value]) -> None:
    if not arguments:
        raise Refused("at least one list is required")


def _any(arguments: Sequence[Value]) -> None:
    if not arguments:
        raise Refused("at least one argument is required")


def _collection(kind: str, sources: tuple[str, ...]) -> Shape:
    """``toset``, ``tolist`` and ``tomap`` need elements that have a type in common."""

    def check(arguments: Sequence[Value]) -> None:
        given = arguments[0]
        parts = given.type.items if given.type.kind == "tuple" else tuple(given.type.attributes.values())
        if not given.null and (not is_(given, *sources) or unify.common(parts) is None):
            raise Refused(f"cannot convert {given.type.friendly} to {kind} of any single type", 0)

    return check


SHAPES: dict[str, Shape] = {
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "concat": _concat,
    "contains": _of(0, _SEQUENCES, "argument must be list, tuple, or set"),
    "distinct": _distinct,
    "flatten": _of(0, _SEQUENCES, "can only flatten lists, sets and tuples"),
    "index": _of(0, ("list", "tuple"), "argument must be a list or tuple"),
    "join": lambda arguments: _some(arguments[1:]),
    "keys": _of(0, _MAPPINGS, "must have map or object type", 0),
    "length": _length,
    "merge": _merge,
    "one": _of(0, _SEQUENCES, "must be a list, set, or tuple value with either zero or one elements", 0),
    "reverse": _reverse,
    "setintersection": _sets,
    "setproduct": _setproduct,
    "setsubtract": _sets,
    "setsymmetricdifference": _sets,
    "setunion": _sets,
    "tolist": _collection("list", _SEQUENCES),
    "tomap": _collection("map", _MAPPINGS),
    "toset": _collection("set", _SEQUENCES),
    "try": _any,
    "values": _of(0, _MAPPINGS, "values() requires a map as the first argument"),
    "zipmap": _of(1, ("list", "tuple"), "values argument must be a list or tuple value"),
}
