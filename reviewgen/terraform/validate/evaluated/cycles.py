"""Things that need each other before they can exist: Terraform orders everything by its references, and refuses when that order ends in a ring.

The order is that of its validation graph: a resource needs what its arguments, conditions and provisioners name, everything in a module needs
what the module's ``count``, ``for_each`` and ``depends_on`` name, who names a module as a whole needs everything in it, and who names an input
variable needs its validation. What refers to itself alone is no ring. Terraform names the members in no fixed order; we name them sorted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reviewgen import hcl
from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attr, Block, Traversal
from reviewgen.terraform.graph import local_address

from .. import places
from ..configuration import Call, Configuration, module_blocks
from ..providers.provided import address_of, provider_of
from ..providers.scopes import HOST, shown
from .sites import REPETITION, Site, Sites

_ADDRESSED = frozenset({"resource", "data", "ephemeral"})
# A block that lacks its name is no node: Terraform has rejected it.
_LABELS = {"module": 1, "output": 1, "provider": 1}


def check(configuration: Configuration, sites: Sites) -> Iterator[Diagnostic]:
    """Yield one error for each ring; it has no place."""
    graph = _Graph(configuration, sites)
    for ring in sorted(sorted(ring) for ring in rings(graph.edges)):
        yield Diagnostic("error", f"Cycle: {', '.join(ring)}")


class _Graph:
    """Which node needs which; nodes go by the names that Terraform gives them."""

    def __init__(self, configuration: Configuration, sites: Sites) -> None:
        self.edges: dict[str, set[str]] = defaultdict(set)
        self._configuration = configuration
        self._calls = {call.path: call for call in configuration.calls}
        for call in configuration.calls:
            for site in sites.of(call):
                if len(site.top.labels) >= _LABELS.get(site.top.type, 0):
                    self._needs(call, self._node(call, site), site.references)
            for block in call.module.blocks:
                self._arguments(call, block)
            self._members(call)

    def _needs(self, call: Call, node: str, references: Iterable[Traversal]) -> None:
        for reference in references:
            self.edges[node].update(target for target in self._targets(call, reference) if target != node)

    def _node(self, call: Call, site: Site) -> str:
        """Return the node that evaluates an expression."""
        top = site.top
        if top.type == "module":
            if site.name in REPETITION:
                return _module(call, top.labels[0], "expand")
            return f"{_prefix(call)}module.{top.labels[0]}.var.{site.name} (expand)"
        if top.type == "locals":
            return f"{_prefix(call)}local.{site.name} (expand)"
        if top.type == "output":
            return _output(_prefix(call), top.labels[0])
        if top.type == "variable" and top.labels:
            return f"{_prefix(call)}var.{top.labels[0]} (validation)"
        return self._provider(call, address_of(top)) if top.type == "provider" else _prefix(call) + _address(top)

    def _provider(self, call: Call, local: str) -> str:
        """Return the node of a ``provider`` block, which Terraform names by its source."""
        _, name, *alias = local.split(".")
        source = shown(self._configuration.providers.source(call.module.directory, name))
        return ".".join([f'{_prefix(call)}provider["{HOST}/{source}"]', *alias])

    def _arguments(self, call: Call, block: Block) -> None:
        """Add what is needed by arguments that are no expressions: the order asked for, what triggers a replacement, and the provider."""
        if block.type == "module" and len(block.labels) == 1:
            self._needs(call, _module(call, block.labels[0], "expand"), _listed(block, "depends_on"))
        elif block.type == "output" and len(block.labels) == 1:
            self._needs(call, _output(_prefix(call), block.labels[0]), _listed(block, "depends_on"))
        elif block.type in _ADDRESSED and len(block.labels) == 2:
            node = _prefix(call) + _address(block)
            self._needs(call, node, _listed(block, "depends_on"))
            for inner in block.blocks:
                if inner.type == "lifecycle":
                    self._needs(call, node, _listed(inner, "replace_triggered_by"))
            provider = provider_of(self._configuration, call, block)
            if provider is not None:
                self.edges[node].add(self._provider(*provider))

    def _members(self, call: Call) -> None:
        """Tie the nodes of a module to its begin and its end."""
        if call.parent is None:
            return
        name = call.path[-1]
        begin, end = _module(call.parent, name, "expand"), _module(call.parent, name, "close")
        if call.parent.parent is not None:
            self.edges[begin].add(_module(call.parent.parent, call.path[-2], "expand"))
        prefix = _prefix(call)
        for node in {*self._declared(call, prefix), *(n for n in self.edges if n.startswith(prefix))}:
            if not node.removeprefix(prefix).startswith("provider["):
                self.edges[node].add(begin)
                self.edges[end].add(node)

    def _declared(self, call: Call, prefix: str) -> Iterator[str]:
        for declaration in call.module.declarations.values():
            if declaration.kind in ("resource", "data"):
                yield prefix + declaration.local
            elif declaration.kind in ("local", "variable"):
                yield f"{prefix}{declaration.local} (expand)"
            elif declaration.kind == "output":
                yield _output(prefix, declaration.name)
        for block in module_blocks(call.module):
            if (*call.path, block.labels[0]) in self._calls:
                yield _module(call, block.labels[0], "close")

    def _targets(self, call: Call, reference: Traversal) -> Iterator[str]:
        """Yield the nodes that a reference waits for: who uses an input variable also waits for what validates it."""
        target = self._target(call, reference)
        if target:
            yield target
            if reference.root == "var" and self._is_validated(call, reference):
                yield _validated(target)

    def _is_validated(self, call: Call, reference: Traversal) -> bool:
        declaration = call.module.declarations[f"{call.module.prefix}{local_address(reference)}"]
        return any(block.type == "validation" for block in declaration.block.blocks)

    def _target(self, call: Call, reference: Traversal) -> str:
        """Return the node that a reference waits for; empty for none."""
        local = local_address(reference)
        prefix = _prefix(call)
        if local is None or reference.root == "module":
            return self._of_module(call, reference)
        if f"{call.module.prefix}{local}" not in call.module.declarations:
            return ""
        if reference.root in ("var", "local"):
            return f"{prefix}{local} (expand)" if reference.root == "local" or call.parent is not None else ""
        return prefix + local

    def _of_module(self, call: Call, reference: Traversal) -> str:
        names = [step.name for step in places.fixed_steps(reference) if isinstance(step, Attr)]
        child = self._calls.get((*call.path, names[0])) if reference.root == "module" and names else None
        if child is None:
            return ""
        if len(names) > 1 and f"{child.module.prefix}output.{names[1]}" in child.module.declarations:
            return _output(_prefix(child), names[1])
        return _module(call, names[0], "close") if len(names) == 1 else ""


def _prefix(call: Call) -> str:
    return f"{call.address}." if call.path else ""


def _module(call: Call, name: str, moment: str) -> str:
    return f"{_prefix(call)}module.{name} ({moment})"


def _output(prefix: str, name: str) -> str:
    return f"{prefix}output.{name} (expand)"


def _validated(variable: str) -> str:
    """Return the node that checks an input variable's value, which Terraform has from 1.9 on."""
    return f"{variable.removesuffix(' (expand)')} (validation)"


