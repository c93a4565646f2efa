"""RG3xx: API Gateway, Lambda, messaging."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Recommendation, Severity, Stage
from reviewgen.terraform import Graph

from ..base import Hit, Rule
from ..places import code


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
        message='The attribute "stage_name" is deprecated. Refer to the provider documentation for details.',
        impact=(("Operations", "Works with version 5 of the AWS provider; with version 6 the argument no longer exists."),),
        lesson="A deployment is a snapshot of an API; the stage that serves it is a resource of its own.",
    ),
)
