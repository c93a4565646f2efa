"""RG262, RG263: replication that passes over what a bucket encrypts by default, and rules of it that S3 refuses."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...buckets import bucket_of, key_encryptions, names_key
from ...keys import created
from ...places import blocks, code

_SELECTION = ("source_selection_criteria", "sse_kms_encrypted_objects")


def passes_over_encrypted(graph: Graph) -> Iterator[Hit]:
    """A source that encrypts with KMS by default, and rules that select no such objects; with a key for the copies S3 refuses them (RG254)."""
    if graph.tree.incomplete:
        return
    for replication in graph.of_type("aws_s3_bucket_replication_configuration"):
        rules = [r for r in replication.block.nested("rule") if graph.constant(r.value("status"), replication.module) != "Disabled"]
        if not rules or any(_selects(graph, replication, rule) or names_key(graph, replication, rule) for rule in rules):
            continue
        for bucket in bucket_of(graph, replication):
            for encryption, path, algorithm in key_encryptions(graph, bucket):
                yield Hit(
                    replication.address,
                    f"{code(replication.address)} replicates from {code(bucket.address)}, which encrypts with `{algorithm}` by default, and "
                    "selects no such objects: S3 does not replicate what the bucket encrypts by default.",
                    f"{code(replication.address)} does not replicate from {code(bucket.address)} without selecting objects that are encrypted "
                    f"with KMS, or {code(bucket.address)} does not encrypt so",
                    attribute=f"rule.{_SELECTION[0]}",
                    related=(
                        f"{replication.address}.rule.destination.encryption_configuration",
                        bucket.address,
                        f"{encryption.address}.{path}.apply_server_side_encryption_by_default.sse_algorithm",
                    ),
                )


def _selects(graph: Graph, replication: Declaration, rule: Block) -> bool:
    """Whether a rule is, or may be, about objects that are encrypted with KMS."""
    found = [graph.constant(b.value("status"), replication.module) for b in rule.nested(*_SELECTION)]
    return any(status != "Disabled" for status in found)


def silent_on_delete_markers(graph: Graph) -> Iterator[Hit]:
    """A rule with a filter that does not say what becomes of delete markers; the provider sends what is written and no more."""
    for replication in graph.of_type("aws_s3_bucket_replication_configuration"):
        rules = list(replication.block.nested("rule"))
        wrong = [
            rule
            for rule in rules
            if blocks(graph, rule, "filter", replication.module) and not any(rule.nested("delete_marker_replication"))
        ]
        if wrong and created(graph, replication):
            which = "A rule" if len(rules) > 1 else "The rule"
            yield Hit(
                replication.address,
                f"{which} of {code(replication.address)} has a `filter` and no `delete_marker_replication`: with the one S3 asks for the other.",
                f"no rule of {code(replication.address)} has a `filter` without `delete_marker_replication`",
                attribute="rule.delete_marker_replication",
            )


RULES = (
    Rule(
        "RG263",
        "s3-replication-without-delete-markers",
        "Replication rule with a filter that does not say what becomes of delete markers",
        Category.BLOCKER,
        Severity.HIGH,
        silent_on_delete_markers,
        "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html",
        stage=Stage.APPLY,
        message="InvalidRequest: DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema.",
        impact=(("Deployment", "The replication configuration is refused, and nothing is replicated."),),
        lesson="A `filter`, an empty one too, makes a replication rule one of the second version, and these name delete markers expressly.",
        advice='Add `delete_marker_replication { status = "Disabled" }` to the rule, or `"Enabled"` where its filter names no tags.',
    ),
    Rule(
        "RG262",
        "s3-replication-passes-over-kms",
        "Replication passes over what the bucket encrypts by default",
        Category.CRITICAL,
        Severity.HIGH,
        passes_over_encrypted,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
        stage=Stage.RUNTIME,
        impact=(
            ("Function", "Objects that are encrypted with KMS have no second copy, and S3 does not refuse the configuration for that."),
        ),
        lesson="Replication leaves objects with SSE-KMS out unless a rule selects them.",
        advice='Add `source_selection_criteria { sse_kms_encrypted_objects { status = "Enabled" } }` and a key for the copies to the rule, and let '
        "its role decrypt with the one key and encrypt with the other.",
    ),
)
