"""Meta-arguments, lifecycle and provisioners of resources, data sources and ephemeral resources."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Attribute, Block, Expression, Invalid, Literal, Traversal
from reviewgen.model.hcl import Tuple as ListExpression

from . import grammar, names, provider_references, static
from .frame import Frame

_WORDS = {"resource": "resource", "data": "data resource", "ephemeral": "ephemeral resource"}
_TYPE_WORDS = {"resource": "resource type name", "data": "data source name", "ephemeral": "ephemeral resource type"}
_MANAGED_ONLY = ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by")
_REMOVED = ("chef", "habitat", "puppet", "salt-masterless")
_TRIGGER = "Invalid replace_triggered_by expression"
_TRIGGER_REFERENCE = (
    "Invalid reference in replace_triggered_by expression",
    "Only resources, count.index, and each.key may be used in replace_triggered_by.",
)
_FROM_DESTROY = (
    "Invalid reference from destroy provisioner",
    "Destroy-time provisioners and their connection configurations may only reference attributes of the related resource, via 'self', "
    "'count.index', or 'each.key'.\n\nReferences to other resources during the destroy phase can cause dependency cycles and interact "
    "poorly with create_before_destroy.",
)
# No resource types: these words begin other references.
_NO_RESOURCE = frozenset({"var", "local", "module", "path", "terraform", "self", "each", "count"})


def resource(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a resource, data source or ephemeral resource as far as no provider is needed."""
    kind = frame.block.type
    yield from names.label(frame, 0, _TYPE_WORDS[kind])
    yield from names.label(frame, 1, f"{_WORDS[kind]} name")
    yield from repetition(frame)
    yield from static.reference_list(frame, "depends_on")
    yield from provider_references.check(frame, "provider")
    yield from reserved(frame, kind, ("locals",))
    yield from once(frame, "lifecycle", "Duplicate lifecycle block", "This resource already has a lifecycle block at {}.")
    yield from once(frame, "connection", "Duplicate connection block", "This resource already has a connection block at {}.")
    yield from escaping(frame, "resource" if kind == "resource" else "data", "resource-type-specific")


def repetition(frame: Frame) -> Iterator[Diagnostic]:
    """Yield an error when a block has both ``count`` and ``for_each``."""
    both = [frame.block.attributes[name] for name in ("count", "for_each") if name in frame.block.attributes]
    if len(both) == 2:
        detail = (
            'The "count" and "for_each" meta-arguments are mutually-exclusive, only one should be used to be explicit about the number of '
            "resources to be created."
        )
        yield frame.at_name(both[1], 'Invalid combination of "count" and "for_each"', detail)


