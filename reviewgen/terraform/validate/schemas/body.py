"""A body against a schema: what Terraform finds before the provider sees the values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Attribute, Block, Expression, Invalid
from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import DYNAMIC, AttributeSchema, BlockSchema, NestedBlock, Type

from ..language import wording
from ..places import key
from ..types.convert import mismatch

_LABEL = re.compile(rb'"(?:\\.|[^"\\])*"|[^\s"{]+')
_DYNAMIC = frozenset({"for_each", "iterator", "labels"})

_OF_DYNAMIC = BlockSchema({name: AttributeSchema(name, DYNAMIC) for name in sorted(_DYNAMIC)})

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic before it has a place in a file's lines.

    Attributes:
        path: Where in the schema: nested block types and last the name concerned. Two provider versions agree when they object at a path.
        severity: ``error`` or ``warning``.
        summary: Terraform's summary.
        detail: Terraform's detail.
        file: File of the stretch.
        start: Its first byte.
        end: The byte behind it.
        provider: Whether the provider says it, which gives the diagnostic an address.
        refused: Versions of the provider that say an error there, where this is a warning of another one.
    """

    path: Path
    severity: str
    summary: str
    detail: str
    file: str
    start: int
    end: int
    provider: bool = False
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What checks of a body need besides the body.

    Attributes:
        data: Bytes of a file by path.
        value: Gives the constant value of an expression, or ``UNKNOWN``.
        arguments: Names that Terraform itself takes out of the body (``count``, ``provider``, ...).
        blocks: Nested block types that Terraform itself takes out.
        framework: Whether the provider implements the type with the newer plugin framework, whose messages differ.
        silent: Whether the provider says nothing of the body, because something around it is unknown (see ``wholly_known``).
        path: Path of the body so far.
    """

    data: Callable[[str], bytes]
    value: Callable[[Expression], Any]
    arguments: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    framework: bool = False
    silent: bool = False
    path: Path = ()

    def inside(self, step: str, silent: bool) -> Context:
        """Return the context of a nested body, which has no arguments of Terraform's own."""
        return Context(self.data, self.value, framework=self.framework, silent=silent, path=(*self.path, step))


@dataclass(slots=True)
class Group:
    """The blocks of one type in a body.

    Attributes:
        bodies: Each block or ``content`` with the block that stands for its definition.
        certain: False when a ``dynamic`` block makes their number unknown.
    """

    bodies: list[Block] = field(default_factory=list)
    certain: bool = True


def brace(block: Block, data: bytes) -> int:
    """Return the byte of a block's opening brace, where Terraform places what is missing in the body; in JSON that is the closing one."""
    if block.file.endswith(".json"):
        return block.end - 1
    at = data.find(b"{", block.header_end, block.end)
    return at if at >= 0 else block.start


def label(block: Block, data: bytes, position: int) -> tuple[int, int]:
    """Return the stretch of a label, quotes included."""
    words = list(_LABEL.finditer(data, block.start, block.header_end))
    return words[position + 1].span() if len(words) > position + 1 else (block.start, block.header_end)


def check(block: Block, schema: BlockSchema, ctx: Context) -> Iterator[Finding]:
    """Yield what is wrong with a body, nested bodies included."""
    schema = effective(block, schema)
    yield from _arguments(block, schema, ctx)
    groups, misplaced = group(block, schema, ctx)
    yield from misplaced
    for name, nested in schema.blocks.items():
        if name in groups or nested.min_items:
            yield from _count(block, nested, groups.get(name, Group()), ctx)
    for name, found in groups.items():
        inside = schema.blocks[name].block
        silent = ctx.silent or not (ctx.framework or wholly_known(found, inside, ctx))
        if inside.deprecated is not None and found.bodies and not silent:
            at = brace(block, ctx.data(block.file))
            yield Finding((*ctx.path, name, "@"), "warning", _deprecation(ctx), inside.deprecated, block.file, at, at, provider=True)
        for body in found.bodies:
            yield from check(body, inside, ctx.inside(name, silent))


def wholly_known(found: Group, schema: BlockSchema, ctx: Context) -> bool:
    """Whether everything in some blocks is a constant.

    The older plugin SDK looks at an argument, and so at all nested blocks of one type, only when it is known as a whole
    (``schemaMap.validate`` in helper/schema/schema.go: ``isWhollyKnown``); otherwise it says nothing of what is inside either.
    """
    inner = replace(ctx, arguments=frozenset(), blocks=frozenset()) if ctx.arguments or ctx.blocks else ctx
    return found.certain and all(_known_body(body, effective(body, schema), inner) for body in found.bodies)


def _known_body(block: Block, schema: BlockSchema, ctx: Context) -> bool:
    if not all(constant(ctx.value(attribute.expr)) for attribute in block.attributes.values()):
        return False
    groups, _ = group(block, schema, ctx)
    return all(wholly_known(found, schema.blocks[name].block, ctx) for name, found in groups.items())


