"""Expressions to values, with what HCL says of those that have none.

Follows HCL's evaluation: both branches of a condition are evaluated, but only those problems are reported that the branch taken has; the body
of a ``for`` over something unknown is not looked at; a problem makes the value unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from enum import Enum
from typing import Any

from reviewgen.hcl import UNKNOWN, evaluate, traversals
from reviewgen.hcl.evaluate import text
from reviewgen.model.diagnostic import CalledFunction
from reviewgen.model.hcl import (
    Access,
    Attr,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Literal,
    Object,
    Splat,
    Step,
    Template,
    Traversal,
    Tuple,
    Unary,
)
from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import BOOL, NUMBER, STRING, Type
from reviewgen.terraform.validate import places

from . import conversion, functions, indexing, loops, showing
from .files import Files
from .value import ANYTHING, CONSTANTS, Value, lift, object_of, plain, secret, tuple_of, whole

_LOGIC = frozenset({"&&", "||"})
_EQUALITY = frozenset({"==", "!="})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an expression; ``span`` as in ``places``, ``values`` and ``called`` as in ``Snippet``.

    ``around`` is the stretch whose lines are shown, where that is more than the line of ``span``.
    """

    summary: str
    detail: str
    span: places.Span
    values: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    called: CalledFunction | None = field(default=None, compare=False)
    around: places.Span | None = field(default=None, compare=False)


class Offered(Enum):
    """Whether a provider offers a function: the module does not declare the provider, no version has the function, or it may."""

    UNDECLARED = "undeclared"
    MISSING = "missing"
    MAYBE = "maybe"


Offers = Callable[[str, str], Offered]
Start = Callable[[Traversal], tuple[Value, int]]


