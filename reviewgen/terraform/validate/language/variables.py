"""Input variables, and the conditions of validations, preconditions, postconditions and assertions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Expression, Invalid
from reviewgen.terraform.schema.types import DYNAMIC

from ..types.convert import at_path
from . import names, static
from .frame import Frame
from .type_constraints import Constraint

# The names that module blocks use themselves.
_RESERVED = ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals", "provider")
_NOTHING = (
    "The condition expression must refer to at least one object from elsewhere in the configuration, or else its result would not be "
    "checking anything."
)


def variable(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``variable`` block."""
    name = frame.block.labels[0]
    yield from names.label(frame, 0, "variable name")
    if name in _RESERVED:
        detail = f'The variable name "{name}" is reserved due to its special meaning inside module blocks.'
        yield frame.at_label(0, "Invalid variable name", detail)
    yield from static.text(frame, "description")
    for flag in ("sensitive", "ephemeral", "nullable"):
        yield from static.flag(frame, flag)
    yield from _type_and_default(frame)


def _type_and_default(frame: Frame) -> Iterator[Diagnostic]:
    type_, default = (frame.block.attributes.get(name) for name in ("type", "default"))
    kind = DYNAMIC
    if type_ is not None:
        constraint = Constraint(frame, type_)
        yield from constraint.found
        kind = constraint.type
    if default is None or isinstance(default.expr, Invalid):
        return
    refused = list(static.refusals(frame, default, default.expr))
    yield from refused
    value = UNKNOWN if refused else hcl.evaluate(default.expr)
    why = at_path(value, kind)
    summary = "Invalid default value for variable"
    if why:
        detail = f"This default value is not compatible with the variable's type constraint: {why}."
        yield frame.at(default, default.expr, summary, detail)
    elif value is None and static.constant(frame, "nullable") in (False, "false"):
        yield frame.at(default, default.expr, summary, "A null default value is not valid when nullable=false.")


def validation(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``validation`` block of a variable."""
    yield from condition("validation")(frame)
    attribute = frame.block.attributes.get("condition")
    name = frame.top.labels[0]
    if attribute is not None and not isinstance(attribute.expr, Invalid) and not _mentions(attribute.expr, name):
        detail = f'The condition for variable "{name}" must refer to var.{name} in order to test incoming values.'
        yield frame.at(attribute, attribute.expr, "Invalid variable validation condition", detail)


def condition(kind: str) -> Callable[[Frame], Iterator[Diagnostic]]:
    """Return the check of a block with a condition, in whose words it is a ``kind``."""

    def check(frame: Frame) -> Iterator[Diagnostic]:
        attribute = frame.block.attributes.get("condition")
        if attribute is not None and not isinstance(attribute.expr, Invalid) and not any(hcl.traversals(attribute.expr)):
            yield frame.at(attribute, attribute.expr, f"Invalid {kind} expression", _NOTHING)

    return check


def _mentions(expr: Expression, variable: str) -> bool:
    return any(t.root == "var" and t.steps[:1] == (Attr(variable),) for t in hcl.traversals(expr))


def output(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with an ``output`` block."""
    yield from names.label(frame, 0, "output name")
    yield from static.text(frame, "description")
    for flag in ("sensitive", "ephemeral"):
        yield from static.flag(frame, flag)
    yield from static.reference_list(frame, "depends_on")
    for inner in frame.nested("postcondition"):
        yield inner.at_header("Postconditions are not allowed", "Output values can only have preconditions, not postconditions.")
