"""RG539: keys of secrets that containers ask for and the secrets do not have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reviewgen.model.hcl import Call, Expression, Literal, Object, Tuple
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.graph import once

from ...base import Hit, Rule
from ...keys import created
from ...places import code, listed
from ...values import behind_locals
from .ecs import Container, containers, member

_SECRET, _VERSION = "aws_secretsmanager_secret", "aws_secretsmanager_secret_version"
_ROTATION = "aws_secretsmanager_secret_rotation"
# A secret's ARN, the key, a stage and an id of a version.
_KEYED = re.compile(r"\$\{[^}]*\}:([^:${}]+):[^:]*:[^:]*")


def key_that_is_not_there(graph: Graph) -> Iterator[Hit]:
    """A container asks for a key of a secret whose only version, all of it written out, does not have it."""
    for task in graph.of_type("aws_ecs_task_definition"):
        if not created(graph, task):
            continue
        wanted = [w for c in containers(graph, task) or () for w in _wanted(graph, task, c)]
        for secret in dict.fromkeys(secret for secret, _ in wanted):
            versions = _versions(graph).get(secret.address, [])
            held = _keys(graph, secret, versions)
            lacking = list(dict.fromkeys(key for named, key in wanted if named is secret and key not in (held or ())))
            if held is None or not lacking:
                continue
            version = versions[0].address
            has = f"has {listed(sorted(held))} and not" if held else "has no keys, and not"
            yield Hit(
                task.address,
                f"A container of {code(task.address)} asks for {listed(lacking)} of {code(secret.address)}. What {code(version)} puts into it {has} "
                f"{'that one' if len(lacking) == 1 else 'those'}.",
                f"{code(task.address)} asks for no key that {code(secret.address)} does not have",
                attribute="container_definitions",
                key=secret.address,
                related=(f"{version}.secret_string", secret.address),
                names=tuple(lacking),
            )


def _wanted(graph: Graph, task: Declaration, container: Container) -> Iterator[tuple[Declaration, str]]:
    """Yield secrets of the tree with the keys that a container asks for."""
    listing, module = behind_locals(graph, container.get("secrets"), task.module)
    for item in listing.items if isinstance(listing, Tuple) else ():
        expr = member(item, "valueFrom")
        texts, targets = graph.policies.texts(expr, module), graph.targets(expr, module)
        match = _KEYED.fullmatch(texts[0].text) if len(texts) == 1 else None
        if match and len(targets) == 1 and targets[0].kind == "resource" and targets[0].type == _SECRET:
            yield targets[0], match[1]


@once
def _versions(graph: Graph) -> Mapping[str, list[Declaration]]:
    """Return the versions of secrets by the secrets' addresses."""
    return _by_secret(graph, graph.of_type(_VERSION))


@once
def _rotations(graph: Graph) -> Mapping[str, list[Declaration]]:
    """Return what rotates secrets with a function by the secrets' addresses."""
    return _by_secret(graph, (r for r in graph.of_type(_ROTATION) if r.block.value("rotation_lambda_arn") is not None))


def _by_secret(graph: Graph, found: Iterable[Declaration]) -> Mapping[str, list[Declaration]]:
    result: dict[str, list[Declaration]] = {}
    for declaration in found:
        for secret in {target.address for target in graph.targets(declaration.block.value("secret_id"), declaration.module)}:
            result.setdefault(secret, []).append(declaration)
    return result


def _keys(graph: Graph, secret: Declaration, versions: Sequence[Declaration]) -> frozenset[str] | None:
    """Return the keys of a secret's only version; None when they are not certain, or others may write it."""
    if (
        len(versions) != 1
        or secret.address in _rotations(graph)
        or any("ignore_changes" in b.attributes for b in versions[0].block.nested("lifecycle"))
    ):
        return None
    return _written(*behind_locals(graph, versions[0].block.value("secret_string"), versions[0].module), graph)


def _written(expr: Expression | None, module: str, graph: Graph) -> frozenset[str] | None:
    """Return the keys of an object that is written out as JSON or for ``jsonencode``."""
    if isinstance(expr, Call) and expr.name == "jsonencode" and len(expr.args) == 1:
        body = behind_locals(graph, expr.args[0], module)[0]
        names = [key.value if isinstance(key, Literal) else None for key, _ in body.items] if isinstance(body, Object) else [None]
        return None if None in names else frozenset(map(str, names))
    value = graph.constant(expr, module) if expr is not None else None
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return frozenset(found) if isinstance(found, dict) else None


RULES = (
    Rule(
        "RG539",
        "ecs-secret-key-missing",
        "Container asks for a key that the secret does not have",
        Category.CRITICAL,
        Severity.HIGH,
        key_that_is_not_there,
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The task does not start: its secrets cannot be fetched."),),
        lesson="`valueFrom` with a key behind the ARN takes that key out of the secret's JSON; the names on both sides must agree.",
        advice="Write the key into the secret's version, or ask for one that it has.",
    ),
)
