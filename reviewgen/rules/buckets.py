"""What rules ask of S3 buckets and of the resources that configure them."""

from __future__ import annotations

import re

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

# Words of names that nobody gave to a bucket, and characters that none can have.
_PLACEHOLDER = re.compile(
    r"(?:^|[-_.])(?:your|my|example|placeholder|changeme|change-me|replace|xxx+|bucket-name)(?:$|[-_.])|[<>{}\[\]\s$]", re.IGNORECASE
)


def is_placeholder(name: str) -> bool:
    """Whether a bucket's name stands for one that is still to be chosen: ``your-state-bucket``, ``<bucket of phase 1>``."""
    return _PLACEHOLDER.search(name) is not None


def bucket_of(graph: Graph, resource: Declaration, *path: str) -> list[Declaration]:
    """Return the buckets of the tree that an argument of a resource names, its ``bucket`` unless told otherwise; also through its ``for_each``."""
    names = path or ("bucket",)
    found = [
        d
        for block in resource.block.nested(*names[:-1])
        for d in graph.targets(block.value(names[-1]), resource.module)
        if _is_bucket(d)
    ]  # fmt: skip
    if found or path:
        return found
    return [d for d in graph.targets(resource.block.value("for_each"), resource.module) if _is_bucket(d)]


def _is_bucket(declaration: Declaration) -> bool:
    """Whether the tree creates it: how a bucket is set up that is only looked up nobody knows."""
    return declaration.type == "aws_s3_bucket" and declaration.kind == "resource"


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


def key_of_bucket(encryption: Declaration) -> tuple[str, ...]:
    """Return the place of the key with which a bucket encrypts, once it names one: without KMS it names none."""
    path = ("rule", "apply_server_side_encryption_by_default", "kms_master_key_id")
    named = any(path[-1] in block.attributes for block in encryption.block.nested(*path[:-1]))
    return (f"{encryption.address}.{'.'.join(path)}",) if named else ()
