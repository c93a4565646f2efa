"""Functions that look at the expressions of their arguments: ``try`` and ``can``, whose arguments may fail, and ``templatestring``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewgen.model.hcl import Call, Expression, Literal, Template, Traversal
from reviewgen.model.source import SourceFile
from reviewgen.terraform.validate import places

from . import templates
from .refusal import Refused
from .value import ANYTHING, Value

if TYPE_CHECKING:
    from .evaluator import Evaluator, Problem

NAMES = frozenset({"try", "can"})
_TEMPLATE_NAME = "<templatestring argument>"
_DYNAMIC_ONLY = "invalid template expression: templatestring is only for rendering templates retrieved dynamically from elsewhere"
_LITERAL = ", and so does not support providing a literal template; consider using a template string expression instead"
_INLINE = "; to render an inline template, consider using a plain template string expression"
_WRAPPED = (
    "; to treat the inner expression as template syntax, write the reference expression directly without any template interpolation syntax"
)
_NO_REFERENCE = (
    "invalid template expression: must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax"
)


def call(evaluator: Evaluator, expr: Call) -> Value:
    """Return what ``try`` or ``can`` makes of its arguments: ``try`` returns what succeeds first, ``can`` whether its argument does.

    Raises:
        Refused: No argument of ``try`` succeeds.
    """
    failed: list[Problem] = []
    for argument in expr.args:
        value, problems = evaluator.quietly(argument)
        if expr.name.endswith("can"):
            return ANYTHING
        if not problems:
            return value if value.known else ANYTHING
        failed += problems
    told = "".join(_told(evaluator, problem) for problem in failed)
    raise Refused(f"no expression succeeded:\n{told}\nAt least one expression must produce a successful result")


def _told(evaluator: Evaluator, problem: Problem) -> str:
    where = places.written(evaluator.file, evaluator.files.shown(evaluator.file.path), *problem.span)
    return f"- {problem.summary} (at {where})\n  {problem.detail}\n"


def rendered(evaluator: Evaluator, expr: Expression, arguments: list[Value]) -> Value:
    """Return what is known of ``templatestring``, whose first argument must be a reference.

    Raises:
        Refused: It cannot be rendered.
    """
    template, variables = arguments
    if places.whole(expr, evaluator.data) != (expr.start, expr.end):
        raise Refused(_DYNAMIC_ONLY + _WRAPPED, 0)
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        raise Refused(_DYNAMIC_ONLY + _LITERAL, 0)
    if isinstance(expr, Template):
        raise Refused(_DYNAMIC_ONLY + _INLINE, 0)
    if not isinstance(expr, Traversal) or places.written_span(expr, evaluator.data) != (expr.start, expr.end):
        raise Refused(_NO_REFERENCE, 0)
    if template.known and not isinstance(template.data, str):
        raise Refused("invalid template value: a string is required", 0)
    if not isinstance(template.data, str) or not variables.known:
        return ANYTHING
    return templates.render(SourceFile(_TEMPLATE_NAME, template.data), _TEMPLATE_NAME, variables, evaluator.files, 0)
