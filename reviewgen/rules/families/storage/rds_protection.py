"""RG2xx: whether the data of a database is safe, and reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import children
from reviewgen.model.hcl import Attr, Block, Expression, Literal, Object, Template, Traversal
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...databases import CLUSTERS, engine, is_copy
from ...places import code

# Which page says what of the encryption of a type.
_ENCRYPTION = {
    "aws_docdb_cluster": "https://docs.aws.amazon.com/documentdb/latest/developerguide/encryption-at-rest.html",
    "aws_neptune_cluster": "https://docs.aws.amazon.com/neptune/latest/userguide/encrypt.html",
}
_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html"


def unencrypted(graph: Graph) -> Iterator[Hit]:
    """Storage whose encryption is switched off, or not asked for."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS, "aws_docdb_cluster", "aws_neptune_cluster"):
        value = graph.argument(database, "storage_encrypted")
        absent = "storage_encrypted" not in database.block.attributes and "kms_key_id" not in database.block.attributes
        serverless = graph.argument(database, "engine_mode") == "serverless"
        inherits = (
            is_copy(graph, database)
            or "global_cluster_identifier" in database.block.attributes
            or "replication_source_identifier" in database.block.attributes
        )
        if inherits or serverless or not (absent or value is False):
            continue
        said = "sets `storage_encrypted` to false" if value is False else "does not set `storage_encrypted`, which is off by default"
        aurora = database.type in CLUSTERS and not engine(graph, database).startswith(("mysql", "postgres"))
        means = (
            "nothing asks for encryption. Aurora itself encrypts clusters that are created since February 18, 2026, with a key that AWS owns; "
            "older ones it does not"
            if aurora
            else "its storage, backups and snapshots are not encrypted"
        )
        yield Hit(
            database.address,
            f"{code(database.address)} {said}: {means}.",
            f"{code(database.address)} asks for encryption of its storage, or takes it over from its source",
            attribute="storage_encrypted",
            further=_OTHER_CLASS if graph.argument(database, "instance_class") in _WITHOUT_ENCRYPTION else "",
            title="Database cluster does not ask for encryption of its storage" if aurora else "",
            source=_AURORA if aurora else _ENCRYPTION.get(database.type, ""),
        )


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html#Overview.Encryption.Availability
_WITHOUT_ENCRYPTION = ("db.t2.micro", "db.m1.small", "db.m1.medium", "db.m1.large", "db.m1.xlarge")
_OTHER_CLASS = "That takes another class as well: this one has no encryption."

_REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources"


# The provider's words when it is to destroy the database.
_NO_SNAPSHOT_NAME = {
    "aws_db_instance": "final_snapshot_identifier is required when skip_final_snapshot is false",
    "aws_rds_cluster": "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false",
    "aws_docdb_cluster": "DocumentDB Cluster FinalSnapshotIdentifier is required when a final snapshot is required",
    "aws_redshift_cluster": "Redshift Cluster Instance FinalSnapshotIdentifier is required when a final snapshot is required",
}


