"""RG634: what is used in one region and stands in another."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code, region

# Arguments that AWS looks up in the region of the resource itself, by type.
_DATABASE = ("db_subnet_group_name", "vpc_security_group_ids", "kms_key_id")
_NETWORK = ("vpc_id",)
_LOCAL = {
    "aws_rds_cluster": ("db_cluster_parameter_group_name", *_DATABASE),
    "aws_rds_cluster_instance": ("db_parameter_group_name", "db_subnet_group_name", "performance_insights_kms_key_id"),
    "aws_db_instance": ("parameter_group_name", "option_group_name", *_DATABASE),
    "aws_db_subnet_group": ("subnet_ids",),
    "aws_elasticache_subnet_group": ("subnet_ids",),
    "aws_elasticache_replication_group": ("subnet_group_name", "parameter_group_name", "security_group_ids", "kms_key_id"),
    "aws_security_group": _NETWORK,
    "aws_subnet": _NETWORK,
    "aws_internet_gateway": _NETWORK,
    "aws_route_table": _NETWORK,
    "aws_route_table_association": ("subnet_id", "route_table_id"),
    "aws_nat_gateway": ("subnet_id", "allocation_id"),
    "aws_lb": ("subnets", "security_groups"),
    "aws_lb_target_group": _NETWORK,
    "aws_lb_listener": ("load_balancer_arn", "certificate_arn"),
    "aws_instance": ("subnet_id", "vpc_security_group_ids", "key_name"),
    "aws_autoscaling_group": ("vpc_zone_identifier", "target_group_arns"),
    "aws_launch_template": ("vpc_security_group_ids", "key_name"),
    "aws_lambda_function": ("vpc_config.subnet_ids", "vpc_config.security_group_ids", "kms_key_arn"),
    "aws_ecs_service": ("cluster", "task_definition", "network_configuration.subnets", "network_configuration.security_groups"),
    "aws_cloudwatch_log_group": ("kms_key_id",),
    "aws_sns_topic": ("kms_master_key_id",),
    "aws_sqs_queue": ("kms_master_key_id",),
    "aws_secretsmanager_secret": ("kms_key_id",),
    "aws_flow_log": _NETWORK,
}


def used_from_another_region(graph: Graph) -> Iterator[Hit]:
    """An argument that leads to a resource of another region, where AWS looks in the own one."""
    for type_, names in _LOCAL.items():
        for user in graph.of_type(type_):
            here = region(graph, user)
            for name in names if here else ():
                far = _elsewhere(graph, user, name, str(here))
                if far is not None:
                    yield Hit(
                        user.address,
                        f"{code(user.address)} in {code(str(here))} names {code(far.address)}, which stands in "
                        f"{code(str(region(graph, far)))}: AWS looks for it in the region of what names it.",
                        f"{code(user.address)} names nothing of another region in `{name}`",
                        attribute=name,
                        related=(far.address,),
                    )


def _elsewhere(graph: Graph, user: Declaration, name: str, here: str) -> Declaration | None:
    """Return the one thing that an argument names, where it stands in another region; which region a module's call means is not followed."""
    *outer, last = name.split(".")
    blocks = list(user.block.nested(*outer)) if outer else [user.block]
    found = [target for block in blocks for target in graph.targets(block.value(last), user.module)]
    if len(found) != 1 or found[0].kind != "resource" or {user.module, found[0].module} != {graph.tree.root}:
        return None
    return found[0] if region(graph, found[0]) not in (None, here) else None


RULES = (
    Rule(
        "RG634",
        "used-from-another-region",
        "A resource of another region is used",
        Category.BLOCKER,
        Severity.CRITICAL,
        used_from_another_region,
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "It is not found there: what names it, or what starts from that, is not created."),),
        lesson="What a provider of one region creates exists in that region only: each region has its own.",
        advice="Create one in each region, with that region's provider.",
    ),
)
