"""RG2xx: settings of RDS that exclude or need each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.hcl import UNKNOWN
from reviewgen.model.hcl import Attr, Block
from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import tables
from ...base import Hit, Rule
from ...databases import CLUSTERS, engine, is_copy, version_numbers
from ...passwords import led
from ...places import code, is_true, listed, written
from ...values import chosen, number, variable_behind

_GROUPS = ("aws_db_parameter_group", "aws_rds_cluster_parameter_group")
_OF_CLUSTERS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/parameter-groups-overview.html"


def static_parameters(graph: Graph) -> Iterator[Hit]:
    """A static parameter that is to be applied at once."""
    for group in graph.of_type(*_GROUPS):
        family = graph.argument(group, "family")
        rows = tables.rows("rds_static_parameters")
        static = {p for r in rows if isinstance(family, str) and re.match("|".join(r["families"]), family) for p in r["parameters"]}
        lines = {n: b.line for b in written(graph, group, "parameter") if (n := _immediate(graph, group, b)) in static}
        found = list(lines)
        if found:
            yield Hit(
                group.address,
                f"{code(group.address)} sets {listed(found)} with the apply method `immediate`, the default; "
                f"{'this parameter is static and takes' if len(found) == 1 else 'these parameters are static and take'} effect at a restart only.",
                f"{code(group.address)} does not set {listed(found)} with the apply method `immediate`",
                attribute="parameter",
                related=tuple(sorted({r.source for r in graph.incoming.get(group.address, ()) if "output." not in r.source}))[:2],
                source=_OF_CLUSTERS if group.type == "aws_rds_cluster_parameter_group" else "",
                line=lines[found[0]] if len(found) == 1 else 0,
            )


def _immediate(graph: Graph, group: Declaration, block: Block) -> str:
    """Return the name of a parameter that is applied at once; empty otherwise."""
    name = graph.constant(block.value("name"), group.module)
    method = graph.constant(block.value("apply_method"), group.module) if "apply_method" in block.attributes else "immediate"
    return name if isinstance(name, str) and method == "immediate" else ""


# Parameters of PostgreSQL that count pages of 8 kB, and formulas of RDS that make a number from the memory, which is given in bytes.
_IN_PAGES = ("shared_buffers", "effective_cache_size")
_OF_MEMORY = re.compile(r"\{\s*DBInstanceClassMemory\s*(?:\*\s*(\d+)\s*)?(?:/\s*(\d+)\s*)?\}")
_PAGE = 8192


def bytes_for_pages(graph: Graph) -> Iterator[Hit]:
    """A parameter of PostgreSQL that counts pages of 8 kB gets a share of the memory in bytes."""
    for group in graph.of_type(*_GROUPS):
        family = graph.argument(group, "family")
        if not isinstance(family, str) or not family.startswith(("postgres", "aurora-postgresql")):
            continue
        for block in written(graph, group, "parameter"):
            name, value = (graph.constant(block.value(key), group.module) for key in ("name", "value"))
            match = _OF_MEMORY.fullmatch(value.strip()) if isinstance(value, str) and name in _IN_PAGES else None
            times = _PAGE * int(match[1] or 1) // max(int(match[2] or 1), 1) if match else 0
            if times > 1:
                yield Hit(
                    group.address,
                    f"{code(group.address)} sets {code(str(name))} to {code(str(value))}. The parameter counts pages of 8 kB and the formula gives "
                    f"bytes: {times} times the memory of the instance.",
                    f"{code(group.address)} does not set {code(str(name))} to {code(str(value))}",
                    attribute="parameter",
                    key=str(name),
                )


def family_of_other_version(graph: Graph) -> Iterator[Hit]:
    """A parameter group whose family is not that of the database's version."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS):
        for argument in ("parameter_group_name", "db_cluster_parameter_group_name"):
            for group in _only(graph, database, argument):
                name, version = engine(graph, database), graph.argument(database, "engine_version")
                family = graph.argument(group, "family") if group.type in _GROUPS else UNKNOWN
                wanted = _family(name, version) if isinstance(version, str) and name else ""
                if wanted and isinstance(family, str) and family != wanted:
                    yield Hit(
                        database.address,
                        f"{code(database.address)} runs {code(name)} {code(str(version))} and uses {code(group.address)} of the family "
                        f"{code(family)}; its family is {code(wanted)}.",
                        f"{code(database.address)} does not use a group of the family {code(family)} with {code(name)} {code(str(version))}",
                        attribute=argument,
                        related=(f"{group.address}.family", f"{database.address}.engine_version"),
                        message=_WRONG_FAMILY.format(family=family, wanted=wanted) if argument == "parameter_group_name" else "",
                    )


