"""Where the parts of expressions and blocks stand: the stretches that Terraform's messages point at.

All offsets are bytes of the file. HCL gives some expressions a smaller stretch than their text: a quoted text is placed without its quotes,
a template at its first part.
"""

from __future__ import annotations

import json
import re

from reviewgen.model.hcl import (
    Access,
    Attr,
    Attribute,
    Binary,
    Block,
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

Span = tuple[int, int]

_SPACE = re.compile(rb"(?:\s|#[^\n]*\n|//[^\n]*\n|/\*.*?\*/)*", re.DOTALL)
_CLOSING = re.compile(rb"[\s)]*")  # what may stand between an expression and the first step from it
_BYTES_NAME = re.compile(rb"[\w\x80-\xff-]+")
_DIGITS = re.compile(rb"\d+")
# A reference in a text, as far as it is one.
REFERENCE = re.compile(r"[^\W\d][\w-]*(?:\.[^\W\d][\w-]*|\[(?:\d+|\"[^\"]*\")\])*")
NAME = re.compile(r"[^\W\d][\w-]*")
_WRAP = re.compile(rb'"\$\{~?\s*\Z')
_UNWRAP = re.compile(rb'\s*~?\}"')
_WRAP_MOST = 40
_OPENS = re.compile(rb"\(\s*\Z")
_CLOSES = re.compile(rb"\s*\)")
_LABEL = re.compile(rb'"(?:\\.|[^"\\])*"|[^\s"{]+')


def of_expression(expr: Expression, data: bytes) -> Span:
    """Return the stretch that HCL gives an expression."""
    if isinstance(expr, Template) and expr.parts:
        return of_expression(expr.parts[0], data)
    if isinstance(expr, Literal) and isinstance(expr.value, str) and data[expr.start : expr.start + 1] == b'"':
        return expr.start + 1, max(expr.end - 1, expr.start + 1)
    return expr.start, expr.end


def whole(expr: Expression, data: bytes) -> Span:
    """Return the stretch of an expression as it is written: a template that only wraps one expression has its quotes."""
    if not data[max(0, expr.start - _WRAP_MOST) : expr.start].rstrip().endswith((b"{", b"~")):
        return expr.start, expr.end
    before = _WRAP.search(data, max(0, expr.start - _WRAP_MOST), expr.start)
    after = _UNWRAP.match(data, expr.end) if before else None
    return (before.start(), after.end()) if before and after else (expr.start, expr.end)


def written_span(expr: Expression, data: bytes) -> Span:
    """Return the stretch of an expression with the quotes or the parentheses that are written around it."""
    start, end = whole(expr, data)
    if not data[max(0, start - _WRAP_MOST) : start].rstrip().endswith(b"("):
        return start, end
    before, after = _OPENS.search(data, max(0, start - _WRAP_MOST), start), _CLOSES.match(data, end)
    return (before.start(), after.end()) if before and after else (start, end)


def start_of(expr: Expression, data: bytes) -> Span:
    """Return the stretch that HCL names when only the begin of an expression matters: ``upper(``, ``[``, a condition."""
    wrapped = whole(expr, data)
    if wrapped != (expr.start, expr.end):
        return wrapped
    match expr:
        case Conditional(condition=first) | Binary(left=first):
            return start_of(first, data)
        case Template(parts=(first, *_)):
            return start_of(first, data)
        case Traversal() | Access():
            return _start_of_steps(expr, data)
        case Call(name=name):
            return expr.start, data.find(b"(", expr.start + len(name.encode())) + 1
        case Literal(value="") if data[expr.start : expr.start + 1] == b'"':
            return expr.end, expr.end  # of an empty text, HCL names what follows it
        case Tuple() | Object() | For() | Unary():
            return expr.start, expr.start + 1
        case _:
            return of_expression(expr, data)


def _start_of_steps(expr: Traversal | Access, data: bytes) -> Span:
    """HCL names the mark of a splat, the bracket of an index that is no constant, and all of what takes steps from another expression."""
    start = expr.start if isinstance(expr, Traversal) else min(expr.start, written_span(expr.base, data)[0])
    found = (start, expr.end)
    for position, step in enumerate(expr.steps):
        if isinstance(step, Splat):
            return step_spans(expr, data)[position]
        if isinstance(step, Index) and not _constant(step.key):
            at = step_spans(expr, data)[position][0]
            found = (at, at + 1)
        else:
            found = (start, expr.end)
    return found


def root_of(traversal: Traversal) -> Span:
    """Return the stretch of a traversal's first name."""
    return traversal.start, traversal.start + len(traversal.root.encode())


def fixed_steps(traversal: Traversal) -> tuple[Step, ...]:
    """Return the steps that need no evaluation: up to the first splat and the first index that is not a constant."""
    for position, step in enumerate(traversal.steps):
        if not isinstance(step, Attr) and (isinstance(step, Splat) or not _constant(step.key)):
            return traversal.steps[:position]
    return traversal.steps


def _constant(key: Expression) -> bool:
    return isinstance(key, Literal) and isinstance(key.value, str | int | float) and not isinstance(key.value, bool)


def step_spans(expr: Traversal | Access, data: bytes) -> list[Span]:
    """Return the stretch of each step, its dot or brackets included.

    Steps that cannot be found in the text (it is spread over parentheses or JSON) get the expression's end.
    """
    spans: list[Span] = []
    at = root_of(expr)[1] if isinstance(expr, Traversal) else expr.base.end
    skipped = _SPACE if isinstance(expr, Traversal) else _CLOSING
    for step in expr.steps:
        span = _step(step, skipped.match(data, at).end(), data)  # type: ignore[union-attr]  # the pattern matches the empty text
        if span is None or span[1] > expr.end:
            spans.extend([(expr.end, expr.end)] * (len(expr.steps) - len(spans)))
            break
        spans.append(span)
        at, skipped = span[1], _SPACE
    return spans


def _step(step: Step, at: int, data: bytes) -> Span | None:
    mark = data[at : at + 1]
    if mark == b"[":
        inside = step.key.end if isinstance(step, Index) else at
        close = data.find(b"]", inside)
        return (at, close + 1) if close >= 0 else None
    if mark != b".":
        return None
    word = _SPACE.match(data, at + 1).end()  # type: ignore[union-attr]
    if isinstance(step, Splat):
        return (at, word + 1) if data[word : word + 1] == b"*" else None
    match = (_BYTES_NAME if isinstance(step, Attr) else _DIGITS).match(data, word)
    return (at, match.end()) if match else None


def brace(block: Block, data: bytes) -> int:
    """Return the byte of a block's opening brace, in JSON of the closing one: there HCL places what is missing."""
    if block.file.endswith(".json"):
        return block.end - 1
    at = data.find(b"{", block.header_end, block.end)
    return at if at >= 0 else block.start


def labels(block: Block, data: bytes) -> list[Span]:
    """Return the stretches of a block's labels, quotes included."""
    return [match.span() for match in _LABEL.finditer(data, block.start, block.header_end)][1:]


def written(file: SourceFile, name: str, start: int, end: int) -> str:
    """Return a place as Terraform writes it inside a message: ``main.tf:2,1-22``.

    Args:
        file: The file.
        name: The file's name as Terraform sees it.
        start: First byte.
        end: Byte behind the last one.
    """
    first, last = file.position(start), file.position(end)
    if first.line == last.line:
        return f"{name}:{first.line},{first.column}-{last.column}"
    return f"{name}:{first.line},{first.column}-{last.line},{last.column}"


def key(attribute: Attribute, data: bytes) -> tuple[int, int]:
    """Return the stretch of a property's key in a JSON file, quotes included."""
    start = attribute.start - (data[attribute.start : attribute.start + 1] != b'"')
    return start, start + len(json.dumps(attribute.name, ensure_ascii=False).encode())