def no_snapshot_name(graph: Graph) -> Iterator[Hit]:
    """A final snapshot without a name: destroy stops."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS, "aws_docdb_cluster", "aws_neptune_cluster", "aws_redshift_cluster"):
        skip = database.block.value("skip_final_snapshot")
        wanted = skip is None or graph.argument(database, "skip_final_snapshot") is False
        if (
            wanted
            and "final_snapshot_identifier" not in database.block.attributes
            and "replicate_source_db" not in database.block.attributes
        ):
            yield Hit(
                database.address,
                f"{code(database.address)} takes a final snapshot and has no `final_snapshot_identifier`: `terraform destroy` stops at it.",
                f"{code(database.address)} names its final snapshot or skips it",
                attribute="final_snapshot_identifier",
                related=(f"{database.address}.skip_final_snapshot",),
                source=f"{_REGISTRY}/{database.type.removeprefix('aws_')}#final_snapshot_identifier",
                message=_NO_SNAPSHOT_NAME.get(database.type, ""),
            )


_HOST = re.compile(r"(?:^|[_.-])(?:host|hostname|db_?host|database_?host)$", re.IGNORECASE)


def endpoint_as_host(graph: Graph) -> Iterator[Hit]:
    """``endpoint`` of an instance, which holds the port, where a host name is wanted."""
    databases = (*graph.of_type("aws_db_instance"), *graph.data_of_type("aws_db_instance"))
    users = {reference.source for database in databases for reference in graph.incoming.get(database.address, ())}
    for resource in (d for d in graph.of_kind("resource") if d.address in users):
        for path, name, value in _named_values(resource.block, ""):
            last = value.steps[-1] if isinstance(value, Traversal) and value.steps else None
            target = graph.resolve(value, resource.module) if isinstance(value, Traversal) else None
            if (
                target is not None
                and target.type == "aws_db_instance"
                and isinstance(last, Attr)
                and last.name == "endpoint"
                and _HOST.search(name)
                and not _is_split(graph, name)
            ):
                yield Hit(
                    resource.address,
                    f"{code(resource.address)} gives {code(name)} the value `{target.local}.endpoint`, which is host and port; "
                    f"the bare host is `{target.local}.address`.",
                    f"{code(resource.address)} does not give {code(name)} the value `{target.local}.endpoint`",
                    attribute=path,
                    key=name,
                    related=(target.address,),
                )


def _is_split(graph: Graph, name: str) -> bool:
    """Whether code of the tree takes what a name holds apart at the colon."""
    cut = re.compile(
        rf"\b{re.escape(name)}\b.{{0,20}}(?:\bsplit\(|\bpartition\(|\bcut -d|%:|\brsplit\()|\bsplit\(\s*\"?:\"?,\s*{re.escape(name)}\b"
    )
    return any(cut.search(file.text) for file in graph.files.values())


def _named_values(block: Block, path: str) -> Iterator[tuple[str, str, Expression]]:
    """Yield (argument path, name, value) of keys of objects and of blocks that have a ``name`` and a ``value``."""
    name, value = block.value("name"), block.value("value")
    if isinstance(name, Literal) and value is not None:
        yield path, str(name.value), _bare(value)
    for argument, attribute in block.attributes.items():
        yield from ((f"{path}.{argument}".strip("."), n, v) for n, v in _keys(attribute.expr))
    for inner in block.blocks:
        yield from _named_values(inner, f"{path}.{inner.type}".strip("."))


def _keys(expr: Expression) -> Iterator[tuple[str, Expression]]:
    if isinstance(expr, Object):
        words = {str(k.value): v for k, v in expr.items if isinstance(k, Literal)}
        if isinstance(words.get("name"), Literal) and "value" in words:
            yield str(getattr(words["name"], "value", "")), _bare(words["value"])
        yield from ((n, _bare(v)) for n, v in words.items())
    for part in children(expr):
        yield from _keys(part)


def _bare(expr: Expression) -> Expression:
    """Return the expression inside of a template that consists of it alone."""
    return expr.parts[0] if isinstance(expr, Template) and len(expr.parts) == 1 else expr


_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"

RULES = (
    Rule(
        "RG214",
        "rds-unencrypted",
        "Database storage is not encrypted",
        Category.CRITICAL,
        Severity.HIGH,
        unencrypted,
        f"{_GUIDE}/Overview.Encryption.html",
        fix_class="A",
        stage=Stage.RUNTIME,
        impact=(
            ("Security", "Without encryption whoever gets at the storage or at a snapshot reads the data."),
            ("Operations", "An unencrypted database cannot be encrypted later: it must be copied into a new one."),
        ),
        lesson="Encryption of a database is asked for at its creation; it cannot be added later.",
        advice="Set `storage_encrypted = true`.",
    ),
    Rule(
        "RG217",
        "rds-final-snapshot-name",
        "Final snapshot without a name: destroy fails",
        Category.WARNING,
        Severity.MEDIUM,
        no_snapshot_name,
        f"{_REGISTRY}/db_instance#final_snapshot_identifier",
        fix_class="C",
        tier=2,
        topics=("destroy", "tear down", "teardown", "clean up", "cleanup"),
        impact=(("Operations", "The stack cannot be destroyed without changing it first."),),
        lesson="`skip_final_snapshot` is false by default, and then the snapshot needs a name.",
        advice="Set `final_snapshot_identifier`, or `skip_final_snapshot = true` where the data may go.",
    ),
    Rule(
        "RG219",
        "rds-endpoint-as-host",
        "Database endpoint with its port where a host name is wanted",
        Category.WARNING,
        Severity.HIGH,
        endpoint_as_host,
        f"{_REGISTRY}/db_instance#endpoint",
        stage=Stage.RUNTIME,
        impact=(("Function", "A client that adds the port, or resolves the value as a name, does not reach the database."),),
        lesson="`endpoint` of a DB instance is `address:port`; `address` is the host.",
        advice="Use `address`, and `port` for the port.",
    ),
)
