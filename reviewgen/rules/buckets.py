"""What rules ask of S3 buckets and of the resources that configure them."""

from __future__ import annotations

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph


def bucket_of(graph: Graph, resource: Declaration, *path: str) -> list[Declaration]:
    """Return the buckets that an argument of a resource names, its ``bucket`` unless told otherwise; also through its ``for_each``."""
    names = path or ("bucket",)
    found = [
        d
        for block in resource.block.nested(*names[:-1])
        for d in graph.targets(block.value(names[-1]), resource.module)
        if d.type == "aws_s3_bucket"
    ]  # fmt: skip
    if found or path:
        return found
    return [d for d in graph.targets(resource.block.value("for_each"), resource.module) if d.type == "aws_s3_bucket"]


def companions(graph: Graph, bucket: Declaration, type_: str) -> list[Declaration] | None:
    """Return the resources of a type that configure a bucket; None when one of the type may configure any bucket."""
    found = []
    for resource in graph.of_type(type_):
        buckets = bucket_of(graph, resource)
        if not buckets:
            return None
        if any(b.address == bucket.address for b in buckets):
            found.append(resource)
    return found


def waits_for(graph: Graph, resource: Declaration, others: list[Declaration], depth: int = 5) -> bool:
    """Whether a resource refers to one of some others, directly or through what it refers to."""
    wanted = {d.address for d in others}
    seen: set[str] = set()
    queue = [(resource.address, depth)]
    while queue:
        address, left = queue.pop()
        for reference in graph.outgoing.get(address, ()):
            if reference.target in wanted:
                return True
            if reference.target not in seen and left and reference.declared:
                seen.add(reference.target)
                queue.append((reference.target, left - 1))
    return False
