"""Arguments that Terraform reads before it evaluates anything: ``depends_on`` and the contents of ``lifecycle``.

They take references as names, or constants; an expression has no place there.
"""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.hcl.json_reader import shifted
from reviewgen.model.hcl import Attr, Attribute, Block, Call, Expression, Literal, Traversal, Tuple
from reviewgen.model.review import Diagnostic
from reviewgen.model.source import SourceFile

from . import places
from .configuration import Configuration
from .references import Names, is_resource, judge, subject
from .sites import Site

_HOLDERS = frozenset({"resource", "data", "ephemeral", "module", "output"})
_SWITCHES = ("create_before_destroy", "prevent_destroy")
_NO_LIST = "A static list expression is required."
_NO_REFERENCE = (
    "A single static variable reference is required: only attribute access and indexing with constant keys. No calculations, function calls, "
    "template expressions, etc are allowed here."
)
_QUOTED = (
    "In this context, references are expected literally rather than in quotes. Terraform 0.11 and earlier required quotes, but quoted "
    "references are now deprecated and will be removed in a future version of Terraform. Remove the quotes surrounding this reference to "
    "silence this warning."
)
_WHOLE = "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object."
_STAR = (
    'The ["*"] form of ignore_changes wildcard is was deprecated and is now invalid. '
    'Use "ignore_changes = all" to ignore changes to all attributes.'
)
_MALFORMED = ("Invalid reference", "Reserved symbol name")
_TRIGGERS = "Only resources, count.index, and each.key may be used in replace_triggered_by."


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with these arguments in all modules that the root reaches."""
    for call in configuration.calls:
        names = Names(configuration, call)
        for block in call.module.blocks:
            if block.type in _HOLDERS:
                yield from _depends_on(names, block)
            if block.type == "resource" and len(block.labels) == 2:
                for inner in block.blocks:
                    if inner.type == "lifecycle":
                        yield from _lifecycle(names, block, inner)


def _depends_on(names: Names, block: Block) -> Iterator[Diagnostic]:
    attribute = block.attributes.get("depends_on")
    if attribute is None:
        return
    file = names.configuration.file(block, attribute)
    for item in _items(attribute.expr):
        if item is None:
            yield names.configuration.error("Invalid expression", _NO_LIST, file, places.start_of(attribute.expr, file.data), block)
            continue
        reference, said = reference_of(names.configuration, item, file, block)
        yield from said
        if reference is not None and block.type != "output":
            yield from _dependency(names, Site(reference, file, block), reference)


def _dependency(names: Names, site: Site, reference: Traversal) -> Iterator[Diagnostic]:
    found = tuple(judge(names, site, reference))
    yield from found
    used = subject(reference)
    if not found and used < len(reference.steps):
        spans = places.step_spans(reference, site.file.data)
        summary = "Invalid depends_on reference"
        yield names.configuration.error(summary, _WHOLE, site.file, (spans[used][0], spans[-1][1]), site.top)


def _items(expr: Expression) -> tuple[Expression | None, ...]:
    """Return the elements of a list; a single None when it is no list."""
    return expr.items if isinstance(expr, Tuple) else (None,)


def reference_of(
    configuration: Configuration, expr: Expression, file: SourceFile, top: Block
) -> tuple[Traversal | None, tuple[Diagnostic, ...]]:
    """Return the reference that an expression names, in quotes too, and what is wrong with how it is written."""
    data = file.data
    if isinstance(expr, Literal) and isinstance(expr.value, str) and data[expr.start : expr.start + 1] == b'"':
        inner = hcl.parse_expression(expr.value)
        if _static(inner):
            warning = configuration.error("Quoted references are deprecated", _QUOTED, file, (expr.start, expr.end), top, "warning")
            moved = shifted(inner, expr.start + 1 - inner.start)
            return (moved if isinstance(moved, Traversal) else None), (warning,)
    elif isinstance(expr, Traversal) and _static(expr) and not data[: expr.start].rstrip().endswith(b"${"):
        return expr, ()
    return None, (configuration.error("Invalid expression", _NO_REFERENCE, file, _whole(expr, data), top),)


def _static(expr: Expression) -> bool:
    return isinstance(expr, Traversal) and len(places.fixed_steps(expr)) == len(expr.steps)


def _whole(expr: Expression, data: bytes) -> places.Span:
    """Return an expression's stretch with the quotes around it."""
    if isinstance(expr, Traversal) and data[: expr.start].rstrip().endswith(b"${"):
        close = data.find(b'"', expr.end)
        return data.rfind(b'"', 0, expr.start), close + 1
    return expr.start, expr.end


