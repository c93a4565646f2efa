"""RG301, RG306, RG311: the stages of API Gateway, which a deployment or resources of their own create."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..places import code
from .api import of_api


def deployment_stage_name(graph: Graph) -> Iterator[Hit]:
    """``stage_name`` on a deployment: deprecated in provider 5, gone in 6."""
    for deployment in graph.of_type("aws_api_gateway_deployment"):
        if "stage_name" in deployment.block.attributes:
            yield Hit(
                deployment.address,
                f"{code(deployment.address)} creates its stage through `stage_name`, which the AWS provider has deprecated in "
                "version 5 and removed in version 6.",
                f"{code(deployment.address)} does not set `stage_name`",
                attribute="stage_name",
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


def stage_twice(graph: Graph) -> Iterator[Hit]:
    """A stage that both the deployment and a resource of its own create."""
    for stage in graph.of_type("aws_api_gateway_stage"):
        for deployment in graph.targets(stage.block.value("deployment_id"), stage.module):
            theirs = deployment.block.value("stage_name") if deployment.type == "aws_api_gateway_deployment" else None
            ours = stage.block.value("stage_name")
            known = graph.constant(ours, stage.module)
            equal = ours == theirs or (isinstance(known, str) and known == graph.constant(theirs, deployment.module))
            if theirs is not None and equal:
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
        stage=Stage.VALIDATE,
        message="stage_name is deprecated. Use the aws_api_gateway_stage resource instead.",
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
)
