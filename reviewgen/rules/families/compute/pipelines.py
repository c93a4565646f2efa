"""RG544: pipelines that deploy otherwise than what they deploy to lets them."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code
from .ecs import member

# An action that updates a service by itself: blue/green deployments have the provider `CodeDeployToECS`.
_ROLLING = {"category": "Deploy", "provider": "ECS"}


def rolling_update(graph: Graph) -> Iterator[Hit]:
    """A pipeline that gives a service of ECS a new task definition by itself, where the service leaves that to CodeDeploy."""
    for pipeline in graph.of_type("aws_codepipeline"):
        for action in pipeline.block.nested("stage", "action"):
            if all(graph.constant(action.value(name), pipeline.module) == value for name, value in _ROLLING.items()):
                yield from _refused(graph, pipeline, graph.targets(member(action.value("configuration"), "ServiceName"), pipeline.module))


def _refused(graph: Graph, pipeline: Declaration, services: tuple[Declaration, ...]) -> Iterator[Hit]:
    """Yield the service that an action names, where it is one of the tree that CodeDeploy deploys."""
    for service in services if len(services) == 1 else ():
        if service.type == "aws_ecs_service" and graph.argument(service, "deployment_controller", "type") == "CODE_DEPLOY":
            yield Hit(
                pipeline.address,
                f"{code(pipeline.address)} deploys to {code(service.address)} with the provider `ECS`, which gives the service a new task "
                "definition. The service has the deployment controller `CODE_DEPLOY`: ECS lets only CodeDeploy do that.",
                f"{code(pipeline.address)} does not deploy to {code(service.address)} with the provider `ECS`, or CodeDeploy is not its controller",
                key=service.address,
                related=(f"{service.address}.deployment_controller.type",),
            )


RULES = (
    Rule(
        "RG544",
        "pipeline-updates-codedeploy-service",
        "Pipeline updates an ECS service that only CodeDeploy may deploy",
        Category.CRITICAL,
        Severity.HIGH,
        rolling_update,
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html",
        stage=Stage.RUNTIME,
        message="InvalidParameterException: Unable to update task definition on services with a CODE_DEPLOY deployment controller. "
        "Use AWS CodeDeploy to trigger a new deployment.",
        impact=(("Function", "The deploy action of the pipeline fails: no new version reaches the service."),),
        lesson="The deployment controller of a service decides who deploys it: rolling updates are those of the controller `ECS`.",
        advice="Deploy with the provider `CodeDeployToECS` and a deployment group of CodeDeploy, or give the service the controller `ECS`.",
        cures=("aws_codedeploy_deployment_group",),
    ),
)
