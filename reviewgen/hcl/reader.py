"""One file, template or expression of native syntax to blocks and expressions: what is right by one reader, all else by the other."""

from __future__ import annotations

from collections.abc import Mapping

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Block, Comment, Expression, Invalid
from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass

from . import strict
from .contents import Contents


@dataclass(frozen=True)
class HclFile:
    """A file as read.

    Attributes:
        file: The source.
        blocks: Top-level blocks in file order; broken ones have ``complete=False``.
        attributes: Top-level attributes by name: the content of ``.tfvars`` files.
        comments: All comments in file order.
        diagnostics: What Terraform says when the file does not parse; empty otherwise.
    """

    file: SourceFile
    blocks: tuple[Block, ...]
    attributes: Mapping[str, Attribute]
    comments: tuple[Comment, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def read(file: SourceFile) -> HclFile:
    """Read one file of native HCL syntax; never raises on any text."""
    try:
        return HclFile(file, *strict.contents(file))
    except strict.Refused:
        # Both are loaded for what few samples have.
        from . import tolerant
        from .syntax import diagnose

        return HclFile(file, *tolerant.contents(file), diagnose(file))


def parse_expression(text: str) -> Expression:
    """Read one expression; what is no expression becomes ``Invalid``."""
    file = SourceFile("", f"{_ASSIGN}{text}\n")
    found = _whole(file)
    if found is None or set(found.attributes) != {"x"}:
        return Invalid(0, len(file.data) - len(_ASSIGN) - 1, text)
    return found.attributes["x"].expr


def _whole(file: SourceFile) -> Contents | None:
    """Return what stands in a file without errors, None for one with errors."""
    try:
        return strict.contents(file)
    except strict.Refused:
        from . import tolerant

        return tolerant.whole(file)


def expression_at(file: SourceFile) -> Expression:
    """Read a file that is one expression, such as a JSON document, with offsets into the file."""
    from .json_reader import shifted

    return shifted(parse_expression(file.text), -len(_ASSIGN))


def read_template(file: SourceFile) -> tuple[Expression | None, tuple[Diagnostic, ...], SourceFile]:
    """Read a file that is one template.

    Returns:
        Its expression, None when it does not parse; what Terraform says of it; and the file into which the expression's offsets point: the
        template behind ``TEMPLATE_HEAD``.
    """
    from .syntax import diagnose_template

    mark = "REVIEWGEN_END_OF_TEMPLATE"
    code = SourceFile(file.path, f"{TEMPLATE_HEAD}{file.text}\n{mark}\n")
    problems = diagnose_template(file)
    found = None if problems else read(code).attributes.get("x")
    return (found.expr if found is not None else None), problems, code


TEMPLATE_HEAD = "x = <<REVIEWGEN_END_OF_TEMPLATE\n"
_ASSIGN = "x = "
