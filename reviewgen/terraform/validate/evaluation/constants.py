"""What functions make of known arguments. A function that is not known has an unknown result of its type."""

from __future__ import annotations

from reviewgen.hcl import UNKNOWN
from reviewgen.hcl.functions import call as folded
from reviewgen.terraform.schema.types import Type
from reviewgen.terraform.validate.types import unify

from . import reading
from .conversion import converted
from .files import Files
from .refusals import CHECKS, SHAPES, patterns
from .value import ANYTHING, Value, lift, plain, whole


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
    shape = SHAPES.get(name)
    if shape is not None:
        shape(arguments)
    if name in reading.READERS:
        return reading.call(name, arguments, files)
    if name == "toset" and isinstance(arguments[0].data, tuple):
        return _set(arguments[0].data)
    check = CHECKS.get(name)
    if check is not None and all(map(whole, arguments)):
        check(*map(plain, arguments))
    if name in ("regex", "regexall") and isinstance(arguments[0].data, str):
        return Value(patterns.result(name, arguments[0].data))
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
