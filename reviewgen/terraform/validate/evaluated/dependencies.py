"""``depends_on``: whether what it names exists and is a whole object. How it must be written is asked with the blocks."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.hcl.json_reader import shifted
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block, Expression, Literal, Traversal, Tuple

from .. import places
from ..configuration import Configuration
from ..language import static
from .references import Names, judge, subject
from .sites import Site

_HOLDERS = frozenset({"resource", "data", "ephemeral", "module", "output"})
_WHOLE = "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object."


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with the references of ``depends_on`` in all modules that the root reaches."""
    for call in configuration.calls:
        names = Names(configuration, call)
        for block in call.module.blocks:
            if block.type in _HOLDERS:
                yield from _depends_on(names, block)


def _depends_on(names: Names, block: Block) -> Iterator[Diagnostic]:
    """Yield what is wrong with each entry; after the first mistake Terraform asks of the others only whether they are whole objects, and we go on."""
    attribute = block.attributes.get("depends_on")
    if attribute is not None and isinstance(attribute.expr, Tuple):
        file = names.configuration.file(block, attribute)
        for reference in filter(None, map(named, attribute.expr.items)):
            site = Site(reference, file, block)
            yield from tuple(_parts(names, site, reference)) or judge(names, site, reference)


def named(expr: Expression) -> Traversal | None:
    """Return the reference that an expression names, in quotes, too."""
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        inner = hcl.parse_expression(expr.value)
        expr = shifted(inner, expr.start + 1 - inner.start)
    return expr if isinstance(expr, Traversal) and static.is_reference(expr) else None


def _parts(names: Names, site: Site, reference: Traversal) -> Iterator[Diagnostic]:
    used = subject(reference)
    if used < len(reference.steps):
        spans = places.step_spans(reference, site.file.data)
        summary = "Invalid depends_on reference"
        yield names.configuration.error(summary, _WHOLE, site.file, (spans[used][0], spans[-1][1]), site.top)
