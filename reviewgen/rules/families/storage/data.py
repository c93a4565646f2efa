"""RG2xx: databases and storage."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.validate.measured.formats import region_name

from ...base import Hit, Rule
from ...databases import global_members, is_first
from ...places import code, is_true, provider, region


def _cross_region(graph: Graph, one: Declaration, other: Declaration) -> bool:
    """Whether two resources certainly live in two regions; two provider configurations of which a region is unknown do not count."""
    here, there = region(graph, one), region(graph, other)
    if here is not None and there is not None:
        return here != there
    blocks = [graph.get(f"provider.{provider(d)}") for d in (one, other)]
    said = [b.block.value("region") if b is not None else None for b in blocks]
    if said[0] is not None and said[0] == said[1]:
        return False  # two configurations of whatever region is given to both
    return provider(one) != provider(other) and ("alias" in _alias(graph, one) + _alias(graph, other) or _named(graph, one, other))


def _named(graph: Graph, *resources: Declaration) -> bool:
    """Whether provider configurations that the tree does not hold are called by the names of regions, such as ``us_east_1``."""
    names = [provider(d).partition(".")[2].replace("_", "-") for d in resources]
    return all(map(region_name, names)) and not any(graph.get(f"provider.{provider(d)}") for d in resources)


def _alias(graph: Graph, declaration: Declaration) -> str:
    block = graph.get(f"provider.{provider(declaration)}")
    return "alias" if block is not None and "alias" in block.block.attributes else ""


def global_secondary_without_key(graph: Graph) -> Iterator[Hit]:
    """An encrypted Aurora global database: each secondary cluster must name a key of its own region."""
    for group in graph.of_type("aws_rds_global_cluster"):
        members = global_members(graph, group)
        primaries = [c for c in members if is_first(c)]
        if len(primaries) != 1:
            continue
        primary = primaries[0]
        encrypted = is_true(graph, group, "storage_encrypted") or is_true(graph, primary, "storage_encrypted")
        for cluster in members:
            if cluster is primary or not encrypted or not _cross_region(graph, primary, cluster):
                continue
            if "kms_key_id" not in cluster.block.attributes:
                yield _keyless(graph, group, primary, cluster)


def _keyless(graph: Graph, group: Declaration, primary: Declaration, cluster: Declaration) -> Hit:
    place = region(graph, cluster)
    where = f" in `{place}`" if place else f" under provider `{provider(cluster)}`"
    keyless = [c.address for c in (primary, cluster) if "kms_key_id" not in c.block.attributes]
    return Hit(
        cluster.address,
        f"{code(cluster.address)}{where} is a secondary cluster of the encrypted global database {code(group.address)}, "
        f"whose primary is {code(primary.address)}, and does not set `kms_key_id`. "
        "RDS does not choose a key for an encrypted copy in another region.",
        f"{code(cluster.address)} sets `kms_key_id`",
        attribute="kms_key_id",
        related=(group.address, primary.address),
        present=(f"encryption switched on for the global database {code(group.address)}",),
        absent=tuple(f"`kms_key_id` on {code(address)}" for address in keyless),
        recommendation=Recommendation(f"Create a KMS key in the region of {code(cluster.address)} and set its ARN as `kms_key_id`."),
    )


def replica_without_key(graph: Graph) -> Iterator[Hit]:
    """An encrypted RDS replica in another region must name a key of its own region."""
    for replica in graph.of_type("aws_db_instance"):
        sources = graph.targets(replica.block.value("replicate_source_db"), replica.module)
        for source in sources:
            if source.type != "aws_db_instance" or "kms_key_id" in replica.block.attributes:
                continue
            if is_true(graph, source, "storage_encrypted") and _cross_region(graph, source, replica):
                yield Hit(
                    replica.address,
                    f"{code(replica.address)} replicates the encrypted instance {code(source.address)} into another region and "
                    "does not set `kms_key_id`.",
                    f"{code(replica.address)} sets `kms_key_id`",
                    attribute="kms_key_id",
                    related=(source.address,),
                )


RULES = (
    Rule(
        "RG201",
        "global-secondary-no-kms",
        "Missing KMS key for the encrypted cross-region Aurora cluster",
        Category.BLOCKER,
        Severity.CRITICAL,
        global_secondary_without_key,
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-getting-started.html",
        fix_class="A",
        stage=Stage.APPLY,
        message="For encrypted cross-region replica, kmsKeyId should be explicitly specified",
        impact=(
            ("Deployment", "The secondary cluster cannot be created, and everything that depends on it is not created either."),
            ("Function", "Without the secondary cluster the database has no copy in the second region."),
        ),
        lesson="A KMS key belongs to one region: an encrypted copy in another region needs a key of that region by name.",
    ),
    Rule(
        "RG202",
        "cross-region-replica-no-kms",
        "Missing KMS key for the encrypted cross-region replica",
        Category.BLOCKER,
        Severity.CRITICAL,
        replica_without_key,
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html",
        fix_class="A",
        stage=Stage.APPLY,
        message="InvalidParameterCombination: Cannot create a cross region unencrypted read replica from encrypted source.",
        impact=(("Deployment", "The replica cannot be created."),),
        lesson="A KMS key belongs to one region: an encrypted copy in another region needs a key of that region by name.",
        advice="Create a KMS key in the replica's region and set its ARN as `kms_key_id`.",
    ),
)
