"""RG301, RG306, RG311, RG313: the stages of API Gateway, which a deployment or resources of their own create, and what makes one anew."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.hcl import children, traversals
from reviewgen.model.hcl import Attr, Call, Expression, Literal, Object, Template, Traversal, Tuple
from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ... import held
from ...base import Hit, Rule
from ...places import code, listed
from ...values import known_at
from .api import of_api

# The version of the provider of which it is known that it warns; older ones of its major version may not do so yet.
_DEPRECATED = (5, 100, 0)


def deployment_stage_name(graph: Graph) -> Iterator[Hit]:
    """``stage_name`` on a deployment: deprecated in provider 5, gone in 6."""
    if held.since(graph, (6,)):
        return  # Terraform says that there is no such argument
    told = not held.before(graph, _DEPRECATED)
    for deployment in graph.of_type("aws_api_gateway_deployment"):
        if "stage_name" in deployment.block.attributes and graph.argument(deployment, "stage_name") not in ("", None):
            yield Hit(
                deployment.address,
                f"{code(deployment.address)} creates its stage through `stage_name`, which the AWS provider has deprecated in "
                "version 5 and removed in version 6.",
                f"{code(deployment.address)} does not set `stage_name`",
                attribute="stage_name",
                stage=known_at(graph, deployment, "stage_name") if told else None,
                message="stage_name is deprecated. Use the aws_api_gateway_stage resource instead." if told else "",
                recommendation=Recommendation(
                    "Declare the stage as a resource of its own and take `stage_name` out of the deployment.",
                    f'resource "aws_api_gateway_stage" "{deployment.name}" {{\n'
                    f"  deployment_id = {deployment.local}.id\n"
                    f"  rest_api_id   = {deployment.local}.rest_api_id\n"
                    '  stage_name    = "..." # the name that the deployment has now\n'
                    "}",
                ),
            )


def deployed_to_no_stage(graph: Graph) -> Iterator[Hit]:
    """An API of which no stage is declared: a deployment alone has no address under which anybody could call it."""
    if graph.of_type("aws_api_gateway_stage") or graph.has_remote_modules or graph.tree.incomplete:
        return
    for api in graph.of_type("aws_api_gateway_rest_api"):
        deployments = of_api(graph, "aws_api_gateway_deployment", api)
        if deployments and not any("stage_name" in d.block.attributes for d in deployments):
            first, *others = deployments
            yield Hit(
                first.address,
                f"{code(first.address)} has no stage: it does not set `stage_name`, and no `aws_api_gateway_stage` is declared. {code(api.address)} "
                "can only be called through a stage.",
                f"{code(api.address)} is deployed to a stage",
                attribute="stage_name",
                related=(api.address, *(d.address for d in others[:2])),
            )


# Functions that put values together, or make a hash of them, and add nothing.
_JOINING = frozenset(
    ["base64encode", "concat", "flatten", "join", "jsonencode", "md5", "sha1", "sha256", "sha512", "sort", "tolist", "tostring"]
)
_IDS = frozenset(["id", "parent_id", "resource_id", "rest_api_id", "root_resource_id"])
_PARTS = ("aws_api_gateway_", "aws_apigatewayv2_")
_DEEPEST = 8


def triggers_of_ids(graph: Graph) -> Iterator[Hit]:
    """A deployment that is made anew for ids of parts of the API, or for words of its own, and for nothing else."""
    for deployment in graph.of_type("aws_api_gateway_deployment", "aws_apigatewayv2_deployment"):
        if any("replace_triggered_by" in b.attributes for b in deployment.block.nested("lifecycle")):
            continue
        found = _by_ids(graph, deployment) or _by_words(graph, deployment)
        if found:
            yield Hit(
                deployment.address,
                found,
                f"something makes {code(deployment.address)} anew when a part of the API is changed in place",
                attribute="triggers",
            )


def _by_ids(graph: Graph, deployment: Declaration) -> str:
    expr = deployment.block.value("triggers")
    if expr is None or _other_reasons(deployment) or not any(traversals(expr)) or not _of_ids(graph, expr, deployment.module):
        return ""
    return (
        f"The `triggers` of {code(deployment.address)} are made of nothing but ids. An id stays when its method or integration is "
        "changed in place, in what it calls or whom it admits for example: Terraform then makes no new deployment."
    )


def _by_words(graph: Graph, deployment: Declaration) -> str:
    reasons = _other_reasons(deployment)
    texts = [deployment.block.attributes[name].expr for name in reasons]
    fixed = all(_of_ids(graph, text, deployment.module) and not any(traversals(text)) for text in texts)
    if "triggers" in deployment.block.attributes or not reasons or not fixed:
        return ""
    return (
        f"{code(deployment.address)} has no `triggers`, and {listed(reasons)} of it {'is' if len(reasons) == 1 else 'are'} written out: Terraform "
        "makes a new deployment only when somebody writes something else there."
    )


def _other_reasons(deployment: Declaration) -> list[str]:
    """Return the arguments beside ``triggers`` whose change makes a deployment anew."""
    return [name for name in ("stage_description", "variables") if name in deployment.block.attributes]


def _of_ids(graph: Graph, expr: Expression, module: str, depth: int = _DEEPEST) -> bool:
    """Whether an expression is made of ids of parts of APIs and nothing else, directly or through local values."""
    if isinstance(expr, Traversal):
        if expr.root.startswith(_PARTS):  # declared or not: Terraform says what is missing
            names = [step.name for step in expr.steps if isinstance(step, Attr)]
            return len(names) == 2 and names[1] in _IDS
        target = graph.resolve(expr, module)
        local = target.attribute if target is not None and target.kind == "local" and depth else None
        return target is not None and local is not None and _of_ids(graph, local.expr, target.module, depth - 1)
    if isinstance(expr, Literal):
        return True
    together = isinstance(expr, Object | Tuple | Template) or (isinstance(expr, Call) and expr.name in _JOINING)
    return together and all(_of_ids(graph, part, module, depth) for part in _values(expr))


def _values(expr: Expression) -> Iterator[Expression]:
    """Yield what an expression is made of; the keys of an object are names."""
    yield from (value for _, value in expr.items) if isinstance(expr, Object) else children(expr)


def stage_twice(graph: Graph) -> Iterator[Hit]:
    """A stage that both the deployment and a resource of its own create."""
    for stage in graph.of_type("aws_api_gateway_stage"):
        for deployment in graph.targets(stage.block.value("deployment_id"), stage.module):
            theirs = deployment.block.value("stage_name") if deployment.type == "aws_api_gateway_deployment" else None
            ours = stage.block.value("stage_name")
            known = graph.constant(ours, stage.module)
            equal = ours == theirs or (isinstance(known, str) and known == graph.constant(theirs, deployment.module))
            if theirs is not None and equal and known not in ("", None) and not held.since(graph, (6,)):
                yield Hit(
                    deployment.address,
                    f"{code(deployment.address)} creates a stage through `stage_name`, and {code(stage.address)} creates the same stage again.",
                    f"only {code(stage.address)} creates the stage",
                    attribute="stage_name",
                    related=(f"{stage.address}.stage_name",),
                )


RULES = (
    Rule(
        "RG301",
        "apigw-deployment-stage-name",
        "Deprecated `stage_name` on the API Gateway deployment",
        Category.WARNING,
        Severity.LOW,
        deployment_stage_name,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
        fix_class="C",
        impact=(("Operations", "Works with version 5 of the AWS provider; with version 6 the argument no longer exists."),),
        lesson="A deployment is a snapshot of an API; the stage that serves it is a resource of its own.",
    ),
    Rule(
        "RG306",
        "apigw-stage-twice",
        "Deployment and stage resource create the same stage",
        Category.BLOCKER,
        Severity.CRITICAL,
        stage_twice,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_stage",
        stage=Stage.APPLY,
        message="ConflictException: Stage already exists",
        impact=(("Deployment", "The stage resource cannot be created."),),
        lesson="`stage_name` of a deployment creates a stage; a stage resource with that name is a second one.",
        advice="Take `stage_name` out of the deployment.",
    ),
    Rule(
        "RG311",
        "apigw-deployed-to-no-stage",
        "API Gateway deployment without a stage",
        Category.CRITICAL,
        Severity.HIGH,
        deployed_to_no_stage,
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "The API has no address: no client can call it."),),
        lesson="A deployment is a snapshot of an API; clients reach it through a stage.",
        advice="Declare an `aws_api_gateway_stage` for the deployment.",
        cures=("aws_api_gateway_stage",),
    ),
    Rule(
        "RG313",
        "apigw-triggers-of-ids",
        "API Gateway deployment is not made anew when a part is changed in place",
        Category.WARNING,
        Severity.LOW,
        triggers_of_ids,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment",
        tier=2,
        stage=Stage.RUNTIME,
        impact=(("Operations", "Such a change is applied without an error, and the stage goes on serving what it was before."),),
        lesson="A hash of ids changes when parts come and go, and not when they change.",
        advice="Set `triggers` to a hash of methods and integrations as a whole, without `.id`.",
    ),
)
