"""Numbers: what is none, what must be whole, how far ``range`` goes."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import Any

from reviewgen.terraform.schema.types import BOOL, NUMBER, STRING, Type
from reviewgen.terraform.validate.evaluation.conversion import mismatch
from reviewgen.terraform.validate.evaluation.refusal import Refused
from reviewgen.terraform.validate.evaluation.value import Value
from reviewgen.terraform.validate.types.convert import number

_LIMIT = 1 << 63
_WHOLE = f"value must be a whole number, between {-_LIMIT} and {_LIMIT - 1}"
_MOST = 1024  # elements of a range
_TOO_MANY = f"more than {_MOST} values were generated; either decrease the difference between start and end or use a smaller step"
_DIGITS = string.digits + string.ascii_lowercase + string.ascii_uppercase
_ONE_CASE = 36  # the largest base in which case does not matter


def whole_number(value: float, argument: int | None = None, *, what: str = "", limited: bool = True) -> int:
    """Return a number that must be a whole one.

    Args:
        value: The number.
        argument: Position of the argument that is to blame.
        what: What the refusal begins with.
        limited: Whether it must fit into 64 bits.

    Raises:
        Refused: It has a fraction.
    """
    if isinstance(value, float) and not value.is_integer():
        raise Refused(f"{what}{_WHOLE if limited else 'value must be a whole number'}", argument)
    return int(value)


def _converter(wanted: Type) -> Callable[[Sequence[Value]], None]:
    """``tonumber``, ``tobool`` and ``tostring`` say what cannot become what."""

    def check(arguments: Sequence[Value]) -> None:
        value = arguments[0]
        if not value.type.primitive or (value.type.kind not in ("string", "dynamic", wanted.kind) and wanted.kind != "string"):
            raise Refused(f"cannot convert {value.type.friendly} to {wanted.kind}", 0)
        if isinstance(value.data, str) and value.data.lower().strip("+-") not in _INFINITE and mismatch(value, wanted):
            raise Refused(f'cannot convert "{value.data}" to {wanted.kind}; {_HINTS[wanted.kind]}', 0)

    return check


_INFINITE = ("inf", "infinity")  # numbers to Terraform, though to nothing that takes one
_HINTS = {
    "number": "given string must be a decimal representation of a number",
    "bool": 'only the strings "true" or "false" are allowed',
    "string": "",
}


def _parseint(arguments: Sequence[Value]) -> None:
    given, base = arguments
    if given.type.kind not in ("string", "dynamic"):
        raise Refused(f"first argument must be a string, not {given.type.friendly}", 0)
    if not (given.known and base.known):
        return
    radix = whole_number(base.data, 1)
    if not 2 <= radix <= len(_DIGITS):
        raise Refused("base must be a whole number between 2 and 62 inclusive", 1)
    digits = given.data[1:] if given.data[:1] in ("+", "-") else given.data
    allowed = _DIGITS[:radix] + (_DIGITS[:radix].upper() if radix <= _ONE_CASE else "")
    if not digits or any(digit not in allowed for digit in digits):
        raise Refused(f'cannot parse "{given.data}" as a base {radix} integer', 0)


def _range_shape(arguments: Sequence[Value]) -> None:
    if not 1 <= len(arguments) <= 3:
        raise Refused("must have one, two, or three arguments")


def _range(first: float, *more: float) -> None:
    start, end = (first, more[0]) if more else (0, first)
    step = more[1] if len(more) > 1 else -1 if end < start else 1
    if step < 0 and end > start:
        raise Refused("end must be less than start when step is negative", 1)
    if step >= 0 and end < start:
        raise Refused("end must be greater than start when step is positive", 1)
    if start != end and (step == 0 or abs(end - start) > _MOST * abs(step)):
        raise Refused(_TOO_MANY)


def _extreme(*numbers: float) -> None:
    if not numbers:
        raise Refused("must pass at least one number")


def _substr(_text: str, offset: float, length: float) -> None:
    whole_number(offset)
    whole_number(length)


def _sum_shape(arguments: Sequence[Value]) -> None:
    kind = arguments[0].type
    if kind.primitive and kind.kind != "dynamic":
        raise Refused("cannot sum noniterable", 0)
    if kind.kind in ("map", "object"):
        raise Refused(f"argument must be list, set, or tuple. Received {kind.friendly}", 0)


def _sum(items: list[Any]) -> None:
    if not items:
        raise Refused("cannot sum an empty list", 0)
    for item in items:
        text = isinstance(item, str) and number(item) is None
        if text or isinstance(item, bool | list | dict | None):
            raise Refused("argument must be list, set, or tuple of number values", 0)


SHAPES: dict[str, Callable[[Sequence[Value]], None]] = {
    "parseint": _parseint,
    "range": _range_shape,
    "sum": _sum_shape,
    "tobool": _converter(BOOL),
    "tonumber": _converter(NUMBER),
    "tostring": _converter(STRING),
}
CHECKS: dict[str, Callable[..., None]] = {"max": _extreme, "min": _extreme, "range": _range, "substr": _substr, "sum": _sum}