def constant(value: Any) -> bool:
    """Whether nothing of a value is unknown."""
    if isinstance(value, dict):
        return all(map(constant, value.values()))
    return all(map(constant, value)) if isinstance(value, list) else value is not UNKNOWN


def effective(block: Block, schema: BlockSchema) -> BlockSchema:
    """Return the schema with those list-of-object arguments turned into blocks that the body writes as blocks (Terraform's legacy mode)."""
    if not block.blocks:
        return schema
    written = {b.labels[0] if b.type == "dynamic" and b.labels else b.type for b in block.blocks}
    turned = [a for name in sorted(written) if (a := schema.attributes.get(name)) and block_like(a.type)]
    if not turned:
        return schema
    blocks = {a.name: NestedBlock(a.name, a.type.kind, as_block(a.type)) for a in turned}
    attributes = {name: a for name, a in schema.attributes.items() if name not in blocks}
    return replace(schema, attributes=attributes, blocks={**schema.blocks, **blocks})


def block_like(kind: Type) -> bool:
    """Whether an argument of a type may also be written as blocks."""
    return kind.kind in ("list", "set") and kind.element is not None and kind.element.kind == "object"


def as_block(kind: Type) -> BlockSchema:
    """Return the body of an argument that is written as blocks: everything may be left out."""
    fields = kind.element.attributes if kind.element is not None else {}
    return BlockSchema({name: AttributeSchema(name, inner, optional=True) for name, inner in fields.items()})


def _arguments(block: Block, schema: BlockSchema, ctx: Context) -> Iterator[Finding]:
    for name, attribute in block.attributes.items():
        if name in ctx.arguments:
            continue
        known = schema.attributes.get(name)
        if known is None:
            yield _unsupported(block, attribute, schema, ctx)
        else:
            yield from _value(block, attribute, known, ctx)
    for name in schema.required:
        if name not in block.attributes:
            at = brace(block, ctx.data(block.file))
            yield Finding((*ctx.path, name), "error", *wording.missing_argument(name), block.file, at, at)


def _unsupported(block: Block, attribute: Attribute, schema: BlockSchema, ctx: Context) -> Finding:
    name = attribute.name
    if block.file.endswith(".json"):
        words = wording.extraneous_property(name, (*schema.attributes, *schema.blocks), block.attributes)
        return Finding((*ctx.path, name), "error", *words, block.file, *key(attribute, ctx.data(block.file)))
    words = wording.unsupported_argument(name, schema.attributes, schema.blocks, block.attributes)
    end = attribute.start + len(name.encode())
    return Finding((*ctx.path, name), "error", *words, attribute.file or block.file, attribute.start, end)


def _value(block: Block, attribute: Attribute, known: AttributeSchema, ctx: Context) -> Iterator[Finding]:
    expr, file, path = attribute.expr, attribute.file or block.file, (*ctx.path, attribute.name)
    if isinstance(expr, Invalid):
        return
    value = ctx.value(expr)
    why = mismatch(value, known.type) if value is not UNKNOWN else ""
    if why:
        detail = f'Inappropriate value for attribute "{attribute.name}": {why}.'
        yield Finding(path, "error", "Incorrect attribute value type", detail, file, expr.start, expr.end)
    elif value is not None and known.read_only:
        yield Finding(path, "error", *_read_only(attribute.name, ctx.framework), file, expr.start, expr.end, provider=True)
    elif value is not None and known.deprecated is not None and not ctx.silent and _judged(value, ctx):
        yield Finding(path, "warning", _deprecation(ctx), known.deprecated, file, expr.start, expr.end, provider=True)


def _judged(value: Any, ctx: Context) -> bool:
    """Whether the provider looks at a value: the newer framework at what is known in part, the older SDK only at what is known as a whole."""
    return value is not UNKNOWN if ctx.framework else constant(value)


def _deprecation(ctx: Context) -> str:
    return "Attribute Deprecated" if ctx.framework else "Argument is deprecated"


def _read_only(name: str, framework: bool) -> tuple[str, str]:
    if framework:
        return (
            "Invalid Configuration for Read-Only Attribute",
            "Cannot set value for this attribute as the provider has marked it as read-only. Remove the configuration line setting the value.\n\n"
            "Refer to the provider documentation or contact the provider developers for additional information about configurable and "
            "read-only attributes that are supported.",
        )
    reason = "its value will be decided automatically based on the result of applying this configuration."
    return "Value for unconfigurable attribute", f'Can\'t configure a value for "{name}": {reason}'