def _only(graph: Graph, database: Declaration, argument: str) -> list[Declaration]:
    """Return the group that an argument names for certain; none where it may be one of several."""
    values = chosen(graph, database.block.value(argument), database.module)
    found = {t.address: t for v in values for t in led(graph, v, database.module)}
    return list(found.values()) if len(found) == 1 and len(values) == 1 else []


_WRONG_FAMILY = (
    "with DBParameterGroupFamily {family} can't be used for this instance. Use a parameter group with DBParameterGroupFamily {wanted}."
)


def _family(name: str, version: str) -> str:
    """Return the family of an engine's version, as far as it follows from its number."""
    numbers = version_numbers(version)
    if name in ("postgres", "aurora-postgresql") and numbers and numbers[0] >= 10:
        return f"{name}{numbers[0]}"
    if name in ("mysql", "mariadb") and len(numbers) >= 2:
        return f"{name}{numbers[0]}.{numbers[1]}"
    if name == "aurora-mysql" and re.match(r"(?:5\.7|8\.0)\b", version):
        return f"{name}{version[:3]}"
    return ""


# RDS stripes gp3 storage from these sizes on (in GiB); below, IOPS and throughput are fixed.
_GP3_FROM = {"mysql": 400, "mariadb": 400, "postgres": 400, "oracle-ee": 200, "oracle-se2": 200}


def iops_on_small_storage(graph: Graph) -> Iterator[Hit]:
    """IOPS or throughput for gp3 storage that is too small for them."""
    for database in graph.of_type("aws_db_instance"):
        name, size = engine(graph, database), number(graph.argument(database, "allocated_storage"))
        limit = _GP3_FROM.get(name)
        given = [a for a in ("iops", "storage_throughput") if number(graph.argument(database, a))]
        if given and limit and size is not None and size < limit and graph.argument(database, "storage_type") == "gp3":
            yield Hit(
                database.address,
                f"{code(database.address)} sets {listed(given)} on {int(size)} GiB of gp3 storage; for {code(name)} RDS takes them from "
                f"{limit} GiB on.",
                f"{code(database.address)} sets neither IOPS nor throughput for less than {limit} GiB of gp3 storage",
                attribute=given[0],
                message=f"InvalidParameterCombination: You can't specify IOPS or storage throughput for engine {name} and a storage size "
                f"less than {limit}.",
                related=(
                    f"{database.address}.{given[-1]}",
                    f"{database.address}.allocated_storage",
                    *variable_behind(graph, database, "allocated_storage"),
                ),
            )


def _sources(graph: Graph, replica: Declaration) -> list[Declaration]:
    found = graph.targets(replica.block.value("replicate_source_db"), replica.module)
    return [d for d in found if d.type == "aws_db_instance" and d.kind == "resource" and d.address != replica.address]


def replica_without_backups(graph: Graph) -> Iterator[Hit]:
    """A read replica of an instance that keeps no backups."""
    for replica in graph.of_type("aws_db_instance"):
        for source in _sources(graph, replica):
            kept = graph.argument(source, "backup_retention_period")
            if number(kept) == 0 or ("backup_retention_period" not in source.block.attributes and not _is_restored(graph, source)):
                yield Hit(
                    source.address,
                    f"{code(source.address)} keeps no automated backups (`backup_retention_period` is "
                    f"{'0' if number(kept) == 0 else 'not set, that is 0'}), and {code(replica.address)} is to be its replica.",
                    f"{code(source.address)} keeps automated backups",
                    attribute="backup_retention_period",
                    related=(f"{replica.address}.replicate_source_db",),
                    needs=(replica.address,),
                )


