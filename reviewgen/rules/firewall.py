"""What security groups admit, and what they are attached to: inline rules and rules of their own resource types in one form."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from reviewgen.hcl.evaluate import known
from reviewgen.model.addresses import argument
from reviewgen.model.hcl import Block, Call, Conditional, Expression, Traversal, Tuple
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import arguments, once
from reviewgen.terraform.instances import Scope, copies, nested

from .places import type_of, uses
from .values import GATHERING

WORLD = frozenset(["0.0.0.0/0", "::/0"])
_PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp"}
_RULE_TYPES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule")
# Arguments that attach security groups to something, wherever they stand in it.
_ATTACHING = frozenset(["vpc_security_group_ids", "security_groups", "security_group_ids", "security_group"])


@dataclass(frozen=True, eq=False)
class Opening:
    """One rule of a security group.

    Attributes:
        group: The security group.
        owner: The resource in which the rule stands: the group or a rule resource.
        path: Argument path of the rule inside the owner; empty for a rule resource.
        outbound: Whether it is an egress rule.
        protocol: ``tcp``, ``udp``, ``-1`` for all, or None when unknown.
        low: First port, None when unknown or for all protocols.
        high: Last port, likewise.
        cidrs: Constant address ranges.
        groups: Addresses of the security groups on the other side.
        prefix_lists: Whether it names prefix lists.
        certain: Whether everything about it is known.
        sources: The expressions of the address ranges.
        line: The line of the rule's block.
        guessed: Whether nobody knows that there is such a rule of the group: its direction or a collection decides, or which group it is of.
    """

    group: Declaration
    owner: Declaration
    path: str
    outbound: bool
    protocol: str | None
    low: int | None
    high: int | None
    cidrs: tuple[str, ...]
    groups: tuple[str, ...]
    prefix_lists: bool
    certain: bool
    sources: tuple[Expression, ...] = ()
    line: int = 0
    guessed: bool = False

    @property
    def place(self) -> str:
        """The rule's place as an address with argument path."""
        return argument(self.owner.address, self.path)

    @property
    def worldwide(self) -> bool:
        """Whether it certainly names every address of the internet, in one of its two versions."""
        return not self.guessed and bool(WORLD & set(self.cidrs))

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        """Whether a port is certainly within the rule."""
        if self.protocol == "-1":
            return True
        return self.protocol == protocol and self.low is not None and self.high is not None and self.low <= port <= self.high

    def may_cover(self, port: int, protocol: str = "tcp") -> bool:
        """Whether a port may be within the rule, unknown parts taken as if they fitted."""
        if self.protocol not in (protocol, "-1", None):
            return False
        if self.protocol == "-1":
            return True
        return (self.low is None or self.low <= port) and (self.high is None or port <= self.high)


@once
def openings(graph: Graph) -> dict[str, tuple[Opening, ...]]:
    """Return the rules of each security group of a tree by the group's address."""
    found: dict[str, list[Opening]] = {group.address: [] for group in graph.of_type("aws_security_group")}
    for group in graph.of_type("aws_security_group"):
        for direction in ("ingress", "egress"):
            for block, scope, guessed in _inline(graph, group, direction):
                found[group.address].append(_opening(group, group, direction, direction == "egress", block, scope, guessed=guessed))
    for rule in graph.of_type(*_RULE_TYPES):
        named = rule.block.value("security_group_id")
        groups = [g for g in graph.targets(named, rule.module) if g.address in found]
        for scope in copies(graph, rule):
            outbound = _outbound(rule, scope)
            guessed = outbound is None or (len(groups) > 1 and isinstance(named, Conditional))
            for group in groups:
                for direction_ in (False, True) if outbound is None else (outbound,):
                    found[group.address].append(_opening(group, rule, "", direction_, rule.block, scope, guessed=guessed))
    return {address: tuple(rules) for address, rules in found.items()}


def written(graph: Graph, group: Declaration) -> bool:
    """Whether all rules of a group are blocks that can be read: none is an attribute, none is added by a group that is not known."""
    if any(name in group.block.attributes for name in ("ingress", "egress")):
        return False
    return not graph.tree.incomplete and all(
        graph.targets(rule.block.value("security_group_id"), rule.module) for rule in graph.of_type(*_RULE_TYPES)
    )


@once
def attachments(graph: Graph) -> dict[str, tuple[Declaration, ...]]:
    """Return the resources to which each security group is attached, by the group's address."""
    found: dict[str, dict[str, Declaration]] = {}
    for declaration in graph.of_kind("resource"):
        if declaration.type in ("aws_security_group", "aws_default_security_group", *_RULE_TYPES):
            continue
        for path, _, attribute in arguments(declaration.block):
            if path.rpartition(".")[2] in _ATTACHING:
                for group in graph.targets(attribute.expr, declaration.module):
                    for own in _of_tree(graph, group):
                        found.setdefault(own.address, {})[declaration.address] = declaration
    return {group: tuple(users.values()) for group, users in found.items()}


def _of_tree(graph: Graph, group: Declaration) -> Iterator[Declaration]:
    """Yield the group of the tree that a declaration is, or that a data source looks up by the name that the tree gives it."""
    if group.type != "aws_security_group":
        return
    if group.kind == "resource":
        yield group
        return
    wanted = [graph.argument(group, "name")]
    for block in group.block.nested("filter"):
        values = graph.constant(block.value("values"), group.module)
        if graph.constant(block.value("name"), group.module) == "group-name" and isinstance(values, list):
            wanted += values
    named = [g for g in graph.of_type("aws_security_group") if any(isinstance(w, str) and _is_named(graph, g, w) for w in wanted)]
    yield from named if len(named) == 1 else ()


