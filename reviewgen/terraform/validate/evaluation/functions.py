"""Calls against Terraform's function signatures: the name, the number of arguments, their types, and what constant arguments lead to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen.model.diagnostic import CalledFunction
from reviewgen.model.hcl import Call, Expression
from reviewgen.records import dataclass
from reviewgen.terraform.schema.codec import type_from_json
from reviewgen.terraform.schema.types import Type
from reviewgen.terraform.validate import places
from reviewgen.terraform.validate.diagnostics import did_you_mean

from . import attempts, constants, conversion
from .refusal import Refused
from .value import ANYTHING, Value, secret

if TYPE_CHECKING:
    from .evaluator import Evaluator

_TABLE = Path(__file__).parent.parent / "tables" / "functions.json"
_PREFIX = "core::"
_TEMPLATE = "template"  # the parameter that takes only a reference
# Functions whose result is sensitive when an argument is as a whole, and those where a part of it is enough.
_OPAQUE = frozenset({"length", "keys", "values", "coalesce", "tolist", "tomap", "tostring", "tonumber", "tobool"})
_WHOLE = frozenset({"jsonencode", "yamlencode", "format", "join", "toset"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; ``nullable`` when null may be passed."""

    name: str
    type: Type
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and returns; ``rest`` is the parameter that takes all further arguments."""

    returns: Type
    parameters: tuple[Parameter, ...]
    rest: Parameter | None = None

    def parameter(self, position: int) -> Parameter | None:
        """Return the parameter that an argument is for."""
        return self.parameters[position] if position < len(self.parameters) else self.rest


@cache
def signatures() -> Mapping[str, Signature]:
    """Return the signatures of all functions by name."""
    rows = json.loads(_TABLE.read_text("utf-8"))["functions"]
    return {name: _signature(*row) for name, row in rows.items()}


def _signature(returns: object, parameters: list[list[object]], rest: list[object] | None) -> Signature:
    return Signature(type_from_json(returns), tuple(map(_parameter, parameters)), _parameter(rest) if rest else None)


def _parameter(row: list[object]) -> Parameter:
    return Parameter(str(row[0]), type_from_json(row[1]), len(row) > 2)


@dataclass(frozen=True, slots=True)
class Given:
    """An argument of a call: its value and the expression that it comes from, be it as one of those that ``...`` makes of it."""

    value: Value
    expr: Expression
    expanded: bool = False

    def span(self, data: bytes) -> places.Span:
        """Return the place that messages name."""
        return places.written_span(self.expr, data) if self.expanded else places.start_of(self.expr, data)


def call(evaluator: Evaluator, expr: Call) -> Value:
    """Return the value of a call and note what is wrong with it."""
    name = expr.name.removeprefix(_PREFIX)
    if "::" in expr.name and (name == expr.name or name not in signatures()):
        return _of_provider(evaluator, expr)
    signature = signatures().get(name)
    if signature is None:
        detail = f'There is no function named "{expr.name}".{did_you_mean(expr.name, signatures())}'
        end = expr.start + len(expr.name.encode())
        return evaluator.say("Call to unknown function", detail, (expr.start, end), expr, expr)
    return _Calling(evaluator, expr, name, signature).value()


def _of_provider(evaluator: Evaluator, expr: Call) -> Value:
    """Judge the name of a provider's function; what the function takes is not known."""
    for argument in expr.args:
        evaluator.value(argument)
    space, _, rest = expr.name.partition("::")
    provider, _, function = rest.partition("::")
    wrong = ""
    if space != "provider":
        wrong = f'The function namespace "{space}" is not valid. Provider function calls must use the "provider::" namespace prefix.'
    elif evaluator.offers is not None:
        wrong = {
            "undeclared": f'There is no function named "{expr.name}". Ensure that provider name "{provider}" is declared in this module\'s '
            f'required_providers block, and that this provider offers a function named "{function}".',
            "missing": f'The function "{function}" is not available from the provider "{provider}".',
        }.get(evaluator.offers(provider, function).value, "")
    if wrong:
        evaluator.say("Unknown provider function", wrong, (expr.start, expr.start + len(expr.name.encode())), expr, expr)
    return ANYTHING