def _is_restored(graph: Graph, database: Declaration) -> bool:
    """Whether a database may keep the backups of what it is made from: a replica keeps none by itself."""
    return is_copy(graph, database) and "replicate_source_db" not in database.block.attributes


def replica_without_group(graph: Graph) -> Iterator[Hit]:
    """A read replica in the VPC of its source with the default security group."""
    replicas = [d for d in graph.of_type("aws_db_instance") if "replicate_source_db" in d.block.attributes]
    if not replicas or graph.of_type("aws_default_security_group") or _uses_default_group(graph):
        return  # it may admit whom the source's groups admit
    for replica in replicas:
        for source in _sources(graph, replica):
            if any(t.kind == "data" for t in graph.targets(source.block.value("vpc_security_group_ids"), source.module)):
                continue  # the source may have the default group itself
            if "vpc_security_group_ids" in source.block.attributes and "vpc_security_group_ids" not in replica.block.attributes:
                yield Hit(
                    replica.address,
                    f"{code(replica.address)} sets no `vpc_security_group_ids`: a replica does not take over those of {code(source.address)} but "
                    "gets the default security group of the VPC.",
                    f"{code(replica.address)} sets `vpc_security_group_ids`, or the stack manages the default security group",
                    attribute="vpc_security_group_ids",
                    related=(f"{source.address}.vpc_security_group_ids",),
                )


def _uses_default_group(graph: Graph) -> bool:
    """Whether a tree names the default security group of a VPC: databases may have it, and rules may be added to it."""
    named = any(isinstance(s, Attr) and s.name == "default_security_group_id" for r in graph.references for s in r.traversal.steps)
    return named or any(graph.argument(d, "name") == "default" for d in graph.data_of_type("aws_security_group"))


def global_encryption(graph: Graph) -> Iterator[Hit]:
    """A primary cluster that is encrypted in a global cluster that is not."""
    for cluster in graph.of_type("aws_rds_cluster"):
        for group in graph.targets(cluster.block.value("global_cluster_identifier"), cluster.module):
            own = graph.argument(group, "storage_encrypted")
            plain = own is False or "storage_encrypted" not in group.block.attributes
            if group.type == "aws_rds_global_cluster" and is_true(graph, cluster, "storage_encrypted") and plain and not _adopts(group):
                yield Hit(
                    group.address,
                    f"{code(cluster.address)} is encrypted and belongs to {code(group.address)}, which is not: both must agree.",
                    f"{code(cluster.address)} and {code(group.address)} agree on encryption",
                    attribute="storage_encrypted",
                    related=(f"{cluster.address}.storage_encrypted",),
                    needs=(cluster.address,),
                )


def _adopts(group: Declaration) -> bool:
    """Whether a global cluster is made from an existing one, whose encryption it then has."""
    return "source_db_cluster_identifier" in group.block.attributes


_GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"


def backtrack_elsewhere(graph: Graph) -> Iterator[Hit]:
    """A backtrack window on a cluster whose engine has no backtrack: Aurora MySQL alone has it."""
    for cluster in graph.of_type("aws_rds_cluster"):
        window, kind = number(graph.argument(cluster, "backtrack_window")), graph.argument(cluster, "engine")
        if window and kind == "aurora-postgresql":
            yield Hit(
                cluster.address,
                f"{code(cluster.address)} sets `backtrack_window` to {window:g}, and its engine is {code(kind)}: backtrack is a feature of Aurora "
                "MySQL only.",
                f"{code(cluster.address)} sets no `backtrack_window`, or its engine is not {code(kind)}",
                attribute="backtrack_window",
                related=(f"{cluster.address}.engine",),
            )


