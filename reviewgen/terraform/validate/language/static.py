"""Arguments that Terraform reads before there are values: no variable and no function may stand in them.

So ``gohcl`` and ``hcl.StaticCall`` and their like read them; the words are theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewgen import hcl
from reviewgen.hcl import UNKNOWN
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Call, Directive, Expression, For, Index, Invalid, Literal, Traversal
from reviewgen.model.hcl import Tuple as ListExpression
from reviewgen.terraform.schema.types import BOOL, STRING, Type

from .. import places
from ..types.convert import mismatch
from .frame import Frame

_SINGLE = (
    "Invalid expression",
    "A single static variable reference is required: only attribute access and indexing with constant keys. "
    "No calculations, function calls, template expressions, etc are allowed here.",
)
_LIST = ("Invalid expression", "A static list expression is required.")
_OLD = (
    "In this context, {0}s are expected literally rather than in quotes. Terraform 0.11 and earlier required quotes, but quoted {0}s are now "
    "deprecated and will be removed in a future version of Terraform. Remove the quotes surrounding this {0} to silence this warning."
)


def text(frame: Frame, name: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that must be a constant text."""
    yield from _primitive(frame, name, STRING)


def flag(frame: Frame, name: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that must be a constant true or false."""
    yield from _primitive(frame, name, BOOL)


def _primitive(frame: Frame, name: str, kind: Type) -> Iterator[Diagnostic]:
    attribute = frame.block.attributes.get(name)
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    refused = list(refusals(frame, attribute, attribute.expr))
    yield from refused
    value = UNKNOWN if refused else hcl.evaluate(attribute.expr)
    why = "value must be known" if refused else "null value is not allowed" if value is None else mismatch(value, kind)
    if why:
        yield frame.at_start(attribute, attribute.expr, "Unsuitable value type", f"Unsuitable value: {why}")


def constant(frame: Frame, name: str) -> Any:
    """Return the value of an argument in which nothing may be open; ``UNKNOWN`` when it is absent or refused."""
    attribute = frame.block.attributes.get(name)
    if attribute is None or any(objections(attribute.expr)):
        return UNKNOWN
    return hcl.evaluate(attribute.expr)


def refusals(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    """Yield an error for each variable and each function call in an expression that is evaluated without any."""
    for found in objections(expr):
        if isinstance(found, Call):
            span = (found.start, found.end)
            yield frame.at_span(attribute, span, "Function calls not allowed", "Functions may not be called here.")
        else:
            yield frame.at_span(attribute, places.root_of(found), "Variables not allowed", "Variables may not be used here.")


def objections(expr: Expression, bound: frozenset[str] = frozenset()) -> Iterator[Traversal | Call]:
    """Yield the variables and calls that evaluation would meet; it looks into no argument of a call and into no loop over what failed."""
    if isinstance(expr, Call):
        yield expr
    elif isinstance(expr, Traversal):
        if expr.root not in bound:
            yield expr
        for step in expr.steps:
            if isinstance(step, Index):
                yield from objections(step.key, bound)
    elif isinstance(expr, For):
        over = list(objections(expr.collection, bound))
        yield from over
        if not over:
            inner = bound | {expr.key_name, expr.value_name}
            for part in (expr.key, expr.value, expr.condition):
                if part is not None:
                    yield from objections(part, inner)
    elif not isinstance(expr, Directive):
        for part in hcl.children(expr):
            yield from objections(part, bound)


def reference_list(frame: Frame, name: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with an argument that must be a list of references, such as ``depends_on``."""
    attribute = frame.block.attributes.get(name)
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    if not isinstance(attribute.expr, ListExpression):
        yield not_a_list(frame, attribute)
        return
    for item in attribute.expr.items:
        yield from reference(frame, attribute, item)


def not_a_list(frame: Frame, attribute: Attribute) -> Diagnostic:
    """Return the error for an argument that must be written as a list."""
    return frame.at_start(attribute, attribute.expr, *_LIST)


def reference(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression that must be a reference; one in quotes is tolerated."""
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        yield quoted(frame, attribute, expr, "reference")
        yield from quoted_reference(frame, attribute, expr)
    else:
        yield from single_reference(frame, attribute, expr)


def quoted_reference(frame: Frame, attribute: Attribute, expr: Literal) -> Iterator[Diagnostic]:
    """Yield the error that HCL has for a quoted text that is no reference: at the first character that fits nowhere."""
    value = str(expr.value)
    match = places.REFERENCE.match(value)
    end = match.end() if match else 0
    rest = value[end:]
    if match and not rest:
        return
    at = expr.start + 1 + len(value.encode()) - len(rest.lstrip().encode())
    if not match:
        words = "Variable name required", "Must begin with a variable name."
    elif rest.startswith("."):
        at += 1
        words = "Attribute name required", "Dot must be followed by attribute name."
    else:
        words = "Invalid character", "Expected an attribute access or an index operator."
    yield frame.at_span(attribute, (at, at + 1), *words)


def single_reference(frame: Frame, attribute: Attribute, expr: Expression) -> Iterator[Diagnostic]:
    """Yield an error unless an expression is a reference that needs no evaluation."""
    if isinstance(expr, Invalid):
        return
    if is_keyword(expr):
        return
    span = places.written_span(expr, frame.file(attribute).data)
    if not is_reference(expr) or span != (expr.start, expr.end):
        yield frame.at_span(attribute, span, *_SINGLE)


def is_reference(expr: Expression) -> bool:
    """Whether an expression is a name with attributes and constant keys behind it."""
    return isinstance(expr, Traversal) and len(places.fixed_steps(expr)) == len(expr.steps)


def is_keyword(expr: Expression) -> bool:
    """Whether an expression is ``true``, ``false`` or ``null``, which HCL takes for names where it wants names."""
    return isinstance(expr, Literal) and (expr.value is None or isinstance(expr.value, bool))


def quoted(frame: Frame, attribute: Attribute, expr: Expression, what: str) -> Diagnostic:
    """Return the warning for a ``reference`` or ``keyword`` in quotes."""
    return frame.at(attribute, expr, f"Quoted {what}s are deprecated", _OLD.format(what), "warning")
