"""Calls against Terraform's function signatures: the name, the number of arguments, their types, and what constant arguments lead to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewgen.model.hcl import Call, Expression
from reviewgen.records import dataclass
from reviewgen.terraform.schema.codec import type_from_json
from reviewgen.terraform.schema.types import Type
from reviewgen.terraform.validate import places
from reviewgen.terraform.validate.diagnostics import did_you_mean

from . import constants, conversion
from .value import ANYTHING, Value, secret

if TYPE_CHECKING:
    from .evaluator import Evaluator

_TABLE = Path(__file__).parent.parent / "tables" / "functions.json"
_PREFIX = "core::"
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


def call(evaluator: Evaluator, expr: Call) -> Value:
    """Return the value of a call and note what is wrong with it."""
    name = expr.name.removeprefix(_PREFIX)
    if "::" in name:
        for argument in expr.args:
            evaluator.value(argument)
        return ANYTHING  # a function of a provider
    signature = signatures().get(name)
    if signature is None:
        detail = f'There is no function named "{expr.name}".{did_you_mean(expr.name, signatures())}'
        end = expr.start + len(expr.name.encode())
        return evaluator.say("Call to unknown function", detail, (expr.start, end))
    if name in ("try", "can"):
        return _attempts(evaluator, expr, name)
    values = [evaluator.value(argument) for argument in expr.args]
    if expr.expand:
        return _expanded(evaluator, expr.args[-1], values[-1]) if values else ANYTHING
    if _miscounted(evaluator, expr, signature):
        return ANYTHING
    arguments = [_argument(evaluator, *row, signature) for row in enumerate(zip(expr.args, values, strict=True))]
    if any(argument is None for argument in arguments):
        return ANYTHING
    given = [a for a in arguments if a is not None]
    return _result(evaluator, expr, name, signature, given).hidden(_hides(name, signature, given))


def _hides(name: str, signature: Signature, arguments: list[Value]) -> bool:
    """Whether a result is sensitive for what the arguments are; of functions that pass their arguments on in parts that stays open."""
    if name in ("nonsensitive", "issensitive"):
        return False
    if name == "sensitive" or (name in _OPAQUE and any(argument.sensitive for argument in arguments)):
        return True
    parameters = (*signature.parameters, *([signature.rest] if signature.rest else []))
    whole = name in _WHOLE or all(p.type.primitive and p.type.kind != "dynamic" for p in parameters)
    return whole and any(map(secret, arguments))


def _expanded(evaluator: Evaluator, expr: Expression, value: Value) -> Value:
    """Judge the argument in front of ``...``; how many arguments it becomes is open."""
    if not value.null and value.type.kind not in ("list", "set", "tuple", "dynamic"):
        detail = "The expanding argument (indicated by ...) must be of a tuple, list, or set type."
        evaluator.say("Invalid expanding argument value", detail, places.written_span(expr, evaluator.data))
    return ANYTHING


def _attempts(evaluator: Evaluator, expr: Call, name: str) -> Value:
    """``try`` returns what succeeds first, ``can`` whether its argument does: their problems are nobody's."""
    for argument in expr.args:
        value, problems = evaluator.quietly(argument)
        if name == "try" and not problems:
            return value if value.known else ANYTHING
    return ANYTHING


def _miscounted(evaluator: Evaluator, expr: Call, signature: Signature) -> bool:
    given, wanted = len(expr.args), len(signature.parameters)
    if given < wanted:
        least = " at least" if signature.rest else ""
        missing = signature.parameters[given].name
        detail = f'Function "{expr.name}" expects{least} {wanted} argument(s). Missing value for "{missing}".'
        evaluator.say("Not enough function arguments", detail, (expr.end - 1, expr.end))
        return True
    if given > wanted and signature.rest is None:
        detail = f'Function "{expr.name}" expects only {wanted} argument(s).'
        evaluator.say("Too many function arguments", detail, places.start_of(expr.args[wanted], evaluator.data))
        return True
    return False


def _argument(evaluator: Evaluator, position: int, given: tuple[Expression, Value], signature: Signature) -> Value | None:
    """Return an argument converted to what its parameter takes, None when that cannot be."""
    expr, value = given
    parameter = signature.parameter(position)
    if parameter is None:
        return None
    why = conversion.mismatch(value, parameter.type)
    if not why and value.null and not parameter.nullable:
        why = "argument must not be null"
    if why:
        refuse(evaluator, expr, parameter.name, why)
        return None
    return conversion.converted(value, parameter.type)


def refuse(evaluator: Evaluator, expr: Expression, parameter: str, why: str) -> None:
    """Note that an argument is not what a parameter takes."""
    detail = f'Invalid value for "{parameter}" parameter: {why}.'
    evaluator.say("Invalid function argument", detail, places.start_of(expr, evaluator.data))


def _result(evaluator: Evaluator, expr: Call, name: str, signature: Signature, arguments: list[Value]) -> Value:
    try:
        value = constants.call(name, arguments, signature.returns, evaluator.files)
    except constants.Refused as refused:
        if refused.argument is None:
            detail = f'Call to function "{expr.name}" failed: {refused.why}.'
            evaluator.say("Error in function call", detail, places.start_of(expr, evaluator.data))
        else:
            parameter = signature.parameter(refused.argument)
            refuse(evaluator, expr.args[refused.argument], parameter.name if parameter else "", refused.why)
        return Value(signature.returns)
    return value