RULES = (
    Rule(
        "RG209",
        "rds-static-parameter",
        "Static database parameter with the apply method `immediate`",
        Category.BLOCKER,
        Severity.HIGH,
        static_parameters,
        f"{_GUIDE}/USER_WorkingWithDBInstanceParamGroups.html",
        stage=Stage.APPLY,
        message="InvalidParameterCombination: cannot use immediate apply method for static parameter",
        impact=(("Deployment", "The parameter group stays without its parameters, and the database that uses it is not created."),),
        lesson='The provider applies parameters at once unless told otherwise; static ones need `apply_method = "pending-reboot"`.',
        advice='Add `apply_method = "pending-reboot"` to the static parameters.',
    ),
    Rule(
        "RG210",
        "rds-parameter-family",
        "Parameter group of another engine version",
        Category.BLOCKER,
        Severity.HIGH,
        family_of_other_version,
        f"{_GUIDE}/USER_WorkingWithDBInstanceParamGroups.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The database is not created."),),
        lesson="The family of a parameter group names engine and major version: they change together.",
        advice="Set the family that belongs to the engine version.",
    ),
    Rule(
        "RG215",
        "rds-bytes-for-pages",
        "Parameter that counts pages gets bytes",
        Category.CRITICAL,
        Severity.HIGH,
        bytes_for_pages,
        f"{_GUIDE}/Appendix.PostgreSQL.CommonDBATasks.Parameters.html",
        stage=Stage.APPLY,
        impact=(("Function", "A value above what the parameter takes puts the database into the state `incompatible-parameters`."),),
        lesson="Each parameter has a unit of its own; formulas with `DBInstanceClassMemory` are in bytes.",
        advice="Divide by 8192 as well, as in `{DBInstanceClassMemory/32768}` for a quarter of the memory.",
    ),
    Rule(
        "RG211",
        "rds-iops-small-storage",
        "IOPS or throughput on gp3 storage that is too small",
        Category.BLOCKER,
        Severity.CRITICAL,
        iops_on_small_storage,
        f"{_GUIDE}/CHAP_Storage.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The database is not created."),),
        lesson="gp3 storage of RDS has fixed IOPS and throughput below a size that depends on the engine.",
        advice="Leave `iops` and `storage_throughput` out, or allocate more storage.",
    ),
    Rule(
        "RG212",
        "rds-replica-without-backups",
        "Read replica of a database without automated backups",
        Category.BLOCKER,
        Severity.CRITICAL,
        replica_without_backups,
        f"{_GUIDE}/USER_ReadRepl.html",
        stage=Stage.APPLY,
        message="InvalidDBInstanceState: Automated backups are not enabled for this database instance.",
        impact=(("Deployment", "The replica is not created."),),
        lesson="Replication starts from automated backups; the provider's default for their retention is 0, that is none.",
        advice="Set `backup_retention_period` of the source to at least 1.",
    ),
    Rule(
        "RG213",
        "rds-replica-default-group",
        "Read replica with the default security group",
        Category.CRITICAL,
        Severity.MEDIUM,
        replica_without_group,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Clients that may reach the primary cannot reach the replica."),),
        lesson="A replica takes over engine and storage from its source, but not its security groups.",
        advice="Set `vpc_security_group_ids` on the replica.",
    ),
    Rule(
        "RG218",
        "global-cluster-encryption",
        "Global database and its cluster disagree on encryption",
        Category.BLOCKER,
        Severity.CRITICAL,
        global_encryption,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_global_cluster",
        stage=Stage.APPLY,
        message="InvalidParameterValue: Value for storageEncrypted should match setting for global cluster",
        impact=(("Deployment", "The cluster is not created."),),
        lesson="Encryption is a property of the global database; its clusters repeat it.",
        advice="Set `storage_encrypted = true` on the global cluster.",
    ),
    Rule(
        "RG216",
        "backtrack-of-postgresql",
        "Backtrack on an engine without it",
        Category.BLOCKER,
        Severity.CRITICAL,
        backtrack_elsewhere,
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Backtrack.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "RDS refuses the cluster."),),
        lesson="Aurora PostgreSQL goes back in time by restoring a new cluster to a point of its backups; only Aurora MySQL rewinds in place.",
        advice="Leave `backtrack_window` out and restore to a point in time within `backup_retention_period`, or use Aurora MySQL.",
    ),
)
