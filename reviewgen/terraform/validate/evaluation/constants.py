"""What functions make of known arguments, and which arguments they refuse.

The words of refusals are those of Terraform 1.11, each confirmed by a case in ``tests/cases/validate``. A function that is not listed has an
unknown result of its type.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.functions import call as folded
from reviewgen.terraform.schema.types import DYNAMIC, Type
from reviewgen.terraform.validate import unify

from . import reading
from .conversion import converted
from .files import Files
from .refusal import Refused
from .value import ANYTHING, Value, lift, plain, whole

__all__ = ["Refused", "call"]


def call(name: str, arguments: list[Value], returns: Type, files: Files) -> Value:
    """Return the result of a call.

    Args:
        name: The function.
        arguments: Its arguments, each of the parameter's type.
        returns: The type that it returns.
        files: What it may read.

    Raises:
        Refused: It cannot be called with these arguments.
    """
    shape = _SHAPES.get(name)
    if shape is not None:
        shape(arguments)
    if name in reading.READERS:
        return reading.call(name, arguments, files)
    if name == "toset" and isinstance(arguments[0].data, tuple):
        return _set(arguments[0].data)
    check = _CHECKS.get(name)
    if check is not None and all(map(whole, arguments)):
        check(*map(plain, arguments))
    data = folded(name, [plain(argument) for argument in arguments])
    if data is UNKNOWN:
        return Value(returns) if returns.kind != "dynamic" else ANYTHING
    return converted(lift(data), returns)


def _set(items: tuple[Value, ...]) -> Value:
    """Return a set: each element once, all of the type that they share, in the order in which Terraform goes through texts."""
    element = unify.common(item.type for item in items)
    if element is None:
        return ANYTHING
    once = {repr(plain(item)): item for item in (converted(item, element) for item in items)}
    return Value(Type("set", element), tuple(item for _, item in sorted(once.items())))


# ---- types that a signature does not tell


def _length(arguments: Sequence[Value]) -> None:
    if arguments[0].type.kind in ("number", "bool"):
        raise Refused("argument must be a string, a collection type, or a structural type")


def _lookup(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "map", "object"):
        raise Refused("lookup() requires a map as the first argument", 0)


def _merge(arguments: Sequence[Value]) -> None:
    for argument in arguments:
        if not argument.null and not _is(argument, "map", "object"):
            raise Refused(f'arguments must be maps or objects, got "{argument.type.friendly}"')


def _concat(arguments: Sequence[Value]) -> None:
    for position, argument in enumerate(arguments):
        if not _is(argument, "list", "tuple"):
            raise Refused(f"all arguments must be lists or tuples; got {argument.type.friendly}", position)


def _element(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "list", "tuple"):
        raise Refused(f"cannot read elements from {arguments[0].type.friendly}")
    if arguments[0].data == () and arguments[1].known:
        raise Refused("cannot use element function with an empty list")


def _keys(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "map", "object"):
        raise Refused("must have map or object type", 0)


def _values(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "map", "object"):
        raise Refused("values() requires a map as the first argument")


def _flatten(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "list", "set", "tuple"):
        raise Refused("can only flatten lists, sets and tuples")


def _contains(arguments: Sequence[Value]) -> None:
    if not _is(arguments[0], "list", "set", "tuple"):
        raise Refused("argument must be list, tuple, or set")


def _collection(kind: str, sources: tuple[str, ...]) -> Callable[[Sequence[Value]], None]:
    def check(arguments: Sequence[Value]) -> None:
        if not arguments[0].null and not _is(arguments[0], *sources):
            raise Refused(f"cannot convert {arguments[0].type.friendly} to {kind} of any single type", 0)

    return check


def _is(value: Value, *kinds: str) -> bool:
    return value.type.kind == "dynamic" or value.type.kind in kinds


_SHAPES: dict[str, Callable[[Sequence[Value]], None]] = {
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "concat": _concat,
    "element": _element,
    "keys": _keys,
    "values": _values,
    "flatten": _flatten,
    "contains": _contains,
    "toset": _collection("set", ("list", "set", "tuple")),
    "tolist": _collection("list", ("list", "set", "tuple")),
    "tomap": _collection("map", ("map", "object")),
}


# ---- values


def _network(prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        if "/" not in prefix:
            raise ValueError
        return ipaddress.ip_network(prefix, strict=False)
    except ValueError:
        raise Refused(f"invalid CIDR expression: invalid CIDR address: {prefix}") from None


def _cidrsubnet(prefix: str, bits: int, number: int) -> None:
    network = _network(prefix)
    if network.prefixlen + bits > network.max_prefixlen:
        raise Refused(f"insufficient address space to extend prefix of {network.prefixlen} by {bits}")
    if not -(1 << bits) <= number < 1 << bits:
        raise Refused(f"prefix extension of {bits} does not accommodate a subnet numbered {number}")


def _base64decode(text: str) -> None:
    try:
        data = base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f'failed to decode base64 data "{text}"') from None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("the result of decoding the provided string is not valid UTF-8") from None


def _tonumber(value: Any) -> None:
    if isinstance(value, str) and converted(lift(value), _NUMBER).data is UNKNOWN:
        raise Refused(f'cannot convert "{value}" to number; given string must be a decimal representation of a number', 0)


def _tobool(value: Any) -> None:
    if isinstance(value, str) and value not in ("true", "false", "1", "0"):
        raise Refused(f'cannot convert "{value}" to bool; only the strings "true" or "false" are allowed', 0)


def _lookup_default(mapping: dict[str, Any], key: str, *default: Any) -> None:
    if not default and key not in mapping:
        raise Refused(f'the given object has no attribute "{key}"', 0)


def _index(items: list[Any], item: Any) -> None:
    if isinstance(items, list) and item not in items:
        raise Refused("item not found")


def _zipmap(keys: list[str], values: Any) -> None:
    if isinstance(values, list) and len(keys) != len(values):
        raise Refused(f"number of keys ({len(keys)}) does not match number of values ({len(values)})")


def _slice(items: list[Any], start: int, end: int) -> None:
    if isinstance(items, list) and end > len(items) >= start >= 0:
        raise Refused("end index must not be greater than the length of the list", 2)


def _one(items: list[Any]) -> None:
    if isinstance(items, list) and len(items) > 1:
        raise Refused("must be a list, set, or tuple value with either zero or one elements", 0)


def _coalesce(*values: Any) -> None:
    if values and all(value is None or value == "" for value in values):
        raise Refused("no non-null, non-empty-string arguments")


def _sum(items: list[Any]) -> None:
    if items == []:
        raise Refused("cannot sum an empty list", 0)


def _extreme(*numbers: float) -> None:
    if not numbers:
        raise Refused("must pass at least one number")


_NUMBER = replace(DYNAMIC, kind="number")
_CHECKS: dict[str, Callable[..., object]] = {
    "base64decode": _base64decode,
    "cidrhost": lambda prefix, _number: _network(prefix),
    "cidrnetmask": _network,
    "cidrsubnet": _cidrsubnet,
    "coalesce": _coalesce,
    "index": _index,
    "lookup": _lookup_default,
    "max": _extreme,
    "min": _extreme,
    "one": _one,
    "slice": _slice,
    "sum": _sum,
    "tobool": _tobool,
    "tonumber": _tonumber,
    "zipmap": _zipmap,
}
