"""What rules ask of S3 buckets and of the resources that configure them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import made
from reviewgen.terraform.policies import Condition, Policy, Statement

from .places import blocks

# Words of names that nobody gave to a bucket, and characters that none can have.
_PLACEHOLDER = re.compile(
    r"(?:^|[-_.])(?:your|my|example|placeholder|changeme|change-me|replace|xxx+|bucket-name)(?:$|[-_.])|[<>{}\[\]\s$]", re.IGNORECASE
)
# Where a rule of a bucket's encryption says with what.
_BY_DEFAULT = ("apply_server_side_encryption_by_default",)


def is_placeholder(name: str) -> bool:
    """Whether a bucket's name stands for one that is still to be chosen: ``your-state-bucket``, ``<bucket of phase 1>``."""
    return _PLACEHOLDER.search(name) is not None


def bucket_of(graph: Graph, resource: Declaration, *path: str) -> list[Declaration]:
    """Return the buckets of the tree that an argument of a resource names, its ``bucket`` unless told otherwise; also through its ``for_each``."""
    names = path or ("bucket",)
    found = [
        d
        for block in made(graph, resource, *names[:-1])
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


def server_logs(graph: Graph) -> Iterator[tuple[Declaration, str, Declaration]]:
    """Yield (who sends server access logs, the argument that says where, the bucket): resources of their own, and blocks in the bucket itself.

    The provider still takes the blocks that the resources replaced (hashicorp/aws 5.100).
    """
    for sender, path in _places(graph, "aws_s3_bucket_logging", ("target_bucket",), ("logging", "target_bucket")):
        targets = bucket_of(graph, sender, *path)
        if len(targets) == 1:
            yield sender, ".".join(path), targets[0]


def key_encryptions(graph: Graph, bucket: Declaration) -> Iterator[tuple[Declaration, str, str]]:
    """Yield (declaration, the block of it, the algorithm) of what makes a bucket encrypt with KMS: a resource of its own, or a block in it."""
    own = companions(graph, bucket, "aws_s3_bucket_server_side_encryption_configuration") or []
    for declaration, path in ((bucket, ("server_side_encryption_configuration", "rule")), *((d, ("rule",)) for d in own)):
        algorithm = graph.argument(declaration, *path, *_BY_DEFAULT, "sse_algorithm")
        if isinstance(algorithm, str) and algorithm in ("aws:kms", "aws:kms:dsse"):
            yield declaration, ".".join(path), algorithm


def key_of_bucket(encryption: Declaration, block: str = "rule") -> tuple[str, ...]:
    """Return the place of the key with which a bucket encrypts, once it names one: without KMS it names none."""
    path = (*block.split("."), *_BY_DEFAULT, "kms_master_key_id")
    named = any(path[-1] in found.attributes for found in encryption.block.nested(*path[:-1]))
    return (f"{encryption.address}.{'.'.join(path)}",) if named else ()


def names_key(graph: Graph, replication: Declaration, rule: Block) -> bool:
    """Whether a rule of a replication names a key for the copies; null is none."""
    inside = [b for d in rule.nested("destination") for b in blocks(graph, d, "encryption_configuration", replication.module)]
    keys = [b.value("replica_kms_key_id") for b in inside]
    return any(key is not None and graph.constant(key, replication.module) is not None for key in keys)


def is_locked(graph: Graph, bucket: Declaration) -> bool:
    """Whether a bucket has, or may have, Object Lock from its creation on, which switches versioning on."""
    locked = "object_lock_enabled" in bucket.block.attributes and graph.argument(bucket, "object_lock_enabled") is not False
    return locked or any(bucket.block.nested("object_lock_configuration"))


def _places(graph: Graph, type_: str, own: tuple[str, ...], within: tuple[str, ...]) -> Iterator[tuple[Declaration, tuple[str, ...]]]:
    """Yield what configures buckets, with the path of the argument: in resources of a type, and in the buckets themselves."""
    yield from ((d, own) for d in graph.of_type(type_))
    yield from ((d, within) for d in graph.of_type("aws_s3_bucket") if _is_bucket(d))


_DENIED = "The statement that denies uploads without SSE-KMS denies these, too: exempt them."
_HEADER = "s3:x-amz-server-side-encryption"
# Every object of one bucket: its ARN, and nothing but the wildcard behind it.
_OBJECTS = re.compile(r"[^/]*/\*|\*")


def denied_uploads(policy: Policy | None, *services: str) -> str:
    """Return what the policy on a bucket takes beside a permission for services that do not ask for SSE-KMS; empty for nothing more.

    A negated condition holds for a request without the header, so that such a statement denies what the default encryption would encrypt.
    """
    denied = policy is not None and any(_denies(s, service) for s in policy.statements for service in services)
    return _DENIED if denied else ""


# The argument by which what delivers to a bucket asks for SSE-KMS.
ASKS_BY = {"aws_cloudtrail": "kms_key_id", "aws_config_delivery_channel": "s3_kms_key_arn"}


def denied_deliveries(policy: Policy | None, sender: Declaration, service: str) -> str:
    """Return what the policy on a bucket takes beside a permission for the deliveries of a sender; empty when that asks for SSE-KMS itself."""
    return "" if ASKS_BY[sender.type] in sender.block.attributes else denied_uploads(policy, service)


def denies_everybody(policy: Policy, service: str) -> bool:
    """Whether such a statement denies it to everybody, and not to the service alone."""
    return any(_denies(s, service) and any(who.anything for _, who in s.principals) for s in policy.statements)


def _denies(statement: Statement, service: str) -> bool:
    """Whether a statement certainly denies a service to upload what does not ask for SSE-KMS, and only for that."""
    if statement.effect != "Deny" or not statement.certain or not statement.names("s3:PutObject") or not statement.addresses(service):
        return False
    of_all = any(_OBJECTS.fullmatch(re.sub(r"\$\{[^}]*\}", "", resource.text)) for resource in statement.resources)
    return of_all and [(c.test.lower(), c.variable.lower(), [v.text for v in c.values]) for c in statement.conditions] == [
        ("stringnotequals", _HEADER, ["aws:kms"])
    ]


def admits_encrypted_only(policy: Policy | None, service: str) -> bool:
    """Whether all that a policy allows a service to upload is what asks for SSE-KMS in its headers."""
    if policy is None or not policy.complete:
        return False
    writing = [s for s in policy.allowing("s3:PutObject") if s.addresses(service) is not False]
    return bool(writing) and all(s.addresses(service) and any(_asks_for_key(c) for c in s.conditions) for s in writing)


def _asks_for_key(condition: Condition) -> bool:
    """Whether a condition holds of uploads only that name SSE-KMS themselves."""
    kms = [v.text in ("aws:kms", "aws:kms:dsse") for v in condition.values]
    return condition.test.lower() == "stringequals" and condition.variable.lower() == _HEADER and bool(kms) and all(kms)
