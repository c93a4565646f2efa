"""What rules ask of RDS instances and clusters."""

from __future__ import annotations

from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

INSTANCES = ("aws_db_instance", "aws_rds_cluster_instance")
CLUSTERS = ("aws_rds_cluster",)
# Where the API says what it takes when a database is made: of user and password of a cluster the page of the instance says that they
# do not apply there.
CREATION_PAGES = {
    "aws_db_instance": "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    "aws_rds_cluster": "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
    "aws_docdb_cluster": "https://docs.aws.amazon.com/documentdb/latest/developerguide/API_CreateDBCluster.html",
}
# Arguments that say an instance is made from another database: engine, credentials and storage then come from there.
_COPIES = ("replicate_source_db", "snapshot_identifier", "s3_import", "restore_to_point_in_time")


def cluster_of(graph: Graph, instance: Declaration) -> Declaration | None:
    """Return the cluster of an Aurora instance, where the tree declares it."""
    found = graph.targets(instance.block.value("cluster_identifier"), instance.module)
    return next((d for d in found if d.type == "aws_rds_cluster"), None)


def engine(graph: Graph, database: Declaration) -> str:
    """Return the engine of an instance or cluster, its own or that of its cluster or source; empty when it is not certain."""
    own = graph.argument(database, "engine")
    if isinstance(own, str):
        return own
    if database.type == "aws_rds_cluster_instance":
        cluster = cluster_of(graph, database)
        return engine(graph, cluster) if cluster is not None else ""
    sources = graph.targets(database.block.value("replicate_source_db"), database.module)
    origin = next((d for d in sources if d.type == "aws_db_instance" and d.address != database.address), None)
    value = graph.argument(origin, "engine") if origin is not None else None
    return value if isinstance(value, str) else ""


def is_copy(graph: Graph, database: Declaration) -> bool:
    """Whether a database is created from another one, from a snapshot or from files; what is null or empty names none."""
    named = any(n in database.block.attributes and graph.argument(database, n) not in (None, "") for n in _COPIES)
    return named or any(b.type in _COPIES or b.labels[:1] in {(n,) for n in _COPIES} for b in database.block.blocks)


def global_members(graph: Graph, group: Declaration) -> list[Declaration]:
    """Return the clusters of the tree that name a global cluster as theirs."""
    return [
        c for c in graph.of_type(*CLUSTERS)
        if any(t.address == group.address for t in graph.targets(c.block.value("global_cluster_identifier"), c.module))
    ]  # fmt: skip


def is_first(cluster: Declaration) -> bool:
    """Whether a member of a global cluster is its primary one, with users and data of its own: the secondary ones take theirs from it."""
    return "master_username" in cluster.block.attributes or "snapshot_identifier" in cluster.block.attributes


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: ``8.0.mysql_aurora.3.02.0`` is (3, 2, 0); empty when it has other parts."""
    parts = version.rpartition("mysql_aurora.")[2].split(".")
    return tuple(map(int, parts)) if all(p.isdigit() for p in parts) else ()