@dataclass(frozen=True, slots=True)
class _Calling:
    """A call of a function that Terraform has; ``name`` is without the prefix ``core::``."""

    evaluator: Evaluator
    expr: Call
    name: str
    signature: Signature

    def value(self) -> Value:
        """Return the value of the call."""
        if self.name in attempts.NAMES and self.expr.args and not self.expr.expand:
            return self._attempted()
        given = self._given()
        if given is None or self._miscounted(given):
            return ANYTHING
        arguments = [self._argument(position, one) for position, one in enumerate(given)]
        if any(argument is None for argument in arguments):
            return ANYTHING
        values = [a for a in arguments if a is not None]
        return self._result(given, values).hidden(_hides(self.name, self.signature, values))

    def _attempted(self) -> Value:
        try:
            return attempts.call(self.evaluator, self.expr)
        except Refused as refused:
            self._failed(refused.why)
            return ANYTHING

    def _given(self) -> list[Given] | None:
        """Return the arguments; None when ``...`` makes of the last one nobody knows how many."""
        args = self.expr.args
        given = [Given(self.evaluator.value(argument), argument) for argument in args]
        if not self.expr.expand or not given:
            return given
        last = given.pop().value
        if last.null or last.type.kind not in ("list", "set", "tuple", "dynamic"):
            wrong = "not be null" if last.null else "be of a tuple, list, or set type"
            detail = f"The expanding argument (indicated by ...) must {wrong}."
            span = places.written_span(args[-1], self.evaluator.data)
            self.evaluator.say("Invalid expanding argument value", detail, span, args[-1], self.expr, self._called())
            return None
        if not isinstance(last.data, tuple):
            return None
        return [*given, *(Given(item, args[-1], expanded=True) for item in last.data)]

    def _miscounted(self, given: list[Given]) -> bool:
        wanted, name = len(self.signature.parameters), self.expr.name
        if len(given) < wanted:
            least = " at least" if self.signature.rest else ""
            missing = self.signature.parameters[len(given)].name
            summary, detail = "Not enough", f'expects{least} {wanted} argument(s). Missing value for "{missing}".'
            span = self.expr.end - 1, self.expr.end
        elif len(given) > wanted and self.signature.rest is None:
            summary, detail, span = "Too many", f"expects only {wanted} argument(s).", given[wanted].span(self.evaluator.data)
        else:
            return False
        self.evaluator.say(f"{summary} function arguments", f'Function "{name}" {detail}', span, self.expr, self.expr, self._called())
        return True

    def _argument(self, position: int, given: Given) -> Value | None:
        """Return an argument converted to what its parameter takes, None when that cannot be."""
        parameter, value = self.signature.parameter(position), given.value
        if parameter is None:
            return None
        if parameter.name == _TEMPLATE:
            return value  # which is judged where it is rendered
        why = conversion.mismatch(value, parameter.type)
        if not why and value.null and not parameter.nullable:
            why = "argument must not be null"
        if why:
            self._refuse(given, parameter.name, why)
            return None
        return conversion.converted(value, parameter.type)

    def _result(self, given: list[Given], arguments: list[Value]) -> Value:
        try:
            if self.name == "templatestring":
                return attempts.rendered(self.evaluator, self.expr.args[0], arguments)
            return constants.call(self.name, arguments, self.signature.returns, self.evaluator.files)
        except Refused as refused:
            if refused.argument is None:
                self._failed(refused.why)
            else:
                parameter = self.signature.parameter(refused.argument)
                self._refuse(given[refused.argument], parameter.name if parameter else "", refused.why)
            return Value(self.signature.returns)

    def _refuse(self, given: Given, parameter: str, why: str) -> None:
        """Note that an argument is not what a parameter takes."""
        detail = f'Invalid value for "{parameter}" parameter: {why}.'
        self.evaluator.say("Invalid function argument", detail, given.span(self.evaluator.data), given.expr, self.expr, self._called())

    def _failed(self, why: str) -> None:
        """Note that the call fails."""
        span = places.start_of(self.expr, self.evaluator.data)
        detail = f'Call to function "{self.expr.name}" failed: {why}.'
        self.evaluator.say("Error in function call", detail, span, self.expr, self.expr, self._called())

    def _called(self) -> CalledFunction:
        """Return what is shown of the function; where names are bound around the call, only its name."""
        if self.evaluator.inside:
            return CalledFunction(self.expr.name)
        parameters = tuple((p.name, p.type.json) for p in self.signature.parameters)
        rest = self.signature.rest
        return CalledFunction(self.expr.name, parameters, (rest.name, rest.type.json) if rest else None, self.signature.returns.json)


def _hides(name: str, signature: Signature, arguments: list[Value]) -> bool:
    """Whether a result is sensitive for what the arguments are; of functions that pass their arguments on in parts that stays open."""
    if name in ("nonsensitive", "issensitive"):
        return False
    if name == "sensitive" or (name in _OPAQUE and any(argument.sensitive for argument in arguments)):
        return True
    parameters = (*signature.parameters, *([signature.rest] if signature.rest else []))
    whole = name in _WHOLE or all(p.type.primitive and p.type.kind != "dynamic" for p in parameters)
    return whole and any(map(secret, arguments))
