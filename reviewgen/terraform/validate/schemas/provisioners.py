"""Provisioners and their connections against the schemas that Terraform itself has of them.

Facts: the provisioners that Terraform 1.11 has built in, and its superset of the arguments of SSH and WinRM connections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Block
from reviewgen.terraform.schema.types import BOOL, NUMBER, STRING, AttributeSchema, BlockSchema, Type

from ..configuration import Configuration
from ..language import grammar
from ..scope import Scope
from . import body
from .body import Context

_LIST, _MAP = Type("list", STRING), Type("map", STRING)


def _schema(types: Mapping[str, Type], *required: str) -> BlockSchema:
    found = {n: AttributeSchema(n, t, required=n in required, optional=n not in required) for n, t in types.items()}
    return BlockSchema(found)


_SCHEMAS = {
    "file": _schema({"source": STRING, "content": STRING, "destination": STRING}, "destination"),
    "local-exec": _schema({"command": STRING, "interpreter": _LIST, "working_dir": STRING, "environment": _MAP, "quiet": BOOL}, "command"),
    "remote-exec": _schema({"inline": _LIST, "script": STRING, "scripts": _LIST}),
}
_TEXTS = (
    "type", "user", "password", "host", "timeout", "script_path", "target_platform", "private_key", "certificate", "host_key",
    "agent_identity", "proxy_scheme", "proxy_host", "proxy_user_name", "proxy_user_password", "bastion_host", "bastion_host_key",
    "bastion_user", "bastion_password", "bastion_private_key", "bastion_certificate", "cacert",
)  # fmt: skip
_CONNECTION = _schema(
    {name: STRING for name in _TEXTS}
    | {name: NUMBER for name in ("port", "proxy_port", "bastion_port")}
    | {name: BOOL for name in ("agent", "https", "insecure", "use_ntlm")},
    "host",
)
# Arguments of which exactly one must be set: what is said of none, and of several.
_ONE_OF = {
    "file": (
        ("source", "content"),
        ("Must provide one of 'source' or 'content'", ""),
        ("Cannot set both 'source' and 'content'", ""),
    ),
    "remote-exec": (
        ("inline", "script", "scripts"),
        ("Invalid remote-exec provisioner configuration", 'Only one of "inline", "script", or "scripts" must be set'),
        ("Invalid remote-exec provisioner configuration", 'Only one of "inline", "script", or "scripts" must be set'),
    ),
}
_OWN = grammar.BODIES["resource", "provisioner"]
_REMOVED = frozenset({"chef", "habitat", "puppet", "salt-masterless"})


def check(configuration: Configuration) -> Iterator[Diagnostic]:
    """Yield what is wrong with the bodies of provisioners and connections; a connection without provisioner is never looked at."""
    for module in configuration.modules:
        scope = Scope.of(configuration, module)
        context = Context(lambda path: configuration.tree.files[path].data, scope.value)
        for top in grammar.labelled(module, "resource"):
            found = [b for b in top.blocks if b.type == "provisioner" and len(b.labels) == 1 and b.complete]
            if found and top.complete:
                yield from _resource(configuration, context, top, found)


def _resource(configuration: Configuration, context: Context, top: Block, provisioners: list[Block]) -> Iterator[Diagnostic]:
    shared = _connection(top)
    if shared is not None:
        yield from _body(configuration, top, shared, _CONNECTION, context)
    for block in provisioners:
        schema = _SCHEMAS.get(block.labels[0])
        if schema is None:
            if block.labels[0] not in _REMOVED:
                yield _unknown(block.labels[0])
            continue
        own = replace(context, arguments=frozenset(_OWN.arguments), blocks=frozenset(_OWN.blocks))
        found = list(_body(configuration, top, block, schema, own))
        yield from found
        if not found:
            yield from _one_of(block, context)
        inner = _connection(block)
        if inner is not None:
            yield from _body(configuration, top, inner, _completed(shared), context)


def _connection(block: Block) -> Block | None:
    return next((b for b in block.blocks if b.type == "connection" and not b.labels), None)


def _completed(shared: Block | None) -> BlockSchema:
    """Return what a provisioner's connection must still say besides the resource's."""
    given = shared.attributes if shared is not None else {}
    attributes = {n: replace(a, required=a.required and n not in given) for n, a in _CONNECTION.attributes.items()}
    return BlockSchema(attributes)


def _body(configuration: Configuration, top: Block, block: Block, schema: BlockSchema, context: Context) -> Iterator[Diagnostic]:
    for finding in body.check(block, schema, context):
        file = configuration.tree.files[finding.file]
        span = (finding.start, finding.end)
        yield configuration.error(finding.summary, finding.detail, file, span, top, finding.severity)


def _unknown(name: str) -> Diagnostic:
    detail = (
        f"This configuration requires provisioner plugin \"{name}\", which isn't available. If you're intending to use an external "
        "provisioner plugin, you must install it manually into one of the plugin search directories before running Terraform."
    )
    return Diagnostic("error", "Missing required provisioner plugin", detail)


def _one_of(block: Block, context: Context) -> Iterator[Diagnostic]:
    """Terraform names no place for what the provisioner itself says."""
    if block.labels[0] in _ONE_OF:
        names, none, several = _ONE_OF[block.labels[0]]
        given = [name for name in names if name in block.attributes and context.value(block.attributes[name].expr) is not None]
        if len(given) != 1:
            yield Diagnostic("error", *(several if given else none))