class Evaluator:
    """Evaluates the expressions of one file in one module.

    Attributes:
        problems: What was found so far.
        bound: Values of the names that are bound around an expression, by a ``for`` or a ``dynamic`` block.
    """

    def __init__(
        self, start: Start, file: SourceFile, files: Files, bound: Mapping[str, Value] | None = None, offers: Offers | None = None
    ) -> None:
        """Prepare.

        Args:
            start: Gives the value that a reference begins with and how many of its steps that takes.
            file: The file.
            files: What functions read.
            offers: Tells of a provider's name and a function's; without it, functions of providers are not judged.
            bound: Values of names that stand above all references: iterators of ``dynamic`` blocks and ``for``.
        """
        self._start = start
        self.file = file
        self.data = file.data
        self.files = files
        self.offers = offers
        self.bound = dict(bound or {})
        self.problems: list[Problem] = []
        self._showing = False

    def value(self, expr: Expression) -> Value:
        """Return the value of an expression."""
        known = _KINDS.get(type(expr))
        return known(self, expr) if known else ANYTHING

    def say(
        self,
        summary: str,
        detail: str,
        span: places.Span,
        about: Expression | None = None,
        around: Expression | None = None,
        called: CalledFunction | None = None,
    ) -> Value:
        """Note a problem; return what is then known of the value.

        Args:
            summary: Terraform's summary.
            detail: Terraform's detail.
            span: Where it is.
            about: The expression whose references Terraform shows the values of.
            around: The expression of which Terraform shows all lines.
            called: The function in whose call it is.
        """
        values = self.shown(about) if about is not None and not self._showing else ()
        shown = (around.start, around.end) if around is not None else None
        self.problems.append(Problem(summary, detail, span, values, called, shown))
        return ANYTHING

    def shown(self, expr: Expression, *, sensitive: bool = False) -> tuple[tuple[str, str], ...]:
        """Return what Terraform shows of the references in an expression: as far as they lead, and what they are worth.

        Args:
            expr: The expression.
            sensitive: Whether sensitive values are mentioned.
        """
        found: dict[str, str] = {}
        self._showing = True  # what is wrong with the references is said already
        for traversal in traversals(expr):
            steps = places.fixed_steps(traversal)
            for length in range(len(steps), 0, -1):
                value, problems = self.quietly(replace(traversal, steps=steps[:length]))
                if not problems:
                    said = showing.statement(value, sensitive=sensitive)
                    found |= {showing.name(traversal.root, steps[:length]): said} if said else {}
                    break
        self._showing = False
        return tuple(sorted(found.items()))

    @property
    def inside(self) -> bool:
        """Whether names are bound around the expression, by a ``for`` or a ``dynamic`` block."""
        return bool(self.bound)

    def quietly(self, expr: Expression) -> tuple[Value, list[Problem]]:
        """Return the value of an expression and its problems, without noting them."""
        before, self.problems = self.problems, []
        try:
            return self.value(expr), self.problems
        finally:
            self.problems = before

    # ---- references

    def _traversal(self, expr: Traversal) -> Value:
        known = self.bound.get(expr.root) or CONSTANTS.get(expr.root)
        if known is not None:
            return self._follow(known, expr, 0)
        value, used = self._start(expr)
        return self._follow(value, expr, used)

    def _access(self, expr: Access) -> Value:
        return self._follow(self.value(expr.base), expr, 0)

    def _follow(self, value: Value, expr: Traversal | Access, used: int) -> Value:
        if used >= len(expr.steps):
            return value
        spans = places.step_spans(expr, self.data)
        return self._steps(value, expr.steps[used:], spans[used:], expr)

    def _steps(self, value: Value, steps: tuple[Step, ...], spans: list[places.Span], about: Expression | None = None) -> Value:
        for position, step in enumerate(steps):
            if isinstance(step, Splat):
                found = self._splat(value, steps[position + 1 :], spans[position + 1 :])
                return found.hidden(value.sensitive)
            if isinstance(step, Attr):
                found, wrong = indexing.attribute(value, step.name)
            else:
                found, wrong = indexing.index(value, self.value(step.key))
            if wrong:
                return self.say(*wrong, spans[position], about)
            value = found.hidden(value.sensitive)
        return value

    def _splat(self, value: Value, rest: tuple[Step, ...], spans: list[places.Span]) -> Value:
        """Splats that an index follows mean two different things by how they are written: of those nothing is said."""
        if value.null or value.type.kind == "dynamic" or any(isinstance(step, Index | Splat) for step in rest):
            return ANYTHING
        if value.type.kind not in ("list", "set", "tuple"):
            return tuple_of((self._steps(value, rest, spans),))
        items = indexing.elements(value)
        if items is not None:
            return tuple_of(tuple(self._steps(item, rest, spans) for _, item in items))
        found = self._steps(indexing.element_type(value.type)[1], rest, spans)
        return Value(Type("list", found.type))

    # ---- operators

    def _literal(self, expr: Literal) -> Value:
        return lift(expr.value)

    def _template(self, expr: Template) -> Value:
        parts = [self._part(part, expr) for part in expr.parts]
        texts = [text(part.data) for part in parts]
        joined = UNKNOWN if any(part is UNKNOWN for part in texts) else "".join(texts)
        return Value(STRING, joined, any(part.sensitive for part in parts))

    def _part(self, expr: Expression, template: Template) -> Value:
        value = self.value(expr)
        if value.null:
            wrong = "The expression result is null. Cannot include a null value in a string template."
        elif value.known and (why := conversion.mismatch(value, STRING)):
            wrong = f"Cannot include the given value in a string template: {why}."
        else:
            return value
        self.say("Invalid template interpolation value", wrong, places.whole(expr, self.data), expr, template)
        return value

    def _conditional(self, expr: Conditional) -> Value:
        (yes, of_yes), (no, of_no) = self.quietly(expr.yes), self.quietly(expr.no)
        shared = yes.type if no.null else no.type if yes.null else conversion.common(yes.type, no.type)
        if shared is None:
            detail = f"The true and false result expressions must have consistent types. {conversion.difference(yes.type, no.type)}"
            start, end = places.written_span(expr.yes, self.data), places.written_span(expr.no, self.data)
            return self.say("Inconsistent conditional result types", detail, (start[0], end[1]), expr, expr)
        condition = self.value(expr.condition)
        where = places.written_span(expr.condition, self.data)
        if condition.null:
            return self.say(
                "Null condition", "The condition value is null. Conditions must either be true or false.", where, expr.condition, expr
            )
        if not condition.known:
            return Value(shared, sensitive=condition.sensitive or yes.sensitive or no.sensitive)
        if conversion.mismatch(condition, BOOL):
            return self.say("Incorrect condition type", "The condition expression must be of type bool.", where, expr.condition, expr)
        taken = conversion.converted(condition, BOOL).data
        self.problems.extend(of_yes if taken else of_no)
        branch = yes if taken else no
        return (conversion.converted(branch, shared) if shared.primitive else branch).hidden(condition.sensitive)

    def _binary(self, expr: Binary) -> Value:
        wanted = BOOL if expr.op in _LOGIC else None if expr.op in _EQUALITY else NUMBER
        left = self._operand(expr.left, wanted, "left", expr)
        right = self._operand(expr.right, wanted, "right", expr)
        result = NUMBER if expr.op in _ARITHMETIC else BOOL
        if wanted is not None and (left.null or right.null):
            self.say("Operation failed", "Error during operation: argument must not be null.", places.whole(expr, self.data), expr, expr)
            return Value(result)
        if whole(left) and whole(right):
            return Value(result, _folded(expr, left, right), secret(left) or secret(right))
        # HCL forgets that an unknown operand of a logical operation is sensitive.
        return Value(result, sensitive=expr.op not in _LOGIC and (secret(left) or secret(right)))

    def _operand(self, expr: Expression, wanted: Type | None, side: str, operation: Expression) -> Value:
        value = self.value(expr)
        if wanted is None:
            return value
        if why := conversion.mismatch(value, wanted):
            detail = f"Unsuitable value for {side} operand: {why}."
            return self.say("Invalid operand", detail, places.written_span(expr, self.data), expr, operation)
        return conversion.converted(value, wanted)

    def _unary(self, expr: Unary) -> Value:
        wanted = BOOL if expr.op == "!" else NUMBER
        value = self._operand(expr.operand, wanted, "unary", expr)
        if not value.known or value.null:
            return Value(wanted)  # HCL forgets that an unknown operand is sensitive
        return Value(wanted, (not value.data) if expr.op == "!" else -value.data, value.sensitive)

    # ---- constructors

    def _tuple(self, expr: Tuple) -> Value:
        return tuple_of(tuple(map(self.value, expr.items)))

    def _object(self, expr: Object) -> Value:
        found: dict[str, Value] | None = {}
        for key, inner in expr.items:
            name, value = self._key(key, inner), self.value(inner)
            if name is UNKNOWN:
                found = None
            elif found is not None:
                found[name] = value
        return ANYTHING if found is None else object_of(found)

    def _key(self, expr: Expression, value: Expression) -> Any:
        """Return the name that a key gives; HCL points at the value of a key that is null."""
        if isinstance(expr, Literal) and isinstance(expr.value, str):
            return expr.value
        key = self.value(expr)
        if key.null:
            self.say("Null value as key", "Can't use a null value as a key.", places.written_span(value, self.data), expr)
            return UNKNOWN
        if why := conversion.mismatch(key, STRING):
            self.say("Incorrect key type", f"Can't use this value as a key: {why}.", places.written_span(expr, self.data), expr)
        return text(key.data)

    def _for(self, expr: For) -> Value:
        return loops.run(self, expr)

    def _call(self, expr: Call) -> Value:
        return functions.call(self, expr)


def _folded(expr: Binary, left: Value, right: Value) -> Any:
    """Return the result of an operation on two constants."""
    values = {"l": plain(left), "r": plain(right)}
    names = replace(expr, left=Traversal(0, 0, "l"), right=Traversal(0, 0, "r"))
    return evaluate(names, lambda traversal: values[traversal.root])


_KINDS: dict[type, Callable[[Evaluator, Any], Value]] = {
    Literal: Evaluator._literal,
    Template: Evaluator._template,
    Traversal: Evaluator._traversal,
    Access: Evaluator._access,
    Conditional: Evaluator._conditional,
    Binary: Evaluator._binary,
    Unary: Evaluator._unary,
    Tuple: Evaluator._tuple,
    Object: Evaluator._object,
    For: Evaluator._for,
    Call: Evaluator._call,
}
