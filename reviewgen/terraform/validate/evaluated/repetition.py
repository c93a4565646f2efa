"""Values of ``count`` and ``for_each`` that cannot say how often a block is there."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.terraform.schema.types import NUMBER, STRING

from ..evaluation import Value, conversion, whole

Words = tuple[str, str]
_UNSUITABLE = 'The given "{}" argument value is unsuitable: {}.'
_SENSITIVE = (
    "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, the sensitive value could be "
    "exposed as a resource instance key."
)
_WHOLE = "value must be a whole number, between -9223372036854775808 and 9223372036854775807"
_LEAST, _MOST = -(2**63), 2**63 - 1


def wrong(name: str, value: Value) -> Iterator[Words]:
    """Yield what is wrong with the value of ``count`` or ``for_each`` of a resource or module, as summary and detail."""
    yield from _count(value) if name == "count" else _for_each(value)


def _count(value: Value) -> Iterator[Words]:
    why = conversion.mismatch(value, NUMBER)
    if why:
        yield "Incorrect value type", f"Invalid expression value: {why}."
        return
    number = conversion.converted(value, NUMBER)
    if number.null:
        yield "Invalid count argument", 'The given "count" argument value is null. An integer is required.'
    elif number.known and not (_LEAST <= number.data <= _MOST and number.data == int(number.data)):
        yield "Invalid count argument", _UNSUITABLE.format("count", _WHOLE)
    elif number.known and number.data < 0:
        yield "Invalid count argument", _UNSUITABLE.format("count", "must be greater than or equal to zero")


def _for_each(value: Value) -> Iterator[Words]:
    summary, kind = "Invalid for_each argument", value.type
    if value.sensitive:
        yield summary, _SENSITIVE
    elif value.null:
        why = 'the given "for_each" argument value is null. A map, or set of strings is allowed'
        yield summary, _UNSUITABLE.format("for_each", why)
    elif kind.kind not in ("map", "set", "object", "dynamic"):
        why = f'the "for_each" argument must be a map, or set of strings, and you have provided a value of type {kind.friendly}'
        yield summary, _UNSUITABLE.format("for_each", why)
    elif kind.kind == "set" and kind.element is not None and value.data and whole(value) and kind.element != STRING:
        why = f'"for_each" supports maps and sets of strings, but you have provided a set containing type {kind.element.friendly}'
        yield "Invalid for_each set argument", _UNSUITABLE.format("for_each", why)


def wrong_in_dynamic(value: Value) -> Iterator[Words]:
    """Yield what is wrong with the value of ``for_each`` of a ``dynamic`` block."""
    summary = "Invalid dynamic for_each value"
    if value.null:
        yield summary, "Cannot use a null value in for_each."
    elif value.type.primitive and value.type.kind != "dynamic":
        yield summary, f"Cannot use a {value.type.friendly} value in for_each. An iterable collection is required."
