"""RG220: databases that start in another network than the one their security groups are made for."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..databases import CLUSTERS, is_copy
from ..firewall import groups_of
from ..keys import created
from ..places import code, provider
from ..routing import vpc_of

_SUBNETS = "db_subnet_group_name"
_REPLICA = "replicate_source_db"


def without_subnet_group(graph: Graph) -> Iterator[Hit]:
    """A database without a subnet group starts in the default VPC, where groups of another VPC cannot be attached."""
    for database in graph.of_type("aws_db_instance", *CLUSTERS):
        if database.block.value(_SUBNETS) is not None or not created(graph, database) or not _chooses(graph, database):
            continue
        group = next((g for g in groups_of(graph, database) if _own_vpc(graph, g) is not None), None)
        if group is not None:
            home = str(_own_vpc(graph, group))
            what = "a cluster" if database.type in CLUSTERS else "a replica of another region" if is_copy(database) else "an instance"
            yield Hit(
                database.address,
                f"{code(database.address)} carries {code(group.address)}, which belongs to {code(home)}, and sets no `{_SUBNETS}`: without one "
                f"{what} is created in the default VPC.",
                f"{code(database.address)} sets `{_SUBNETS}`",
                attribute=_SUBNETS,
                related=(f"{database.address}.vpc_security_group_ids", group.address, home),
                message="InvalidParameterCombination: The DB instance and EC2 security group are in different VPCs."
                if database.type not in CLUSTERS
                else "",
                recommendation=_advice(graph, database, home),
            )


def _advice(graph: Graph, database: Declaration, home: str) -> Recommendation | None:
    """Name the subnet group that the tree has for this network already; None where a new one is to be made."""
    for group in graph.of_type("aws_db_subnet_group"):
        subnets = graph.targets(group.block.value("subnet_ids"), group.module)
        if (
            subnets
            and all(vpc_of(graph, s) == home for s in subnets)
            and group.module == database.module
            and provider(group) == provider(database)
        ):
            return Recommendation(f"Name {code(group.address)}, whose subnets lie in {code(home)}, in `{_SUBNETS}`.")
    return None


def _own_vpc(graph: Graph, group: Declaration) -> str | None:
    """Return the VPC of a group, if the tree makes it: one that is looked up may be the default VPC."""
    found = graph.get(vpc_of(graph, group) or "")
    return found.address if found is not None and found.kind == "resource" else None


def _chooses(graph: Graph, database: Declaration) -> bool:
    """Whether a database takes its network from nothing else: a replica in the region of its source takes the source's."""
    if not is_copy(database):
        return not {"replication_source_identifier", "snapshot_identifier"} & set(database.block.attributes)
    sources = graph.targets(database.block.value(_REPLICA), database.module)
    return len(sources) == 1 and sources[0].kind == "resource" and provider(sources[0]) != provider(database)


RULES = (
    Rule(
        "RG220",
        "rds-no-subnet-group",
        "Database without a subnet group carries security groups of another VPC",
        Category.BLOCKER,
        Severity.CRITICAL,
        without_subnet_group,
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The database cannot be created."),),
        lesson="A database's network is that of its subnet group, not that of its security groups; without a subnet group it is the default VPC.",
        advice="Create an `aws_db_subnet_group` of the VPC's private subnets and name it in `db_subnet_group_name`.",
        cures=("aws_db_subnet_group",),
    ),
)