def _address(block: Block) -> str:
    return ".".join(block.labels if block.type == "resource" else [block.type, *block.labels])


def _listed(block: Block, name: str) -> Iterator[Traversal]:
    value = block.value(name)
    return iter(hcl.traversals(value) if value is not None else ())


def rings(edges: Mapping[str, Iterable[str]]) -> list[set[str]]:
    """Return the groups of two or more nodes that all lead to each other."""
    search = _Search(edges)
    for start in sorted(edges):
        search.walk(start)
    return search.found


class _Search:
    """Tarjan's algorithm for strongly connected components, without recursion."""

    def __init__(self, edges: Mapping[str, Iterable[str]]) -> None:
        self.found: list[set[str]] = []
        self._edges = edges
        self._number: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._path: list[str] = []
        self._on_path: set[str] = set()

    def walk(self, start: str) -> None:
        work = [self._enter(start)] if start not in self._number else []
        while work:
            node, rest = work[-1]
            onward = next(rest, None)
            if onward is None:
                work.pop()
                self._leave(node, work[-1][0] if work else None)
            elif onward not in self._number:
                work.append(self._enter(onward))
            elif onward in self._on_path:
                self._lowest[node] = min(self._lowest[node], self._number[onward])

    def _enter(self, node: str) -> tuple[str, Iterator[str]]:
        self._number[node] = self._lowest[node] = len(self._number)
        self._path.append(node)
        self._on_path.add(node)
        return node, iter(sorted(self._edges.get(node, ())))

    def _leave(self, node: str, before: str | None) -> None:
        if before is not None:
            self._lowest[before] = min(self._lowest[before], self._lowest[node])
        if self._lowest[node] == self._number[node]:
            at = self._path.index(node)
            group = set(self._path[at:])
            del self._path[at:]
            self._on_path -= group
            if len(group) > 1:
                self.found.append(group)