def _lifecycle(names: Names, top: Block, block: Block) -> Iterator[Diagnostic]:
    configuration = names.configuration
    for name in _SWITCHES:
        attribute = block.attributes.get(name)
        if attribute is not None:
            yield from constant_bool(configuration, attribute.expr, configuration.file(block, attribute), top)
    ignored = block.attributes.get("ignore_changes")
    if ignored is not None:
        yield from _ignore_changes(configuration, ignored, configuration.file(block, ignored), top)
    triggers = block.attributes.get("replace_triggered_by")
    if triggers is not None:
        yield from _triggers(names, triggers, configuration.file(block, triggers), top)


def constant_bool(configuration: Configuration, expr: Expression, file: SourceFile, top: Block) -> Iterator[Diagnostic]:
    """Yield what is wrong with an expression that must be a constant boolean."""
    yield from not_constant(configuration, expr, file, top)
    value = hcl.evaluate(expr)
    why = "" if isinstance(value, bool) or value in ("true", "false") else _no_bool(expr, value)
    if why:
        detail = f"Unsuitable value: {why}"
        yield configuration.error("Unsuitable value type", detail, file, places.start_of(expr, file.data), top)


def _no_bool(expr: Expression, value: object) -> str:
    if next(hcl.traversals(expr), None) is not None or any(isinstance(part, Call) for part in _parts(expr)):
        return "value must be known"
    if value is None:
        return "null value is not allowed"
    if isinstance(value, str):
        return "a bool is required"
    return "" if value is hcl.UNKNOWN else "bool required"


def not_constant(configuration: Configuration, expr: Expression, file: SourceFile, top: Block) -> Iterator[Diagnostic]:
    """Yield an error for each variable and each function in an expression that must be constant."""
    for part in _parts(expr):
        if isinstance(part, Traversal):
            span = places.root_of(part)
            yield configuration.error("Variables not allowed", "Variables may not be used here.", file, span, top)
        elif isinstance(part, Call):
            span = part.start, part.end
            yield configuration.error("Function calls not allowed", "Functions may not be called here.", file, span, top)


def _parts(expr: Expression) -> Iterator[Expression]:
    """Yield an expression and its parts; not those of calls, which are never looked at."""
    yield expr
    if not isinstance(expr, Call):
        for part in hcl.children(expr):
            yield from _parts(part)


def _ignore_changes(configuration: Configuration, attribute: Attribute, file: SourceFile, top: Block) -> Iterator[Diagnostic]:
    expr = attribute.expr
    if isinstance(expr, Traversal) and expr.root == "all" and not expr.steps:
        return
    items = _items(expr)
    for item in items:
        if item is None:
            yield configuration.error("Invalid expression", _NO_LIST, file, places.start_of(expr, file.data), top)
        elif isinstance(item, Literal) and item.value == "*":
            span = expr.start, expr.end
            yield configuration.error("Invalid ignore_changes wildcard", _STAR, file, span, top)
            if len(items) > 1:
                detail = 'Cannot mix wildcard string "*" with non-wildcard references.'
                yield configuration.error("Invalid ignore_changes ruleset", detail, file, (item.start, item.end), top)
        else:
            yield from reference_of(configuration, item, file, top)[1]


def _triggers(names: Names, attribute: Attribute, file: SourceFile, top: Block) -> Iterator[Diagnostic]:
    """Judge the list of what triggers a replacement, up to the first bad element; whether it exists is asked only when planning."""
    for item in _items(attribute.expr):
        if item is None:
            yield names.configuration.error("Invalid expression", _NO_LIST, file, places.start_of(attribute.expr, file.data), top)
            return
        found = tuple(_trigger(names, Site(item, file, top)))
        yield from found
        if found:
            return


def _trigger(names: Names, site: Site) -> Iterator[Diagnostic]:
    references = list(site.traversals())
    malformed = [said for reference in references for said in judge(names, site, reference) if said.summary in _MALFORMED]
    if malformed:
        yield from malformed
        return
    resources = 0
    for reference in references:
        if reference.root in ("count", "each"):
            first = reference.steps[0]
            wanted = {"count": "index", "each": "key"}[reference.root]
            if not isinstance(first, Attr) or first.name != wanted:
                detail = f"Only {reference.root}.{wanted} may be used in replace_triggered_by."
                yield _bad(names, site, f"Invalid {reference.root} reference in replace_triggered_by expression", detail)
        elif is_resource(reference):
            resources += 1
        else:
            yield _bad(names, site, "Invalid reference in replace_triggered_by expression", _TRIGGERS)
    if resources != 1:
        count = "Multiple resource references" if resources else "Missing resource reference"
        yield _bad(names, site, "Invalid replace_triggered_by expression", f"{count} in replace_triggered_by expression.")


def _bad(names: Names, site: Site, summary: str, detail: str) -> Diagnostic:
    return names.configuration.error(summary, detail, site.file, (site.expr.start, site.expr.end), site.top)
