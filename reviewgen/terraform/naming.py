"""Physical names: which argument gives a resource its name in AWS, and what such a name is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reviewgen import hcl
from reviewgen.model.hcl import Attr, Expression, Template, Traversal
from reviewgen.model.tree import Declaration

from .graph import Graph

# Resources whose names are unique in an account and region or wider, with the argument that gives the name.
NAMED: Mapping[str, str] = {
    "aws_alb": "name", "aws_api_gateway_rest_api": "name", "aws_apigatewayv2_api": "name", "aws_autoscaling_group": "name",
    "aws_backup_plan": "name", "aws_backup_vault": "name", "aws_cloudtrail": "name", "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_event_bus": "name", "aws_cloudwatch_event_rule": "name", "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name", "aws_codebuild_project": "name", "aws_codedeploy_app": "name",
    "aws_codepipeline": "name", "aws_config_config_rule": "name", "aws_db_instance": "identifier", "aws_db_parameter_group": "name",
    "aws_db_subnet_group": "name",
    "aws_dynamodb_table": "name", "aws_ecr_repository": "name", "aws_ecs_cluster": "name", "aws_ecs_task_definition": "family",
    "aws_eks_cluster": "name", "aws_elasticache_replication_group": "replication_group_id", "aws_elasticache_subnet_group": "name",
    "aws_elb": "name", "aws_iam_instance_profile": "name", "aws_iam_policy": "name", "aws_iam_role": "name", "aws_iam_user": "name",
    "aws_iam_group": "name", "aws_kinesis_firehose_delivery_stream": "name", "aws_kinesis_stream": "name", "aws_kms_alias": "name",
    "aws_lambda_function": "function_name", "aws_launch_template": "name", "aws_lb": "name", "aws_lb_target_group": "name",
    "aws_rds_cluster": "cluster_identifier", "aws_rds_cluster_parameter_group": "name", "aws_rds_global_cluster": "global_cluster_identifier",
    "aws_s3_bucket": "bucket", "aws_secretsmanager_secret": "name", "aws_security_group": "name", "aws_sfn_state_machine": "name",
    "aws_sns_topic": "name", "aws_sqs_queue": "name", "aws_ssm_parameter": "name", "aws_wafv2_web_acl": "name",
}  # fmt: skip


def named(graph: Graph) -> Iterator[tuple[Declaration, str, Expression]]:
    """Yield (resource, argument, expression) of the physical names that a tree gives."""
    for declaration in graph.of_kind("resource"):
        argument = NAMED.get(declaration.type, "")
        expr = declaration.block.value(argument) if argument else None
        if expr is not None:
            yield declaration, argument, expr


def spelled(graph: Graph, declaration: Declaration, argument: str) -> str:
    """Return a name; a part that is not constant stands as ``${expression}``. Empty when the whole is not written as text, or each copy has another."""
    value = graph.argument(declaration, argument)
    expr = declaration.block.value(argument)
    if isinstance(value, str) or not isinstance(expr, Template):
        return value if isinstance(value, str) else ""
    parts = [(graph.constant(p, declaration.module), p) for p in expr.parts]
    if any(t.root in ("each", "count") for v, p in parts if not isinstance(v, str) for t in hcl.traversals(p)):
        return ""
    return "".join(v if isinstance(v, str) else f"${{{hcl.text_of(p)}}}" for v, p in parts)


def carries(graph: Graph, expr: Expression, module: str, wanted: Callable[[str], bool]) -> bool | None:
    """Whether a name is made of something that a word names: a variable, a local value, a resource, the workspace.

    What it is made of is followed through local values, inputs of modules and the names of other resources. None when a part of it leads
    to something that cannot be followed.
    """
    queue: list[tuple[Expression, str]] = [(expr, module)]
    seen: set[tuple[str, str]] = set()
    unknown = False
    while queue:
        expression, home = queue.pop()
        for traversal in hcl.traversals(expression):
            if any(wanted(word.lower()) for word in _words(traversal)):
                return True
            key = (hcl.text_of(traversal), home)
            if key not in seen:
                seen.add(key)
                behind = _behind(graph, traversal, home)
                unknown = unknown or behind is None
                queue.extend(behind or ())
    return None if unknown else False


def _words(traversal: Traversal) -> Iterator[str]:
    yield traversal.root
    yield from (step.name for step in traversal.steps if isinstance(step, Attr))


def _behind(graph: Graph, traversal: Traversal, module: str) -> list[tuple[Expression, str]] | None:
    """Return what a name stands for; None when that cannot be told."""
    if traversal.root in ("count", "path", "terraform", "data"):
        return []
    declaration = graph.resolve(traversal, module)
    if declaration is None:
        return None
    if declaration.kind == "resource":
        step = traversal.steps[1] if len(traversal.steps) > 1 else None
        expr = declaration.block.value(step.name) if isinstance(step, Attr) else None
        return [(expr, declaration.module)] if expr is not None else []
    found = list(graph.behind(declaration, traversal))
    return None if declaration.kind == "module" and not found else found
