"""KMS keys as rules ask for them: what a key encrypts, and whether a service may use it."""

from __future__ import annotations

import re
from dataclasses import replace

from reviewgen.model.hcl import Attr, Conditional, Expression, Traversal
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.policies import Condition, Policy, Statement, Text

from .places import code, listed

VIA_SERVICE = "kms:viaservice"
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Lock:
    """A key that a service may not use.

    Attributes:
        key: The key.
        policy: Its policy.
        place: Address of what holds the policy: the key, or its ``aws_kms_key_policy``.
        words: How the policy fails the service, the end of a sentence about the key.
    """

    key: Declaration
    policy: Policy
    place: str
    words: str


def used_key(graph: Graph, declaration: Declaration, *path: str) -> Declaration | None:
    """Return the key of the tree that an argument certainly names; None when there is none, or a condition decides."""
    for block in declaration.block.nested(*path[:-1]):
        expr = block.value(path[-1])
        if expr is not None:
            return key_of(graph, expr, declaration.module)
    return None


def key_of(graph: Graph, expr: Expression, module: str) -> Declaration | None:
    """Return the key of the tree that an expression certainly names."""
    if isinstance(expr, Conditional):
        condition = graph.constant(expr.condition, module)
        if condition not in (True, "true", False, "false"):
            return None
        return key_of(graph, expr.yes if condition in (True, "true") else expr.no, module)
    key = graph.policies.key(expr, module) if isinstance(expr, Traversal) else None
    return key if key is not None and created(graph, key) else None


def created(graph: Graph, declaration: Declaration) -> bool:
    """Whether a resource is created at all: neither ``count`` nor ``for_each`` is empty for certain."""
    values = [graph.constant(declaration.block.value(name), declaration.module) for name in ("count", "for_each")]
    return not any(value in (0, [], {}) for value in values)


def named_by_id(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> Declaration | None:
    """Return the key of the tree whose id an expression is, through local values, inputs and outputs of modules."""
    if not isinstance(expr, Traversal) or not depth:
        return None
    names = replace(expr, steps=tuple(step for step in expr.steps if isinstance(step, Attr)))
    target = graph.resolve(names, module)
    if target is None:
        return None
    if target.type == "aws_kms_key" and target.kind == "resource":
        last = names.steps[-1]
        return target if isinstance(last, Attr) and last.name in ("id", "key_id") and len(names.steps) == 2 else None
    behind = list(graph.behind(target, names))
    keys = [named_by_id(graph, value, home, depth - 1) for value, home in behind]
    return keys[0] if len({key.address if key is not None else "" for key in keys}) == 1 else None


def locked(graph: Graph, key: Declaration, service: str, *actions: str) -> Lock | None:
    """Return why a service may not use a key; None when it may, or when that is not certain.

    Services call KMS in their own name here, so that statements on ``kms:ViaService`` never hold for them; nor does one that compares a
    pattern as it is written.
    """
    policy = graph.policies.on(key)
    if policy is None:
        return None
    usable = replace(policy, statements=tuple(s for s in policy.statements if not via_service(s) and literal(s) is None))
    if not any(usable.allows(action, service=service) is False for action in actions):
        return None
    place = policy.origins[0] if policy.origins else f"{key.address}.policy"
    return Lock(key, policy, place, _words(policy, usable, service, actions))


def via_service(statement: Statement) -> bool:
    """Whether a statement holds only for calls that a service makes for somebody else."""
    return any(c.variable.lower() == VIA_SERVICE for c in statement.conditions)


def literal(statement: Statement) -> Condition | None:
    """Return the condition of an allowing statement that is never true, for it compares a pattern by an operator that knows none."""
    never = (c for c in statement.conditions if c.test.lower() in _POSITIVE and c.values and all(map(starred, c.values)))
    return next(never, None) if statement.effect == "Allow" else None


_POSITIVE = ("stringequals", "stringequalsignorecase")


def starred(value: Text) -> bool:
    """Whether a text contains ``*`` beside other characters."""
    return "*" in re.sub(r"\$\{[^}]*\}", "", value.text) and value.text != "*"


def _words(policy: Policy, usable: Policy, service: str, actions: tuple[str, ...]) -> str:
    name = f"{service}.amazonaws.com"
    if not policy.origins:
        return f"which has the default key policy: it admits the account and no service, so not {code(name)} either"
    elsewhere = [s for s in policy.statements if s not in usable.statements and s.addresses(service)]
    admitting = [s for s in elsewhere if all(s.allows(action) for action in actions)]
    patterns = [c for s in admitting if (c := literal(s)) is not None]
    if patterns:
        return (
            f"whose policy admits {code(name)} only under a condition that compares {code(patterns[0].variable)} with a pattern by "
            f"`{patterns[0].test}`, which is never true"
        )
    if admitting:
        return (
            f"whose policy admits {code(name)} only under a condition on `kms:ViaService`, which a call of the service itself never meets"
        )
    if any(s.addresses(service) for s in usable.statements if s.effect == "Allow"):
        return f"whose policy admits {code(name)}, but not with all the actions that it needs"
    others = sorted(policy.services())
    return f"whose policy admits {listed(others)}, but not {code(name)}" if others else f"whose policy does not admit {code(name)}"