def group(block: Block, schema: BlockSchema, ctx: Context) -> tuple[Mapping[str, Group], list[Finding]]:
    """Sort nested blocks by type; also return what is wrong with the blocks that have no place."""
    groups: dict[str, Group] = {}
    misplaced: list[Finding] = []
    for inner in block.blocks:
        if inner.type in ctx.blocks:
            continue
        if inner.type == "dynamic" and len(inner.labels) == 1:
            misplaced.extend(_dynamic(inner, schema, ctx, groups))
        elif inner.type in schema.blocks:
            wrong = list(_labels(inner, schema.blocks[inner.type], ctx))
            misplaced.extend(wrong)
            if not wrong:  # HCL reads no block that has a label too many
                groups.setdefault(inner.type, Group()).bodies.append(inner)
        else:
            misplaced.append(_unsupported_block(inner, block, schema, ctx))
    return groups, misplaced


def _unsupported_block(inner: Block, block: Block, schema: BlockSchema, ctx: Context) -> Finding:
    words = wording.unsupported_block(inner.type, schema.attributes, schema.blocks)
    end = inner.start + len(inner.type.encode())
    return Finding((*ctx.path, inner.type), "error", *words, inner.file, inner.start, end)


def _labels(inner: Block, nested: NestedBlock, ctx: Context) -> Iterator[Finding]:
    if inner.labels and nested.nesting != "map":
        start, end = label(inner, ctx.data(inner.file), 0)
        yield Finding((*ctx.path, inner.type, ""), "error", *wording.extraneous_label(inner.type), inner.file, start, end)


def _dynamic(inner: Block, schema: BlockSchema, ctx: Context, groups: dict[str, Group]) -> Iterator[Finding]:
    name, data = inner.labels[0], ctx.data(inner.file)
    path = (*ctx.path, name)
    if name not in schema.blocks:
        start, end = label(inner, data, 0)
        yield Finding(path, "error", "Unsupported block type", f'Blocks of type "{name}" are not expected here.', inner.file, start, end)
        return
    for given in inner.attributes.values():
        if given.name not in _DYNAMIC:
            finding = _unsupported(inner, given, _OF_DYNAMIC, ctx)
            yield replace(finding, path=(*path, given.name))
    if "for_each" not in inner.attributes:
        at = brace(inner, data)
        yield Finding((*path, "for_each"), "error", *wording.missing_argument("for_each"), inner.file, at, at)
    found = groups.setdefault(name, Group())
    found.bodies.extend(_contents(inner, found, ctx))
    if not any(b.type == "content" for b in inner.blocks):
        at = brace(inner, data)
        detail = 'A dynamic block must have a nested block of type "content" to describe the body of each generated block.'
        yield Finding((*path, "content"), "error", "Missing dynamic content block", detail, inner.file, at, at)


def _contents(inner: Block, found: Group, ctx: Context) -> list[Block]:
    """Return the ``content`` block once for each element when their number is known, otherwise once."""
    contents = [b for b in inner.blocks if b.type == "content"][:1]
    each = inner.value("for_each")
    value = ctx.value(each) if each is not None else UNKNOWN
    if not isinstance(value, list | dict):
        found.certain = False
        return contents
    if len(value) != 1:
        found.certain = found.certain and bool(contents)
    return contents if value else []


def _count(block: Block, nested: NestedBlock, found: Group, ctx: Context) -> Iterator[Finding]:
    if not found.certain:
        return
    name, bodies = nested.name, found.bodies
    path = (*ctx.path, name, "")
    data = ctx.data(block.file)
    if nested.nesting in ("single", "group"):
        yield from _single(block, nested, bodies, ctx)
    elif len(bodies) < nested.min_items:
        at = brace(block, data)
        detail = f'At least {nested.min_items} "{name}" blocks are required.'
        yield Finding((*ctx.path, name), "error", f"Insufficient {name} blocks", detail, block.file, at, at)
    elif nested.max_items and len(bodies) > nested.max_items:
        at = brace(bodies[nested.max_items], ctx.data(bodies[nested.max_items].file))
        detail = f'No more than {nested.max_items} "{name}" blocks are allowed'
        yield Finding(path, "error", f"Too many {name} blocks", detail, block.file, at, at)


def _single(block: Block, nested: NestedBlock, bodies: list[Block], ctx: Context) -> Iterator[Finding]:
    name = nested.name
    if not bodies and nested.min_items:
        at = brace(block, ctx.data(block.file))
        detail = f'A block of type "{name}" is required here.'
        yield Finding((*ctx.path, name), "error", f"Missing {name} block", detail, block.file, at, at)
    if len(bodies) > 1:
        first, second = bodies[0], bodies[1]
        text = ctx.data(first.file)
        column = first.start - text.rfind(b"\n", 0, first.start)
        where = f"{first.file}:{first.line},{column}-{column + first.header_end - first.start}"
        detail = f'Only one block of type "{name}" is allowed. Previous definition was at {where}.'
        yield Finding((*ctx.path, name, ""), "error", f"Duplicate {name} block", detail, second.file, second.start, second.header_end)