def reserved(frame: Frame, kind: str, types: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield an error for each nested block whose type Terraform keeps for later."""
    for block in frame.block.blocks:
        if block.type in types:
            detail = f'The block type name "{block.type}" is reserved for use by Terraform in a future version.'
            yield frame.inside(block).at_type(f"Reserved block type name in {kind} block", detail)


def once(frame: Frame, kind: str, summary: str, detail: str) -> Iterator[Diagnostic]:
    """Yield an error for each further nested block of a type; ``detail`` takes the place of the one before."""
    first: Block | None = None
    for inner in frame.nested(kind):
        if inner.block.labels:
            continue
        if first is not None:
            yield inner.at_header(summary, detail.format(frame.place(first)))
        first = first or inner.block


def escaping(frame: Frame, kind: str, owner: str) -> Iterator[Diagnostic]:
    """Yield an error for each further block ``_``."""
    detail = (
        f'The special block type "_" can be used to force particular arguments to be interpreted as {owner} rather than as meta-arguments, '
        f"but each {kind} block can have only one such block. The first escaping block was at {{}}."
    )
    yield from once(frame, "_", "Duplicate escaping block", detail)


def lifecycle(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the ``lifecycle`` block of a managed resource."""
    yield from static.flag(frame, "create_before_destroy")
    yield from static.flag(frame, "prevent_destroy")
    yield from _ignore_changes(frame)
    yield from _replace_triggered_by(frame)


def unmanaged_lifecycle(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with the ``lifecycle`` block of a data source or an ephemeral resource."""
    word = _WORDS[frame.top.type]
    for attribute in frame.block.attributes.values():
        if attribute.name in _MANAGED_ONLY:
            detail = (
                f'The lifecycle argument "{attribute.name}" is defined only for managed resources ("resource" blocks), and is not valid for '
                f"{word}s."
            )
            yield frame.at_name(attribute, f"Invalid {word} lifecycle argument", detail)


def _ignore_changes(frame: Frame) -> Iterator[Diagnostic]:
    attribute = frame.block.attributes.get("ignore_changes")
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    expr = attribute.expr
    if isinstance(expr, Traversal) and expr.root == "all" and not expr.steps:
        return
    if not isinstance(expr, ListExpression):
        yield static.not_a_list(frame, attribute)
        return
    wildcard = [item for item in expr.items if isinstance(item, Literal) and item.value == "*"]
    for item in expr.items:
        if item in wildcard:
            if len(expr.items) > 1:
                detail = 'Cannot mix wildcard string "*" with non-wildcard references.'
                yield frame.at(attribute, item, "Invalid ignore_changes ruleset", detail)
        else:
            yield from static.reference(frame, attribute, item)
    if wildcard:
        detail = (
            'The ["*"] form of ignore_changes wildcard is was deprecated and is now invalid. Use "ignore_changes = all" to ignore changes '
            "to all attributes."
        )
        yield frame.at(attribute, expr, "Invalid ignore_changes wildcard", detail)


def _replace_triggered_by(frame: Frame) -> Iterator[Diagnostic]:
    """Terraform reads the list up to the first item that is wrong."""
    attribute = frame.block.attributes.get("replace_triggered_by")
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    if not isinstance(attribute.expr, ListExpression):
        yield static.not_a_list(frame, attribute)
        return
    for item in attribute.expr.items:
        found = list(_trigger(frame, attribute, item))
        yield from found
        if found:
            return


def _trigger(frame: Frame, attribute: Attribute, item: Expression) -> Iterator[Diagnostic]:
    mentions = hcl.traversals(item)
    resources = [t for t in mentions if t.root not in _NO_RESOURCE]
    if any(t.root in _NO_RESOURCE and not _instance_key(t) for t in mentions):
        yield frame.at(attribute, item, *_TRIGGER_REFERENCE)
    if not resources:
        yield frame.at(attribute, item, _TRIGGER, "Missing resource reference in replace_triggered_by expression.")


def _instance_key(traversal: Traversal) -> bool:
    return (traversal.root, traversal.steps) in (("count", (Attr("index"),)), ("each", (Attr("key"),)))


def provisioner(frame: Frame) -> Iterator[Diagnostic]:
    """Yield what is wrong with a ``provisioner`` block."""
    name = frame.block.labels[0]
    if name in _REMOVED:
        detail = (
            f'The "{name}" provisioner was deprecated in Terraform 0.13.4 has been removed from Terraform. Visit '
            "https://learn.hashicorp.com/collections/terraform/provision for alternatives to using provisioners that are a better fit for the "
            "Terraform workflow."
        )
        yield frame.at_label(0, f'The "{name}" provisioner has been removed', detail)
        return
    yield from _keyword(frame, "when", ("create", "destroy"))
    yield from _keyword(frame, "on_failure", ("continue", "fail"))
    yield from reserved(frame, "provisioner", ("lifecycle",))
    yield from once(frame, "connection", "Duplicate connection block", "This provisioner already has a connection block at {}.")
    yield from escaping(frame, "provisioner", "provisioner-typpe-specific")
    if runs_at_destroy(frame):
        yield from _only_self(frame)
        for connection in frame.nested("connection"):
            yield from _only_self(connection)


def runs_at_destroy(frame: Frame) -> bool:
    """Whether a provisioner runs when its resource is destroyed."""
    when = frame.block.value("when")
    return _word(when) == "destroy"


def _word(expr: Expression | None) -> str | None:
    if isinstance(expr, Traversal) and not expr.steps:
        return expr.root
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, str) else None


def _keyword(frame: Frame, name: str, allowed: tuple[str, str]) -> Iterator[Diagnostic]:
    attribute = frame.block.attributes.get(name)
    if attribute is None or isinstance(attribute.expr, Invalid):
        return
    if isinstance(attribute.expr, Literal) and isinstance(attribute.expr.value, str):
        yield static.quoted(frame, attribute, attribute.expr, "keyword")
    if _word(attribute.expr) not in allowed:
        detail = f'The "{name}" argument requires one of the following keywords: {allowed[0]} or {allowed[1]}.'
        yield frame.at(attribute, attribute.expr, f'Invalid "{name}" keyword', detail)


def _only_self(frame: Frame) -> Iterator[Diagnostic]:
    own = grammar.BODIES["resource", "provisioner"].arguments if frame.block.type == "provisioner" else ()
    for attribute in frame.block.attributes.values():
        if attribute.name not in own:
            for traversal in hcl.traversals(attribute.expr):
                if traversal.root not in ("self", "path", "terraform") and not _instance_key(traversal):
                    yield frame.at(attribute, attribute.expr, *_FROM_DESTROY)
