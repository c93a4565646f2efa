"""RG220 and RG221: databases that start in another network than the one that is made for them."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...databases import CLUSTERS, is_copy
from ...firewall import groups_of
from ...keys import created
from ...places import code, provider, region, uses
from ...routing import vpc_of

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
            what = (
                "a cluster" if database.type in CLUSTERS else "a replica of another region" if is_copy(graph, database) else "an instance"
            )
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


def replica_beside_network(graph: Graph) -> Iterator[Hit]:
    """A replica of another region without a subnet group, beside one there that nothing takes: it starts in the default VPC of that region."""
    if graph.has_remote_modules or graph.tree.incomplete:
        return
    for replica in graph.of_type("aws_db_instance"):
        if replica.block.value(_REPLICA) is None or replica.block.value(_SUBNETS) is not None:
            continue
        if not created(graph, replica) or not _chooses(graph, replica) or groups_of(graph, replica):
            continue
        for group, home in _spare(graph, replica):
            yield Hit(
                replica.address,
                f"{code(replica.address)} is a replica of another region and sets no `{_SUBNETS}`: it is created in the default VPC of its "
                f"region and not in {code(home)}, for whose subnets there is {code(group.address)}, which no database takes.",
                f"{code(replica.address)} sets `{_SUBNETS}`",
                attribute=_SUBNETS,
                related=(group.address, home),
                recommendation=_advice(graph, replica, home),
            )


def _spare(graph: Graph, replica: Declaration) -> list[tuple[Declaration, str]]:
    """Return the one subnet group of a replica's provider with its VPC, if it stands beside the replica and nothing but outputs takes it."""
    found = [g for g in graph.of_type("aws_db_subnet_group") if g.module == replica.module and provider(g) == provider(replica)]
    users = uses(graph, found[0].address) if len(found) == 1 else []
    if len(found) != 1 or any(not user.source.startswith("output.") for user in users):
        return []
    homes = {vpc_of(graph, subnet) for subnet in graph.targets(found[0].block.value("subnet_ids"), found[0].module)}
    home = homes.pop() if len(homes) == 1 else None
    return [(found[0], home)] if home is not None else []


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
    if not is_copy(graph, database):
        return not {"replication_source_identifier", "snapshot_identifier"} & set(database.block.attributes)
    sources = graph.targets(database.block.value(_REPLICA), database.module)
    if len(sources) != 1 or sources[0].kind != "resource" or provider(sources[0]) == provider(database):
        return False
    here, there = region(graph, database), region(graph, sources[0])
    return here != there or here is None  # two configurations of one region give no replica of another


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
    Rule(
        "RG221",
        "rds-replica-beside-network",
        "Read replica outside of the network that is made for it",
        Category.CRITICAL,
        Severity.HIGH,
        replica_beside_network,
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html",
        stage=Stage.APPLY,
        impact=(
            ("Deployment", "Where the region has no default VPC, or that has no subnets, the replica is refused."),
            ("Function", "In a default VPC it stands apart from the network, its routes and its peerings."),
        ),
        lesson="A replica in another region takes nothing of its source's network: its subnet group is named, or it is the default VPC.",
        advice="Name a subnet group of that region in `db_subnet_group_name`.",
    ),
)
