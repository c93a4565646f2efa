"""Who calls which Lambda function, and whether the function's policy lets them."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.hcl import Block, Expression
from reviewgen.model.tree import Declaration
from reviewgen.records import dataclass
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import left_out


@dataclass(frozen=True, eq=False)
class Call:
    """One place where a service is told to invoke a function of the tree.

    Attributes:
        caller: The resource that names the function.
        argument: Argument path of the name.
        function: The function.
        principal: The service that calls, as it stands in a policy.
        service: Its name for people.
        checked: Whether AWS checks the permission when the caller is created.
    """

    caller: Declaration
    argument: str
    function: Declaration
    principal: str
    service: str
    checked: bool


# What has the name of a function: itself, and what stands for one of its versions.
_NAMING = ("aws_lambda_function", "aws_lambda_alias", "aws_lambda_version")
# Resource type, argument path, principal, name, whether creation fails without the permission.
_SOURCES = (
    ("aws_api_gateway_integration", ("uri",), "apigateway.amazonaws.com", "API Gateway", False),
    ("aws_api_gateway_authorizer", ("authorizer_uri",), "apigateway.amazonaws.com", "API Gateway", False),
    ("aws_apigatewayv2_integration", ("integration_uri",), "apigateway.amazonaws.com", "API Gateway", False),
    ("aws_cloudwatch_event_target", ("arn",), "events.amazonaws.com", "EventBridge", False),
    ("aws_sns_topic_subscription", ("endpoint",), "sns.amazonaws.com", "SNS", False),
    ("aws_s3_bucket_notification", ("lambda_function", "lambda_function_arn"), "s3.amazonaws.com", "S3", True),
    ("aws_cloudwatch_log_subscription_filter", ("destination_arn",), "logs.amazonaws.com", "CloudWatch Logs", True),
    ("aws_secretsmanager_secret_rotation", ("rotation_lambda_arn",), "secretsmanager.amazonaws.com", "Secrets Manager", True),
    ("aws_config_config_rule", ("source", "source_identifier"), "config.amazonaws.com", "AWS Config", True),
    ("aws_lb_target_group_attachment", ("target_id",), "elasticloadbalancing.amazonaws.com", "Elastic Load Balancing", True),
)
# Arguments by which a caller uses a role of its own instead of the function's policy.
_CREDENTIALS = ("credentials", "credentials_arn", "authorizer_credentials", "role_arn")


# Kinds of integrations that call something else than the API of Lambda, whatever the address is made of.
_OTHER_CALLS = ("HTTP", "HTTP_PROXY", "MOCK")


def calls(graph: Graph) -> Iterator[Call]:
    """Yield the calls of a tree in the order of the sources."""
    for type_, path, principal, service, checked in _SOURCES:
        for caller in graph.of_type(type_):
            if path[:-1] and left_out(graph, caller, path[0]):
                continue
            for block in caller.block.nested(*path[:-1]):
                if any(name in block.attributes for name in _CREDENTIALS) or graph.argument(caller, "type") in _OTHER_CALLS:
                    continue
                for function in _functions(graph, block, path[-1], caller.module):
                    yield Call(caller, ".".join(path), function, principal, service, checked)


def _functions(graph: Graph, block: Block, argument: str, module: str) -> list[Declaration]:
    return [t for t in graph.targets(block.value(argument), module) if t.type == "aws_lambda_function" and t.kind == "resource"]


def permissions(graph: Graph, call: Call) -> list[Declaration] | None:
    """Return the permissions that let a call through; None when one may do so that is not fully known."""
    found = []
    for permission in graph.of_type("aws_lambda_permission"):
        principal = graph.argument(permission, "principal")
        if isinstance(principal, str) and not _same(principal, call.principal):
            continue
        named = _named(graph, permission.block.value("function_name"), permission.module, call.function)
        if named is None or (named and not isinstance(principal, str)):
            return None
        if named:
            found.append(permission)
    return None if graph.tree.incomplete or (not found and graph.has_remote_modules) else found


def _same(principal: str, wanted: str) -> bool:
    """``logs.eu-west-1.amazonaws.com`` is CloudWatch Logs too."""
    service = wanted.removesuffix(".amazonaws.com")
    return principal == "*" or principal.startswith(service + ".")


def _named(graph: Graph, expr: Expression | None, module: str, function: Declaration) -> bool | None:
    """Whether a function name means a function of the tree, by reference or by the name that it has."""
    functions = [t for t in graph.targets(expr, module) if t.type in _NAMING]
    if any(f.address == function.address for f in functions_named(graph, expr, module)):
        return True
    if functions:
        return False
    name = graph.constant(expr, module)
    own = graph.argument(function, "function_name")
    return name == own if isinstance(name, str) and isinstance(own, str) else None


def functions_named(graph: Graph, expr: Expression | None, module: str) -> list[Declaration]:
    """Return the functions of the tree that an argument names, by themselves or by an alias: whoever calls an alias calls its function."""
    found = []
    for target in graph.targets(expr, module):
        inner = graph.targets(target.block.value("function_name"), target.module) if target.type in _NAMING[1:] else [target]
        found += [f for f in inner if f.type == _NAMING[0] and f.kind == "resource" and f not in found]
    return found
