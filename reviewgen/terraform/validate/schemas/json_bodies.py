"""Nested blocks of ``.tf.json`` files: only a schema tells them from maps, so they are made here and not by the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviewgen.hcl.json_reader import pairs, plain_block
from reviewgen.model.hcl import Attribute, Block, Expression, Tuple
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration, Module, Tree
from reviewgen.terraform.schema import Schemas
from reviewgen.terraform.schema.requirements import Providers
from reviewgen.terraform.schema.types import BlockSchema

from .schema import schema_of

_KINDS = frozenset({"resource", "data", "provider"})


def lowered(tree: Tree, schemas: Schemas) -> Tree:
    """Return a tree in which the bodies of JSON files have nested blocks where their schemas have them; other trees as they are."""
    if not any(block.file.endswith(".json") for module in tree.modules.values() for block in module.blocks):
        return tree
    providers = Providers(tree, schemas)
    made: dict[int, Block] = {}
    for module in tree.modules.values():
        for declaration in (*module.declarations.values(), *module.duplicates):
            block = declaration.block
            if declaration.kind in _KINDS and block.file.endswith(".json"):
                found = [s for bundle in providers.of(declaration) if (s := schema_of(declaration, bundle)) is not None]
                made[id(block)] = _body(block, found, tree.files[block.file])
    modules = {directory: _module(module, made) for directory, module in tree.modules.items()}
    return replace(tree, modules=modules, declarations={a: _declared(d, made) for a, d in tree.declarations.items()})


def _module(module: Module, made: dict[int, Block]) -> Module:
    return replace(
        module,
        blocks=tuple(made.get(id(block), block) for block in module.blocks),
        declarations={a: _declared(d, made) for a, d in module.declarations.items()},
        duplicates=tuple(_declared(d, made) for d in module.duplicates),
    )


def _declared(declaration: Declaration, made: dict[int, Block]) -> Declaration:
    return replace(declaration, block=made.get(id(declaration.block), declaration.block))


def _body(block: Block, schemas: Sequence[BlockSchema], file: SourceFile) -> Block:
    attributes: dict[str, Attribute] = {}
    blocks = list(block.blocks)
    for name, attribute in block.attributes.items():
        nested = [schema.blocks[name].block for schema in schemas if name in schema.blocks]
        if name == "dynamic" and schemas:
            blocks.extend(_dynamic(attribute.expr, schemas, file))
        elif nested:
            blocks.extend(_body(plain_block(name, (), value, file), nested, file) for value in _each(attribute.expr))
        else:
            attributes[name] = attribute
    return replace(block, attributes=attributes, blocks=tuple(blocks))


def _dynamic(value: Expression, schemas: Sequence[BlockSchema], file: SourceFile) -> Iterator[Block]:
    for name, _, bodies in pairs(value):
        nested = [schema.blocks[name].block for schema in schemas if name in schema.blocks]
        for body in _each(bodies):
            block = plain_block("dynamic", (name,), body, file)
            content = block.attributes.get("content")
            attributes = {n: a for n, a in block.attributes.items() if n != "content"}
            inner = [_body(plain_block("content", (), c, file), nested, file) for c in _each(content.expr)] if content else []
            yield replace(block, attributes=attributes, blocks=tuple(inner))


def _each(value: Expression) -> tuple[Expression, ...]:
    return value.items if isinstance(value, Tuple) else (value,)
