"""References to attributes that a resource does not have, or that need an instance to be named first.

Terraform asks the provider's schema, not values: what a reference says behind the resource's name up to the first index that is computed. Where
the version of a provider is open, only what all candidates refuse is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Block, Index, Literal, Step, Traversal, Tuple
from reviewgen.model.source import SourceFile
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform.graph import local_address
from reviewgen.terraform.schema.types import BlockSchema, NestedBlock

from .. import places
from ..configuration import Call, Configuration
from ..diagnostics import did_you_mean
from ..evaluation import Value, indexing, lift
from ..schemas.schema import schema_of
from .dependencies import named
from .references import is_resource, subject
from .sites import Site, Sites

_COUNT = "Invalid resource count attribute"
_KEYS = {"count": "count.index", "for_each": "each.key"}
_UNEXPECTED = (
    'Because {} does not have "count" or "for_each" set, references to it must not include an index key. Remove the bracketed index to refer '
    "to the single instance of this resource."
)
_REDUNDANT = (
    "Adding an attribute name to ignore_changes tells Terraform to ignore future changes to the argument in configuration after the object has "
    "been created, retaining the value originally configured.\n\nThe attribute {} is decided by the provider alone and therefore there can be "
    "no configured value to compare with. Including this attribute in ignore_changes has no effect. Remove the attribute from ignore_changes "
    "to quiet this warning."
)


@dataclass(frozen=True, slots=True)
class _Said:
    """Something about one step: ``step`` is its position behind the resource, ``refused`` as in ``Diagnostic.refused``."""

    severity: str
    summary: str
    detail: str
    step: int
    refused: tuple[str, ...] = ()


def check(configuration: Configuration, sites: Sites) -> Iterator[Diagnostic]:
    """Yield what is wrong with references to attributes in all modules that the root reaches."""
    for call in configuration.calls:
        for site in sites.reached(call):
            for reference in site.references:
                if reference.root == "self" or (is_resource(reference) and reference.steps):
                    yield from _reference(configuration, call, site, reference)
        for block in call.module.blocks:
            if block.type == "resource" and len(block.labels) == 2:
                yield from _ignored(configuration, call, block)


def _reference(configuration: Configuration, call: Call, site: Site, reference: Traversal) -> Iterator[Diagnostic]:
    declaration = _declaration(call, site, reference)
    if declaration is None or not declaration.block.complete:
        return
    used, fixed = subject(reference), places.fixed_steps(reference)
    rest = fixed[used:]
    if reference.root != "self":
        yield from _instance(configuration, site, reference, declaration, rest)
    spans: list[places.Span] = []
    for said in _agreed(configuration, declaration, rest):
        spans = spans or places.step_spans(reference, site.file.data)
        whole = said.summary == _COUNT
        span = (reference.start, spans[used - 1][1]) if whole else spans[used + said.step]
        diagnostic = configuration.error(said.summary, said.detail, site.file, span, site.top, said.severity)
        yield replace(diagnostic, refused=said.refused) if said.refused else diagnostic


def _declaration(call: Call, site: Site, reference: Traversal) -> Declaration | None:
    if reference.root == "self":
        if not site.own or len(site.top.labels) != 2:
            return None
        local = ".".join(site.top.labels if site.top.type == "resource" else [site.top.type, *site.top.labels])
    else:
        local = local_address(reference) or ""
    return call.module.declarations.get(call.module.prefix + local)


def _instance(
    configuration: Configuration, site: Site, reference: Traversal, declaration: Declaration, rest: Sequence[Step]
) -> Iterator[Diagnostic]:
    """Judge whether an instance is named where there are several, and none where there is one."""
    used, local = subject(reference), declaration.local
    indexed = used > 0 and isinstance(reference.steps[used - 1], Index)
    repeated = next((name for name in _KEYS if name in declaration.block.attributes), "")
    if indexed == bool(repeated) or not (indexed or rest):
        return
    if indexed:
        summary, detail = "Unexpected resource instance key", _UNEXPECTED.format(local)
    else:
        summary = "Missing resource instance key"
        detail = (
            f'Because {local} has "{repeated}" set, its attributes must be accessed on specific instances.\n\n'
            f"For example, to correlate with indices of a referring resource, use:\n    {local}[{_KEYS[repeated]}]"
        )
    end = places.step_spans(reference, site.file.data)[used - 1][1]
    yield configuration.error(summary, detail, site.file, (reference.start, end), site.top)


def _agreed(configuration: Configuration, declaration: Declaration, steps: Sequence[Step]) -> list[_Said]:
    """Return what every candidate schema objects to."""
    if not steps:
        return []
    bundles = configuration.providers.of(declaration)
    known = [schema for bundle in bundles if (schema := schema_of(declaration, bundle)) is not None]
    if not known or len(known) < len(bundles):
        return []
    if isinstance(steps[0], Attr) and steps[0].name == "count" and "count" not in known[0].attributes:
        detail = (
            'The special "count" attribute is no longer supported after Terraform v0.12. '
            f"Instead, use length({declaration.local}) to count resource instances."
        )
        return [_Said("error", _COUNT, detail, 0)]
    first, *others = (list(_block(schema, steps, 0)) for schema in known)
    versions = [bundle.version for bundle in bundles]
    return [mildest for said in first if (mildest := _mildest(said, others, versions)) is not None]


def _mildest(said: _Said, others: Sequence[Sequence[_Said]], versions: Sequence[str]) -> _Said | None:
    """Return the mildest words that all candidates, of these versions, have for a step, None when one of them has none."""
    found = [said]
    for candidate in others:
        same = next((other for other in candidate if other.step == said.step), None)
        if same is None:
            return None
        found.append(same)
    mildest = next((one for one in found if one.severity == "warning"), None)
    refused = tuple(version for version, one in zip(versions, found, strict=True) if one.severity == "error")
    return replace(mildest, refused=refused) if mildest is not None else said


def _block(schema: BlockSchema, steps: Sequence[Step], at: int) -> Iterator[_Said]:
    """Judge the steps from a body on."""
    if at == len(steps):
        return
    step = steps[at]
    if not isinstance(step, Attr):
        yield _no_attribute(step, at)
        return
    attribute, nested = schema.attributes.get(step.name), schema.blocks.get(step.name)
    if attribute is not None:
        if attribute.deprecated is not None:
            detail = f'The attribute "{step.name}" is deprecated. Refer to the provider documentation for details.'
            yield _Said("warning", "Deprecated attribute", detail, at)
        yield from _value(Value(attribute.type), steps, at + 1)
    elif nested is not None:
        yield from _nested(nested, steps, at + 1)
    else:
        hint = did_you_mean(step.name, [*schema.attributes, *schema.blocks])
        detail = f'This object has no argument, nested block, or exported attribute named "{step.name}".{hint}'
        yield _Said("error", "Unsupported attribute", detail, at)


def _no_attribute(step: Step, at: int) -> _Said:
    key = step.key.value if isinstance(step, Index) and isinstance(step.key, Literal) else None
    detail = "Only attribute access is allowed here, using the dot operator."
    if isinstance(key, str) and places.NAME.fullmatch(key):
        detail = f'Only attribute access is allowed here. Did you mean to access attribute "{key}" using the dot operator?'
    return _Said("error", "Invalid index operation", detail, at)


def _nested(nested: NestedBlock, steps: Sequence[Step], at: int) -> Iterator[_Said]:
    if nested.nesting in ("single", "group"):
        yield from _block(nested.block, steps, at)
    elif at == len(steps):
        return
    elif nested.nesting == "set":
        detail = (
            f'Block type "{nested.name}" is represented by a set of objects, and set elements do not have addressable keys. To find elements '
            'matching specific criteria, use a "for" expression with an "if" clause.'
        )
        yield _Said("error", "Cannot index a set value", detail, at)
    elif nested.nesting == "list" and not isinstance(steps[at], Index):
        name = nested.name
        detail = f'Block type "{name}" is represented by a list of objects, so it must be indexed using a numeric key, like .{name}[0].'
        yield _Said("error", "Invalid operation", detail, at)
    else:
        yield from _block(nested.block, steps, at + 1)


def _value(value: Value, steps: Sequence[Step], at: int) -> Iterator[_Said]:
    """Judge the steps from an attribute on, up to the first that is wrong."""
    for position in range(at, len(steps)):
        step = steps[position]
        if isinstance(step, Attr):
            value, wrong = indexing.attribute(value, step.name)
        elif isinstance(step, Index) and isinstance(step.key, Literal):
            value, wrong = indexing.index(value, lift(step.key.value))
        else:
            return
        if wrong:
            yield _Said("error", *wrong, position)
            return


def _ignored(configuration: Configuration, call: Call, block: Block) -> Iterator[Diagnostic]:
    """Judge what ``ignore_changes`` names; what the provider alone decides is named to no effect."""
    declaration = call.module.declarations.get(f"{call.module.prefix}{'.'.join(block.labels)}")
    for inner in block.blocks:
        attribute = inner.attributes.get("ignore_changes") if inner.type == "lifecycle" else None
        if declaration is not None and attribute is not None and isinstance(attribute.expr, Tuple):
            file = configuration.file(inner, attribute)
            for item in attribute.expr.items:
                reference = named(item)
                if reference is not None:
                    yield from _ignored_attribute(configuration, declaration, reference, file)


def _ignored_attribute(
    configuration: Configuration, declaration: Declaration, reference: Traversal, file: SourceFile
) -> Iterator[Diagnostic]:
    block, steps = declaration.block, (Attr(reference.root), *reference.steps)
    found = _agreed(configuration, declaration, steps)
    for said in found:
        span = places.root_of(reference) if not said.step else places.step_spans(reference, file.data)[said.step - 1]
        yield configuration.error(said.summary, said.detail, file, span, block, said.severity)
    schemas = [schema_of(declaration, bundle) for bundle in configuration.providers.of(declaration)]
    attributes = [schema.attributes.get(reference.root) for schema in schemas if schema is not None]
    if attributes and not found and not reference.steps and all(a is not None and a.read_only for a in attributes):
        home = configuration.file(block)
        start, end = places.labels(block, home.data)[0]
        detail = _REDUNDANT.format(reference.root)
        yield configuration.error("Redundant ignore_changes element", detail, home, (start, end), block, "warning")
