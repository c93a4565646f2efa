"""What each call of a module knows of providers: what it requires, configures, expects and is given.

The words and the order of questions follow Terraform's ``configs`` package; provider configurations are told apart by local name and alias.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reviewgen.hcl import evaluate
from reviewgen.model.hcl import Attribute, Block, Expression, Literal, Object, Traversal
from reviewgen.model.hcl import Tuple as ListExpression
from reviewgen.records import dataclass

from .. import places
from ..configuration import Call, Configuration
from ..language import grammar, names
from ..language.duplicates import alias_of
from ..language.frame import Frame
from ..language.provider_references import Reference, read
from ..places import Span

HOST = "registry.terraform.io"
_BUILT_IN = "terraform.io/builtin/terraform"


def implied(name: str) -> str:
    """Return the source address that a local name means when nobody says more."""
    return _BUILT_IN if name == "terraform" else f"{HOST}/hashicorp/{name}"


def shown(source: str) -> str:
    """Return a source address as messages show it: the usual host is left out."""
    return source.removeprefix(f"{HOST}/")


@dataclass(frozen=True, slots=True)
class Passed:
    """One pair of a ``module`` block's ``providers``.

    Attributes:
        inner: The configuration's name in the called module.
        outer: Its name in the caller.
        attribute: The argument ``providers``.
        inner_name: Where the name of ``inner`` stands.
        outer_name: Where the name of ``outer`` stands.
    """

    inner: Reference
    outer: Reference
    attribute: Attribute
    inner_name: Span
    outer_name: Span


@dataclass(frozen=True, slots=True)
class Requirement:
    """One entry of ``required_providers``.

    Attributes:
        source: Source address.
        aliases: The configurations that a caller has to pass, as code writes them.
        attribute: The entry.
        block: The ``required_providers`` block.
        top: The ``terraform`` block.
    """

    source: str
    aliases: tuple[str, ...]
    attribute: Attribute
    block: Block
    top: Block


@dataclass(frozen=True, slots=True)
class Scope:
    """A call of a module with what it knows of providers.

    Attributes:
        call: The call.
        required: Requirements by local name.
        configured: Provider blocks that configure something, by reference as code writes it.
        empty: Provider blocks that configure nothing, likewise.
        passed: What the caller passes, by reference in the module.
    """

    call: Call
    required: Mapping[str, Requirement]
    configured: Mapping[str, Block]
    empty: Mapping[str, Block]
    passed: Mapping[str, Passed]

    def source(self, name: str) -> str:
        """Return the source address behind a local name."""
        found = self.required.get(name)
        return found.source if found else implied(name)

    @property
    def aliases(self) -> dict[str, str]:
        """The configurations that callers have to pass, each with its source address."""
        return {alias: requirement.source for requirement in self.required.values() for alias in requirement.aliases}

    def key(self, reference: Reference) -> tuple[str, str]:
        """Return what tells a configuration apart inside the module: source address and alias."""
        return self.source(reference.name), reference.alias

    @property
    def present(self) -> set[tuple[str, str]]:
        """The configurations that the module has, by ``key``."""
        here = [Reference(*text.split(".", 1)) for text in (*self.configured, *self.empty)]
        return {self.key(reference) for reference in (*here, *(p.inner for p in self.passed.values()))}


def by_path(configuration: Configuration) -> Mapping[tuple[str, ...], Scope]:
    """Return the scopes of all calls by path, callers before what they call; they are made once."""
    if not configuration.provider_scopes:
        configuration.provider_scopes.update((call.path, _scope(configuration, call)) for call in configuration.calls)
    return configuration.provider_scopes


def _scope(configuration: Configuration, call: Call) -> Scope:
    configured: dict[str, Block] = {}
    empty: dict[str, Block] = {}
    for block in grammar.labelled(call.module, "provider"):
        alias = alias_of(block)
        text = f"{block.labels[0]}.{alias}" if alias else block.labels[0]
        kind = configured if block.blocks or block.attributes.keys() - {"alias"} or not block.complete else empty
        kind.setdefault(text, block)
    passed: dict[str, Passed] = {}
    if call.block is not None:
        for pair in pairs(Frame(configuration, call.block, call.block)):
            passed.setdefault(pair.inner.text, pair)
    return Scope(call, dict(_required(call)), configured, empty, passed)


def _required(call: Call) -> Iterator[tuple[str, Requirement]]:
    for top, block in list(grammar.settings(call.module, "required_providers"))[:1]:
        for name, attribute in block.attributes.items():
            if names.provider_problem(name):
                continue
            entries = _entries(attribute.expr)
            source = entries.get("source")
            text = source.value if isinstance(source, Literal) and isinstance(source.value, str) else ""
            aliases = entries.get("configuration_aliases")
            items = aliases.items if isinstance(aliases, ListExpression) else ()
            read_aliases = tuple(reference.text for item in items if (reference := read(item)) is not None)
            yield name, Requirement(_address(text) or implied(name), read_aliases, attribute, block, top)


def _entries(expr: Expression) -> dict[str, Expression]:
    if not isinstance(expr, Object):
        return {}
    return {str(name): value for key, value in expr.items if isinstance(name := evaluate(key), str)}


def _address(source: str) -> str:
    """Return a source address with host and namespace; empty when there is none."""
    parts = source.lower().split("/")
    if not all(parts) or len(parts) > 3:
        return ""
    return "/".join([HOST, "hashicorp"][: 3 - len(parts)] + parts)


def pairs(frame: Frame) -> Iterator[Passed]:
    """Yield what a ``module`` block passes in ``providers``."""
    attribute = frame.block.attributes.get("providers")
    if attribute is None or not isinstance(attribute.expr, Object):
        return
    data = frame.file(attribute).data
    for key, value in attribute.expr.items:
        inner, outer = read(key), read(value)
        if inner is not None and outer is not None and all(_as_it_is(side, data) for side in (key, value)):
            yield Passed(inner, outer, attribute, _name(key, inner, data), _name(value, outer, data))


def _as_it_is(expr: Expression, data: bytes) -> bool:
    """Whether nothing is written around an expression that would make it a computation."""
    return places.written_span(expr, data) == (expr.start, expr.end)


def _name(expr: Expression, reference: Reference, data: bytes) -> Span:
    if isinstance(expr, Traversal):
        return places.root_of(expr)
    start = expr.start + (data[expr.start : expr.start + 1] == b'"')
    return start, start + len(reference.name.encode())
