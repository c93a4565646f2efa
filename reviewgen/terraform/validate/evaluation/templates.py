"""Templates that functions render: their syntax, the names that they use, and what goes wrong with the values given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reviewgen import hcl
from reviewgen.model.hcl import Directive, Expression, Literal, Template, Traversal
from reviewgen.model.source import SourceFile
from reviewgen.terraform.schema.types import STRING
from reviewgen.terraform.validate import places

from .files import Files
from .refusal import Refused
from .value import ANYTHING, Value

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_SHIFT = len(hcl.TEMPLATE_HEAD)
_VARS = 1  # position of the argument with the variables


def render(file: SourceFile, name: str, variables: Value, files: Files, broken: int | None) -> Value:
    """Return what is known of a rendered template.

    Args:
        file: The template.
        name: Its name as messages write it.
        variables: The values of its names.
        files: What functions may read.
        broken: Position of the argument that is to blame for a template that does not parse; None for the call as a whole.

    Raises:
        Refused: It cannot be rendered.
    """
    if files.rendering:
        function = "templatefile" if broken is None else "templatestring"
        raise Refused(f"cannot recursively call {function} from inside another template function")
    from .evaluator import Evaluator  # which calls functions, this one among them

    expr, problems, code = hcl.read_template(file)
    if problems:
        said = [(p.summary, p.detail.replace(file.path, name), (p.range.start.byte, p.range.end.byte)) for p in problems if p.range]
        raise Refused(("invalid template: " if broken is not None else "") + _told(file, name, said), broken)
    if variables.type.kind not in ("map", "object", "dynamic"):
        raise Refused("invalid vars value: must be a map", _VARS)
    if expr is None or not isinstance(variables.data, dict):
        return ANYTHING
    expr = _without_end(expr, file)
    _check_names(expr, file, name, variables.data)
    evaluator = Evaluator(lambda traversal: (ANYTHING, len(traversal.steps)), code, replace(files, rendering=True), variables.data)
    value = evaluator.value(expr)
    if evaluator.problems:
        found = [(p.summary, p.detail, (p.span[0] - _SHIFT, p.span[1] - _SHIFT)) for p in evaluator.problems]
        raise Refused(_told(file, name, found))
    return Value(STRING) if isinstance(expr, Template) else Value(value.type)


def _without_end(expr: Expression, file: SourceFile) -> Expression:
    """Return a template without the end of the line that reading it has added; one that is a single expression has its value."""
    if not isinstance(expr, Template) or file.text.endswith("\n"):
        return expr
    *parts, last = expr.parts
    if isinstance(last, Literal) and isinstance(last.value, str) and last.value == "\n" and len(parts) == 1:
        return parts[0] if not isinstance(parts[0], Literal | Directive) else expr
    return expr


def _told(file: SourceFile, name: str, problems: Sequence[tuple[str, str, places.Span]]) -> str:
    """Return the first of some problems, and how many there are beside it."""
    summary, detail, (start, end) = problems[0]
    more = f", and {len(problems) - 1} other diagnostic(s)" if len(problems) > 1 else ""
    return f"{places.written(file, name, start, end)}: {summary}; {detail}{more}"


def _check_names(expr: Expression, file: SourceFile, name: str, variables: dict[str, Value]) -> None:
    for variable in variables:
        if not _IDENTIFIER.fullmatch(variable):
            detail = "must start with a letter, followed by zero or more letters, digits, and underscores"
            raise Refused(f'invalid template variable name "{variable}": {detail}', _VARS)
    for traversal in hcl.traversals(expr):
        if traversal.root not in variables:
            start, end = places.root_of(Traversal(traversal.start - _SHIFT, traversal.end - _SHIFT, traversal.root, traversal.steps))
            where = places.written(file, name, start, end)
            raise Refused(f'vars map does not contain key "{traversal.root}", referenced at {where}', _VARS)
