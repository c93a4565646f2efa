"""RG641: what the lock file of providers has chosen."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from reviewgen.model.hcl import Literal
from reviewgen.model.prose import code, series
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph
from reviewgen.terraform.schema.requirements import LOCK_FILE, Constraint, Lock, constraints_of, locks
from reviewgen.terraform.schema.versions import admits, written

from ...base import Hit, Rule

# Terraform reads a lock of this registry for a source without a host; one of another registry is a lock of another provider.
_REGISTRY = "registry.terraform.io/"
_SUMMARY = "Error: Failed to query available provider packages"


def outside(graph: Graph) -> Iterator[Hit]:
    """Providers that the lock file holds at a version which the tree's own constraints exclude."""
    if graph.tree.incomplete:
        return
    required = list(constraints_of(graph.tree))
    for lock in locks(graph.tree):
        asked = [c for c in required if c.source == lock.source]
        excluding = [c for c in asked if admits([c.text], lock.version) is False]
        if not lock.address.startswith(_REGISTRY) or not excluding or admits((c.text for c in asked), lock.version) is None:
            continue
        yield _hit(graph, lock, asked, excluding)


def _hit(graph: Graph, lock: Lock, asked: list[Constraint], excluding: list[Constraint]) -> Hit:
    places = [(_address(graph, c), c) for c in excluding]
    address, first = places[0]
    file = posixpath.join(graph.tree.root, LOCK_FILE)
    said = series([f"{code(where)} ({code(c.text.strip())})" for where, c in places])
    return Hit(
        address,
        f"{code(file)} locks the provider {code(lock.source)} at {code(lock.version)} (line {lock.line}), "
        f"which {said} {'does' if len(places) == 1 else 'do'} not admit.",
        f"No constraint of the tree excludes the version of {code(lock.source)} that {code(LOCK_FILE)} locks",
        attribute=first.attribute,
        key=lock.source,
        related=tuple(f"{where}.{c.attribute}" for where, c in places[1:]),
        names=(lock.source,),
        message=_message(graph, lock, asked),
    )


def _message(graph: Graph, lock: Lock, asked: list[Constraint]) -> str:
    """Return Terraform's words; without the constraints where modules from elsewhere may have some, too."""
    if any(not _is_local(d.block.value("source")) for d in graph.of_kind("module")):
        return _SUMMARY
    return (
        f"{_SUMMARY}\nCould not retrieve the list of available versions for provider {lock.source}: locked provider {lock.address} {lock.version} "
        f"does not match configured version constraint {written(c.text for c in asked)}; must use terraform init -upgrade to allow selection of new versions"
    )


def _is_local(source: object) -> bool:
    return isinstance(source, Literal) and isinstance(source.value, str) and source.value.startswith(("./", "../"))


def _address(graph: Graph, constraint: Constraint) -> str:
    """Return the address of the block in which a constraint stands."""
    module = graph.tree.modules[constraint.module]
    return next((d.address for d in module.declarations.values() if d.block is constraint.block), "terraform.required_providers")


RULES = (
    Rule(
        "RG641",
        "lock-outside-constraint",
        "Lock file holds a provider at a version that the configuration excludes",
        Category.BLOCKER,
        Severity.CRITICAL,
        outside,
        "https://developer.hashicorp.com/terraform/language/files/dependency-lock#dependency-installation-behavior",
        fix_class="C",
        stage=Stage.INIT,
        impact=(("Deployment", "`terraform init` fails, and with it every later step, until somebody runs it with `-upgrade`."),),
        lesson="The lock file is written by `terraform init`: deliver the one that it writes for these constraints, or none.",
        advice="Run `terraform init -upgrade` and deliver the lock file that it writes, or leave the lock file out.",
    ),
)