def _is_named(graph: Graph, group: Declaration, pattern: str) -> bool:
    """Whether the name of a group fits a pattern; behind a prefix stand 26 characters of the provider."""
    name, prefix = graph.argument(group, "name"), graph.argument(group, "name_prefix")
    return (isinstance(name, str) and fnmatchcase(name, pattern)) or (isinstance(prefix, str) and fnmatchcase(prefix + "0" * 26, pattern))


def groups_of(graph: Graph, declaration: Declaration) -> list[Declaration]:
    """Return the security groups that a resource carries."""
    return [group for group in graph.of_type("aws_security_group") if declaration in attachments(graph).get(group.address, ())]


def carries_only(graph: Graph, declaration: Declaration) -> list[Declaration]:
    """Return the groups that a resource carries, where it certainly carries no others; none where it may."""
    exprs = [a.expr for path, _, a in arguments(declaration.block) if path.rpartition(".")[2] in _ATTACHING]
    added = graph.of_type("aws_network_interface_sg_attachment")
    return groups_of(graph, declaration) if not added and all(_names_own(graph, e, declaration.module) for e in exprs) else []


_DEEPEST = 6


def _names_own(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> bool:
    """Whether an expression certainly names security groups of the tree, and nothing else."""
    if isinstance(expr, Tuple):
        return all(_names_own(graph, item, module, depth) for item in expr.items)
    if isinstance(expr, Call):
        return expr.name in GATHERING and all(_names_own(graph, item, module, depth) for item in expr.args)
    if isinstance(expr, Conditional) or not depth:
        return False
    found = graph.resolve(expr, module) if isinstance(expr, Traversal) else None
    if found is not None and found.kind in ("variable", "local", "module"):
        assert isinstance(expr, Traversal)
        behind = list(graph.behind(found, expr))
        return bool(behind) and all(_names_own(graph, value, home, depth - 1) for value, home in behind)
    led = graph.targets(expr, module)
    return bool(led) and all(d.kind == "resource" and d.type == "aws_security_group" for d in led)


def all_groups_of(graph: Graph, declaration: Declaration, argument: str) -> list[Declaration]:
    """Return the security groups that an argument gives a resource; none where it may name others, which are not of the tree."""
    expr = declaration.block.value(argument)
    groups = groups_of(graph, declaration)
    items = expr.items if isinstance(expr, Tuple) else ()
    led = all(graph.targets(item, declaration.module) for item in items)
    return groups if led and len(groups) == len(graph.targets(expr, declaration.module)) else []


OF_GROUPS = ("aws_security_group", "aws_vpc_security_group_")
"""How the types of groups and of their rules begin."""


def names_groups_only(rule: Opening) -> bool:
    """Whether a rule admits security groups and certainly nothing else."""
    return bool(rule.groups) and rule.certain and not rule.cidrs and not rule.prefix_lists


def is_idle(graph: Graph, address: str) -> bool:
    """Whether a group of the tree is carried by nothing, and named by rules of groups and outputs of the root only."""
    if address not in openings(graph) or address in attachments(graph):
        return False
    users = [r.source for r in uses(graph, address)]
    return all(user.startswith("output.") or type_of(user).startswith(OF_GROUPS) for user in users)


def _inline(graph: Graph, group: Declaration, direction: str) -> Iterator[tuple[Block, Scope, bool]]:
    """Yield the inline rules with their scope, and whether nobody knows how many of them there are."""
    for scope in copies(graph, group)[:1]:
        for block, inner in nested(scope, group.block, direction):
            yield block, inner, scope.certain and not inner.certain


def _outbound(rule: Declaration, scope: Scope) -> bool | None:
    if rule.type != "aws_security_group_rule":
        return rule.type.endswith("egress_rule")
    value = scope.value(rule.block.value("type"))
    return value == "egress" if known(value) else None


def _opening(group: Declaration, owner: Declaration, path: str, outbound: bool, block: Block, scope: Scope, *, guessed: bool) -> Opening:
    protocol = _protocol(scope.value(block.value("protocol") or block.value("ip_protocol")))
    low, high = _port(scope.value(block.value("from_port"))), _port(scope.value(block.value("to_port")))
    ranges = [v for n in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6") if (v := block.value(n)) is not None]
    named = [
        v for n in ("security_groups", "source_security_group_id", "referenced_security_group_id") if (v := block.value(n)) is not None
    ]
    cidrs = [c for v in ranges for c in _listed(scope.value(v))]
    others = [t.address for v in named for t in scope.graph.targets(v, scope.module) if t.type == "aws_security_group"]
    if scope.value(block.value("self")) in (True, "true"):
        others.append(group.address)
    lists = any(block.value(n) is not None for n in ("prefix_list_ids", "prefix_list_id"))
    told = protocol is not None and (protocol == "-1" or (low is not None and high is not None))
    told = told and all(isinstance(c, str) for c in cidrs) and bool(others or not named)
    return Opening(
        group, owner, path, outbound, protocol, low, high,
        tuple(c for c in cidrs if isinstance(c, str)), tuple(others), lists, told and scope.certain and not guessed, tuple(ranges), block.line,
        guessed,
    )  # fmt: skip


def _protocol(value: Any) -> str | None:
    text = str(value).lower() if isinstance(value, str | int) and not isinstance(value, bool) else None
    return _PROTOCOLS.get(text, text) if text is not None else None


def _port(value: Any) -> int | None:
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
