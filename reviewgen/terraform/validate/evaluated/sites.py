"""What Terraform evaluates in a module: each expression with the names that its place offers.

Not among them are the places that allow no evaluation (``depends_on``, ``lifecycle`` switches, ``providers``, a variable's ``type``), and
arguments and blocks that no schema knows: Terraform never comes to look inside those. Nor are constants, in which nothing can go wrong unless
they tell how often something is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from reviewgen import hcl
from reviewgen.model.hcl import Attribute, Block, Expression, Literal, Traversal
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform.schema.types import BlockSchema, NestedBlock

from ..configuration import Call, Configuration
from ..evaluation import ANYTHING, Value, indexing, object_of
from ..providers.provided import address_of, used
from ..schemas.schema import schema_of
from ..scope import Scope

_RESOURCES = frozenset({"resource", "data", "ephemeral"})
# Arguments of a resource, module or provider block that are no values to evaluate.
_META = {
    "resource": frozenset({"count", "for_each", "provider", "depends_on"}),
    "module": frozenset({"count", "for_each", "source", "version", "providers", "depends_on"}),
    "provider": frozenset({"alias", "version"}),
}
_META_BLOCKS = frozenset({"lifecycle", "connection", "provisioner"})
REPETITION = frozenset({"count", "for_each"})
"""Arguments that tell how often something is there."""
_NOTHING = Literal(0, 0, None)
_MOST = 20  # generated blocks that are looked at


@dataclass(frozen=True, slots=True)
class Site:
    """One expression that Terraform evaluates.

    Attributes:
        expr: The expression.
        file: The file in which it stands.
        top: The top-level block around it.
        each: Whether ``each.key`` has a value here.
        value: Whether ``each.value`` has one too.
        count: Whether ``count.index`` has a value here.
        own: Whether ``self`` means something here.
        bindings: What surrounding ``dynamic`` blocks bind, once for each block that they generate. None when they generate none, or when it
            is not known how many: Terraform then does not look inside, but for what needs what.
        name: The argument whose value it is.
        references: The references inside, in the order in which they are written.
    """

    expr: Expression
    file: SourceFile
    top: Block
    each: bool = False
    value: bool = False
    count: bool = False
    own: bool = False
    bindings: tuple[Mapping[str, Value], ...] = ({},)
    name: str = ""
    references: tuple[Traversal, ...] = ()


class Sites:
    """The sites of a configuration; what is asked once is kept."""

    def __init__(self, configuration: Configuration) -> None:
        """Nothing is looked for yet."""
        self._configuration = configuration
        self._found: dict[tuple[str, ...], tuple[Site, ...]] = {}

    @cached_property
    def _providers(self) -> frozenset[tuple[str, str]]:
        return used(self._configuration)

    def scope(self, call: Call) -> Scope:
        """Return what references are worth in a module."""
        return Scope.of_call(self._configuration, call)

    def reached(self, call: Call) -> Iterator[Site]:
        """Yield what Terraform evaluates in a module when it validates, in file order."""
        return (site for site in self.of(call) if site.bindings)

    def of(self, call: Call) -> tuple[Site, ...]:
        """Return all expressions of a module, in file order."""
        found = self._found.get(call.path)
        if found is None:
            walks = (_Walk(self._configuration, call, block, self._providers, self.scope(call)) for block in call.module.blocks)
            found = self._found[call.path] = tuple(site for walk in walks for site in walk.block())
        return found


class _Walk:
    """One top-level block."""

    def __init__(self, configuration: Configuration, call: Call, top: Block, providers: frozenset[tuple[str, str]], scope: Scope) -> None:
        self._configuration = configuration
        self._call = call
        self._top = top
        self._providers = providers
        self._scope = scope
        self._bound: frozenset[str] = frozenset()

    def block(self) -> Iterator[Site]:
        top = self._top
        if top.type in _RESOURCES and len(top.labels) == 2:
            yield from self._resource()
        elif top.type == "module" and len(top.labels) == 1:
            yield from self._repeated("module")
        elif top.type == "provider" and len(top.labels) == 1 and self._has_user():
            yield from self._body(top, self._schemas("provider"), self._site(), _META["provider"])
        elif top.type == "locals":
            for attribute in top.attributes.values():
                yield from self._of(attribute, top, self._site())
        elif top.type == "output":
            yield from self._named(top, "value")
            yield from self._conditions(top, "precondition", self._site())
        elif top.type == "variable":
            yield from self._conditions(top, "validation", self._site())
        elif top.type == "check":
            yield from self._check()

    def _has_user(self) -> bool:
        return (self._call.module.directory, address_of(self._top)) in self._providers

    def _site(self) -> Site:
        """A site of the block that offers no names of its own."""
        return Site(_NOTHING, self._configuration.file(self._top), self._top)

    def _of(self, attribute: Attribute, block: Block, like: Site) -> Iterator[Site]:
        expr, name = attribute.expr, attribute.name
        if isinstance(expr, Literal) and name not in REPETITION:
            return
        file = self._configuration.file(block, attribute)
        references = tuple(hcl.traversals(expr, self._bound))
        yield Site(expr, file, like.top, like.each, like.value, like.count, like.own, like.bindings, name, references)

    def _named(self, block: Block, name: str) -> Iterator[Site]:
        attribute = block.attributes.get(name)
        if attribute is not None:
            yield from self._of(attribute, block, self._site())

    def _conditions(self, block: Block, kind: str, like: Site) -> Iterator[Site]:
        for inner in block.blocks:
            if inner.type == kind:
                for name in ("condition", "error_message"):
                    attribute = inner.attributes.get(name)
                    if attribute is not None:
                        yield from self._of(attribute, inner, like)

    def _schemas(self, kind: str) -> list[BlockSchema]:
        labels = self._top.labels
        local = ".".join([kind, *labels])
        declaration = Declaration(local, kind, labels[0], labels[-1], local, self._call.module.directory, self._top)
        found = (schema_of(declaration, bundle) for bundle in self._configuration.providers.of(declaration))
        return [schema for schema in found if schema is not None]

    def _inside(self, block: Block) -> Site:
        """The site of a repeated block's body; where both arguments repeat it, Terraform says so and nothing of what they bind."""
        counted, each = ("count" in block.attributes, "for_each" in block.attributes)
        return Site(_NOTHING, self._configuration.file(self._top), self._top, each=each, value=each, count=counted)

    def _repeated(self, kind: str) -> Iterator[Site]:
        for name in ("count", "for_each"):
            yield from self._named(self._top, name)
        for name, attribute in self._top.attributes.items():
            if name not in _META[kind]:
                yield from self._of(attribute, self._top, self._inside(self._top))

    def _resource(self) -> Iterator[Site]:
        top, inside = self._top, self._inside(self._top)
        for name in ("count", "for_each"):
            yield from self._named(top, name)
        yield from self._body(top, self._schemas(top.type), inside, _META["resource"])
        for inner in top.blocks:
            if inner.type == "lifecycle":
                yield from self._conditions(inner, "precondition", inside)
                yield from self._conditions(inner, "postcondition", replace(inside, own=True))
            elif inner.type in ("connection", "provisioner"):
                yield from self._provisioner(inner, replace(inside, own=True))

    def _provisioner(self, block: Block, like: Site) -> Iterator[Site]:
        like = replace(like, value=like.value and not _at_destroy(block))
        for attribute in block.attributes.values():
            if attribute.name not in ("when", "on_failure"):
                yield from self._of(attribute, block, like)
        for inner in block.blocks:
            if inner.type == "connection":
                yield from self._provisioner(inner, like)

    def _check(self) -> Iterator[Site]:
        yield from self._conditions(self._top, "assert", self._site())
        for inner in self._top.blocks:
            if inner.type == "data" and len(inner.labels) == 2:
                yield from self._body(inner, [], self._site(), _META["resource"])

    def _body(self, block: Block, schemas: Sequence[BlockSchema], like: Site, meta: frozenset[str] = frozenset()) -> Iterator[Site]:
        """Yield the sites of a body; without a schema everything is taken for known."""
        known = {name for schema in schemas for name in block.attributes if name in schema.attributes} if schemas else block.attributes
        for attribute in block.attributes.values():
            if attribute.name in known and attribute.name not in meta:
                yield from self._of(attribute, block, like)
        for inner in block.blocks:
            if meta and inner.type in _META_BLOCKS:
                continue
            if inner.type == "dynamic" and len(inner.labels) == 1:
                yield from self._dynamic(inner, schemas, like)
            elif not schemas or _known(inner.type, schemas):
                yield from self._body(inner, _nested(inner.type, schemas), like)

    def _dynamic(self, block: Block, schemas: Sequence[BlockSchema], like: Site) -> Iterator[Site]:
        name = block.labels[0]
        for argument in ("for_each", "labels"):
            attribute = block.attributes.get(argument)
            if attribute is not None:
                yield from self._of(attribute, block, like)
        iterator = block.value("iterator")
        bound = iterator.root if isinstance(iterator, Traversal) else name
        inside = replace(like, bindings=tuple(self._iterations(block, bound, like)))
        outer, self._bound = self._bound, self._bound | {bound}
        if not schemas or _known(name, schemas):
            for inner in block.blocks:
                if inner.type == "content":
                    yield from self._body(inner, _nested(name, schemas), inside)
        self._bound = outer

    def _iterations(self, block: Block, bound: str, like: Site) -> Iterator[Mapping[str, Value]]:
        """Yield what a ``dynamic`` block binds in each block that it generates; nothing when their number is not known."""
        attribute = block.attributes.get("for_each")
        for outer in like.bindings if attribute is not None else ():
            file = self._configuration.file(block, attribute)
            value, problems = self._scope.evaluate(attribute.expr, file, outer) if attribute is not None else (ANYTHING, ())
            for key, item in (indexing.elements(value) or ())[:_MOST] if not problems else ():
                yield {**outer, bound: object_of({"key": key, "value": item})}


def _at_destroy(block: Block) -> bool:
    when = block.value("when")
    return isinstance(when, Traversal) and when.root == "destroy"


def _known(name: str, schemas: Sequence[BlockSchema]) -> bool:
    """Whether a nested block has a place; a list-of-objects argument may be written as blocks."""
    return any(name in s.blocks or name in s.attributes for s in schemas)


def _nested(name: str, schemas: Sequence[BlockSchema]) -> list[BlockSchema]:
    """Return the schemas inside a nested block; none, which lets everything pass, when one of them writes it as an argument."""
    found: list[NestedBlock] = [s.blocks[name] for s in schemas if name in s.blocks]
    return [] if any(name in s.attributes for s in schemas) else [nested.block for nested in found]
